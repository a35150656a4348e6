"""Views of what differs: a tree of values and plain rows, in colours that signs stand beside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTreeView,
    QWidget,
)

from gms_console.comparison import Change, DiffNode

from ...models.diff_model import DiffModel
from ...models.diff_rows import DiffRow, DiffRows
from ...models.diff_words import CHANGE_ROLE, OWN_ROLE
from ...theme import Colours, colours, monospace
from ..common import has_state, named

Index = QModelIndex | QPersistentModelIndex

_EXPANDED = 400
"""Differences whose way from the outermost value is unfolded at once."""

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


def _inks(scheme: Colours) -> dict[str, tuple[str, str]]:
    """Give text colour and ground by kind of change."""
    return {
        Change.ADDED: (scheme.good, scheme.good_soft),
        Change.REMOVED: (scheme.error, scheme.error_soft),
        Change.CHANGED: (scheme.warning, scheme.warning_soft),
        Change.MOVED: (scheme.accent, scheme.accent_soft),
        Change.IGNORED: (scheme.muted, ""),
    }


class DiffDelegate(QStyledItemDelegate):
    """Colours rows by their change: the sign and key in ink, all of the row on a soft ground.

    `codes` are the columns that are written as code.
    """

    def __init__(self, codes: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        self._codes = frozenset(codes)
        self.font = monospace()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Give a cell its colours."""
        super().initStyleOption(option, index)
        if index.column() in self._codes:
            option.font = self.font
        change = index.data(CHANGE_ROLE)
        ink, _ = _inks(colours()).get(change, ("", ""))
        if ink and (index.column() == 0 or change == Change.IGNORED):
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(role, QColor(ink))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell on the ground of its change; a selected row has its own."""
        if index.data(OWN_ROLE) and not has_state(option, "Selected"):
            _, ground = _inks(colours()).get(index.data(CHANGE_ROLE), ("", ""))
            if ground:
                painter.fillRect(option.rect, QColor(ground))
        super().paint(painter, option, index)


class DiffTree(QTreeView):
    """Two JSON answers as one tree. `opened` tells the value that Enter or a double-click is on."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        named(self, "comparisonTree", "Differences of the answers")
        self.diff_model = DiffModel(self)
        self.setModel(self.diff_model)
        self._delegate = DiffDelegate((1, 2), self)
        self.setItemDelegate(self._delegate)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setExpandsOnDoubleClick(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        head = self.header()
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(80)
        for column in (1, 2):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(0, 300)
        self.doubleClicked.connect(lambda _: self.opened.emit())

    def show_tree(self, root: DiffNode | None, *, only_differences: bool) -> None:
        """Show a tree with its differences unfolded, and begin at the first of them."""
        self._delegate.font = monospace()
        self.diff_model.show_tree(root, only_differences=only_differences)
        self.expand(self.diff_model.root_index)
        first = index = self.diff_model.following(QModelIndex())
        for _ in range(_EXPANDED):
            if not index.isValid():
                break
            self._unfold(index.parent())
            index = self.diff_model.following(index)
        self.setCurrentIndex(first if first.isValid() else self.diff_model.root_index)

    def _unfold(self, index: QModelIndex) -> None:
        while index.isValid() and not self.isExpanded(index):
            self.expand(index)
            index = index.parent()

    @property
    def chosen(self) -> DiffNode | None:
        """The value that is chosen."""
        return self.diff_model.node(self.currentIndex())

    @property
    def differs(self) -> bool:
        """Whether there is a difference to go to."""
        return self.diff_model.following(QModelIndex()).isValid()

    def go(self, step: int) -> bool:
        """Go to the next difference, or to the one before; at the end, begin anew."""
        model, here = self.diff_model, self.currentIndex()
        find = model.following if step > 0 else model.preceding
        found = find(here)
        if not found.isValid():
            found = find(QModelIndex())
        if found.isValid():
            self._unfold(found.parent())
            self.setCurrentIndex(found)
            self.scrollTo(found)
        return found.isValid()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the chosen value by Enter."""
        if event.key() in _ENTER:
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class DiffTable(QTableView):
    """Rows side by side: lines of text, headers, or phases. `opened` is as in DiffTree."""

    opened = Signal()

    def __init__(
        self,
        name: str,
        spoken: str,
        heads: Sequence[str],
        codes: Sequence[int],
        *,
        signed: int | None,
    ) -> None:
        super().__init__()
        named(self, name, spoken)
        self.rows = DiffRows(heads, self, signed=signed)
        self.setModel(self.rows)
        self._delegate = DiffDelegate(codes, self)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.horizontalHeader().setDefaultAlignment(left)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        self.doubleClicked.connect(lambda _: self.opened.emit())

    def share(self, narrow: Sequence[int]) -> None:
        """Give narrow columns what they need, and the rest to the others alike."""
        head = self.horizontalHeader()
        for column in range(len(self.rows.heads)):
            fixed = column in narrow
            mode = QHeaderView.ResizeMode
            head.setSectionResizeMode(column, mode.Interactive if fixed else mode.Stretch)

    def show_rows(self, rows: Sequence[DiffRow], *, only_differences: bool) -> None:
        """Show rows, all of them or those that differ."""
        self._delegate.font = monospace()
        self.rows.show_rows(rows, only_differences=only_differences)
        if self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, 0))

    @property
    def chosen(self) -> DiffRow | None:
        """The row that is chosen."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    @property
    def differs(self) -> bool:
        """Whether there is a difference to go to."""
        return self.rows.following(-1, 1) >= 0

    def go(self, step: int) -> bool:
        """Go to the next row that differs, or to the one before; at the end, begin anew."""
        here = self.currentIndex().row()
        found = self.rows.following(here, step)
        if found < 0:
            found = self.rows.following(-1 if step > 0 else self.rows.rowCount(), step)
        if found >= 0:
            self.setCurrentIndex(self.rows.index(found, 0))
        return found >= 0

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the chosen row by Enter."""
        if event.key() in _ENTER:
            self.opened.emit()
        else:
            super().keyPressEvent(event)
