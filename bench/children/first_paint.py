"""Ends the process when a widget and its children have been painted for the first time."""

from __future__ import annotations

import os

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Watches one widget. The process ends after the pass in which it was painted, at once."""

    _painted = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        # Queued: it arrives when the pass that paints the children too is over.
        self._painted.connect(_leave, Qt.ConnectionType.QueuedConnection)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Notice the first paint event."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._painted.emit()
        return False


def _leave() -> None:
    os._exit(0)
