"""What a phone shows and does, for whoever plays it: the PhoneDesk, or the presenter layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import SignalInstance

from gms_console.model.dialog import MenuItem, StartChat
from gms_console.trail import Screen

from ...phone.handset import Handset, Page


class Owner(Protocol):
    """Whose phone it is: an instance, or a customer of a recording."""

    @property
    def id(self) -> str:
        """The id of the service."""

    @property
    def service(self) -> str:
        """Its name; empty where it is not known."""


class PhoneSource(Protocol):
    """What the phone asks for what it shows, and tells what was pressed."""

    @property
    def instance(self) -> Owner | None:
        """Whose phone it is."""

    @property
    def origin(self) -> str:
        """The host that it lives on."""

    @property
    def hidden(self) -> bool:
        """Whether numbers and codes are hidden: there is nothing to copy or to scan then."""

    @property
    def handset(self) -> Handset:
        """What stands on the phone beside its screens."""

    @property
    def screens(self) -> Sequence[Screen]:
        """The screens so far, oldest first."""

    @property
    def screen(self) -> Screen | None:
        """The screen that is shown."""

    @property
    def in_the_past(self) -> bool:
        """Whether an earlier screen is shown."""

    @property
    def nothing(self) -> tuple[str, str]:
        """What stands in the place of a screen while there is none: a headline and a text."""

    @property
    def page(self) -> Page | None:
        """The page that was fetched for the screen."""

    @property
    def acknowledged(self) -> bool:
        """Whether a message was answered with its button."""

    def say(self, text: str) -> str:
        """Give a text as it may be read here."""

    def expires(self, number: int) -> datetime | None:
        """Give when the access of a screen ends."""

    def choose(self, item: MenuItem, place: int) -> None:
        """Choose an entry of a menu."""

    def start_chat(self, dialog: StartChat) -> None:
        """Begin the chat."""

    def open_chat(self) -> None:
        """Show the chat whole."""

    def acknowledge(self) -> None:
        """Press the button of a message."""

    def page_text(self, path: str) -> str:
        """Give the address of a page."""

    def edit_page_text(self, text: str) -> None:
        """Take what was typed as the address."""

    def open_page(self, text: str) -> None:
        """Open a page in the browser."""

    def show_page(self, text: str) -> None:
        """Fetch a page, and show it."""

    def mention_link(self, address: str) -> None:
        """Say where a link leads."""

    def consent(self, *, always: bool) -> None:
        """Send to another host."""

    def decline(self) -> None:
        """Do not send to another host."""

    def back_to_latest(self) -> None:
        """Show the latest screen."""

    def cancel(self) -> None:
        """Cancel what is under way."""


class PhoneHolder(Protocol):
    """Has a phone, and a place for messages: the Console is one."""

    message: SignalInstance

    @property
    def phone(self) -> PhoneSource:
        """The phone."""
