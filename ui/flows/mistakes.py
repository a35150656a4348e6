"""What is wrong with a Flow that is being edited, by step and field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gms_console.flow.types import (
    Flow,
    HttpCheck,
    Operator,
    Step,
    StepKind,
    TimeCheck,
    ValueCheck,
)


class UnreadTime(float):
    """A time as it was typed that cannot be read: no time at all, and `reason` says why.

    It stands in a Step where seconds would, so that it is kept, moved and undone with the step;
    `mistakes_of` has it save and run refused.
    """

    def __new__(cls, typed: str, reason: str) -> UnreadTime:
        """Be no seconds at all."""
        made = super().__new__(cls, 0.0)
        made.typed, made.reason = typed, reason
        return made

    typed: str
    reason: str

    def __eq__(self, other: object) -> bool:
        """Be equal to the same text alone."""
        return isinstance(other, UnreadTime) and other.typed == self.typed

    def __ne__(self, other: object) -> bool:
        """Be another than all else; a float would compare its number."""
        return not self == other

    def __hash__(self) -> int:
        """Go with the text."""
        return hash(self.typed)

    def __format__(self, spec: str) -> str:
        """Be shown as no number where a number would stand."""
        del spec
        return "?"


@dataclass(frozen=True, slots=True)
class FieldMistake:
    """What is wrong, and where: step (None is the flow itself), field, and row in the field."""

    step: int | None
    field: str
    text: str
    row: int | None = None

    def place(self, flow: Flow) -> str:
        """Name where it is, for a person."""
        if self.step is None:
            return f"Flow, {self.field}"
        row = f", row {self.row + 1}" if self.row is not None else ""
        return f"Step {self.step + 1} ({flow.steps[self.step].title}), {self.field}{row}"


def names_before(flow: Flow, place: int) -> tuple[str, ...]:
    """Give the names of the instances that steps before `place` create, the latest last."""
    made = (one.instance for one in flow.steps[:place] if one.kind is StepKind.CREATE)
    return tuple(dict.fromkeys(name for name in made if name))


def mistakes_of(flow: Flow) -> tuple[FieldMistake, ...]:
    """Give all that keeps a flow from being saved and run, in order of the steps."""
    return (*_of_flow(flow), *(one for n in range(len(flow.steps)) for one in _of_step(flow, n)))


def _of_flow(flow: Flow) -> Iterator[FieldMistake]:
    if not flow.steps:
        yield FieldMistake(None, "steps", "A flow has one step at least.")
    yield from _names(None, "variables", flow.vars)


def _of_step(flow: Flow, place: int) -> Iterator[FieldMistake]:
    step = flow.steps[place]
    if step.kind is StepKind.WAIT:
        if step.seconds <= 0:
            text = _time_text(step.seconds, "A wait needs a time, such as 2s.")
            yield FieldMistake(place, "time", text)
        return
    if not step.name.strip():
        yield FieldMistake(place, "name", _UNNAMED[step.kind])
    yield from _instance(flow, place)
    if step.kind is StepKind.POLL:
        yield from _poll(place, step)
    yield from _rows(place, step)
    for row, check in enumerate(step.expect):
        text = check_mistake(check)
        if text:
            yield FieldMistake(place, "checks", text, row)
    yield from _names(place, "captures", step.capture)
    for row, (_, path) in enumerate(step.capture):
        text = path_mistake(path)
        if text:
            yield FieldMistake(place, "captures", text, row)


_UNNAMED = {
    StepKind.CREATE: "The service to create has no name.",
    StepKind.REQUEST: "The request has no name.",
    StepKind.POLL: "The request to repeat has no name, such as status.",
    StepKind.FOLLOW: "What is chosen on the phone has no label.",
}


def _instance(flow: Flow, place: int) -> Iterator[FieldMistake]:
    from gms_console.flow.steps import is_instance_id  # noqa: PLC0415 - it brings the reader

    step = flow.steps[place]
    before = names_before(flow, place)
    name = step.instance
    if step.kind is StepKind.CREATE:
        if name and name in before:
            yield FieldMistake(place, "instance", f"{name} names an earlier instance already.")
    elif not name:
        if not any(one.kind is StepKind.CREATE for one in flow.steps[:place]):
            yield FieldMistake(place, "instance", "No step before creates an instance.")
    elif name not in before and "{{" not in name and not is_instance_id(name):
        known = f" It may be {', '.join(before)}." if before else ""
        yield FieldMistake(place, "instance", f"No earlier create is called {name}.{known}")


def _poll(place: int, step: Step) -> Iterator[FieldMistake]:
    if not step.until:
        yield FieldMistake(place, "until", "A poll needs to know when it is done: add a row.")
    if step.every <= 0:
        text = _time_text(step.every, "The interval is longer than 0, such as 1s.")
        yield FieldMistake(place, "every", text)
    if step.within <= 0:
        text = _time_text(step.within, "The limit is longer than 0, such as 60s.")
        yield FieldMistake(place, "within", text)
    for field, checks in (("until", step.until), ("fail on", step.fail_on)):
        for row, check in enumerate(checks):
            text = check_mistake(check)
            if text:
                yield FieldMistake(place, field, text, row)


def _time_text(seconds: float, otherwise: str) -> str:
    """Say what is wrong with a time that is none: what was typed, where it was typed."""
    return _said(seconds.reason) if isinstance(seconds, UnreadTime) else otherwise


def _rows(place: int, step: Step) -> Iterator[FieldMistake]:
    for row, one in enumerate(step.form):
        if not one.key:
            yield FieldMistake(place, "rows", "A row has no key.", row)


def _names(
    place: int | None, field: str, pairs: tuple[tuple[str, str], ...]
) -> Iterator[FieldMistake]:
    """Find names of variables that are missing, that repeat, or that `{{…}}` could not hold."""
    from gms_console.variables import name_problem  # noqa: PLC0415 - not before a flow is open

    seen: set[str] = set()
    for row, (name, _) in enumerate(pairs):
        if not name:
            yield FieldMistake(place, field, "The variable has no name.", row)
        elif name in seen:
            yield FieldMistake(place, field, f"{name} is there twice.", row)
        elif name_problem(name):
            yield FieldMistake(place, field, name_problem(name), row)
        seen.add(name)


def path_mistake(path: str) -> str:
    """Say what is wrong with a JMESPath; empty when it is sound."""
    from gms_console.flow.judging import problem_with  # noqa: PLC0415 - it brings jmespath

    if not path.strip():
        return "The path is missing, such as status or _id."
    return _said(problem_with(ValueCheck(path, Operator.EXISTS, True)))


def check_mistake(check: ValueCheck | HttpCheck | TimeCheck) -> str:
    """Say what is wrong with a check; empty when it is sound."""
    from gms_console.flow.judging import problem_with  # noqa: PLC0415 - it brings jmespath

    if isinstance(check, ValueCheck):
        return _said(problem_with(check)) if check.path.strip() else path_mistake("")
    if isinstance(check, HttpCheck):
        wrong = [one for one in check.statuses if not 100 <= one <= 599]
        if wrong or not check.statuses:
            return "HTTP statuses are numbers from 100 to 599."
        return ""
    return "" if check.max_ms > 0 else "The time is longer than 0 ms."


def _said(problem: str) -> str:
    """Make a sentence of what was found and expected."""
    return f"Found {problem.removeprefix('found ')}." if problem else ""
