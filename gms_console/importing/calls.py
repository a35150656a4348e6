"""What the readers of all formats give: requests in order, and what had to be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gms_console.flow.types import Check, ValueCheck
from gms_console.model.form import Form
from gms_console.model.reading import JsonValue
from gms_console.shell_text import in_comment
from gms_console.wire.body import BodyKind

_MOST_LINES = 8
"""Lines that a sentence names; more are counted."""


@dataclass(frozen=True, slots=True)
class PollRule:
    """How a request is repeated, as a Step has it; times in seconds."""

    every: float
    within: float
    tolerate: int
    until: tuple[ValueCheck, ...]
    fail_on: tuple[ValueCheck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it was found; its texts hold variables as marks.

    `where` is its place for messages, such as `line 3`. `form` is what the body carried and
    `kind` how; the rows of `query` are those of the address where the format lists them, else
    None, and the URL tells. `answer` is the JSON that came back, where the format has answers;
    `started` in seconds since whenever. `capture` is as a Step has it, `id_name` the variable that
    the id of a created instance is kept in. `poll` says how a request is repeated, if it is.
    """

    where: str
    url: str
    method: str = "POST"
    form: Form = field(default_factory=Form)
    kind: BodyKind = BodyKind.NONE
    query: Form | None = None
    headers: tuple[tuple[str, str], ...] = ()
    answer: JsonValue = None
    started: float | None = None
    note: str = ""
    expect: tuple[Check, ...] = ()
    capture: tuple[tuple[str, str], ...] = ()
    id_name: str = ""
    poll: PollRule | None = None
    keep_going: bool = False
    always: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that was waited, in seconds."""

    seconds: float


class Notes:
    """Sentences on what could not be carried over, each once, in the order they came up."""

    def __init__(self) -> None:
        self._texts: dict[str, list[int]] = {}

    def add(self, text: str, line: int = 0) -> None:
        """Add a sentence; one that holds of several lines names them all."""
        # What a file says must not steer the terminal of the person who reads it.
        lines = self._texts.setdefault(in_comment(text), [])
        if line and line not in lines:
            lines.append(line)

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(_placed(text, lines) for text, lines in self._texts.items())


def _placed(text: str, lines: list[int]) -> str:
    if not lines:
        return text
    numbers = [str(line) for line in lines[:_MOST_LINES]]
    more = f" and {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else ""
    return f"{'line' if len(lines) == 1 else 'lines'} {', '.join(numbers)}{more}: {text}"


@dataclass(slots=True)
class Reading:
    """What a reader found. `sums_up`: requests to other places are counted, not listed."""

    calls: list[Call | Pause] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    variables: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    sums_up: bool = False
