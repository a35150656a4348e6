"""Reads a table of problems, and says by file, line and field what is wrong in one."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

from gms_console.model.exchange import FailureKind, OperationKind
from gms_console.model.problem import ProblemKind
from gms_console.problems import Entry, Explanation

_Path = tuple[str | int, ...]
_Faults = list[tuple[_Path, str]]

_TEXTS = ("means", "look", "try")
_NAMES = {
    "kind": frozenset(kind.value for kind in ProblemKind),
    "failure": frozenset(kind.value for kind in FailureKind),
    "operation": frozenset(kind.value for kind in OperationKind),
}
_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "status": ((int,), "a number"),
    "code": ((int, str), "a number or a text"),
    "slots": ((bool,), "true or false"),
}
_MATCHES = frozenset(
    {*_NAMES, *_TYPES, "exception", "said", "phrase", "body", "service", "request"}
)


class _UnreadableError(Exception):
    """A file that is no YAML text; the text says where."""


def read_problems(file: Traversable) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Give the entries of a table that can be used, and what is wrong with the others."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        data = _parsed(text)
    except OSError as error:
        return (), (f"{file}: {error.strerror or error}",)
    except UnicodeDecodeError as error:
        return (), (f"{file}: not UTF-8 at byte {error.start}",)
    except _UnreadableError as error:
        return (), (f"{file}{error}",)
    faults: _Faults = []
    entries = tuple(_entries(data, faults))
    lines = _with_lines(text) if faults else None
    told = (f"{file}, line {_line(lines, path)}{_field(path)}: {why}" for path, why in faults)
    return entries, tuple(told)


def _parsed(text: str) -> Any:  # noqa: ANN401 - a YAML tree
    from ruamel.yaml import YAML  # noqa: PLC0415 - costs start-up time where nothing goes wrong
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        # ruamel adds advice for its own callers below the first line.
        reason = (error.problem or "cannot be read").partition("\n")[0]
        raise _UnreadableError(f", line {line}: {reason}") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _UnreadableError(f", line {line}: {error.reason}") from None
    except RecursionError:
        raise _UnreadableError(": nested too deeply") from None
    except ValueError as error:
        # A number or a date that has the right shape and no value, such as 2026-13-45.
        raise _UnreadableError(f": {error}") from None


def _with_lines(text: str) -> Any:  # noqa: ANN401 - a YAML tree
    """Read once more with lines, which is too slow to do where nothing is wrong."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    return YAML(typ="rt", pure=True).load(text)


def _entries(data: Any, faults: _Faults) -> Iterator[Entry]:  # noqa: ANN401 - a YAML tree
    if not isinstance(data, dict) or not isinstance(data.get("problems"), list):
        faults.append(((), "the file needs a list named problems"))
        return
    faults += [
        ((key,), "not known; the file has problems only") for key in data if key != "problems"
    ]
    for place, entry in enumerate(data["problems"]):
        found: _Faults = list(_entry_faults(entry))
        faults += [(("problems", place, *path), why) for path, why in found]
        if not found:
            texts = (str(entry.get(name) or "").strip() for name in _TEXTS)
            yield Entry(entry.get("match") or {}, Explanation(*texts))


def _entry_faults(entry: Any) -> Iterator[tuple[_Path, str]]:  # noqa: ANN401 - a YAML tree
    if not isinstance(entry, dict):
        yield (), "an entry has match, means, look and try"
        return
    for key in entry:
        if key not in {"match", *_TEXTS}:
            yield (key,), "not known; an entry has match, means, look and try"
    for name in _TEXTS:
        value = entry.get(name)
        if value is not None and not isinstance(value, str):
            yield (name,), "must be a text; put it between quotes"
    if entry.get("means") is None or entry["means"] == "":
        yield (("means",) if "means" in entry else ()), "means is missing: what it probably means"
    match = entry.get("match")
    if not isinstance(match, dict):
        yield (("match",) if "match" in entry else ()), "match is missing: what must fit"
        return
    for name, wanted in match.items():
        why = _match_fault(name, wanted)
        if why:
            yield ("match", name), why


def _match_fault(name: Any, wanted: Any) -> str:  # noqa: ANN401 - a YAML tree
    if name not in _MATCHES:
        return f"not known; known are {', '.join(sorted(_MATCHES))}"
    for one in wanted if isinstance(wanted, list) else [wanted]:
        if name in _NAMES:
            if not isinstance(one, str) or one not in _NAMES[name]:
                return f"{one!r} is none of {', '.join(sorted(_NAMES[name]))}"
            continue
        types, what = _TYPES.get(name, ((str,), "a text; put it between quotes"))
        if not isinstance(one, types) or (isinstance(one, bool) and bool not in types):
            return f"{one!r} must be {what}"
        if one == "":
            return "empty text fits everything; leave it out"
    return "the list is empty, so nothing fits" if wanted == [] else ""


def _field(path: _Path) -> str:
    return f", {'.'.join(str(step) for step in path)}" if path else ""


def _line(data: Any, path: _Path) -> int:  # noqa: ANN401 - a YAML tree
    """Find the line (from 1) of the innermost node on `path` that exists."""
    line = 1
    for step in path:
        marks = getattr(data, "lc", None)
        if marks is None:
            break
        position = (marks.data or {}).get(step)
        line = (position[0] if position is not None else marks.line) + 1
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
    return int(line)
