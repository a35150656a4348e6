"""The window of chats: a person opens one, talks, sends a file, and ends it."""

import gc
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.chat.types import ChatFile, Delivery
from gms_console.model.connection import GuardLevel
from gms_console.simulator import Simulator
from gms_console.ui.chat.room import ChatRoom
from gms_console.ui.models.chat_model import ENTRY_ROLE
from gms_console.ui.panes.chat.window import ChatWindow
from gms_console.ui.panes.environment.confirm_dialog import ConfirmDialog
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.chat_server import (
    CHAT_ID,
    INSTANCE_ID,
    KEY_ROWS,
    SECURE_KEY,
    ChatServer,
    operation,
)
from tests.support.wire_server import (
    WireRequest,
    WireServer,
    body_answer,
    close_before_answer,
    hold,
    json_answer,
)
from tests.window import driving as drive
from tests.window.conftest import OpenWindow, close_window
from tests.window.environments import open_on, write

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


def test_a_chat_by_v2_from_the_first_line_to_the_end(
    window: MainWindow, wire: WireServer, server: ChatServer, qtbot: QtBot, waits: Waits,
    tmp_path: Path,
) -> None:  # fmt: skip
    chats = open_chats(window, waits)
    room = new_chat(chats, qtbot, waits)
    create = wire.requests[0]
    assert create.target == "/genesys/2/chat/customer-support"
    fields = b"firstName=First&lastName=Last&subject=Bill+%26+Co&userData%5Bplan%5D=gold"
    assert create.body == fields
    server.put("ParticipantJoined", "Kim", "Agent")
    server.put("TypingStarted", "Kim", "Agent")
    waits(lambda: text(chats, "chatTyping") == "Kim is typing …")
    assert "First Last (you), Kim (agent)" in text(chats, "chatStanding")
    server.agent("Hello <b>you</b>\nhttp://example.com")
    waits(lambda: len(lines(chats)) == 3)
    assert text(chats, "chatTyping") == ""

    field = drive.find(chats, QPlainTextEdit, "chatInput")
    room._idle.setInterval(600_000)  # however slowly it is typed
    drive.click(field)
    drive.type_text(field, "one")
    drive.press(field, "Shift+Return")
    drive.type_text(field, "two")
    drive.press(field, "Return")
    assert field.toPlainText() == ""
    waits(lambda: not room.chat.transcript.pending and len(sent(wire, "stopTyping")) == 1)
    assert lines(chats) == [
        "First Last joined",
        "Kim joined",
        "Hello <b>you</b>\nhttp://example.com",
        "one\ntwo",
    ]
    body = f"{KEY_ROWS}&message=one%0Atwo&transcriptPosition="
    assert sent(wire, "send")[0].body.startswith(body.encode())
    assert [one.body for one in sent(wire, "startTyping")] == [KEY_ROWS.encode()]

    names_and_the_way_of_tab(chats, field)
    copied_lines_and_the_exchange_of_one(window, chats)
    a_file_is_sent_fetched_and_deleted(chats, wire, qtbot, waits, tmp_path)

    waits(chats.isActiveWindow)
    drive.press(chats, "Ctrl+E")
    waits(lambda: room.chat.over and not room.running)
    assert text(chats, "chatState") == "Ended"
    assert not drive.find(chats, QPushButton, "chatSend").isEnabled()
    count = len(wire.requests)
    drive.press(chats, "Ctrl+W")
    assert chats.desk.rooms == []
    assert len(wire.requests) == count
    assert SECURE_KEY not in "".join(one.text() for one in window.findChildren(QLabel))


def names_and_the_way_of_tab(chats: ChatWindow, field: QPlainTextEdit) -> None:
    """Every control is read out by a name, and Tab goes from what is written to what sends it."""
    kinds = (QPlainTextEdit, QAbstractButton, QAbstractItemView, QDoubleSpinBox)
    nameless = [
        one.objectName()
        for one in chats.findChildren(QWidget)
        if isinstance(one, kinds)
        and one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not one.objectName().startswith("qt_")
        and not one.accessibleName()
        and not (isinstance(one, QAbstractButton) and one.text())
    ]
    assert nameless == []
    field.setFocus(Qt.FocusReason.TabFocusReason)
    drive.press(chats, "Tab")
    assert drive.receiver(chats).objectName() == "chatSend"
    drive.press(chats, "Shift+Tab", "Shift+Tab", "Shift+Tab")
    assert drive.receiver(chats).objectName() == "chatTranscript"


def copied_lines_and_the_exchange_of_one(window: MainWindow, chats: ChatWindow) -> None:
    """Copy a line, then several; look at the exchange that sent the last one."""
    view = chats.view.transcript
    drive.click(view.viewport(), view.itemDelegate().bubble(view.model().index(3, 0)).center())
    drive.press(view, "Ctrl+C")
    assert QGuiApplication.clipboard().text() == "one\ntwo"
    drive.press(view, "Shift+Up", "Ctrl+C")
    assert "Kim: Hello <b>you</b>" in QGuiApplication.clipboard().text()
    drive.press(view, "Down", "F2")
    opened = drive.find(chats, QPlainTextEdit, "chatMessageText")
    assert opened.isReadOnly()
    assert opened.textCursor().selectedText() == "one\u2029two"
    drive.press(opened, "Escape")
    entry = view.model().index(3, 0).data(ENTRY_ROLE)
    show = next(one for one in view.make_menu(entry).actions() if "exchange" in one.text())
    show.trigger()
    assert window.console.exchange is not None
    assert window.console.exchange.operation.request == "send"


def a_file_is_sent_fetched_and_deleted(
    chats: ChatWindow, wire: WireServer, qtbot: QtBot, waits: Waits, tmp_path: Path
) -> None:
    """Send a file that is too large, then one that is not; save it and delete it."""
    chats.activateWindow()
    waits(chats.isActiveWindow)
    large, small = tmp_path / "large.txt", tmp_path / "notes.txt"
    large.write_bytes(b"x" * 3000)
    small.write_bytes(b"some\nnotes")
    field = drive.find(chats, QPlainTextEdit, "chatInput")
    assert drive.drop_files(field.viewport(), large)
    waits(lambda: "large.txt: The file has 3,000 bytes; 2,048" in text(chats, "chatFileText"))
    assert text(chats, "chatLimits").startswith("Files: 0 of 3 used, 2 KB each")
    assert sent(wire, "file") == []
    drive.click(drive.find(chats, QToolButton, "chatFileCancel"))
    drive.press(chats, "Ctrl+Shift+A")
    dialog = drive.active_dialog(qtbot, QFileDialog)
    dialog.filesSelected.emit([str(small)])
    dialog.reject()
    waits(lambda: "notes.txt  (10 bytes)" in lines(chats))
    upload = sent(wire, "file")[0]
    assert upload.target == f"/genesys/2/chat/customer-support/{CHAT_ID}/file"
    part = b'name="file"; filename="notes.txt"\r\nContent-Type: text/plain\r\n\r\nsome\nnotes\r\n'
    assert part in upload.body
    view = chats.view.transcript
    place = view.model().index(lines(chats).index("notes.txt  (10 bytes)"), 0)
    view.setCurrentIndex(place)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    drive.press(view, "Return")
    saving = drive.active_dialog(qtbot, QFileDialog)
    target = tmp_path / "saved.txt"
    saving.fileSelected.emit(str(target))
    saving.reject()
    waits(lambda: target.exists() and target.read_bytes() == b"some\nnotes")
    menu = view.make_menu(place.data(ENTRY_ROLE))
    next(one for one in menu.actions() if "Delete" in one.text()).trigger()
    waits(lambda: "First Last deleted the file notes.txt" in lines(chats))


def test_what_goes_wrong_is_said_where_it_happens_and_nothing_is_lost(
    window: MainWindow, wire: WireServer, server: ChatServer, qtbot: QtBot, waits: Waits
) -> None:
    chats = open_chats(window, waits)
    server.instead("create", json_answer({"statusCode": 2, "errors": [{"advice": "closed"}]}))
    drive.press(chats, "Ctrl+N")
    dialog = drive.active_dialog(qtbot, QDialog)
    drive.retype(drive.find(dialog, QLineEdit, "chatNicknameEdit"), "First Last")
    rows = drive.find(dialog, QPlainTextEdit, "chatUserData")
    drive.retype(rows, "no row")
    drive.click(drive.find(dialog, QPushButton, "openChatButton"))
    assert "Line 1" in drive.find(dialog, QLabel, "chatStartError").text()
    assert wire.requests == []
    drive.retype(rows, "a=1")
    drive.click(drive.find(dialog, QPushButton, "openChatButton"))
    waits(lambda: "Status 2: closed" in text(chats, "chatOpenTrouble"))
    drive.back_in(chats, qtbot)
    drive.click(drive.find(chats, QPushButton, "chatTroubleAgain"))
    dialog = drive.active_dialog(qtbot, QDialog)
    assert drive.find(dialog, QLineEdit, "chatNicknameEdit").text() == "First Last"
    drive.click(drive.find(dialog, QPushButton, "openChatButton"))
    waits(lambda: chats.desk.selected is not None)
    drive.back_in(chats, qtbot)
    assert text(chats, "chatOpenTrouble") == ""
    room = chats.desk.selected
    assert room is not None

    a_message_that_was_not_sent_is_sent_again(chats, server, room, waits)
    a_chat_that_gms_refuses_is_taken_up_again(chats, server, waits)
    news_below_are_counted_and_not_scrolled_to(chats, server, waits)

    drive.press(chats, "Ctrl+W")
    question = drive.active_dialog(qtbot, QMessageBox)
    assert drive.find(question, QPushButton, "closeStay").isVisible()
    drive.press(question, "Escape")
    drive.back_in(chats, qtbot)
    assert chats.desk.rooms == [room]
    drive.press(chats, "Ctrl+W")
    question = drive.active_dialog(qtbot, QMessageBox)
    count = len(sent(wire, "disconnect"))
    drive.click(drive.find(question, QPushButton, "closeOnly"))
    drive.back_in(chats, qtbot)
    assert chats.desk.rooms == []
    assert len(sent(wire, "disconnect")) == count == 0


def a_message_that_was_not_sent_is_sent_again(
    chats: ChatWindow, server: ChatServer, room: ChatRoom, waits: Waits
) -> None:
    """The connection is closed instead of an answer; the messages stay until they are sent."""
    server.instead("send", close_before_answer(), close_before_answer())
    say(chats, "not there")
    waits(lambda: text(chats, "chatFailed") == "1 message was not sent.")
    assert room.chat.transcript.entries[-1].delivery is Delivery.FAILED
    say(chats, "nor this")
    waits(lambda: text(chats, "chatFailed") == "2 messages were not sent.")
    view = chats.view.transcript
    view.setCurrentIndex(view.model().index(2, 0))
    view.setFocus(Qt.FocusReason.TabFocusReason)
    server.agent("before them")
    waits(lambda: lines(chats)[-3:] == ["before them", "not there", "nor this"])
    assert view.currentIndex().data() == "nor this"
    drive.press(view, "Return")
    waits(lambda: lines(chats)[-3:] == ["before them", "nor this", "not there"])
    assert text(chats, "chatFailed") == "1 message was not sent."
    drive.click(drive.find(chats, QPushButton, "chatSendAgain"))
    waits(lambda: not room.chat.transcript.pending)
    assert text(chats, "chatFailed") == ""
    assert lines(chats)[-1] == "not there"


def a_chat_that_gms_refuses_is_taken_up_again(
    chats: ChatWindow, server: ChatServer, waits: Waits
) -> None:
    """A refresh is answered by 404, and the next one is not."""
    server.instead("refresh", json_answer({"message": "unknown"}, 404))
    waits(lambda: "404 unknown" in text(chats, "chatTrouble"))
    assert text(chats, "chatState") == "Lost"
    drive.press(chats, "F5")
    waits(lambda: text(chats, "chatState") == "Open")


def news_below_are_counted_and_not_scrolled_to(
    chats: ChatWindow, server: ChatServer, waits: Waits
) -> None:
    """A person reads above; the button leads to what came meanwhile."""
    for number in range(40):
        server.agent(f"line {number}")
    waits(lambda: lines(chats)[-1] == "line 39")
    bar = chats.view.transcript.verticalScrollBar()
    waits(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(0)
    server.agent("news")
    button = drive.find(chats, QToolButton, "chatNewMessages")
    waits(button.isVisible)
    assert button.text() == "1 new message"
    assert bar.value() == 0
    drive.click(button)
    assert bar.value() == bar.maximum()
    assert not button.isVisible()


def test_two_chats_by_v1_one_of_them_from_the_phone(
    open_window: OpenWindow, wire: WireServer, server: ChatServer, qtbot: QtBot, waits: Waits
) -> None:
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="request-chat")))
    drive.press(window, "Ctrl+Return")
    waits(lambda: window.console.live.selected is not None and not window.console.sending)
    drive.press(window, "Alt+8")
    drive.click(drive.find(window, QPushButton, "phoneStartChat"))
    waits(lambda: not window.console.phone.handset.busy)
    count = len(wire.requests)
    drive.settle()
    drive.click(drive.find(window, QPushButton, "phoneOpenChat"))
    chats = window.tools.window("chats")
    assert isinstance(chats, ChatWindow)
    waits(chats.isActiveWindow)
    room = chats.desk.selected
    assert room is not None
    assert lines(chats) == ["First Last joined"]
    drive.find(chats, QDoubleSpinBox, "chatEverySpin").setValue(0.2)
    server.agent("Hello")
    waits(lambda: lines(chats) == ["First Last joined", "Hello"])
    first = wire.requests[count]
    assert first.target == f"/genesys/1/service/{INSTANCE_ID}/ixn/chat/refresh"
    assert first.body == b"transcriptPosition=1"
    assert not drive.find(chats, QToolButton, "chatAttach").isEnabled()
    say(chats, "hi")
    waits(lambda: not room.chat.transcript.pending)
    assert sent(wire, "send")[0].body == b"message=hi"

    other = new_chat(chats, qtbot, waits, v1=True)
    assert (
        sent(wire, "create")[-1].body
        == b"firstName=First&lastName=Last&subject=Bill+%26+Co&plan=gold"
    )
    assert chats.desk.rooms == [other, room]
    drive.type_text(drive.find(chats, QPlainTextEdit, "chatInput"), "kept")
    roster = drive.find(chats, QListView, "chatList")
    drive.click_cell(roster, roster.model().index(1, 0))
    assert chats.desk.selected is room
    assert drive.find(chats, QPlainTextEdit, "chatInput").toPlainText() == ""
    server.agent("for both")
    waits(lambda: other.unread == 1 and lines(chats)[-1] == "for both")
    drive.press(roster, "Up")
    assert drive.find(chats, QPlainTextEdit, "chatInput").toPlainText() == "kept"
    waits(lambda: other.unread == 0)
    gone = closed(chats, qtbot, waits)
    gc.collect()
    assert gone() is None


def closed(chats: ChatWindow, qtbot: QtBot, waits: Waits) -> weakref.ref[ChatRoom]:
    """Open one more chat and close it; give what knows whether anything of it stays behind."""
    room = new_chat(chats, qtbot, waits, v1=True)
    chats.desk.close(room)
    waits(lambda: not room.running)
    drive.settle()
    return weakref.ref(room)


@pytest.mark.parametrize("v1", [False, True], ids=["v2", "v1"])
def test_a_chat_with_the_simulator(
    open_window: OpenWindow, qtbot: QtBot, waits: Waits, tmp_path: Path, *, v1: bool
) -> None:
    with Simulator(speed=20) as simulator:
        window = open_window(Workspace(base_url=simulator.base_url))
        chats = open_chats(window, waits)
        room = new_chat(chats, qtbot, waits, v1=v1)
        waits(lambda: room.chat.agent_there)
        say(chats, "My bill is wrong")
        waits(lambda: not room.chat.transcript.pending)
        waits(lambda: "My bill is wrong" in lines(chats)[:-1])  # the agent answers
        if not v1:
            path = tmp_path / "bill.txt"
            path.write_bytes(b"12 lines")
            room.attach(path)
            waits(lambda: "bill.txt  (8 bytes)" in lines(chats))
            waits(lambda: "1 of 5 used" in text(chats, "chatLimits"))
        drive.press(chats, "Ctrl+E")
        waits(lambda: room.chat.over and not room.running)
        assert text(chats, "chatState").startswith("Ended")


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
