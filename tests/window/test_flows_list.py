"""The list of flows tells them apart, and those that cannot be read."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontInfo
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QListView,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gms_console.flow.types import Flow, Step, StepKind
from gms_console.ui.models.flow_list import PROBLEM_ROLE
from gms_console.ui.panes.flows.export_dialog import ExportDialog
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import active_dialog, click, find, press
from tests.window.flows import CALL, button, listed, open_flows, open_one

WRONG = CALL.replace("Inbound call", "Broken").replace("equals:", "equal:")


def test_a_file_that_is_no_flow_is_marked_before_it_is_opened_and_opens_in_an_editor(
    open_window: OpenWindow,
    wire: WireServer,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL, wrong=WRONG)
    model = find(shown, QListView, "flowList").model()
    tip = Qt.ItemDataRole.ToolTipRole
    qtbot.waitUntil(lambda: bool(model.index(1, 0).data(PROBLEM_ROLE)))
    assert not model.index(0, 0).data(PROBLEM_ROLE)
    assert "Cannot be read as a flow" in model.index(1, 0).data(tip)
    open_one(shown, "Broken", qtbot)
    text = find(shown, QPlainTextEdit, "flowUnreadableText")
    assert QFontInfo(text.font()).fixedPitch()
    opened: list[QUrl] = []

    def open_nothing(url: QUrl) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", open_nothing)
    click(button(shown, "flowOpenInEditorButton"))
    file = tmp_path / "flows" / "wrong.yaml"
    assert [one.toLocalFile() for one in opened] == [str(file)]
    assert str(file) in shown.statusBar().currentMessage()
    file.write_text(CALL.replace("Inbound call", "Broken") + "# mended\n", "utf-8")
    shown.desk.files.look()
    qtbot.waitUntil(lambda: shown.desk.flow is not None)
    qtbot.waitUntil(lambda: not model.index(1, 0).data(PROBLEM_ROLE))


def test_a_file_that_is_no_flow_goes_from_the_list_with_its_file(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL, wrong=WRONG)
    open_one(shown, "Broken", qtbot)
    (tmp_path / "flows" / "wrong.yaml").unlink()
    shown.desk.files.look()
    qtbot.waitUntil(lambda: listed(shown) == ["Inbound call"])
    qtbot.waitUntil(lambda: shown.desk.document is None)


def test_flows_without_a_file_are_told_apart(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot)
    for _ in range(2):
        shown.desk.set_flow(Flow(steps=(Step(kind=StepKind.CREATE, name="chat"),)))
    shown.desk.set_flow(Flow(steps=(Step(kind=StepKind.WAIT, seconds=1),)))
    assert listed(shown) == ["• chat", "• chat 2", "• Untitled flow"]
    for document in shown.desk.documents[:2]:
        shown.desk.show_document(document)
        shown.desk.change("change name", name="")
    assert listed(shown)[:2] == ["• untitled flow (1)", "• untitled flow (2)"]


def test_why_nothing_was_imported_is_said_in_front(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot)
    QApplication.clipboard().setText("curl 'http://gms.example.com/x")
    press(shown, "Ctrl+Shift+V")
    box = active_dialog(qtbot, QMessageBox)
    assert box.text() == "Nothing was imported."
    assert box.informativeText()
    assert box.parentWidget() is shown


def test_copying_a_script_is_confirmed_where_it_was_asked(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    press(shown, "Ctrl+E")
    dialog = active_dialog(qtbot, ExportDialog)
    done = find(dialog, QLabel, "exportDone")
    assert done.text() == ""
    click(find(dialog, QPushButton, "exportCopyButton"))
    assert done.text() == "Copied the script."
