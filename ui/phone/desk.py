"""The PhoneDesk: the customer's phone as the window has it, and what choosing on it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal

from gms_console.guard import CreateQuestion
from gms_console.instance import Instance
from gms_console.model.dialog import AccessDialog, Confirmation, DialNumber, MenuItem, StartChat
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.transfer import Transfer
from gms_console.phone import (
    AddressError,
    follow_up,
    page_request,
    page_url,
    send_follow_up,
)
from gms_console.presentation import status_line
from gms_console.trail import Screen

from .handset import (
    NO_INSTANCE,
    NO_SCREEN,
    Errand,
    Handset,
    Page,
    note_of,
    page_of,
    same_number,
)
from .pushes import REFUSED, PhonePushes

if TYPE_CHECKING:
    from ..console import Console

METHODS = ("POST", "GET")
"""What choices are sent with: the vendor's first app has POST, a later one GET (domain 3.2)."""


class PhoneDesk(QObject):
    """What the phone of the selected instance shows, and what choosing on it does.

    Each instance has its own Handset; requests of several phones may be under way at once.
    `open_address` opens an address in the system's browser; tests put another in its place.
    """

    changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.follow_methods = dict(console.workspace.follow_methods)
        self.open_address: Callable[[str], object] = _open_in_browser
        self._handsets: dict[Instance, Handset] = {}
        self._nobodys = Handset()
        self._allowed: set[str] = set()
        self.pushes = PhonePushes(console, self)
        console.live.instance_selected.connect(self.changed)
        console.bridge.instance_changed.connect(self._on_instance)
        console.bridge.instance_removed.connect(self._on_removed)
        console.bridge.exchange_recorded.connect(self._on_exchange)
        console.environment_changed.connect(self.changed)
        console.services.catalogue_changed.connect(self.changed)

    # --- what there is to see ----------------------------------------------------------------

    @property
    def instance(self) -> Instance | None:
        """Whose phone it is."""
        return self._console.live.selected

    @property
    def origin(self) -> str:
        """The host that the instance lives on."""
        return self.instance.environment.origin if self.instance is not None else ""

    @property
    def hidden(self) -> bool:
        """Whether numbers are hidden: not from who tests."""
        return False

    @property
    def nothing(self) -> tuple[str, str]:
        """Say what there is to do next, while there is no screen."""
        if self.instance is None:
            return "No phone yet", NO_INSTANCE
        return "Nothing to show yet", NO_SCREEN

    def say(self, text: str) -> str:
        """Give a text as it is: who tests sees what came."""
        return text

    @property
    def handset(self) -> Handset:
        """Give what stands on the phone beside its trail."""
        instance = self.instance
        if instance is None:
            return self._nobodys
        return self._handsets.setdefault(instance, Handset())

    @property
    def screens(self) -> tuple[Screen, ...]:
        """The screens that the phone went through, oldest first."""
        return self.instance.trail.screens if self.instance is not None else ()

    @property
    def screen(self) -> Screen | None:
        """The screen that is shown: the latest, or an earlier one that was chosen."""
        past = self.handset.past
        return next(
            (one for one in self.screens if one.number == past),
            self.screens[-1] if self.screens else None,
        )

    @property
    def in_the_past(self) -> bool:
        """Whether an earlier screen is shown."""
        return self.screen is not None and self.screen is not self.screens[-1]

    @property
    def page(self) -> Page | None:
        """The page that was fetched for the shown screen, if it was."""
        page, screen = self.handset.page, self.screen
        shown = page is not None and screen is not None and page.screen == screen.number
        return page if shown else None

    @property
    def acknowledged(self) -> bool:
        """Whether the shown confirmation was answered with its button."""
        return self.screen is not None and self.screen.number in self.handset.acknowledged

    def expires(self, number: int) -> datetime | None:
        """Give when the access that a screen shows ends, if the answer said so."""
        screen = next((one for one in self.screens if one.number == number), None)
        access = self.instance.access if self.instance is not None else None
        if screen is not None and isinstance(screen.dialog, AccessDialog):
            return screen.dialog.access.expires
        if screen is None or not isinstance(screen.dialog, DialNumber) or access is None:
            return None
        return access.expires if same_number(access.number, screen.dialog.number) else None

    # --- the method that choices are sent with -------------------------------------------------

    @property
    def _place(self) -> str:
        environment = (
            self.instance.environment if self.instance is not None else self._console.environment
        )
        return environment.base_url if environment is not None else ""

    @property
    def method(self) -> str:
        """The method that choices and pushes are followed with, in this environment."""
        return self.follow_methods.get(self._place, METHODS[0])

    def set_method(self, method: str) -> None:
        """Follow with another method from now on, in this environment."""
        if self._place and method != self.method:
            self.follow_methods[self._place] = method
            self.changed.emit()

    # --- choosing ------------------------------------------------------------------------------

    def choose(self, item: MenuItem, place: int) -> None:
        """Send what an entry of the menu stands for."""
        self.begin(
            lambda instance: Errand(
                follow_up(instance, item.url, item.label, self.method), place=place
            )
        )

    def start_chat(self, dialog: StartChat) -> None:
        """Create the chat interaction, at the dialog's address or at the instance's own."""

        def make(instance: Instance) -> Errand:
            url = dialog.url or instance.environment.service_url(instance.id, "ixn", "chat")
            return Errand(follow_up(instance, url, "Start the chat"))

        self.begin(make)

    def open_chat(self) -> None:
        """Go on with the chat of the shown screen in the window of chats."""
        instance, screen = self.instance, self.screen
        if instance is not None and screen is not None:
            exchange = self._console.session.exchanges.get(screen.exchange_id)
            self._console.chat_wanted.emit(instance, exchange)

    def acknowledge(self) -> None:
        """Press the button of a confirmation; that sends nothing (domain 3.2)."""
        if self.screen is not None and isinstance(self.screen.dialog, Confirmation):
            self.handset.acknowledged.add(self.screen.number)
            self._tell()

    # --- pages -----------------------------------------------------------------------------------

    def page_text(self, path: str) -> str:
        """Give what stands in the address line of a page: as it was edited, else its URL."""
        number = self.screen.number if self.screen is not None else 0
        edited = self.handset.page_texts.get(number)
        if edited is not None or self.instance is None:
            return edited or ""
        try:
            return page_url(self.instance.environment, path)
        except AddressError:
            return path

    def edit_page_text(self, text: str) -> None:
        """Take what was typed into the address line."""
        if self.screen is not None:
            self.handset.page_texts[self.screen.number] = text

    def open_page(self, text: str) -> None:
        """Open a page in the system's browser, which then loads it by itself."""
        if self.instance is None:
            return
        try:
            url = page_url(self.instance.environment, text)
        except AddressError as error:
            self.refuse(str(error))
            return
        self.handset.clear()
        if self.open_address(url) is False:
            self.refuse("The system opened no browser.")
            return
        self._console.message.emit(f"Opened in the browser: {url}")
        self._tell()

    def show_page(self, text: str) -> None:
        """Fetch a page with a GET of its own, to show it on the phone."""
        number = self.screen.number if self.screen is not None else 0
        self.begin(lambda instance: Errand(page_request(instance, text), page=number))

    def mention_link(self, address: str) -> None:
        """Say where a link of a page leads; it is not followed."""
        self._console.message.emit(f"Links of a page are not followed here: {address}")

    # --- consent ---------------------------------------------------------------------------------

    def consent(self, *, always: bool) -> None:
        """Send to the other host after all; `always`: ask no more for it until the end."""
        question, instance = self.handset.question, self.instance
        if question is None or instance is None or self.handset.busy:
            return
        if always:
            self._allowed.add(question.follow_up.other_origin)
        self.handset.question = None
        self._send(instance, question)
        self._tell()

    def decline(self) -> None:
        """Leave the request to the other host unsent."""
        if self.handset.question is not None:
            self.handset.note = f"Not sent to {self.handset.question.follow_up.other_origin}."
            self.handset.question = None
            self._tell()

    def under_way(self, instance: Instance) -> tuple[str, ...]:
        """Name what the phone of an instance waits for."""
        handset = self._handsets.get(instance)
        errand = handset.errand if handset is not None else None
        return (errand.follow_up.label,) if errand is not None else ()

    # --- the trail -------------------------------------------------------------------------------

    def show_screen(self, number: int) -> None:
        """Show an earlier screen again, or the latest, with its exchange beside it."""
        screen = next((one for one in self.screens if one.number == number), None)
        if screen is None:
            return
        self.handset.clear()
        self.handset.past = None if screen is self.screens[-1] else number
        self._tell()
        self._console.show_exchange(screen.exchange_id)
        if self.handset.past is None:
            self._console.follow()

    def back_to_latest(self) -> None:
        """Show what the phone shows now."""
        if self.screens:
            self.show_screen(self.screens[-1].number)

    # --- sending ---------------------------------------------------------------------------------

    @property
    def can_cancel(self) -> bool:
        """Whether there is a request under way, or a question, that cancel would end."""
        return self.handset.busy or self.handset.question is not None

    @property
    def transfer(self) -> Transfer | None:
        """How far the request of this phone has come; None while there is none."""
        errand = self.handset.errand
        return errand.transfer if errand is not None else None

    def cancel(self) -> None:
        """Cancel the request that is under way; a question is answered with no."""
        if self.handset.task is not None:
            self.handset.task.cancel()
        else:
            self.decline()

    def begin(self, make: Callable[[Instance], Errand]) -> None:
        """Send a request of the phone; one to another host asks first."""
        instance, handset = self.instance, self.handset
        if instance is None or handset.busy:
            return
        self.handset.clear()

        def again(_: CreateQuestion | None) -> None:
            if instance is self.instance:
                self.begin(make)
            else:
                self._console.message.emit(f"Not sent. The phone of {instance.id} is not shown.")

        try:
            errand = make(instance)
            if not self._console.guarding.lets_out(
                instance.environment, errand.follow_up.prepared, again
            ):
                self._tell()
                return
        except REFUSED as error:
            self.refuse(str(error))
            return
        if errand.follow_up.other_origin and errand.follow_up.other_origin not in self._allowed:
            handset.question = errand
        else:
            self._send(instance, errand)
        self._tell()

    def _send(self, instance: Instance, errand: Errand) -> None:
        handset = self.handset
        handset.errand = errand
        handset.task = self._console.session.tasks.start(
            self._carry_out(instance, handset, errand),
            name=f"phone: {errand.follow_up.label}",
            owner=instance,
        )
        # Not a finally of the task: one that is cancelled before its first step never gets there.
        handset.task.add_done_callback(lambda task: self._ended(handset, task))

    async def _carry_out(self, instance: Instance, handset: Handset, errand: Errand) -> None:
        before = instance.trail.current
        try:
            # A page is there to be read: it says nothing of the instance's state or access.
            exchange, answer = await send_follow_up(
                instance, errand.follow_up, errand.transfer, learn=not errand.page
            )
        except REFUSED as error:
            handset.trouble = f"Not sent. {error}"
            return
        if errand.page and answer.ok:
            handset.page = page_of(errand, exchange)
        else:
            handset.past = None
            handset.note = note_of(before, instance.trail.current, exchange, answer)
        if instance is self.instance:
            self._console.show_exchange(exchange.id)
        self._console.message.emit(f"{errand.follow_up.label}: {status_line(exchange, answer)}")

    def _ended(self, handset: Handset, task: asyncio.Task[None]) -> None:
        handset.errand, handset.task = None, None
        if task.cancelled():
            handset.note = "Cancelled."
        self._tell()

    # --- what happens ----------------------------------------------------------------------------

    def _on_instance(self, instance: Instance) -> None:
        handset, current = self._handsets.get(instance), instance.trail.current
        if handset is not None and current is not None and handset.latest != current.number:
            handset.latest = current.number
            handset.trouble = handset.note = ""
        if instance is self.instance:
            self.changed.emit()

    def _on_removed(self, instance: Instance) -> None:
        self._handsets.pop(instance, None)

    def _on_exchange(self, exchange: Exchange) -> None:
        """Show a request that was cancelled; it ends before it could show itself."""
        errand, failure = self.handset.errand, exchange.failure
        if errand is None or failure is None or failure.kind is not FailureKind.CANCELLED:
            return
        if exchange.operation is errand.follow_up.prepared.operation:
            self._console.show_exchange(exchange.id)

    def refuse(self, reason: str) -> None:
        """Say on the phone why something was not done."""
        self.handset.clear()
        self.handset.trouble = reason
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self._console.busy_changed.emit()


def _open_in_browser(url: str) -> bool:
    from PySide6.QtGui import QDesktopServices  # noqa: PLC0415 - not before it is asked for

    return QDesktopServices.openUrl(QUrl(url))
