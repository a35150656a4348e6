"""What the tabs of the answer have in common."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange

from ...theme import monospace
from ..common import exact_text, named
from .reading_place import ReadingPlace, note_stay


class AnswerTab(Protocol):
    """One tab: it shows an Exchange, and says what to copy, where to find and what to focus."""

    def show_exchange(self, exchange: Exchange, answer: Answer) -> None:
        """Show another Exchange."""
        ...

    def copy_text(self) -> str:
        """Give what the tab shows, as text."""
        ...

    @property
    def text_view(self) -> QPlainTextEdit | None:
        """Where the find bar looks; None where there is no text."""
        ...

    @property
    def focus_target(self) -> QWidget:
        """What takes the cursor when a person goes to the tab."""
        ...

    def refresh_colours(self) -> None:
        """Draw in the colours of the scheme in force."""
        ...


def prepare_text_view(view: QPlainTextEdit, object_name: str, accessible_name: str) -> None:
    """Make an editor a text that can be read, selected and copied, but not changed."""
    named(view, object_name, accessible_name)
    view.setReadOnly(True)
    view.setTabChangesFocus(True)
    view.setFont(monospace())


def set_text(view: QPlainTextEdit, text: str, exchange: Exchange) -> None:
    """Show a text about an exchange; the same text again leaves scrolling and selection.

    So does the next answer of a poll: it comes while one reads.
    """
    poll = exchange.operation.poll
    stays = bool(poll) and view.property("poll") == poll
    view.setProperty("poll", poll)
    same = exact_text(view) == text.replace("\r\n", "\n").replace("\r", "\n")
    note_stay(view, stayed=same or stays)
    if same:
        return
    place = ReadingPlace.of(view) if stays else None
    view.setPlainText(text)
    if place is not None:
        place.restore(view)
