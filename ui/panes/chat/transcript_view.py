"""The transcript: bubbles in a list that stays at its end while a person reads there."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu

from gms_console.chat.types import ChatEntry, Delivery, EntryKind

from ...chat.room import ChatRoom
from ...chat.words import body, copied, spoken
from ...models.chat_model import ENTRY_ROLE, TranscriptModel
from ..common import named
from .bubbles import BubbleDelegate

_NEAR = 24
"""Pixels from the end within which a reader is taken to be there."""


class TranscriptView(QListView):
    """Shows the lines of one chat; lines that come out of sight are counted, not scrolled to.

    Its signals carry the line that a person wants something of.
    """

    exchange_wanted = Signal(object)
    save_wanted = Signal(object)
    delete_wanted = Signal(object)
    again_wanted = Signal(object)
    drop_wanted = Signal(object)
    new_lines = Signal(int)
    copied_text = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        named(self, "chatTranscript", "Transcript")
        self.lines = TranscriptModel(self)
        self.setModel(self.lines)
        self._delegate = BubbleDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(24)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.verticalScrollBar().valueChanged.connect(self._on_scroll)
        self._room: ChatRoom | None = None
        self._unseen = 0
        self._at_end = True
        self._menu: QMenu | None = None
        # A view lays itself out a moment after its lines have come.
        self._to_end = QTimer(self, singleShot=True, interval=0)
        self._to_end.timeout.connect(self.scrollToBottom)

    # --- what is shown -------------------------------------------------------------------------

    def show_room(self, room: ChatRoom | None) -> None:
        """Show a chat as it is now; another one from its end."""
        entries = room.chat.transcript.entries if room is not None else ()
        if room is not self._room:
            self._room = room
            self._at_end = True
            self.lines.show(entries)
            self._count(0)
            self._to_end.start()
        else:
            came = self.lines.refresh(entries)
            own_last = bool(entries) and entries[-1].delivery is Delivery.SENDING
            if self._at_end or (came and own_last):
                self._count(0)
                self._to_end.start()
            elif came:
                self._count(self._unseen + came)
        self.setAccessibleDescription(f"The last line: {spoken(entries[-1])}" if entries else "")

    @property
    def at_end(self) -> bool:
        """Whether the last line is in sight."""
        return self._at_end

    def go_to_end(self) -> None:
        """Show the last line, and stay there."""
        self._at_end = True
        self._count(0)
        self.scrollToBottom()

    def _count(self, unseen: int) -> None:
        if unseen != self._unseen:
            self._unseen = unseen
            self.new_lines.emit(unseen)

    def _on_scroll(self, value: int) -> None:
        if self._to_end.isActive():
            return
        self._at_end = value >= self.verticalScrollBar().maximum() - _NEAR
        if self._at_end:
            self._count(0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Wrap anew, and stay at the end."""
        if self._at_end:
            self._to_end.start()
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    # --- what is done with a line --------------------------------------------------------------

    def entry(self) -> ChatEntry | None:
        """Give the line that is current."""
        entry = self.currentIndex().data(ENTRY_ROLE)
        return entry if isinstance(entry, ChatEntry) else None

    def copy(self) -> None:
        """Copy the selected lines; of a single one only what it says."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        entries = [self.lines.entries[row] for row in rows]
        if not entries:
            return
        text = body(entries[0]) if len(entries) == 1 else "\n".join(map(copied, entries))
        QGuiApplication.clipboard().setText(text)
        lines = "1 line" if len(entries) == 1 else f"{len(entries)} lines"
        self.copied_text.emit(f"Copied {lines} of the chat.")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy by key; Enter does what a line is for: a file is saved, a failed one sent again."""
        entry = self.entry()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and entry is not None:
            self._do(entry)
        elif event.key() == Qt.Key.Key_Menu:
            self._open_menu(self.visualRect(self.currentIndex()).center())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Save a file, or open the text of a message."""
        entry = self.indexAt(event.position().toPoint()).data(ENTRY_ROLE)
        if isinstance(entry, ChatEntry) and entry.heard.kind is EntryKind.FILE:
            self.save_wanted.emit(entry)
        else:
            super().mouseDoubleClickEvent(event)

    def _do(self, entry: ChatEntry) -> None:
        if entry.heard.kind is EntryKind.FILE:
            self.save_wanted.emit(entry)
        elif entry.delivery is Delivery.FAILED:
            self.again_wanted.emit(entry)
        else:
            self.exchange_wanted.emit(entry)

    def _open_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        menu = self.make_menu(index.data(ENTRY_ROLE))
        menu.popup(self.viewport().mapToGlobal(place))

    def make_menu(self, entry: ChatEntry) -> QMenu:
        """Make the menu of a line; it is opened beside the loop, never in one of its own."""
        if self._menu is not None:
            self._menu.deleteLater()
        menu = self._menu = QMenu(self)
        menu.addAction("&Copy", self.copy)
        if entry.heard.kind is EntryKind.MESSAGE:
            menu.addAction("Select &text", lambda: self.edit(self.currentIndex()))
        show = menu.addAction("Show the &exchange", lambda: self.exchange_wanted.emit(entry))
        show.setEnabled(bool(entry.exchange_id))
        if entry.delivery is Delivery.FAILED:
            menu.addAction("Send &again", lambda: self.again_wanted.emit(entry))
            menu.addAction("&Discard", lambda: self.drop_wanted.emit(entry))
        if entry.heard.kind is EntryKind.FILE:
            menu.addSeparator()
            menu.addAction("&Save …", lambda: self.save_wanted.emit(entry))
            menu.addAction("&Delete from the chat", lambda: self.delete_wanted.emit(entry))
        return menu
