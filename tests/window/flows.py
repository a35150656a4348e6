"""The window of flows, as tests open and drive it."""

from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QComboBox, QListView, QTableView
from pytestqt.qtbot import QtBot

from gms_console.flow.file import read_flow
from gms_console.flow.types import Flow
from gms_console.ui.panes.flows.window import FlowsWindow
from gms_console.ui.window import MainWindow
from gms_console.workspace import Workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import click_row, double_click_cell, find, press, receiver

CALL = """\
# How support reproduces the queue problem.
gms: 1
name: Inbound call
vars: {phone: "6504669999"}
steps:
  - create: request-inbound-poll  # the real one
    as: call
    form:
      - {key: _phone_number, value: "{{phone}}"}
    expect:
      - {http: 200}
  # Until somebody answers.
  - poll: status
    on: call
    until: {path: status, equals: agent-ready}
  - request: cancel
    on: call
"""


def open_flows(
    open_window: OpenWindow, wire: WireServer, folder: Path, qtbot: QtBot, **files: str
) -> FlowsWindow:
    """Open the main window on `folder`, put flow files there, and go to the flows by their key."""
    home = folder / "flows"
    home.mkdir(exist_ok=True)
    for name, text in files.items():
        (home / f"{name}.yaml").write_text(text, "utf-8")
    window = open_window(Workspace(base_url=wire.base_url), folder)
    return to_flows(window, qtbot, len(files))


def to_flows(window: MainWindow, qtbot: QtBot, count: int) -> FlowsWindow:
    """Go to the flows by their key, and wait until that many are listed."""
    press(window, "Alt+0")
    shown = window.flow_actions.window
    assert shown is not None
    qtbot.waitActive(shown)
    qtbot.waitUntil(lambda: shown.desk.files.loaded and shown.explorer.model.total == count)
    return shown


def open_one(shown: FlowsWindow, title: str, qtbot: QtBot) -> None:
    """Click a flow of the list, and wait until it is open."""
    click_row(find(shown, QListView, "flowList"), title)
    qtbot.waitUntil(lambda: shown.desk.document is not None)


def flow(shown: FlowsWindow) -> Flow:
    """Give the flow that is open, as it stands."""
    found: Flow | None = shown.desk.flow
    assert found is not None
    return found


def on_disk(folder: Path, name: str) -> Flow:
    """Read a flow of the folder."""
    return read_flow(folder / "flows" / f"{name}.yaml")


def listed(shown: FlowsWindow) -> list[str]:
    """Give the rows of the explorer."""
    view = find(shown, QListView, "flowList")
    model = view.model()
    return [str(model.index(place, 0).data()) for place in range(model.rowCount())]


def steps(shown: FlowsWindow) -> list[str]:
    """Give the titles of the steps."""
    view = find(shown, QListView, "stepList")
    model = view.model()
    return [str(model.index(place, 0).data()) for place in range(model.rowCount())]


def choose_step(shown: FlowsWindow, title: str) -> None:
    """Click a step."""
    click_row(find(shown, QListView, "stepList"), title)


def choose_in_cell(table: QTableView, place: int, column: int, words: str) -> None:
    """Open the list in a cell, and choose an entry by keys."""
    double_click_cell(table, table.model().index(place, column))
    combo = receiver(table)
    if not isinstance(combo, QComboBox):
        combo = next(iter(table.viewport().findChildren(QComboBox)))
    target = combo.findText(words)
    assert target >= 0, f"no entry {words!r}"
    press(combo, "Alt+Down", "Home", *["Down"] * target, "Return")


def button(shown: FlowsWindow, name: str) -> QAbstractButton:
    """Give a button of the window."""
    return find(shown, QAbstractButton, name)
