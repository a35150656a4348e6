"""The explorer of a folder of flows, and what becomes of files that others change."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gms_console.flow.types import Flow, Step, StepKind
from gms_console.ui.panes.flows.questions import TextsDialog
from gms_console.ui.panes.flows.window import FlowsWindow
from gms_console.workspace import Workspace, load_workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import active_dialog, click, find, press, retype, settle, texts, type_text
from tests.window.flows import (
    CALL,
    button,
    flow,
    listed,
    on_disk,
    open_flows,
    open_one,
    to_flows,
)

OTHER = CALL.replace("Inbound call", "Another call")


def change_note(shown: FlowsWindow, text: str) -> None:
    """Type a note on the step at hand."""
    retype(find(shown, QLineEdit, "stepNoteEdit"), text)


def write_later(file: Path, text: str) -> None:
    """Write a file as another program does some time later."""
    file.write_text(text, "utf-8")
    stat = file.stat()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 5_000_000_000))


def test_the_folder_is_listed_and_filtered_by_name_and_path(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    home = tmp_path / "flows" / "sprint 12"
    home.mkdir(parents=True)
    (home / "third.yaml").write_text(CALL.replace("Inbound call", "Callback"), "utf-8")
    (home / "notes.yaml").write_text("no: flow\n", "utf-8")
    (tmp_path / "flows" / "call.yaml").write_text(CALL, "utf-8")
    (tmp_path / "flows" / "other.yaml").write_text(OTHER, "utf-8")
    shown = to_flows(open_window(Workspace(base_url=wire.base_url), tmp_path), qtbot, 3)
    assert listed(shown) == ["Inbound call", "Another call", "Callback"]
    press(shown, "Ctrl+F")
    type_text(shown, "sprint")
    assert listed(shown) == ["Callback"]
    assert find(shown, QLabel, "flowCountLabel").text() == "1 of 3 flows"
    press(shown, "Return")
    qtbot.waitUntil(lambda: shown.desk.document is not None)
    assert flow(shown).name == "Callback"
    press(shown, "Ctrl+F", "Ctrl+A")
    type_text(shown, "nothing like it")
    assert listed(shown) == []


def test_two_flows_keep_their_unsaved_edits_side_by_side(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL, other=OTHER)
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "mine")
    open_one(shown, "Another call", qtbot)
    qtbot.waitUntil(lambda: flow(shown).name == "Another call")
    assert listed(shown) == ["• Inbound call", "Another call"]
    change_note(shown, "too")
    open_one(shown, "• Inbound call", qtbot)
    assert flow(shown).steps[0].note == "mine"
    press(shown, "Ctrl+S")
    qtbot.waitUntil(lambda: listed(shown) == ["Inbound call", "• Another call"])
    assert on_disk(tmp_path, "call").steps[0].note == "mine"
    assert on_disk(tmp_path, "other").steps[0].note == ""


def test_a_file_that_others_change_is_taken_over_where_nothing_was_edited(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    write_later(tmp_path / "flows" / "call.yaml", OTHER)
    write_later(tmp_path / "flows" / "new.yaml", CALL.replace("Inbound", "Second"))
    qtbot.waitUntil(lambda: listed(shown) == ["Another call", "Second call"])
    qtbot.waitUntil(lambda: flow(shown).name == "Another call")
    assert not find(shown, QFrame, "redirectBox").isVisible()


def test_a_conflict_is_shown_and_nothing_is_overwritten_silently(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    file = tmp_path / "flows" / "call.yaml"
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "mine")
    write_later(file, OTHER)
    bar = find(shown, QFrame, "redirectBox")
    qtbot.waitUntil(bar.isVisible)
    press(shown, "Ctrl+S")
    settle()
    assert file.read_text("utf-8") == OTHER
    click(button(shown, "flowCompareButton"))
    dialog = active_dialog(qtbot, TextsDialog)
    disk, mine = (
        find(dialog, QPlainTextEdit, "flowDiskText"),
        find(dialog, QPlainTextEdit, "flowMineText"),
    )
    qtbot.waitUntil(lambda: bool(disk.toPlainText()))
    assert "− name: Another call" in disk.toPlainText().split("\n")
    assert "+ name: Inbound call" in mine.toPlainText().split("\n")
    press(dialog, "Escape")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    click(button(shown, "flowReloadButton"))
    qtbot.waitUntil(lambda: flow(shown).name == "Another call")
    assert not bar.isVisible()
    press(shown, "Alt+3", "Ctrl+Z")
    assert flow(shown).steps[0].note == "mine"
    press(shown, "Ctrl+S")
    qtbot.waitUntil(lambda: not shown.desk.modified)
    assert on_disk(tmp_path, "call").steps[0].note == "mine"


def test_my_edits_are_kept_over_those_of_others_when_asked(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "mine")
    write_later(tmp_path / "flows" / "call.yaml", OTHER)
    qtbot.waitUntil(find(shown, QFrame, "redirectBox").isVisible)
    click(button(shown, "flowKeepButton"))
    qtbot.waitUntil(lambda: not shown.desk.modified)
    kept = on_disk(tmp_path, "call")
    assert (kept.name, kept.steps[0].note) == ("Inbound call", "mine")


def test_a_file_that_is_no_flow_shows_every_mistake_with_its_line(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wrong = CALL.replace("- create:", "- creat:").replace("equals:", "equal:")
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=wrong)
    open_one(shown, "Inbound call", qtbot)
    mistakes = find(shown, QListWidget, "flowUnreadableList")
    qtbot.waitUntil(mistakes.isVisible)
    assert texts(mistakes)[0].startswith("Line 6, column 5: found ")
    text = find(shown, QPlainTextEdit, "flowUnreadableText")
    assert text.textCursor().selectedText() == " 6    - creat: request-inbound-poll  # the real one"
    write_later(tmp_path / "flows" / "call.yaml", CALL)
    qtbot.waitUntil(lambda: shown.desk.flow is not None)
    assert flow(shown).steps[0].name == "request-inbound-poll"


def test_files_are_renamed_copied_and_moved_to_the_trash(
    open_window: OpenWindow,
    wire: WireServer,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    home = tmp_path / "flows"
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "mine")
    press(shown, "F2")
    dialog = active_dialog(qtbot, QInputDialog)
    press(dialog, "Ctrl+A")
    type_text(dialog, "renamed")
    press(dialog, "Return")
    qtbot.waitUntil(lambda: flow(shown).file == home / "renamed.yaml")
    assert (home / "renamed.yaml").exists()
    assert flow(shown).steps[0].note == "mine"
    qtbot.waitUntil(lambda: listed(shown) == ["• Inbound call"])
    shown.actions_by_name["duplicateFlow"].trigger()
    qtbot.waitUntil(lambda: flow(shown).file == home / "renamed-copy.yaml")
    qtbot.waitUntil(lambda: len(listed(shown)) == 2)
    shown.actions_by_name["deleteFlow"].trigger()
    question = active_dialog(qtbot, QMessageBox)
    assert question.text() == "Move renamed-copy.yaml to the trash?"
    click(find(question, QPushButton, "keepButton"))
    assert (home / "renamed-copy.yaml").exists()
    shown.actions_by_name["deleteFlow"].trigger()
    click(find(active_dialog(qtbot, QMessageBox), QPushButton, "deleteButton"))
    assert not (home / "renamed-copy.yaml").exists()
    if sys.platform == "linux":
        assert [one.name for one in data.rglob("*.yaml")] == ["renamed-copy.yaml"]
    qtbot.waitUntil(lambda: listed(shown) == ["• Inbound call"])


def test_another_folder_is_remembered_for_the_next_start(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "checkout"
    elsewhere.mkdir()
    (elsewhere / "call.yaml").write_text(CALL, "utf-8")
    shown = open_flows(open_window, wire, tmp_path, qtbot)
    shown.desk.files.set_folder(elsewhere)
    qtbot.waitUntil(lambda: listed(shown) == ["Inbound call"])
    main = shown.parentWidget()
    assert main is not None
    close_window(main, qtbot)
    assert load_workspace(tmp_path).flows_folder == str(elsewhere)


def test_closing_the_console_asks_about_unsaved_flows(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    change_note(shown, "mine")
    main = shown.parentWidget()
    assert main is not None
    main.close()
    question = active_dialog(qtbot, QMessageBox)
    assert question.text() == "Inbound call has unsaved edits."
    click(find(question, QPushButton, "stayButton"))
    assert main.isVisible()
    assert flow(shown).steps[0].note == "mine"
    main.close()
    question = active_dialog(qtbot, QMessageBox)
    click(find(question, QPushButton, "saveButton"))
    qtbot.waitUntil(lambda: not main.isVisible())
    assert on_disk(tmp_path, "call").steps[0].note == "mine"


def test_a_flow_from_elsewhere_opens_the_window_unsaved(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(folder=tmp_path)
    made = Flow(name="Recorded", steps=(Step(kind=StepKind.CREATE, name="chat"),))
    window.console.flows.set_flow(made)
    shown = window.flow_actions.window
    assert shown is not None
    qtbot.waitActive(shown)
    assert listed(shown) == ["• Recorded"]
    shown.desk.append_steps([Step(kind=StepKind.WAIT, seconds=1)])
    assert [one.title for one in flow(shown).steps] == ["create chat", "wait 1 s"]
    click(find(shown, QLineEdit, "stepSecondsEdit"))
    shown.activateWindow()
    qtbot.waitActive(shown)
    press(shown, "Ctrl+W")
    question = active_dialog(qtbot, QMessageBox)
    click(find(question, QPushButton, "discardButton"))
    assert shown.desk.document is None
    assert find(shown, QLabel, "flowNothing").isVisible()


@pytest.mark.skipif(sys.platform != "linux", reason="where the trash is, is Linux's way")
def test_where_there_is_no_trash_deleting_for_good_is_asked(
    open_window: OpenWindow,
    wire: WireServer,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nowhere"))
    file = tmp_path / "flows" / "call.yaml"
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    shown.actions_by_name["deleteFlow"].trigger()
    click(find(active_dialog(qtbot, QMessageBox), QPushButton, "deleteButton"))
    question = find(shown, QMessageBox, "deleteForGoodQuestion")
    assert file.exists()
    click(find(question, QPushButton, "deleteButton"))
    assert not file.exists()
    assert shown.desk.document is None
