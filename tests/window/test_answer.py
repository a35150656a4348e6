"""The answer pane: what came back, and what it means."""

import json
import threading

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, body_answer, hold, json_answer, text_answer
from tests.window.answers import answered, shown_in, status, view_of
from tests.window.driving import add_row, click, find, form_table, press, problem_text, receiver
from tests.window.large_answers import size_text


def meaning(window: MainWindow) -> str:
    return find(window, QLabel, "answerMeaningLabel").text()


def note(window: MainWindow) -> str:
    label: QLabel = window.answer_pane.note_label
    return label.text() if label.isVisible() else ""


# --- the views ------------------------------------------------------------------------------


def test_before_the_first_answer_the_pane_says_what_to_do(window: MainWindow) -> None:
    assert status(window).text() == "No answer yet"
    assert "Ctrl+Enter" in view_of(window, "Pretty").placeholderText()
    assert problem_text(window) is None


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
    assert json.loads(shown_in(window, "Pretty")) == json.loads(body)
    assert shown_in(window, "Raw") == body
    headers = shown_in(window, "Headers")
    assert headers.startswith(
        "HTTP/1.1 200 OK\nContent-Type: application/json\nX-One: a\nx-one: b\nSet-Cookie: R=1\n"
    )
    assert f"— sent —\nPOST {wire.base_url}/genesys/1/service/request-interaction" in headers
    assert f"Host: 127.0.0.1:{wire.port}" in headers
    timing = shown_in(window, "Timing")
    for name in ("started", "connect", "send", "wait for first byte", "receive", "total"):
        assert name in timing
    request = shown_in(window, "Request")
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
    said_there = problem_text(window)
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
    assert shown_in(window, "Pretty") == broken
    assert shown_in(window, "Raw") == broken
    assert "line 1" in str(problem_text(window))
    assert window.console.live.selected is None


def test_plain_text_is_shown_as_text(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    answered(window, wire, qtbot, text_answer("Grüße\nzwei"))
    assert shown_in(window, "Pretty") == "Grüße\nzwei"
    assert problem_text(window) is None
    assert status(window).property("tone") == "good"


def test_plain_text_with_an_error_status(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, text_answer("Forbidden", 403))
    assert status(window).text().startswith("✕ 403 Forbidden")
    assert str(problem_text(window)).startswith("Forbidden\n")


def test_markup_in_an_answer_is_only_text(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    markup = "<b>bold</b><img src=x>"
    answered(window, wire, qtbot, json_answer({"error": markup}))
    assert str(problem_text(window)).startswith(markup)


def test_an_empty_answer_is_not_taken_for_no_answer(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, body_answer(b"", 204))
    assert status(window).text().startswith("✓ 204 No Content")
    assert meaning(window) == "Done; the answer has no body"
    assert shown_in(window, "Pretty") == ""
    assert "No answer yet" not in view_of(window, "Pretty").placeholderText()


def test_the_next_answer_takes_the_problem_away(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    answered(window, wire, qtbot, json_answer({"error": "no"}))
    assert problem_text(window) is not None
    answered(window, wire, qtbot, json_answer({}))
    assert problem_text(window) is None
    assert shown_in(window, "Pretty") == "{}"


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


def test_a_small_answer_has_no_note(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    answered(window, wire, qtbot, json_answer({}))
    assert note(window) == ""
    assert size_text(window) == ""
