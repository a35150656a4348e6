"""The cards of live services: what they say, and what a click on them copies."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.instance import Instance
from gms_console.ui.models.instance_card import Card, age_text
from gms_console.ui.panes.live.card_delegate import tone_colour
from gms_console.ui.theme import colours
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.driving import click, find, said
from tests.window.held_service import create, created, held, next_request, state, view_of

__all__ = ["held"]

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
    assert not view_of(held)._tick.isActive()
    looked.clear()
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
