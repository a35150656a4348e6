"""The list of steps, each in two lines with its last verdict; steps can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ...models.flow_steps import DETAIL_ROLE, MARK_ROLE, MISTAKES_ROLE, StepModel
from ...models.headed_table import Index
from ...theme import colours
from ..common import named
from .verdicts import verdict_look

_MARGIN, _BETWEEN = 8, 2


class StepList(QListView):
    """Alt+Up and Alt+Down move the step at hand, Delete removes it, and so does dragging."""

    move_wanted = Signal(int)
    remove_wanted = Signal()

    def __init__(self, model: StepModel) -> None:
        super().__init__()
        named(self, "stepList", "Steps of the flow")
        self.setModel(model)
        self.setItemDelegate(StepDelegate(self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Give keys their meaning for steps."""
        key, alt = event.key(), event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_wanted.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)


class StepDelegate(QStyledItemDelegate):
    """Paints a step: its title, what else it does, its mistakes, and how it ended last."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Give each step two lines."""
        del index
        return QSize(120, 2 * option.fontMetrics.height() + _BETWEEN + 2 * 5)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the background as any row has it, and the texts over it."""
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - costly, and not before steps are seen

        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        title, styled.text = styled.text, ""
        if styled.widget is not None:
            element = QStyle.ControlElement.CE_ItemViewItem
            styled.widget.style().drawControl(element, styled, painter, styled.widget)
        scheme, metrics = colours(), option.fontMetrics
        rect: QRect = option.rect.adjusted(_MARGIN, 5, -_MARGIN, -5)
        upper = QRect(rect.left(), rect.top(), rect.width(), metrics.height())
        lower = upper.translated(0, metrics.height() + _BETWEEN)
        painter.save()
        upper.setRight(self._paint_marks(painter, upper, index))
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        _text(painter, upper, title, scheme.text, bold)
        _text(painter, lower, str(index.data(DETAIL_ROLE)), scheme.muted, option.font)
        painter.restore()

    def _paint_marks(self, painter: QPainter, place: QRect, index: Index) -> int:
        """Paint what stands at the right end; return where the title ends."""
        scheme, right = colours(), place.right()
        marks: list[tuple[str, str]] = []
        mark, mistakes = index.data(MARK_ROLE), int(index.data(MISTAKES_ROLE) or 0)
        if mark is not None:
            marks.append(verdict_look(mark.verdict, mark.count))
        if mistakes:
            words = "mistake" if mistakes == 1 else "mistakes"
            marks.append((f"⚠ {mistakes} {words}", scheme.warning))
        for text, ink in marks:
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.setPen(QColor(ink))
            room = QRect(right - width, place.top(), width, place.height())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
            right -= width + _MARGIN
        return right


def _text(painter: QPainter, place: QRect, text: str, ink: str, font: QFont) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), elided)
