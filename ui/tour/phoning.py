"""Chapters: a dialog on the customer's phone, and several services that live at once."""

from __future__ import annotations

import asyncio
from datetime import datetime

from gms_console.model.dialog import DialNumber, DisplayMenu

from .stage import NUMBER, Stage, tab
from .step import Chapter, Move, Spot, Step
from .waiting import TourError, until

CALLBACK = "VOICE-WAIT-USERORIG"
_UNTIL_PUSHED = 11
"""Seconds on the simulator's clock until an agent is free, and the push goes out."""

_COMPARED = "request-inbound-delay"
_LIVE = (
    "request-interaction",
    _COMPARED,
    "VOICE-NOW-USERTERM",
    "request-outbound-delay",
)


class Phoning:
    """A push brings a menu to the phone, and a choice on it sends the next request."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._console = stage.console
        self.menu_exchange = ""

    def chapter(self) -> Chapter:
        """Give the chapter."""
        stage, phone = self._stage, self._stage.key("phone")
        back = f"The phone is behind the form; {phone} shows it."
        return Chapter(
            "Follow a dialog on the phone",
            (
                Step(
                    "phone-menu",
                    "The push of a callback brings a menu to the phone.",
                    self._push,
                    dark=True,
                ),
                Step(
                    "phone-number",
                    "A choice on it sends the next request.",
                    self._pick,
                    dark=True,
                    wide=True,
                ),
            ),
            "GMS says what the app shows next, and each choice sends a request. "
            "Here you are the customer.",
            (
                stage.choosing(CALLBACK),
                stage.filling("_customer_number"),
                stage.sending(f"Press {stage.key('send')}: the customer queues up.", CALLBACK),
                Move(
                    f"Press {phone}: this is the customer's phone.",
                    lambda: tab(stage.window.request_pane.tabs, "Phone"),
                    lambda _: self._console.phone_shown,
                ),
                Move(
                    "When an agent is free, “Push waiting” stands beside the phone. "
                    "Press Receive push then, as the app would.",
                    self._push_spot,
                    lambda since: self._came(DisplayMenu, since),
                    back,
                ),
                Move(
                    "Choose on the phone what the customer wants; the digit 1 takes the first.",
                    self._phone_spot,
                    lambda since: self._came(DialNumber, since),
                    back,
                ),
            ),
        )

    def _push_spot(self) -> Spot | None:
        pane = self._stage.window.request_pane.phone_pane
        return None if pane is None else Spot(pane.push)

    def _phone_spot(self) -> Spot | None:
        pane = self._stage.window.request_pane.phone_pane
        return None if pane is None else Spot(pane.frame)

    def _came(self, kind: type[object], since: datetime) -> bool:
        """Whether the phone of the new callback has shown such a screen."""
        instance = self._stage.created(CALLBACK, since)
        screens = instance.trail.screens if instance is not None else ()
        return any(isinstance(one.dialog, kind) for one in screens)

    async def _push(self) -> str:
        stage, phone = self._stage, self._console.phone
        await stage.choose(CALLBACK)
        await stage.fill("_customer_number", f"+1{NUMBER}")
        await stage.send()
        stage.simulator.clock.advance(_UNTIL_PUSHED)
        stage.window.go_actions.go_to_phone()
        await stage.pause()
        phone.pushes.receive(phone.pushes.text("get-dialog"))
        await until(lambda: isinstance(self._dialog(), DisplayMenu), "the menu")
        screen = phone.screen
        self.menu_exchange = screen.exchange_id if screen is not None else ""
        return "the phone shows a menu"

    async def _pick(self) -> str:
        await self._stage.pause()
        menu = self._dialog()
        if not isinstance(menu, DisplayMenu):
            raise TourError("no menu on the phone")
        self._console.phone.choose(menu.groups[0].items[0], 1)
        await until(lambda: isinstance(self._dialog(), DialNumber), "the number to call")
        await self._stage.pause()
        number = self._dialog()
        return f"call {number.number}" if isinstance(number, DialNumber) else ""

    def _dialog(self) -> object:
        screen = self._console.phone.screen
        return screen.dialog if screen is not None else None


class Living:
    """Several services live side by side, each with a poll of its own."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._console = stage.console

    def chapter(self) -> Chapter:
        """Give the chapter."""
        step = Step(
            "live-services",
            "Several services live at once.",
            self._live,
            dark=True,
            wide=True,
            tidy=self._serve,
        )
        return Chapter("Live services", (step,))

    async def _live(self) -> str:
        stage = self._stage
        for service in _LIVE:
            await stage.choose(service)
            self._console.draft.set_value(self._number_key(), f"+1{NUMBER}")
            await stage.send()
            if stage.window.poll_pane.request_edit.text() != "":
                stage.window.poll_pane.toggle()
        await asyncio.sleep(1.2)
        return f"{len(self._console.session.running_polls())} polls run side by side"

    async def _serve(self) -> None:
        """Have agents for all, so that there is a second poll to compare the first with."""
        for _ in _LIVE:
            self._stage.simulator.control.agent_free_now()
        delayed = [
            poll
            for instance, polls in self._console.session.polls.items()
            for poll in polls
            if instance.service == _COMPARED
        ]
        await until(lambda: not any(poll.running for poll in delayed), "the poll to end")

    def _number_key(self) -> tuple[str, ...]:
        kind = self._console.services.kind
        known = kind is not None and kind.parameter("_customer_number") is not None
        return ("_customer_number",) if known else ("_phone_number",)
