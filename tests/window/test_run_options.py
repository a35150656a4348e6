"""What a run is given in the window of flows: data rows, and the reports that it writes."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableView,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from gms_console.flow.types import Flow
from gms_console.model.form import Form, Row
from gms_console.runner.results import Verdict
from gms_console.ui.flows.run_options import RunOptions
from gms_console.ui.panes.flows.run_options_dialog import RunOptionsDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer
from tests.window.driving import (
    active_dialog,
    find,
    press,
    retype,
    settle,
)
from tests.window.run_window import (
    CREATED,
    ended,
    flows_of,
    nothing_unsaved,  # noqa: F401 - a fixture of every test
    results,
    text,
)
from tests.window.runs import create


def test_data_rows_run_the_flow_once_for_each(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("language,phone\nfrench,1\ngerman,2\nenglish,3\n", "utf-8")
    wire.script(CREATED)
    flows = flows_of(window, create(form=Form((Row(key="language", value="{{language}}"),))))
    press(flows, "Ctrl+Shift+O")
    dialog = active_dialog(qtbot, RunOptionsDialog)
    retype(find(dialog, QLineEdit, "runDataEdit"), str(rows))
    table = find(dialog, QTableView, "runDataTable").model()
    assert (table.rowCount(), table.columnCount()) == (3, 2)
    assert text(dialog, "runDataLabel") == "3 rows."
    retype(find(dialog, QSpinBox, "runParallelSpin").lineEdit(), "2", "Return")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    press(flows, "F5")
    ended(window, qtbot)
    assert sorted(request.body for request in wire.requests) == [
        b"language=english",
        b"language=french",
        b"language=german",
    ]
    assert [name for name, _ in results(flows) if name.startswith("Story")] == [
        f"Story, row {row}" for row in (1, 2, 3)
    ]


def test_a_data_file_that_cannot_be_read_says_where(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("language,phone\nfrench\n", "utf-8")
    flows = flows_of(window, create())
    press(flows, "Ctrl+Shift+O")
    dialog = active_dialog(qtbot, RunOptionsDialog)
    retype(find(dialog, QLineEdit, "runDataEdit"), str(rows))
    assert f"{rows}:2: found 1 cell, expected 2" in text(dialog, "runDataLabel")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    press(dialog, "Esc")


def test_a_large_data_file_is_left_to_the_run(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("language\n" + "french\n" * 200_000, "utf-8")
    flows = flows_of(window, create())
    window.console.runs.use(RunOptions(data=rows))
    press(flows, "Ctrl+Shift+O")
    dialog = active_dialog(qtbot, RunOptionsDialog)
    assert "read when the flow runs" in text(dialog, "runDataLabel")
    assert find(dialog, QTableView, "runDataTable").model().rowCount() == 0
    assert dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    press(dialog, "Esc")


@pytest.mark.parametrize("kind", ["html", "junit", "har", "jsonl"])
def test_a_run_writes_the_reports_that_were_chosen(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    wire.script(CREATED)
    report = tmp_path / f"report.{kind}"
    flows = flows_of(window, create())
    press(flows, "Ctrl+Shift+O")
    dialog = active_dialog(qtbot, RunOptionsDialog)
    retype(find(dialog, QLineEdit, f"run_{kind}_Edit"), str(report), "Return")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    press(flows, "F5")
    ended(window, qtbot)
    assert "request-interaction" in report.read_text("utf-8")
    assert not find(flows, QLabel, "runTrouble").isVisible()


def test_a_report_that_cannot_be_written_is_told_and_nothing_is_sent(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    flows = flows_of(window, create())
    (tmp_path / "file").write_text("no folder", "utf-8")
    options = window.console.runs.options.__class__(
        reports={"html": tmp_path / "file" / "report.html"}
    )
    window.console.runs.use(options)
    press(flows, "F5")
    qtbot.waitUntil(lambda: find(flows, QLabel, "runTrouble").isVisible())
    assert "A report cannot be written" in text(flows, "runTrouble")
    assert wire.requests == []


def test_two_reports_in_one_file_are_refused_and_nothing_is_sent(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    flows = flows_of(window, create())
    same = tmp_path / "report"
    window.console.runs.use(RunOptions(reports={"html": same, "har": same}))
    press(flows, "F5")
    qtbot.waitUntil(lambda: find(flows, QLabel, "runTrouble").isVisible())
    assert text(flows, "runTrouble") == "Two reports cannot be the same file."
    assert wire.requests == []
    assert list(tmp_path.iterdir()) == []


def test_options_and_results_belong_to_the_flow_that_they_are_of(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    """Another flow is opened after a run: it has no options and no result of its own."""
    wire.script(CREATED)
    report = tmp_path / "first.html"
    flows = flows_of(window, create(), name="First")
    desk, runs = window.console.flows, window.console.runs
    runs.use(RunOptions(reports={"html": report}))
    press(flows, "F5")
    ended(window, qtbot)
    written = report.read_bytes()
    assert text(flows, "runWritten") == "Written: first.html"
    assert find(flows, QPushButton, "runOpenButton").isVisible()
    first = desk.document
    desk.set_flow(Flow(name="Second", steps=(create(),)))
    settle()
    assert runs.options == RunOptions()
    assert not find(flows, QTreeView, "runTree").isVisible()
    assert "“First”, ran last" in text(flows, "runElsewhere")
    assert not find(flows, QPushButton, "runEvidenceButton").isEnabled()
    assert desk.marks == {}
    desk.show_document(first)
    assert runs.options.reports == {"html": report}
    assert find(flows, QTreeView, "runTree").isVisible()
    assert desk.marks[0].verdict is Verdict.PASSED
    desk.show_document(desk.documents[1])
    press(flows, "F5")
    qtbot.waitUntil(lambda: runs.flow.name == "Second")
    ended(window, qtbot)
    assert report.read_bytes() == written


def test_a_report_without_a_suffix_gets_that_of_its_kind(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    flows = flows_of(window, create())
    press(flows, "Ctrl+Shift+O")
    dialog = active_dialog(qtbot, RunOptionsDialog)
    retype(find(dialog, QLineEdit, "run_junit_Edit"), str(tmp_path / "report"), "Return")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert window.console.runs.options.reports == {"junit": tmp_path / "report.xml"}
