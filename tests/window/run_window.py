"""A flow in the window of flows, and what its run shows, for the tests of runs."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtWidgets import (
    QLabel,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.flow.types import Flow, Step
from gms_console.ui.models.run_nodes import CaseNode
from gms_console.ui.panes.flows.window import FlowsWindow
from gms_console.ui.window import MainWindow
from tests.support.wire_server import json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    cells,
    find,
    settle,
)

CREATED = json_answer({"_id": "I-1", "_access_number": "4321"})
WAITING = json_answer({"status": "waiting-for-agent"})
READY = json_answer({"status": "agent-ready"})


_OPENED: list[MainWindow] = []


@pytest.fixture(autouse=True)
def nothing_unsaved(open_window: OpenWindow) -> Iterator[None]:
    """Close the flows of a test, so that its window may close without a question."""
    del open_window
    yield
    for opened in _OPENED:
        for document in tuple(opened.console.flows.documents):
            opened.console.flows.close_document(document)
    _OPENED.clear()


def flows_of(window: MainWindow, *steps: Step, **fields: object) -> FlowsWindow:
    """Open a flow in the window of flows, and give that window."""
    window.console.flows.set_flow(Flow(steps=steps, **({"name": "Story"} | fields)))  # type: ignore[arg-type]
    _OPENED.append(window)
    settle()
    found = window.flow_actions.window
    assert isinstance(found, FlowsWindow)
    found.activateWindow()
    return found


def ended(window: MainWindow, qtbot: QtBot) -> None:
    """Wait for the end of the run."""
    runs = window.console.runs
    qtbot.waitUntil(lambda: not runs.running and runs.summary is not None)


def results(flows: QWidget) -> list[tuple[str, str]]:
    """Give each line of the run with its result."""
    tree = find(flows, QTreeView, "runTree")
    found = [index for index in cells(tree.model()) if index.column() == 0]
    return [(str(one.data()), str(one.siblingAtColumn(1).data())) for one in found]


def all_ended(cases: Sequence[CaseNode]) -> bool:
    return bool(cases) and all(case.verdict is not None for case in cases)


def text(flows: QWidget, name: str) -> str:
    return find(flows, QLabel, name).text()
