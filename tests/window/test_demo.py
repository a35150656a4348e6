"""Demo mode: a person plays a story, records it, and replays it where there is no network."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.journey.recording import SUFFIX
from gms_console.ui.demo import desk as demo_desk
from gms_console.ui.panes.demo.page import DemoPage
from gms_console.ui.simulator.embedded import EmbeddedSimulator
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.patient import patient_config
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    back_in,
    choose,
    click,
    click_cell,
    fill_row,
    find,
    press,
    retype,
    said,
    texts,
)

NUMBER, CALLED = "+16504669999", "8003449999"


class Clock:
    """The clock of a replay, which a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def enter(window: MainWindow) -> DemoPage:
    """Press F11, and give the stage."""
    press(window, "F11")
    page = window.demo.page
    assert page is not None
    assert page.isVisible()
    return page


def on_the_phone(page: DemoPage) -> list[str]:
    """All texts that stand on the phone, and what is read out of it."""
    parts = page.phone.findChildren(QWidget)
    shown = [one.text() for one in parts if isinstance(one, QLabel | QAbstractButton)]
    return [*shown, page.phone.area.accessibleDescription()]


def on_stage(page: DemoPage) -> str:
    """All that can be read on the stage."""
    model = page.journey.model()
    told = [
        str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))
        for row in range(model.rowCount())
    ]
    blocks = [one.state for one in page.track.blocks()]
    return "\n".join([*on_the_phone(page), *told, *blocks, page.bar.place.text()])


def has_sent(window: MainWindow, count: int) -> bool:
    """Whether so many requests were answered."""
    return len(window.console.session.exchanges) == count


def told(page: DemoPage) -> list[str]:
    """The captions of the journey, oldest first."""
    return texts(page.journey)


def record(window: MainWindow, file: Path, qtbot: QtBot) -> None:
    """Press R, and say where the recording goes."""
    press(window, "R")
    dialog = active_dialog(qtbot, QDialog)
    retype(find(dialog, QLineEdit, "recordFileEdit"), str(file), "Return")
    back_in(window, qtbot)


def stop_simulator(window: MainWindow, qtbot: QtBot) -> None:
    """Take the network away, as far as there is one."""
    ended = asyncio.ensure_future(window.console.simulator.stop())
    qtbot.waitUntil(ended.done)


def replay(window: MainWindow, file: Path, qtbot: QtBot) -> None:
    """Choose a recording in the dialog of Ctrl+Alt+P."""
    press(window, "Ctrl+Alt+P")
    dialog = active_dialog(qtbot, QFileDialog)
    retype(find(dialog, QLineEdit, "fileNameEdit"), str(file), "Return")
    desk = window.demo.desk
    qtbot.waitUntil(lambda: desk.player is not None)


def test_an_example_is_played_recorded_and_replayed_without_network(
    open_window: OpenWindow, wire: WireServer, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="own")))
    window.console.simulator = EmbeddedSimulator(config=str(patient_config(tmp_path)))
    page, desk, clock = enter(window), window.demo.desk, Clock()
    desk.example.pace, desk.replay._clock = 0.0, clock
    # Nothing but the stage: it begins with what a person can do.
    assert window.isFullScreen()
    bars = (window.menuBar(), window.statusBar(), window.frame)
    assert [one.isVisible() for one in bars] == [False, False, False]
    begin = find(page, QPushButton, "demoExample1")
    tour = find(page, QPushButton, "demoTour")
    assert tour.width() > tour.fontMetrics().horizontalAdvance(tour.text()) + 20
    assert QApplication.focusWidget() is find(page, QPushButton, "demoTour")
    file = tmp_path / "story"
    record(window, file, qtbot)
    press(window, "Down")
    assert QApplication.focusWidget() is begin
    press(window, "Return")
    qtbot.waitUntil(lambda: desk.journey.count > 0 and not desk.example.running, timeout=20_000)
    qtbot.waitUntil(lambda: len(told(page)) == desk.journey.count)
    live = told(page)
    look_at_the_stage(window, page, live)
    assert wire.requests == []

    # Saved: no secret and no number of the customer.
    press(window, "R")
    qtbot.waitUntil(lambda: not window.console.session.tasks)
    file = file.with_name(file.name + SUFFIX)
    assert said(window).startswith("Recorded ")
    assert said(window).endswith(f" into {file}.")
    written = file.read_text("utf-8")
    assert NUMBER not in written
    assert "[phone-1]" in written

    stop_simulator(window, qtbot)
    exchanges = len(window.console.session.exchanges)
    replay(window, file, qtbot)
    back_in(window, qtbot)
    # It was begun at another place than where the example was played.
    assert page.bar.place.text().startswith("Recording of ")
    assert page.bar.place.text().endswith(f"{wire.base_url}/genesys · story")
    press(window, "Right")
    assert page.bar.place.text().endswith(" · Simulator · story")
    press(window, "Left")
    assert told(page) == []
    assert page.journey.hint.text() == "Space plays the recording."
    walk_the_replay(window, page, live)
    play_the_replay(window, page, (live, clock), qtbot)
    assert len(window.console.session.exchanges) == exchanges
    # The live story is as it was left.
    press(window, "L")
    assert told(page) == live
    press(window, "Esc")
    assert window.frame.isVisible()
    assert not page.isVisible()


def look_at_the_stage(window: MainWindow, page: DemoPage, live: list[str]) -> None:
    """See the flow's captions, the phone and the states, and no number unless it is shown."""
    stage = on_stage(page)
    assert live[0] == "The customer taps “Call me back” in the app"
    assert live[-1] == "The agent waits for this very call, and knows who calls"
    assert [one.state for one in page.track.blocks()][-1] == "PROCESSING"
    assert "Call us now to be connected" in on_the_phone(page)
    assert "Live · Simulator" in stage
    assert CALLED not in stage
    assert "••••••••99" in stage
    assert not page.phone.findChildren(QPushButton, "phoneCopyNumber")
    press(window, "M")
    assert CALLED in on_stage(page)
    assert page.phone.findChildren(QPushButton, "phoneCopyNumber")
    # Once the stage is left and entered again, all is masked again.
    press(window, "F11")
    assert find(window, QToolButton, "sessionRecordingMark").isVisible()
    assert window.menuBar().isVisible()
    assert not window.isFullScreen()
    press(window, "F11")
    assert CALLED not in on_stage(page)


def walk_the_replay(window: MainWindow, page: DemoPage, live: list[str]) -> None:
    """Go through a recording step by step; what is pressed on its phone sends nothing."""
    press(window, "End")
    assert told(page) == live
    assert "••••••••99" in on_stage(page)
    press(window, "Left", "Left")
    assert told(page) == live[:-2]
    press(window, "1")
    assert "sends nothing" in page.bar.said.text()
    press(window, "Right")
    assert told(page) == live[:-1]
    press(window, "Home", "+", "+")
    assert told(page) == []


def play_the_replay(
    window: MainWindow, page: DemoPage, story: tuple[list[str], Clock], qtbot: QtBot
) -> None:
    """Play a recording four times as fast, then go to places by the mouse."""
    live, clock = story
    player = window.demo.desk.player
    assert player is not None
    assert find(page, QToolButton, "demoPlay").accessibleName() == "Play"
    press(window, "Space")
    assert find(page, QToolButton, "demoPlay").accessibleName() == "Pause"
    assert player.speed == 4.0
    clock.now += player.marks[0] / 4 + 0.001
    qtbot.waitUntil(lambda: told(page) == live[:1])
    clock.now += 1000
    qtbot.waitUntil(lambda: not player.playing)
    assert told(page) == live
    scrubber = page.bar.scrubber
    click(scrubber, QPoint(round(scrubber.x_of(player.marks[-1])) + 2, scrubber.height() // 2))
    assert told(page) == live
    click(scrubber, QPoint(1, scrubber.height() // 2))
    assert told(page) == []
    press(window, "End")
    click_cell(page.journey, page.journey.model().index(1, 0))
    assert told(page) == live[:2]


def test_a_story_by_hand_is_masked_and_can_be_begun_anew(
    open_window: OpenWindow, wire: WireServer, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="own")))
    fill_row(window, "_phone_number", NUMBER)
    item = {"_label": f"Call {NUMBER}", "_user_action_url": wire.url("/genesys/1/service/A/now")}
    menu = {
        "_id": "A",
        "_action": "DisplayMenu",
        "_label": "What now?",
        "_content": [{"_group_name": "", "_group_content": [item]}],
    }
    wire.script(
        json_answer(menu),
        json_answer({"_action": "ConfirmationDialog", "_text": f"We call {NUMBER}"}),
    )
    page = enter(window)
    click(find(page, QPushButton, "demoByHand"))
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(told(page)) == 1)
    qtbot.waitUntil(lambda: "What now?" in on_the_phone(page))
    assert "Call +•••••••••99" in on_the_phone(page)
    assert NUMBER not in on_stage(page)
    press(window, "1")
    qtbot.waitUntil(lambda: len(told(page)) == 2)
    qtbot.waitUntil(lambda: "We call +•••••••••99" in on_the_phone(page))
    assert told(page)[1] == "The customer chooses “Call +•••••••••99”"
    assert NUMBER not in on_stage(page)
    # What was sent is what stands there without masks.
    assert wire.requests[1].target == "/genesys/1/service/A/now"
    assert window.console.session.exchanges.all()[1].operation.label == f"Call {NUMBER}"

    # A recording that cannot be written says so where its name stands.
    press(window, "R")
    dialog = active_dialog(qtbot, QDialog)
    edit, trouble = (
        find(dialog, QLineEdit, "recordFileEdit"),
        find(dialog, QLabel, "recordTrouble"),
    )
    retype(edit, str(tmp_path / "none" / "x"), "Return")
    assert "cannot be written: No such file" in trouble.text()
    there = tmp_path / f"there{SUFFIX}"
    there.write_text("{}\n", "utf-8")
    retype(edit, str(there), "Return")
    assert "is there already" in trouble.text()
    assert there.read_text("utf-8") == "{}\n"
    click(find(dialog, QCheckBox, "recordUnmasked"))
    press(edit, "Esc")
    back_in(window, qtbot)
    assert window.demo.active
    # A file that is no recording is refused, and the stage stays.
    window.demo.replay(there)
    qtbot.waitUntil(lambda: "is no recording" in page.bar.said.text())
    assert len(told(page)) == 2
    press(window, "N")
    assert told(page) == []
    assert find(page, QPushButton, "demoByHand").isVisible()
    begin_another_example(window, page, tmp_path, qtbot)
    click(find(page, QToolButton, "demoLeave"))
    assert window.frame.isVisible()


def begin_another_example(window: MainWindow, page: DemoPage, folder: Path, qtbot: QtBot) -> None:
    """Change one's mind while an example plays: the other is played, and nothing else is told."""
    desk = window.demo.desk
    window.console.simulator = EmbeddedSimulator(config=str(patient_config(folder)))
    desk.example.pace = 0.0
    click(find(page, QPushButton, "demoExample2"))
    qtbot.waitUntil(lambda: len(told(page)) > 0, timeout=20_000)
    assert "chat" in told(page)[0].lower()
    press(window, "N")
    click(find(page, QPushButton, "demoExample1"))
    qtbot.waitUntil(lambda: len(told(page)) > 4 and not desk.example.running, timeout=20_000)
    assert told(page)[0] == "The customer taps “Call me back” in the app"
    assert not [one for one in told(page) if "chat" in one.lower()]


def test_a_code_that_came_long_ago_is_hidden_too(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the stage was made, after that, and with more requests since than it reads anew."""
    monkeypatch.setattr(demo_desk, "MOST_BEFORE", 1)
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="own")))
    codes = ("8254", "", "7193", "")
    wire.script(
        *(json_answer({"_id": f"A{n}", "_access_code": code}) for n, code in enumerate(codes))
    )
    for count in range(1, len(codes) + 1):
        press(window, "Ctrl+Return")
        qtbot.waitUntil(partial(has_sent, window, count))
        qtbot.waitUntil(lambda: not window.console.sending)
        assert not window.demo.desk.active
    page = enter(window)
    assert page.desk.say("Key in 8254, then 7193") == "Key in ••••, then ••••"


def test_the_presenter_stays_with_one_of_several_customers(
    open_window: OpenWindow, wire: WireServer, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=wire.base_url))
    page, desk, console = enter(window), window.demo.desk, window.console
    click(find(page, QPushButton, "demoByHand"))
    assert page.journey.hint.text().startswith("Choose a service")
    # The status bar is out of sight: what it says stands on the stage.
    press(window, "Ctrl+Return")
    assert page.bar.said.text() == "Not sent. Choose a service, or type its name."
    press(window, "F11")
    retype(find(window, QLineEdit, "serviceNameEdit"), "own", "Return")
    fill_row(window, "_phone_number", NUMBER)
    press(window, "F11")
    assert page.journey.hint.text() == "Ctrl+Enter sends the form of own."
    record(window, tmp_path / "three", qtbot)
    secret = "SecretKeyOfAda1"
    wire.script(
        json_answer({"_id": "A", "_access_number": "800123", "_access_code": "82-54"}),
        json_answer({"_id": "B", "status": "queued", "secureKey": secret}),
        json_answer(
            {"_id": "C", "_action": "ConfirmationDialog", "_text": f"82-54, {secret} {NUMBER}"}
        ),
        json_answer({"message": f"{NUMBER} is busy"}, 500),
    )
    for count in range(1, 5):
        press(window, "Ctrl+Return")
        qtbot.waitUntil(partial(has_sent, window, count))
        qtbot.waitUntil(lambda: not console.sending)
    qtbot.waitUntil(lambda: "is busy" in on_stage(page))
    choice = page.customer
    # All that can be read, with masks: no number, code or key, in the list of customers neither.
    masked = "own · +•••••••••99"
    names = ["All customers", masked, f"{masked} (2)", f"{masked} (3)"]
    assert [choice.itemText(place) for place in range(choice.count())] == names
    everything = [on_stage(page), page.bar.said.text(), page.track.accessibleDescription(), *names]
    assert not [one for one in (NUMBER, "82-54", "800123", secret) if one in "\n".join(everything)]
    assert "••-••, *** +•••••••••99" in on_stage(page)
    # C goes from one to the next; what happens to others does not change the stage.
    assert len(told(page)) == 5
    press(window, "C", "C")
    assert choice.currentText() == f"{masked} (2)"
    assert told(page) == ["The customer asks for own", "The state is now queued"]
    assert [one.state for one in page.track.blocks()] == ["queued"]
    wire.script(json_answer({"_id": "D"}))
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: choice.count() == 5)
    assert len(told(page)) == 2
    assert console.live.selected is not None
    assert console.live.selected.id == "B"
    press(window, "Shift+C")
    assert "Call this number" in on_the_phone(page)
    press(window, "M")
    assert choice.currentText() == f"own · {NUMBER}"
    press(window, "M", "Shift+C")
    assert len(told(page)) == 6
    look_at_one_in_the_replay(window, page, tmp_path, qtbot)
    # A window may be closed while it plays.
    press(window, "Space")
    assert desk.player is not None
    assert desk.player.playing
    window.close()


def look_at_one_in_the_replay(
    window: MainWindow, page: DemoPage, folder: Path, qtbot: QtBot
) -> None:
    """Stay with one customer in a replay, by the list, and press the buttons by keys alone."""
    press(window, "R")
    qtbot.waitUntil(lambda: not window.console.session.tasks)
    assert page.bar.said.text().startswith("Recorded 5 events into ")
    replay(window, folder / f"three{SUFFIX}", qtbot)
    back_in(window, qtbot)
    # Somebody who has not come yet can be chosen, and waited for.
    choose(page.customer, page.customer.itemText(2))
    page.setFocus()
    assert told(page) == []
    press(window, "Right")
    assert told(page) == ["The customer asks for own", "The state is now queued"]
    press(window, "End", "Left")
    assert len(told(page)) == 2
    live = find(page, QToolButton, "demoLive")
    live.setFocus()
    press(window, "Space")
    assert window.demo.desk.player is None
    assert page.customer.currentText() == "All customers"
    replay(window, folder / f"three{SUFFIX}", qtbot)
    back_in(window, qtbot)


def test_the_stage_can_be_read_out_and_reached_by_keys(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=wire.base_url))
    page = enter(window)
    tour = find(page, QPushButton, "demoTour")
    assert QApplication.focusWidget() is tour
    # The tour is walked on the simulator: it asks before it leaves another place.
    press(window, "Return")
    press(active_dialog(qtbot, QMessageBox), "Esc")
    back_in(window, qtbot)
    assert window.demo.active
    tour.setFocus(Qt.FocusReason.OtherFocusReason)
    press(window, "Ctrl+=", "Ctrl+=")
    assert tour.font().pointSizeF() >= 1.5 * QApplication.font().pointSizeF()
    names: set[str] = set()
    for _ in range(12):
        press(window, "Tab")
        here = QApplication.focusWidget()
        assert here is not None
        assert here.isVisible()
        assert page.isAncestorOf(here)
        assert here.accessibleName()
        names.add(here.objectName())
    assert {"demoTour", "demoOpen", "demoByHand", "demoRecord", "demoMasks", "demoLeave"} <= names
