"""The push: the message that wakes the app, pasted or composed, and received by the phone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...console import Console
from ...theme import monospace
from ..common import exact_text, label, named, set_label


class PushPart(QWidget):
    """A text that is the push, and the button by which it comes.

    It is composed for the selected instance until a person writes another.
    """

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = console.phone
        self._composed = ""
        self._waiting = ""
        self._offered: object = None
        self.requests = named(QComboBox(), "pushRequestCombo", "Request that the push asks for")
        self.requests.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.requests.setMinimumContentsLength(9)
        self.edit = named(QPlainTextEdit(), "pushEdit", "Push message")
        self.edit.setFont(monospace())
        self.edit.setTabChangesFocus(True)
        self.edit.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.edit.setPlaceholderText('{"_id": "…", "_action": "…"}')
        self.edit.setMinimumHeight(90)
        self.edit.setMaximumHeight(120)
        self.paste = named(QPushButton("Paste"), "pushPaste", "Paste a push message")
        self.button = named(QPushButton("Receive push"), "pushButton", "Receive push")
        for button in (self.paste, self.button):
            button.setAutoDefault(True)
        self._lay_out()
        self.requests.activated.connect(lambda _: self._compose())
        self.paste.clicked.connect(self._paste)
        self.button.clicked.connect(self._receive)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        self.name = label("Push", "muted")
        self.name.setBuddy(self.requests)
        head.addWidget(self.name)
        head.addWidget(self.requests, 1)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.paste)
        row.addWidget(self.button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(self.edit, 1)
        column.addLayout(row)

    def tab_parts(self) -> tuple[QWidget, ...]:
        """Give what Tab goes through, in order."""
        return (self.requests, self.edit, self.paste, self.button)

    def show_push(self) -> None:
        """Compose the push anew for another instance, unless a person wrote one."""
        names = self._desk.pushes.requests() if self._desk.instance is not None else ()
        if (names, self._desk.instance) != self._offered:
            self._offered = (names, self._desk.instance)
            self._waiting = ""
            self.requests.clear()
            self.requests.addItems(list(names))
        self.requests.setEnabled(bool(names))
        self.button.setEnabled(not self._desk.handset.busy)
        if exact_text(self.edit) in {"", self._composed}:
            self._compose()
        self.show_waiting()

    def show_waiting(self) -> None:
        """Tell of a push that the simulator has for this phone, and compose it."""
        waiting = "" if self._desk.handset.busy else self._desk.pushes.waiting()
        set_label(self.name, "Push waiting" if waiting else "Push", "good" if waiting else "muted")
        if waiting == self._waiting:
            return
        self._waiting = waiting
        if not waiting or exact_text(self.edit) not in {"", self._composed}:
            return
        if self.requests.findText(waiting) < 0:
            self.requests.addItem(waiting)
        self.requests.setCurrentText(waiting)
        self._compose()

    def _compose(self) -> None:
        text = self._desk.pushes.text(self.requests.currentText())
        self._composed = text
        if text != exact_text(self.edit):
            self.edit.setPlainText(text)

    def _receive(self) -> None:
        """Receive the push; where that sends something, go on at the phone."""
        self._desk.pushes.receive(exact_text(self.edit))
        pane = self.parentWidget()
        if self._desk.handset.busy and pane is not None:
            pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _paste(self) -> None:
        self.edit.setPlainText(QGuiApplication.clipboard().text())
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
