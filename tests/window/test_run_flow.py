"""Runs the open flow in the window of flows: what is sent, what is shown, how it is stopped."""

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QToolButton,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.evidence import run_evidence
from gms_console.evidence.jsonl_report import JsonlReport
from gms_console.flow.types import Operator, Step, StepKind, ValueCheck
from gms_console.runner.results import Verdict
from gms_console.ui.flows.run_options import RunOptions
from gms_console.ui.panes.environment.confirm_dialog import ConfirmDialog
from gms_console.ui.panes.flows.run_options_dialog import RunOptionsDialog
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, hold, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    cells,
    click,
    click_row,
    find,
    press,
    retype,
    send,
)
from tests.window.environments import open_on, write
from tests.window.run_window import (
    CREATED,
    READY,
    WAITING,
    all_ended,
    ended,
    flows_of,
    nothing_unsaved,  # noqa: F401 - a fixture of every test
    results,
    text,
)
from tests.window.runs import cancel, create, poll


def test_the_steps_are_sent_in_order_and_their_checks_are_shown(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, WAITING, READY, json_answer({}))
    flows = flows_of(window, create(capture=(("number", "_access_number"),)), poll(), cancel())
    press(flows, "F5")
    ended(window, qtbot)
    assert [request.target for request in wire.requests] == [
        "/genesys/1/service/request-interaction",
        "/genesys/1/service/I-1/status",
        "/genesys/1/service/I-1/status",
        "/genesys/1/service/I-1/cancel",
    ]
    shown = results(flows)
    assert shown[:2] == [("Story", "✓ passed"), ("create request-interaction", "✓ passed")]
    assert ("number = 4321", "captured") in shown
    assert ("waiting-for-agent → agent-ready", "reached") in shown
    assert text(flows, "runSummary").startswith("✓ All passed: 1 of 1 passed")
    assert window.console.flows.marks[0].verdict.value == "passed"
    assert window.console.flows.captured == {(0, "number"): "4321"}


def test_instances_and_exchanges_of_a_run_are_in_the_main_window(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, json_answer({"text": "cancelled"}))
    flows = flows_of(window, create(), cancel())
    press(flows, "F5")
    ended(window, qtbot)
    assert [one.id for one in window.console.session.instances] == ["I-1"]
    click_row(find(flows, QTreeView, "runTree"), "request cancel")
    qtbot.waitUntil(lambda: window.console.exchange is not None)
    assert window.console.exchange.operation.request == "cancel"


def test_a_failed_check_says_what_was_found_and_the_rest_is_skipped(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, json_answer({}))
    wrong = ValueCheck("_access_number", Operator.EQUALS, "9999")
    middle = Step(kind=StepKind.REQUEST, name="start", instance="call")
    flows = flows_of(window, create(expect=(wrong,)), middle, cancel())
    press(flows, "F5")
    ended(window, qtbot)
    assert [request.target.rpartition("/")[2] for request in wire.requests] == [
        "request-interaction",
        "cancel",
    ]
    assert ("request start", "– skipped") in results(flows)
    tree = find(flows, QTreeView, "runTree")
    found = [str(index.data()) for index in cells(tree.model()) if index.column() == 3]
    assert any("4321" in one for one in found)
    assert text(flows, "runSummary").startswith("✗ Not all passed: 0 of 1 passed")


def test_stop_ends_a_poll_and_runs_the_clean_up(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, WAITING)
    flows = flows_of(window, create(), poll(every=0.1), cancel())
    press(flows, "F5")
    qtbot.waitUntil(lambda: len(wire.requests) >= 3)
    qtbot.waitUntil(lambda: find(flows, QWidget, "runTimeline").isVisible())
    assert text(flows, "runPollLabel").startswith("status on I-1: ")
    press(flows, "Ctrl+.")
    ended(window, qtbot)
    assert wire.requests[-1].target == "/genesys/1/service/I-1/cancel"
    assert ("poll status", "■ interrupted") in results(flows)
    assert text(flows, "runSummary").startswith("■ Stopped")


def test_pause_waits_before_the_next_step(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gate = threading.Event()
    wire.script(hold(gate, CREATED), json_answer({}))
    flows = flows_of(window, create(), cancel())
    press(flows, "F5")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    press(flows, "F6")
    gate.set()
    button = find(flows, QToolButton, "pauseRunButton")
    assert button.text() == "Go on"
    qtbot.waitUntil(lambda: ("create request-interaction", "✓ passed") in results(flows))
    assert len(wire.requests) == 1
    click(button)
    ended(window, qtbot)
    assert len(wire.requests) == 2


def test_closing_the_console_runs_the_clean_up(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, window: MainWindow
) -> None:
    wire.script(CREATED, WAITING)
    flows = flows_of(window, create(), poll(every=0.1), cancel())
    press(flows, "F5")
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    window.console.flows.close_document(window.console.flows.document)
    window.close()
    qtbot.waitUntil(window.finished.is_set)
    assert wire.requests[-1].target == "/genesys/1/service/I-1/cancel"


def test_closing_the_console_with_the_options_open_closes_them_too(
    window: MainWindow, qtbot: QtBot
) -> None:
    flows = flows_of(window, create())
    press(flows, "Ctrl+Shift+O")
    dialog = active_dialog(qtbot, RunOptionsDialog)
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    window.close_unasked()
    qtbot.waitUntil(window.finished.is_set)
    assert closed == [0]


def test_closing_the_console_while_a_report_is_written_leaves_it_whole(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED, WAITING)
    report = tmp_path / "report.xml"
    flows = flows_of(window, create(), poll(every=0.1), cancel())
    window.console.runs.use(RunOptions(reports={"junit": report}))
    press(flows, "F5")
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    assert not report.exists()
    window.close_unasked()
    qtbot.waitUntil(window.finished.is_set)
    assert wire.requests[-1].target == "/genesys/1/service/I-1/cancel"
    assert "request cancel" in report.read_text("utf-8")
    assert [file.name for file in tmp_path.iterdir()] == ["report.xml"]


def test_a_run_waits_for_its_reports_and_the_window_does_not(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    """The writer stands still: the run comes to a halt, the window goes on to answer."""
    wire.script(CREATED)
    gate = threading.Event()
    report = tmp_path / "report.jsonl"
    flows = flows_of(window, create())
    runs = window.console.runs
    runs.use(RunOptions(repeat=40, parallel=4, reports={"jsonl": report}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_evidence, "_WAITING", 10)
        add = JsonlReport.add
        patch.setattr(JsonlReport, "add", lambda self, item: (gate.wait(), add(self, item))[1])
        press(flows, "F5")
        try:
            qtbot.waitUntil(lambda: all_ended(runs.model.cases))
            assert runs.running
            assert len(runs.model.cases) < 40
            press(flows, "F6")
            assert find(flows, QToolButton, "pauseRunButton").text() == "Go on"
            press(flows, "F6")
        finally:
            gate.set()
        ended(window, qtbot)
    assert runs.summary.passed == 40
    assert report.read_text("utf-8").count('"event": "exchange"') == 40


def test_run_from_here_uses_the_instance_of_the_run_before(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, json_answer({}))
    flows = flows_of(window, create(), cancel(always=False))
    press(flows, "F5")
    ended(window, qtbot)
    window.console.flows.choose_step(1)
    press(flows, "Shift+F5")
    qtbot.waitUntil(lambda: len(wire.requests) == 3)
    ended(window, qtbot)
    assert wire.requests[2].target == "/genesys/1/service/I-1/cancel"


def test_only_failures_can_be_shown(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    wire.script(CREATED, json_answer({"message": "no"}, status=500), CREATED)
    flows = flows_of(window, create())
    window.console.runs.use(window.console.runs.options.__class__(repeat=3))
    press(flows, "F5")
    ended(window, qtbot)
    click(find(flows, QCheckBox, "runFailuresBox"))
    shown = [name for name, _ in results(flows) if name.startswith("Story")]
    assert shown == ["Story, repetition 2"]


def test_a_flow_for_an_environment_that_is_not_here_asks_before_it_runs(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    flows = flows_of(window, create(), env="qa")
    assert "there is no environment qa here" in text(flows, "runPlace")
    press(flows, "F5")
    box = active_dialog(qtbot, QMessageBox)
    assert "This flow is for qa" in box.text()
    click(find(box, QPushButton, "otherPlaceStayButton"))
    assert wire.requests == []
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    press(flows, "F5")
    click(find(active_dialog(qtbot, QMessageBox), QPushButton, "otherPlaceRunButton"))
    ended(window, qtbot)
    assert len(wire.requests) == 1


def test_creates_of_a_guarded_environment_are_confirmed_once_before_the_run(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    write(tmp_path, "prod", wire.base_url, more="colour: red\nguard: confirm-every\n")
    window = open_on(open_window, tmp_path, "prod", service="request-interaction")
    flows = flows_of(window, create(), create("request-chat", instance="chat"), env="prod")
    assert text(flows, "runPlace") == "Runs on prod · node1, as the flow says" or text(
        flows, "runPlace"
    ).startswith("Runs on prod")
    press(flows, "F5")
    dialog = active_dialog(qtbot, ConfirmDialog)
    asked = text(dialog, "confirmText")
    assert "It creates 2 services (request-interaction, request-chat)" in asked
    assert wire.requests == []
    retype(find(dialog, QLineEdit, "confirmNameEdit"), "prod", "Return")
    ended(window, qtbot)
    assert len(wire.requests) == 2
    rows = tmp_path / "rows.csv"
    rows.write_text("language\nfrench\n", "utf-8")
    window.console.runs.use(RunOptions(data=rows, repeat=3))
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    press(flows, "F5")
    dialog = active_dialog(qtbot, ConfirmDialog)
    assert "It creates 6 services" in text(dialog, "confirmText")
    assert "for each row of rows.csv" in text(dialog, "confirmText")
    press(dialog, "Esc")


def test_a_pause_during_a_poll_says_that_the_poll_goes_on(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, WAITING)
    flows = flows_of(window, create(), poll(every=0.05), cancel(always=False))
    press(flows, "F5")
    qtbot.waitUntil(lambda: len(wire.requests) >= 2)
    press(flows, "F6")
    assert text(flows, "runSummary").startswith("Pausing: the poll under way goes on")
    wire.script(READY)
    qtbot.waitUntil(lambda: text(flows, "runSummary").startswith("Paused before step 3"))
    wire.script(json_answer({}))
    press(flows, "F6")
    ended(window, qtbot)


def test_steps_show_the_worst_verdict_of_all_cases_and_that_of_a_chosen_one(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED, json_answer({"message": "no"}, status=500), CREATED)
    rows = tmp_path / "rows.csv"
    rows.write_text("language\nfrench\ngerman\nenglish\n", "utf-8")
    flows = flows_of(window, create())
    window.console.runs.use(RunOptions(data=rows))
    press(flows, "F5")
    ended(window, qtbot)
    marks = window.console.flows.marks
    assert (marks[0].verdict, marks[0].count) == (Verdict.FAILED, "1 of 3")
    tree = find(flows, QTreeView, "runTree")
    found = tree.model().index(1, 3).data()
    assert found.startswith("language = german · create request-interaction: ")
    click_row(tree, "Story, row 3")
    mark = window.console.flows.marks[0]
    assert (mark.verdict, mark.count) == (Verdict.PASSED, "")


def test_run_from_here_says_what_it_goes_on_with_and_what_is_not_run(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    """The instance of the run before is cancelled: the selected one that is not takes its place."""
    wire.script(CREATED, json_answer({}), json_answer({"_id": "I-2"}), json_answer({}))
    flows = flows_of(window, create(), cancel())
    press(flows, "F5")
    ended(window, qtbot)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    send(window, wire, qtbot)
    newest = next(one for one in window.console.session.instances if one.id == "I-2")
    window.console.live.select(newest)
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    window.console.flows.choose_step(1)
    press(flows, "Shift+F5")
    qtbot.waitUntil(lambda: len(wire.requests) == 4)
    ended(window, qtbot)
    assert wire.requests[3].target == "/genesys/1/service/I-2/cancel"
    assert "from step 2, call is I-2 (selected" in text(flows, "runPlace")
    assert ("create request-interaction", "– not run") in results(flows)


def test_a_chosen_row_says_that_its_answer_is_in_the_main_window(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    flows = flows_of(window, create())
    press(flows, "F5")
    ended(window, qtbot)
    click_row(find(flows, QTreeView, "runTree"), "create request-interaction")
    shown = "Shown in the main window (Alt+0 goes there)."
    qtbot.waitUntil(lambda: flows.statusBar().currentMessage() == shown)
