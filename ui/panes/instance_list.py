"""The live services: one entry for each instance, with its state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ..console import Console
from ..models.instance_model import DETAIL_ROLE, STATE_ROLE
from ..theme import colours
from .common import Hint, Pane, icon_button, named

HINT = "No instances yet. Each service that you create is listed here."


class InstanceList(Pane):
    """Choose the instance that polls and requests are about."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("Live services", parent)
        self._console = console
        self.close_button = icon_button("remove", "Take the instance off the list (Delete)")
        self.close_button.setObjectName("closeInstanceButton")
        self.head.addStretch(1)
        self.head.addWidget(self.close_button)
        self.view = named(_InstanceView(), "instanceList", "Live services")
        self.view.setModel(console.instances)
        self.view.setItemDelegate(_InstanceDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.on_delete = self.close_current
        self.body.addWidget(self.view, 1)
        self._hint = Hint(self.view, HINT)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.close_button.clicked.connect(self.close_current)
        console.instance_selected.connect(self._show_selected)
        self._show_selected()

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self._console.select(self._console.instances.instance(current.row()))

    def _show_selected(self) -> None:
        selected = self._console.selected
        row = self._console.instances.row_of(selected) if selected is not None else -1
        if row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self._console.instances.index(row))
        self.close_button.setEnabled(selected is not None)

    def close_current(self) -> None:
        """Take the selected instance off the list; its polls end."""
        if self._console.selected is not None:
            self._console.close_instance(self._console.selected)


def _nothing() -> None:
    """Do nothing until the pane says what Delete does."""


class _InstanceView(QListView):
    def __init__(self) -> None:
        super().__init__()
        self.on_delete: Callable[[], None] = _nothing

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Delete:
            self.on_delete()
        else:
            super().keyPressEvent(event)


class _InstanceDelegate(QStyledItemDelegate):
    """Two lines: the service with its state, and the id below."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        del index
        return QSize(120, option.fontMetrics.height() * 3 + 10)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - costly, and no row waits at a start

        scheme = colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect.adjusted(2, 1, -2, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(scheme.accent_soft))
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(QColor(scheme.accent), 2 if focused else 1))
            painter.drawRoundedRect(rect, 5, 5)
        height = option.fontMetrics.height()
        line = QRect(rect.left() + 8, rect.top() + 3, rect.width() - 16, height)
        bold = QFont(option.font)
        bold.setBold(True)
        self._write(painter, line, str(index.data()), scheme.text, bold)
        line.translate(0, height)
        state = str(index.data(STATE_ROLE))
        self._write(painter, line, f"● {state}", scheme.good, option.font)
        line.translate(0, height)
        small = QFont(option.font)
        small.setPointSizeF(max(7.0, option.font.pointSizeF() * 0.88))
        self._write(painter, line, str(index.data(DETAIL_ROLE)), scheme.muted, small)
        painter.restore()

    def _write(self, painter: QPainter, line: QRect, text: str, ink: str, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
