"""Which rows of a tree are open: at first, when it comes again, and all below one."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QTimer, Signal

from ...models.json_tree_item import Way, segment_of
from ...models.json_tree_model import JsonTreeModel

if TYPE_CHECKING:
    from .tree_view import TreeView

MOST_AT_FIRST = 60
"""Rows that a small document opens to by itself."""

MOST_BELOW = 2000
"""Rows that `expand_below` opens at a time."""

_DEEPEST_AT_FIRST = 2
_DEEPEST_BELOW = 100
"""Levels that are opened at a time: Qt lays out a level within the one above it."""

_SLICE = 0.02
"""Seconds that rows are opened for, before the window has its turn."""

_KEPT = 60
_NONE = -2


@dataclass(frozen=True, slots=True)
class Unfolded:
    """How a tree stood when something else was shown. `touched`: rows were opened by hand."""

    ways: frozenset[Way]
    touched: bool
    current: Way
    scrolled: int


class UnfoldedTrees:
    """Remembers how trees stood, by what they showed; the last ones only."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, Unfolded] = OrderedDict()

    def keep(self, key: object, how: Unfolded) -> None:
        """Remember how a tree stood."""
        self._kept[key] = how
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def find(self, *keys: object) -> Unfolded | None:
        """Give what is remembered under the first of the keys that is known."""
        return next((self._kept[key] for key in keys if key in self._kept), None)


class Unfolding(QObject):
    """Opens rows as their members come, which may be at once or later.

    `bounded` comes when `expand_below` has left some closed, with how many rows it opened;
    `settled` when all that was read so far is open as it should be.
    """

    bounded = Signal(int)
    settled = Signal()

    def __init__(self, view: TreeView, model: JsonTreeModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._open: set[Way] = set()
        self._wanted: Unfolded | None = None
        self._below: dict[int, int] = {}
        self._to_open: deque[tuple[QModelIndex, int]] = deque()
        self._opened: list[QModelIndex] = []
        self._awaited = _NONE
        self._left = 0
        self._room = MOST_AT_FIRST
        self._seen: dict[int, int] = {}
        self._by_itself: set[int] = set()
        self._queue: deque[QModelIndex] = deque()
        self._busy = False
        self.touched = False
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._go_on)
        view.expanded.connect(self._on_expanded)
        view.collapsed.connect(self._on_collapsed)
        model.loaded.connect(self._on_loaded)
        model.trouble.connect(self._show_opened)

    @property
    def ways(self) -> frozenset[Way]:
        """The rows that are open, or were inside of one that was closed."""
        return frozenset(self._open)

    def begin(self, wanted: Unfolded | None) -> None:
        """Begin with another document, opened as one was before, or as a small one is."""
        self._open.clear()
        self._wanted = wanted
        self._end_below()
        self._opened.clear()
        self._seen.clear()
        self._by_itself.clear()
        self._queue.clear()
        self._room = MOST_AT_FIRST
        self.touched = wanted is not None and wanted.touched

    def expand_below(self, index: QModelIndex) -> None:
        """Open a row and all below it, as far as that is not too much at a time."""
        self.touched = True
        self._show_opened()
        self._left = MOST_BELOW
        self._to_open.append((index, _DEEPEST_BELOW))
        self._go_on()

    def _end_below(self) -> None:
        self._below.clear()
        self._to_open.clear()
        self._awaited = _NONE

    # --- as members come -------------------------------------------------------------------

    def _on_expanded(self, index: QModelIndex) -> None:
        self._open.add(self._model.way(index))
        self.touched = self.touched or not self._busy

    def _on_collapsed(self, index: QModelIndex) -> None:
        self._open.discard(self._model.way(index))
        self.touched = self.touched or not self._busy

    def _on_loaded(self, parent: QModelIndex) -> None:
        self._queue.append(parent)
        self._go_on()

    def _go_on(self) -> None:
        """Go through rows whose members came; those that come meanwhile wait for their turn."""
        if self._busy:
            return
        self._busy = True
        end = perf_counter() + _SLICE
        while True:
            if perf_counter() > end and (self._queue or self._to_open):
                self._later.start()
                break
            if self._queue:
                self._open_members(self._queue.popleft())
            elif self._to_open and self._awaited == _NONE:
                self._open_next(*self._to_open.popleft())
            else:
                break
        self._busy = False
        if not (self._queue or self._below or self._to_open):
            self._show_opened()
            self.settled.emit()

    def _open_members(self, parent: QModelIndex) -> None:
        model = self._model
        id_, way = _id(parent), model.way(parent)
        levels = self._below.pop(id_, 0)
        first = 0 if levels else self._seen.get(id_, 0)
        self._seen[id_] = model.rowCount(parent)
        if id_ == self._awaited:
            self._awaited = _NONE
        if levels:
            self._left -= self._seen[id_]
        elif not way:
            self._room -= self._seen[id_] - first
        for row in range(first, self._seen[id_]):
            index = model.index(row, 0, parent)
            if not model.hasChildren(index):
                continue
            if levels:
                self._to_open.append((index, levels - 1))
            elif self._wants(index, way, by_hand=bool(way) and id_ not in self._by_itself):
                self._by_itself.add(_id(index))
                self._open_row(index)

    def _open_next(self, index: QModelIndex, levels: int) -> None:
        """Open a row for `expand_below`, unless that has opened enough."""
        if self._left <= 0 or levels == 0:
            self._show_opened()
            self.bounded.emit(MOST_BELOW - self._left)
            return
        self._below[_id(index)] = levels
        self._awaited = _id(index)
        self._open_row(index)

    def _show_opened(self) -> None:
        """Open all at once what was read: each layout takes all rows anew."""
        opened, self._opened = self._opened, []
        self._end_below()
        if opened:
            self._view.put_off_layout()
        busy, self._busy = self._busy, True
        for index in opened:
            self._view.expand(index)
        self._busy = busy

    def _wants(self, index: QModelIndex, way: Way, *, by_hand: bool) -> bool:
        """Whether a row opens by itself; `by_hand`: a person has opened the one above, alone."""
        node = self._model.node(index)
        if node is None:
            return False
        if self._wanted is not None and self._wanted.touched:
            return (*way, segment_of(node)) in self._wanted.ways
        if by_hand or len(way) >= _DEEPEST_AT_FIRST:
            return False
        if node.count is None or node.count > self._room:
            return False
        self._room -= node.count
        return True

    def _open_row(self, index: QModelIndex) -> None:
        """Have a row's members read; it is opened with all others, once they are there."""
        self._opened.append(index)
        if self._model.is_loaded(index):
            self._queue.append(index)
        else:
            self._model.fetchMore(index)


def _id(index: QModelIndex) -> int:
    return int(index.internalId()) if index.isValid() else -1
