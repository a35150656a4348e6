"""Puts the values of variables into a step before it is carried out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gms_console.flow.judging import operand_problem
from gms_console.flow.types import Check, Step, ValueCheck, is_method
from gms_console.model.form import Form
from gms_console.model.reading import JsonValue
from gms_console.variables import (
    Scope,
    UnknownVariableError,
    VariableError,
    expand,
    expand_form,
)


def expand_step(step: Step, scope: Scope, folder: Path) -> Step:
    """Put the variables into all texts of a step that count; row files come below `folder`.

    JMESPaths and notes stay as they are, and so do rows that are switched off. A value in a
    regular expression is taken as it is. Raises VariableError for a text that cannot be expanded,
    or that makes a check which cannot be judged, and FormRefusedError for rows; all that is
    unknown outside the rows is told at once.
    """
    texts = _Texts(scope)
    expanded = replace(
        step,
        name=texts.put_in(step.name),
        instance=texts.put_in(step.instance),
        method=texts.put_in(step.method).upper(),
        until=texts.checks(step.until),
        fail_on=texts.checks(step.fail_on),
        expect=tuple(texts.check(one) for one in step.expect),
    )
    texts.finish()
    if step.instance and not expanded.instance:
        # Without a name it would be the instance created last: another one than was meant.
        raise VariableError(f"on: {step.instance} is empty, expected the name or id of an instance")
    if not is_method(expanded.method):
        raise VariableError(f"method: found {expanded.method!r}, expected one such as GET or POST")
    for check in (*expanded.until, *expanded.fail_on, *expanded.expect):
        problem = _problem(check)
        if problem:
            raise VariableError(problem)
    return replace(expanded, form=located(expand_form(step.form, scope), folder))


def located(form: Form, folder: Path) -> Form:
    """Give the rows with their files below `folder`, where they are not absolute already."""
    if not any(row.file is not None for row in form):
        return form
    base = folder.absolute()
    return Form(
        tuple(row if row.file is None else replace(row, file=base / row.file) for row in form)
    )


def _problem(check: Check) -> str:
    """Say what the values of variables made impossible to judge."""
    if not isinstance(check, ValueCheck):
        return ""
    problem = operand_problem(check.operator, _literal(check.operand))
    return f"{check.path} {check.operator.value}: found {problem}" if problem else ""


def _literal(operand: JsonValue) -> JsonValue:
    """Keep braces that a value brought from being taken for variables once more."""
    return operand.replace("{{", "{ {") if isinstance(operand, str) else operand


class _Texts:
    """Expands texts, and remembers which could not be."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._errors: dict[str, VariableError] = {}

    def put_in(self, text: str) -> str:
        try:
            return expand(text, self._scope)
        except VariableError as error:
            self._errors.setdefault(str(error), error)
            return text

    def value(self, operand: JsonValue) -> JsonValue:
        if isinstance(operand, str):
            return self.put_in(operand)
        if isinstance(operand, list):
            return [self.value(one) for one in operand]
        if isinstance(operand, dict):
            return {self.put_in(key): self.value(one) for key, one in operand.items()}
        return operand

    def check(self, check: Check) -> Check:
        return self.value_check(check) if isinstance(check, ValueCheck) else check

    def checks(self, checks: tuple[ValueCheck, ...]) -> tuple[ValueCheck, ...]:
        return tuple(self.value_check(check) for check in checks)

    def value_check(self, check: ValueCheck) -> ValueCheck:
        return replace(check, operand=self.value(check.operand))

    def finish(self) -> None:
        """Raise what was found wrong."""
        errors = list(self._errors.values())
        if len(errors) == 1:
            raise errors[0]
        if errors and all(isinstance(one, UnknownVariableError) for one in errors):
            names = {name: None for one in errors for name in getattr(one, "names", ())}
            together = "".join(f"{{{{{name}}}}}" for name in names)
            # One message for all names, as if they stood in one text.
            expand(together, self._scope)
        if errors:
            raise VariableError("; ".join(str(one) for one in errors))
