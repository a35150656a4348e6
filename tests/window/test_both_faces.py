"""A flow gives the same result in both faces, and what was recorded in one runs in the other."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.flow.types import StepKind
from gms_console.flow.writing import flow_text
from gms_console.simulator import Simulator
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.cli.test_contract import program
from tests.window.conftest import OpenWindow
from tests.window.driving import click, find, press, settle

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples" / "flows"
FLOWS = sorted(EXAMPLES.glob("*.yaml"))
A_RUN = 20_000
"""Milliseconds for a run whose polls wait for the simulator's agent."""


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A simulator whose clock is as fast as polls of a second do not miss a state of it."""
    with Simulator(speed=4) as started:
        yield started


def drop_flows(window: MainWindow) -> None:
    """Close what is open, so that no question is asked at the end."""
    for document in tuple(window.console.flows.documents):
        window.console.flows.close_document(document)


def by_command(simulator: Simulator, report: Path) -> dict[str, list[tuple[str, str]]]:
    """Run the examples by the installed program; give the steps of each, with their verdicts."""
    place = ("--url", simulator.base_url, "--parallel", len(FLOWS))
    ended = program("run", *FLOWS, *place, "--report-jsonl", report)
    assert ended.code == 0, ended.out + ended.err
    found: dict[str, list[tuple[str, str]]] = {}
    for line in map(json.loads, report.read_text("utf-8").splitlines()):
        if line["event"] == "step":
            title = line["case"].partition(". ")[2]
            found.setdefault(title, []).append((line["title"], line["verdict"]))
    return found


def by_window(window: MainWindow, file: Path, qtbot: QtBot) -> tuple[str, list[tuple[str, str]]]:
    """Open a flow and run it; give its title, and its steps with their verdicts."""
    flows, runs = window.console.flows, window.console.runs
    flows.files.open_file(file)
    qtbot.waitUntil(lambda: flows.flow is not None and flows.flow.file == file)
    runs.run()
    qtbot.waitUntil(lambda: not runs.running, timeout=A_RUN)
    (case,) = runs.model.cases
    verdicts = [step.verdict for step in case.steps]
    assert flows.flow is not None
    return flows.flow.title, [
        (step.title, verdict.value if verdict is not None else "none")
        for step, verdict in zip(case.steps, verdicts, strict=True)
    ]


def test_the_example_flows_give_the_same_verdicts_in_both_faces(
    open_window: OpenWindow, simulator: Simulator, qtbot: QtBot, tmp_path: Path
) -> None:
    expected = by_command(simulator, tmp_path / "report.jsonl")
    window = open_window(Workspace(base_url=simulator.base_url))
    assert dict(by_window(window, file, qtbot) for file in FLOWS) == expected
    assert len(expected) == len(FLOWS) >= 6
    drop_flows(window)


def test_a_session_that_was_recorded_runs_on_the_command_line(
    open_window: OpenWindow, simulator: Simulator, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(
        Workspace(base_url=simulator.base_url, create=Draft(service="request-inbound-poll"))
    )
    mark = find(window, QToolButton, "recordingMark")
    click(mark)
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: window.console.live.selected is not None)
    click(find(window, QPushButton, "pollButton"))
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: not poll.running, timeout=A_RUN)
    press(window, "Alt+8")
    click(find(window, QToolButton, "requestButton_get-dialog"))
    qtbot.waitUntil(lambda: bool(window.findChildren(QAbstractButton, "phoneItem1")))
    click(find(window, QAbstractButton, "phoneItem1"))
    qtbot.waitUntil(lambda: not window.console.phone.handset.busy)
    click(find(window, QToolButton, "requestButton_cancel"))
    qtbot.waitUntil(lambda: mark.text() == "● Recording, 5 steps")
    click(mark)
    settle()
    flow = window.console.flows.flow
    assert flow is not None
    assert [step.kind for step in flow.steps] == [
        StepKind.CREATE,
        StepKind.POLL,
        StepKind.REQUEST,
        StepKind.FOLLOW,
        StepKind.REQUEST,
    ]
    file = tmp_path / "recorded.yaml"
    file.write_text(flow_text(flow), "utf-8")
    drop_flows(window)
    ended = program("run", file, "--url", simulator.base_url)
    assert ended.code == 0, ended.out + ended.err
