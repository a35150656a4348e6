"""The transfer bar: how far the request under way has come, while it takes its time."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from gms_console.model.transfer import Progress
from gms_console.progress import progress_text, share, spoken_text

from ..console import Console
from .common import label, named

EVERY_MS = 150
"""Milliseconds from one look to the next."""

SHOWN_AFTER = 0.3
"""Seconds; what is done sooner needs no bar."""

_STEPS = 1000


class TransferBar(QWidget):
    """A line of text over a thin bar; there only while a request has taken longer than a moment.

    One timer looks at the Transfer, and runs only while something is under way. The text that a
    screen reader hears changes with the phase and each quarter, not with every look.
    """

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "transferBar", "Progress of the request")
        self._console = console
        self._label: QLabel | None = None
        self._bar: QProgressBar | None = None
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._look)
        console.busy_changed.connect(self._on_busy)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it says nothing."""
        return self._label.text() if self._label is not None and not self.isHidden() else ""

    def _on_busy(self) -> None:
        if self._console.transfer is None:
            self._timer.stop()
            self.hide()
        elif not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        transfer = self._console.transfer
        if transfer is None or not transfer.under_way:
            return
        progress = transfer.look()
        if progress.elapsed >= SHOWN_AFTER:
            self._show(progress)

    def _show(self, progress: Progress) -> None:
        words, bar = self._parts()
        words.setText(progress_text(progress))
        done = share(progress)
        if done is None:
            bar.setRange(0, 0)
        else:
            bar.setRange(0, _STEPS)
            bar.setValue(round(done * _STEPS))
        spoken = spoken_text(progress)
        if words.accessibleName() != spoken:
            words.setAccessibleName(spoken)
        if self.isHidden():
            self.show()

    def _parts(self) -> tuple[QLabel, QProgressBar]:
        """Give text and bar; most requests are over before they are needed."""
        if self._label is None or self._bar is None:
            self._label = named(label("", "muted"), "transferLabel", "Progress of the request")
            self._bar = named(QProgressBar(), "transferProgress", "Share that is done")
            self._bar.setTextVisible(False)
            column = QVBoxLayout(self)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(3)
            column.addWidget(self._label)
            column.addWidget(self._bar)
        return self._label, self._bar
