"""What the stage offers before anything has happened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ...demo.flow import EXAMPLES
from ..common import label, named
from .large_type import large_font


class StartPage(QWidget):
    """One button for each way to begin, with a line that says what comes of it."""

    tour_wanted = Signal()
    example_wanted = Signal(int)
    open_wanted = Signal()
    by_hand_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "demoStart", "How to begin")
        self._labels: list[tuple[QLabel, float]] = []
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(14)
        for column, share in ((0, 1), (2, 6), (3, 1)):
            self._grid.setColumnStretch(column, share)
        self._grid.setRowStretch(0, 2)
        self._heading()
        self.buttons: list[StartButton] = []
        self._way(
            "demoTour",
            "Walk the guided tour",
            "One step after the other: what GMS does, and how this console shows it.",
            self.tour_wanted.emit,
        )
        for place, example in enumerate(EXAMPLES):
            self._way(
                f"demoExample{place + 1}",
                f"Play {example.title[:1].lower()}{example.title[1:]}",
                example.text,
                partial(self.example_wanted.emit, place),
            )
        self._way(
            "demoOpen",
            "Open a recording …",
            "Plays a session that was recorded before, without network.",
            self.open_wanted.emit,
        )
        self._way(
            "demoByHand",
            "Start by hand",
            "Shows the stage. Ctrl+Enter sends the form as you left it in the window.",
            self.by_hand_wanted.emit,
        )
        self._grid.setRowStretch(self._grid.rowCount(), 3)
        self.set_fonts()

    def _heading(self) -> None:
        title = label("Show what the customer lives through")
        text = label(
            "The phone on the left, the story on the right. Numbers and secrets are masked.",
            "muted",
        )
        text.setWordWrap(True)
        self._labels += [(title, 1.35), (text, 0.9)]
        self._grid.addWidget(title, 1, 1, 1, 2)
        self._grid.addWidget(text, 2, 1, 1, 2)
        self._grid.setRowMinimumHeight(3, 14)

    def _way(self, name: str, text: str, about: str, go: Callable[[], object]) -> None:
        button = StartButton(text, name)
        button.clicked.connect(lambda _=False: go())
        said = label(about, "muted")
        said.setWordWrap(True)
        button.setAccessibleDescription(about)
        self._labels.append((said, 0.85))
        row = self._grid.rowCount()
        self._grid.addWidget(button, row, 1)
        self._grid.addWidget(said, row, 2)
        self.buttons.append(button)
        if len(self.buttons) == 1:
            button.setProperty("role", "primary")

    def set_fonts(self) -> None:
        """Take the size of the application's text over."""
        for one, scale in self._labels:
            one.setFont(large_font(scale, bold=scale > 1))
        for button in self.buttons:
            button.setFont(large_font())


class StartButton(QPushButton):
    """A button that Enter presses too, and the arrows go on from."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        named(self, name, text)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room around the large text."""
        hint = super().sizeHint()
        # The button in front is written bold by the style sheet, of which its metrics know nothing.
        width = QFontMetrics(large_font(bold=True)).horizontalAdvance(self.text())
        return QSize(max(hint.width() + 20, width + 48), hint.height() + 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Enter as a press, and Up and Down as a way to the next."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)
