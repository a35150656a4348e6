"""The trail: every screen that the phone went through, to be looked at again."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gms_console.trail import Screen

from ...console import Console
from ...theme import colours
from ..common import Hint, named
from .parts import scaled
from .words import came_text, what_text

_NUMBER = Qt.ItemDataRole.UserRole
_CAME = Qt.ItemDataRole.UserRole + 1

HINT = "Each screen of the phone is listed here."


class TrailList(QListView):
    """One row for each screen, the latest last; the current row is the screen that is shown."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "phoneTrail", "Screens so far")
        self._desk = console.phone
        self._filling = False
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_TrailDelegate(self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(120, 60)
        self._hint = Hint(self, HINT)
        self.selectionModel().currentChanged.connect(self._on_current)
        # Also the row that is current already: its exchange may no longer be the one beside.
        self.clicked.connect(self._on_current)
        self.activated.connect(self._on_current)

    def show_trail(self) -> None:
        """Show the screens of the desk, and which of them is shown."""
        self._filling = True
        screens, shown = self._desk.screens, self._desk.screen
        while self._model.rowCount() > len(screens):
            self._model.removeRow(self._model.rowCount() - 1)
        for place, screen in enumerate(screens):
            if place == self._model.rowCount():
                self._model.appendRow(QStandardItem())
            _fill(self._model.item(place), screen)
        row = screens.index(shown) if shown is not None else -1
        if row != self.currentIndex().row():
            self.setCurrentIndex(self._model.index(row, 0))
        self._filling = False

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid() and not self._filling:
            self._desk.show_screen(int(index.data(_NUMBER)))


def _fill(item: QStandardItem, screen: Screen) -> None:
    for role, value in (
        (Qt.ItemDataRole.DisplayRole, what_text(screen)),
        (Qt.ItemDataRole.AccessibleTextRole, f"{what_text(screen)}, {came_text(screen)}"),
        (_CAME, came_text(screen)),
        (_NUMBER, screen.number),
    ):
        if item.data(role) != value:
            item.setData(value, role)


class _TrailDelegate(QStyledItemDelegate):
    """Two lines: what the screen is, and how and when it came."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Ask for both lines."""
        del index
        return QSize(80, option.fontMetrics.height() * 2 + 8)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint both lines, cut at the end."""
        scheme = colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = option.rect.adjusted(2, 1, -2, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(scheme.accent_soft))
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(QColor(scheme.accent), 2 if focused else 1))
            painter.drawRoundedRect(rect, 5, 5)
        number, what, came = str(index.data(_NUMBER)), str(index.data()), str(index.data(_CAME))
        height = option.fontMetrics.height()
        indent = option.fontMetrics.horizontalAdvance("0") * max(2, len(number)) + 8
        line = QRect(rect.left() + 6, rect.top() + 3, rect.width() - 12, height)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(scheme.muted))
        painter.setFont(scaled(option.font, 1.0, bold=True))
        painter.drawText(line, align, number)
        line.setLeft(line.left() + indent)
        for text, ink, font in (
            (what.partition("  ")[2], scheme.text, option.font),
            (came, scheme.muted, scaled(option.font, 0.88)),
        ):
            painter.setPen(QColor(ink))
            painter.setFont(font)
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, line.width()
            )
            painter.drawText(line, align, shown)
            line.translate(0, height)
        painter.restore()
