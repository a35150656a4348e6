"""The progress of a run on a terminal: a bar of its cases, and the step that is under way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gms_console.cli.output import printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from gms_console.flow.types import Step
    from gms_console.poll import Poll
    from gms_console.runner.plan import RunPlan
    from gms_console.runner.results import Case, CaseResult


class Progress:
    """What a run tells of its progress; this one shows nothing, as without a terminal."""

    def start(self) -> None:
        """Begin to show it."""

    def stop(self) -> None:
        """Take it away, so that nothing of it is left on the terminal."""

    def step(self, case: Case, index: int, step: Step) -> None:
        """Show the step that began last."""

    def poll(self, case: Case, poll: Poll) -> None:
        """Show where a poll stands."""

    def ended(self, result: CaseResult) -> None:
        """Count a case that has ended."""

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Make room while lines are printed."""
        yield


class _BarProgress(Progress):
    def __init__(self, bar: Bar, task: TaskID) -> None:
        self._bar = bar
        self._task = task
        self._failed = 0

    def start(self) -> None:
        self._bar.start()

    def stop(self) -> None:
        self._bar.stop()

    def step(self, case: Case, index: int, step: Step) -> None:
        where = f"{index + 1}/{len(case.flow.steps)} {step.title} ({case.title})"
        self._bar.update(self._task, step=_one_line(where))

    def poll(self, case: Case, poll: Poll) -> None:
        attempts = len(poll.timeline.attempts)
        state = poll.timeline.state or "no state"
        where = f"poll {poll.plan.request}: {state}, attempt {attempts} ({case.title})"
        self._bar.update(self._task, step=_one_line(where))

    def ended(self, result: CaseResult) -> None:
        self._failed += not result.passed
        failed = f"{self._failed:,} failed" if self._failed else ""
        self._bar.update(self._task, advance=1, failed=failed)

    @contextmanager
    def aside(self) -> Iterator[None]:
        # The bar is drawn by the turns of a thread: it is taken away while others print.
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()


def open_progress(plan: RunPlan) -> Progress:
    """Show a bar on standard error, which has to be a terminal."""
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress import Progress as Bar  # noqa: PLC0415 - as above
    from rich.table import Column  # noqa: PLC0415 - as above

    bar = Bar(
        BarColumn(bar_width=20, table_column=Column(no_wrap=True, min_width=20)),
        MofNCompleteColumn(table_column=Column(no_wrap=True, min_width=5)),
        TimeElapsedColumn(table_column=Column(no_wrap=True, min_width=7)),
        TextColumn("{task.fields[failed]}", style="bold red", markup=False),
        TextColumn("{task.fields[step]}", markup=False, table_column=Column(no_wrap=True, ratio=1)),
        console=Console(stderr=True),
        transient=True,
        expand=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    return _BarProgress(bar, bar.add_task("", total=plan.size, failed="", step=""))


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()), sys.stderr)
