"""Carries out a run in this process; Ctrl+C ends it in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib import import_module

from gms_console.cli.interrupts import Interrupts
from gms_console.cli.output import write_err
from gms_console.cli.run_paths import paths_for
from gms_console.runner.events import RunEvent, RunListener
from gms_console.runner.faces import own_sessions
from gms_console.runner.plan import Confirm, RunPlan
from gms_console.runner.results import RunSummary
from gms_console.runner.runner import Runner

_OF_THE_FIRST_REQUEST = (
    "gms_console.client.http_library",  # before httpx, which would bring much along
    "gms_console.client.attempt",
    "gms_console.client.transport",
    "gms_console.trail",
    "sniffio",  # what opens the first connection
    "anyio._backends._asyncio",
)
_AGAIN = "Ending: clean-up steps run. Press Ctrl+C again to leave them out."


def carry_out(
    plan: RunPlan,
    confirm: Confirm,
    listeners: Sequence[RunListener],
    interrupts: Interrupts,
) -> RunSummary:
    """Run a plan and tell its events; the first Ctrl+C lets clean-up steps run, a second not."""
    return asyncio.run(_carry_out(plan, confirm, listeners, interrupts))


async def _carry_out(
    plan: RunPlan,
    confirm: Confirm,
    listeners: Sequence[RunListener],
    interrupts: Interrupts,
) -> RunSummary:
    def tell(event: RunEvent) -> None:
        for listener in listeners:
            listener(event)

    for name in _OF_THE_FIRST_REQUEST:
        import_module(name)  # before the clock of the first step runs
    runner = Runner(
        plan,
        tell,
        sessions=own_sessions(),
        confirm=confirm,
        request_path=paths_for(plan),
    )
    loop = asyncio.get_running_loop()
    stops = iter((_AGAIN,))

    def stop() -> None:
        text = next(stops, None)
        if text is not None:
            write_err(text)
        runner.stop()

    interrupts.running(lambda: loop.call_soon_threadsafe(stop))
    try:
        return await runner.run()
    finally:
        interrupts.ending()
