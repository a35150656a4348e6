"""The list of the history as a tree view: it unfolds polls, and stands still when rows join it."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from gms_console.history.rows import HistoryRow
from gms_console.model.timeline import Attempt

from ...models.history_model import ATTEMPT_ROLE, ROW_ROLE
from ...models.history_words import is_poll
from ..common import named
from .row_delegate import INDENT, HistoryDelegate

Index = QModelIndex | QPersistentModelIndex


class HistoryView(QTreeView):
    """Tells what is asked of its rows.

    `pointed` comes with the row that became the current one, `entered` with one that was chosen
    by Enter or a click; `delete_wanted` for the selected rows.
    """

    pointed = Signal(QModelIndex)
    entered = Signal(QModelIndex)
    menu_wanted = Signal(QPoint)
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "historyList", "History")
        self._delegate = HistoryDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(INDENT)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.clicked.connect(self.entered)
        self.activated.connect(self.entered)
        self._anchor: tuple[QPersistentModelIndex, int] | None = None

    # --- what is selected ----------------------------------------------------------------

    def chosen(self) -> list[QModelIndex]:
        """Give the selected rows and attempts from top to bottom, or else the current one."""
        found = [index for index in self.selectedIndexes() if row_of(index) is not None]
        if not found and row_of(self.currentIndex()) is not None:
            found = [self.currentIndex()]
        return sorted(found, key=lambda index: self.visualRect(index).top())

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Tell of the row that the arrow keys or a click came to."""
        super().currentChanged(current, previous)
        if row_of(current) is not None:
            self.pointed.emit(self.currentIndex())

    def select_current(self) -> None:
        """Have the current row selected where none is, such as after one was deleted."""
        index = self.currentIndex()
        if row_of(index) is not None and not self.selectionModel().hasSelection():
            flag = QItemSelectionModel.SelectionFlag.SelectCurrent
            self.selectionModel().select(index, flag)

    # --- keys and mouse ------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Delete; letters do nothing here, since somebody may mean the search field."""
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        if plain and event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Leave typed letters alone: they would only look through what was scrolled to."""

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Unfold a poll where its sign is pressed."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        row = row_of(index)
        on_sign = (
            row is not None
            and is_poll(row)
            and attempt_of(index) is None
            and event.button() is Qt.MouseButton.LeftButton
            and self._delegate.chevron(index).contains(place)
        )
        if on_sign:
            self.setExpanded(index, not self.isExpanded(index))
        else:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the menu of the rows: below the mouse, or at the current one."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if row_of(index) is None:
            return
        place = self.visualRect(index).bottomLeft() + QPoint(24, 0) if by_key else event.pos()
        self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    # --- standing still ------------------------------------------------------------------

    def hold(self) -> None:
        """Remember what is seen at the top, before rows join above it."""
        self._anchor = None
        if self.verticalScrollBar().value() > 0:
            index = self.indexAt(QPoint(4, 2))
            if index.isValid():
                self._anchor = (QPersistentModelIndex(index), self.visualRect(index).top())

    def stay(self) -> None:
        """Have the same rows in sight as before; at the very top, new ones are seen at once."""
        anchor, self._anchor = self._anchor, None
        if anchor is None or not anchor[0].isValid():
            return
        held, bar = anchor[0], self.verticalScrollBar()
        index = held.model().index(held.row(), 0, held.parent())
        bar.setValue(bar.value() + self.visualRect(index).top() - anchor[1])


def row_of(index: Index) -> HistoryRow | None:
    """Give the row of the history at a place; of an attempt that of its poll."""
    row = index.data(ROW_ROLE) if index.isValid() else None
    return row if isinstance(row, HistoryRow) else None


def attempt_of(index: QModelIndex) -> Attempt | None:
    """Give the attempt at a place; None for what is none."""
    attempt = index.data(ATTEMPT_ROLE) if index.isValid() else None
    return attempt if isinstance(attempt, Attempt) else None


def exchange_of(index: QModelIndex) -> str:
    """Give the id of the exchange to show for a place."""
    attempt, row = attempt_of(index), row_of(index)
    if attempt is not None:
        return attempt.exchange_id
    return row.exchange if row is not None else ""
