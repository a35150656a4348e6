"""The dialog that opens a chat: by which API, on what, and who the customer is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.chat.types import ChatApi, ChatStart
from gms_console.chat.v1 import REQUEST_CHAT
from gms_console.instance import Instance
from gms_console.model.form import Form
from gms_console.model.form_text import FormTextError, form_from_text, form_to_text

from ...chat.desk import ChatDesk
from ..common import exact_text, label, named, set_look
from ..field_dialog import lay_out_fields

V2_SERVICE = "customer-support"

_PURPOSE = (
    "Opens a chat as a customer's app does. API v2 has a chat service of its own; "
    "API v1 chats on an instance."
)
_USER_DATA = "One row a line: key=value. They go along when the chat is opened."


class StartDialog(QDialog):
    """Fields of a ChatStart; it stays open, with the place marked, until they can be sent."""

    def __init__(self, desk: ChatDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("newChatDialog")
        self.setWindowTitle("New chat")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 500)
        self.api = named(QComboBox(), "chatApiCombo", "Chat API")
        self.api.addItem("API v2 (chat service)", ChatApi.V2)
        self.api.addItem("API v1 (on an instance)", ChatApi.V1)
        self.service = named(QLineEdit(), "chatServiceEdit", "Service")
        self.instance = named(QComboBox(), "chatInstanceCombo", "Instance")
        self.nickname = named(QLineEdit(), "chatNicknameEdit", "Nickname")
        self.first = named(QLineEdit(), "chatFirstNameEdit", "First name")
        self.last = named(QLineEdit(), "chatLastNameEdit", "Last name")
        self.subject = named(QLineEdit(), "chatSubjectEdit", "Subject")
        self.email = named(QLineEdit(), "chatEmailEdit", "Email")
        self.user_data = named(QPlainTextEdit(), "chatUserData", "User data, one row a line")
        self.user_data.setPlaceholderText(_USER_DATA)
        self.user_data.setTabChangesFocus(True)
        self.user_data.setFixedHeight(self.fontMetrics().lineSpacing() * 4 + 16)
        self.error = named(label("", "error"), "chatStartError", "Problem")
        self.error.setWordWrap(True)
        self.error.hide()
        self._fill()
        self._lay_out()
        self.api.currentIndexChanged.connect(self._show_api)
        for edit in (self.service, self.nickname, self.first, self.last):
            edit.textChanged.connect(self._forget_error)
        self.user_data.textChanged.connect(self._forget_error)
        self._show_api()
        self.nickname.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        names = QWidget()
        row = QHBoxLayout(names)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.first)
        row.addWidget(self.last)
        self.first.setPlaceholderText("First")
        self.last.setPlaceholderText("Last")
        ok = QPushButton("&Open the chat")
        ok.setObjectName("openChatButton")
        fields = (
            ("API", self.api),
            ("Service", self.service),
            ("On", self.instance),
            ("Nickname", self.nickname),
            ("or name", names),
            ("Subject", self.subject),
            ("Email", self.email),
            ("User data", self.user_data),
        )
        lay_out_fields(self, _PURPOSE, fields, ok)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.count() - 1, self.error)

    def _fill(self) -> None:
        """Fill in what was asked for the last time, so that a refusal costs no typing."""
        self.instance.addItem("a new instance", None)
        for one in reversed(self._desk.instances()):
            self.instance.addItem(f"{one.service or 'instance'}  {one.id}", one)
        last = self._desk.last
        if last is None:
            return
        self.api.setCurrentIndex(self.api.findData(last.api))
        self.service.setText(last.service)
        for edit, text in (
            (self.nickname, last.nickname),
            (self.first, last.first_name),
            (self.last, last.last_name),
            (self.subject, last.subject),
            (self.email, last.email),
        ):
            edit.setText(text)
        self.user_data.setPlainText(form_to_text(last.user_data))

    def _show_api(self) -> None:
        """Show what the API needs; a name that was typed stays."""
        v1 = self.api.currentData() == ChatApi.V1
        usual = REQUEST_CHAT if v1 else V2_SERVICE
        if self.service.text() in {"", REQUEST_CHAT, V2_SERVICE}:
            self.service.setText(usual)
        self.instance.setEnabled(v1)
        self._forget_error()

    def start(self) -> ChatStart:
        """Give what is filled in. Raises FormTextError."""
        return ChatStart(
            api=ChatApi(self.api.currentData()),
            service=self.service.text().strip(),
            nickname=self.nickname.text().strip(),
            first_name=self.first.text().strip(),
            last_name=self.last.text().strip(),
            subject=self.subject.text(),
            email=self.email.text().strip(),
            user_data=_text_rows(form_from_text(exact_text(self.user_data))),
        )

    def accept(self) -> None:
        """Open the chat, or say what stands against it."""
        try:
            start = self.start()
        except FormTextError as error:
            self._mark(self.user_data, f"User data: {error}")
            return
        if not start.service:
            self._mark(self.service, "The service has no name.")
            return
        v1 = start.api is ChatApi.V1
        instance = self.instance.currentData() if v1 else None
        self._desk.start(start, instance if isinstance(instance, Instance) else None)
        super().accept()

    def _mark(self, field: QWidget, text: str) -> None:
        self.error.setText(text)
        self.error.show()
        set_look(self.service, "invalid", field is self.service)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget_error(self) -> None:
        self.error.hide()
        set_look(self.service, "invalid", value=False)


def _text_rows(form: Form) -> Form:
    """Refuse files: they are no user data. Raises FormTextError."""
    for place, row in enumerate(form, start=1):
        if row.is_file:
            raise FormTextError(place, "a file", "key=value; files are sent from the chat")
    return Form(tuple(row for row in form if row.enabled))
