"""Opens and reads the window that compares, for the tests of the window."""

import threading
from collections.abc import Callable

from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QMenu,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from gms_console.comparison import Comparison, IgnoreRules
from gms_console.comparison import compare as really_compare
from gms_console.model.exchange import Exchange
from gms_console.ui.panes.comparison.window import ComparisonWindow
from gms_console.ui.window import MainWindow
from tests.support.wire_server import Answer, WireServer
from tests.window.driving import (
    active_dialog,
    cells,
    click_cell,
    find,
    press,
    row,
    send,
)

LEFT = {"_id": "a", "queue": "north", "agents": [{"name": "Ann", "at": 1}], "ewt": 3}
RIGHT = {"_id": "b", "queue": "south", "agents": [{"name": "Ann", "at": 2}], "ewt": 3, "vip": True}


def held_until(gate: threading.Event) -> Callable[..., Comparison]:
    """Make a comparison that only begins once the gate is open, however fast the machine is."""

    def held(left: Exchange, right: Exchange, rules: IgnoreRules) -> Comparison:
        assert gate.wait(30), "nobody opened the gate"
        return really_compare(left, right, rules)

    return held


def result(qtbot: QtBot) -> ComparisonWindow:
    """Wait for the window that compares to be in front with its result."""
    shown = active_dialog(qtbot, ComparisonWindow)
    qtbot.waitUntil(lambda: summary(shown) not in {"Comparing …", ""})
    return shown


def summary(shown: ComparisonWindow) -> str:
    """Give what it says of the differences."""
    return find(shown, QLabel, "comparisonSummary").text()


def to_front(shown: ComparisonWindow, qtbot: QtBot) -> None:
    """Go to the window that compares, as a click on it does."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    shown.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is shown)


def compare(
    window: MainWindow, wire: WireServer, qtbot: QtBot, left: Answer, right: Answer
) -> ComparisonWindow:
    """Send twice, and compare the second answer with the one before."""
    wire.script(left, right)
    send(window, wire, qtbot)
    send(window, wire, qtbot)
    press(window, "Ctrl+Shift+L")
    return result(qtbot)


def show_all(shown: ComparisonWindow, qtbot: QtBot) -> None:
    """Switch off by its key that only differences are shown; a box takes its time for that."""
    box = find(shown, QCheckBox, "comparisonOnlyBox")
    press(shown, "Alt+D")
    qtbot.waitUntil(lambda: not box.isChecked() and not box.isDown())


def tree(shown: ComparisonWindow) -> QTreeView:
    """Give the tree of the differences."""
    return find(shown, QTreeView, "comparisonTree")


def rows(shown: ComparisonWindow) -> list[tuple[str, str, str]]:
    """Give what the tree shows, row by row, however deep."""
    model = tree(shown).model()
    firsts = [index for index in cells(model) if index.column() == 0]
    return [
        (str(one.data()), str(one.siblingAtColumn(1).data()), str(one.siblingAtColumn(2).data()))
        for one in firsts
    ]


def choose_in_menu(shown: ComparisonWindow, view: QTreeView, text: str, words: str) -> None:
    """Open the menu of a row by the Menu key's way, and choose an entry."""
    index = row(view, text)
    click_cell(view, index)
    view.customContextMenuRequested.emit(view.visualRect(index).center())
    menu = find(shown, QMenu, "comparisonMenu")
    entries = [one.text() for one in menu.actions() if one.text()]
    assert words in entries
    menu.setActiveAction(next(one for one in menu.actions() if one.text() == words))
    press(menu, "Return")
