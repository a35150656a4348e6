"""The nastiest faults, one after the other in one window, while a poll runs on beside them."""

import gzip
import json

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from tests.faults.fault import Fault, WireScene, answer, sent
from tests.faults.table import FAULTS
from tests.support.wire_server import Answer, WireRequest, WireServer, by_request, json_answer
from tests.window import driving as drive

CREATED = json_answer({"_id": "polled"})
WAITING = json_answer({"_id": "polled", "status": "waiting-for-agent"})

WITH_A_PROBLEM = (
    "10,000 lists, one in another",
    "10,000 objects, one in another",
    "a header of 1 MB",
    "100,000 headers",
    "a NUL byte in a header",
    "a flood of interim answers",
    "a chunk size that is no number",
    "a number of 5,000 digits",
    "plain text that says it is gzip",
    "2,000 times gzip",
    "an SSH server on the port",
    "reset inside the body",
    "the login page of a gateway",
)
WITH_A_NOTE = (
    "bytes that are no UTF-8",
    "a second answer behind the first",
    "brotli, which was not asked for",
    "a key that occurs twice",
)
SHOWN_AS_THEY_ARE = (
    "10,000 headers",
    "one line of 3 MB",
    "900 lists, one in another",
    "half a character in an escape",
    "NUL characters in the body",
)
BOMB = gzip.compress(b" " * (258 * 1024 * 1024), 6, mtime=0)


class Play:
    """The server's part: the poll is answered well, each create by the fault that is next."""

    def __init__(self, wire: WireServer) -> None:
        self.next = CREATED
        wire.script(by_request(self._choose))

    def _choose(self, request: WireRequest) -> Answer:
        return WAITING if request.target.endswith("/status") else self.next


def row(name: str) -> Fault:
    """Give the row of that name."""
    return next(fault for fault in FAULTS if fault.name == name)


def played(fault: Fault) -> Answer:
    """Give what a server answers for a row."""
    assert isinstance(fault.scene, WireScene)
    assert not fault.scene.settings
    return fault.scene.answer


def send(window: MainWindow, qtbot: QtBot) -> None:
    """Press Ctrl+Enter and wait for whatever comes of it."""
    console = window.console
    before = console.exchange
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not console.sending and console.exchange is not before)


@pytest.mark.timeout(60)
def test_faults_in_a_row_are_named_and_leave_everything_alive(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    play = Play(wire)
    send(window, qtbot)
    window.poll_pane.interval_spin.setValue(0.1)
    drive.press(window, "Ctrl+R")
    poll = window.console.live.poll
    assert poll is not None
    note = drive.find(window, QLabel, "answerNoteLabel")

    def next_fault(answer: Answer) -> None:
        attempts = len(poll.timeline.attempts)
        play.next = answer
        send(window, qtbot)
        qtbot.waitUntil(lambda: len(poll.timeline.attempts) > attempts)

    for name in WITH_A_PROBLEM:
        fault = row(name)
        next_fault(played(fault))
        shown = drive.problem_text(window) or ""
        assert fault.says in shown, name
        assert "Probably" in shown, name
        assert "Try" in shown, name
    for name in WITH_A_NOTE:
        next_fault(played(row(name)))
        assert drive.problem_text(window) is None, name
        assert note.isVisible(), name
        assert row(name).says in note.text(), name
    for name in SHOWN_AS_THEY_ARE:
        next_fault(played(row(name)))
        assert drive.problem_text(window) is None, name
        assert drive.find(window, QLabel, "answerStatusLabel").text().startswith("✓ 200"), name
    next_fault(sent(answer(BOMB, "Content-Encoding: gzip")).answer)
    assert "larger than 256 MiB" in (drive.problem_text(window) or "")
    next_fault(json_answer({"_id": "a-1", "status": "fine"}))
    assert drive.problem_text(window) is None
    assert json.loads(drive.find(window, QPlainTextEdit, "answerRawView").toPlainText()) == {
        "_id": "a-1",
        "status": "fine",
    }
    assert poll.running
    assert [one.fault for one in poll.timeline.attempts if one.fault] == []
    assert len(window.console.session.tasks) == 1
