"""Carries out Flows: case after case, some at a time, and always with an end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from gms_console.model.environment import Environment
from gms_console.runner.case_run import CaseRun
from gms_console.runner.events import RunEnded, RunListener, RunStarted
from gms_console.runner.plan import Confirm, RequestPath, RunPlan, SessionSource
from gms_console.runner.results import Case, RunSummary
from gms_console.runner.run_state import RunState, Stop


class Runner:
    """Carries out one RunPlan, once; nothing is kept of a case that has ended but numbers."""

    def __init__(
        self,
        plan: RunPlan,
        tell: RunListener,
        *,
        sessions: SessionSource,
        confirm: Confirm,
        request_path: RequestPath,
    ) -> None:
        """`tell` hears of everything in order; what it raises ends the Run.

        `confirm` is asked before a create where the Environment's guard wants that.
        """
        self._plan = plan
        self._sessions = sessions
        self._state = RunState(plan, tell, confirm, request_path)

    @property
    def paused(self) -> bool:
        """Whether the next step waits for `resume`."""
        return not self._state.going_on.is_set()

    def pause(self) -> None:
        """Begin no further step until `resume`; what is under way goes on, a poll too."""
        if not self._state.stopped:
            self._state.going_on.clear()

    def resume(self) -> None:
        """Go on."""
        self._state.going_on.set()

    def stop(self) -> None:
        """End what is under way and run the clean-up steps; the second time, end those too."""
        self._state.stop()

    async def run(self) -> RunSummary:
        """Carry it out and give its numbers. Raises what a listener raised, after clean-up.

        Cancelled, it ends as with two stops, tells so, and raises CancelledError.
        """
        state, plan = self._state, self._plan
        state.tell(RunStarted(state.started, plan.size))
        cases = plan.cases()
        count = max(1, min(plan.parallel, plan.size))
        workers = [
            asyncio.create_task(self._work(cases), name=f"run {number}")
            for number in range(1, count + 1)
        ]
        cancelled = await self._wait_for(workers)
        for worker in workers:
            worker.result()
        summary = state.summary()
        state.tell(RunEnded(summary))
        if cancelled is not None:
            raise cancelled
        if state.error is not None:
            raise state.error
        return summary

    async def _wait_for(self, workers: list[asyncio.Task[None]]) -> asyncio.CancelledError | None:
        """Wait until all have ended, also when this is cancelled meanwhile; give that then."""
        cancelled: asyncio.CancelledError | None = None
        while pending := [worker for worker in workers if not worker.done()]:
            try:
                await asyncio.wait(pending)
            except asyncio.CancelledError as error:
                cancelled = error
                self._state.stop(Stop.CLEAN_UP_TOO)
        return cancelled

    async def _work(self, cases: Iterator[tuple[Case, Environment]]) -> None:
        """Carry out the next case, and the next, until there is none."""
        for case, environment in cases:
            if self._state.stopped:
                return
            try:
                async with self._sessions(case) as session:
                    await CaseRun(self._state, case, environment, session).run()
            except Exception as error:  # noqa: BLE001 - the Run ends by it, once all has ended
                self._state.fail(error)
