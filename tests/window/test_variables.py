"""Variables `{{name}}` in the window: what is sent, what stays as typed, what stops the send."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QTabBar, QTableView
from pytestqt.qtbot import QtBot

from gms_console.model.environment import Environment
from gms_console.model.exchange import OperationKind
from gms_console.model.form import Form, Row
from gms_console.ui.models.form_cell import PROBLEM_ROLE, Column
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import add_row, find, form_table, open_tab, press, retype, said, send

CREATED = json_answer({"_id": "I-1"})
READY = json_answer({"status": "agent-ready"})
VARIABLES = (("number", "6504669999"), ("site", "Daly City"), ("service", "request-chat"))


def be_in_qa(window: MainWindow, wire: WireServer, *more: tuple[str, str]) -> None:
    """Send to the environment `qa` on the wire server."""
    place = replace(Environment.parse(wire.base_url), name="qa", variables=(*VARIABLES, *more))
    window.console.use_environment(place)


def preview(window: MainWindow) -> str:
    return find(window, QPlainTextEdit, "wirePreview").toPlainText()


def problem(window: MainWindow, place: int) -> str:
    text: str = form_table(window).model().index(place, Column.KEY).data(PROBLEM_ROLE)
    return text


def field(window: MainWindow, name: str) -> QLineEdit:
    return find(window, QLineEdit, name)


def test_what_is_previewed_and_sent_is_expanded_and_the_draft_stays_as_typed(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    be_in_qa(window, wire)
    wire.script(CREATED)
    retype(field(window, "serviceNameEdit"), "{{ service }}")
    add_row(window, "{{site}}", "+1 {{number}}")
    add_row(window, "literal", "{{{{number}} $number {{open")
    qtbot.waitUntil(lambda: "POST /genesys/1/service/request-chat HTTP/1.1" in preview(window))
    shown = preview(window)
    request = send(window, wire, qtbot)
    assert request.target == "/genesys/1/service/request-chat"
    assert request.body == (
        b"Daly+City=%2B1+6504669999&literal=%7B%7Bnumber%7D%7D+%24number+%7B%7Bopen"
    )
    assert request.body.decode() in shown
    draft = window.console.saved().create
    assert draft.service == "{{ service }}"
    assert [(row.key, row.value) for row in draft.form] == [
        ("{{site}}", "+1 {{number}}"),
        ("literal", "{{{{number}} $number {{open"),
    ]
    assert window.console.session.instances[0].service == "request-chat"


def test_an_unknown_name_stops_the_send_and_marks_the_row(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    be_in_qa(window, wire)
    add_row(window, "a", "1")
    add_row(window, "b", "{{phone}}")
    press(window, "Ctrl+Return")
    told = "{{phone}} is not a variable of qa; it has: number, service, site"
    qtbot.waitUntil(lambda: problem(window, 1) == told)
    assert problem(window, 0) == ""
    assert preview(window) == f"Row 2 (b): {told}\nA literal {{{{ is written {{{{{{{{."
    assert said(window).startswith("Not sent. Row 2 (b): {{phone}} is not a variable of qa")
    assert form_table(window).currentIndex().row() == 1
    assert wire.requests == []
    # The same row is sent as soon as the environment has the name.
    be_in_qa(window, wire, ("phone", "800"))
    qtbot.waitUntil(lambda: problem(window, 1) == "")
    assert send(window, wire, qtbot).body == b"a=1&b=800"


def test_a_row_that_is_off_may_hold_anything(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    rows = Form((Row(key="off", value="{{phone}}", enabled=False), Row(key="on", value="1")))
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="x", form=rows)))
    assert send(window, wire, qtbot).body == b"on=1"


def test_variables_and_other_problems_are_told_together(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    gone = Row(key="file", file=tmp_path / "gone.txt")
    rows = Form((Row(key="a", value="{{phone}}"), gone))
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="x", form=rows)))
    qtbot.waitUntil(lambda: bool(problem(window, 0)) and bool(problem(window, 1)))
    assert problem(window, 0).startswith("{{phone}} is not a variable of http://")
    assert "gone.txt" in problem(window, 1)


def test_a_field_of_the_target_is_marked_in_place(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    be_in_qa(window, wire)
    edit = field(window, "serviceNameEdit")
    retype(edit, "{{svc}}")
    told = "{{svc}} is not a variable of qa; it has: number, service, site"
    qtbot.waitUntil(lambda: edit.property("invalid") is True)
    assert edit.toolTip() == edit.accessibleDescription() == told
    assert preview(window).startswith(told)
    press(window, "Ctrl+Return")
    assert said(window).startswith(f"Not sent. {told}")
    retype(edit, "{{service}}")
    qtbot.waitUntil(lambda: edit.property("invalid") is False)
    assert edit.toolTip() == ""
    assert send(window, wire, qtbot).target == "/genesys/1/service/request-chat"


def test_the_id_and_name_of_a_request(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    be_in_qa(window, wire, ("call", "I-7"), ("what", "status"))
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    retype(field(window, "requestInstanceEdit"), "{{call}}")
    retype(field(window, "requestNameEdit"), "{{asked}}")
    qtbot.waitUntil(lambda: field(window, "requestNameEdit").property("invalid") is True)
    assert field(window, "requestInstanceEdit").property("invalid") is not True
    retype(field(window, "requestNameEdit"), "{{what}}")
    assert send(window, wire, qtbot).target == "/genesys/1/service/I-7/status"
    # The instance is listed and selected by its id; what was typed stays.
    assert [one.id for one in window.console.session.instances] == ["I-7"]
    assert window.console.live.selected is window.console.session.instances[0]
    assert field(window, "requestInstanceEdit").text() == "{{call}}"
    assert window.console.drafts[OperationKind.REQUEST].request == "{{what}}"


def test_preview_and_request_agree_and_the_next_one_is_another(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    be_in_qa(window, wire)
    add_row(window, "u", "{{$uuid}}")
    add_row(window, "n", "{{$counter}}")
    add_row(window, "t", "{{$now+15m}}")
    qtbot.waitUntil(lambda: "&n=1&" in preview(window))
    uuid = re.search(r"u=([0-9a-f-]{36})", preview(window))
    assert uuid is not None
    first = send(window, wire, qtbot).body.decode()
    assert f"u={uuid[1]}&n=1&t=" in first
    # The time is that of the send, not of when the row was typed.
    time = first.partition("t=")[2].replace("%3A", ":")
    ahead = datetime.fromisoformat(time) - datetime.now(UTC)
    assert 14 * 60 < ahead.total_seconds() <= 15 * 60
    exchange = window.console.exchange
    assert exchange is not None
    assert exchange.request.body_preview == first
    qtbot.waitUntil(lambda: "&n=2&" in preview(window))
    assert uuid[1] not in preview(window)
    assert "&n=2&" in send(window, wire, qtbot).body.decode()


def test_a_poll_has_variables_in_its_fields(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    be_in_qa(window, wire, ("what", "status"), ("wanted", "agent-ready"))
    wire.script(CREATED, READY)
    send(window, wire, qtbot)
    until = field(window, "pollUntilEdit")
    retype(until, "status={{want}}")
    assert until.property("invalid") is True
    state = find(window, QLabel, "pollStateLabel")
    told = "{{want}} is not a variable of qa (did you mean wanted?); it has: "
    assert state.text().startswith(told)
    retype(field(window, "pollRequestEdit"), "{{what}}")
    press(window, "Ctrl+R")
    assert said(window).startswith("Not started. {{want}} is not a variable of qa")
    retype(until, "status={{wanted}}")
    assert until.property("invalid") is False
    press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: said(window) == "Reached agent-ready after 1 attempt.")
    assert wire.requests[-1].target == "/genesys/1/service/I-1/status"
    assert window.console.saved().poll.until == "status={{wanted}}"


def test_a_file_is_found_by_its_expanded_name(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "6504669999.txt").write_text("content", encoding="utf-8")
    rows = Form((Row(key="file", file=Path("{{dir}}/{{number}}.txt")),))
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="x", form=rows)))
    table = find(window, QTableView, "fileTable")
    shown = table.model().index(0, 0)
    assert shown.data() == "⚠ {{number}}.txt: not there"
    be_in_qa(window, wire, ("dir", str(tmp_path)))
    qtbot.waitUntil(lambda: shown.data() == "{{number}}.txt")
    assert table.model().index(0, 4).data() == "7 B"
    request = send(window, wire, qtbot)
    assert b'filename="6504669999.txt"' in request.body
    assert b"\r\n\r\ncontent\r\n" in request.body


def test_advice_is_about_what_is_sent(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    be_in_qa(window, wire, ("wrong", "not a number"))
    add_row(window, "_phone_number", "{{number}}")
    model = form_table(window).model()
    note = model.index(0, Column.PROBLEM)
    qtbot.waitUntil(lambda: not note.data())
    retype_value(window, "{{wrong}}")
    qtbot.waitUntil(lambda: "ℹ" in str(note.data()))
    assert find(window, QPushButton, "sendButton").isEnabled()


def retype_value(window: MainWindow, text: str) -> None:
    model = form_table(window).model()
    model.setData(model.index(0, Column.VALUE), text, Qt.ItemDataRole.EditRole)
