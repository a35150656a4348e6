"""One chat: its head, its transcript, who types, and the line to write in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gms_console.chat.types import ChatEntry

from ...chat.room import ChatRoom
from ...chat.words import typing
from ..common import icon_button, label, named
from .bars import ChatHead, FailedBar, FilesBar
from .input_line import InputLine
from .transcript_view import TranscriptView


class RoomView(QWidget):
    """Shows the selected chat, and hands on what a person does in it."""

    attach_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._room: ChatRoom | None = None
        self.head = ChatHead()
        self.transcript = TranscriptView()
        self.failed = FailedBar()
        self.files = FilesBar()
        self.typing = named(label("", "muted"), "chatTyping", "Who types")
        self.new_button: QToolButton = icon_button("down", "Go to the last line", "New messages")
        named(self.new_button, "chatNewMessages", "New messages")
        self.new_button.setProperty("role", "chip")
        self.new_button.hide()
        self.input = InputLine()
        self.attach: QToolButton = icon_button("attach", "Attach a file (Ctrl+Shift+A)")
        self.attach.setObjectName("chatAttach")
        self.send = QPushButton("Send")
        self.send.setObjectName("chatSend")
        self.send.setProperty("role", "primary")
        self._lay_out()
        self.transcript.new_lines.connect(self._show_new)
        self.transcript.again_wanted.connect(lambda entry: self._again((entry.key,)))
        self.transcript.drop_wanted.connect(lambda entry: self._discard((entry.key,)))
        self.transcript.delete_wanted.connect(self._delete)
        self.new_button.clicked.connect(self.transcript.go_to_end)
        self.input.send_wanted.connect(self.say)
        self.input.typed.connect(self._typed)
        self.input.files_dropped.connect(self._drop)
        self.send.clicked.connect(self.say)
        self.attach.clicked.connect(self.attach_wanted)
        self.failed.again.clicked.connect(lambda: self._again(None))
        self.failed.drop.clicked.connect(lambda: self._discard(None))

    def _lay_out(self) -> None:
        said = QHBoxLayout()
        said.addWidget(self.typing, 1)
        said.addWidget(self.new_button)
        writing = QHBoxLayout()
        writing.setSpacing(8)
        writing.addWidget(self.attach)
        writing.addWidget(self.input, 1)
        writing.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.head)
        column.addWidget(self.transcript, 1)
        column.addLayout(said)
        column.addWidget(self.files)
        column.addWidget(self.failed)
        column.addLayout(writing)
        # A line for who types is kept free, so that nothing jumps when somebody does.
        self.typing.setMinimumHeight(self.new_button.sizeHint().height())

    # --- showing -------------------------------------------------------------------------------

    def show_room(self, room: ChatRoom) -> None:
        """Show a chat as it is now."""
        other = room is not self._room
        self._room = room
        self.head.show_room(room)
        self.transcript.show_room(room)
        self.failed.show_room(room)
        self.files.show_room(room)
        self.typing.setText(typing(room.chat))
        if other or not self.input.hasFocus():
            self.input.load(room.draft)
        self.input.setReadOnly(not room.can_say)
        self.send.setEnabled(room.can_say)
        has_files = room.chat.files is not None
        self.attach.setEnabled(has_files and room.can_say)
        why = "Attach a file (Ctrl+Shift+A)" if has_files else "Chat API v1 has no files"
        self.attach.setToolTip(why)

    def _show_new(self, count: int) -> None:
        said = "1 new message" if count == 1 else f"{count:,} new messages"
        self.new_button.setText(said)
        self.new_button.setAccessibleName(said)
        self.new_button.setVisible(count > 0)

    # --- doing ---------------------------------------------------------------------------------

    def say(self) -> None:
        """Send what is typed."""
        if self._room is not None and self._room.say(self.input.text()):
            self.input.load("")
            self.transcript.go_to_end()

    def _typed(self, text: str) -> None:
        if self._room is not None:
            self._room.typed(text)

    def _again(self, keys: tuple[int, ...] | None) -> None:
        """Send again what was not sent: these messages, or all."""
        if self._room is not None and self._room.can_say:
            self._room.say_again(self._room.failed if keys is None else keys)

    def _discard(self, keys: tuple[int, ...] | None) -> None:
        if self._room is not None:
            self._room.drop_failed(self._room.failed if keys is None else keys)

    def _delete(self, entry: ChatEntry) -> None:
        if self._room is not None and entry.heard.file is not None:
            self._room.delete(entry.heard.file)

    def _drop(self, paths: list[str]) -> None:
        if self._room is not None:
            for path in paths:
                self._room.attach(Path(path))
