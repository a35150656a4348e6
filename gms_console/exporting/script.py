"""A Flow made ready to be written in any language: names resolved, what is missing listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gms_console.exporting.texts import Ref, Text
from gms_console.flow.types import HttpCheck, Operator, StepKind, TimeCheck
from gms_console.model.environment import Environment
from gms_console.wire.body import BodyKind

_OF_STEP = re.compile(r"Step (\d+)\b")
_ERROR_FIELD = re.compile(r'"?(error|exception|message|phrase|code)\b')

Operand = Text | bool | int | float | None | list["Operand"] | dict[str, "Operand"]
"""What a check compares with; a tuple is a text with places."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of a value of the answer, its operand with places."""

    path: str
    operator: Operator
    operand: Operand


ScriptCheck = Rule | HttpCheck | TimeCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptRow:
    """A row; `file` is its path, relative to the flow's folder unless it is absolute."""

    key: Text
    value: Text = ()
    file: Text | None = None
    content_type: Text | None = None
    filename: Text | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a request proves itself with: a bearer token where `user` is None."""

    user: str | None
    secret: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptStep:
    """A step; `number` counts from 1. `instance` is the name of its instance.

    `instance_id` is set where the flow itself gives an id. `segments` are those of the path after
    `/1/service/`, or after the base path (`from_base`), not yet quoted; `label` is what a FOLLOW
    chooses. `kind` of the body is never AUTO; `in_query`: the rows stand in the
    address. `left_out`: why the step is only a comment; empty for all others.
    """

    number: int
    kind: StepKind
    title: str
    stat_name: str
    note: str = ""
    instance: str = ""
    instance_id: Text | None = None
    method: str = "POST"
    segments: tuple[Text, ...] = ()
    from_base: bool = False
    label: Text = ()
    encoding: BodyKind = BodyKind.NONE
    rows: tuple[ScriptRow, ...] = ()
    in_query: bool = False
    authorization: Authorization | None = None
    every: float = 1.0
    within: float = 60.0
    tolerate: int = 3
    seconds: float = 0.0
    until: tuple[Rule, ...] = ()
    fail_on: tuple[Rule, ...] = ()
    expect: tuple[ScriptCheck, ...] = ()
    capture: tuple[tuple[str, str], ...] = ()
    keep_going: bool = False
    always: bool = False
    left_out: str = ""

    @property
    def listed(self) -> str:
        """Its number and title, as the script says it when it is done."""
        return f"{self.number} {self.title}{' (left out)' if self.left_out else ''}"

    @property
    def sent_rows(self) -> tuple[ScriptRow, ...]:
        """The rows that are sent."""
        return tuple(row for row in self.rows if row.enabled)

    @property
    def asked_errors(self) -> tuple[int, ...] | None:
        """The HTTP errors that the checks ask for, which are no failure then; None is any error."""
        if any(isinstance(one, Rule) and _asks_for_error(one) for one in self.expect):
            return None
        statuses = (one.statuses for one in self.expect if isinstance(one, HttpCheck))
        return tuple(code for codes in statuses for code in codes if not 200 <= code < 300)


def is_absolute(path: str) -> bool:
    """Whether a path says where it begins, on whatever system."""
    return re.match(r"[/\\]|[A-Za-z]:[/\\]", path) is not None


def in_order(left_out: Iterable[str]) -> tuple[str, ...]:
    """Sort what is left out by its step; what is of no step comes first."""
    return tuple(sorted(left_out, key=_number))


def _number(sentence: str) -> int:
    found = _OF_STEP.match(sentence)
    return int(found[1]) if found is not None else 0


def _asks_for_error(rule: Rule) -> bool:
    """As a Run judges it, see gms_console.runner.judging."""
    if _ERROR_FIELD.match(rule.path) is None:
        return False
    return rule.operator is not Operator.EXISTS or rule.operand is True


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable with its value; `fixed` ones were given, and no data row replaces them."""

    name: str
    value: Text
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Needed:
    """What has to be set before the script runs, and what it is.

    `secret`: an environment variable that stands for a credential; otherwise a variable of the
    flow that has no value in it, which a data row may give.
    """

    name: str
    what: str
    secret: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A Flow for a writer. `services` is the path from base URL to services, `/1/service`.

    `base_url` is empty where nothing says it. `source` is the name of the flow's file, `folder`
    what its files are relative to: seen from the folder of the script, or absolute.
    """

    title: str
    source: str
    base_url: str
    services: str
    folder: str
    environment: Environment | None
    steps: tuple[ScriptStep, ...]
    variables: tuple[Variable, ...] = ()
    needed: tuple[Needed, ...] = ()
    headers: tuple[tuple[str, Text], ...] = ()
    proxy_password: Ref | None = None
    passphrase: Ref | None = None
    left_out: tuple[str, ...] = ()

    @property
    def instances(self) -> tuple[str, ...]:
        """The names of all instances, in the order of the steps."""
        return tuple(dict.fromkeys(step.instance for step in self.steps if step.instance))

    @property
    def captured(self) -> tuple[str, ...]:
        """The names of all that is captured."""
        return tuple(dict.fromkeys(name for step in self.steps for name, _ in step.capture))


def head_notes(script: Script, left_out: Iterable[str]) -> Iterator[str]:
    """Say, a line each, what to set before a script runs, and what is not in it."""
    secret = [one for one in script.needed if one.secret]
    if secret:
        yield from ("", "Set these environment variables first:")
        yield from (f"  {one.name}: {one.what}" for one in secret)
    gone = list(left_out)
    if gone:
        yield from ("", "Not carried over:")
        yield from (f"  {one}" for one in gone)
