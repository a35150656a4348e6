"""How long an Exchange took, phase by phase: as a picture and as text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.presentation import timing_text
from gms_console.waterfall import hops_on_axis, marks_text

from ..common import exact_text
from .parts import prepare_text_view, set_text
from .waterfall import Waterfall


class _PictureArea(QScrollArea):
    """Scrolls a picture that is higher than there is room for; else it is as high as it is."""

    def __init__(self, picture: Waterfall) -> None:
        super().__init__()
        self._picture = picture
        self.setObjectName("answerWaterfallArea")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setMinimumHeight(60)
        self.setWidget(picture)
        picture.resized.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for as much as the picture does."""
        return self._picture.sizeHint()


class TimingTab(QWidget):
    """The waterfall of the phases, redirects before it, above the figures as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = Waterfall()
        area = _PictureArea(self.picture)
        self.picture.line_chosen.connect(lambda y: area.ensureVisible(0, y))
        self.view = QPlainTextEdit()
        prepare_text_view(self.view, "answerTimingView", "Phases of time")
        # The picture takes what it needs, and the text what is left.
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.view.setMinimumHeight(self.view.fontMetrics().height() * 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(area)
        column.addWidget(self.view, 1)

    @property
    def text_view(self) -> QPlainTextEdit | None:
        """There is nothing to find in: all figures are in sight."""
        return None

    @property
    def focus_target(self) -> QWidget:
        """What takes the cursor."""
        return self.picture

    def show_exchange(self, exchange: Exchange, answer: Answer) -> None:
        """Show the times of an Exchange."""
        del answer
        hops = hops_on_axis(exchange)
        self.picture.show_hops(hops)
        text = f"{timing_text(exchange)}\n\n{marks_text(hops)}".rstrip()
        set_text(self.view, text, exchange)

    def copy_text(self) -> str:
        """Give the figures."""
        return exact_text(self.view)

    def refresh_colours(self) -> None:
        """Paint anew."""
        self.picture.update()
