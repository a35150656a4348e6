"""The panel of one callback: every key of its record, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidget, QTreeWidgetItem

from gms_console.callbacks.record import CallbackRecord

from ...models.callback_model import desired_text
from ...tips import plain_tip
from ..common import Pane, label, named, prepare_rows
from .parts import TreeHint

_NOTHING = "Choose a callback in the list to see all keys of its record."


class DetailsPane(Pane):
    """Shows the record at hand; a key that is selected stays so while the record changes."""

    opened = Signal(object)
    copied = Signal(object)

    def __init__(self) -> None:
        super().__init__("Callback")
        self.record: CallbackRecord | None = None
        self.when_label = named(label("", "muted"), "callbackWhenLabel", "Desired time")
        self.when_label.setWordWrap(True)
        self.tree = named(QTreeWidget(), "callbackKeys", "Keys of the record")
        prepare_rows(self.tree, ("Key", "Value"), 1)
        self._fit()
        self.live_button = named(
            QPushButton("Open as li&ve service"), "callbackLiveButton", "Open as live service"
        )
        self.live_button.setToolTip(
            "Puts it among the live services of the main window: phone, timeline and polls follow"
        )
        self.copy_button = named(QPushButton("Copy as &JSON"), "callbackCopyButton", "Copy as JSON")
        for button in (self.live_button, self.copy_button):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.live_button)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        self.body.addWidget(self.when_label)
        self.body.addWidget(self.tree, 1)
        self.body.addLayout(row)
        self._hint = TreeHint(self.tree, _NOTHING, below=30)
        self.live_button.clicked.connect(lambda: self.opened.emit(self.record))
        self.copy_button.clicked.connect(lambda: self.copied.emit(self.record))
        self.show_record(None)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Give the keys room in another size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "tree"):
            self._fit()

    def _fit(self) -> None:
        self.tree.setColumnWidth(0, self.fontMetrics().horizontalAdvance("0") * 20)

    def show_record(self, record: CallbackRecord | None) -> None:
        """Show a callback; None for none."""
        fields = record.fields if record is not None else ()
        for place, (key, value) in enumerate(fields):
            item = self.tree.topLevelItem(place)
            if item is None:
                item = QTreeWidgetItem()
                self.tree.addTopLevelItem(item)
            for column, text in enumerate((key, value)):
                item.setText(column, text)
                item.setToolTip(column, plain_tip(text))
        while self.tree.topLevelItemCount() > len(fields):
            self.tree.takeTopLevelItem(self.tree.topLevelItemCount() - 1)
        self._hint.refresh()
        self.record = record
        self.when_label.setVisible(record is not None and bool(record.desired))
        if record is not None:
            self.when_label.setText(f"To be called back {desired_text(record)}")
        for button in (self.live_button, self.copy_button):
            button.setEnabled(record is not None)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
