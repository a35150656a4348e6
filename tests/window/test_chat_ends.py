"""Chats that are asked about, cut off or closed in the middle."""

import threading
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gms_console.chat.types import ChatFile, Delivery
from gms_console.model.connection import GuardLevel
from gms_console.ui.models.chat_model import ENTRY_ROLE
from gms_console.ui.panes.chat.window import ChatWindow
from gms_console.ui.panes.environment.confirm_dialog import ConfirmDialog
from gms_console.workspace import Workspace
from tests.support.chat_server import (
    SECURE_KEY,
    ChatServer,
)
from tests.support.wire_server import (
    WireServer,
    body_answer,
    hold,
)
from tests.window import driving as drive
from tests.window.chats import (
    Waits,
    lines,
    new_chat,
    open_chats,
    say,
    sent,
    server,
    text,
    waits,
)
from tests.window.conftest import OpenWindow, close_window
from tests.window.environments import open_on, write

__all__ = ["server", "waits"]


def test_a_chat_is_confirmed_where_creates_are_and_its_key_is_not_kept(
    open_window: OpenWindow, wire: WireServer, server: ChatServer, qtbot: QtBot, waits: Waits,
    tmp_path: Path,
) -> None:  # fmt: skip
    write(tmp_path, "prod", wire.base_url, more="guard: confirm-first\n")
    window = open_on(open_window, tmp_path, "prod")
    chats = open_chats(window, waits)
    drive.press(chats, "Ctrl+N")
    dialog = drive.active_dialog(qtbot, QDialog)
    drive.click(drive.find(dialog, QPushButton, "openChatButton"))
    question = drive.active_dialog(qtbot, ConfirmDialog)
    asked = drive.find(question, QLabel, "confirmText").text()
    assert "Create /2/chat/customer-support in prod?" in asked
    assert wire.requests == []
    drive.click(drive.find(question, QPushButton, "confirmCreateButton"))
    waits(lambda: chats.desk.selected is not None)
    room = chats.desk.selected
    assert room is not None
    waits(lambda: len(room.chat.refreshes.attempts) > 2)
    drive.press(window, "Ctrl+Alt+2")
    waits(chats.isActiveWindow)
    say(chats, "kept")
    waits(lambda: not room.chat.transcript.pending)
    # The guard holds for a chat that is open, as for all that is sent there.
    write(tmp_path, "prod", wire.base_url, more="guard: read-only\n")
    waits(lambda: "prod is read-only" in text(chats, "chatTrouble"))
    count = len(wire.requests)
    say(chats, "not out")
    waits(lambda: text(chats, "chatFailed") == "1 message was not sent.")
    assert len(wire.requests) == count
    write(tmp_path, "prod", wire.base_url)
    waits(lambda: room.environment.guard is GuardLevel.OPEN)
    drive.click(drive.find(chats, QPushButton, "chatDiscard"))
    drive.press(chats, "F5", "Ctrl+E")
    waits(lambda: room.chat.over and not room.running)
    close_window(window, qtbot)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"customer-support" in kept
    assert SECURE_KEY.encode() not in kept


def test_windows_are_closed_in_the_middle_of_it(
    open_window: OpenWindow, wire: WireServer, server: ChatServer, qtbot: QtBot, waits: Waits,
    tmp_path: Path,
) -> None:  # fmt: skip
    window = open_window(Workspace(base_url=wire.base_url))
    chats = open_chats(window, waits)
    room = new_chat(chats, qtbot, waits)
    server.put("ParticipantJoined", "<b>Kim</b>", "Agent")
    waits(lambda: room.chat.agent_there)
    assert "&lt;b&gt;Kim" in chats.view.head.standing.toolTip()
    more_files_than_are_taken(chats, wire, waits, tmp_path)

    drive.type_text(drive.find(chats, QPlainTextEdit, "chatInput"), "a draft")
    drive.press(chats, "Escape")
    assert not chats.isVisible()
    server.agent("are you there")
    waits(lambda: room.unread == 1)
    drive.press(window, "Ctrl+Alt+2")
    waits(chats.isActiveWindow)
    assert room.unread == 0
    assert drive.receiver(chats).objectName() == "chatInput"
    server.instead("send", hold())
    drive.press(drive.find(chats, QPlainTextEdit, "chatInput"), "Return")
    waits(lambda: len(sent(wire, "send")) == 1)
    place = chats.view.transcript.model().index(len(lines(chats)) - 1, 0)
    chats.view.transcript.setCurrentIndex(place)
    assert place.data(ENTRY_ROLE).delivery is Delivery.SENDING
    close_window(window, qtbot)
    [pending] = room.chat.transcript.pending
    assert pending.reason == "The chat was closed here before GMS answered; it may have it."


def test_a_file_comes_whole_though_the_chat_ends_meanwhile(
    open_window: OpenWindow, wire: WireServer, server: ChatServer, qtbot: QtBot, waits: Waits,
    tmp_path: Path,
) -> None:  # fmt: skip
    chats = open_chats(open_window(Workspace(base_url=wire.base_url)), waits)
    room = new_chat(chats, qtbot, waits)
    gate, target = threading.Event(), tmp_path / "saved.txt"
    server.instead("file/F1/download", hold(gate, body_answer(b"some notes")))
    room.save(ChatFile(id="F1", name="notes.txt"), target)
    waits(lambda: len(sent(wire, "file/F1/download")) == 1)
    server.ended = True
    server.put("ParticipantLeft", "First Last", "Client")
    waits(lambda: not room.running)
    drive.settle()
    gate.set()
    waits(lambda: all(one.task is None for one in room.errands))
    assert [one.trouble for one in room.errands] == []
    assert target.read_bytes() == b"some notes"


def more_files_than_are_taken(
    chats: ChatWindow, wire: WireServer, waits: Waits, tmp_path: Path
) -> None:
    """Four are dropped at once, and three are taken: the fourth is not sent in vain."""
    paths = [tmp_path / f"{number}.txt" for number in range(4)]
    for path in paths:
        path.write_bytes(b"x")
    field = drive.find(chats, QPlainTextEdit, "chatInput")
    assert drive.drop_files(field.viewport(), *paths, tmp_path / "gone.txt", tmp_path)
    room = chats.desk.selected
    assert room is not None
    waits(lambda: len(room.errands) == 3 and all(one.task is None for one in room.errands))
    said = {one.path.name: one.trouble for one in room.errands if one.path is not None}
    assert said == {
        "3.txt": "The chat takes 3 files at most, and has them all.",
        "gone.txt": "It cannot be read: No such file or directory.",
        tmp_path.name: "It is no file.",
    }
    assert len(sent(wire, "file")) == 3
