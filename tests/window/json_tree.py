"""Drives the tree of an answer, for tests of the window."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QTabBar, QTabWidget, QTreeView
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from tests.support.wire_server import Answer, WireServer, json_answer
from tests.window.driving import find, open_tab, press, retype, send


def shown(window: MainWindow, wire: WireServer, qtbot: QtBot, answer: Answer) -> QTreeView:
    """Send, and bring the tree of the answer to the front."""
    wire.script(answer)
    send(window, wire, qtbot)
    return tree(window)


def tree(window: MainWindow) -> QTreeView:
    """Bring the tree to the front, and have the cursor in it."""
    open_tab(find(window, QTabWidget, "answerBodyTabs"), "Tree")
    view = find(window, QTreeView, "answerTree")
    view.setFocus()
    return view


def rows(view: QTreeView, parent: QModelIndex | None = None) -> Iterator[str]:
    """Give the rows that can be seen by opening nothing, each with its depth as blanks."""
    model, above = view.model(), parent or QModelIndex()
    for place in range(model.rowCount(above)):
        index = model.index(place, 0, above)
        texts = [str(model.index(place, column, above).data() or "") for column in range(3)]
        yield " | ".join(texts).rstrip(" |")
        if view.isExpanded(index):
            yield from (f"  {one}" for one in rows(view, index))


def by_menu(view: QTreeView, qtbot: QtBot, text: str) -> QMenu:
    """Open the menu of the current row by its key, as a person without a mouse does."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(view.viewport(), event)
    menu = find(view.window(), QMenu, "answerTreeMenu")
    qtbot.waitUntil(menu.isVisible)
    action = next(one for one in menu.actions() if one.text().replace("&", "") == text)
    if action.isEnabled():
        press(view, *["Down"] * (enabled(menu).index(action) + 1), "Return")
    return menu


def enabled(menu: QMenu) -> list[QAction]:
    """Give the entries that can be chosen."""
    return [one for one in menu.actions() if one.isEnabled() and not one.isSeparator()]


def asked_status(window: MainWindow, wire: WireServer, qtbot: QtBot, answer: object) -> QTreeView:
    """Create an instance, ask for its status, and show that answer's tree."""
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    retype(find(window, QLineEdit, "requestNameEdit"), "status")
    return shown(window, wire, qtbot, json_answer(answer))
