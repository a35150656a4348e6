"""Variables on the command line: those of the environment, put in before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable

import click

from gms_console.model.environment import Environment
from gms_console.model.form import Form
from gms_console.model.stop_rule import StopRule
from gms_console.variables import (
    LITERAL_HINT,
    VariableError,
    expand,
    expand_form,
    expand_rule,
    scope_of,
)
from gms_console.wire.refusal import FormRefusedError


class Expander:
    """Expands all that belongs to one command; what is unknown ends it before anything is sent.

    Its methods raise ClickException, which says how to write a literal `{{`.
    """

    def __init__(self, environment: Environment) -> None:
        self._scope = scope_of(environment)

    def text(self, text: str, what: str) -> str:
        """Expand a text; `what` names it in the error."""
        try:
            return expand(text, self._scope)
        except VariableError as error:
            raise click.ClickException(f"not sent. {what}: {error}\n{LITERAL_HINT}") from None

    def form(self, form: Form) -> Form:
        """Expand the rows."""
        try:
            return expand_form(form, self._scope)
        except FormRefusedError as error:
            raise click.ClickException(f"not sent.\n{error}\n{LITERAL_HINT}") from None

    def rules(self, rules: Iterable[StopRule], option: str) -> tuple[StopRule, ...]:
        """Expand the values of stop rules."""
        try:
            return tuple(expand_rule(rule, self._scope) for rule in rules)
        except VariableError as error:
            raise click.ClickException(f"not sent. {option}: {error}\n{LITERAL_HINT}") from None
