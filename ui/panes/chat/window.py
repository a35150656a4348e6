"""The window of chats: those that are open on the left, the conversation on the right."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QMessageBox,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from gms_console.chat.line import EVERY
from gms_console.chat.types import ChatEntry
from gms_console.instance import Instance
from gms_console.model.exchange import Exchange

from ...actions import ActionSpec, keys_text
from ...chat.desk import ChatDesk
from ...chat.room import ChatRoom
from ...chat.words import file_to_save
from ...console import Console
from ...icons import icon
from ..common import Pane, label, named
from ..tool_window import ToolWindow
from .bars import EmptyChats, TroubleBar
from .room_list import RoomList
from .room_view import RoomView
from .start_dialog import StartDialog

_ON_BAR = {
    "newChat": "add",
    "attachToChat": "attach",
    "refreshChat": "recent",
    "endChat": "stop",
    "closeChat": "close",
}


class ChatWindow(ToolWindow):
    """Chats as bubbles; `desk` holds them, and goes on when the window is closed."""

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(console, parent, "chat", "Chat")
        self.desk = ChatDesk(console, self)
        self.list = RoomList(self.desk)
        self.view = RoomView()
        self.empty = EmptyChats()
        self.trouble = TroubleBar(self.desk)
        self.every = QDoubleSpinBox()
        self.typing_box = QCheckBox("Tell that I t&ype")
        self._dialog: QWidget | None = None
        self.use_actions(self._specs(), tuple(_ON_BAR))
        self._dress_bar()
        self._lay_out()
        self._connect()
        self._show_all()

    def _specs(self) -> tuple[ActionSpec, ...]:
        spec, chat, view = ActionSpec, "&Chat", "&Go"
        return (
            spec("newChat", chat, "&New chat …", ("Ctrl+N",), self.new_chat),
            spec("attachToChat", chat, "&Attach a file …", ("Ctrl+Shift+A",), self.attach),
            spec("chatLimits", chat, "Ask for the &limits of files", ("Ctrl+L",), self.ask_limits),
            spec("refreshChat", chat, "&Refresh now", ("F5", "Ctrl+R"), self.refresh),
            spec("endChat", chat, "&End the chat", ("Ctrl+E",), self.end_chat),
            spec("closeChat", chat, "&Close it here …", ("Ctrl+W",), self.close_chat),
            spec("chatToList", view, "To the &chats", ("Alt+1",), self.list.setFocus),
            spec(
                "chatToLines", view, "To the &transcript", ("Alt+2",), self.view.transcript.setFocus
            ),
            spec("chatToInput", view, "To the &message", ("Alt+3",), self.view.input.setFocus),
            spec("nextChat", view, "&Next chat", ("Ctrl+PgDown",), lambda: self._step(1)),
            spec("previousChat", view, "&Previous chat", ("Ctrl+PgUp",), lambda: self._step(-1)),
            spec(
                "lastLine", view, "To the &last line", ("Ctrl+End",), self.view.transcript.go_to_end
            ),
        )

    def _dress_bar(self) -> None:
        for name, picture in _ON_BAR.items():
            action = self.actions_by_name[name]
            action.setIcon(icon(picture))
            action.setToolTip(f"{action.text().replace('&', '')} ({keys_text(action)})")

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw icons in the colours that are in force now."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "desk"):
            self._dress_bar()

    def _lay_out(self) -> None:
        named(self.every, "chatEverySpin", "Seconds between two refreshes")
        self.every.setRange(0.2, 60.0)
        self.every.setSingleStep(0.5)
        self.every.setDecimals(1)
        self.every.setSuffix(" s")
        self.every.setValue(EVERY)
        named(self.typing_box, "chatTellTyping", "Tell the agent that the customer types")
        self.typing_box.setChecked(True)
        caption: QLabel = label("Refresh every", "muted")
        caption.setBuddy(self.every)
        self.bar.addSeparator()
        for part in (caption, self.every, self.typing_box):
            self.bar.addWidget(part)
        left, right = Pane("Chats"), Pane("")
        left.body.addWidget(self.list, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.view)
        right.body.addWidget(self.stack, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([280, 820])
        self.column.addWidget(self.trouble)
        self.column.addWidget(splitter, 1)

    def _connect(self) -> None:
        desk, view = self.desk, self.view
        desk.listed.connect(self._show_all)
        desk.changed.connect(self._on_room)
        self.console.environment_changed.connect(self._show_all)
        self.empty.button.clicked.connect(self.new_chat)
        self.trouble.again_wanted.connect(self.new_chat)
        self.trouble.exchange_wanted.connect(self._show_exchange)
        view.attach_wanted.connect(self.attach)
        view.transcript.exchange_wanted.connect(lambda one: self._show_exchange(one.exchange_id))
        view.transcript.save_wanted.connect(self.save_file)
        view.transcript.copied_text.connect(self.console.message)
        view.transcript.new_lines.connect(lambda _: self._note_seen())
        self.every.valueChanged.connect(self._set_every)
        self.typing_box.toggled.connect(self._set_typing)

    # --- showing -------------------------------------------------------------------------------

    def _show_all(self) -> None:
        room = self.desk.selected
        if room is not None:
            room.line.every, room.tells_typing = self.every.value(), self.typing_box.isChecked()
            self.view.show_room(room)
        shown = self.empty if room is None else self.view
        other = self.stack.currentWidget() is not shown
        self.stack.setCurrentWidget(shown)
        if other and self.isActiveWindow():
            self._focus()  # the keyboard was in what is hidden now
        self.empty.note.setText(f"{self.desk.opening} …" if self.desk.opening else "")
        self.trouble.refresh()
        self._note_seen()
        self.list.show_rooms()
        self._show_actions()

    def _on_room(self, room: ChatRoom) -> None:
        """Show what happened in a chat; one that is not in sight counts its lines."""
        if room is self.desk.selected:
            self.view.show_room(room)
            self._note_seen()
            self._show_actions()
        else:
            room.unread = max(0, _of_others(room) - room.seen)
        self.list.rooms.refresh()

    def _note_seen(self) -> None:
        """Take what is in sight as read."""
        room = self.desk.selected
        if room is None:
            return
        if self.isVisible() and self.view.transcript.at_end:
            room.seen = _of_others(room)
        room.unread = max(0, _of_others(room) - room.seen)

    def _show_actions(self) -> None:
        room = self.desk.selected
        talks = room is not None and room.can_say
        has_files = room is not None and room.chat.files is not None
        for name, enabled in {
            "attachToChat": talks and has_files,
            "chatLimits": talks and has_files,
            "refreshChat": room is not None and not room.chat.over,
            "endChat": talks,
            "closeChat": room is not None,
        }.items():
            self.actions_by_name[name].setEnabled(enabled)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take what is in sight as read."""
        super().showEvent(event)
        self._show_all()
        self._focus()

    def _focus(self) -> None:
        place = self.view.input if self.desk.selected is not None else self.empty.button
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_exchange(self, exchange_id: str) -> None:
        """Show an exchange in the main window, in front."""
        self.console.show_exchange(exchange_id)
        main = self.parentWidget()
        if main is not None:
            main.raise_()
            main.activateWindow()

    # --- doing ---------------------------------------------------------------------------------

    def new_chat(self) -> None:
        """Ask for what a chat begins with."""
        dialog = StartDialog(self.desk, self)
        dialog.accepted.connect(self.view.input.setFocus)
        dialog.open()

    def open_on(self, instance: Instance, exchange: Exchange | None) -> None:
        """Show the chat of an instance that was opened elsewhere in the console."""
        self.desk.open_on(instance, exchange)
        self.view.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def attach(self) -> None:
        """Ask for files to send; the limits are asked for first."""
        room = self.desk.selected
        if room is None or not room.can_say or room.chat.files is None:
            return
        room.ask_limits()
        dialog = QFileDialog(self, "Send files")
        dialog.setObjectName("chatAttachDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda paths: room.attach_all([Path(one) for one in paths]))
        dialog.open()

    def ask_limits(self) -> None:
        """Ask for the limits of files."""
        if self.desk.selected is not None:
            self.desk.selected.ask_limits()

    def save_file(self, entry: ChatEntry) -> None:
        """Ask where a file of the chat is to be saved."""
        room, file = self.desk.selected, entry.heard.file
        if room is None or file is None:
            return
        dialog = QFileDialog(self, "Save the file")
        dialog.setObjectName("chatSaveDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile(file_to_save(file.name))
        dialog.fileSelected.connect(lambda path: room.save(file, Path(path)))
        dialog.open()

    def refresh(self) -> None:
        """Ask at once for what is new."""
        if self.desk.selected is not None:
            self.desk.selected.refresh()

    def end_chat(self) -> None:
        """End the selected chat."""
        if self.desk.selected is not None and self.desk.selected.can_say:
            self.desk.selected.end()

    def close_chat(self) -> None:
        """Take the selected chat away; one that has not ended asks first."""
        room = self.desk.selected
        if room is None:
            return
        if room.chat.over or not room.running:
            self.desk.close(room)
            return
        box = QMessageBox(self)
        box.setObjectName("closeChatDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Close the chat")
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"The chat of {room.chat.title} has not ended.")
        box.setInformativeText("Closed here, it goes on for the agent until GMS gives it up.")
        # A box holds its buttons by a parent alone.
        end, close = QPushButton("&End it", box), QPushButton("&Only close it here", box)
        stay = QPushButton("&Keep it open", box)
        for button, name in ((end, "closeEnd"), (close, "closeOnly"), (stay, "closeStay")):
            button.setObjectName(name)
            box.addButton(button, QMessageBox.ButtonRole.ActionRole)
        box.setDefaultButton(end)
        box.setEscapeButton(stay)

        def answered(_: int) -> None:
            if box.clickedButton() is end:
                room.end()
            elif box.clickedButton() is close:
                self.desk.close(room)

        box.finished.connect(answered)
        box.open()

    def _step(self, by: int) -> None:
        rooms, selected = self.desk.rooms, self.desk.selected
        if rooms and selected is not None:
            self.desk.select(rooms[(rooms.index(selected) + by) % len(rooms)])

    def _set_every(self, seconds: float) -> None:
        for room in self.desk.rooms:
            room.line.every = seconds

    def _set_typing(self, on: bool) -> None:
        for room in self.desk.rooms:
            room.tells_typing = on
            if not on:
                room.stop_typing()


def _of_others(room: ChatRoom) -> int:
    return sum(1 for entry in room.chat.transcript.entries if not entry.own)
