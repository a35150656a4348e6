"""What runs leave behind in the window: instances by their names, captures, the live list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from gms_console.flow.types import Flow, StepKind
from gms_console.instance import Instance
from gms_console.model.environment import Environment
from gms_console.runner.events import StepEnded
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.results import Case
from gms_console.session import Session

from .run_options import RunOptions

if TYPE_CHECKING:
    from ..console import Console

KEPT_INSTANCES = 20
"""Instances of a run with many cases that stay in the live list; the oldest leave it first."""


class RunLeft:
    """Knows what the last run created and captured, so that another can go on from a step."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._named: dict[str, Instance] = {}
        self._captured: dict[str, str] = {}
        self._created: dict[int, list[Instance]] = {}
        self._left: list[Instance] = []
        self._over: set[str] = set()
        self.text = ""

    def begin(self, first: int) -> None:
        """Begin a run; one from the first step on needs nothing of the one before."""
        self._created.clear()
        self.text = ""
        if not first:
            self._named, self._captured = {}, {}

    def learn(self, event: StepEnded) -> None:
        """Know the instance that a step created, and what it captured, for a run from here."""
        result = event.result
        self._captured.update(result.captured)
        if result.step.name == "cancel" and result.passed and result.instance_id:
            self._over.add(result.instance_id)
        if result.step.kind is not StepKind.CREATE or not result.instance_id:
            return
        newest = reversed(self._console.session.instances)
        found = next((one for one in newest if one.id == result.instance_id), None)
        if found is not None:
            self._named[result.step.instance] = found
            self._created.setdefault(event.case.number, []).append(found)

    def plan(
        self,
        flow: Flow,
        environment: Environment,
        first: int,
        rows: list[dict[str, str]],
        options: RunOptions,
    ) -> RunPlan:
        """Make the plan of a run from the step `first` on."""
        own = {name for name, _ in (*flow.vars, *environment.variables)}
        own.update(name for step in flow.steps for name, _ in step.capture)
        own.update(name for row in rows for name in row)
        # What was taken from answers by hand fills the gaps; it changes nothing that the flow has.
        taken = self._console.captures.captures.items()
        captured = {name: value for name, value in taken if name not in own}
        if first:
            captured |= self._captured
        return RunPlan(
            flows=(PlannedFlow(flow, environment),),
            data=rows,
            repeat=options.repeat,
            parallel=options.parallel,
            first=first,
            instances=self._known_instances(flow, first) if first else {},
            captured=captured,
        )

    def _known_instances(self, flow: Flow, first: int) -> dict[str, Instance]:
        """Give the instances of steps that are not run: of the last run, else the selected one.

        One that is over gives way to a selected one that is not. `text` says which they are.
        """
        listed = self._console.session.instances
        known = {name: one for name, one in self._named.items() if one in listed}
        selected = self._console.live.selected
        creates = [step.instance for step in flow.steps[:first] if step.kind is StepKind.CREATE]
        wanting = [name for name in creates if name not in known]
        if not wanting and selected is not None and not self._is_over(selected):
            wanting = [name for name in creates if self._is_over(known[name])]
        if selected is not None and wanting:
            known[wanting[-1]] = selected
        said = []
        for name in dict.fromkeys(creates):
            if name in known:
                origin = "selected" if known[name] is selected else "of the last run"
                over = ", which is over" if self._is_over(known[name]) else ""
                said.append(f"{name or 'the last create'} is {known[name].id} ({origin}{over})")
        self.text = ", ".join((f"from step {first + 1}", *said))
        return known

    def _is_over(self, instance: Instance) -> bool:
        """Whether nothing more can be asked of an instance, as far as is known."""
        kind = self._console.live.kind_of(instance)
        ended = kind is not None and instance.state in kind.terminal_states
        return ended or instance.id in self._over

    def sessions(
        self, plan: RunPlan, room: Callable[[], Awaitable[None]] | None
    ) -> Callable[[Case], AbstractAsyncContextManager[Session]]:
        """Give each case the window's Session: what it does is seen in lists and history.

        It waits for `room` in the reports first.
        """
        many = plan.size > KEPT_INSTANCES

        @asynccontextmanager
        async def session(case: Case) -> AsyncIterator[Session]:
            if room is not None:
                await room()
            try:
                yield self._console.session
            finally:
                created = self._created.pop(case.number, [])
                if many:
                    await self._leave(created)

        return session

    async def _leave(self, created: list[Instance]) -> None:
        """Keep the newest instances in the live list, and take older ones off it."""
        self._left += created
        while len(self._left) > KEPT_INSTANCES:
            await self._console.session.remove(self._left.pop(0))
