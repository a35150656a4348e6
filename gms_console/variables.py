"""Variables `{{name}}` in what a person types: where values come from, and putting them in.

A face expands what was typed before it prepares a request; nothing below knows of variables.
`{{{{` is a literal `{{`, and a `{{` that nothing closes stays as it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gms_console.model.environment import Environment
from gms_console.model.form import Form, Row
from gms_console.model.stop_rule import StopRule
from gms_console.wire.refusal import FormRefusedError, RowProblem

BUILT_IN = ("$uuid", "$now", "$counter", "$env:NAME")
"""What is known everywhere. `$now` takes an offset, as in `$now+15m` or `$now-2d`."""

LITERAL_HINT = "A literal {{ is written {{{{."

LONGEST = 10_000_000
"""Characters that variables may put into one text; values that hold others grow fast."""

DEEPEST = 50
"""How many variables may hold one another; the depth of the stack bounds it."""

_PLACE = re.compile(r"\{\{\{\{|\{\{([^{}\r\n]*)\}\}")
_NOW = re.compile(r"\$now(?:\s*([+-])\s*(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h|d))?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_ENV = "$env:"

_NEAR = 0.65
"""How alike, of 1, a name is to one that may have been meant."""


class VariableError(ValueError):
    """A text whose variables cannot be put in; the message says which and why."""


class UnknownVariableError(VariableError):
    """Names that no layer has; `names` are they, each once, in the order of the text."""

    def __init__(self, names: tuple[str, ...], message: str) -> None:
        self.names = names
        super().__init__(message)


class VariableCycleError(VariableError):
    """A variable that holds itself; `names` is the way round, its first name again at the end."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        way = " holds ".join(_written(name) for name in names)
        super().__init__(f"{_written(names[0])} holds itself: {way}")


@dataclass(frozen=True, slots=True)
class Moment:
    """What is the same all through one request: its time, its UUID and its number."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    counter: int = 1
    seed: bytes = field(default_factory=lambda: os.urandom(16), repr=False)

    @property
    def uuid(self) -> str:
        """A random UUID (version 4)."""
        from uuid import UUID  # noqa: PLC0415 - few texts want one

        return str(UUID(bytes=self.seed, version=4))

    def following(self) -> Moment:
        """Give the moment of the next request."""
        return Moment(counter=self.counter + 1)

    def at(self, now: datetime) -> Moment:
        """Give the same request at another time."""
        return replace(self, now=now)


def name_problem(name: str) -> str:
    """Say why a text cannot name a variable; empty when it can."""
    if not name.strip():
        return "Type a name, such as id."
    if name != name.strip():
        return "A name has no blanks around it."
    if name.startswith("$"):
        return "A name with $ before it is one of those built in."
    if re.search(r"[{}\r\n]", name):
        return "A name has no { or } in it."
    return ""


class Captures(dict[str, str]):
    """Values taken from answers. They are put in as they are.

    An answer must not be able to read a variable, such as `{{$env:NAME}}`, by naming it.
    """


class Scope:
    """Where names are looked up: the layers in order, the first that has a name wins.

    The order of the flow format: captures, `--var`, the data row, the flow's `vars`, the
    Environment. `title` is what messages call it, such as the name of the Environment; `advice`
    says how an unknown name gets a value.
    """

    def __init__(
        self,
        *layers: Mapping[str, str],
        moment: Moment | None = None,
        title: str = "",
        advice: str = "",
    ) -> None:
        self.advice = advice
        self._layers = layers
        self.moment = moment or Moment()
        self.title = title

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the layers, sorted; those built in are not among them."""
        return tuple(sorted({name for layer in self._layers for name in layer}))

    def find(self, name: str) -> tuple[str, bool] | None:
        """Give the value of a name, and whether it may hold variables itself; None without one.

        Raises VariableError for a time that no calendar has.
        """
        if name.startswith("$"):
            value = self._built_in(name)
            return None if value is None else (value, False)
        for layer in self._layers:
            if name in layer:
                return layer[name], not isinstance(layer, Captures)
        return None

    def _built_in(self, name: str) -> str | None:
        if name == "$uuid":
            return self.moment.uuid
        if name == "$counter":
            return str(self.moment.counter)
        if name.startswith(_ENV):
            return os.environ.get(name.removeprefix(_ENV).strip())
        match = _NOW.fullmatch(name)
        return None if match is None else _time(self.moment.now, match)


def scope_of(environment: Environment, moment: Moment | None = None) -> Scope:
    """Give the scope of an Environment alone."""
    title = environment.name or environment.base_url
    return Scope(dict(environment.variables), moment=moment, title=title)


def expand(text: str, scope: Scope) -> str:
    """Put the values of the variables into a text. Only `{{` counts, `$` alone does not.

    Raises UnknownVariableError with all names that are not known, VariableCycleError, and
    VariableError for what would grow beyond LONGEST or goes deeper than DEEPEST.
    """
    return _Expansion(scope).expand(text) if "{{" in text else text


def escape(text: str) -> str:
    """Write a text so that `expand` gives it back as it is."""
    return text.replace("{{", "{{{{")


def names_in(text: str) -> tuple[str, ...]:
    """Name the variables in a text, each once, in its order."""
    found = (match[1] for match in _PLACE.finditer(text) if match[1] is not None)
    return tuple(dict.fromkeys(name.strip() for name in found))


def expand_form(form: Form, scope: Scope) -> Form:
    """Put the variables into the rows that will be sent; those switched off are not touched.

    Raises FormRefusedError with a problem for each row whose variables cannot be put in.
    """
    expanded, problems = expand_rows(form, scope)
    if problems:
        raise FormRefusedError(problems)
    return expanded


def expand_rows(form: Form, scope: Scope) -> tuple[Form, tuple[RowProblem, ...]]:
    """Expand each row that can be; give the problems of the others, which stay as typed."""
    problems: list[RowProblem] = []
    for index, row in form.enabled():
        changed, mistakes = _expand_row(row, scope)
        if mistakes:
            problems.append(RowProblem(index, row.key, "; ".join(mistakes)))
        elif changed is not row:
            form = form.changed(index, changed)
    return form, tuple(problems)


def expand_rule(rule: StopRule, scope: Scope) -> StopRule:
    """Put the variables into the values of a stop rule. Raises VariableError."""
    return replace(rule, values=tuple(expand(value, scope) for value in rule.values))


def _expand_row(row: Row, scope: Scope) -> tuple[Row, list[str]]:
    texts = {"key": row.key, "content_type": row.content_type, "filename": row.filename}
    # Of a file's row the value is not sent.
    texts |= {"file": str(row.file)} if row.file is not None else {"value": row.value}
    changes: dict[str, str | Path] = {}
    mistakes: dict[str, None] = {}
    for name, text in texts.items():
        if text is None or "{{" not in text:
            continue
        try:
            value = expand(text, scope)
        except VariableError as error:
            mistakes[str(error)] = None
        else:
            changes[name] = Path(value) if name == "file" else value
    # `replace` takes each field by its own type; the file's is made above.
    return (replace(row, **changes) if changes else row), list(mistakes)  # type: ignore[arg-type]


class _Expansion:
    """One text being expanded; the value of each name is made once."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._values: dict[str, str] = {}
        self._open: list[str] = []
        self._unknown: dict[str, str] = {}
        self._size = 0

    def expand(self, text: str) -> str:
        expanded = self._put_in(text)
        if self._unknown:
            names = tuple(self._unknown)
            raise UnknownVariableError(names, _unknown(self._unknown, self._scope))
        return expanded

    def _put_in(self, text: str) -> str:
        return _PLACE.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        if match[1] is None:
            return "{{"
        value = self._value(match[1].strip())
        self._size += len(value)
        if self._size > LONGEST:
            raise VariableError(f"the variables would put in more than {LONGEST:,} characters")
        return value

    def _value(self, name: str) -> str:
        if name in self._values:
            return self._values[name]
        if name in self._open:
            raise VariableCycleError((*self._open[self._open.index(name) :], name))
        found = self._scope.find(name)
        if found is None:
            self._unknown.setdefault(name, self._open[-1] if self._open else "")
            return ""
        value, may_hold_others = found
        if may_hold_others and "{{" in value:
            if len(self._open) == DEEPEST:
                outer = _written(self._open[0])
                raise VariableError(f"{outer} holds variables more than {DEEPEST} deep")
            self._open.append(name)
            value = self._put_in(value)
            self._open.pop()
        self._values[name] = value
        return value


def _time(now: datetime, match: re.Match[str]) -> str:
    sign, number, unit = match.groups()
    try:
        offset = timedelta(seconds=float(number) * _UNITS[unit]) if number else timedelta()
        time = now - offset if sign == "-" else now + offset
    except OverflowError:
        raise VariableError(f"{_written(match[0])} is beyond the calendar") from None
    return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _unknown(names: Mapping[str, str], scope: Scope) -> str:
    """Say which names are not known, in which variable they stand, and what there is."""
    own = {name: within for name, within in names.items() if name and not name.startswith("$")}
    parts = []
    if own:
        one = len(own) == 1
        known = ", ".join(scope.names)
        parts.append(
            f"{_listed(own)} {'is not a variable' if one else 'are not variables'}"
            f"{f' of {scope.title}' if scope.title else ''}{_meant(own, scope.names)}; "
            f"{f'it has: {known}' if known else 'it has none'}"
            f"{f'; {scope.advice}' if scope.advice else ''}"
        )
    for name, within in names.items():
        written = _listed({name: within})
        if not name:
            parts.append(f"{written} names no variable")
        elif name.startswith(_ENV):
            parts.append(f"{written}: {name.removeprefix(_ENV) or 'the name'} is not set here")
        elif name.startswith("$"):
            parts.append(f"{written} is not built in; there are: {', '.join(BUILT_IN)}")
    return "; ".join(parts)


def _meant(names: Iterable[str], known: tuple[str, ...]) -> str:
    """Ask whether names that are like the unknown ones were meant; empty where none are."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake wants it

    near = {one: None for name in names for one in get_close_matches(name, known, 1, _NEAR)}
    return f" (did you mean {_and(near)}?)" if near else ""


def _listed(names: Mapping[str, str]) -> str:
    written = [
        f"{_written(name)} (in {_written(within)})" if within else _written(name)
        for name, within in names.items()
    ]
    return _and(written)


def _and(texts: Iterable[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last


def _written(name: str) -> str:
    return f"{{{{{name}}}}}"
