"""What differs between two exchanges, for views: a tree of values, and plain rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gms_console.comparison import Change, DiffNode

from ..tips import plain_tip

Index = QModelIndex | QPersistentModelIndex

CHANGE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The Change of a row, as its text."""

OWN_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether a row is a difference itself, and not only for what is within it."""

SIGNS = {
    Change.SAME: "",
    Change.ADDED: "+",
    Change.REMOVED: "−",
    Change.CHANGED: "≠",
    Change.MOVED: "⇄",
    Change.IGNORED: "○",
}
"""What stands before a row, so that colour is not all that tells."""

WORDS = {
    Change.SAME: "the same",
    Change.ADDED: "only on the right",
    Change.REMOVED: "only on the left",
    Change.CHANGED: "differs",
    Change.MOVED: "moved",
    Change.IGNORED: "ignored",
}
"""What a Change is called in tooltips and for who cannot see it."""

_TIP = 2000
"""Characters of a value that a tooltip shows."""


@dataclass(slots=True)
class _Item:
    """A value in the tree, and its children as far as they have been asked for."""

    node: DiffNode
    number: int
    parent: int
    row: int
    shown: tuple[DiffNode, ...]
    own: bool = False
    made: dict[int, int] = field(default_factory=dict)


class DiffModel(QAbstractItemModel):
    """A DiffNode as a tree with the columns key, left and right; items are made as they are seen.

    With `only_differences`, values that are the same on both sides, or ignored, are left out.
    """

    heads = ("Key", "Left", "Right")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[_Item] = []
        self.only_differences = True

    def show_tree(self, root: DiffNode | None, *, only_differences: bool) -> None:
        """Show another tree, or the same one with more or less of it."""
        self.beginResetModel()
        self.only_differences = only_differences
        self._items = []
        if root is not None:
            shown = self._children(root, whole=False)
            self._items.append(_Item(root, 0, -1, 0, shown, _differs(root)))
        self.endResetModel()

    def _children(self, node: DiffNode, *, whole: bool) -> tuple[DiffNode, ...]:
        if whole or not self.only_differences or node.change in {Change.ADDED, Change.REMOVED}:
            return node.children
        return tuple(one for one in node.children if one.differences)

    def node(self, index: Index) -> DiffNode | None:
        """Give the value at an index; None for none."""
        return self._items[index.internalId()].node if index.isValid() else None

    @property
    def root_index(self) -> QModelIndex:
        """The index of the outermost value; invalid where there is none."""
        return self.index(0, 0)

    # --- differences, one after the other ------------------------------------------------------

    def following(self, index: Index) -> QModelIndex:
        """Give the next value after `index` that differs itself; invalid when that was the last."""
        item = self._items[index.internalId()] if index.isValid() else None
        if item is None:
            if not self._items:
                return QModelIndex()
            item = self._items[0]
            if item.own:
                return self._at(item)
        while (found := self._after(item)) is not None:
            if found.own:
                return self._at(found)
            item = found
        return QModelIndex()

    def preceding(self, index: Index) -> QModelIndex:
        """Give the value before `index` that differs itself; invalid when that was the first."""
        if not self._items:
            return QModelIndex()
        item = self._items[index.internalId()] if index.isValid() else None
        found = self._last_within(self._items[0]) if item is None else self._before(item)
        while found is not None and not found.own:
            found = self._before(found)
        return QModelIndex() if found is None else self._at(found)

    def _after(self, item: _Item) -> _Item | None:
        """Give the next item in reading order with a difference in it."""
        if not _whole(item.node) and (inner := self._sibling(item, range(len(item.shown)))):
            return inner
        while item.parent >= 0:
            above = self._items[item.parent]
            if found := self._sibling(above, range(item.row + 1, len(above.shown))):
                return found
            item = above
        return None

    def _before(self, item: _Item) -> _Item | None:
        if item.parent < 0:
            return None
        above = self._items[item.parent]
        found = self._sibling(above, range(item.row - 1, -1, -1))
        return above if found is None else self._last_within(found)

    def _last_within(self, item: _Item) -> _Item:
        while not _whole(item.node):
            inner = self._sibling(item, range(len(item.shown) - 1, -1, -1))
            if inner is None:
                break
            item = inner
        return item

    def _sibling(self, above: _Item, rows: range) -> _Item | None:
        row = next((one for one in rows if above.shown[one].differences), None)
        return None if row is None else self._child(above, row)

    # --- Qt's questions --------------------------------------------------------------------

    def _child(self, above: _Item, row: int) -> _Item:
        number = above.made.get(row)
        if number is None:
            number = len(self._items)
            node = above.shown[row]
            whole = above.node.change in {Change.ADDED, Change.REMOVED}
            children = self._children(node, whole=whole)
            own = whole or _differs(node)
            self._items.append(_Item(node, number, above.number, row, children, own))
            above.made[row] = number
        return self._items[number]

    def _at(self, item: _Item, column: int = 0) -> QModelIndex:
        return self.createIndex(item.row, column, item.number)

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Give the index of a cell."""
        if not self._items or row < 0 or not 0 <= column < len(self.heads):
            return QModelIndex()
        if parent is None or not parent.isValid():
            return self._at(self._items[0], column) if row == 0 else QModelIndex()
        above = self._items[parent.internalId()]
        if row >= len(above.shown):
            return QModelIndex()
        return self._at(self._child(above, row), column)

    def parent(self, index: Index | None = None) -> Any:  # noqa: ANN401
        """Give the index of the value that this one is within."""
        if index is None:
            return super().parent()
        if not index.isValid():
            return QModelIndex()
        above = self._items[index.internalId()].parent
        return QModelIndex() if above < 0 else self._at(self._items[above])

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give how many values are shown within one."""
        if parent is None or not parent.isValid():
            return min(len(self._items), 1)
        if parent.column() > 0:
            return 0
        return len(self._items[parent.internalId()].shown)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: ARG002, N802 - Qt's name
        """Give the number of columns."""
        return len(self.heads)

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401
        """Name the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        if not index.isValid():
            return None
        item = self._items[index.internalId()]
        node = item.node
        if role == CHANGE_ROLE:
            return node.change.value
        if role == OWN_ROLE:
            return item.own
        text = self._text(node, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(_tip(node, text, index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{key_text(node)}, {change_text(node)}" if index.column() == 0 else text
        return None

    @staticmethod
    def _text(node: DiffNode, column: int) -> str:
        if column == 0:
            sign, key = SIGNS[node.change], key_text(node)
            if node.moved_from is not None:
                key = f"{key} (was {node.moved_from})"
            return f"{sign} {key}" if sign else key
        value = node.left if column == 1 else node.right
        return "" if value is None else value


def _differs(node: DiffNode) -> bool:
    """Whether a value is a difference itself, and not only for what is within it."""
    if _whole(node):
        return node.differences > 0
    return node.differences > sum(one.differences for one in node.children)


def _whole(node: DiffNode) -> bool:
    """Whether a value is on one side alone, with all that it holds: one difference."""
    return node.change in {Change.ADDED, Change.REMOVED}


def key_text(node: DiffNode) -> str:
    """Name a value: its key or index; the outermost one is the answer."""
    return node.label or ("(answer)" if not node.path else '""')


def change_text(node: DiffNode) -> str:
    """Say how a value relates to the other side."""
    if node.change is Change.MOVED and node.moved_from is not None:
        return f"moved here from [{node.moved_from}]"
    return WORDS[node.change]


def _tip(node: DiffNode, text: str, column: int) -> str:
    if column == 0:
        where = f"{node.path}\n" if node.path else ""
        return f"{where}{change_text(node).capitalize()}"
    return text if len(text) <= _TIP else f"{text[:_TIP]} …"


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A row of a plain comparison: how its cells relate, and what they say."""

    change: Change
    cells: tuple[str, ...]


class DiffRows(QAbstractTableModel):
    """Rows with a sign in the first cell: headers, lines of text, phases of time.

    `signed` is the column that the sign stands in; None for no sign.
    """

    def __init__(
        self, heads: Sequence[str], parent: QObject | None = None, *, signed: int | None = 0
    ) -> None:
        super().__init__(parent)
        self.heads = tuple(heads)
        self._signed = signed
        self._rows: list[DiffRow] = []

    def show_rows(self, rows: Sequence[DiffRow], keep: Callable[[DiffRow], bool]) -> None:
        """Show those of the rows that are wanted."""
        self.beginResetModel()
        self._rows = [row for row in rows if keep(row)]
        self.endResetModel()

    def row(self, place: int) -> DiffRow:
        """Give a row."""
        return self._rows[place]

    def following(self, place: int, step: int) -> int:
        """Give the next row that differs from `place` on, forwards or backwards; -1 for none."""
        stop = len(self._rows) if step > 0 else -1
        rows = range(place + step, stop, step)
        same = {Change.SAME, Change.IGNORED}
        return next((one for one in rows if self._rows[one].change not in same), -1)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.heads)

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401
        """Name the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == CHANGE_ROLE:
            return row.change.value
        if role == OWN_ROLE:
            return row.change not in {Change.SAME, Change.IGNORED}
        text = row.cells[column]
        if role == Qt.ItemDataRole.DisplayRole:
            sign = SIGNS[row.change] if column == self._signed else ""
            return f"{sign} {text}".rstrip() if sign else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text if len(text) <= _TIP else f"{text[:_TIP]} …")
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            return f"{text}, {WORDS[row.change]}"
        return None
