"""A text of the wire: the request, or the headers of both directions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange

from ..common import exact_text
from ..wire_preview import WireHighlighter
from .parts import prepare_text_view, set_text


class WireView(QPlainTextEdit):
    """Shows what `text_of` gives of an Exchange, coloured as the wire preview is."""

    def __init__(
        self, text_of: Callable[[Exchange], str], name: str, spoken: str, empty: str
    ) -> None:
        """`name` is the object name, `spoken` the accessible one; `empty` stands before a send."""
        super().__init__()
        prepare_text_view(self, name, spoken)
        self.setPlaceholderText(empty)
        self._text_of = text_of
        self._highlighter = WireHighlighter(self.document())

    @property
    def text_view(self) -> QPlainTextEdit:
        """Where the find bar looks."""
        return self

    @property
    def focus_target(self) -> QWidget:
        """What takes the cursor."""
        return self

    def show_exchange(self, exchange: Exchange, answer: Answer) -> None:
        """Show an Exchange."""
        del answer
        set_text(self, self._text_of(exchange), exchange)

    def copy_text(self) -> str:
        """Give all of it."""
        return exact_text(self)

    def refresh_colours(self) -> None:
        """Colour the text anew."""
        self._highlighter.rehighlight()
