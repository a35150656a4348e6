"""Opens and reads the dialog that asks for a second place, for the tests of the window."""

from pathlib import Path

from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.comparison.second_place_dialog import SecondPlaceDialog
from gms_console.ui.window import MainWindow
from tests.support.cluster import Cluster
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    find,
    press,
    texts,
)
from tests.window.environments import open_on, write

BOTH, MATCH = "Ctrl+Alt+Return", "Ctrl+Shift+I"
"""The keys of the form sent to both, and of the create that is matched there."""


def two_nodes(
    open_window: OpenWindow, folder: Path, qa: Cluster, service: str = "request-interaction"
) -> MainWindow:
    """Open a window on the first node of `qa`, which has two."""
    write(folder, "qa", qa.one.base_url, qa.two.base_url)
    return open_on(open_window, folder, "qa", service=service)


def ask(window: MainWindow, qtbot: QtBot, key: str = BOTH) -> SecondPlaceDialog:
    """Press the key of what is asked for, and wait for the dialog."""
    press(window, key)
    return active_dialog(qtbot, SecondPlaceDialog)


def listed(dialog: SecondPlaceDialog) -> list[str]:
    """Give the lines of the places."""
    return texts(find(dialog, QListWidget, "secondPlaceList"))


def chosen_title(dialog: SecondPlaceDialog) -> str:
    """Give the place that is chosen; empty for none."""
    chosen = dialog.chosen
    return "" if chosen is None else chosen.title
