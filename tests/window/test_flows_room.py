"""The window of flows: its room at 1280 x 800, its keys, and when its modules are loaded."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QTableView, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import click, find, settle
from tests.window.flows import CALL, button, choose_step, open_flows, open_one


def test_with_variables_unfolded_a_run_still_has_room(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    shown.resize(1280, 800)
    open_one(shown, "Inbound call", qtbot)
    click(button(shown, "flowVariablesButton"))
    tree = find(shown, QTreeView, "runTree")
    row = tree.fontMetrics().height()
    qtbot.waitUntil(lambda: tree.height() > 8 * row)
    choose_step(shown, "2  poll status")
    shown.step_editor.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: find(shown, QWidget, "untilTable").isVisible())
    assert (shown.width(), shown.height()) == (1280, 800)
    assert shown.minimumSizeHint().height() <= 800


def test_with_larger_text_nothing_is_cut_off(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    shown.resize(1280, 800)
    open_one(shown, "Inbound call", qtbot)
    kind = find(shown, QComboBox, "stepKindCombo")
    table = find(shown, QTableView, "stepFormTable")
    before = kind.fontMetrics().height()
    main = shown.parentWidget()
    assert isinstance(main, MainWindow)
    for _ in range(3):
        main.actions_by_name["larger"].trigger()
    qtbot.waitUntil(lambda: kind.fontMetrics().height() > before)
    settle()
    words = max(kind.fontMetrics().horizontalAdvance(kind.itemText(n)) for n in range(5))
    assert kind.width() > words + 30
    assert table.columnWidth(1) > table.fontMetrics().horizontalAdvance("_ service") + 20
    assert table.rowHeight(0) > table.fontMetrics().height() + 8
    assert (shown.width(), shown.height()) == (1280, 800)


def test_no_two_parts_of_the_window_share_a_key(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    texts = [one.text() for one in shown.menuBar().actions()]
    texts += [one.text() for one in shown.findChildren(QAbstractButton)]
    texts += [one.text() for one in shown.findChildren(QLabel) if one.buddy() is not None]
    keys = Counter(QKeySequence.mnemonic(text).toString() for text in texts)
    del keys[""]
    assert [key for key, count in keys.items() if count > 1] == []
    for menu in shown.menus.values():
        inner = Counter(QKeySequence.mnemonic(one.text()).toString() for one in menu.actions())
        del inner[""]
        assert [key for key, count in inner.items() if count > 1] == []


def test_nothing_of_flows_is_loaded_for_the_first_picture() -> None:
    code = (
        "import sys, gms_console.ui.launch\n"
        "parts = ('gms_console.flow.', 'gms_console.runner.', 'gms_console.ui.panes.flows.',\n"
        "         'gms_console.ui.flows.desk', 'gms_console.ui.flows.run_desk', 'ruamel')\n"
        "print([one for one in sys.modules if one.startswith(parts)])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
