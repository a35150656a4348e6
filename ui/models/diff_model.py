"""What differs between two JSON answers, as a tree of values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gms_console.comparison import Change, DiffNode

from ..tips import plain_tip
from .diff_words import (
    CHANGE_ROLE,
    OWN_ROLE,
    cell_text,
    change_text,
    key_text,
    key_tip,
    value_tip,
)
from .headed_table import head_of

Index = QModelIndex | QPersistentModelIndex

_HEADS = ("Key", "Left", "Right")


@dataclass(slots=True, eq=False)
class _Group:
    """The values that are shown within one, which stands in a row of the group above."""

    shown: tuple[DiffNode, ...]
    number: int
    above: _Group | None = None
    row: int = 0
    inner: dict[int, _Group] = field(default_factory=dict)


class _Place(NamedTuple):
    """A value in the tree: a row of a group."""

    group: _Group
    row: int

    @property
    def node(self) -> DiffNode:
        return self.group.shown[self.row]


class DiffModel(QAbstractItemModel):
    """A DiffNode as a tree with the columns key, left and right.

    An index carries the number of its group. Groups are made as they are asked for, and a value
    that holds none costs nothing but its index.
    With `only_differences`, values that are the same on both sides, or ignored, are left out.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: list[_Group] = []
        self.show_tree(None, only_differences=True)

    def show_tree(self, root: DiffNode | None, *, only_differences: bool) -> None:
        """Show another tree, or the same one with more or less of it."""
        self.beginResetModel()
        self._only_differences = only_differences
        self._groups = [_Group(() if root is None else (root,), 0)]
        self.endResetModel()

    def _within(self, parent: Index | None) -> _Group:
        """Give what is shown within the value at an index; the outermost one for none."""
        # The row of an invalid index is -1.
        if parent is None or (row := parent.row()) < 0:
            return self._groups[0]
        return self._group(self._groups[parent.internalId()], row)

    def _group(self, above: _Group, row: int) -> _Group:
        made = above.inner.get(row)
        if made is None:
            node = above.shown[row]
            shown = node.children
            if self._only_differences and not _one_sided(node):
                shown = tuple(one for one in shown if one.differences)
            made = above.inner[row] = _Group(shown, len(self._groups), above, row)
            self._groups.append(made)
        return made

    def _place(self, index: Index) -> _Place | None:
        if not index.isValid():
            return None
        return _Place(self._groups[index.internalId()], index.row())

    def _index(self, place: _Place | None) -> QModelIndex:
        if place is None:
            return QModelIndex()
        return self.createIndex(place.row, 0, place.group.number)

    def node(self, index: Index) -> DiffNode | None:
        """Give the value at an index; None for none."""
        place = self._place(index)
        return None if place is None else place.node

    @property
    def root_index(self) -> QModelIndex:
        """The index of the outermost value; invalid where there is none."""
        return self.index(0, 0)

    # --- differences, one after the other ------------------------------------------------------

    def following(self, index: Index) -> QModelIndex:
        """Give the next value after `index` that differs itself; invalid when that was the last."""
        place = self._place(index)
        found = self._first() if place is None else self._after(place)
        while found is not None and not _differs(found.node):
            found = self._after(found)
        return self._index(found)

    def preceding(self, index: Index) -> QModelIndex:
        """Give the value before `index` that differs itself; invalid when that was the first."""
        place, first = self._place(index), self._first()
        if place is not None:
            found = self._before(place)
        else:
            found = None if first is None else self._last_within(first)
        while found is not None and not _differs(found.node):
            found = self._before(found)
        return self._index(found)

    def _first(self) -> _Place | None:
        top = self._groups[0]
        return _Place(top, 0) if top.shown else None

    def _after(self, place: _Place) -> _Place | None:
        """Give the next value in reading order with a difference in it."""
        if not _one_sided(place.node):
            group = self._group(*place)
            if inner := _with_difference(group, range(len(group.shown))):
                return inner
        group, row = place
        while (found := _with_difference(group, range(row + 1, len(group.shown)))) is None:
            if group.above is None:
                return None
            group, row = group.above, group.row
        return found

    def _before(self, place: _Place) -> _Place | None:
        group = place.group
        found = _with_difference(group, range(place.row - 1, -1, -1))
        if found is not None:
            return self._last_within(found)
        return None if group.above is None else _Place(group.above, group.row)

    def _last_within(self, place: _Place) -> _Place:
        while not _one_sided(place.node):
            group = self._group(*place)
            inner = _with_difference(group, range(len(group.shown) - 1, -1, -1))
            if inner is None:
                break
            place = inner
        return place

    # --- Qt's questions --------------------------------------------------------------------

    # Lean, as a view asks index() and hasChildren() for each row of what is unfolded.

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Give the index of a cell."""
        group = self._within(parent)
        if 0 <= row < len(group.shown) and 0 <= column < len(_HEADS):
            return self.createIndex(row, column, group.number)
        return QModelIndex()

    def parent(self, index: Index | None = None) -> Any:  # noqa: ANN401
        """Give the index of the value that this one is within."""
        if index is None:
            return super().parent()
        place = self._place(index)
        if place is None or place.group.above is None:
            return QModelIndex()
        return self._index(_Place(place.group.above, place.group.row))

    def hasChildren(self, parent: Index | None = None) -> bool:  # noqa: N802 - Qt's name
        """Whether values are shown within one."""
        if parent is None or (row := parent.row()) < 0:
            return bool(self._groups[0].shown)
        node = self._groups[parent.internalId()].shown[row]
        return bool(node.children) and bool(self._within(parent).shown)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give how many values are shown within one."""
        if parent is not None and parent.column() > 0:
            return 0
        return len(self._within(parent).shown)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: ARG002, N802 - Qt's name
        """Give the number of columns."""
        return len(_HEADS)

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401
        """Name the columns."""
        return head_of(_HEADS, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        node = self.node(index)
        if node is None:
            return None
        if role == CHANGE_ROLE:
            return node.change.value
        if role == OWN_ROLE:
            return _one_sided(node) or _differs(node)
        text = cell_text(node, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(key_tip(node) if index.column() == 0 else value_tip(text))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{key_text(node)}, {change_text(node)}" if index.column() == 0 else text
        return None


def _one_sided(node: DiffNode) -> bool:
    """Whether a value is on one side alone, with all that it holds: one difference."""
    return node.change in {Change.ADDED, Change.REMOVED}


def _differs(node: DiffNode) -> bool:
    """Whether a value is a difference itself, and not only for what is within it."""
    if _one_sided(node) or not node.children:
        return node.differences > 0
    return node.differences > sum(one.differences for one in node.children)


def _with_difference(group: _Group, rows: range) -> _Place | None:
    """Give the first of these rows that has a difference in it."""
    row = next((one for one in rows if group.shown[one].differences), None)
    return None if row is None else _Place(group, row)
