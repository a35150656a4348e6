"""Many live services side by side, by the keyboard alone, and what is polled."""

import threading
from collections import Counter

from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.poll import PollOutcome
from gms_console.ui.window import MainWindow
from gms_console.workspace import PollSettings
from tests.support.wire_server import Answer as WireAnswer
from tests.support.wire_server import WireRequest, WireServer, by_request, hold, json_answer
from tests.window.driving import find, press, retype
from tests.window.held_service import create, created, held, next_request, state, view_of

__all__ = ["held"]


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
