"""What the desktop is told of polls, and when it is left alone."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gms_console.poll import PollOutcome
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import Answer, WireServer, json_answer, text_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import press, said, send

CREATED = json_answer({"_id": "abc-1"})
WAITING = json_answer({"status": "waiting-for-agent", "_phone_number": "6504669999"})
READY = json_answer({"status": "agent-ready", "_phone_number": "6504669999"})


@pytest.fixture
def window(open_window: OpenWindow, wire: WireServer) -> MainWindow:
    """A window that would create and poll, without a limit."""
    return open_window(
        Workspace(
            base_url=wire.base_url,
            create=Draft(service="my-service"),
            poll=PollSettings(every=0.1, within=0, tolerate=0),
        )
    )


@pytest.fixture
def told(window: MainWindow) -> list[tuple[str, str]]:
    """What the desktop was told."""
    messages: list[tuple[str, str]] = []
    window.notifier.sink = lambda title, text: messages.append((title, text))
    return messages


@pytest.fixture
def elsewhere(qtbot: QtBot) -> QWidget:
    """A window of another program, as it were."""
    other = QWidget()
    qtbot.addWidget(other)
    return other


def poll_to_the_end(
    window: MainWindow, wire: WireServer, qtbot: QtBot, *answers: Answer, away: QWidget | None
) -> PollOutcome:
    """Create and poll; the person looks at `away` meanwhile."""
    wire.script(CREATED, *answers)
    send(window, wire, qtbot)
    press(window, "Ctrl+R")
    if away is not None:
        away.show()
        away.activateWindow()
        qtbot.waitUntil(lambda: not window.isActiveWindow())
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: poll.outcome is not None)
    outcome: PollOutcome | None = poll.outcome
    assert outcome is not None
    return outcome


def test_a_reached_state_is_told_while_the_window_is_not_in_front(
    window: MainWindow,
    told: list[tuple[str, str]],
    elsewhere: QWidget,
    wire: WireServer,
    qtbot: QtBot,
) -> None:
    answers = [WAITING] * 4 + [READY]
    outcome = poll_to_the_end(window, wire, qtbot, *answers, away=elsewhere)
    assert outcome is PollOutcome.REACHED
    assert told == [("my-service", "Reached agent-ready.")]
    assert "6504669999" not in str(told)
    assert "Reached agent-ready" in said(window)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (json_answer({"error": "no 6504669999"}), "Poll ended: GMS refused the request."),
        (text_answer("6504669999", 503), "Poll ended: too many errors in a row."),
    ],
)
def test_a_poll_that_ends_otherwise_is_told_with_the_reason_and_no_data(
    window: MainWindow,
    told: list[tuple[str, str]],
    elsewhere: QWidget,
    wire: WireServer,
    qtbot: QtBot,
    answer: Answer,
    text: str,
) -> None:
    poll_to_the_end(window, wire, qtbot, *[WAITING] * 4, answer, away=elsewhere)
    assert told == [("my-service", text)]


def test_nothing_is_told_to_who_looks_at_the_window(
    window: MainWindow, told: list[tuple[str, str]], wire: WireServer, qtbot: QtBot
) -> None:
    poll_to_the_end(window, wire, qtbot, READY, away=None)
    assert told == []
    assert "Reached agent-ready" in said(window)


def test_a_poll_stopped_by_hand_is_not_told(
    window: MainWindow,
    told: list[tuple[str, str]],
    elsewhere: QWidget,
    wire: WireServer,
    qtbot: QtBot,
) -> None:
    wire.script(CREATED, WAITING)
    send(window, wire, qtbot)
    press(window, "Ctrl+R")
    poll = window.console.live.poll
    assert poll is not None
    elsewhere.show()
    elsewhere.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    window.console.cancel()
    qtbot.waitUntil(lambda: poll.outcome is PollOutcome.CANCELLED)
    assert told == []


def test_notifications_are_switched_off_and_that_is_kept(
    window: MainWindow,
    told: list[tuple[str, str]],
    elsewhere: QWidget,
    wire: WireServer,
    qtbot: QtBot,
) -> None:
    action = window.action("notify")
    assert action.isChecked()
    press(window, "Ctrl+Alt+N")
    assert not action.isChecked()
    poll_to_the_end(window, wire, qtbot, *[WAITING] * 4, READY, away=elsewhere)
    assert told == []
    assert not window.console.saved().notify


def test_what_was_switched_off_is_off_at_the_next_start(open_window: OpenWindow) -> None:
    window = open_window(Workspace(base_url="http://gms.example", notify=False))
    assert not window.action("notify").isChecked()
    assert not window.console.live.notify


def test_without_a_tray_the_window_asks_for_attention(
    window: MainWindow,
    elsewhere: QWidget,
    wire: WireServer,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alerted: list[QWidget] = []
    monkeypatch.setattr(QApplication, "alert", lambda one, *_: alerted.append(one))
    poll_to_the_end(window, wire, qtbot, *[WAITING] * 4, READY, away=elsewhere)
    assert alerted == [window]


def test_a_click_on_the_message_goes_to_the_instance(
    window: MainWindow,
    told: list[tuple[str, str]],
    elsewhere: QWidget,
    wire: WireServer,
    qtbot: QtBot,
) -> None:
    poll_to_the_end(window, wire, qtbot, *[WAITING] * 4, READY, away=elsewhere)
    polled = window.console.live.selected
    window.console.live.select(None)
    window.notifier.go_there()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.console.live.selected is polled
