"""The chips of an answer: its id and access, copied by a click, and the time that is left."""

from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer
from tests.window.answers import answered
from tests.window.driving import click, find, said


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
