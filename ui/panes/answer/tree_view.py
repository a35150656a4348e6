"""The tree of a JSON answer: its values with their types, and what can be done with each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QTreeView, QVBoxLayout, QWidget

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange

from ...models.json_tree_item import AT_SIGHT
from ...models.json_tree_model import Column, JsonTreeModel
from ...node_feed import NodeFeed, feed_of
from ..common import ElidedLabel, Hint, label, named
from .tree_actions import Subject, TreeActions
from .tree_unfolding import Unfolded, UnfoldedTrees, Unfolding
from .value_delegate import ValueDelegate

if TYPE_CHECKING:
    from ...body_desk import ShownBody
    from ...console import Console

_KEY_WIDTH, _TYPE_WIDTH = 160, 66
_INDENT = 16
NO_ANSWER = (
    "No answer yet. Send something (Ctrl+Enter): what comes back is shown here by its parts."
)
NO_JSON = "This answer is no JSON, so it has no tree. Raw shows it as it came."


class JsonTree(QWidget):
    """Shows a body as a tree; `view` is the tree itself, which has the focus.

    Nothing is read before it is seen: what is to be shown waits until then.
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self.model = JsonTreeModel(self)
        self.view = named(TreeView(), "answerTree", "Answer as a tree")
        self.view.setModel(self.model)
        self.unfolding = Unfolding(self.view, self.model)
        self.actions_of_rows = TreeActions(console, self)
        self._trees = UnfoldedTrees()
        self._hint = Hint(self.view, NO_ANSWER)
        self._trouble = named(label("", "error"), "answerTreeTrouble", "Why there is no tree")
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        self._path = named(ElidedLabel(), "answerTreePath", "Path of the value")
        self._shown: tuple[str, ShownBody | None] | None = None
        self._waiting: tuple[Exchange, Answer, ShownBody | None] | None = None
        self._exchange: Exchange | None = None
        self._answer: Answer | None = None
        self._feed: NodeFeed | None = None
        self._within = ""
        self._wanted: Unfolded | None = None
        self.setFocusProxy(self.view)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._trouble)
        column.addWidget(self.view, 1)
        column.addWidget(self._path)
        self._path.hide()

    def _connect(self) -> None:
        self.model.trouble.connect(self._show_trouble)
        self.unfolding.settled.connect(self._restore)
        self.unfolding.bounded.connect(self._say_bounded)
        self.view.menu_wanted.connect(self.actions_of_rows.open_menu)
        self.view.whole_wanted.connect(self.actions_of_rows.show_whole)
        self.view.below_wanted.connect(self.actions_of_rows.expand_below)
        selection = self.view.selectionModel()
        selection.currentChanged.connect(self._show_path)

    # --- what is shown -----------------------------------------------------------------------

    def show_body(self, exchange: Exchange, answer: Answer, body: ShownBody | None) -> None:
        """Show the body of an answer, or what a filter found in it; None for no JSON.

        The same body again leaves everything as it stands. The next answer to the same request
        is opened as this one is.
        """
        self._waiting = (exchange, answer, body)
        if self.isVisible():
            self._show_waiting()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read what waited for being seen."""
        super().showEvent(event)
        self._show_waiting()

    def _show_waiting(self) -> None:
        if self._waiting is None:
            return
        exchange, answer, body = self._waiting
        self._waiting = None
        shown = (exchange.id, body)
        if shown == self._shown:
            return
        self._keep()
        self._shown, self._exchange, self._answer = shown, exchange, answer
        self._within = "" if body is None else body.filtered_by
        self._wanted = self._trees.find(*self._keys())
        self._trouble.hide()
        self._hint.setText(NO_JSON if body is None else "")
        self.unfolding.begin(self._wanted)
        tasks = self._console.session.tasks
        tasks.cancel(self)
        start = partial(tasks.start, name="tree", owner=self)
        self._feed = None if body is None else feed_of(body, start)
        self.model.show(self._feed)
        self._show_path()

    def _keys(self) -> tuple[object, ...]:
        """Give what a tree is remembered by: its exchange, and the request that it answered."""
        if self._exchange is None:
            return ()
        one = self._exchange.operation
        request = (one.kind, one.service, one.instance_id, one.request, one.label)
        return (self._exchange.id, self._within), (*request, self._within)

    def _keep(self) -> None:
        if self._exchange is None or self.model.rowCount() == 0:
            return
        how = Unfolded(
            ways=self.unfolding.ways,
            touched=self.unfolding.touched,
            current=self.model.way(self.view.currentIndex()),
            scrolled=self.view.verticalScrollBar().value(),
        )
        for key in self._keys():
            self._trees.keep(key, how)

    def _restore(self) -> None:
        """Go back to where a person was in this tree, unless they have gone elsewhere in it."""
        wanted = self._wanted
        if wanted is None or self.view.currentIndex().isValid():
            self._wanted = None
            return
        index = self.model.find(wanted.current)
        if wanted.current and not index.isValid():
            return  # it may be among what is still being read
        self._wanted = None
        self.view.doItemsLayout()
        if index.isValid():
            self.view.setCurrentIndex(index)
        self.view.verticalScrollBar().setValue(wanted.scrolled)

    # --- what it says ------------------------------------------------------------------------

    def _show_trouble(self, text: str) -> None:
        self._trouble.setText(text)
        self._trouble.show()
        self._hint.setText("")

    def _say_bounded(self, count: int) -> None:
        self._console.message.emit(
            f"{count:,} values are open below. There are more: open them from where they end."
        )

    def _show_path(self) -> None:
        path = self.subject().path
        self._path.setVisible(bool(path))
        self._path.show_text(path)

    def refresh_colours(self) -> None:
        """Take the colours of the scheme in force."""
        self.model.refresh_colours()
        self.view.viewport().update()

    # --- for the actions ---------------------------------------------------------------------

    def subject(self) -> Subject:
        """Give what the actions are about: the current row and where it comes from."""
        index = self.view.currentIndex()
        index = index.siblingAtColumn(0) if index.isValid() else index
        node = self.model.node(index)
        path = node.path if node is not None else ""
        if node is not None and self._within:
            path = f"{self._within} | {path}" if path else self._within
        name = self.model.name(index) if node is not None else ""
        return Subject(index, node, name, path, self._exchange, self._answer, self._feed)


class TreeView(QTreeView):
    """A tree by keys: Enter opens and closes a row; rows that stand for more are read when seen.

    `menu_wanted` says where; `whole_wanted` comes by Enter on a value that is cut, `below_wanted`
    by an asterisk, by which a tree opens all below, however much that is.
    """

    menu_wanted = Signal(QPoint)
    whole_wanted = Signal()
    below_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(_INDENT)
        self.setExpandsOnDoubleClick(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setItemDelegateForColumn(Column.VALUE, ValueDelegate(self))
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read_seen)

    def setModel(self, model: JsonTreeModel) -> None:  # type: ignore[override]  # noqa: N802
        """Show a JSON document, and read on in it where the end of what was read is seen."""
        super().setModel(model)
        self._json = model
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(Column.VALUE, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(Column.KEY, _KEY_WIDTH)
        header.resizeSection(Column.TYPE, _TYPE_WIDTH)
        self.verticalScrollBar().valueChanged.connect(self._soon.start)
        self.expanded.connect(self._soon.start)
        model.loaded.connect(self._soon.start)

    def put_off_layout(self) -> None:
        """Lay rows out later, once, however many are opened until then."""
        self.scheduleDelayedItemsLayout()

    @property
    def json_model(self) -> JsonTreeModel:
        """The model, by its own type."""
        return self._json

    def _read_seen(self) -> None:
        """Read on at the rows in sight that stand for more."""
        if not self.isVisible():
            return
        bottom = self.viewport().height()
        index = self.indexAt(QPoint(1, 1))
        while index.isValid() and self.visualRect(index).top() < bottom:
            below = self.indexBelow(index)
            if self.json_model.is_more(index):
                if index.row() < AT_SIGHT:
                    self._read_on(index)
                return
            index = below

    def _read_on(self, index: QModelIndex) -> None:
        """Read on at a row; if it was chosen, the first that came is chosen then."""
        model = self.json_model
        chosen = self.currentIndex().siblingAtColumn(0) == index
        row, parent = index.row(), index.parent()
        model.load_more(index)
        first = model.index(row, 0, parent)
        if chosen and not model.is_more(first):
            self.setCurrentIndex(first)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open and close rows by Enter; all other keys do what they do in every tree."""
        index = self.currentIndex().siblingAtColumn(0)
        if event.key() == Qt.Key.Key_Asterisk:
            self.below_wanted.emit()
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            super().keyPressEvent(event)
        elif self.json_model.is_more(index):
            self._read_on(index)
        elif self.json_model.hasChildren(index) and index.isValid():
            self.setExpanded(index, not self.isExpanded(index))
        elif (node := self.json_model.node(index)) is not None and node.cut:
            self.whole_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the menu of the row: by the mouse there, by its key at the current one."""
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            index = self.indexAt(event.pos())
            place = event.globalPos()
            if index.isValid():
                self.setCurrentIndex(index)
        else:
            rect = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(rect.bottomLeft() + QPoint(_INDENT, 0))
        if self.currentIndex().isValid():
            self.menu_wanted.emit(place)
        event.accept()
