"""The window of chats: a person opens one, talks, sends a file, and ends it."""

import gc
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
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

from gms_console.chat.types import Delivery
from gms_console.simulator import Simulator
from gms_console.ui.chat.room import ChatRoom
from gms_console.ui.models.chat_model import ENTRY_ROLE
from gms_console.ui.panes.chat.window import ChatWindow
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.chat_server import (
    CHAT_ID,
    INSTANCE_ID,
    KEY_ROWS,
    SECURE_KEY,
    ChatServer,
)
from tests.support.wire_server import (
    WireServer,
    close_before_answer,
    json_answer,
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
from tests.window.conftest import OpenWindow

__all__ = ["server", "waits"]


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
