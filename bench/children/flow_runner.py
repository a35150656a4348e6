"""Runs a create and ten status requests with our runner; prints the figures.

Arguments: base URL, how often, how many at a time.
"""

from __future__ import annotations

import asyncio
import sys

from bench.children.flow_figures import ROW, SERVICE, STATUSES, Stopwatch
from gms_console.catalogue import builtin_catalogue
from gms_console.flow.types import Flow, HttpCheck, Step, StepKind
from gms_console.model.environment import Environment
from gms_console.model.form import Form
from gms_console.runner.faces import catalogue_paths, own_sessions
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.runner import Runner

_OK = (HttpCheck((200,)),)


def _flow() -> Flow:
    create = Step(kind=StepKind.CREATE, name=SERVICE, form=Form.of(ROW), expect=_OK)
    status = Step(kind=StepKind.REQUEST, name="status", expect=_OK)
    return Flow(name="create and status", steps=(create, *[status] * STATUSES))


async def main(url: str, times: int, parallel: int) -> None:
    plan = RunPlan(
        flows=(PlannedFlow(_flow(), Environment.parse(url)),), repeat=times, parallel=parallel
    )
    runner = Runner(
        plan,
        lambda _: None,
        sessions=own_sessions(),
        confirm=lambda _: True,
        request_path=catalogue_paths(builtin_catalogue()),
    )
    # The client is loaded with the first request, which is not what is measured.
    import gms_console.client.attempt  # noqa: PLC0415
    import gms_console.client.transport  # noqa: F401, PLC0415

    watch = Stopwatch()
    summary = await runner.run()
    if not summary.ok:
        raise SystemExit(f"the run failed: {summary}")
    watch.report(summary.requests)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
