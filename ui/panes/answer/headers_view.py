"""The headers of both directions, as they were on the wire."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent, QTextCursor
from PySide6.QtWidgets import QMenu

from gms_console.presentation import headers_text

from .wire_view import WireView

Hand = Callable[[str, str], None]
"""Takes a text to be copied, and what it is in words."""


class HeadersView(WireView):
    """Those of the answer, then those of the request: in order, with duplicates, as spelt.

    `hand_on` copies; it is called with one header, its value, or all of them.
    """

    def __init__(self, hand_on: Hand) -> None:
        super().__init__(
            headers_text, "answerHeadersView", "Headers as they came and went", "No headers yet."
        )
        self._hand_on = hand_on
        self._menu: QMenu | None = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer the header under the mouse, or, by the menu key, the one with the cursor."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        cursor = self.cursorForPosition(event.pos()) if by_mouse else self.textCursor()
        place = event.globalPos() if by_mouse else self._below(cursor)
        self.open_menu(cursor, place)

    def open_menu(self, cursor: QTextCursor, place: QPoint) -> None:
        """Open the menu of the header that a cursor stands in."""
        line = cursor.block().text()
        name, colon, value = line.partition(":")
        is_header = bool(colon) and " " not in name
        # Qt's plain text would turn some blanks into others.
        selected = self.textCursor().selectedText().replace("\u2029", "\n")
        self._menu = menu = QMenu(self)
        menu.setObjectName("answerHeadersMenu")
        shown = name.replace("&", "&&")
        entries = (
            ("Copy the &selection", selected, "the selection"),
            (f"Copy the &header {shown}", line if is_header else "", f"the header {name}"),
            (
                f"Copy the &value of {shown}",
                value.strip() if is_header else "",
                f"the value of {name}",
            ),
            ("Copy &all headers", self.copy_text(), "all headers"),
        )
        for title, text, what in entries:
            if text:
                action = menu.addAction(title)
                action.triggered.connect(lambda _=False, t=text, w=what: self._hand_on(t, w))
        menu.popup(place)

    def _below(self, cursor: QTextCursor) -> QPoint:
        return self.viewport().mapToGlobal(self.cursorRect(cursor).bottomLeft())
