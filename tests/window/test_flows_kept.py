"""Edits of flows are kept, whatever others do to the files meanwhile; nothing goes silently."""

from pathlib import Path

from PySide6.QtWidgets import QFrame, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.flows.window import FlowsWindow
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import active_dialog, click, find, press, send
from tests.window.flows import CALL, button, flow, listed, on_disk, open_flows, open_one
from tests.window.test_flows_files import OTHER, change_note, write_later


def conflict(shown: FlowsWindow) -> str:
    """Give what is said of the file; empty for nothing."""
    bar = find(shown, QFrame, "redirectBox")
    return find(shown, QLabel, "flowConflictText").text() if bar.isVisible() else ""


def test_a_flow_whose_file_others_deleted_is_kept_and_can_be_saved_anew(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL, other=OTHER)
    open_one(shown, "Inbound call", qtbot)
    (tmp_path / "flows" / "call.yaml").unlink()
    qtbot.waitUntil(lambda: listed(shown) == ["• Inbound call", "Another call"])
    assert conflict(shown).startswith("The file is no longer there.")
    open_one(shown, "Another call", qtbot)
    qtbot.waitUntil(lambda: flow(shown).name == "Another call")
    assert listed(shown) == ["• Inbound call", "Another call"]
    main = shown.parentWidget()
    assert main is not None
    main.close()
    question = active_dialog(qtbot, QMessageBox)
    assert question.text() == "Inbound call has unsaved edits."
    click(find(question, QPushButton, "stayButton"))
    open_one(shown, "• Inbound call", qtbot)
    press(shown, "Ctrl+S")
    qtbot.waitUntil(lambda: not shown.desk.modified)
    assert (tmp_path / "flows" / "call.yaml").read_text("utf-8") == CALL
    assert not conflict(shown)


def test_a_file_that_comes_back_as_another_is_not_overwritten(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    file = tmp_path / "flows" / "call.yaml"
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "mine")
    file.unlink()
    qtbot.waitUntil(lambda: conflict(shown).startswith("The file is no longer there."))
    file.write_text(OTHER, "utf-8")
    press(shown, "Ctrl+S")
    qtbot.waitUntil(lambda: conflict(shown).startswith("The file changed on the disk"))
    assert file.read_text("utf-8") == OTHER
    assert flow(shown).steps[0].note == "mine"


def test_reloading_a_file_that_is_no_flow_any_more_keeps_the_edits(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    file = tmp_path / "flows" / "call.yaml"
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "mine")
    write_later(file, "<<<<<<< HEAD\n" + CALL)
    qtbot.waitUntil(lambda: bool(conflict(shown)))
    click(button(shown, "flowReloadButton"))
    qtbot.waitUntil(lambda: "Not reloaded" in shown.statusBar().currentMessage())
    assert flow(shown).steps[0].note == "mine"
    assert conflict(shown).startswith("The file changed on the disk")
    click(button(shown, "flowKeepButton"))
    qtbot.waitUntil(lambda: not shown.desk.modified)
    assert on_disk(tmp_path, "call").steps[0].note == "mine"


def test_edits_made_while_a_file_is_read_anew_are_not_replaced(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    document = shown.desk.document
    assert document is not None
    write_later(tmp_path / "flows" / "call.yaml", OTHER)
    files = shown.desk.files
    reading = files.start(files.reload(document, asked=False), "reload the flow")
    # Typed before the task has read the file.
    shown.desk.change_step("change note", note="mine")
    qtbot.waitUntil(reading.done)
    assert flow(shown).steps[0].note == "mine"
    qtbot.waitUntil(lambda: bool(conflict(shown)))
    assert flow(shown).name == "Inbound call"


def test_two_saves_at_once_are_not_taken_for_a_conflict(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "a longer note than before")
    said: list[str] = []
    shown.console.message.connect(said.append)
    press(shown, "Ctrl+S", "Ctrl+S")
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said == ["Saved call.yaml."] * 2
    assert on_disk(tmp_path, "call").steps[0].note == "a longer note than before"


def test_a_flow_is_not_saved_over_one_that_is_open_with_edits(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL, other=OTHER)
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "mine")
    open_one(shown, "Another call", qtbot)
    qtbot.waitUntil(lambda: flow(shown).name == "Another call")
    document, file = shown.desk.document, tmp_path / "flows" / "call.yaml"
    assert document is not None
    # As the dialog does, once it has asked about the file.
    shown.desk.files.start_saving(document, file, overwrite=True)
    qtbot.waitUntil(lambda: "is open too" in shown.statusBar().currentMessage())
    assert file.read_text("utf-8") == CALL
    open_one(shown, "• Inbound call", qtbot)
    press(shown, "Ctrl+S")
    qtbot.waitUntil(lambda: not shown.desk.modified)
    shown.desk.files.start_saving(document, file, overwrite=True)
    qtbot.waitUntil(lambda: on_disk(tmp_path, "call").name == "Another call")
    qtbot.waitUntil(lambda: [one.title for one in shown.desk.documents] == ["Another call"])


def test_a_file_gets_no_name_that_would_hide_it(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    file = tmp_path / "flows" / "call.yaml"
    said: list[str] = []
    shown.desk.files.failed.connect(said.append)
    for name in (".hidden", "../up"):
        shown.desk.files.work.rename(file, name)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said == ["A file cannot be called '.hidden'.", "A file cannot be called '../up'."]
    assert file.exists()


def test_what_is_being_recorded_is_not_lost_when_the_console_closes(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "I-1"}))
    press(window, "Ctrl+Alt+F")
    send(window, wire, qtbot)
    window.close()
    question = active_dialog(qtbot, QMessageBox)
    assert question.text() == "Recorded has unsaved edits."
    click(find(question, QPushButton, "stayButton"))
    assert window.isVisible()
    kept = window.console.flows.flow
    assert kept is not None
    assert [one.title for one in kept.steps] == ["create request-interaction"]
