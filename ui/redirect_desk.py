"""The RedirectDesk: the way that redirects led the shown answer, and following one elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.client.redirects import Redirect, RedirectError, redirect_of
from gms_console.guard import GuardError
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.model.transfer import Transfer
from gms_console.presentation import status_line
from gms_console.wire.refusal import FormRefusedError

if TYPE_CHECKING:
    from .console import Console

_PLACES_KEPT = 64


class RedirectDesk(QObject):
    """What redirects have to do with the answer that is shown.

    `way` are the Exchanges from the first request to the last answer; it stays while one of them
    is shown. `redirect` says where the shown answer leads, if nobody followed it.
    """

    changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.way: tuple[Exchange, ...] = ()
        self.redirect: Redirect | None = None
        self._places: dict[str, Environment] = {}
        console.bridge.exchange_recorded.connect(self._on_exchange)
        console.answer_changed.connect(self._look)

    def follow(self) -> None:
        """Send to where the shown answer leads, once and as a stranger; a person has agreed."""
        console, exchange = self._console, self._console.exchange
        if exchange is None or self.redirect is None or console.sending:
            return
        environment = self._environment(exchange)
        if environment is None or not self.redirect.allowed:
            return
        transfer = Transfer()
        console.form.begin(
            self._follow(environment, exchange, transfer),
            console.shown_instance or console,
            (environment, exchange.operation),
            transfer,
        )

    async def _follow(
        self, environment: Environment, exchange: Exchange, transfer: Transfer
    ) -> None:
        console = self._console
        try:
            last, answer = await console.session.follow_redirect(environment, exchange, transfer)
        except (RedirectError, GuardError, FormRefusedError) as error:
            console.message.emit(f"Not sent. {error}")
            return
        console.show_exchange(last.id)
        said = f"{last.operation.title}: {status_line(last, answer)}"
        if answer.id is not None and not exchange.operation.instance_id:
            said += ". The service lives there and is not listed here."
        console.message.emit(said)

    def _on_exchange(self, exchange: Exchange) -> None:
        """Keep where the form sent what was redirected; another place may be chosen by then."""
        sent_to, response = self._console.form.sent_to, exchange.response
        redirected = response is not None and response.status // 100 == 3
        if redirected and sent_to is not None and exchange.operation is sent_to[1]:
            self._places[exchange.id] = sent_to[0]
            if len(self._places) > _PLACES_KEPT:
                del self._places[next(iter(self._places))]

    def _environment(self, exchange: Exchange) -> Environment | None:
        """Give the Environment that an Exchange was made in; None where that is not known."""
        instance = self._console.shown_instance
        if exchange.operation.instance_id and instance is not None:
            return instance.environment
        if exchange.id in self._places:
            return self._places[exchange.id]
        current = self._console.environment
        same = current is not None and exchange.environment == current.name
        return current if same else None

    def _look(self) -> None:
        exchange = self._console.exchange
        if exchange is None:
            self.way, self.redirect = (), None
        else:
            if not any(one is exchange for one in self.way):
                self.way = exchange.hops
            environment = self._environment(exchange)
            self.redirect = None if environment is None else redirect_of(environment, exchange)
            if self._console.history.followed_then(exchange):
                self.redirect = None
        self.changed.emit()
