"""The data types of the catalogue; its files are checked against them."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from gms_console.catalogue.checks import SERVICE, check_names, check_path
from gms_console.mistakes import misfit
from gms_console.model.form import Form, Row


class Provenance(StrEnum):
    """How sure a fact of the catalogue is."""

    DOCUMENTED = "documented"
    SEEN = "seen in the field"
    UNVERIFIED = "unverified"


class ParameterType(StrEnum):
    """What sort of value a parameter takes; on the wire all values are text.

    `time` is ISO 8601 in UTC, as in `2026-11-24T16:30:00.000Z`.
    """

    PHONE = "phone"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    ENUM = "enum"
    TIME = "time"
    TEXT = "text"
    JSON = "json"
    FILE = "file"


class Tone(StrEnum):
    """What a state means for the customer: it picks the colour beside the name."""

    WAITING = "waiting"
    BUSY = "busy"
    GOOD = "good"
    BAD = "bad"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Entry):
    """A value that an enum parameter is known to take."""

    value: str
    meaning: str = ""


class Parameter(_Entry):
    """A parameter of a create or of a request.

    `mandatory` is what the documentation says; `enforced` whether GMS refuses a request
    without it (None: not known). `least` and `most` bound an integer, in `unit`.
    `configured_wins`: a value in the service's section of GMS wins over the one sent.
    """

    name: str
    meaning: str
    type: ParameterType = ParameterType.TEXT
    mandatory: bool = False
    enforced: bool | None = None
    default: str = ""
    unit: str = ""
    least: int | None = None
    most: int | None = None
    choices: tuple[Choice, ...] = ()
    configured_wins: bool = False
    provenance: Provenance

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise misfit(f"{self.least} is above most, {self.most}", "least")
        if self.type is ParameterType.ENUM and not self.choices:
            raise misfit("an enum needs choices", "type")
        check_names((choice.value for choice in self.choices), "choices", field="value")
        return self

    def row(self, instance_id: str = "", value: str | None = None) -> Row:
        """Make its row: on when it is mandatory or has a `value` given, with its default else."""
        return Row(
            key=self.name,
            value=self.default.replace("{id}", instance_id) if value is None else value,
            enabled=self.mandatory or value is not None,
            note=self.meaning,
        )

    def choice(self, value: str) -> Choice | None:
        """Give the choice of that value, if it is a known one."""
        return next((one for one in self.choices if one.value == value), None)


class AnswerField(_Entry):
    """A field of an answer."""

    name: str
    meaning: str
    provenance: Provenance


class RequestKind(_Entry):
    """A service-specific request.

    `path` is below `/genesys/1/service/`, with `{service}`, `{id}` and `{request}` filled in;
    a default value of a parameter may hold `{id}` too.
    """

    name: str
    meaning: str
    method: str = "POST"
    path: str = "{id}/{request}"
    parameters: tuple[Parameter, ...] = ()
    answer: tuple[AnswerField, ...] = ()
    provenance: Provenance

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_path(self.path)
        check_names((one.name for one in self.parameters), "parameters")
        check_names((one.name for one in self.answer), "answer")
        return self

    def missing_rows(self, form: Form, instance_id: str = "") -> list[Row]:
        """Give rows for the parameters that `form` lacks: mandatory ones first and on."""
        return [one.row(instance_id) for one in _missing(self.parameters, form)]

    def parameter(self, name: str) -> Parameter | None:
        """Give the parameter of that name, if the request knows it."""
        return next((one for one in self.parameters if one.name == name), None)


class State(_Entry):
    """A state of an instance, in the usual order; a terminal one ends a poll."""

    name: str
    meaning: str
    terminal: bool = False
    tone: Tone = Tone.WAITING
    provenance: Provenance


class ServiceKind(_Entry):
    """A catalogue entry: what a service does, takes and answers.

    `name` is the execution name that is suggested, `title` what a person calls it; `words` are
    others that a person may look for it by. `path` is
    below `/genesys/1/service/`, or below the base path where it begins with `/`; `example` is a
    name for its place where the kind's own would mislead. `poll` names the request that tells the
    state, `state_field` the answer's field that holds it. `values` are create parameters
    whose value makes the kind what it is, such as the scenario of a callback; they are filled in
    and switched on.
    """

    name: str
    title: str = ""
    words: str = ""
    meaning: str
    provenance: Provenance
    method: str = "POST"
    path: str = "{service}"
    example: str = ""
    parameters: tuple[Parameter, ...] = ()
    values: dict[str, str] = {}
    answer: tuple[AnswerField, ...] = ()
    requests: tuple[RequestKind, ...] = ()
    states: tuple[State, ...] = ()
    poll: str = ""
    state_field: str = "status"

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_path(self.path, {SERVICE})
        check_names((one.name for one in self.parameters), "parameters")
        check_names((one.name for one in self.answer), "answer")
        check_names((one.name for one in self.requests), "requests")
        check_names((one.name for one in self.states), "states")
        for name in self.values:
            if self.parameter(name) is None:
                raise misfit(f"{name} is not among the parameters", "values", name)
        if self.poll and self.request(self.poll) is None:
            raise misfit(f"{self.poll} is not among the requests", "poll")
        return self

    @property
    def terminal_states(self) -> frozenset[str]:
        """Names of the states after which nothing more happens."""
        return frozenset(state.name for state in self.states if state.terminal)

    @property
    def awaited(self) -> str:
        """What a poll waits for unless told otherwise, such as `status=agent-ready`."""
        good = next((state.name for state in self.states if state.tone is Tone.GOOD), "")
        return f"{self.state_field}={good}" if good else ""

    def service_text(self, name: str = "") -> str:
        """Give what stands in the URL for an execution name, such as `callback/callme`."""
        return self.path.format(service=name or self.example or self.name)

    def name_in(self, service: str) -> str | None:
        """Give the execution name in a path from the base path on; None where it is another path.

        It is empty for a kind whose path has no name in it. Below the version, a number in the
        kind's path stands for any number, as a time to live does.
        """
        wanted, given = self.path.split("/"), service.split("/")
        if len(wanted) != len(given):
            return None
        name = ""
        for place, (pattern, segment) in enumerate(zip(wanted, given, strict=True)):
            if pattern == SERVICE and segment:
                name = segment
            elif place > 1 and pattern.isdigit() and segment.isdigit():
                continue
            elif pattern != segment:
                return None
        return name

    def missing_rows(self, form: Form) -> list[Row]:
        """Give rows for the parameters that `form` lacks: mandatory ones first and on."""
        wanted = _missing(self.parameters, form)
        return [one.row(value=self.values.get(one.name)) for one in wanted]

    def parameter(self, name: str) -> Parameter | None:
        """Give the parameter of that name, if the kind knows it."""
        return next((one for one in self.parameters if one.name == name), None)

    def request(self, name: str) -> RequestKind | None:
        """Give the request of that name, if the kind knows it."""
        return next((one for one in self.requests if one.name == name), None)

    def state(self, name: str) -> State | None:
        """Give the state of that name, if the kind knows it."""
        return next((one for one in self.states if one.name == name), None)


class Family(_Entry):
    """A group of kinds, one file of the catalogue. `icon` names a picture in assets/icons."""

    family: str
    order: int = 0
    icon: str = ""
    kinds: tuple[ServiceKind, ...]

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_names((kind.name for kind in self.kinds), "kinds")
        return self


def _missing(parameters: tuple[Parameter, ...], form: Form) -> list[Parameter]:
    have = {row.key for row in form}
    wanted = sorted(parameters, key=lambda one: not one.mandatory)
    return [one for one in wanted if one.name not in have]
