"""The Console: what the panes show and what the actions do, between widgets and engine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.instance import Instance
from gms_console.model.answer import Answer, read_answer
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import Exchange, FailureKind, OperationKind
from gms_console.model.slot import Slot
from gms_console.poll import Poll
from gms_console.presentation import status_line
from gms_console.session import Session
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import REQUEST_PATH, PreparedRequest, prepare_create
from gms_console.workspace import PollSettings, Workspace

from .advice_desk import AdviceDesk
from .bridge import SessionBridge
from .embedded import EmbeddedSimulator
from .live import LiveDesk
from .models.draft import DraftModel
from .models.instance_model import InstanceModel
from .services import ServiceDesk

if TYPE_CHECKING:
    from gms_console.problems import ProblemTable

    from .phone_desk import PhoneDesk


@dataclass(frozen=True, slots=True)
class Preview:
    """The request that Send would send, or why it would not; `rows`: the reason by row."""

    prepared: PreparedRequest | None
    reason: str = ""
    rows: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """What the last exchange said of the environment; `tone`: muted, good, busy or error."""

    text: str
    tone: str


NOT_CONTACTED = Connection("Not contacted yet", "muted")


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
    message = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        parent: QObject | None = None,
        *,
        on_simulator: bool = False,
    ) -> None:
        """Begin where `workspace` was left; `on_simulator` sends to the simulator this time."""
        super().__init__(parent)
        self.workspace = workspace
        self._on_simulator = on_simulator
        self.session = Session(self._report)
        self.bridge = SessionBridge(self.session, self)
        self.instances = InstanceModel(self.session, self.bridge, self)
        self.simulator = EmbeddedSimulator()
        self.environment: Environment | None = None
        self.base_url_text = "" if on_simulator else workspace.base_url
        self.environment_error = ""
        self.connection = NOT_CONTACTED
        self.drafts = {
            OperationKind.CREATE: DraftModel(
                OperationKind.CREATE, workspace.create, self, workspace.others
            ),
            OperationKind.REQUEST: DraftModel(OperationKind.REQUEST, workspace.request, self),
        }
        self.target = OperationKind.CREATE
        self.phone_shown = False
        self.preview = Preview(None)
        self.exchange: Exchange | None = None
        self.answer: Answer | None = None
        self.problems: ProblemTable | None = None
        self._sending: asyncio.Task[None] | None = None
        self._following = True
        # Edits come in bursts (a paste, an undo); one preview at the end of each is enough.
        self._preview_soon = QTimer(self, singleShot=True, interval=0)
        self._preview_soon.timeout.connect(self.refresh_preview)
        for draft in self.drafts.values():
            draft.changed.connect(self._preview_soon.start)
        self.bridge.exchange_recorded.connect(self._on_exchange)
        self.services = ServiceDesk(self)
        self.live = LiveDesk(self)
        self.advice = AdviceDesk(self)
        self.services.catalogue_changed.connect(self._preview_soon.start)
        self.live.instance_selected.connect(self._preview_soon.start)
        self._phone: PhoneDesk | None = None
        if self.base_url_text:
            self.set_base_url(self.base_url_text)

    @property
    def phone(self) -> PhoneDesk:
        """The customer's phone; it is made when it is first asked for, not before the window."""
        if self._phone is None:
            from .phone_desk import PhoneDesk  # noqa: PLC0415 - as said

            self._phone = PhoneDesk(self)
        return self._phone

    # --- environment -------------------------------------------------------------------

    def set_base_url(self, text: str) -> None:
        """Send to another base URL from now on; a wrong one is kept, and explained."""
        self.base_url_text = text
        try:
            environment = Environment.parse(text)
        except BaseUrlError as error:
            self.environment, self.environment_error = None, str(error)
        else:
            self.environment_error = ""
            if environment != self.environment:
                self.environment = environment
                self.connection = NOT_CONTACTED
                self._tell_polls_elsewhere()
        self.environment_changed.emit()
        self.connection_changed.emit()
        self.refresh_preview()

    def _tell_polls_elsewhere(self) -> None:
        elsewhere = {
            poll.instance.environment.base_url
            for poll in self.session.running_polls()
            if poll.instance.environment != self.environment
        }
        if elsewhere:
            self.message.emit(f"Polls go on at {', '.join(sorted(elsewhere))}")

    def use_simulator(self) -> None:
        """Start the simulator if need be, and send to it."""
        self._set_connection(Connection("Starting the simulator …", "busy"))
        work = self._use_simulator(self.base_url_text)
        self.session.tasks.start(work, name="start the simulator", owner=self)

    async def _use_simulator(self, before: str) -> None:
        try:
            url = await self.simulator.start()
        except Exception:
            self._set_connection(Connection("The simulator did not start", "error"))
            raise
        if self.base_url_text != before:
            # Another one was typed while it started.
            return
        self.set_base_url(url)
        self.message.emit("Sending to the simulator in this window; nothing leaves this machine.")

    def _set_connection(self, connection: Connection) -> None:
        self.connection = connection
        self.connection_changed.emit()

    # --- what is to be sent --------------------------------------------------------------

    @property
    def draft(self) -> DraftModel:
        """The draft that is being edited."""
        return self.drafts[self.target]

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
        try:
            self.preview = Preview(self._prepare(draft))
        except FormRefusedError as error:
            rows: dict[int, str] = {}
            for problem in error.problems:
                rows[problem.index] = "; ".join(
                    text for text in (rows.get(problem.index), problem.message) if text
                )
            self.preview = Preview(None, str(error), tuple(rows.items()))
        except (BaseUrlError, PathSegmentError) as error:
            self.preview = Preview(None, str(error))
        draft.form_model.set_problems(dict(self.preview.rows))
        self.advice.refresh()
        self.preview_changed.emit()

    def _prepare(self, draft: DraftModel) -> PreparedRequest:
        if self.environment is None:
            raise BaseUrlError(self.environment_error or "There is no base URL to send to.")
        form = draft.form_model.form
        if not (draft.method.isascii() and draft.method.isalpha()):
            raise PathSegmentError(f"{draft.method!r} is no HTTP method; GMS takes POST mostly.")
        if draft.kind is OperationKind.CREATE:
            if not draft.service:
                raise PathSegmentError("Choose a service, or type its name.")
            return prepare_create(
                self.environment,
                draft.service,
                form,
                method=draft.method,
                kind=draft.body_kind,
                boundary=draft.boundary,
            )
        if not draft.instance_id:
            raise PathSegmentError("Choose an instance in the list, or type its id.")
        if not draft.request:
            raise PathSegmentError("Type the name of the request, such as status.")
        instance = self._target_instance(draft)
        request = self.services.request_of(instance.service, draft.request)
        return instance.prepare(
            draft.request,
            form,
            method=draft.method,
            kind=draft.body_kind,
            boundary=draft.boundary,
            path=request.path if request is not None else REQUEST_PATH,
        )

    def _target_instance(self, draft: DraftModel) -> Instance:
        """Give the instance that the request goes to; it is listed once something was sent."""
        if self.environment is None:
            raise BaseUrlError(self.environment_error)
        return self.session.find(self.environment, draft.instance_id) or self.session.detached(
            self.environment, draft.instance_id
        )

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
        return self._sending is not None

    @property
    def can_cancel(self) -> bool:
        """Whether there is something that cancel would end."""
        poll = self.live.poll
        return (
            self.sending
            or (self._phone is not None and self._phone.can_cancel)
            or self.live.requests.can_cancel
            or (poll is not None and poll.running)
        )

    def send(self, then_poll: PollSettings | None = None) -> None:
        """Send the draft as previewed; when it cannot be sent, say why and send nothing.

        With `then_poll`, the instance is polled after it: a new one as its service was polled
        last, or as its kind is.
        """
        if self.sending:
            return
        self.refresh_preview()
        prepared = self.preview.prepared
        if prepared is None or self.environment is None:
            self.message.emit(f"Not sent. {self.preview.reason}")
            return
        draft, environment = self.draft, self.environment
        owner: Console | Instance
        if draft.kind is OperationKind.CREATE:
            work, owner = self._create(environment, prepared, then_poll), self
        else:
            instance = self.session.attach(environment, prepared.operation.instance_id)
            work, owner = self._request(instance, prepared, then_poll), instance
        self._sending = self.session.tasks.start(work, name="send", owner=owner)
        # Not a finally of the task: one that is cancelled before its first step never gets there.
        self._sending.add_done_callback(lambda _: self._sent(draft))
        self._set_connection(Connection("Sending …", "busy"))
        self.message.emit(f"Sending {prepared.operation.title} …")
        self.busy_changed.emit()

    async def _create(
        self, environment: Environment, prepared: PreparedRequest, then_poll: PollSettings | None
    ) -> None:
        try:
            created = await self.session.create(environment, prepared)
        except FormRefusedError as error:
            self.message.emit(f"Not sent. {error}")
            return
        self.show(created.exchange, created.answer)
        # What was asked for stays in front; a poll of another instance must not cover it.
        self._following = False
        if created.instance is not None:
            self.live.select(created.instance)
        self.message.emit(_result(created.exchange, created.answer))
        if then_poll is not None and created.instance is not None:
            settings = self.live.poll_settings_for(created.instance)
            self.live.start_poll(settings, created.instance)

    async def _request(
        self, instance: Instance, prepared: PreparedRequest, then_poll: PollSettings | None
    ) -> None:
        self.live.select(instance)
        try:
            exchange, answer = await instance.send(prepared)
        except FormRefusedError as error:
            self.message.emit(f"Not sent. {error}")
            return
        self._following = False
        self.show(exchange, answer)
        self.message.emit(_result(exchange, answer))
        if then_poll is not None and answer.ok:
            self.live.start_poll(then_poll, instance)

    def _sent(self, draft: DraftModel) -> None:
        """Be ready for the next request, however this one ended."""
        self._sending = None
        if self.connection.tone == "busy":
            self._set_connection(NOT_CONTACTED)
        draft.renew_boundary()
        self.busy_changed.emit()

    def cancel(self) -> None:
        """Cancel the request under way, or the phone's; else stop the poll that is shown."""
        if self._sending is not None:
            self._sending.cancel()
        elif self._phone is not None and self._phone.can_cancel:
            self._phone.cancel()
        elif self.live.requests.can_cancel:
            self.live.requests.cancel()
        else:
            self.live.stop_poll()

    def follow(self) -> None:
        """Show from now on what the polls of the selected instance bring."""
        self._following = True

    def show_exchange(self, exchange_id: str) -> None:
        """Show one exchange of the past, until the next send or poll."""
        exchange = self.session.exchanges.get(exchange_id)
        if exchange is None:
            self.message.emit("This exchange is no longer kept.")
            return
        self._following = False
        self.show(exchange, read_answer(exchange))
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
        environment = self.environment
        if environment is None or not exchange.request.url.startswith(
            f"{environment.base_url.rstrip('/')}/"
        ):
            return
        if exchange.failure is not None and exchange.failure.kind is FailureKind.GIVEN_UP:
            return
        if exchange.failure is not None:
            self._set_connection(Connection(exchange.failure.kind.heading, "error"))
        else:
            self._set_connection(Connection(f"Answers ({exchange.timing.total:,.0f} ms)", "good"))
        cancelled = exchange.failure is not None and exchange.failure.kind is FailureKind.CANCELLED
        if cancelled and self.sending:
            # A cancelled send ends before it could show its exchange.
            answer = read_answer(exchange)
            self.show(exchange, answer)
            self.message.emit(_result(exchange, answer))

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
        base_url = self.base_url_text
        if base_url == self.simulator.base_url:
            # The simulator's port is another one next time; a demo keeps what was there before.
            base_url = self.workspace.base_url if self._on_simulator else ""
        return replace(
            self.workspace,
            base_url=base_url,
            create=self.drafts[OperationKind.CREATE].saved(),
            others=self.drafts[OperationKind.CREATE].saved_others(),
            request=self.drafts[OperationKind.REQUEST].saved(),
            poll=self.live.poll_settings,
            favourites=self.services.favourites,
            recent=self.services.recent,
            known_instances=self.live.known_instances,
            follow_methods=(
                dict(self._phone.follow_methods)
                if self._phone is not None
                else self.workspace.follow_methods
            ),
            notify=self.live.notify,
        )

    async def close(self) -> None:
        """End every request, poll and the simulator, and wait for them."""
        try:
            await self.session.close()
        finally:
            await self.simulator.stop()


def _result(exchange: Exchange, answer: Answer) -> str:
    return f"{exchange.operation.title}: {status_line(exchange, answer)}"
