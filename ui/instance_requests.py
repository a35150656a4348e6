"""The requests of an instance that its card offers: sent at once, or opened in the form."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.guard import CreateQuestion, GuardError
from gms_console.instance import Instance
from gms_console.model.environment import PathSegmentError
from gms_console.model.exchange import Exchange, FailureKind, Operation, OperationKind
from gms_console.model.form import Form
from gms_console.model.transfer import Transfer
from gms_console.presentation import status_line
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest

if TYPE_CHECKING:
    from gms_console.catalogue import RequestKind

    from .console import Console


class InstanceRequests(QObject):
    """Requests of any number of instances run side by side, and beside the form's and the polls.

    `changed` comes when one begins or ends, `opened` when one stands in the form: with True its
    values are to be typed, with False its name.
    """

    changed = Signal()
    opened = Signal(bool)

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self._under_way: dict[asyncio.Task[None], tuple[Instance, Operation]] = {}
        self._transfers: dict[asyncio.Task[None], Transfer] = {}
        self._filled_for: dict[str, str] = {}
        console.bridge.exchange_recorded.connect(self._on_exchange)

    def offered(self, instance: Instance) -> tuple[RequestKind, ...]:
        """Give the requests that the catalogue knows of; `status` where it knows no kind."""
        services = self._console.services
        if services.catalogue is None:
            return ()
        kind = services.kind_of(instance.service) if instance.service else None
        if kind is not None:
            return kind.requests
        from gms_console.catalogue import Provenance, RequestKind  # noqa: PLC0415 - loaded already

        meaning = "Gives the state. Whether this service has it is not known."
        return (RequestKind(name="status", meaning=meaning, provenance=Provenance.UNVERIFIED),)

    def under_way(self, instance: Instance) -> Sequence[str]:
        """Name the requests of an instance that wait for their answers."""
        return [sent.request for one, sent in self._under_way.values() if one is instance]

    def use(self, instance: Instance, request: RequestKind) -> None:
        """Send a request at once; one that takes parameters is opened in the form instead."""
        self._console.live.select(instance)
        if request.parameters:
            self.open(instance, request)
        else:
            self.send(instance, request)

    # --- sending -------------------------------------------------------------------------

    def send(self, instance: Instance, request: RequestKind) -> None:
        """Send a request without rows, and show its answer."""
        if instance not in self._console.session.instances:
            self._console.message.emit(f"Not sent. {instance.id} was closed here.")
            return
        if request.name in self.under_way(instance):
            self._console.message.emit(f"{request.name} is under way. Esc cancels it.")
            return

        def again(_: CreateQuestion | None) -> None:
            self.send(instance, request)

        try:
            prepared = instance.prepare(request.name, method=request.method, path=request.path)
            if not self._console.guarding.lets_out(instance.environment, prepared, again):
                return
        except (PathSegmentError, FormRefusedError, GuardError) as error:
            self._console.message.emit(f"Not sent. {error}")
            return
        transfer = Transfer()
        task = self._console.session.tasks.start(
            self._send(instance, prepared, transfer), name=f"request {request.name}", owner=instance
        )
        self._under_way[task] = (instance, prepared.operation)
        self._transfers[task] = transfer
        task.add_done_callback(lambda done: self._ended(done, instance))
        self._console.message.emit(f"Sending {prepared.operation.title} …")
        self._tell(instance)

    async def _send(
        self, instance: Instance, prepared: PreparedRequest, transfer: Transfer
    ) -> None:
        try:
            exchange, answer = await instance.send(prepared, transfer)
        except GuardError as error:
            # The guard level was changed at this very moment.
            self._console.message.emit(f"Not sent. {error}")
            return
        self._console.message.emit(f"{exchange.operation.title}: {status_line(exchange, answer)}")
        if instance is self._console.live.selected:
            self._console.show_exchange(exchange.id)

    def _on_exchange(self, exchange: Exchange) -> None:
        """Show a request that was cancelled; it ends before it could show itself."""
        failure = exchange.failure
        if failure is None or failure.kind is not FailureKind.CANCELLED:
            return
        for instance, sent in self._under_way.values():
            if sent is exchange.operation and instance is self._console.live.selected:
                self._console.show_exchange(exchange.id)
                self._console.message.emit(f"{sent.title}: {failure.kind.heading}")

    def _ended(self, task: asyncio.Task[None], instance: Instance) -> None:
        self._under_way.pop(task, None)
        self._transfers.pop(task, None)
        self._tell(instance)

    def _tell(self, instance: Instance) -> None:
        self._console.instances.note(instance)
        self.changed.emit()
        self._console.busy_changed.emit()

    @property
    def can_cancel(self) -> bool:
        """Whether a request of the selected instance waits for its answer."""
        return bool(self._of_selected())

    @property
    def transfer(self) -> Transfer | None:
        """How far the selected instance's first request has come that is under way."""
        return next((self._transfers[task] for task in self._of_selected()), None)

    def cancel(self) -> None:
        """Cancel the requests of the selected instance."""
        for task in self._of_selected():
            task.cancel()

    def _of_selected(self) -> list[asyncio.Task[None]]:
        selected = self._console.live.selected
        return [task for task, (one, _) in self._under_way.items() if one is selected]

    # --- the form ------------------------------------------------------------------------

    def open(self, instance: Instance, request: RequestKind) -> None:
        """Put a request into the form, with the rows that the catalogue knows."""
        console = self._console
        console.live.select(instance)
        draft = console.drafts[OperationKind.REQUEST]
        draft.instance_id = instance.id
        draft.use_request(
            request.name, request.method, Form(tuple(request.missing_rows(Form(), instance.id)))
        )
        before = self._filled_for.get(request.name, instance.id)
        form = refilled(draft.form_model.form, request, before, instance.id)
        if form != draft.form_model.form:
            draft.form_model.edit(form, "fill in the instance")
        self._filled_for[request.name] = instance.id
        self._bring_up()
        self.opened.emit(True)

    def open_other(self, instance: Instance) -> None:
        """Open the form for a request of any name, without rows."""
        console = self._console
        console.live.select(instance)
        draft = console.drafts[OperationKind.REQUEST]
        draft.instance_id = instance.id
        draft.use_request("", "POST", Form())
        self._bring_up()
        self.opened.emit(False)

    def _bring_up(self) -> None:
        self._console.set_target(OperationKind.REQUEST)
        # The fields show the draft anew, also where the form was in front already.
        self._console.target_changed.emit()


def refilled(form: Form, request: RequestKind, before: str, now: str) -> Form:
    """Give a form whose defaults that hold the id of an instance hold that of another one."""
    if before == now:
        return form
    defaults = {one.name: one.default for one in request.parameters if "{id}" in one.default}
    for place, row in enumerate(form):
        default = defaults.get(row.key)
        if default is not None and row.value == default.replace("{id}", before):
            form = form.changed(place, replace(row, value=default.replace("{id}", now)))
    return form
