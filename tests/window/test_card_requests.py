"""The requests of a card: sent at once, or opened in the form."""

import threading

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, hold, json_answer
from tests.window.driving import click, find, open_tab, press, retype, said, send, type_text
from tests.window.held_service import (
    button,
    button_names,
    create,
    created,
    held,
    next_request,
    state,
    view_of,
)

__all__ = ["held"]


def test_the_buttons_are_those_of_the_catalogue(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), created(2), created(3))
    create(held, wire, qtbot)
    assert button_names(held) == ["check", "GET call record", "DELETE drop", "PUT move", "other…"]
    tip = button(held, "requestButton_call_record").toolTip()
    assert "Tells all." in tip
    assert "documented" in tip
    retype(find(held, QLineEdit, "serviceNameEdit"), "bare")
    create(held, wire, qtbot)
    assert button_names(held) == ["other…"]
    retype(find(held, QLineEdit, "serviceNameEdit"), "my-own")
    create(held, wire, qtbot)
    assert button_names(held) == ["status", "other…"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("check", "POST /genesys/1/service/instance-1/check"),
        ("call_record", "GET /genesys/1/service/callback/instance-1"),
        ("drop", "DELETE /genesys/1/service/callback/instance-1"),
    ],
)
def test_a_request_without_parameters_is_sent_at_once(
    held: MainWindow, wire: WireServer, qtbot: QtBot, name: str, line: str
) -> None:
    wire.script(created(1), state("queued"))
    create(held, wire, qtbot)
    request = next_request(held, wire, qtbot, f"requestButton_{name}")
    assert f"{request.method} {request.target}" == line
    assert request.body == b""
    shown = find(held, QPlainTextEdit, "answerView").toPlainText()
    assert '"queued"' in shown
    assert "200 OK" in find(held, QLabel, "answerStatusLabel").text()
    assert find(held, QTabBar, "sideTabs").currentIndex() == 0
    assert held.console.exchange is not None
    assert held.console.session.exchanges.get(held.console.exchange.id) is held.console.exchange


def test_a_request_with_parameters_is_opened_in_the_form(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), json_answer({}))
    create(held, wire, qtbot)
    click(button(held, "requestButton_move"))
    assert len(wire.requests) == 1
    form = held.console.draft.form_model.form
    assert [(row.key, row.value, row.enabled) for row in form] == [
        ("ref", "call-instance-1", True),
        ("reason", "", False),
    ]
    assert held.console.draft.method == "PUT"
    assert find(held, QLineEdit, "requestNameEdit").text() == "move"
    press(held, "Ctrl+A")
    type_text(held, "mine")
    press(held, "Return", "Ctrl+Return")
    qtbot.waitUntil(lambda: len(wire.requests) == 2)
    request = wire.requests[-1]
    assert (request.method, request.body) == ("PUT", b"ref=mine")
    assert request.target == "/genesys/1/service/held/instance-1/move"


def test_each_request_keeps_what_was_typed_and_fills_in_the_instance(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), created(2))
    create(held, wire, qtbot)
    click(button(held, "requestButton_move"))
    model = held.console.draft.form_model
    model.edit(model.form.changed(1, model.form.rows[1].__class__(key="reason", value="ill")), "x")
    click(button(held, "otherRequestButton"))
    assert len(held.console.draft.form_model.form) == 0
    open_tab(find(held, QTabBar, "targetTabs"), "Create a service")
    create(held, wire, qtbot)
    click(button(held, "requestButton_move"))
    assert [(row.key, row.value) for row in held.console.draft.form_model.form] == [
        ("ref", "call-instance-2"),
        ("reason", "ill"),
    ]


def test_any_other_request_can_be_typed(held: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    wire.script(created(1), json_answer({}))
    create(held, wire, qtbot)
    click(button(held, "otherRequestButton"))
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "requestNameEdit"
    type_text(held, "my-request")
    request = send(held, wire, qtbot)
    assert (request.method, request.target) == (
        "POST",
        "/genesys/1/service/instance-1/my-request",
    )


def test_requests_of_several_instances_and_the_form_run_side_by_side(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    gate = threading.Event()
    wire.script(created(1), created(2), hold(gate, state("queued")))
    first = create(held, wire, qtbot)
    second = create(held, wire, qtbot)
    click(button(held, "requestButton_check"))
    press(held, "Alt+4", "Down")
    assert held.console.live.selected is first
    click(button(held, "requestButton_drop"))
    press(held, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 3)
    assert held.console.instances.card(first).note == "sending drop"
    assert held.console.instances.card(second).note == "sending check"
    click(button(held, "requestButton_drop"))
    assert "under way" in said(held)
    gate.set()
    qtbot.waitUntil(lambda: first.state == second.state == "queued" and not held.console.sending)
    assert len(wire.requests) == 5


def test_escape_cancels_the_request_of_a_card(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), hold())
    instance = create(held, wire, qtbot)
    click(button(held, "requestButton_check"))
    qtbot.waitUntil(lambda: wire.waiting == 1)
    assert find(held, QPushButton, "cancelButton").isEnabled()
    press(held, "Esc")
    qtbot.waitUntil(lambda: not held.console.live.requests.under_way(instance))
    assert wire.abandoned == 1
    assert "Cancelled" in find(held, QLabel, "answerStatusLabel").text()
    assert not find(held, QPushButton, "cancelButton").isEnabled()


def test_closing_an_instance_while_its_request_is_under_way_is_clean(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), created(2), hold())
    first = create(held, wire, qtbot)
    create(held, wire, qtbot)
    click(button(held, "requestButton_check"))
    qtbot.waitUntil(lambda: wire.waiting == 1)
    press(held, "Alt+4", "Delete")
    qtbot.waitUntil(lambda: wire.abandoned == 1)
    qtbot.waitUntil(lambda: view_of(held).model().rowCount() == 1)
    assert held.console.live.selected is first
    assert "failed" not in said(held)


# --- many at once ---------------------------------------------------------------------------


def test_known_keys_of_a_request_are_its_own_and_go_by_the_typed_instance(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), created(2))
    first = create(held, wire, qtbot)
    create(held, wire, qtbot)
    open_tab(find(held, QTabBar, "targetTabs"), "Request on an instance")
    retype(find(held, QLineEdit, "requestInstanceEdit"), first.id)
    retype(find(held, QLineEdit, "requestNameEdit"), "move")
    assert held.console.draft.method == "PUT"
    press(held, "Ctrl+I")
    rows = held.console.draft.form_model.form.rows
    assert [(row.key, row.value, row.enabled) for row in rows] == [
        ("ref", f"call-{first.id}", True),
        ("reason", "", False),
    ]
