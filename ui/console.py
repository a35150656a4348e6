"""The Console: what the panes show and what the actions do, between widgets and engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.body_files import BodyFiles
from gms_console.instance import Instance
from gms_console.model.answer import Answer, read_answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind, OperationKind
from gms_console.model.slot import Slot
from gms_console.model.transfer import Transfer
from gms_console.poll import Poll
from gms_console.session import Session
from gms_console.workspace import PollSettings, Workspace

from .advice_desk import AdviceDesk
from .bridge import SessionBridge
from .capture_desk import CaptureDesk
from .comparison.desk import ComparisonDesk
from .comparison.second_place import SecondPlace
from .environments.desk import EnvironmentDesk
from .environments.guard_desk import GuardDesk
from .environments.place import Connection, Place
from .environments.switching import Switching
from .form_sender import FormSender, result_line
from .history.desk import HistoryDesk
from .live import LiveDesk
from .models.draft import DraftModel
from .models.instance_model import InstanceModel
from .preparing import Preview, make_preview
from .redirect_desk import RedirectDesk
from .saving import saved_workspace
from .services import ServiceDesk
from .simulator.embedded import EmbeddedSimulator
from .variable_desk import VariableDesk

if TYPE_CHECKING:
    from pathlib import Path

    from gms_console.problems import ProblemTable

    from .body_desk import BodyDesk
    from .flows.desk import FlowDesk
    from .flows.run_desk import RunDesk
    from .phone.desk import PhoneDesk


class Console(QObject):
    """Everything the window knows. Panes read it and listen; actions call its methods.

    One request of the form is sent at a time. Polls run beside it, each on its own instance, and
    so do requests that are sent from an instance's card.
    """

    environment_changed = Signal()
    connection_changed = Signal()
    target_changed = Signal()
    preview_changed = Signal()
    busy_changed = Signal()
    exchange_chosen = Signal()
    answer_changed = Signal()
    flows_made = Signal()
    chat_wanted = Signal(object, object)
    message = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        parent: QObject | None = None,
        *,
        on_simulator: bool = False,
        history_folder: Path | None = None,
    ) -> None:
        """Begin where `workspace` was left; `on_simulator` sends to the simulator this time.

        `history_folder` is where what is sent and received is kept; None keeps nothing.
        """
        super().__init__(parent)
        self.workspace = workspace
        self.started, self.evidence_choices = datetime.now(UTC), dict(workspace.evidence)
        self.on_simulator = on_simulator
        self.history = HistoryDesk(self, history_folder)
        self.session = Session(self._report, history=self.history.engine, files=BodyFiles())
        self.bridge = SessionBridge(self.session, self)
        self.instances = InstanceModel(self.session, self.bridge, self)
        self.simulator = EmbeddedSimulator(config=workspace.simulator_config)
        self.place = Place(self, "" if on_simulator else workspace.base_url)
        self.drafts = {
            OperationKind.CREATE: DraftModel(
                OperationKind.CREATE, workspace.create, self, workspace.others
            ),
            OperationKind.REQUEST: DraftModel(OperationKind.REQUEST, workspace.request, self),
        }
        self.captures = CaptureDesk(self)
        self.variables = VariableDesk(self)
        for draft in self.drafts.values():
            draft.file_model.use_paths(self.variables.path)
            self.environment_changed.connect(draft.file_model.refresh)
            self.captures.changed.connect(draft.file_model.refresh)
        self.target = OperationKind.CREATE
        self.phone_shown = False
        self.preview = Preview(None)
        self.exchange: Exchange | None = None
        self.answer: Answer | None = None
        self.problems: ProblemTable | None = None
        self._following = True
        self.form = FormSender(self)
        # Edits come in bursts (a paste, an undo); one preview at the end of each is enough.
        self._preview_soon = QTimer(self, singleShot=True, interval=0)
        self._preview_soon.timeout.connect(self.refresh_preview)
        for draft in self.drafts.values():
            draft.changed.connect(self._preview_soon.start)
            draft.restored.connect(self.target_changed)
        self.bridge.exchange_recorded.connect(self._on_exchange)
        self.services = ServiceDesk(self)
        self.live = LiveDesk(self)
        self.advice = AdviceDesk(self)
        self.services.catalogue_changed.connect(self._preview_soon.start)
        self.live.instance_selected.connect(self._preview_soon.start)
        self._phone: PhoneDesk | None = None
        self._bodies: BodyDesk | None = None
        self._flows: FlowDesk | None = None
        self._runs: RunDesk | None = None
        self.redirects = RedirectDesk(self)
        self.environments = EnvironmentDesk(self)
        self.guarding = GuardDesk(self)
        self.switching = Switching(self)
        self.comparison = ComparisonDesk(self)
        self.second_place = SecondPlace(self)
        self.environment_changed.connect(lambda: self.instances.show_here(self.environment))
        if self.environments.chosen:
            self.environments.await_chosen()
        elif self.base_url_text:
            self.set_base_url(self.base_url_text)

    @property
    def phone(self) -> PhoneDesk:
        """The customer's phone; it is made when it is first asked for, not before the window."""
        if self._phone is None:
            from .phone.desk import PhoneDesk  # noqa: PLC0415 - as said

            self._phone = PhoneDesk(self)
        return self._phone

    @property
    def bodies(self) -> BodyDesk:
        """What is asked about the body of the answer; made with the first one that is shown."""
        if self._bodies is None:
            from .body_desk import BodyDesk  # noqa: PLC0415 - as said

            self._bodies = BodyDesk(self)
        return self._bodies

    @property
    def flows(self) -> FlowDesk:
        """The flows that are open; made when the first one is, which `flows_made` tells."""
        if self._flows is None:
            from .flows.desk import FlowDesk  # noqa: PLC0415 - as said

            self._flows = FlowDesk(self)
            self.flows_made.emit()
        return self._flows

    @property
    def runs(self) -> RunDesk:
        """What runs the open flow; made with the window of flows."""
        if self._runs is None:
            from .flows.run_desk import RunDesk  # noqa: PLC0415 - as said

            self._runs = RunDesk(self, self.flows)
        return self._runs

    # --- environment -------------------------------------------------------------------

    @property
    def environment(self) -> Environment | None:
        """Where requests go; None while there is nothing to send to."""
        return self.place.environment

    @property
    def environment_error(self) -> str:
        """Why there is nothing to send to."""
        return self.place.error

    @property
    def base_url_text(self) -> str:
        """The base URL that was typed last."""
        return self.place.base_url_text

    @property
    def connection(self) -> Connection:
        """What the last exchange said of the environment."""
        return self.place.connection

    def set_base_url(self, text: str) -> None:
        """Send to a base URL that was typed; a wrong one is kept, and explained."""
        self.place.set_base_url(text)

    def use_environment(self, environment: Environment) -> None:
        """Send to an environment from now on, whatever runs at the one before."""
        self.place.use(environment)

    def use_simulator(self) -> None:
        """Start the simulator if need be, and send to it."""
        self.place.use_simulator()

    # --- what is to be sent --------------------------------------------------------------

    @property
    def draft(self) -> DraftModel:
        """The draft that is being edited."""
        return self.drafts[self.target]

    @property
    def request_place(self) -> Environment | None:
        """Where the instance lives that the form's request is for."""
        if self.environment is None:
            return None
        typed = self.variables.text(self.drafts[OperationKind.REQUEST].instance_id)
        found = self.session.find(self.environment, typed)
        return self.environment if found is None else found.environment

    def set_target(self, target: OperationKind) -> None:
        """Edit the create, or the request on an instance."""
        if target is not self.target or self.phone_shown:
            self.target = target
            self.phone_shown = False
            self.target_changed.emit()
            self.refresh_preview()

    def show_phone(self) -> None:
        """Bring the phone to the front, in the place of the form."""
        if not self.phone_shown:
            self.phone_shown = True
            self.target_changed.emit()

    def refresh_preview(self) -> None:
        """Prepare the request anew from the draft as it is now."""
        self._preview_soon.stop()
        draft = self.draft
        self.variables.refresh()
        self.preview = make_preview(self, draft)
        draft.form_model.set_problems(dict(self.preview.rows))
        self.advice.refresh()
        self.preview_changed.emit()

    def pick_time(self, slot: Slot) -> None:
        """Take over a time that GMS offered, into the form that asked for one."""
        keys = ("_desired_time", "_new_desired_time")
        request = self.drafts[OperationKind.REQUEST]
        moves = any(row.key == keys[1] for row in request.form_model.form)
        if moves and self.target is OperationKind.REQUEST:
            request.set_value(keys[::-1], slot.time)
        else:
            self.drafts[OperationKind.CREATE].set_value(keys, slot.time)
            self.set_target(OperationKind.CREATE)
        self.message.emit(f"{slot.time} is in the form; nothing was sent.")

    # --- sending -------------------------------------------------------------------------

    @property
    def sending(self) -> bool:
        """Whether a request is under way (polls not counted)."""
        return self.form.sending

    @property
    def transfer(self) -> Transfer | None:
        """How far the request has come that cancel would end; None for none (polls not counted)."""
        if self.form.transfer is not None:
            return self.form.transfer
        phones = self._phone.transfer if self._phone is not None else None
        return phones or self.live.requests.transfer

    @property
    def can_cancel(self) -> bool:
        """Whether there is something that cancel would end."""
        poll = self.live.poll
        return (
            self.sending
            or (self._phone is not None and self._phone.can_cancel)
            or self.live.requests.can_cancel
            or self.guarding.asking
            or (poll is not None and poll.running)
        )

    def send(self, then_poll: PollSettings | None = None) -> None:
        """Send the draft as previewed, and poll the instance that comes of it if that is wanted."""
        self.form.send(then_poll)

    def cancel(self) -> None:
        """Cancel the request under way, or the phone's; else stop the poll that is shown."""
        if self.sending:
            self.form.cancel()
        elif self.guarding.asking:
            self.guarding.cancel()
        elif self._phone is not None and self._phone.can_cancel:
            self._phone.cancel()
        elif self.live.requests.can_cancel:
            self.live.requests.cancel()
        else:
            self.live.stop_poll()

    def phone_work(self, instance: Instance) -> tuple[str, ...]:
        """Name what the phone of an instance waits for."""
        return self._phone.under_way(instance) if self._phone is not None else ()

    def follow(self) -> None:
        """Show from now on what the polls of the selected instance bring."""
        self._following = True

    def stop_following(self) -> None:
        """Let what is shown stay in front; a poll must not cover it."""
        self._following = False

    def show_exchange(self, exchange_id: str) -> None:
        """Show one exchange of the past, until the next send or poll."""
        exchange = self.session.exchanges.get(exchange_id)
        if exchange is None:
            self.message.emit("This exchange is no longer kept.")
            return
        self.show_past(exchange)

    def show_past(self, exchange: Exchange) -> None:
        """Show an exchange of the past, of this start or an earlier one, until the next send."""
        self._following = False
        answer = read_answer(exchange)
        if self.history.was_followed(exchange):
            # What led on is no problem, whatever its status.
            answer = replace(answer, problem=None)
        self.show(exchange, answer)
        self.exchange_chosen.emit()

    @property
    def shown_instance(self) -> Instance | None:
        """The instance that the shown answer is about."""
        if self.exchange is None or self.answer is None:
            return self.live.selected
        wanted = self.exchange.operation.instance_id or self.answer.id
        return next((one for one in self.session.instances if one.id == wanted), None)

    # --- what comes back -------------------------------------------------------------------

    def show(self, exchange: Exchange, answer: Answer) -> None:
        """Show an Exchange and what was read from it."""
        self.exchange, self.answer = exchange, answer
        self.answer_changed.emit()

    def _on_exchange(self, exchange: Exchange) -> None:
        self.place.learn(exchange)
        cancelled = exchange.failure is not None and exchange.failure.kind is FailureKind.CANCELLED
        sent_to = self.form.sent_to
        if cancelled and sent_to is not None and exchange.operation is sent_to[1]:
            # A cancelled send ends before it could show its exchange.
            answer = read_answer(exchange)
            self.show(exchange, answer)
            self.message.emit(result_line(exchange, answer))

    def show_poll_answer(self, poll: Poll) -> None:
        """Show what a poll brought, unless something else was asked for."""
        exchange, answer = poll.last_exchange, poll.last_answer
        news = exchange is not None and exchange is not self.exchange
        if news and self._following and not self.sending and exchange and answer:
            self.show(exchange, answer)

    def _report(self, name: str, error: BaseException) -> None:
        self.message.emit(f"{name.capitalize()} failed: {error}")

    # --- start and end ---------------------------------------------------------------------

    def saved(self) -> Workspace:
        """Give what the next start takes over."""
        return saved_workspace(self, self._phone, self._bodies, self._flows)

    async def close(self) -> None:
        """End every request, poll and the simulator, and wait for them."""
        self.environments.close()
        if self._flows is not None:
            self._flows.files.close()
        self.history.end()
        if self._runs is not None:
            await self._runs.close()
        try:
            if self._bodies is not None:
                await self._bodies.close()
        finally:
            try:
                await self.session.close()
            finally:
                await self.simulator.stop()
