"""What stands around the transcript: head, files on their way, failed messages, trouble."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.progress import progress_text, share

from ...chat.desk import ChatDesk
from ...chat.room import ChatRoom, FileErrand
from ...chat.words import TONES, standing, state_text, trouble
from ...tips import plain_tip
from ..common import give_way, icon_button, label, named, set_label

_LOOK_MS = 150
_STEPS = 1000


class ChatHead(QWidget):
    """Whose chat it is, how it stands, and what the API takes of files."""

    def __init__(self) -> None:
        super().__init__()
        self.title = named(label("", "section"), "chatTitle", "Chat")
        self.state = named(label(""), "chatState", "State of the chat")
        self.standing = named(label("", "muted"), "chatStanding", "Where the chat stands")
        self.trouble = named(label("", "error"), "chatTrouble", "Why nothing comes")
        self.limits = named(label("", "muted"), "chatLimits", "Limits of files")
        self.trouble.setWordWrap(True)
        self.limits.setWordWrap(True)
        give_way(self.standing)
        give_way(self.title)
        first = QHBoxLayout()
        first.addWidget(self.title, 1)
        first.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 2, 0)
        column.setSpacing(3)
        column.addLayout(first)
        for part in (self.standing, self.limits, self.trouble):
            column.addWidget(part)

    def show_room(self, room: ChatRoom) -> None:
        """Show how a chat stands."""
        chat = room.chat
        self.title.setText(chat.title)
        set_label(self.state, state_text(chat), TONES[chat.state])
        where = f"In {room.elsewhere}  ·  " if room.elsewhere else ""
        self.standing.setText(f"{where}{standing(chat)}")
        self.standing.setToolTip(plain_tip(self.standing.text()))
        limits = chat.limits.text() if chat.limits is not None else ""
        self.limits.setText(f"Files: {limits}")
        self.limits.setVisible(bool(limits))
        why = trouble(chat)
        set_label(self.trouble, why, "error" if chat.state.value == "lost" else "warning")
        self.trouble.setVisible(bool(why))


class TroubleBar(QFrame):
    """Why a chat was not opened, with its exchange and a way to try again."""

    exchange_wanted = Signal(str)
    again_wanted = Signal()

    def __init__(self, desk: ChatDesk) -> None:
        super().__init__()
        self.setObjectName("chatTroubleBar")
        self._desk = desk
        self.text = named(label("", "error"), "chatOpenTrouble", "Why the chat was not opened")
        self.text.setWordWrap(True)
        self.show_button = QPushButton("Show the exchange")
        self.show_button.setObjectName("chatTroubleExchange")
        self.again = QPushButton("Try again …")
        self.again.setObjectName("chatTroubleAgain")
        self.away = icon_button("close", "Say it no more")
        self.away.setObjectName("chatTroubleClose")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 8, 6)
        row.addWidget(self.text, 1)
        for button in (self.show_button, self.again, self.away):
            row.addWidget(button)
        self.show_button.clicked.connect(lambda: self.exchange_wanted.emit(desk.trouble_exchange))
        self.again.clicked.connect(self.again_wanted)
        self.away.clicked.connect(desk.forget_trouble)
        self.hide()

    def refresh(self) -> None:
        """Show what the desk says."""
        self.text.setText(self._desk.trouble)
        self.show_button.setVisible(bool(self._desk.trouble_exchange))
        self.setVisible(bool(self._desk.trouble))


class FailedBar(QFrame):
    """Messages that were not sent: send them again, or give them up."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chatFailedBar")
        self.text = named(label("", "error"), "chatFailed", "Messages that were not sent")
        self.again = QPushButton("Send again")
        self.again.setObjectName("chatSendAgain")
        self.drop = QPushButton("Discard")
        self.drop.setObjectName("chatDiscard")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 5, 8, 5)
        row.addWidget(self.text, 1)
        row.addWidget(self.again)
        row.addWidget(self.drop)
        self.hide()

    def show_room(self, room: ChatRoom) -> None:
        """Show how many there are."""
        count = len(room.failed)
        said = "1 message was" if count == 1 else f"{count} messages were"
        self.text.setText(f"{said} not sent.")
        self.again.setEnabled(room.can_say)
        self.setVisible(count > 0)


class FilesBar(QWidget):
    """A row for each file that is under way, or that did not get there."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Files on their way")
        self._room: ChatRoom | None = None
        self._rows: dict[FileErrand, _FileRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.hide()

    def show_room(self, room: ChatRoom | None) -> None:
        """Show the files of a chat."""
        errands = room.errands if room is not None else []
        for errand in [one for one in self._rows if room is not self._room or one not in errands]:
            row = self._rows.pop(errand)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._room = room
        for errand in errands:
            if errand not in self._rows and room is not None:
                self._rows[errand] = row = _FileRow()
                row.button.clicked.connect(
                    lambda _=False, room=room, errand=errand: room.cancel(errand)
                )
                self._column.addWidget(row)
        for errand, row in self._rows.items():
            row.show_errand(errand)
        self.setVisible(bool(self._rows))
        if any(errand.task is not None for errand in self._rows):
            self._timer.start()
        else:
            self._timer.stop()

    def _look(self) -> None:
        for errand, row in self._rows.items():
            row.show_errand(errand)


class _FileRow(QFrame):
    """One file: what is done with it, how far it is, or why it was not done."""

    def __init__(self) -> None:
        super().__init__()
        self.text = named(label(""), "chatFileText", "File")
        self.text.setWordWrap(True)
        self.bar = named(QProgressBar(), "chatFileProgress", "Share that is done")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setFixedWidth(160)
        self.button: QToolButton = icon_button("close", "Cancel the file")
        self.button.setObjectName("chatFileCancel")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.addWidget(self.text, 1)
        row.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button)

    def show_errand(self, errand: FileErrand) -> None:
        """Show how far it is."""
        if errand.trouble:
            name = f"{errand.path.name}: " if errand.path is not None else ""
            set_label(self.text, f"{name}{errand.trouble}", "error")
            self.bar.hide()
            self.button.setToolTip("Say it no more")
            self.button.setAccessibleName("Say it no more")
            return
        said = errand.text
        if errand.transfer.under_way:
            progress = errand.transfer.look()
            done = share(progress)
            said = f"{errand.text}  {progress_text(progress)}"
            if done is not None:
                self.bar.setRange(0, _STEPS)
                self.bar.setValue(round(done * _STEPS))
        set_label(self.text, said, "muted")


class EmptyChats(QWidget):
    """What to do while there is no chat."""

    def __init__(self) -> None:
        super().__init__()
        text = label(
            "Chat with an agent as a customer's app does:\n"
            "open a chat, write, send files,\nand see who is there and who types.",
            "muted",
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton("New chat …")
        self.button.setObjectName("firstChatButton")
        self.button.setProperty("role", "primary")
        self.note: QLabel = named(label("", "muted"), "chatOpening", "What is under way")
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(text, 0, middle)
        column.addSpacing(8)
        column.addWidget(self.button, 0, middle)
        column.addWidget(self.note, 0, middle)
        column.addStretch(3)
