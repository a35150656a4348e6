"""Environments for the tests of the window: their files, and the widgets that show them."""

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace, save_workspace
from tests.window.conftest import OpenWindow
from tests.window.driving import find, press


def write(folder: Path, name: str, *urls: str, more: str = "") -> Path:
    """Write the file of an environment with one node for each URL, as a person does."""
    nodes = "".join(f"  - {{name: node{n}, url: '{url}'}}\n" for n, url in enumerate(urls, 1))
    file = folder / "environments" / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"gms: 1\nname: {name}\nnodes:\n{nodes}{more}", "utf-8")
    return file


def open_on(
    open_window: OpenWindow,
    folder: Path,
    environment: str = "",
    *,
    base_url: str = "",
    service: str = "request-interaction",
    every: float = 0.1,
) -> MainWindow:
    """Open a window that was left on an environment, with a service in its form."""
    save_workspace(
        folder,
        Workspace(
            environment=environment,
            base_url=base_url,
            create=Draft(service=service),
            poll=PollSettings(every=every, within=0),
        ),
    )
    return open_window(folder=folder)


def combo(window: MainWindow) -> QComboBox:
    """Give the list of environments."""
    return find(window, QComboBox, "environmentCombo")


def switch(window: MainWindow, text: str) -> None:
    """Choose a place in the list of environments by the keyboard."""
    press(window, "Ctrl+E")
    pick(combo(window), text)


def pick(listed: QComboBox, text: str) -> None:
    """Go to an entry of a list that is open, and press Enter."""
    view = listed.view()
    press(view, *["Up"] * listed.count())  # Home would stop at a first entry that is disabled
    for _ in range(listed.count()):
        if view.currentIndex().data() != text:
            press(view, "Down")
    assert view.currentIndex().data() == text
    press(view, "Return")


def shown(window: MainWindow, name: str) -> str:
    """Give the text of a label that can be seen, and nothing of one that cannot."""
    return "".join(one.text() for one in window.findChildren(QLabel, name) if one.isVisible())


def on(window: MainWindow, title: str, qtbot: QtBot) -> None:
    """Wait until the window sends to the place of that title."""
    console = window.console
    qtbot.waitUntil(lambda: console.environment is not None and console.environment.title == title)
