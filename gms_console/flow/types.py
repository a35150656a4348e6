"""What a Flow is made of, as data; the format is described in docs/flows.md.

All texts are as written: variables are put in when a step is carried out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gms_console.model.form import Form
from gms_console.model.reading import JsonValue
from gms_console.wire.body import BodyKind

FORMAT_VERSION = 1

DEFAULT_EVERY = 1.0
DEFAULT_WITHIN = 60.0
"""Seconds of a poll's interval and limit, where a flow says nothing."""

DEFAULT_TOLERATE = 3

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def is_method(text: str) -> bool:
    """Whether a text can be an HTTP method; any token will do, as sites differ."""
    return _TOKEN.fullmatch(text) is not None


class StepKind(StrEnum):
    """What a step does; the value is the key that it begins with in the file."""

    CREATE = "create"
    REQUEST = "request"
    POLL = "poll"
    FOLLOW = "follow"
    WAIT = "wait"


class Operator(StrEnum):
    """How a value of the answer is judged; the value is the key in the file."""

    EQUALS = "equals"
    IN = "in"
    MATCHES = "matches"
    EXISTS = "exists"
    CONTAINS = "contains"
    LESS_THAN = "less_than"
    GREATER_THAN = "greater_than"


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """What has to hold of the value at `path`, a JMESPath into the JSON answer.

    `operand` is as in the file: a list for IN, a bool for EXISTS, a number or a text that can be
    read as one for LESS_THAN and GREATER_THAN, a regular expression for MATCHES.
    """

    path: str
    operator: Operator
    operand: JsonValue


@dataclass(frozen=True, slots=True)
class HttpCheck:
    """The HTTP status has to be one of these."""

    statuses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TimeCheck:
    """The whole exchange must not take longer, in ms; of a poll, each attempt."""

    max_ms: float


Check = ValueCheck | HttpCheck | TimeCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a Flow. Which fields count depends on `kind`.

    `name`: the service of a CREATE, the request of a REQUEST or POLL, the label of what a FOLLOW
    chooses on the phone; empty for WAIT. `instance`: of a CREATE the name that later steps call
    its instance by (`as`); of the others the name of an earlier one, or an id (`on`); empty is
    the one created last. A row's file is as written, relative to the flow's folder. `seconds` is
    how long a WAIT waits; `every` and `within` are seconds. `until` and `fail_on`: any will do.
    `capture` is a name and a JMESPath for each variable. `keep_going`: its failure does not end
    the run; `always`: a clean-up step that runs anyway. `note` is a caption for people.
    """

    kind: StepKind
    name: str = ""
    instance: str = ""
    method: str = "POST"
    encoding: BodyKind = BodyKind.AUTO
    form: Form = field(default_factory=Form)
    every: float = DEFAULT_EVERY
    until: tuple[ValueCheck, ...] = ()
    fail_on: tuple[ValueCheck, ...] = ()
    within: float = DEFAULT_WITHIN
    tolerate: int = DEFAULT_TOLERATE
    seconds: float = 0.0
    expect: tuple[Check, ...] = ()
    capture: tuple[tuple[str, str], ...] = ()
    keep_going: bool = False
    always: bool = False
    note: str = ""

    @property
    def title(self) -> str:
        """A short name for lists, such as `create request-interaction` or `poll status`."""
        if self.kind is StepKind.WAIT:
            return f"wait {self.seconds:g} s"
        return f"{self.kind.value} {self.name}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Saved steps. `env` names the Environment it is for, `vars` are its own variables.

    `file` is where it was read from; None for one that was never saved.
    """

    name: str = ""
    env: str = ""
    vars: tuple[tuple[str, str], ...] = ()
    steps: tuple[Step, ...] = ()
    file: Path | None = None

    @property
    def folder(self) -> Path:
        """What relative file paths are relative to."""
        return self.file.parent if self.file is not None else Path()

    @property
    def title(self) -> str:
        """What a person calls it: its name, else that of its file."""
        return self.name or (self.file.stem if self.file is not None else "untitled flow")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowMistake:
    """What is wrong in a flow file, and where; `line` and `column` count from 1."""

    line: int
    column: int
    found: str
    expected: str

    def __str__(self) -> str:
        found = f"found {self.found}, " if self.found else ""
        return f"{self.line}:{self.column}: {found}expected {self.expected}"


class FlowError(ValueError):
    """A flow file that is refused whole; its text has a line for each mistake."""

    def __init__(self, source: str, mistakes: tuple[FlowMistake, ...]) -> None:
        self.source = source
        self.mistakes = mistakes
        super().__init__("\n".join(f"{source}:{mistake}" for mistake in mistakes))
