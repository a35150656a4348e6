"""When a text view has painted its first text."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal


class Painted(QObject):
    """Has in `at` when a text was painted first (0 before), and tells of it."""

    noted = Signal()

    def __init__(self, view: Any) -> None:  # noqa: ANN401 - ui/ is untyped
        super().__init__(view)
        self.at = 0.0
        self._view = view
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Notice a paint event; it is over when the event loop comes round again."""
        if event.type() == QEvent.Type.Paint and self._view.document().characterCount() > 1:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        self.at = time.time()
        self.noted.emit()
