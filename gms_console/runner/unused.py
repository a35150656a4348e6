"""Which of the values that a Run was given no Flow asks for: a name may be a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gms_console.flow.types import Step, ValueCheck
from gms_console.model.reading import JsonValue
from gms_console.runner.plan import RunPlan
from gms_console.variables import names_in


def unused(plan: RunPlan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the names of `--var` and of columns that nothing asks for, in their order."""
    columns = tuple(plan.data[0]) if plan.data else ()
    if not plan.variables and not columns:
        return (), ()
    used = {name for text in _texts(plan) if "{{" in text for name in names_in(text)}
    return (
        tuple(name for name in plan.variables if name not in used),
        tuple(name for name in columns if name not in used),
    )


def _texts(plan: RunPlan) -> Iterator[str]:
    """Give all texts that variables are put into; values may hold others."""
    yield from plan.variables.values()
    for row in plan.data:
        yield from row.values()
    for planned in plan.flows:
        yield from dict(planned.environment.variables).values()
        yield from dict(planned.flow.vars).values()
        for step in planned.flow.steps:
            yield from _texts_of(step)


def _texts_of(step: Step) -> Iterator[str]:
    yield from (step.name, step.instance, step.method)
    for _, row in step.form.enabled():
        yield from (row.key, row.value, row.content_type or "", row.filename or "")
        yield "" if row.file is None else str(row.file)
    for check in (*step.until, *step.fail_on, *step.expect):
        if isinstance(check, ValueCheck):
            yield from _texts_in([check.operand])


def _texts_in(values: Iterable[JsonValue]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _texts_in(value)
        elif isinstance(value, dict):
            yield from value
            yield from _texts_in(value.values())
