"""What can be done with a value of the tree: copy it, keep it, poll for it, see it whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QMenu

from gms_console.instance import Instance
from gms_console.json_text.node import Node, NodeKind
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange, OperationKind
from gms_console.model.reading import text_of
from gms_console.model.stop_rule import StopRule, StopRuleError
from gms_console.variables import escape

from ...models.json_tree_item import plain_value
from ...node_feed import LONGEST_VALUE, NodeFeed
from ...sharing import masked

if TYPE_CHECKING:
    from ...console import Console
    from .tree_view import JsonTree

_CONTAINERS = {NodeKind.OBJECT, NodeKind.ARRAY}
_SCALARS = {NodeKind.STRING, NodeKind.NUMBER, NodeKind.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Subject:
    """The value that an action is about, and the answer that it stands in.

    `name` is what it could be called as a variable, `path` its JMESPath; both may be empty.
    """

    index: QModelIndex
    node: Node | None
    name: str
    path: str
    exchange: Exchange | None
    answer: Answer | None
    feed: NodeFeed | None


class TreeActions(QObject):
    """The actions of a row: by its menu, and by their keys while the tree has the focus."""

    def __init__(self, console: Console, tree: JsonTree) -> None:
        super().__init__(tree)
        self._console = console
        self._tree = tree
        self._menu: QMenu | None = None
        self._dialog: QDialog | None = None
        self._made: dict[str, QAction] = {}
        for name, text, key, run in (
            ("copyValue", "&Copy value", "Ctrl+C", self.copy_value),
            ("copyPath", "Copy &path (JMESPath)", "Ctrl+Shift+C", self.copy_path),
            ("copyKey", "Copy &key", "", self.copy_key),
            ("useAsVariable", "Use as &variable …", "", self.use_as_variable),
            ("pollUntilValue", "Poll &until this value", "", self.poll_until),
            ("showWholeValue", "Show &whole value …", "", self.show_whole),
            ("expandBelow", "&Expand below", "*", self.expand_below),
            ("collapseRow", "C&ollapse", "", self.collapse),
        ):
            self._made[name] = self._action(name, text, key, run)

    def _action(self, name: str, text: str, key: str, run: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setObjectName(f"{name}Action")
        if key:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _=False: run())
        self._tree.view.addAction(action)
        return action

    def open_menu(self, place: QPoint) -> None:
        """Open the menu of the current row."""
        if self._menu is None:
            self._menu = QMenu(self._tree)
            self._menu.setObjectName("answerTreeMenu")
            self._menu.setToolTipsVisible(True)
            for name, action in self._made.items():
                if name in {"useAsVariable", "expandBelow"}:
                    self._menu.addSeparator()
                self._menu.addAction(action)
            self._menu.aboutToHide.connect(self._enable_all)
        self._enable()
        self._menu.popup(place)

    def _enable(self) -> None:
        """Offer what can be done with the current row."""
        node = self._tree.subject().node
        container = node is not None and node.kind in _CONTAINERS
        scalar = node is not None and node.kind in _SCALARS
        self._made["copyKey"].setEnabled(node is not None and node.key is not None)
        self._made["copyPath"].setEnabled(bool(self._tree.subject().path))
        self._made["useAsVariable"].setEnabled(scalar)
        polled = self._polled()
        self._made["pollUntilValue"].setEnabled(scalar and polled is not None)
        self._made["pollUntilValue"].setToolTip(
            "Repeat this request until its answer has this value here"
            if polled is not None
            else "Only a request to a live service can be polled"
        )
        self._made["expandBelow"].setEnabled(container)
        self._made["collapseRow"].setEnabled(container)

    def _enable_all(self) -> None:
        """Let the keys work again; each action looks for itself whether it can be done."""
        for action in self._made.values():
            action.setEnabled(True)

    # --- copying -----------------------------------------------------------------------------

    def copy_value(self) -> None:
        """Copy the whole value: of a text what it says; of an object or array its JSON.

        One value is copied as it is, since a person has pointed at it; known secrets are masked
        within more.
        """
        subject = self._tree.subject()
        node = subject.node
        if node is None:
            return

        def copy(text: str) -> None:
            said = ""
            if node.kind in _CONTAINERS:
                copied = masked(self._console, text)
                said = "" if copied == text else " Secrets in it are masked."
            else:
                copied = plain_value(text)
            QGuiApplication.clipboard().setText(copied)
            self._console.message.emit(f"Copied the value of {_called(subject)}.{said}")

        self._whole(subject, copy)

    def copy_path(self) -> None:
        """Copy the JMESPath of the value."""
        subject = self._tree.subject()
        if subject.path:
            QGuiApplication.clipboard().setText(subject.path)
            self._console.message.emit(f"Copied {subject.path}")
        elif subject.node is not None:
            self._console.message.emit(
                "No JMESPath leads to this value, as to a key that its object has twice."
            )

    def copy_key(self) -> None:
        """Copy the key."""
        node = self._tree.subject().node
        if node is not None and node.key is not None:
            QGuiApplication.clipboard().setText(node.key)
            self._console.message.emit("Copied the key.")

    def _whole(self, subject: Subject, use: Callable[[str], None]) -> None:
        """Read a value whole, and use it; a problem goes to the status bar."""
        node, feed = subject.node, subject.feed
        if node is None or feed is None:
            return
        if node.kind not in _CONTAINERS and not node.cut:
            use(node.text)
            return

        def take(text: str, reason: str) -> None:
            if reason:
                self._console.message.emit(reason)
            else:
                use(text)

        feed.value(node, take)

    # --- what is made of a value ---------------------------------------------------------------

    def show_whole(self) -> None:
        """Show the value in a window of its own."""
        subject = self._tree.subject()
        node = subject.node

        def show(text: str) -> None:
            from .whole_value import WholeValue  # noqa: PLC0415 - not before it is asked for

            # What is longer was cut, and is no longer JSON that could be read.
            cut = len(text) >= LONGEST_VALUE
            self._dialog = WholeValue(
                _called(subject), plain_value(text), cut=cut, parent=self._tree.window()
            )
            self._dialog.copied.connect(self._console.message)
            self._dialog.open()

        if node is not None:
            self._whole(subject, show)

    def use_as_variable(self) -> None:
        """Ask for a name, under which forms can take the value."""
        subject = self._tree.subject()
        if subject.node is None or subject.node.kind not in _SCALARS:
            self._console.message.emit("Only a text, a number or a boolean can be a variable.")
            return

        def ask(text: str) -> None:
            from .variable_dialog import VariableDialog  # noqa: PLC0415 - not before it is asked

            if len(text) >= LONGEST_VALUE:
                self._console.message.emit("This value is too long for a variable.")
                return
            node, exchange = subject.node, subject.exchange
            title = exchange.operation.title if exchange is not None else ""
            self._dialog = VariableDialog(
                self._console.captures,
                subject.name,
                plain_value(text),
                key=(node.key if node is not None else None) or subject.name,
                origin=f"{subject.path or subject.name} of {title}",
                parent=self._tree.window(),
            )
            self._dialog.open()

        self._whole(subject, ask)

    def _polled(self) -> Instance | None:
        """Give the live instance that the shown request was sent to."""
        exchange = self._tree.subject().exchange
        if exchange is None or exchange.operation.kind is not OperationKind.REQUEST:
            return None
        operation = exchange.operation
        if not operation.request:
            return None
        listed = self._console.session.instances
        return next((one for one in listed if one.id == operation.instance_id), None)

    def poll_until(self) -> None:
        """Put a rule that waits for this value into the poll control, or say why there is none."""
        subject, instance = self._tree.subject(), self._polled()
        node, exchange = subject.node, subject.exchange
        if node is None:
            return
        if instance is None or exchange is None:
            self._console.message.emit("Only a request to a live service can be polled.")
            return
        try:
            rule = self._rule(subject)
        except StopRuleError as error:
            self._console.message.emit(f"No poll can wait for this value: {error}.")
            return
        self._console.live.offer_poll(instance, exchange.operation.request, escape(str(rule)))
        if subject.answer is not None:
            # Another instance may have been in front, with another answer.
            self._console.show(exchange, subject.answer)
        self._console.message.emit(f"Poll until {rule}: start it with Ctrl+R.")

    @staticmethod
    def _rule(subject: Subject) -> StopRule:
        node = subject.node
        if node is None or node.kind not in _SCALARS:
            raise StopRuleError("only a text, a number or a boolean can be waited for")
        if node.cut:
            raise StopRuleError("it is too long")
        rule = StopRule.for_value(subject.path, text_of(json.loads(node.text)) or "")
        if subject.answer is None or not rule.holds(subject.answer.data):
            raise StopRuleError("a poll would not find it in this answer")
        return rule

    # --- rows ----------------------------------------------------------------------------------

    def expand_below(self) -> None:
        """Open the row and all below it, as far as that is not too much."""
        index = self._tree.subject().index
        if self._tree.model.hasChildren(index) and index.isValid():
            self._tree.unfolding.expand_below(index)

    def collapse(self) -> None:
        """Close the row."""
        self._tree.view.collapse(self._tree.subject().index)


def _called(subject: Subject) -> str:
    """Name a value in a message."""
    return subject.path or subject.name
