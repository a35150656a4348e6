"""The value of a key: as text, as a picture, or its first bytes in hexadecimal."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QStackedWidget, QWidget

from gms_console.sizes import size_text
from gms_console.storing.reading import (
    HEX_SHOWN,
    ValueKind,
    hex_text,
    map_part,
    value_kind,
    value_part,
)

from ...storage_desk import StorageDesk
from ...theme import monospace
from ..answer.picture_view import PictureView
from ..common import Pane, give_way, label, named, set_label
from ..environment.questions import ask

if TYPE_CHECKING:
    from gms_console.first_part import FirstPart
    from gms_console.model.exchange import Response

    from ...console import Console
    from ...models.stored_keys import StoredKeyModel
    from ...picture import Picture

_FILE_NAME = re.compile(r"\S[^/\\\n]{0,90}\.\w{1,5}")
_NO_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_WRAPPED = QPlainTextEdit.LineWrapMode.WidgetWidth
_AS_IT_IS = QPlainTextEdit.LineWrapMode.NoWrap
NOTHING = "Choose a key: its value stands here. Nothing is sent until you read it."


class ValueView(Pane):
    """Shows the chosen key; reads it as text or as a file, and saves what was read."""

    def __init__(self, console: Console, desk: StorageDesk, keys: StoredKeyModel) -> None:
        super().__init__("Value")
        self._console = console
        self._desk = desk
        self._keys = keys
        self._dialog: QWidget | None = None
        self.about = named(label("", "muted"), "storageValueLabel", "What the value is")
        give_way(self.about)
        self.error = named(label("", "error"), "storageValueError", "Why it was not read")
        self.error.setWordWrap(True)
        self.text = named(QPlainTextEdit(), "storageValueText", "Value of the key")
        self.text.setReadOnly(True)
        self.text.setFont(monospace())
        self.text.setPlaceholderText(NOTHING)
        self.picture = PictureView()
        named(self.picture, "storageValuePicture", "Picture in the value")
        self.stack = QStackedWidget()
        self._make_buttons()
        self._lay_out()
        desk.value_changed.connect(self.refresh)
        desk.asker.changed.connect(self._show_buttons)
        desk.refused.connect(self._on_refused)
        self.refresh()

    def _make_buttons(self) -> None:
        self.read_button = named(QPushButton("Read &key"), "storageReadKeyButton", "Read the key")
        self.read_button.setToolTip("Read this key alone, as text (Enter in the table)")
        self.bytes_button = named(
            QPushButton("Read as &file"), "storageReadBytesButton", "Read the key as a file"
        )
        self.bytes_button.setToolTip("Read the bytes of this key as they were sent (Ctrl+B)")
        self.save_button = named(QPushButton("Save …"), "storageSaveButton", "Save the value")
        self.save_button.setToolTip("Save what was read into a file (Ctrl+S)")
        self.delete_button = named(
            QPushButton("Delete key"), "storageDeleteKeyButton", "Delete the key"
        )
        self.read_button.clicked.connect(lambda: self._desk.read_key(binary=False))
        self.bytes_button.clicked.connect(lambda: self._desk.read_key(binary=True))
        self.save_button.clicked.connect(self.ask_where)
        self.delete_button.clicked.connect(self.ask_to_delete)

    def _lay_out(self) -> None:
        self.head.addWidget(self.about, 1)
        self.stack.addWidget(self.text)
        self.stack.addWidget(self.picture)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in (self.read_button, self.bytes_button, self.save_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.delete_button)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.error)
        self.body.addLayout(row)
        self.error.hide()

    def refresh(self) -> None:
        """Show the chosen key: what was read of it, else what the map of all keys has."""
        self.error.hide()
        known = self._keys.key(self._keys.row_of(self._desk.key))
        value = self._desk.value
        if value is not None:
            self._show_value(value)
        elif known is not None:
            words = [known.key, "from the map of all keys", *self._show_part(map_part(known))]
            set_label(self.about, " · ".join(words), "muted")
        else:
            self._show_text("")
            set_label(self.about, "", "muted")
        self._show_buttons()

    def _show_value(self, value: Response) -> None:
        kind = value_kind(value)
        announced = value.header("content-type") or "no type"
        words = [self._desk.key, announced, size_text(value.size)]
        if kind is not ValueKind.PICTURE:
            if kind is ValueKind.TEXT:
                words += self._show_part(value_part(value))
            else:
                self._show_text(hex_text(value.body), _AS_IT_IS)
                words += ["first bytes shown"] if value.size > HEX_SHOWN else []
        else:
            work = self._read_picture(value)
            self._console.session.tasks.start(work, name="read the picture", owner=self._desk)
        set_label(self.about, " · ".join(words), "muted")

    def _show_part(self, part: FirstPart) -> list[str]:
        """Show a text; give the words for what of it is not shown."""
        self._show_text(part.text)
        return [] if part.whole else [f"first {part.extent} shown"]

    def _show_text(self, text: str, wrap: QPlainTextEdit.LineWrapMode = _WRAPPED) -> None:
        self.stack.setCurrentWidget(self.text)
        self.text.setLineWrapMode(wrap)
        self.text.setPlainText(text)

    async def _read_picture(self, value: Response) -> None:
        from ...picture import PictureError  # noqa: PLC0415 - not before there is one

        picture: Picture | None = None
        problem = ""
        try:
            picture = await _picture(value)
        except PictureError as error:
            problem = str(error)
        except OSError as error:
            problem = error.strerror or str(error)
        if self._desk.value is not value:
            return
        if picture is None:
            self._show_text(hex_text(value.body), _AS_IT_IS)
            self._on_refused("value", problem)
            return
        self.picture.show_picture(picture)
        self.stack.setCurrentWidget(self.picture)
        size = f"{picture.size.width()} × {picture.size.height()}"
        set_label(self.about, f"{self.about.text()} · {size}", "muted")

    def _on_refused(self, field: str, text: str) -> None:
        if field == "value":
            self.error.setText(text)
            self.error.show()

    def _show_buttons(self) -> None:
        known, chosen = self._desk.open, bool(self._desk.key)
        free = chosen and known is not None and not self._desk.asker.busy
        self.read_button.setEnabled(free)
        self.bytes_button.setEnabled(free)
        self.save_button.setEnabled(self._desk.value is not None)
        of_service = known is not None and known.store.of_service
        self.delete_button.setEnabled(free and of_service)
        self.delete_button.setToolTip(
            "Delete this key …"
            if of_service
            else "GMS deletes a storage with all its keys; single keys only of a service's data"
        )

    def ask_where(self) -> None:
        """Ask where the value is to be saved."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        if self._desk.value is None:
            self._console.message.emit("Read a key first; what was read is saved.")
            return
        dialog = QFileDialog(self, "Save the value")
        dialog.setObjectName("saveValueDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(self._proposed())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self._desk.save_value(Path(chosen)))
        self._dialog = dialog
        dialog.open()

    def _proposed(self) -> str:
        """Propose the name of the file that was stored, else one made of the key."""
        known = self._keys.key(self._keys.row_of(self._desk.key))
        stored = known.value if known is not None else ""
        name = stored if _FILE_NAME.fullmatch(stored) else self._desk.key
        return _NO_NAME.sub("_", name).strip(". ") or "value"

    def ask_to_delete(self) -> None:
        """Ask, and delete the chosen key of a service's data."""
        known, key = self._desk.open, self._desk.key
        if known is None or not key or not known.store.of_service:
            return

        def delete() -> None:
            if self._desk.open == known and self._desk.key == key:
                self._desk.delete_key()

        box = ask(
            self,
            "deleteKeyQuestion",
            f"Delete the key {key}?",
            f"It is deleted from the data of {known.store.id} at {known.place.title}, "
            "and cannot be brought back.",
            [
                ("&Keep it", "keepKeyButton", None),
                ("&Delete key", "deleteKeyButton", delete),
            ],
        )
        box.setWindowTitle("Storage")
        self._dialog = box


async def _picture(value: Response) -> Picture:
    from ...picture import read_picture  # noqa: PLC0415 - not before there is one

    path = value.stored.path if value.stored is not None else None
    return await asyncio.to_thread(read_picture, value.body, path)
