"""Where a flow runs: the environment that it names, else the one that the window sends to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gms_console.flow.types import Flow, StepKind
from gms_console.guard import CreateQuestion, GuardError
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.form import Form
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import prepare_create

from .run_options import RunOptions

if TYPE_CHECKING:
    from ..console import Console


@dataclass(frozen=True, slots=True)
class RunPlace:
    """`environment` is None where the flow cannot run; `text` says where it runs, or why not.

    `other` names the environment that the flow is for, where it is another one: who runs it asks.
    """

    environment: Environment | None
    text: str
    other: str = ""


def place_of(console: Console, flow: Flow) -> RunPlace:
    """Find the environment that a flow runs in."""
    chosen = console.environment
    if flow.env and (chosen is None or chosen.name != flow.env):
        if console.environments.stored(flow.env) is not None:
            try:
                return RunPlace(
                    console.environments.resolved(flow.env), f"Runs on {flow.env}, as the flow says"
                )
            except ValueError as error:
                return RunPlace(None, f"{flow.env} cannot be used. {error}")
        if chosen is not None:
            text = f"Runs on {chosen.title}: there is no environment {flow.env} here"
            return RunPlace(chosen, text, flow.env)
    if chosen is None:
        return RunPlace(None, console.environment_error or "There is nowhere to send to yet.")
    said = ", as the flow says" if flow.env else ""
    return RunPlace(chosen, f"Runs on {chosen.title}{said}")


def create_question(
    console: Console, flow: Flow, environment: Environment, first: int, options: RunOptions
) -> CreateQuestion | None:
    """Give what has to be confirmed before the creates of a run go out, all of them at once."""
    services = [
        step.name
        for place, step in enumerate(flow.steps)
        if step.kind is StepKind.CREATE and (place >= first or step.always)
    ]
    if not services:
        return None
    try:
        sample = prepare_create(environment, "run", Form())
        asked = console.session.guard.question(environment, sample)
    except (GuardError, PathSegmentError, FormRefusedError):
        return None  # the runner says so where it comes to it
    if asked is None:
        return None
    named = ", ".join(dict.fromkeys(services))
    count = len(services) * options.repeat
    creates = f"{named}" if count == 1 else f"{count:,} services ({named})"
    if options.data is not None:
        creates += f" for each row of {options.data.name}"
    typed = " Type its name to confirm." if asked.typed else ""
    text = f"Run “{flow.title}” in {environment.title}? It creates {creates}.{typed}"
    return CreateQuestion(asked.environment, asked.base_url, text, asked.typed)
