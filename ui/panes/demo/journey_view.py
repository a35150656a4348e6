"""The journey in large type: who did what, with the step at hand in front."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gms_console.journey.captions import Actor
from gms_console.journey.journey import JourneyStep

from ...demo.desk import DemoDesk
from ...models.journey_model import STEP_ROLE, JourneyModel
from ...theme import Colours, colours
from ..common import Hint, has_state, named
from .large_type import large_font

_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_PAD, _GAP = 12, 4


class JourneyView(QListView):
    """The steps so far; in a replay, one that is clicked is gone to (`chosen` has its number)."""

    chosen = Signal(int)

    def __init__(self, desk: DemoDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "journeyView", "The customer's journey")
        self._model = JourneyModel(desk)
        self.setModel(self._model)
        self.setItemDelegate(_StepDelegate(self._model, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSpacing(2)
        self.hint = Hint(self, self._model.hint)
        self.clicked.connect(self._on_click)
        self.activated.connect(self._on_click)

    def refresh(self) -> None:
        """Show the journey as it is now, its last step in sight."""
        self.hint.setFont(large_font())
        self.hint.setText(self._model.hint)
        self._model.refresh()
        last = self._model.index(self._model.rowCount() - 1)
        if last.isValid():
            self.setCurrentIndex(last)
            self.scrollTo(last, QListView.ScrollHint.EnsureVisible)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Wrap the rows anew, and keep the last step in sight."""
        super().resizeEvent(event)
        self.wrap()

    def wrap(self) -> None:
        """Lay the rows out for another width or type."""
        self.scheduleDelayedItemsLayout()
        last = self._model.index(self._model.rowCount() - 1)
        if last.isValid():
            self.scrollTo(last)

    def _on_click(self, index: QModelIndex) -> None:
        step = index.data(STEP_ROLE)
        if isinstance(step, JourneyStep):
            self.chosen.emit(step.number)


class _StepDelegate(QStyledItemDelegate):
    """Paints a step: a mark of who acts, the time, the caption, and what came of it."""

    def __init__(self, model: JourneyModel, view: JourneyView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Give the height of the wrapped texts."""
        del option
        step = index.data(STEP_ROLE)
        width = self._view.viewport().width() - 2 * self._view.spacing()
        if not isinstance(step, JourneyStep):
            return QSize(width, 20)
        _, caption, detail = self._boxes(QRect(0, 0, width, 0), step, index)
        return QSize(width, max(caption.bottom(), detail.bottom()) + _PAD)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a step."""
        step = index.data(STEP_ROLE)
        if not isinstance(step, JourneyStep):
            return
        scheme, here = colours(), self._model.is_current(index)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, soft = actor_colours(step.actor, scheme)
        if here:
            painter.setPen(QPen(QColor(ink), 2.0 if has_state(option, "HasFocus") else 1.2))
            painter.setBrush(QColor(soft))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 8, 8)
        mark, caption, detail = self._boxes(rect, step, index)
        self._paint_mark(painter, mark, step, (ink, soft), here=here)
        painter.setFont(large_font(bold=here))
        painter.setPen(QColor(scheme.text if here else scheme.muted))
        painter.drawText(caption, _WRAP, self._model.caption(step))
        if step.detail:
            painter.setFont(large_font(0.82))
            painter.setPen(QColor(scheme.muted if step.ok else scheme.error))
            painter.drawText(detail, _WRAP, self._detail(step))
        painter.restore()

    def _detail(self, step: JourneyStep) -> str:
        return f"{'→' if step.ok else '✕'} {self._model.detail(step)}"

    def _paint_mark(
        self,
        painter: QPainter,
        box: QRect,
        step: JourneyStep,
        ink: tuple[str, str],
        *,
        here: bool,
    ) -> None:
        scheme = colours()
        font = large_font(0.72, bold=True)
        painter.setFont(font)
        height = QFontMetrics(font).height()
        if step.actor is not Actor.NOBODY:
            chip = QRectF(box.left(), box.top(), box.width(), height + 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ink[0] if here else ink[1]))
            painter.drawRoundedRect(chip, 7, 7)
            painter.setPen(QColor(scheme.surface if here else ink[0]))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, step.actor.value)
        painter.setFont(large_font(0.72))
        painter.setPen(QColor(scheme.muted))
        below = QRectF(box.left(), box.top() + height + 8, box.width(), height + 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._model.since_start(step))

    def _boxes(
        self, rect: QRect, step: JourneyStep, index: QModelIndex | QPersistentModelIndex
    ) -> tuple[QRect, QRect, QRect]:
        """Give the places of the mark, the caption and the detail."""
        small = QFontMetrics(large_font(0.72, bold=True))
        wide = max(small.horizontalAdvance(one.value) for one in Actor) + 20
        mark = QRect(rect.left() + _PAD, rect.top() + _PAD, wide, 2 * small.height() + 10)
        left = mark.right() + 1 + _PAD
        width = max(60, rect.right() - _PAD - left)
        font = large_font(bold=self._model.is_current(index))
        caption = _wrapped(font, self._model.caption(step), QPoint(left, mark.top()), width)
        detail = QRect(left, mark.bottom(), width, 0)
        if step.detail:
            place = QPoint(left, caption.bottom() + _GAP)
            detail = _wrapped(large_font(0.82), self._detail(step), place, width)
        return mark, caption, detail


def _wrapped(font: QFont, text: str, place: QPoint, width: int) -> QRect:
    metrics = QFontMetrics(font)
    height = metrics.boundingRect(QRect(0, 0, width, 10_000), _WRAP, text).height()
    return QRect(place, QSize(width, height))


def actor_colours(actor: Actor, scheme: Colours) -> tuple[str, str]:
    """Give the colour of who acts, and the soft one of the ground behind."""
    return {
        Actor.CUSTOMER: (scheme.accent, scheme.accent_soft),
        Actor.CENTRE: (scheme.parameter, scheme.parameter_soft),
        Actor.AGENT: (scheme.data, scheme.data_soft),
    }.get(actor, (scheme.muted, scheme.raised))
