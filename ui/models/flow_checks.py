"""The checks of a step as a table: path, operator, value."""

from __future__ import annotations

import json
from dataclasses import replace

from PySide6.QtCore import QObject

from gms_console.flow.types import Check, HttpCheck, Operator, TimeCheck, ValueCheck
from gms_console.model.reading import JsonValue

from .flow_rows import PATH_HEAD, PROBLEM_HEAD, FlowRows

PATH, OPERATOR, VALUE = range(3)

HTTP_WORDS, TIME_WORDS = "HTTP status", "takes at most"

OPERATOR_WORDS: dict[Operator, str] = {
    Operator.EQUALS: "equals",
    Operator.IN: "is one of",
    Operator.MATCHES: "matches",
    Operator.EXISTS: "exists",
    Operator.CONTAINS: "contains",
    Operator.LESS_THAN: "is less than",
    Operator.GREATER_THAN: "is greater than",
}
_OPERATORS = {words: one for one, words in OPERATOR_WORDS.items()}

_SPECIAL_PATHS = {HTTP_WORDS: "(answer)", TIME_WORDS: "(whole exchange)"}
_LOWEST, _HIGHEST = 100, 599


class CheckModel(FlowRows[Check]):
    """Checks that a step expects, or, of values alone, when a poll is done or has failed."""

    heads = (PATH_HEAD, "Has to be", "Value", PROBLEM_HEAD)

    def __init__(self, parent: QObject | None = None, *, values_only: bool = False) -> None:
        super().__init__(parent)
        self.values_only = values_only

    @property
    def choices(self) -> tuple[str, ...]:
        """The operators that can be chosen, as words."""
        words = tuple(OPERATOR_WORDS.values())
        return words if self.values_only else (*words, HTTP_WORDS, TIME_WORDS)

    def fresh(self) -> Check:
        """Begin with the HTTP status, then with no path; a poll with what it waits for."""
        if any(isinstance(one, HttpCheck) for one in self.rows):
            return ValueCheck("", Operator.EQUALS, "")
        return ValueCheck("status", Operator.EQUALS, "") if self.values_only else HttpCheck((200,))

    def fixed(self, row: Check, column: int) -> bool:
        """Only a value has a path."""
        return column == PATH and not isinstance(row, ValueCheck)

    def text(self, row: Check, column: int) -> str:
        """Give what a cell shows."""
        if column == OPERATOR:
            return operator_words(row)
        if isinstance(row, ValueCheck):
            return row.path if column == PATH else operand_text(row)
        if column == PATH:
            return _SPECIAL_PATHS[operator_words(row)]
        if isinstance(row, HttpCheck):
            return ", ".join(str(one) for one in row.statuses)
        return f"{row.max_ms:g} ms"

    def changed(self, row: Check, column: int, text: str) -> Check:
        """Give the check with another path, operator or value. Raises ValueError."""
        if column == OPERATOR:
            return with_operator(row, text)
        if isinstance(row, HttpCheck):
            return HttpCheck(statuses_of(text))
        if isinstance(row, TimeCheck):
            return TimeCheck(milliseconds_of(text))
        if column == PATH:
            return replace(row, path=text.strip())
        return replace(row, operand=operand_of(row, text))


def operator_words(check: Check) -> str:
    """Say what a check asks."""
    if isinstance(check, ValueCheck):
        return OPERATOR_WORDS[check.operator]
    return HTTP_WORDS if isinstance(check, HttpCheck) else TIME_WORDS


def with_operator(check: Check, words: str) -> Check:
    """Give a check with another operator, its value kept where it still makes sense."""
    if words == operator_words(check):
        return check
    if words == HTTP_WORDS:
        return HttpCheck((200,))
    if words == TIME_WORDS:
        return TimeCheck(1000.0)
    operator = _OPERATORS.get(words)
    if operator is None:
        raise ValueError(f"{words!r} is no operator")
    path, before = ("status", "") if not isinstance(check, ValueCheck) else (check.path, "")
    if isinstance(check, ValueCheck) and check.operator is not Operator.EXISTS:
        before = operand_text(check)
    if operator is Operator.EXISTS:
        return ValueCheck(path, operator, True)
    made = ValueCheck(path, operator, "")
    return replace(made, operand=operand_of(made, before))


def operand_text(check: ValueCheck) -> str:
    """Give the operand of a check as a person types it."""
    operand = check.operand
    if isinstance(operand, list) and check.operator is Operator.IN:
        plain = [_scalar_text(one) for one in operand]
        if all(isinstance(one, str | int | float | bool) for one in operand) and all(
            one and one == one.strip() and "," not in one for one in plain
        ):
            joined = ", ".join(plain)
            return joined if not joined.startswith("[") else json.dumps(operand)
    if isinstance(operand, str) and not operand.startswith(("[", "{")):
        return operand
    if isinstance(operand, list | dict | str):
        return json.dumps(operand, ensure_ascii=False) if not _is_plain(operand) else str(operand)
    return _scalar_text(operand)


def _is_plain(operand: JsonValue) -> bool:
    """Whether a text that begins like JSON is none, such as `{{phone}}`."""
    return isinstance(operand, str) and _as_json(operand) is None


def _scalar_text(value: JsonValue) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _as_json(text: str) -> JsonValue:
    """Read a list or an object; None for what is neither."""
    try:
        found: JsonValue = json.loads(text)
    except ValueError:
        return None
    return found


def operand_of(check: ValueCheck, text: str) -> JsonValue:
    """Read what was typed as the operand of a check. Raises ValueError with the reason."""
    stripped = text.strip()
    match check.operator:
        case Operator.EXISTS:
            if stripped.lower() not in {"true", "false"}:
                raise ValueError("Whether a value exists is true or false.")
            return stripped.lower() == "true"
        case Operator.IN:
            return _list_of(stripped)
        case Operator.MATCHES:
            return text
        case Operator.LESS_THAN | Operator.GREATER_THAN:
            number = _number(stripped)
            return stripped if number is None else number
        case _:
            return _same_kind(check.operand, text)


def _list_of(text: str) -> JsonValue:
    if text.startswith("["):
        found = _as_json(text)
        if isinstance(found, list):
            return found
    return [one.strip() for one in text.split(",") if one.strip()]


def _same_kind(before: JsonValue, text: str) -> JsonValue:
    """Keep a number a number and a structure a structure; what is typed is a text otherwise."""
    stripped = text.strip()
    found = _as_json(stripped)
    if isinstance(found, list | dict):
        return found
    if isinstance(found, str) and stripped.startswith('"') and isinstance(before, str):
        # A text that would read as a structure is shown in quotes.
        return found if _as_json(found) is not None else text
    if found is not None and type(found) is type(before):
        return found
    return text


def _number(text: str) -> int | float | None:
    try:
        return int(text)
    except ValueError:
        try:
            found = float(text)
        except ValueError:
            return None
    return found if found == found and abs(found) != float("inf") else None  # noqa: PLR0124 - NaN


def statuses_of(text: str) -> tuple[int, ...]:
    """Read HTTP statuses, such as `200, 204`. Raises ValueError with the reason."""
    parts = [one for one in text.replace(",", " ").split() if one]
    if not parts or not all(one.isascii() and one.isdigit() for one in parts):
        raise ValueError(f"HTTP statuses are numbers, such as 200, 204; found {text!r}.")
    found = tuple(dict.fromkeys(int(one) for one in parts))
    wrong = [one for one in found if not _LOWEST <= one <= _HIGHEST]
    if wrong:
        raise ValueError(f"HTTP statuses are from {_LOWEST} to {_HIGHEST}; found {wrong[0]}.")
    return found


def milliseconds_of(text: str) -> float:
    """Read a time, in ms unless it says s. Raises ValueError with the reason."""
    typed = text.strip().lower()
    unit, factor = ("ms", 1.0) if typed.endswith("ms") or not typed.endswith("s") else ("s", 1000.0)
    number = _number(typed.removesuffix(unit).strip())
    if number is None or number <= 0:
        raise ValueError(f"A time is longer than 0, such as 1500 ms; found {text!r}.")
    return float(number) * factor
