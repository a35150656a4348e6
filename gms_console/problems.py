"""What a Problem probably means, where to look and what to try: a table that an admin extends.

The console's own table is `assets/problems.yaml`. A `problems.yaml` in the configuration folder
has the same format and is read before it; docs/problems.md tells how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gms_console.model.exchange import Exchange
from gms_console.model.problem import Problem
from gms_console.model.reading import body_text

FILE_NAME = "problems.yaml"
"""The name of an admin's own table in the configuration folder."""

_MOST_BODY = 100_000
_PARTS = frozenset({"exception", "said", "phrase", "body"})
_WILDCARDS = frozenset({"service", "request"})


@dataclass(frozen=True, slots=True)
class Explanation:
    """A Problem in plain words: what it probably means, where to look, and what to try.

    `look` names options of GMS and lines of its log; it is empty where there is no such place.
    """

    means: str
    look: str
    advice: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a table: it explains the problems that fit all of `match`."""

    match: Mapping[str, Any]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class ProblemTable:
    """The entries of an admin, which come before the console's own."""

    own: tuple[Entry, ...] = ()


def explain(problem: Problem, exchange: Exchange, table: ProblemTable | None = None) -> Explanation:
    """Look the problem up in an admin's table, if there is one, and then in the console's own.

    The first entry that fits is used; the last one of the console's own fits all.
    """
    facts = _facts(problem, exchange)
    own = table.own if table is not None else ()
    return _look_up(own, facts) or _look_up(_builtin(), facts) or Explanation("", "", "")


def load_problems(folder: Path | None) -> tuple[ProblemTable, tuple[str, ...]]:
    """Read an admin's table from a configuration folder; a missing one has no entries.

    Entries that cannot be used are left out, and told in sentences that name file, line and
    field; the others are used. Reading takes a tenth of a second, the console's own table
    included, so a window calls this in a thread before there is a problem to explain.
    """
    _builtin()
    file = folder / FILE_NAME if folder is not None else None
    if file is None or not file.exists():
        return ProblemTable(), ()
    from gms_console.problems_file import read_problems  # noqa: PLC0415 - loads a YAML reader

    entries, errors = read_problems(file)
    return ProblemTable(entries), errors


@lru_cache(maxsize=1)
def _builtin() -> tuple[Entry, ...]:
    from gms_console.problems_file import read_problems  # noqa: PLC0415 - loads a YAML reader

    entries, _ = read_problems(files("gms_console.assets") / FILE_NAME)
    return entries


def _look_up(entries: tuple[Entry, ...], facts: Mapping[str, Any]) -> Explanation | None:
    for entry in entries:
        if all(_fits(name, wanted, facts[name]) for name, wanted in entry.match.items()):
            return entry.explanation
    return None


def _facts(problem: Problem, exchange: Exchange) -> dict[str, Any]:
    operation, response = exchange.operation, exchange.response
    if response is not None:
        response = replace(response, body=response.body[:_MOST_BODY])
    return {
        "kind": problem.kind.value,
        "failure": problem.failure.value if problem.failure is not None else None,
        "status": problem.status,
        "exception": problem.exception,
        "said": problem.said,
        "phrase": problem.phrase,
        "code": problem.code,
        "body": body_text(response) if response is not None else None,
        "slots": bool(problem.slots),
        "operation": operation.kind.value,
        "service": operation.service,
        "request": operation.request,
    }


def _fits(name: str, wanted: Any, found: Any) -> bool:  # noqa: ANN401 - values of the table
    if isinstance(wanted, list):
        return any(_fits(name, one, found) for one in wanted)
    if name in _PARTS:
        return found is not None and str(wanted).lower() in found.lower()
    if name in _WILDCARDS:
        return fnmatchcase(found, str(wanted))
    return found == str(wanted) if name == "code" else bool(found == wanted)
