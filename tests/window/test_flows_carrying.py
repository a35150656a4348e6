"""Flows come from what other tools wrote, and go out as their scripts."""

import json
from pathlib import Path

from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gms_console.flow.types import StepKind
from gms_console.ui.panes.flows.carrying import ImportedDialog
from gms_console.ui.panes.flows.export_dialog import FORMATS, ExportDialog
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import active_dialog, choose, click, find, press, texts
from tests.window.flows import CALL, flow, listed, open_flows, open_one

CURL = (
    "curl 'http://gms.example.com:8080/genesys/1/service/request-interaction' "
    "-F _phone_number=6504669999 -F 'note=a b' --compressed"
)


def test_a_curl_command_of_the_clipboard_becomes_a_flow(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot)
    QApplication.clipboard().setText(CURL)
    press(shown, "Ctrl+Shift+V")
    dialog = active_dialog(qtbot, ImportedDialog)
    places = find(dialog, QLabel, "importedPlaces").text()
    assert "http://gms.example.com:8080" in places
    press(dialog, "Escape")
    step = flow(shown).steps[0]
    assert (step.kind, step.name) == (StepKind.CREATE, "request-interaction")
    assert [(one.key, one.value) for one in step.form] == [
        ("_phone_number", "6504669999"),
        ("note", "a b"),
    ]
    assert listed(shown)[0].startswith("• ")


def test_what_cannot_be_read_is_said_and_nothing_is_opened(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot)
    QApplication.clipboard().setText("curl 'http://gms.example.com/x")
    press(shown, "Ctrl+Shift+V")
    status = shown.statusBar()
    qtbot.waitUntil(lambda: status.currentMessage().startswith("Nothing was imported. "))
    assert shown.desk.documents == []


def test_a_flow_is_exported_to_every_format_with_what_was_left_out(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = open_flows(open_window, wire, tmp_path, qtbot, call=CALL)
    open_one(shown, "Inbound call", qtbot)
    press(shown, "Ctrl+E")
    dialog = active_dialog(qtbot, ExportDialog)
    combo = find(dialog, QComboBox, "exportFormatCombo")
    text = find(dialog, QPlainTextEdit, "exportText")
    found = {}
    for words, *_ in FORMATS:
        choose(combo, words)
        found[words] = text.toPlainText()
        assert "request-inbound-poll" in found[words], words
        left_out = find(dialog, QListWidget, "exportLeftOut")
        assert left_out.isVisible() is bool(texts(left_out))
    assert len(set(found.values())) == len(FORMATS)
    assert json.loads(found["Postman collection"])["info"]["name"] == "Inbound call"
    click(find(dialog, QPushButton, "exportCopyButton"))
    assert QApplication.clipboard().text() == found["Postman collection"]
    press(dialog, "Escape")
