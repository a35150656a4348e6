"""Exchanges of real GMS installations, replayed through the window by a recorded server.

The numbers in the names are those of the domain notes, section 7.
"""

import json
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.poll import PollOutcome
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import WireServer, body_answer, chunked_answer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import find, press, problem_text

ID = "39a98e24-b03b-4191-b756-1efe8f3b16b8"
CHAT_ID = "81f0ef4e-99dd-43ea-8366-8d27a2cbd605"
CALLBACK = "com.genesyslab.gsg.services.callback.exceptions."
CONFIRMATION = {
    "_dialog_id": "0",
    "_action": "ConfirmationDialog",
    "_text": "You will receive the call shortly",
    "_ok_title": "Ok",
    "_id": ID,
}


def open_on(
    open_window: OpenWindow,
    wire: WireServer,
    service: str,
    *pairs: tuple[str, str],
    body_kind: str = "auto",
) -> MainWindow:
    draft = Draft(service=service, form=Form.of(*pairs), body_kind=body_kind)
    return open_window(Workspace(base_url=wire.base_url, create=draft))


def send(window: MainWindow, qtbot: QtBot) -> str:
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)
    return find(window, QLabel, "answerStatusLabel").text()


def chip(window: MainWindow, name: str) -> str | None:
    chips = [one for one in window.findChildren(QToolButton, name) if one.isVisible()]
    return str(chips[0].property("value")) if chips else None


def phone_texts(window: MainWindow) -> list[str]:
    """Go to the phone by its key; give all words of its screen."""
    press(window, "Alt+8")
    screen = find(window, QWidget, "phoneScreen")
    return [
        part.text()
        for part in screen.findChildren(QWidget)
        if isinstance(part, QLabel | QAbstractButton) and part.isVisible() and part.text()
    ]


def test_a1_with_the_malformed_answer_that_the_page_prints(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    printed = f'{{"_id":"{ID}","_access_number":"8003449999","_access_code"="7684"}}'
    wire.script(body_answer(printed.encode(), 200, [("Content-Type", "application/json")]))
    window = open_on(open_window, wire, "request-interaction", ("_provide_code", "true"))
    assert "with broken JSON" in send(window, qtbot)
    assert find(window, QPlainTextEdit, "answerRawView").toPlainText() == printed
    assert "cannot be read as such" in str(problem_text(window))
    assert window.console.live.selected is None


def test_a2_the_page_of_a_state_is_on_the_phone_and_loads_nothing(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(
        json_answer({"id": ID}),
        json_answer({"status": "waiting-for-agent", "dialog": "/waitingforagent.html"}),
    )
    window = open_on(open_window, wire, "request-inbound-poll")
    send(window, qtbot)
    press(window, "Alt+5")
    window.console.live.start_poll(PollSettings(until="", every=60.0))
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: len(poll.timeline.attempts) == 1)
    assert wire.requests[1].target == f"/genesys/1/service/{ID}/status"
    assert "waiting-for-agent" in " ".join(phone_texts(window))
    assert len(wire.requests) == 2, "showing a dialog asks for nothing"


def test_a3_a_chat_is_created_with_headers_as_they_came(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    path = f"/genesys/1/service/{CHAT_ID}/ixn/chat"
    body = json.dumps({"_chatIxnAPI-CREATE-URL": path, "_id": CHAT_ID}).encode()
    headers = [
        ("Pragma", "no-cache"),
        ("Cache-Control", "no-cache"),
        ("Cache-Control", "no-store"),
        ("Content-Type", "application/json"),
        ("Server", "Jetty(7.6.0.v20120127)"),
    ]
    wire.script(chunked_answer([body[:20], body[20:]], 200, headers))
    window = open_on(open_window, wire, "request-chat", ("_verbose", "true"))
    assert "200 OK" in send(window, qtbot)
    assert wire.requests[0].body == b"_verbose=true"
    shown = find(window, QPlainTextEdit, "answerHeadersView").toPlainText()
    assert "Cache-Control: no-cache\nCache-Control: no-store\n" in shown
    assert chip(window, "chipId") == CHAT_ID
    assert path in " ".join(phone_texts(window))


def test_a4_an_answer_without_an_id_is_no_error(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"msg": "hello"}))
    window = open_on(open_window, wire, "hello")
    assert "✓ 200 OK" in send(window, qtbot)
    assert "no id" in find(window, QLabel, "answerMeaningLabel").text()
    assert problem_text(window) is None


REFUSALS: list[tuple[str, int, dict[str, Any], str, str]] = [
    (
        "hello",
        500,
        {
            "exception": "com.genesyslab.gsg.services.ors.OrsServiceException",
            "message": "ORS request failed: cannot connect to ORS. IO issue.",
        },
        "Orchestration Server",
        "_ors",
    ),
    (
        "callback/callme",
        400,
        {
            "exception": f"{CALLBACK}CallbackExceptionNumber",
            "message": (
                "Customer Number [+19005551234] is disallowed, because it's a premium number."
                " Check option _disallow_premium_phone_numbers"
            ),
        },
        "number",
        "_disallow_premium_phone_numbers",
    ),
    (
        "callback/callme",
        503,
        {
            "message": "Limit of queued callbacks for callme is reached.",
            "exception": f"{CALLBACK}CallbackExceptionServiceUnavailable",
        },
        "as many callbacks as it may have",
        "throttle",
    ),
]


@pytest.mark.parametrize(("service", "status", "answer", "means", "look"), REFUSALS)
def test_a5_a8_a9_refusals_are_explained_with_where_to_look(
    open_window: OpenWindow,
    wire: WireServer,
    qtbot: QtBot,
    service: str,
    status: int,
    answer: dict[str, Any],
    means: str,
    look: str,
) -> None:
    wire.script(json_answer(answer, status))
    window = open_on(
        open_window, wire, service, ("_customer_number", "+19005551234"), body_kind="json"
    )
    assert f"✕ {status}" in send(window, qtbot)
    assert wire.requests[0].body == b'{"_customer_number": "+19005551234"}'
    lines = str(problem_text(window)).split("\n")
    assert lines[0] == answer["message"]
    assert lines[1] == answer["exception"]
    assert means in find(window, QLabel, "problemMeansLabel").text()
    assert look in find(window, QLabel, "problemLookLabel").text()


def test_a6_created_on_one_node_and_matched_on_another(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(
        json_answer(
            {
                "_id": ID,
                "_access_number": "8003449999",
                "_access_code": "7684",
                "_expiration_time": "30",
            }
        )
    )
    window = open_on(open_window, wire, "request-interaction")
    send(window, qtbot)
    assert wire.requests[0].body == b""
    assert chip(window, "chipAccessCode") == "7684"
    with WireServer() as other:
        other.script(json_answer({"_data_id": "d-1", "_id": ID}))
        window.console.set_base_url(other.base_url)
        draft = window.console.draft
        draft.service = "match-interaction"
        draft.form_model.edit(Form.of(("_access_number", "8003449999")), "type")
        assert "200 OK" in send(window, qtbot)
        assert other.requests[0].target == "/genesys/1/service/match-interaction"
        assert other.requests[0].values("Cookie") == []
    assert chip(window, "chipId") == ID


def test_a7_a_callback_is_confirmed_on_the_phone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer(CONFIRMATION))
    window = open_on(
        open_window,
        wire,
        "callback/callme",
        ("_customer_number", "+19005551234"),
        ("_urs_virtual_queue", "SIP_VQ_SIP_Switch"),
        body_kind="json",
    )
    assert "200 OK" in send(window, qtbot)
    [request] = wire.requests
    assert request.target == "/genesys/1/service/callback/callme"
    assert json.loads(request.body) == {
        "_customer_number": "+19005551234",
        "_urs_virtual_queue": "SIP_VQ_SIP_Switch",
    }
    texts = phone_texts(window)
    assert "You will receive the call shortly" in texts
    assert any(text.startswith("Ok") for text in texts)


def test_a10_the_walk_of_a_callback_to_its_cancellation(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    states = ["QUEUED", "PAUSED", "QUEUED", "COMPLETED"]
    records = [json_answer([{"_id": ID, "_callback_state": state}]) for state in states]
    wire.script(json_answer(CONFIRMATION), *records)
    window = open_on(open_window, wire, "callback/callme")
    send(window, qtbot)
    window.console.live.start_poll(PollSettings(request="callback record", until="", every=0.1))
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: poll.outcome is PollOutcome.ENDED)
    assert [span.state for span in poll.timeline.spans] == states
    assert wire.requests[1].target == f"/genesys/1/service/callback?_id={ID}"
    assert {request.method for request in wire.requests[1:]} == {"GET"}


def test_a11_wrong_credentials_are_explained_by_their_precedence(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(body_answer(b"", 401, [("WWW-Authenticate", 'Basic realm="GMS"')]))
    window = open_on(open_window, wire, "callback/callme")
    assert "✕ 401" in send(window, qtbot)
    assert "service" in str(problem_text(window))
    assert "server" in str(problem_text(window))


@pytest.mark.parametrize(
    ("redirect", "answer", "shown"),
    [
        (None, {"msg": "hello"}, None),
        (
            "request-interaction",
            {"_id": ID, "_access_number": "8003449999", "_expiration_time": "30"},
            "8003449999",
        ),
        ("", CONFIRMATION, "You will receive the call shortly"),
    ],
)
def test_a14_a_callback_that_is_redirected_answers_as_another_service(
    open_window: OpenWindow,
    wire: WireServer,
    qtbot: QtBot,
    redirect: str | None,
    answer: dict[str, Any],
    shown: str | None,
) -> None:
    wire.script(json_answer(answer))
    pairs = () if redirect is None else (("_redirect", redirect),)
    window = open_on(open_window, wire, "callback/callme-redirected", *pairs)
    assert "✓ 200 OK" in send(window, qtbot)
    expected = b"" if redirect is None else f"_redirect={redirect}".encode()
    assert wire.requests[0].body == expected
    if shown is None:
        assert "no id" in find(window, QLabel, "answerMeaningLabel").text()
    else:
        assert shown in phone_texts(window)


def test_a19_a_push_is_followed_to_its_dialog(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    number = {
        "_id": ID,
        "_action": "DialNumber",
        "_label": "Your agent is ready",
        "_tel_url": "tel:8003449999",
    }
    wire.script(json_answer({"_id": ID}), json_answer(number))
    window = open_on(open_window, wire, "callback/VOICE-WAIT-USERORIG")
    send(window, qtbot)
    press(window, "Alt+8")
    edit = find(window, QPlainTextEdit, "pushEdit")
    edit.setPlainText(json.dumps({"_id": ID, "_action": "get-dialog"}))
    find(window, QAbstractButton, "pushButton").click()
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    request = wire.requests[1]
    assert (request.method, request.target, request.body) == (
        "POST",
        f"/genesys/1/service/{ID}/get-dialog",
        b"",
    )
    qtbot.waitUntil(lambda: "Your agent is ready" in phone_texts(window))
    assert any("8003449999" in text for text in phone_texts(window))
