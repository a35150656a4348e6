"""Drives the list of the history, for the tests of the window."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QLabel, QLineEdit, QTabBar, QTreeView
from pytestqt.qtbot import QtBot

from gms_console.history import HistoryRow
from gms_console.ui.models.history_model import ROW_ROLE
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace, save_workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import click_cell, find, press, type_text


def open_kept(
    open_window: OpenWindow, folder: Path, wire: WireServer, service: str = "request-interaction"
) -> MainWindow:
    """Open a window that keeps its history, and would create a service at the wire server."""
    save_workspace(folder, Workspace(base_url=wire.base_url, create=Draft(service=service)))
    return open_window(folder=folder)


def open_history(window: MainWindow, qtbot: QtBot, count: int | None = None) -> QTreeView:
    """Press Ctrl+H and wait for the rows; give the list."""
    press(window, "Ctrl+H")
    view = find(window, QTreeView, "historyList")
    assert find(window, QTabBar, "leftTabs").currentIndex() == 1
    if count is not None:
        wait_for_rows(window, qtbot, count)
    return view


def indexes(window: MainWindow) -> Iterator[QModelIndex]:
    """Give the places of the rows in the list, the newest first, without days and attempts."""
    model = find(window, QTreeView, "historyList").model()
    for place in range(model.rowCount()):
        index = model.index(place, 0)
        if isinstance(index.data(ROW_ROLE), HistoryRow):
            yield index


def rows(window: MainWindow) -> list[HistoryRow]:
    """Give the rows of the list, the newest first."""
    return [index.data(ROW_ROLE) for index in indexes(window)]


def titles(window: MainWindow) -> list[str]:
    """Give what the rows are called, the newest first."""
    return [row.title for row in rows(window)]


def wait_for_rows(window: MainWindow, qtbot: QtBot, count: int) -> None:
    """Wait until the list has so many rows."""
    qtbot.waitUntil(lambda: window.console.history.list.read and len(rows(window)) == count)


def click_row(window: MainWindow, place: int) -> None:
    """Click a row by its place from the top."""
    view = find(window, QTreeView, "historyList")
    click_cell(view, list(indexes(window))[place])


def search(window: MainWindow, text: str) -> None:
    """Type words into the search field, in the place of those that stand there."""
    edit = find(window, QLineEdit, "historySearchEdit")
    edit.setFocus()
    press(window, "Ctrl+A")
    if text:
        type_text(window, text)
    else:
        press(window, "Delete")


def hint(window: MainWindow) -> str:
    """Give what the empty list says; nothing while it has rows."""
    view = find(window, QTreeView, "historyList")
    return "".join(one.text() for one in view.findChildren(QLabel) if one.isVisible())


def history_files(folder: Path) -> list[Path]:
    """Give all files below the history's folder."""
    return [one for one in (folder / "history").rglob("*") if one.is_file()]
