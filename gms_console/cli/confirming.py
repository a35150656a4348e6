"""Asks for what an environment wants confirmed before a create."""

from __future__ import annotations

import sys

import click

from gms_console.guard import CreateQuestion, Guard, GuardError
from gms_console.model.environment import Environment
from gms_console.wire.request import PreparedRequest


def confirm(
    environment: Environment, prepared: PreparedRequest, *, yes: bool
) -> CreateQuestion | None:
    """Give what a person confirmed, by `--yes` or on the terminal; None: nothing was to be.

    Raises GuardError when it is not confirmed, or when the environment is read-only.
    """
    question = Guard().question(environment, prepared)
    if question is None or yes:
        return question
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise GuardError(
            f"{environment.title} wants this create confirmed, and there is no terminal to ask on. "
            "Give --yes to confirm it."
        )
    if question.typed:
        given = click.prompt(question.text, default="", show_default=False, err=True)
        agreed = question.holds(given)
    else:
        agreed = click.confirm(question.text, err=True)
    if not agreed:
        raise GuardError("It was not confirmed.")
    return question
