"""Where a person reads in a text: it stays when a poll brings the next answer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from gms_console.model.exchange import Exchange

Place = tuple[int, int]
"""A line, and a position in it."""

_STAYED = "stayed"


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """What of a text is seen, and where cursor and selection are, by lines."""

    top: int
    below: int
    sideways: int
    anchor: Place
    cursor: Place

    @classmethod
    def of(cls, view: QPlainTextEdit) -> ReadingPlace:
        """Give the place in a view as it stands."""
        cursor, bar = view.textCursor(), view.verticalScrollBar()
        top = view.cursorForPosition(QPoint(0, 0)).block()
        return cls(
            top.blockNumber(),
            max(0, bar.value() - top.firstLineNumber()),
            view.horizontalScrollBar().value(),
            _place(view, cursor.anchor()),
            _place(view, cursor.position()),
        )

    def restore(self, view: QPlainTextEdit) -> None:
        """Go to the same place in the text that is there now, or to the nearest there is."""
        cursor = view.textCursor()
        cursor.setPosition(_position(view, self.anchor))
        cursor.setPosition(_position(view, self.cursor), QTextCursor.MoveMode.KeepAnchor)
        view.setTextCursor(cursor)
        block = view.document().findBlockByNumber(self.top)
        bar = view.verticalScrollBar()
        bar.setValue(block.firstLineNumber() + self.below if block.isValid() else bar.maximum())
        view.horizontalScrollBar().setValue(self.sideways)


def _place(view: QPlainTextEdit, position: int) -> Place:
    block = view.document().findBlock(position)
    return block.blockNumber(), position - block.position()


def _position(view: QPlainTextEdit, place: Place) -> int:
    block = view.document().findBlockByNumber(place[0])
    if not block.isValid():
        return view.document().characterCount() - 1
    return block.position() + min(place[1], block.length() - 1)


def is_next_of_poll(before: Exchange | None, exchange: Exchange | None) -> bool:
    """Whether an exchange follows another one of the same poll, so that one reads on in it."""
    if before is None or exchange is None or before is exchange:
        return False
    return bool(exchange.operation.poll) and before.operation.poll == exchange.operation.poll


def note_stay(view: QPlainTextEdit, *, stayed: bool) -> None:
    """Keep in mind whether what is seen of a view stayed when its text was shown last."""
    view.setProperty(_STAYED, stayed)


def has_stayed(view: QPlainTextEdit) -> bool:
    """Whether what is seen of a view stayed when its text was shown last."""
    return bool(view.property(_STAYED))
