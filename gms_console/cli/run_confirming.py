"""Asks, before a run begins, for what its environments want confirmed."""

from __future__ import annotations

import sys

import click

from gms_console.flow.types import StepKind
from gms_console.guard import CreateQuestion, GuardError
from gms_console.model.connection import GuardLevel
from gms_console.model.environment import Environment
from gms_console.runner.plan import Confirm, RunPlan


def confirming(plan: RunPlan, *, yes: bool) -> Confirm:
    """Ask once for each environment; give what answers for its creates.

    Raises GuardError when it is not confirmed: nothing has been sent then.
    """
    if not yes:
        for environment, creates in _asking(plan).values():
            _ask(environment, creates)

    def confirm(question: CreateQuestion) -> bool:
        del question  # of an environment that was asked for before
        return True

    return confirm


def _asking(plan: RunPlan) -> dict[str, tuple[Environment, int]]:
    """Give the environments that want creates confirmed, and how many there will be."""
    wanted = {GuardLevel.CONFIRM_FIRST, GuardLevel.CONFIRM_EVERY}
    times = max(1, len(plan.data)) * plan.repeat
    found: dict[str, tuple[Environment, int]] = {}
    for planned in plan.flows:
        environment = planned.environment
        creates = sum(step.kind is StepKind.CREATE for step in planned.flow.steps) * times
        if environment.guard in wanted and creates:
            _, before = found.get(environment.title, (environment, 0))
            found[environment.title] = (environment, before + creates)
    return found


def _ask(environment: Environment, creates: int) -> None:
    many = "a create" if creates == 1 else f"{creates:,} creates"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise GuardError(
            f"{environment.title} wants {many} confirmed, and there is no terminal to ask on. "
            "Give --yes to confirm the whole run."
        )
    if environment.guard is GuardLevel.CONFIRM_EVERY:
        text = f"This run sends {many} to {environment.title}. Type its name to confirm"
        given = click.prompt(text, default="", show_default=False, err=True)
        agreed = given.strip() == environment.name
    else:
        agreed = click.confirm(f"This run sends {many} to {environment.title}. Go on?", err=True)
    if not agreed:
        raise GuardError("It was not confirmed.")
