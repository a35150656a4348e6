"""The phone of the presenter layout: the real one while live, that of the journey in a replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.model.dialog import ChatAnswer, MenuItem, StartChat
from gms_console.trail import Screen

from ..phone.handset import Handset, Page

if TYPE_CHECKING:
    from ..panes.phone.source import Owner
    from ..phone.desk import PhoneDesk
    from .desk import DemoDesk

_CHAT_LINES = 12
"""Lines of a chat that stand on the phone."""


class StagePhone(QObject):
    """What the phone on the stage shows, masked where the stage is.

    While live it is the phone of the instance that is selected, and can be pressed. In a replay
    it shows what the phone showed then; pressing it sends nothing.
    """

    changed = Signal()

    def __init__(self, desk: DemoDesk, live: PhoneDesk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._live = live
        self._nobodys = Handset()
        live.changed.connect(self._on_live)

    def _on_live(self) -> None:
        if self._desk.player is None:
            self.changed.emit()

    # --- what there is to see --------------------------------------------------------------------

    @property
    def instance(self) -> Owner | None:
        """Whose phone it is."""
        if self._desk.player is None:
            return self._live.instance
        return self._desk.customer

    @property
    def origin(self) -> str:
        """The host that it lives on."""
        return self._live.origin if self._desk.player is None else ""

    @property
    def hidden(self) -> bool:
        """Whether numbers and codes are hidden."""
        return self._desk.masked

    @property
    def handset(self) -> Handset:
        """What stands on the phone beside its screens."""
        return self._live.handset if self._desk.player is None else self._nobodys

    @property
    def screens(self) -> Sequence[Screen]:
        """The screens so far, oldest first."""
        if self._desk.player is None:
            return self._live.screens
        current = self._desk.customer
        return current.trail.screens if current is not None else ()

    @property
    def screen(self) -> Screen | None:
        """The screen that is shown; of a chat with all that was written so far."""
        latest = self.screens[-1] if self.screens else None
        shown = self._live.screen if self._desk.player is None else latest
        owner, customer = self.instance, self._desk.customer
        if shown is not latest or owner is None or customer is None or owner.id != customer.id:
            return shown
        return _whole_chat(shown, tuple(customer.lines)[-_CHAT_LINES:])

    @property
    def in_the_past(self) -> bool:
        """Whether an earlier screen is shown."""
        return self._desk.player is None and self._live.in_the_past

    @property
    def nothing(self) -> tuple[str, str]:
        """Give the last words of the story, while no answer had anything for the phone."""
        customer = self._desk.customer
        steps = reversed(self._desk.steps)
        mine = (one for one in steps if customer and one.customer == customer.id)
        step = next(mine, None)
        if step is None or self.instance is None:
            return "The customer's phone", "It shows what the customer sees in the app."
        return step.caption, step.detail

    @property
    def page(self) -> Page | None:
        """The page that was fetched for the screen."""
        return self._live.page if self._desk.player is None else None

    @property
    def acknowledged(self) -> bool:
        """Whether a message was answered with its button."""
        return self._desk.player is None and self._live.acknowledged

    def say(self, text: str) -> str:
        """Give a text as the audience may read it."""
        return self._desk.say(text)

    def expires(self, number: int) -> datetime | None:
        """Give when the access of a screen ends; in a replay that was long ago."""
        return self._live.expires(number) if self._desk.player is None else None

    def page_text(self, path: str) -> str:
        """Give the address of a page."""
        return self._live.page_text(path) if self._desk.player is None else path

    # --- what is pressed -------------------------------------------------------------------------

    def choose(self, item: MenuItem, place: int) -> None:
        """Choose an entry of a menu."""
        if self._may_send():
            self._live.choose(item, place)

    def start_chat(self, dialog: StartChat) -> None:
        """Begin the chat."""
        if self._may_send():
            self._live.start_chat(dialog)

    def open_chat(self) -> None:
        """Show the chat whole, in a window of its own: not on the stage."""
        self._desk.tell("Leave demo mode (F11) to open the chat.")

    def acknowledge(self) -> None:
        """Press the button of a message."""
        if self._may_send():
            self._live.acknowledge()

    def edit_page_text(self, text: str) -> None:
        """Take what was typed as the address."""
        if self._desk.player is None:
            self._live.edit_page_text(text)

    def open_page(self, text: str) -> None:
        """Open a page in the browser."""
        if self._may_send():
            self._live.open_page(text)

    def show_page(self, text: str) -> None:
        """Fetch a page, and show it."""
        if self._may_send():
            self._live.show_page(text)

    def mention_link(self, address: str) -> None:
        """Say where a link leads."""
        self._live.mention_link(address)

    def consent(self, *, always: bool) -> None:
        """Send to another host."""
        if self._may_send():
            self._live.consent(always=always)

    def decline(self) -> None:
        """Do not send to another host."""
        self._live.decline()

    def back_to_latest(self) -> None:
        """Show the latest screen."""
        if self._desk.player is None:
            self._live.back_to_latest()

    def cancel(self) -> None:
        """Cancel what is under way."""
        if self._desk.player is None:
            self._live.cancel()

    def _may_send(self) -> bool:
        if self._desk.player is None:
            return True
        self._desk.tell("This is a recording: pressing the phone sends nothing.")
        return False


def _whole_chat(screen: Screen | None, lines: tuple[str, ...]) -> Screen | None:
    """Give the screen of a chat with more lines than its last answer held."""
    if screen is None or not isinstance(screen.dialog, ChatAnswer):
        return screen
    return replace(screen, dialog=replace(screen.dialog, lines=lines))
