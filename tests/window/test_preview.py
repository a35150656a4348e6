"""The wire preview against what the server received, byte for byte."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTabBar
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from gms_console.workspace import Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    add_row,
    choose,
    drop_files,
    edit_cell,
    find,
    form_table,
    open_tab,
    press,
    retype,
    select_rows,
    send,
    settle,
    type_text,
)

FILE_BYTES = bytes(range(256)) * 3


def preview(window: MainWindow) -> str:
    return find(window, QPlainTextEdit, "wirePreview").toPlainText()


def as_shown(raw: bytes, *files: Path) -> str:
    """Give received bytes as the preview shows them: files as placeholders, lines ended by LF."""
    for file in files:
        content = file.read_bytes()
        raw = raw.replace(content, f"«{len(content):,} bytes of {file.name}»".encode(), 1)
    return raw.decode().replace("\r\n", "\n")


@pytest.fixture
def blob(tmp_path: Path) -> Path:
    file = tmp_path / "blob.bin"
    file.write_bytes(FILE_BYTES)
    return file


def assert_as_previewed(window: MainWindow, wire: WireServer, qtbot: QtBot, *files: Path) -> None:
    """Send, and compare what arrived with what was shown just before."""
    qtbot.waitUntil(lambda: preview(window).startswith("POST "))
    settle()  # after a send the preview gets its next boundary
    before = preview(window)
    assert as_shown(send(window, wire, qtbot).raw, *files) == before


@pytest.mark.parametrize("kind", ["Auto", "Multipart Form", "Form URL Encoded", "JSON"])
def test_the_preview_is_what_is_sent(
    window: MainWindow, wire: WireServer, qtbot: QtBot, kind: str
) -> None:
    add_row(window, "_phone_number", "6504669999")
    add_row(window, "text", "a & b = 50%")
    QApplication.clipboard().setText('{"key": "ключ", "value": "два\\nline"}')
    press(window, "Ctrl+V")
    combo = find(window, QComboBox, "bodyKindCombo")
    choose(combo, kind)
    assert combo.currentText() == kind
    assert_as_previewed(window, wire, qtbot)


def test_no_body_carries_no_rows(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    add_row(window, "a", "1")
    choose(window.request_pane.body_kind_combo, "No Body")
    qtbot.waitUntil(lambda: preview(window).startswith("Row 1 (a): no body carries no rows"))
    select_rows(window, 0)
    press(window, "Space")
    assert_as_previewed(window, wire, qtbot)
    assert wire.requests[0].values("Content-Type") == []
    assert wire.requests[0].values("Content-Length") == ["0"]


@pytest.mark.parametrize("kind", ["Auto", "Multipart Form"])
def test_a_file_stands_as_a_placeholder(
    window: MainWindow, wire: WireServer, qtbot: QtBot, kind: str, blob: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.txt"
    second.write_text("second file's text")
    add_row(window, "first", "1")
    drop_files(window.request_pane, blob, second)
    add_row(window, "last", "2")
    choose(window.request_pane.body_kind_combo, kind)
    qtbot.waitUntil(lambda: "«768 bytes of blob.bin»" in preview(window))
    assert_as_previewed(window, wire, qtbot, blob, second)


def edit(window: MainWindow) -> None:
    edit_cell(form_table(window), 0, 3, "edited")


def reorder(window: MainWindow) -> None:
    select_rows(window, 2)
    press(window, "Alt+Up", "Alt+Up")


def switch_off(window: MainWindow) -> None:
    select_rows(window, 1)
    press(window, "Space")


def duplicate(window: MainWindow) -> None:
    select_rows(window, 1)
    press(window, "Ctrl+D")


def undo(window: MainWindow) -> None:
    press(window, "Alt+1", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z")


@pytest.mark.parametrize("change", [edit, reorder, switch_off, duplicate, undo])
@pytest.mark.parametrize("kind", ["Multipart Form", "Form URL Encoded"])
def test_the_preview_follows_every_change(
    window: MainWindow,
    wire: WireServer,
    qtbot: QtBot,
    change: Callable[[MainWindow], None],
    kind: str,
) -> None:
    for key, value in (("a", "1"), ("b", "2"), ("c", "3")):
        add_row(window, key, value)
    choose(window.request_pane.body_kind_combo, kind)
    before = preview(window)
    change(window)
    qtbot.waitUntil(lambda: preview(window) != before)
    assert_as_previewed(window, wire, qtbot)


def test_the_request_on_an_instance_is_previewed_with_its_cookie(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(
        json_answer({"_id": "a b/c"}, headers=[("Set-Cookie", "ROUTE=node1; Path=/")]),
        json_answer({"status": "waiting-for-agent"}),
    )
    send(window, wire, qtbot)
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    add_row(window, "x", "1")
    qtbot.waitUntil(lambda: preview(window).startswith("POST /genesys/1/service/a%20b%2Fc/status "))
    assert "Cookie: ROUTE=node1\n" in preview(window)
    assert_as_previewed(window, wire, qtbot)


def test_two_requests_do_not_share_a_boundary(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    add_row(window, "a", "1")
    choose(window.request_pane.body_kind_combo, "Multipart Form")
    assert_as_previewed(window, wire, qtbot)
    assert_as_previewed(window, wire, qtbot)
    first, second = (request.values("Content-Type") for request in wire.requests)
    assert first != second


def test_the_other_target_keeps_its_own_rows_and_kind(window: MainWindow) -> None:
    add_row(window, "create", "1")
    choose(window.request_pane.body_kind_combo, "JSON")
    tabs = find(window, QTabBar, "targetTabs")
    open_tab(tabs, "Request on an instance")
    assert form_table(window).model().rowCount() == 0
    assert window.request_pane.body_kind_combo.currentText() == "Auto"
    add_row(window, "request", "2")
    open_tab(tabs, "Create a service")
    assert form_table(window).model().index(0, 2).data() == "create"
    assert window.request_pane.body_kind_combo.currentText() == "JSON"


def test_the_body_kind_is_chosen_by_keys_alone(window: MainWindow, qtbot: QtBot) -> None:
    add_row(window, "a", "1")
    combo = find(window, QComboBox, "bodyKindCombo")
    choose(combo, "JSON")
    qtbot.waitUntil(lambda: preview(window).endswith('{"a": "1"}'))
    press(window, "Up")
    qtbot.waitUntil(lambda: preview(window).endswith("\na=1"))
    assert combo.currentText() == "Form URL Encoded"
    type_text(window, "N")
    qtbot.waitUntil(lambda: "no body carries no rows" in preview(window))
    assert combo.currentText() == "No Body"


def test_the_preview_says_what_is_missing(open_window: OpenWindow, wire: WireServer) -> None:
    window = open_window(Workspace(base_url=wire.base_url))
    assert preview(window) == "Choose a service, or type its name."
    assert "Nothing to send yet" in [one.text() for one in window.findChildren(QLabel)]
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    assert preview(window).startswith("Choose an instance")
    type_text(find(window, QLineEdit, "requestInstanceEdit"), "some-id")
    retype(find(window, QLineEdit, "requestNameEdit"), "")
    assert preview(window).startswith("Type the name of the request")


def test_the_preview_says_how_large_the_body_is(
    window: MainWindow, qtbot: QtBot, blob: Path
) -> None:
    add_row(window, "a", "12345")
    labels = window.request_pane.wire_preview.findChildren(QLabel)
    qtbot.waitUntil(lambda: "Body 7 B, urlencoded" in [one.text() for one in labels])
    drop_files(window.request_pane, blob)
    qtbot.waitUntil(lambda: any(one.text().endswith("B, multipart") for one in labels))


def test_an_instance_reopened_by_id_gets_its_request(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"status": "completed"}))
    window = open_window(Workspace(base_url=wire.base_url))
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    type_text(find(window, QLineEdit, "requestInstanceEdit"), "0018WB3H")
    retype(find(window, QLineEdit, "requestNameEdit"), "get-dialog", "Tab")
    assert_as_previewed(window, wire, qtbot)
    assert wire.requests[0].target == "/genesys/1/service/0018WB3H/get-dialog"
    assert [one.id for one in window.console.session.instances] == ["0018WB3H"]
