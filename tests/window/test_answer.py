"""The answer pane: what came back, what it means, finding, copying and saving."""

import json
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.model.reading import whole_body
from gms_console.ui.window import MainWindow
from tests.support.wire_server import (
    Answer,
    WireServer,
    body_answer,
    cut_in_body,
    hold,
    json_answer,
    text_answer,
)
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click,
    find,
    form_table,
    open_tab,
    press,
    problem_text,
    receiver,
    retype,
    said,
    send,
    type_text,
)
from tests.window.large_answers import size_text

TABS = {
    "Pretty": "answerView",
    "Raw": "answerRawView",
    "Headers": "answerHeadersView",
    "Timing": "answerTimingView",
    "Request": "answerRequestView",
}


def answered(window: MainWindow, wire: WireServer, qtbot: QtBot, answer: Answer) -> None:
    wire.script(answer)
    send(window, wire, qtbot)


def view(window: MainWindow, tab: str) -> QPlainTextEdit:
    return find(window, QPlainTextEdit, TABS[tab])


OF_THE_BODY = ("Pretty", "Raw")


def open_view(window: MainWindow, tab: str) -> None:
    """Bring a view of the answer to the front by the mouse."""
    open_tab(find(window, QTabWidget, "answerTabs"), "Body" if tab in OF_THE_BODY else tab)
    if tab in OF_THE_BODY:
        open_tab(find(window, QTabWidget, "answerBodyTabs"), tab)


def text(window: MainWindow, tab: str) -> str:
    """Bring a view to the front by the mouse, and give what it shows."""
    open_view(window, tab)
    assert view(window, tab).isVisible()
    return view(window, tab).toPlainText()


def status(window: MainWindow) -> QLabel:
    return find(window, QLabel, "answerStatusLabel")


def meaning(window: MainWindow) -> str:
    return find(window, QLabel, "answerMeaningLabel").text()


def problem(window: MainWindow) -> str | None:
    """The text of the problem box; None while it is hidden."""
    return problem_text(window)


def note(window: MainWindow) -> str:
    label: QLabel = window.answer_pane.note_label
    return label.text() if label.isVisible() else ""


# --- the views ------------------------------------------------------------------------------


def test_before_the_first_answer_the_pane_says_what_to_do(window: MainWindow) -> None:
    assert status(window).text() == "No answer yet"
    assert "Ctrl+Enter" in view(window, "Pretty").placeholderText()
    assert problem(window) is None


def test_a_good_answer_in_all_its_views(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    body = '{"_id":"39a98e24","_access_number":"8003449999","ключ":[1,2.50,null]}'
    add_row(window, "language", "french")
    answered(
        window,
        wire,
        qtbot,
        json_answer(body, headers=[("X-One", "a"), ("x-one", "b"), ("Set-Cookie", "R=1")]),
    )
    assert status(window).text().startswith("✓ 200 OK · ")
    assert status(window).text().endswith(f" · {len(body.encode())} B")
    assert status(window).property("tone") == "good"
    assert meaning(window) == "Access number booked"
    assert json.loads(text(window, "Pretty")) == json.loads(body)
    assert text(window, "Raw") == body
    headers = text(window, "Headers")
    assert headers.startswith(
        "HTTP/1.1 200 OK\nContent-Type: application/json\nX-One: a\nx-one: b\nSet-Cookie: R=1\n"
    )
    assert f"— sent —\nPOST {wire.base_url}/genesys/1/service/request-interaction" in headers
    assert f"Host: 127.0.0.1:{wire.port}" in headers
    timing = text(window, "Timing")
    for name in ("started", "connect", "send", "wait for first byte", "receive", "total"):
        assert name in timing
    request = text(window, "Request")
    received = wire.requests[0]
    assert request.endswith("\n\nlanguage=french")
    for name, value in received.headers:
        assert f"{name}: {value}\n" in request


def test_an_answer_with_an_error_inside_a_200(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, json_answer({"error": "Service is closed", "code": 7}))
    assert "200 OK · with an error inside" in status(window).text()
    assert status(window).text().startswith("✕ ")
    assert status(window).property("tone") == "error"
    said_there = problem(window)
    assert said_there is not None
    assert said_there.startswith("Service is closed\n")
    assert "\nProbably\n" in said_there
    assert "\nTry\n" in said_there


def test_broken_json_is_shown_as_it_came_and_flagged(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    broken = '{"_id": "1", _access_code="7684"}'
    answered(window, wire, qtbot, json_answer(broken))
    assert "with broken JSON" in status(window).text()
    assert text(window, "Pretty") == broken
    assert text(window, "Raw") == broken
    assert "line 1" in str(problem(window))
    assert window.console.live.selected is None


def test_plain_text_is_shown_as_text(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    answered(window, wire, qtbot, text_answer("Grüße\nzwei"))
    assert text(window, "Pretty") == "Grüße\nzwei"
    assert problem(window) is None
    assert status(window).property("tone") == "good"


def test_plain_text_with_an_error_status(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, text_answer("Forbidden", 403))
    assert status(window).text().startswith("✕ 403 Forbidden")
    assert str(problem(window)).startswith("Forbidden\n")


def test_markup_in_an_answer_is_only_text(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    markup = "<b>bold</b><img src=x>"
    answered(window, wire, qtbot, json_answer({"error": markup}))
    assert str(problem(window)).startswith(markup)


def test_an_empty_answer_is_not_taken_for_no_answer(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, body_answer(b"", 204))
    assert status(window).text().startswith("✓ 204 No Content")
    assert meaning(window) == "Done; the answer has no body"
    assert text(window, "Pretty") == ""
    assert "No answer yet" not in view(window, "Pretty").placeholderText()


def test_the_next_answer_takes_the_problem_away(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, json_answer({"error": "no"}))
    assert problem(window) is not None
    answered(window, wire, qtbot, json_answer({}))
    assert problem(window) is None
    assert text(window, "Pretty") == "{}"


def test_while_sending_the_pane_says_how_to_cancel(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gate = threading.Event()
    wire.script(hold(gate, json_answer({})))
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    assert status(window).text() == "Sending …"
    assert status(window).property("tone") == "busy"
    assert meaning(window) == "Esc cancels"
    gate.set()
    qtbot.waitUntil(lambda: status(window).text().startswith("✓ 200 OK"))


def test_the_focus_is_at_cancel_while_a_request_is_under_way_and_back_at_send_then(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gate = threading.Event()
    wire.script(hold(gate, json_answer({})), hold(gate, json_answer({})))
    send_button = find(window, QPushButton, "sendButton")
    cancel = find(window, QPushButton, "cancelButton")
    count = form_table(window).model().rowCount()
    click(send_button)
    qtbot.waitUntil(lambda: wire.waiting == 1)
    assert receiver(window) is cancel
    gate.set()
    qtbot.waitUntil(send_button.isEnabled)
    assert receiver(window) is send_button
    gate.clear()
    press(window, "Space")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    press(window, "Alt+1")
    elsewhere = receiver(window)
    gate.set()
    qtbot.waitUntil(send_button.isEnabled)
    assert receiver(window) is elsewhere
    assert form_table(window).model().rowCount() == count


# --- large answers --------------------------------------------------------------------------


def large_json() -> bytes:
    rows = [{"id": number, "name": f"row {number}", "text": "x" * 40} for number in range(24_000)]
    return json.dumps(rows, indent=1).encode()


def one_line() -> bytes:
    return json.dumps({"text": "x" * 1_000_000}).encode()


@pytest.mark.parametrize("make", [large_json, one_line])
def test_a_large_answer_is_cut_noted_and_does_not_hold_the_window_up(
    window: MainWindow, wire: WireServer, qtbot: QtBot, make: object
) -> None:
    assert callable(make)
    body: bytes = make()
    # The main thread's own time between two beats: others work on this machine as well.
    begun, gaps = [time.thread_time()], [0.0]
    beat = QTimer(interval=5)

    def on_beat() -> None:
        now = time.thread_time()
        gaps.append(now - begun[0])
        begun[0] = now

    beat.timeout.connect(on_beat)
    beat.start()
    answered(window, wire, qtbot, body_answer(body, headers=[("Content-Type", "application/json")]))
    shown = view(window, "Pretty")
    qtbot.waitUntil(lambda: shown.toPlainText() != "")
    open_view(window, "Raw")
    on_beat()
    beat.stop()
    assert max(gaps) < 1.0, f"the window was busy for {max(gaps):.2f} s"
    assert size_text(window) != ""
    assert len(shown.toPlainText()) < 600_000
    assert whole_body(window.console.exchange.response) == body
    longest = max(len(line) for line in shown.toPlainText().split("\n"))
    assert longest < 11_000


def test_a_small_answer_has_no_note(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    answered(window, wire, qtbot, json_answer({}))
    assert note(window) == ""
    assert size_text(window) == ""


# --- finding --------------------------------------------------------------------------------


@pytest.fixture
def three_hits(window: MainWindow, wire: WireServer, qtbot: QtBot) -> MainWindow:
    answered(window, wire, qtbot, json_answer({"a": "needle", "b": "NEEDLE", "c": "needles"}))
    return window


def hits(window: MainWindow) -> str:
    return find(window, QLabel, "findCountLabel").text()


def test_hits_are_counted_and_stepped_through(three_hits: MainWindow) -> None:
    press(three_hits, "Ctrl+F")
    assert receiver(three_hits).objectName() == "findEdit"
    type_text(three_hits, "needle")
    assert hits(three_hits) == "1 of 3"
    shown = view(three_hits, "Pretty")
    assert shown.textCursor().blockNumber() == 1
    press(three_hits, "Return")
    assert hits(three_hits) == "2 of 3"
    assert shown.textCursor().blockNumber() == 2
    press(three_hits, "Return", "Return")
    assert hits(three_hits) == "1 of 3"
    press(three_hits, "Shift+Return")
    assert hits(three_hits) == "3 of 3"
    assert shown.textCursor().blockNumber() == 3
    assert len(shown.extraSelections()) == 3
    type_text(three_hits, "zzz")
    assert hits(three_hits) == "no hit"
    assert shown.extraSelections() == []


def test_finding_follows_the_tab_and_the_next_answer(
    three_hits: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    press(three_hits, "Ctrl+F")
    type_text(three_hits, "content-type")
    assert hits(three_hits) == "no hit"
    open_view(three_hits, "Headers")
    assert hits(three_hits) == "1 of 1"
    open_view(three_hits, "Pretty")
    retype(find(three_hits, QLineEdit, "findEdit"), "x")
    assert hits(three_hits) == "no hit"
    answered(three_hits, wire, qtbot, json_answer({"x": 1}))
    assert hits(three_hits) == "1 of 1"


def test_escape_closes_the_find_bar_and_gives_the_answer_the_cursor(
    three_hits: MainWindow,
) -> None:
    press(three_hits, "Ctrl+F")
    type_text(three_hits, "needle")
    press(three_hits, "Esc")
    assert not find(three_hits, QLineEdit, "findEdit").isVisible()
    assert view(three_hits, "Pretty").hasFocus()
    assert view(three_hits, "Pretty").extraSelections() == []
    press(three_hits, "Ctrl+F")
    assert hits(three_hits) == "1 of 3"


def test_escape_in_the_find_bar_does_not_cancel_a_request(
    three_hits: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gate = threading.Event()
    wire.script(hold(gate, json_answer({"after": 1})))
    press(three_hits, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    press(three_hits, "Ctrl+F")
    type_text(three_hits, "needle")
    press(three_hits, "Esc")
    assert not find(three_hits, QLineEdit, "findEdit").isVisible()
    assert three_hits.console.sending
    gate.set()
    qtbot.waitUntil(lambda: not three_hits.console.sending)
    assert status(three_hits).text().startswith("✓ 200 OK")
    assert wire.abandoned == 0


# --- chips ----------------------------------------------------------------------------------


def chip(window: MainWindow, name: str) -> QToolButton:
    return find(window, QToolButton, name)


ACCESS = {
    "_id": "39a98e24-b03b-4191-b756-1efe8f3b16b8",
    "_access_number": "8003449999",
    "_access_code": "7684",
    "_expiration_time": "600",
}


def test_chips_copy_what_they_stand_for(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    answered(window, wire, qtbot, json_answer(ACCESS))
    for name, meant, value in (
        ("chipId", "Instance id", ACCESS["_id"]),
        ("chipAccessNumber", "Access number", ACCESS["_access_number"]),
        ("chipAccessCode", "Access code", ACCESS["_access_code"]),
    ):
        click(chip(window, name))
        assert QApplication.clipboard().text() == value
        assert said(window) == f"{meant} copied: {value}"
        assert chip(window, name).accessibleName().startswith(f"{meant}: ")
    assert chip(window, "chipAccessNumber").text() == "☎ 8003449999"


def test_chips_without_a_value_are_not_there(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, json_answer({"_id": "1"}))
    assert chip(window, "chipId").isVisible()
    for name in ("chipAccessNumber", "chipAccessCode", "chipRemaining"):
        assert not chip(window, name).isVisible()


def test_the_remaining_time_counts_down(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    answered(window, wire, qtbot, json_answer(ACCESS))
    remaining = chip(window, "chipRemaining")
    assert remaining.text().startswith("9 min 5")
    assert not remaining.property("urgent")
    before = remaining.text()
    qtbot.waitUntil(lambda: remaining.text() != before)
    assert remaining.text() < before


def test_the_remaining_time_warns_and_ends(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, json_answer({**ACCESS, "_expiration_time": 1}))
    remaining = chip(window, "chipRemaining")
    assert remaining.text() == "0 s left"
    assert remaining.property("urgent") is True
    qtbot.waitUntil(lambda: remaining.text() == "booking ended")
    assert remaining.property("gone") is True
    assert remaining.property("urgent") is False
    assert remaining.isVisible()


# --- copying and saving ---------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["Pretty", "Raw", "Headers"])
def test_copy_takes_the_view_in_front(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tab: str
) -> None:
    answered(window, wire, qtbot, json_answer('{"a":1}'))
    shown = text(window, tab)
    click(window.answer_pane.copy_button)
    assert QApplication.clipboard().text() == shown


def save_as(window: MainWindow, qtbot: QtBot, name: str) -> None:
    press(window, "Ctrl+Shift+S")
    dialog = active_dialog(qtbot, QFileDialog)
    retype(find(dialog, QLineEdit, "fileNameEdit"), name, "Return")
    back_in(window, qtbot)


def test_the_whole_answer_is_saved_byte_for_byte(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    body = b"\xff\x00\r\n" + b"y" * 1_000_000
    answered(window, wire, qtbot, body_answer(body))
    file = tmp_path / "saved.bin"
    save_as(window, qtbot, str(file))
    qtbot.waitUntil(lambda: said(window) == f"Saved {len(body):,} bytes to {file}")
    assert file.read_bytes() == body


def test_a_save_that_fails_is_said(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    answered(window, wire, qtbot, json_answer({}))
    press(window, "Ctrl+Shift+S")
    dialog = active_dialog(qtbot, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "gone in the meantime" / "x.json"))
    dialog.reject()
    qtbot.waitUntil(lambda: said(window).startswith("Save failed: "))
    assert "gone in the meantime" in said(window)


def test_a_file_is_overwritten_only_when_that_is_wanted(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    answered(window, wire, qtbot, json_answer({"new": 1}))
    file = tmp_path / "old.json"
    file.write_text("old")
    asked: list[str] = []
    answering = QTimer(interval=10)

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked.append(box.text())
            wanted = QMessageBox.StandardButton.Yes if asked[1:] else QMessageBox.StandardButton.No
            click(box.button(wanted))

    answering.timeout.connect(answer)
    answering.start()
    press(window, "Ctrl+Shift+S")
    dialog = active_dialog(qtbot, QFileDialog)
    retype(find(dialog, QLineEdit, "fileNameEdit"), str(file), "Return")
    assert len(asked) == 1
    assert "old.json" in asked[0]
    assert file.read_text() == "old"
    press(dialog, "Return")
    back_in(window, qtbot)
    answering.stop()
    qtbot.waitUntil(lambda: said(window).startswith("Saved "))
    assert file.read_text() == '{"new": 1}'


def test_without_an_answer_there_is_nothing_to_save(window: MainWindow) -> None:
    press(window, "Ctrl+Shift+S")
    assert said(window) == "There is no answer to save."
    assert not window.answer_pane.save_button.isEnabled()


def test_what_came_of_a_cut_answer_can_be_saved(
    window: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    answered(window, wire, qtbot, cut_in_body(b'{"_id": "', 100))
    assert text(window, "Raw") == '{"_id": "'
    file = tmp_path / "part.json"
    save_as(window, qtbot, str(file))
    qtbot.waitUntil(file.exists)
    qtbot.waitUntil(lambda: said(window).startswith("Saved 9 bytes"))
    assert file.read_bytes() == b'{"_id": "'
