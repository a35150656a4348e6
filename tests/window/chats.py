"""Opens, drives and reads the chat window, for its tests."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.chat.room import ChatRoom
from gms_console.ui.panes.chat.window import ChatWindow
from gms_console.ui.window import MainWindow
from tests.support.chat_server import (
    ChatServer,
    operation,
)
from tests.support.wire_server import (
    WireRequest,
    WireServer,
)
from tests.window import driving as drive

Waits = Callable[[Callable[[], bool]], None]


@pytest.fixture
def server(wire: WireServer) -> ChatServer:
    """Let the wire server answer as a chat does; the test is the agent."""
    made = ChatServer()
    wire.default = made.answer
    wire.script()
    return made


@pytest.fixture
def waits(qtbot: QtBot) -> Waits:
    """Wait for what the window does by itself."""
    return qtbot.waitUntil


def open_chats(window: MainWindow, waits: Waits) -> ChatWindow:
    """Press the key of the window of chats; it asks often, so that nobody waits."""
    drive.press(window, "Ctrl+Alt+2")
    chats = window.tools.window("chats")
    assert isinstance(chats, ChatWindow)
    waits(chats.isActiveWindow)
    drive.find(chats, QDoubleSpinBox, "chatEverySpin").setValue(0.2)
    return chats


def new_chat(chats: ChatWindow, qtbot: QtBot, waits: Waits, *, v1: bool = False) -> ChatRoom:
    """Open a chat by the dialog."""
    count = len(chats.desk.rooms)
    drive.press(chats, "Ctrl+N")
    dialog = drive.active_dialog(qtbot, QDialog)
    if v1:
        drive.choose(drive.find(dialog, QComboBox, "chatApiCombo"), "API v1 (on an instance)")
    for name, text in (("FirstName", "First"), ("LastName", "Last"), ("Subject", "Bill & Co")):
        drive.retype(drive.find(dialog, QLineEdit, f"chat{name}Edit"), text)
    drive.retype(drive.find(dialog, QPlainTextEdit, "chatUserData"), "plan=gold")
    drive.click(drive.find(dialog, QPushButton, "openChatButton"))
    waits(lambda: len(chats.desk.rooms) > count)
    drive.back_in(chats, qtbot)
    room = chats.desk.selected
    assert room is not None
    return room


def lines(chats: ChatWindow) -> list[str]:
    """Give the lines of the transcript as a person reads them."""
    return drive.texts(drive.find(chats, QListView, "chatTranscript"))


def text(chats: ChatWindow, name: str) -> str:
    """Give a label's text; empty while it is hidden."""
    found = drive.find(chats, QLabel, name)
    return found.text() if found.isVisible() else ""


def say(chats: ChatWindow, words: str) -> None:
    """Type a message and press Enter."""
    field = drive.find(chats, QPlainTextEdit, "chatInput")
    drive.click(field)
    drive.type_text(field, words)
    drive.press(field, "Return")


def sent(wire: WireServer, name: str) -> list[WireRequest]:
    """Give the requests of one operation."""
    return [request for request in wire.requests if operation(request) == name]
