"""The request as it was sent."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.presentation import request_text

from ..common import exact_text
from ..wire_preview import WireHighlighter
from .parts import prepare_text_view, set_text


class RequestView(QPlainTextEdit):
    """Request line, headers in order and body; files stand in it as places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare_text_view(self, "answerRequestView", "Request as it was sent")
        self.setPlaceholderText("Nothing was sent yet.")
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
        """Show the request of an Exchange."""
        del answer
        set_text(self, request_text(exchange), exchange)

    def copy_text(self) -> str:
        """Give the request."""
        return exact_text(self)

    def refresh_colours(self) -> None:
        """Colour the text anew."""
        self._highlighter.rehighlight()
