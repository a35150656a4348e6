"""The guided tour as a newcomer walks it: by hand, by being shown, and with detours."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gms_console.simulator import Simulator
from gms_console.ui.guide import desk as guide_desk
from gms_console.ui.panes.guide_bar import GuideBar
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    back_in,
    click,
    fill_row,
    find,
    press,
    settle,
    type_text,
)

PATIENCE_MS = 20_000


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads along."""
    monkeypatch.setattr(guide_desk, "TICK_MS", 30)
    monkeypatch.setattr(guide_desk, "LOOK_MS", 30)
    monkeypatch.setattr(guide_desk, "PACE", 0.0)


def bar_of(window: QWidget) -> GuideBar:
    bars = [one for one in window.findChildren(GuideBar) if one.window() is window]
    assert len(bars) == 1
    return bars[0]


def heading(window: QWidget) -> str:
    """Give what stands above what is asked; nothing where the guide is not."""
    bars = [one for one in window.findChildren(GuideBar) if one.window() is window]
    return bars[0].heading.text() if bars else ""


def asked(window: QWidget) -> str:
    return find(bar_of(window), QLabel, "guideDo").text()


def note(window: QWidget) -> str:
    return find(bar_of(window), QLabel, "guideNote").text()


def button(window: QWidget, name: str) -> QPushButton:
    return find(bar_of(window), QPushButton, f"guide{name}")


def at(window: MainWindow, step: int, move: int, qtbot: QtBot) -> None:
    """Wait until the guide asks for a move of a step."""

    def there() -> bool:
        said = heading(window)
        return said.startswith(f"Step {step} of 7: ") and f" · {move} of " in said

    qtbot.waitUntil(there, timeout=PATIENCE_MS)


def goes_on(window: MainWindow, text: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: heading(window).startswith(text), timeout=PATIENCE_MS)


def choose(window: MainWindow, service: str) -> None:
    press(window, "Ctrl+P")
    type_text(window, service)
    press(window, "Return")


def simulator_of(window: MainWindow) -> Simulator:
    found = window.console.simulator.simulator
    assert isinstance(found, Simulator)
    return found


def pointed_at(window: QWidget, target: QWidget) -> bool:
    """Whether the ring is around a widget of that window, or a part of it."""
    rings = [one for one in window.findChildren(QWidget, "guideRing") if one.isVisible()]
    place = QRect(target.mapTo(window, target.rect().topLeft()), target.size())
    return len(rings) == 1 and place.contains(rings[0].geometry().center())


def creates(window: MainWindow, qtbot: QtBot) -> None:
    at(window, 1, 1, qtbot)
    pane, bar = window.request_pane, window.request_pane.target_bar
    choose(window, "request-interaction")
    at(window, 1, 2, qtbot)
    assert pointed_at(window, pane.form_table.viewport())
    # Elsewhere meanwhile: nothing is hindered, and the guide says how to get back.
    press(window, "Alt+8")
    qtbot.waitUntil(lambda: "Alt+1 goes there" in note(window))
    assert not any(one.isVisible() for one in window.findChildren(QWidget, "guideRing"))
    press(window, "Alt+1")
    fill_row(window, "_phone_number", "6504669999")
    at(window, 1, 3, qtbot)
    assert pointed_at(window, bar.send_button)
    # The ring is in nobody's way.
    click(bar.send_button)
    at(window, 2, 1, qtbot)


def polls(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "request-inbound-poll")
    at(window, 2, 2, qtbot)
    fill_row(window, "_phone_number", "6504669999")
    at(window, 2, 3, qtbot)
    press(window, "Ctrl+Shift+Return")
    at(window, 2, 4, qtbot)
    assert pointed_at(window, window.poll_pane.timeline)
    simulator_of(window).control.agent_free_now()
    at(window, 3, 1, qtbot)


def follows_a_dialog(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, "VOICE-WAIT-USERORIG")
    fill_row(window, "_customer_number", "+16504669999")
    press(window, "Ctrl+Return")
    at(window, 3, 4, qtbot)
    press(window, "Alt+8")
    at(window, 3, 5, qtbot)
    simulator_of(window).clock.advance(11)
    click(find(window, QPushButton, "pushButton"))
    at(window, 3, 6, qtbot)
    phone = window.console.phone
    qtbot.waitUntil(lambda: phone.screen is not None and not phone.handset.busy)
    settle()
    window.request_pane.phone_pane.setFocus()
    press(window, "1")
    at(window, 4, 1, qtbot)


def goes_along(beside: QWidget) -> None:
    """Find the guide in a window beside the main one as well, by its key."""
    beside.activateWindow()
    press(beside, "Shift+F1")
    assert QApplication.focusWidget() is button(beside, "Show")
    assert "In the window “GMS Console”" in note(beside)


def is_shown_the_rest(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    desk = window.guide.desk
    desk.stage.folder = folder
    for step in range(4, 8):
        chapter, began = desk.chapter, datetime.now(UTC)
        assert chapter is not None
        click(button(window, "Show"))
        goes_on(window, "That was the tour" if step == 7 else f"Step {step + 1} of 7: ", qtbot)
        # What was shown is what a person would have been asked for.
        assert chapter.moves[-1].done(began)
        if step == 4:
            goes_along(window.tools.window("chats"))
        window.activateWindow()
    assert note(window) == "✓ 7 of 7 steps done"
    assert asked(window) == "Where to go from here"
    report = (folder / "session.html").read_text("utf-8")
    assert "request-inbound-poll" in report
    assert "6504669999" not in report
    assert simulator_of(window).control.faults.views() == ()
    chat = window.tools.window("chats")
    assert bar_of(chat).isVisible() is chat.isVisible()


def test_a_newcomer_walks_three_steps_and_is_shown_the_rest(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(folder=tmp_path / "kept")
    qtbot.waitUntil(lambda: window.console.place.on_simulator)
    press(window, "Shift+F1")
    creates(window, qtbot)
    # Who walks by hand takes as long as it takes: no agent comes before it was looked at.
    simulator_of(window).clock.pause()
    polls(window, qtbot)
    follows_a_dialog(window, qtbot)
    simulator_of(window).clock.resume()
    assert len(window.console.session.instances) == 3
    is_shown_the_rest(window, qtbot, tmp_path)
    click(button(window, "Leave"))
    assert not bar_of(window).isVisible()


def test_the_tour_waits_where_it_was_left(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.console.place.on_simulator)
    press(window, "Shift+F1")
    at(window, 1, 1, qtbot)
    assert not button(window, "Back").isEnabled()
    # By keys alone: to the guide, along its buttons, and on.
    press(window, "Shift+F1")
    assert QApplication.focusWidget() is button(window, "Show")
    press(window, "Tab")
    assert QApplication.focusWidget() is button(window, "Skip")
    press(window, "Space")
    at(window, 2, 1, qtbot)
    for one in ("Show", "Back", "Skip", "Leave"):
        assert button(window, one).accessibleName()
        assert button(window, one).accessibleDescription()
    click(button(window, "Leave"))
    press(window, "F11")
    assert window.demo.active
    tour = window.findChild(QPushButton, "demoTour")
    assert isinstance(tour, QPushButton)
    click(tour)
    assert not window.demo.active
    at(window, 2, 1, qtbot)
    click(button(window, "Back"))
    at(window, 1, 1, qtbot)
    # Larger text wraps rather than pushes the window wider.
    width = window.minimumSizeHint().width()
    press(window, "Ctrl+=", "Ctrl+=")
    assert bar_of(window).minimumSizeHint().width() <= max(width, window.width())
    assert bar_of(window).geometry().bottom() <= window.frame.rect().bottom()
    # One that is stopped half way and ends late leaves the next alone.
    desk = window.guide.desk
    desk.show_me()
    settle()
    desk.stop()
    desk.show_me()
    settle()
    assert desk.showing
    desk.stop()


def test_it_is_walked_on_the_simulator_alone(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="callme")))
    for answer in ("guideStay", "guideSwitch"):
        press(window, "Shift+F1")
        question = active_dialog(qtbot, QMessageBox)
        assert wire.base_url.split("/")[2] in question.informativeText()
        click(find(question, QPushButton, answer))
        back_in(window, qtbot)
        if answer == "guideStay":
            settle()
            assert window.console.base_url_text == wire.base_url
            assert window.findChild(GuideBar) is None
    at(window, 1, 1, qtbot)
    assert window.console.place.on_simulator
    began = datetime.now(UTC)
    window.console.set_base_url(wire.base_url)
    qtbot.waitUntil(lambda: "another place" in asked(window))
    # Nothing is shown there: its button leads back instead.
    assert button(window, "Show").text() == "To the simulator"
    click(button(window, "Show"))
    at(window, 1, 1, qtbot)
    assert wire.requests == []
    assert window.guide.desk.stage.created("request-interaction", began) is None
