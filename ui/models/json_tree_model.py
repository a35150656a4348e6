"""The JsonTreeModel: a JSON document as a tree that is read page by page, as it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor

from gms_console.json_text.node import Node
from gms_console.json_text.nodes import PAGE

from ..theme import colours
from ..tips import plain_tip
from .json_tree_item import JsonItem, Way, segment_of

if TYPE_CHECKING:
    from ..node_feed import NodeFeed

Index = QModelIndex | QPersistentModelIndex

CUT_ROLE = Qt.ItemDataRole.UserRole
"""What the value's text leaves out, in words."""


class Column(IntEnum):
    """The columns of the tree."""

    KEY = 0
    VALUE = 1
    TYPE = 2


_COLUMNS = len(Column)
_HEADINGS = ("Key", "Value", "Type")


class JsonTreeModel(QAbstractItemModel):
    """Members of the outermost value are the top rows; a scalar or an empty value is one row.

    Members are read when a row is opened, a page at a time; the last row of one that goes on says
    so, and `load_more` reads on there. `loaded` names the row whose members came, `trouble` says
    why none did.
    """

    loaded = Signal(QModelIndex)
    trouble = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[JsonItem] = []
        self._root: JsonItem | None = None
        self._feed: NodeFeed | None = None
        self._inks: dict[str, QColor] = {}
        self.refresh_colours()

    # --- the document ----------------------------------------------------------------------

    def show(self, feed: NodeFeed | None) -> None:
        """Show another document; what was asked about the one before is dropped."""
        self.beginResetModel()
        self._feed = feed
        self._items, self._root = [], None
        self.endResetModel()
        if feed is not None:
            feed.root(lambda node, reason: self._take_root(feed, node, reason))

    def _take_root(self, feed: NodeFeed, node: Node | None, reason: str) -> None:
        if feed is not self._feed:
            return
        if node is None:
            self.trouble.emit(reason)
            return
        self.beginResetModel()
        self._root = self._made(node, None, 0)
        if not self._root.opens:
            # What has no members is a row of its own.
            self._root = self._made(None, None, 0)
            self._root.children = [self._made(node, self._root, 0)]
            self._root.complete = True
        self.endResetModel()
        self.fetchMore(QModelIndex())
        if self._root.complete:
            self.loaded.emit(QModelIndex())

    def _made(self, node: Node | None, parent: JsonItem | None, row: int) -> JsonItem:
        item = JsonItem(node, parent, row, len(self._items))
        self._items.append(item)
        return item

    def _item(self, index: Index) -> JsonItem | None:
        if not index.isValid():
            return self._root
        place = index.internalId()
        return self._items[place] if place < len(self._items) else None

    def _index(self, item: JsonItem | None, column: int = 0) -> QModelIndex:
        if item is None or item is self._root:
            return QModelIndex()
        return self.createIndex(item.row, column, item.id)

    # --- what a row is ---------------------------------------------------------------------

    def node(self, index: Index) -> Node | None:
        """Give the value of a row; None where the row only says that there are more."""
        item = self._item(index) if index.isValid() else None
        return item.node if item is not None else None

    def is_more(self, index: Index) -> bool:
        """Whether a row stands for members that were not read yet."""
        return index.isValid() and self.node(index) is None

    def way(self, index: Index) -> Way:
        """Give where a row's value lies."""
        item = self._item(index)
        return () if item is None else item.way

    def find(self, way: Way) -> QModelIndex:
        """Give the row of the value there, as far as it was read; of equal keys the first."""
        item = self._root
        for step in way:
            children = (item.children if item is not None else None) or []
            item = next(
                (one for one in children if one.node and segment_of(one.node) == step), None
            )
        return self._index(item)

    def name(self, index: Index) -> str:
        """Give a row's key, with its place when it is in an array; `value` for the outermost."""
        item = self._item(index)
        return "value" if item is None else item.name

    def is_loaded(self, index: Index) -> bool:
        """Whether members of a row were read, if only the first."""
        item = self._item(index)
        return item is not None and item.children is not None

    # --- reading on ------------------------------------------------------------------------

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether a row was never opened; further pages are read by `load_more` alone.

        A view reads on whenever it lays its rows out anew, and would read it all by and by.
        """
        item = self._item(parent)
        return item is not None and item.opens and item.children is None

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Read the first members of a row."""
        item = self._item(parent)
        if item is not None and item.opens and item.children is None:
            self._read(item)

    def load_more(self, index: Index) -> None:
        """Read on where a row says that there are more."""
        item = self._item(index)
        if item is not None and item.node is None and item.parent is not None:
            self._read(item.parent)

    def _read(self, item: JsonItem) -> None:
        feed, node = self._feed, item.node
        if feed is None or node is None or item.loading or item.complete:
            return
        item.loading = True
        last = item.children[-1].node if item.children else None
        feed.children(node, last, lambda nodes, reason: self._take(feed, item, nodes, reason))

    def _take(self, feed: NodeFeed, item: JsonItem, nodes: Sequence[Node], reason: str) -> None:
        if feed is not self._feed:
            return
        item.loading = False
        if reason:
            self.trouble.emit(reason)
            return
        parent = self._index(item)
        first_page = item.children is None
        if item.children is None:
            item.children = []
        if item.is_end(nodes):
            self._take_away_more(item, parent)
            item.complete = True
            if parent.isValid():
                counted = parent.siblingAtColumn(Column.VALUE)
                self.dataChanged.emit(counted, counted)
        self._add(item, nodes, parent)
        if first_page and not item.complete and len(nodes) < PAGE:
            self._read(item)  # most likely there are no more, and no row has to say so
            return
        if not item.complete and item.more is None:
            self.beginInsertRows(parent, len(item.children), len(item.children))
            item.more = self._made(None, item, len(item.children))
            self.endInsertRows()
        self.loaded.emit(parent)

    def _add(self, item: JsonItem, nodes: Sequence[Node], parent: QModelIndex) -> None:
        children = item.children
        if not nodes or children is None:
            return
        first = len(children)
        self.beginInsertRows(parent, first, first + len(nodes) - 1)
        children += (self._made(node, item, first + place) for place, node in enumerate(nodes))
        if item.more is not None:
            item.more.row = len(children)
        self.endInsertRows()

    def _take_away_more(self, item: JsonItem, parent: QModelIndex) -> None:
        if item.more is not None:
            self.beginRemoveRows(parent, item.more.row, item.more.row)
            item.more = None
            self.endRemoveRows()

    # --- Qt's questions --------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Give the index of a row."""
        above = self._root if parent is None else self._item(parent)
        children = above.children if above is not None else None
        if above is None or children is None or row < 0 or not 0 <= column < _COLUMNS:
            return QModelIndex()
        if row < len(children):
            return self.createIndex(row, column, children[row].id)
        if above.more is not None and row == len(children):
            return self.createIndex(row, column, above.more.id)
        return QModelIndex()

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]
        """Give the row above in the tree."""
        item = self._item(index) if index is not None and index.isValid() else None
        return self._index(item.parent) if item is not None else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Count the members that were read, and the row that says that there are more."""
        if parent is not None and parent.isValid() and parent.column() > 0:
            return 0
        item = self._root if parent is None else self._item(parent)
        if item is None or item.children is None:
            return 0
        return len(item.children) + (item.more is not None)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Key, value and type."""
        del parent
        return _COLUMNS

    def hasChildren(self, parent: Index | None = None) -> bool:  # noqa: N802 - Qt's name
        """Whether a row can be opened; known before its members are read."""
        if parent is None or not parent.isValid():
            return self.rowCount() > 0
        item = self._item(parent)
        return item is not None and item.opens and parent.column() == 0

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give what a cell shows, its colour, and what is read out."""
        item = self._item(index) if index.isValid() else None
        if item is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(item, index.column())
            case Qt.ItemDataRole.ForegroundRole:
                return self._ink(item, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(_text(item, index.column())[:1000])
            case Qt.ItemDataRole.AccessibleTextRole:
                return item.spoken
            case _ if role == CUT_ROLE and index.column() == Column.VALUE:
                return item.cut_text
            case _:
                return None

    def _ink(self, item: JsonItem, column: int) -> QColor | None:
        if item.node is None or column == Column.TYPE:
            return self._inks["muted"]
        if column == Column.VALUE:
            return self._inks[str(item.node.kind)]
        return self._inks["key"] if item.node.key is not None else self._inks["muted"]

    def refresh_colours(self) -> None:
        """Take the colours of the scheme in force."""
        scheme = colours()
        inks = {"key": scheme.accent, "muted": scheme.muted, "string": scheme.good}
        inks |= {"number": scheme.parameter, "boolean": scheme.warning, "null": scheme.warning}
        inks |= {"object": scheme.muted, "array": scheme.muted, "broken": scheme.error}
        self._inks = {name: QColor(ink) for name, ink in inks.items()}


def _text(item: JsonItem, column: int) -> str:
    if column == Column.TYPE:
        return item.type_text
    return item.value_text if column == Column.VALUE else item.key_text
