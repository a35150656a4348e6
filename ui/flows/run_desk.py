"""The RunDesk: carries out the flow that is open, with the window's own Session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from gms_console.flow.types import Flow
from gms_console.guard import CreateQuestion
from gms_console.model.environment import Environment
from gms_console.runner.events import ExchangeDone, RunEnded, RunEvent, StepEnded
from gms_console.runner.results import RunSummary
from gms_console.wire.request import REQUEST_PATH

from ..environments.guard_desk import CreateWanted
from ..models.run_model import RunModel
from ..models.run_nodes import CaseNode
from .desk import StepMark
from .in_run import enter_run
from .run_left import RunLeft
from .run_marks import RunMarks
from .run_options import RunOptions
from .run_place import RunPlace, create_question, place_of

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind
    from gms_console.poll import Poll
    from gms_console.runner.runner import Runner

    from ..console import Console
    from .document import FlowDocument
    from .run_record import RunRecord
    from .run_reports import RunReports

FLUSH_MS, SLOWEST_MS = 100, 1000
"""What a run brings is shown together, this often; the more rows there are, the less often."""

CLEAN_UP_SECONDS = 10.0
"""How long the window's end waits for clean-up steps."""


class OpenFlow(Protocol):
    """What a run wants of the desk of flows."""

    changed: SignalInstance

    @property
    def document(self) -> FlowDocument | None:
        """The flow that is open, with its edits; the same one while it is edited."""

    @property
    def flow(self) -> Flow | None:
        """The flow that is open, as it stands."""

    @property
    def current_step(self) -> int:
        """The place of the step at hand; -1 for none."""

    def set_marks(
        self, marks: Mapping[int, StepMark], captured: Mapping[tuple[int, str], str]
    ) -> None:
        """Show beside the steps what came of them."""


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A flow is for one environment and would run in another one; `go` runs it there."""

    wanted: str
    environment: Environment
    go: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be run: a flow as it stood when a person asked for it, and how."""

    flow: Flow
    document: FlowDocument | None
    first: int
    options: RunOptions


class RunDesk(QObject):
    """One run at a time; it goes on whatever the window shows.

    `changed` comes when it starts, pauses, stops or ends, and when it would run elsewhere or
    otherwise; `moved` when the model has more to show; `told` brings each RunEvent as it comes.
    `asked` brings an OtherPlace. `trouble`
    says why the last run did not start, or which report could not be written.
    """

    changed = Signal()
    moved = Signal()
    asked = Signal(object)
    told = Signal(object)

    def __init__(self, console: Console, flows: OpenFlow) -> None:
        super().__init__(console)
        self._console = console
        self._flows = flows
        self.model = RunModel(self)
        self._options: WeakKeyDictionary[FlowDocument, RunOptions] = WeakKeyDictionary()
        self.document: FlowDocument | None = None
        self.flow: Flow | None = None
        self.summary: RunSummary | None = None
        self.record: RunRecord | None = None
        self.written: tuple[Path, ...] = ()
        self.first = 0
        self.marks = RunMarks()
        self._chosen: CaseNode | None = None
        self.cases = self.requests = 0
        self.trouble = ""
        self.stopping = False
        self._runner: Runner | None = None
        self._task: asyncio.Task[None] | None = None
        self._events: list[RunEvent] = []
        self._left = RunLeft(console)
        self._reports: RunReports | None = None
        self._marked_for: FlowDocument | None = None
        self._soon = QTimer(self, interval=FLUSH_MS, singleShot=True)
        self._soon.timeout.connect(self._flush)
        flows.changed.connect(self._on_flow)
        console.environment_changed.connect(self.changed)
        console.environments.changed.connect(self.changed)

    # --- how it stands -------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._task is not None

    @property
    def paused(self) -> bool:
        """Whether the run waits before its next step."""
        return self._runner is not None and self._runner.paused

    @property
    def shown(self) -> bool:
        """Whether the flow that is open is the one that was run last, or none was run."""
        return self.flow is None or self.document is self._flows.document

    @property
    def options(self) -> RunOptions:
        """How the open flow is run; each flow has its own."""
        document = self._flows.document
        return self._options.get(document, RunOptions()) if document is not None else RunOptions()

    @property
    def stands_for(self) -> str:
        """Say which instances a run from a step goes on with; empty for one from the first."""
        return self._left.text if self.first else ""

    @property
    def place(self) -> RunPlace:
        """Where the open flow would run."""
        if self._flows.flow is None:
            return RunPlace(None, "Open a flow to run it.")
        return place_of(self._console, self._flows.flow)

    @property
    def folder(self) -> Path:
        """Where files of the open flow are."""
        return self._flows.flow.folder if self._flows.flow is not None else Path()

    @property
    def can_run(self) -> bool:
        """Whether the open flow can be run now."""
        flow = self._flows.flow
        return not self.running and flow is not None and bool(flow.steps)

    def use(self, options: RunOptions) -> None:
        """Run the open flow by other options from now on."""
        document = self._flows.document
        if document is not None and options != self.options:
            self._options[document] = options
            self.changed.emit()

    # --- running -------------------------------------------------------------------------------

    def run(self) -> None:
        """Run the open flow from its first step."""
        self._ask_place(0)

    def run_from_here(self) -> None:
        """Run the open flow from the step at hand, with what the last run left."""
        self._ask_place(max(self._flows.current_step, 0))

    def _ask_place(self, first: int) -> None:
        flow = self._flows.flow
        if self.running:
            self._console.message.emit("A flow runs already. Stop it first.")
            return
        if flow is None or not flow.steps:
            self._refuse("Open a flow with steps to run it.")
            return
        wanted = _Wanted(flow, self._flows.document, first, self.options)
        place = place_of(self._console, flow)
        environment = place.environment
        if environment is None:
            self._refuse(place.text)
        elif place.other:
            go = lambda: self._agree(wanted, environment)  # noqa: E731 - nothing but a call
            self.asked.emit(OtherPlace(place.other, environment, go))
        else:
            self._agree(wanted, environment)

    def _refuse(self, text: str) -> None:
        self.trouble = text
        self._console.message.emit(f"Not run. {text}")
        self.changed.emit()

    def _agree(
        self,
        wanted: _Wanted,
        environment: Environment,
        confirmed: CreateQuestion | None = None,
    ) -> None:
        """See that secrets are known and creates are confirmed, then begin."""
        if self.running:
            return
        again = lambda: self._agree(wanted, self._fresh(environment), confirmed)  # noqa: E731
        if not self._console.guarding.has_secrets(environment, again):
            return
        question = create_question(
            self._console, wanted.flow, environment, wanted.first, wanted.options
        )
        if question is not None and question != confirmed:
            self._console.guarding.confirmation_wanted.emit(
                CreateWanted(
                    environment,
                    question,
                    lambda agreed: self._agree(wanted, environment, agreed),
                )
            )
            return
        self._begin(wanted, environment, confirmed=question is not None)

    def _fresh(self, environment: Environment) -> Environment:
        """Give the environment with the secrets that are known by now."""
        if not environment.name:
            return environment
        try:
            return self._console.environments.resolved(environment.name, environment.node)
        except ValueError:
            return environment

    def _begin(self, wanted: _Wanted, environment: Environment, *, confirmed: bool) -> None:
        self.flow, self.summary, self.trouble, self.stopping = wanted.flow, None, "", False
        self.document, self.first = wanted.document, wanted.first
        self.record, self.written = None, ()
        self.cases = self.requests = 0
        self.marks, self._chosen = RunMarks(), None
        self._events.clear()
        self.model.clear()
        self.model.first = wanted.first
        self._flows.set_marks({}, {})
        self._left.begin(wanted.first)
        self._console.message.emit(f"Running “{wanted.flow.title}” …")
        work = self._carry_out(wanted, environment, confirmed=confirmed)
        self._task = self._console.session.tasks.start(work, name="run the flow", owner=self)
        self._task.add_done_callback(self._on_end)
        self.changed.emit()

    async def _carry_out(
        self, wanted: _Wanted, environment: Environment, *, confirmed: bool
    ) -> None:
        enter_run()
        # Loaded with the first run: the start of the window does without them.
        from gms_console.runner.data_rows import DataError, read_rows  # noqa: PLC0415
        from gms_console.runner.faces import catalogue_paths  # noqa: PLC0415
        from gms_console.runner.runner import Runner  # noqa: PLC0415

        from .run_record import RunRecord  # noqa: PLC0415

        options, catalogue = wanted.options, self._console.services.catalogue
        rows: list[dict[str, str]] = []
        if options.data is not None:
            try:
                rows = await asyncio.to_thread(read_rows, options.data)
            except (DataError, OSError) as error:
                self._refuse(str(error))
                return
            if not rows:
                self._refuse(f"{options.data} has no rows.")
                return
        plan = self._left.plan(wanted.flow, environment, wanted.first, rows, options)
        self.cases = plan.size
        record = self.record = RunRecord(plan)
        await asyncio.sleep(0)  # modules were loaded: the window has its turn before the next ones
        if options.reports and not self._begin_reports(record, options.reports):
            return
        reports = self._reports
        self._runner = Runner(
            plan,
            self._tell,
            sessions=self._left.sessions(plan, None if reports is None else reports.room),
            confirm=lambda question: confirmed and question.base_url == environment.base_url,
            request_path=_usual_path if catalogue is None else catalogue_paths(catalogue),
        )
        self.changed.emit()
        try:
            self.summary = await self._runner.run()
        finally:
            self._flush()
            if reports is not None:
                self.trouble = await reports.end()
                self.written = reports.written

    def _begin_reports(self, record: RunRecord, files: Mapping[str, Path]) -> bool:
        """Open the reports that are wanted; say so where one cannot be written."""
        if len(set(files.values())) < len(files):
            self._refuse("Two reports cannot be the same file.")
            return False
        from ..evidence.desk import error_text  # noqa: PLC0415 - with the first report
        from .run_reports import RunReports  # noqa: PLC0415 - beside it

        try:
            self._reports = RunReports(self._console, record, files)
        except OSError as error:
            self._refuse(f"A report cannot be written. {error_text(error)}")
            return False
        return True

    # --- what the runner tells -----------------------------------------------------------------

    def _tell(self, event: RunEvent) -> None:
        if self._reports is not None:
            self._reports.tell(event)
        if self.record is not None:
            self.record.tell(event)
        self.marks.take(event)
        self.told.emit(event)
        if isinstance(event, ExchangeDone):
            self.requests += 1
        elif isinstance(event, StepEnded):
            self._left.learn(event)
        self._events.append(event)
        if isinstance(event, RunEnded):
            self._flush()
        elif not self._soon.isActive():
            self._soon.start()

    def _flush(self) -> None:
        """Show what has come since the last time."""
        self._soon.stop()
        events, self._events = self._events, []
        if not events:
            return
        self.model.take(events)
        self._mark()
        self._soon.setInterval(min(FLUSH_MS + len(self.model.cases) // 10, SLOWEST_MS))
        self.moved.emit()

    def _mark(self) -> None:
        """Show beside the steps of the flow what came of them."""
        if self.flow is not None and self.shown and self._flows.flow == self.flow:
            self._flows.set_marks(*self.marks.of(self.model.cases, self._chosen))

    def choose_case(self, case: CaseNode | None) -> None:
        """Show beside the steps what came of one case; None for all of them together."""
        if case is not self._chosen:
            self._chosen = case
            self._mark()

    def _on_flow(self) -> None:
        """Another flow is open, or it was edited; what came of a run is shown beside its own."""
        if self._flows.document is not self._marked_for:
            self._marked_for = self._flows.document
            self._mark()
        self.changed.emit()

    def _on_end(self, task: asyncio.Task[None]) -> None:
        if self._task is not task:
            return
        self._task = self._runner = self._reports = None
        self.stopping = False
        if self.summary is not None:
            self._console.message.emit(summary_text(self.summary))
        self.changed.emit()
        self.moved.emit()

    # --- pausing and stopping ------------------------------------------------------------------

    def toggle_pause(self) -> None:
        """Wait before the next step, or go on."""
        if self._runner is not None and not self.stopping:
            if self._runner.paused:
                self._runner.resume()
            else:
                self._runner.pause()
            self.changed.emit()

    def stop(self) -> None:
        """End the run after its clean-up steps; a second time without them."""
        if self._runner is not None:
            self._runner.stop()
            self.stopping = True
            self.changed.emit()
        elif self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        """End the run with its clean-up steps, as the console ends; not for ever."""
        task = self._task
        if task is not None:
            self.stop()
            await asyncio.wait([task], timeout=CLEAN_UP_SECONDS)

    # --- what a person looks at ------------------------------------------------------------------

    def show(self, exchange_id: str) -> None:
        """Show an exchange of the run in the main window."""
        if exchange_id:
            self._console.history.start(self._show(exchange_id), "show an exchange of the run")

    def kind_of(self, poll: Poll) -> ServiceKind | None:
        """Give what the catalogue knows of a poll's service."""
        return self._console.live.kind_of(poll.instance)

    async def _show(self, exchange_id: str) -> None:
        exchange = await self._console.history.exchange(exchange_id)
        if exchange is None:
            self._console.message.emit("This exchange is no longer kept.")
        else:
            self._console.show_past(exchange)
            self._console.message.emit("Shown in the main window (Alt+0 goes there).")


def _usual_path(service: str, request: str) -> str:
    """Send a request the common way, while no catalogue is known."""
    del service, request
    return REQUEST_PATH


def summary_text(summary: RunSummary) -> str:
    """Say in a line what came of a run."""
    ended = "Stopped" if summary.interrupted else "All passed" if summary.ok else "Not all passed"
    cases = f"{summary.passed:,} of {summary.cases:,} passed"
    parts = [f"{ended}: {cases}"]
    if summary.checks:
        parts.append(f"{_counted(summary.checks, 'check')}, {summary.failed_checks:,} failed")
    parts.append(_counted(summary.requests, "request"))
    return " · ".join((*parts, f"{summary.elapsed / 1000:,.1f} s"))


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
