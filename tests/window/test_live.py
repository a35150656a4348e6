"""The live services: their cards, the requests of a card, and many instances side by side."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.catalogue import (
    Catalogue,
    Family,
    Parameter,
    Provenance,
    RequestKind,
    ServiceKind,
    State,
    Tone,
)
from gms_console.instance import Instance
from gms_console.poll import PollOutcome
from gms_console.ui.models.instance_card import Card, age_text
from gms_console.ui.panes.live.card_delegate import tone_colour
from gms_console.ui.panes.live.card_view import CardView
from gms_console.ui.theme import colours
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import Answer as WireAnswer
from tests.support.wire_server import WireRequest, WireServer, by_request, hold, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import click, find, open_tab, press, retype, said, send, type_text

SURE = Provenance.DOCUMENTED
CATALOGUE = Catalogue(
    (
        Family(
            family="Test",
            kinds=(
                ServiceKind(
                    name="held",
                    title="Held call",
                    meaning="A call that waits.",
                    provenance=SURE,
                    poll="check",
                    state_field="status",
                    requests=(
                        RequestKind(name="check", meaning="Tells the state.", provenance=SURE),
                        RequestKind(
                            name="call record",
                            meaning="Tells all.",
                            method="GET",
                            path="callback/{id}",
                            provenance=SURE,
                        ),
                        RequestKind(
                            name="drop",
                            meaning="Ends it.",
                            method="DELETE",
                            path="callback/{id}",
                            provenance=SURE,
                        ),
                        RequestKind(
                            name="move",
                            meaning="Moves it.",
                            method="PUT",
                            path="{service}/{id}/{request}",
                            provenance=SURE,
                            parameters=(
                                Parameter(name="reason", meaning="Why.", provenance=SURE),
                                Parameter(
                                    name="ref",
                                    meaning="Which.",
                                    default="call-{id}",
                                    mandatory=True,
                                    provenance=SURE,
                                ),
                            ),
                        ),
                    ),
                    states=(
                        State(name="queued", meaning="Waits.", provenance=SURE),
                        State(name="ready", meaning="Can go.", tone=Tone.GOOD, provenance=SURE),
                        State(
                            name="lost",
                            meaning="Gone.",
                            tone=Tone.BAD,
                            terminal=True,
                            provenance=SURE,
                        ),
                    ),
                ),
                ServiceKind(name="bare", meaning="Takes no requests.", provenance=SURE),
            ),
        ),
    )
)


def created(number: int) -> WireAnswer:
    return json_answer({"_id": f"instance-{number}"})


def state(name: str) -> WireAnswer:
    return json_answer({"status": name})


@pytest.fixture
def held(open_window: OpenWindow, wire: WireServer) -> MainWindow:
    """A window that would create `held`, of the catalogue above."""
    window = open_window(
        Workspace(
            base_url=wire.base_url,
            create=Draft(service="held"),
            poll=PollSettings(request="check", every=0.1, until="status=ready", within=0),
        )
    )
    window.console.services.set_catalogue(CATALOGUE)
    return window


def view_of(window: MainWindow) -> CardView:
    return find(window, CardView, "instanceList")


def create(window: MainWindow, wire: WireServer, qtbot: QtBot) -> Instance:
    """Create an instance by Ctrl+Enter; it is the selected one then."""
    console = window.console
    count = len(console.session.instances)
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(console.session.instances) > count and not console.sending)
    selected: Instance | None = console.live.selected
    assert selected is not None
    return selected


def button(window: MainWindow, name: str) -> QToolButton:
    return find(view_of(window), QToolButton, name)


def button_names(window: MainWindow) -> list[str]:
    card = find(view_of(window), QWidget, "instanceCard")
    return [one.text() for one in card.findChildren(QToolButton) if "equest" in one.objectName()]


def next_request(window: MainWindow, wire: WireServer, qtbot: QtBot, name: str) -> WireRequest:
    """Click a button of the card, wait for what the server received."""
    count = len(wire.requests)
    click(button(window, name))
    qtbot.waitUntil(lambda: len(wire.requests) > count)
    selected = window.console.live.selected
    assert selected is not None
    qtbot.waitUntil(lambda: not window.console.live.requests.under_way(selected))
    return wire.requests[count]


# --- the card -------------------------------------------------------------------------------


def test_a_card_says_title_state_age_and_values(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(
        json_answer({"_id": "39a98e24-b03b-4191", "_access_number": "800", "_access_code": "76"}),
        state("queued"),
    )
    instance = create(held, wire, qtbot)
    card = held.console.instances.card(instance)
    assert (card.title, card.detail, card.state) == ("Held call", "held", "call 800")
    assert card.age.endswith(" s")
    assert [chip.text for chip in card.chips] == ["39a98e24…", "800", "76"]
    assert card.chips[0].value == "39a98e24-b03b-4191"
    next_request(held, wire, qtbot, "requestButton_check")
    card = held.console.instances.card(instance)
    assert (card.state, card.tone) == ("queued", "waiting")
    spoken = view_of(held).currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Held call, queued, id 39a98e24-b03b-4191, access number 800, code 76"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (-3, "0 s"), (59.9, "59 s"), (60, "1 min"), (7260, "2 h"), (200000, "2 d")],
)
def test_ages_are_short(seconds: float, text: str) -> None:
    assert age_text(seconds) == text


@pytest.mark.parametrize(
    ("name", "tone"),
    [("queued", "waiting"), ("ready", "good"), ("lost", "bad"), ("something else", "")],
)
def test_the_dot_has_the_colour_of_the_states_tone(
    held: MainWindow, wire: WireServer, qtbot: QtBot, name: str, tone: str
) -> None:
    wire.script(created(1), state(name))
    instance = create(held, wire, qtbot)
    next_request(held, wire, qtbot, "requestButton_check")
    assert held.console.instances.card(instance).tone == tone
    qtbot.waitUntil(lambda: tone_colour(tone, colours()) in dot_colours(held))


def dot_colours(window: MainWindow) -> set[str]:
    """Give the colours within the square where the first card's dot is painted."""
    view = view_of(window)
    picture = view.viewport().grab().toImage()
    top = view.visualRect(view.currentIndex()).top()
    line = view.fontMetrics().height()
    found = set()
    for y in range(top + line, top + 3 * line):
        for x in range(8, 20):
            found.add(QColor(picture.pixel(x, y)).name())
    return found


def test_the_booking_counts_down_warns_and_ends(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    booked = {"_id": "instance-1", "_access_number": "800", "_expiration_time": "1"}
    wire.script(json_answer(booked), created(2))
    instance = create(held, wire, qtbot)
    card = held.console.instances.card(instance)
    assert (card.chips[-1].text, card.chips[-1].look) == ("0 s left", "urgent")
    chip = find(view_of(held), QToolButton, "cardRemaining")
    assert chip.property("urgent")
    qtbot.waitUntil(lambda: chip.text() == "booking ended")
    assert chip.property("gone")
    assert held.console.instances.card(instance).state == "booking ended"
    create(held, wire, qtbot)
    card = held.console.instances.card(instance)
    assert (card.chips[-1].text, card.chips[-1].look, card.tone) == ("ended", "gone", "bad")


def test_a_booking_warns_only_in_its_last_seconds(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "a", "_access_number": "800", "_expiration_time": 90}))
    instance = create(held, wire, qtbot)
    assert held.console.instances.card(instance).chips[-1].look == ""
    assert instance.access is not None
    assert not find(view_of(held), QToolButton, "cardRemaining").property("urgent")


def test_ages_are_painted_again_while_nothing_else_happens(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), created(2))
    first = create(held, wire, qtbot)
    create(held, wire, qtbot)
    view = view_of(held)
    view.refresh_moments()
    before = view.viewport().grab().toImage()
    first.since = datetime.now(UTC) - timedelta(hours=5)
    qtbot.waitUntil(lambda: view.viewport().grab().toImage() != before)


def test_a_hidden_list_does_not_look_at_the_time(
    held: MainWindow, wire: WireServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.script(created(1))
    create(held, wire, qtbot)
    looked = threading.Event()
    card = held.console.instances.card

    def look(one: Instance) -> Card:
        looked.set()
        return card(one)

    monkeypatch.setattr(held.console.instances, "card", look)
    held.instance_list.hide()
    looked.clear()
    qtbot.wait(500)
    assert not looked.is_set()
    held.instance_list.show()
    qtbot.waitUntil(looked.is_set)


def test_a_chip_of_another_card_is_copied_by_one_click_and_selects_nothing(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(
        json_answer({"_id": "39a98e24-b03b-4191", "_access_number": "800", "_access_code": "76"}),
        created(2),
    )
    create(held, wire, qtbot)
    second = create(held, wire, qtbot)
    view = view_of(held)
    view.scrollTo(held.console.instances.index(1))
    row = view.visualRect(held.console.instances.index(1))
    place = row.bottomLeft() + QPoint(18, -18)
    QTest.mouseMove(view.viewport(), place)
    qtbot.waitUntil(lambda: view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor)
    click(view.viewport(), place)
    assert QApplication.clipboard().text() == "39a98e24-b03b-4191"
    assert said(held) == "Instance id copied: 39a98e24-b03b-4191"
    assert held.console.live.selected is second
    click(view.viewport(), row.topLeft() + QPoint(30, 12))
    assert held.console.live.selected is not second


def test_the_selected_cards_chips_are_copied(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "a", "_access_number": "800", "_access_code": "76"}))
    create(held, wire, qtbot)
    click(find(view_of(held), QToolButton, "cardAccessCode"))
    assert QApplication.clipboard().text() == "76"
    assert said(held) == "Access code copied: 76"


# --- requests -------------------------------------------------------------------------------


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


def test_three_instances_are_polled_at_once_whatever_is_shown(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    ready = threading.Event()

    def answer(request: WireRequest) -> WireAnswer:
        if request.target.endswith("/held"):
            return created(sum(one.target.endswith("/held") for one in wire.requests))
        wanted = "ready" if ready.is_set() and "instance-2" in request.target else "queued"
        return state(wanted)

    wire.script(by_request(answer))
    instances = []
    for _ in range(3):
        instances.append(create(held, wire, qtbot))
        press(held, "Ctrl+R")
    model = held.console.instances
    qtbot.waitUntil(lambda: all(one.state == "queued" for one in instances))
    qtbot.waitUntil(lambda: model.card(instances[0]).note.startswith(("next in", "polling")))
    press(held, "Alt+4", "Home")
    assert held.console.live.selected is instances[2]
    press(held, "Alt+8")
    before = Counter(one.target for one in wire.requests)
    qtbot.waitUntil(
        lambda: all(
            Counter(one.target for one in wire.requests)[target] >= count + 2
            for target, count in before.items()
            if target.endswith("/check")
        )
    )
    assert len(before) == 4
    ready.set()
    polls = [held.console.session.polls[one][-1] for one in instances]
    qtbot.waitUntil(lambda: polls[1].outcome is PollOutcome.REACHED)
    assert (model.card(instances[1]).state, model.card(instances[1]).tone) == ("ready", "good")
    assert model.card(instances[1]).note == "reached"
    assert polls[0].running
    assert polls[2].running
    assert not find(held, QToolButton, "closeInstanceButton").isHidden()


def test_a_poll_never_blocks_a_button(held: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    gate = threading.Event()
    wire.script(created(1), hold(gate, state("queued")), json_answer({"record": 1}))
    create(held, wire, qtbot)
    press(held, "Ctrl+R")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    request = next_request(held, wire, qtbot, "requestButton_call_record")
    assert request.method == "GET"
    gate.set()
    assert '"record"' in find(held, QPlainTextEdit, "answerView").toPlainText()
    poll = held.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: len(poll.timeline.attempts) >= 2)
    # The poll goes on, and does not take the answer away that was asked for.
    assert '"record"' in find(held, QPlainTextEdit, "answerView").toPlainText()


def test_fifty_cards_are_scrolled_by_keys(held: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    console = held.console
    assert console.environment is not None
    for number in range(50):
        console.session.attach(console.environment, f"instance-{number}", "held")
    view = view_of(held)
    assert view.model().rowCount() == 50
    press(held, "Alt+4", "End")
    assert console.live.selected is console.instances.instance(49)
    card = find(view, QWidget, "instanceCard")
    assert card.isVisible()
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))
    press(held, "Up", "Up")
    assert console.live.selected is console.instances.instance(47)
    assert view.visualRect(view.currentIndex()).contains(card.geometry())


def test_the_expanded_card_stays_with_its_instance_when_another_comes(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1))
    first = create(held, wire, qtbot)
    console = held.console
    assert console.environment is not None
    console.session.attach(console.environment, "other", "held")
    view = view_of(held)
    qtbot.waitUntil(lambda: view.currentIndex().row() == 1)
    assert console.live.selected is first
    card = find(view, QWidget, "instanceCard")
    qtbot.waitUntil(lambda: view.visualRect(view.currentIndex()).contains(card.geometry().center()))


# --- by the keyboard alone --------------------------------------------------------------------


def test_a_card_is_used_with_the_keyboard_alone(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), created(2), state("ready"))
    first = create(held, wire, qtbot)
    create(held, wire, qtbot)
    press(held, "Alt+4", "Down", "Tab")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "cardId"
    press(held, "Space")
    assert QApplication.clipboard().text() == "instance-1"
    press(held, "Tab", "Space")
    qtbot.waitUntil(lambda: first.state == "ready")
    assert wire.requests[-1].target.endswith("/instance-1/check")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "requestButton_check"
    press(held, "Shift+Tab", "Shift+Tab", "Delete")
    qtbot.waitUntil(lambda: view_of(held).model().rowCount() == 1)


# --- what is polled -------------------------------------------------------------------------


def test_poll_settings_follow_the_kind_until_others_are_typed(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(created(1), created(2))
    live = held.console.live
    live.poll_settings = PollSettings(every=2)
    first = create(held, wire, qtbot)
    wanted = PollSettings(request="check", until="status=ready", every=2)
    assert live.poll_settings_for(first) == wanted
    typed = PollSettings(request="check", until="status=lost", every=3)
    live.remember_poll_settings(typed)
    assert live.poll_settings_for(first) == typed
    retype(find(held, QLineEdit, "serviceNameEdit"), "bare")
    second = create(held, wire, qtbot)
    assert live.poll_settings_for(second).request == "status"
    assert live.poll_settings_for(first) == typed


def test_what_was_typed_before_a_create_is_kept_for_it(
    held: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    typed = PollSettings(request="check", until="status=lost")
    held.console.live.remember_poll_settings(typed)
    wire.script(created(1))
    assert held.console.live.poll_settings_for(create(held, wire, qtbot)) == typed
