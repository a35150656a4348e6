"""The stop rule of a Poll: a field of the answer that has one of several values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

DEFAULT_PATH = "status"
"""The field of a status answer that holds the state (reference page)."""

LONGEST_VALUE = 1000
"""Characters of a value that a rule is made for; a state is a word."""

_BRACKETS = {"(": ")", "[": "]", "{": "}"}


class StopRuleError(ValueError):
    """A stop rule that cannot be read; the text says what was found and expected."""


class StopCheck(Protocol):
    """What a Poll asks of each answer, to know whether to go on.

    `str` gives it as text, as it is noted in the history.
    """

    def holds(self, data: Any) -> bool:  # noqa: ANN401 - whatever JSON the answer was
        """Whether the answer's data is what is waited for."""

    def value(self, data: Any) -> str | None:  # noqa: ANN401 - whatever JSON the answer was
        """Give what it looks at as text, for the timeline; None where there is nothing."""

    @property
    def path(self) -> str:
        """Where it looks, as a JMESPath."""

    def finds(self, data: Any) -> bool:  # noqa: ANN401 - whatever JSON the answer was
        """Whether anything stands there."""


@dataclass(frozen=True, slots=True)
class StopRule:
    """Holds when the value at `path` (JMESPath into the JSON answer) is one of `values`.

    Values are compared as text, since GMS sends strings and numbers alike.
    """

    path: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        _compiled(self.path)

    @classmethod
    def parse(cls, text: str, *, split_values: bool = True) -> StopRule:
        """Read `PATH=VALUE[,VALUE...]`, or only values, which then belong to `status`.

        With `split_values` off, as on the command line, all after `=` is one value.
        Raises StopRuleError.
        """
        path, value = _partition(text.strip())
        path = path if path is not None else DEFAULT_PATH
        parts = value.split(",") if split_values else [value]
        values = tuple(part.strip() for part in parts if part.strip())
        if not path or not values or value.startswith("="):
            raise StopRuleError(f"found {text!r}, expected PATH=VALUE such as status=agent-ready")
        return cls(path, values)

    @classmethod
    def for_value(cls, path: str, value: str) -> StopRule:
        """Make the rule that waits for one value, and can be written as it is read by `parse`.

        Raises StopRuleError where no text says that: a comma would part the value in two, and
        blanks around it would go.
        """
        if not path:
            raise StopRuleError("no path leads to it alone")
        reason = _unwritable(value)
        if reason:
            raise StopRuleError(reason)
        rule = cls(path, (value,))
        if cls.parse(str(rule)) != rule:
            raise StopRuleError("the rule would be read otherwise than it was meant")
        return rule

    def holds(self, data: Any) -> bool:  # noqa: ANN401 - whatever JSON the answer was
        """Whether the answer's data fulfils the rule."""
        return self.value(data) in self.values

    def value(self, data: Any) -> str | None:  # noqa: ANN401 - whatever JSON the answer was
        """Give the value at `path` as text, or None where there is none.

        An array of one object, as a query by id answers, is looked into as that object too.
        """
        if data is None:
            return None
        value = _as_text(find(self.path, data))
        if value is None and isinstance(data, list) and len(data) == 1:
            return _as_text(find(self.path, data[0]))
        return value

    def finds(self, data: Any) -> bool:  # noqa: ANN401 - whatever JSON the answer was
        """Whether anything stands at `path`, be it no text."""
        if data is None:
            return False
        alone = data[0] if isinstance(data, list) and len(data) == 1 else None
        return find(self.path, data) is not None or find(self.path, alone) is not None

    def __str__(self) -> str:
        return f"{self.path}={','.join(self.values)}"


def find(path: str, data: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Give what stands at a JMESPath, or None; raises StopRuleError for a wrong path."""
    import jmespath.exceptions  # noqa: PLC0415 - only polls need it, and it costs start-up time

    try:
        return _compiled(path).search(data)
    except jmespath.exceptions.JMESPathError:
        return None


@lru_cache(maxsize=256)
def _compiled(path: str) -> Any:  # noqa: ANN401 - the library's parsed expression is untyped
    import jmespath  # noqa: PLC0415
    import jmespath.exceptions  # noqa: PLC0415

    try:
        return jmespath.compile(path)
    except jmespath.exceptions.JMESPathError as error:
        reason = str(error).splitlines()[0]
        raise StopRuleError(f"{path!r} is not a JMESPath: {reason}") from None


def _as_text(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _unwritable(value: str) -> str:
    """Say why a value cannot stand in the text of a rule; empty when it can."""
    if not value:
        return "it is empty"
    if "," in value:
        return "a comma in it would part it in two"
    if value.startswith("="):
        return "the = that it begins with would be taken for a mistake"
    if value != value.strip():
        return "the blanks around it would be lost"
    if not value.isprintable():
        return "it has a line end or another character that no field takes"
    if len(value) > LONGEST_VALUE:
        return f"it is longer than {LONGEST_VALUE:,} characters"
    return ""


def _partition(text: str) -> tuple[str | None, str]:
    """Split at the first `=` outside brackets and quotes, since a JMESPath may hold one."""
    closers: list[str] = []
    quote = ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'`":
            quote = character
        elif character in _BRACKETS:
            closers.append(_BRACKETS[character])
        elif closers and character == closers[-1]:
            closers.pop()
        elif character == "=" and not closers:
            return text[:place].strip(), text[place + 1 :].strip()
    if (closers or quote) and "=" in text:
        open_one = quote or closers[-1]
        raise StopRuleError(f"found {text!r}, expected {open_one} to close what was opened")
    return None, text
