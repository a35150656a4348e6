"""The screens: one card of widgets for each kind of Dialog."""

from __future__ import annotations

from urllib.parse import quote

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gms_console.model.dialog import (
    AccessDialog,
    ChatAnswer,
    Confirmation,
    DialNumber,
    Dialog,
    DisplayMenu,
    FailedDialog,
    PageDialog,
    StartChat,
    UnreadDialog,
)
from gms_console.phone import FollowUp
from gms_console.trail import Screen

from ..common import named
from .page_browser import PageBrowser
from .parts import Countdown, PhoneButton, QrCode, Text
from .source import PhoneHolder
from .words import KEPT_BACK

NO_ADDRESS = "The answer gives no address to send"


class Card(QWidget):
    """What stands on a screen. `first` takes the focus; `choices` are the entries of a menu."""

    def __init__(self, console: PhoneHolder) -> None:
        super().__init__()
        self.console = console
        self.first: QWidget | None = None
        self.choices: list[PhoneButton] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 10, 14, 12)
        self.column.setSpacing(8)

    def say(self, text: str) -> str:
        """Give a text as it may be read here."""
        return self.console.phone.say(text)

    def heading(self, text: str, *, centred: bool = False) -> None:
        """Add a headline, where there are words for one."""
        if text:
            self.column.addWidget(Text(self.say(text), scale=1.25, bold=True, centred=centred))

    def add_text(self, text: str, role: str = "", *, centred: bool = False) -> None:
        """Add a text, where there is one."""
        if text:
            self.column.addWidget(Text(self.say(text), role, centred=centred))

    def add_bubble(self, text: str) -> None:
        """Add a message as phones show one."""
        bubble = QFrame()
        bubble.setObjectName("phoneBubble")
        column = QVBoxLayout(bubble)
        column.setContentsMargins(12, 8, 12, 9)
        column.addWidget(Text(self.say(text)))
        self.column.addWidget(bubble)

    def add_button(self, button: PhoneButton) -> PhoneButton:
        """Add a button; the first one that can be pressed takes the focus."""
        self.column.addWidget(button)
        if self.first is None and button.isEnabled():
            self.first = button
        return button

    def show_waiting(self, place: int) -> None:
        """Mark the choice whose answer is awaited; 0 for none."""
        for button in self.choices:
            button.show_waiting(waiting=bool(place) and button.place == place)


def empty_card(console: PhoneHolder) -> Card:
    """Say what there is to do next."""
    card = Card(console)
    heading, text = console.phone.nothing
    card.column.addStretch(2)
    card.heading(heading, centred=True)
    card.add_text(text, "muted", centred=True)
    card.column.addStretch(3)
    return card


def screen_card(console: PhoneHolder, screen: Screen) -> Card:
    """Make the card of a screen."""
    card = Card(console)
    dialog: Dialog = screen.dialog
    match dialog:
        case DialNumber():
            _dial(card, dialog, screen.number)
        case AccessDialog():
            _access(card, dialog, screen.number)
        case DisplayMenu():
            _menu(card, dialog)
        case Confirmation():
            _confirmation(card, dialog)
        case StartChat():
            _start_chat(card, dialog)
        case ChatAnswer():
            _chat(card, dialog)
        case PageDialog():
            _page(card, dialog)
        case FailedDialog():
            _failed(card, dialog)
        case UnreadDialog():
            _unread(card, dialog)
    return card


# --- numbers to call ---------------------------------------------------------------------------


def _dial(card: Card, dialog: DialNumber, screen: int) -> None:
    card.heading(dialog.label or "Call this number", centred=True)
    if not dialog.number:
        wrong = f"“{dialog.tel_url}”" if dialog.tel_url else "The answer has no _tel_url; it"
        card.add_text(f"{wrong} is no number to dial.", "warning", centred=True)
    _number_part(card, dialog.number, dialog.code, screen)
    _qr_part(card, dialog.tel_url.strip() if dialog.number else "")


def _access(card: Card, dialog: AccessDialog, screen: int) -> None:
    number, code = dialog.access.number or "", dialog.access.code or ""
    card.heading("Call this number" if number else "Access code", centred=True)
    _number_part(card, number, code, screen)
    _qr_part(card, f"tel:{quote(number.replace(' ', ''), safe='+*-.()')}" if number else "")


def _number_part(card: Card, number: str, code: str, screen: int) -> None:
    phone = card.console.phone
    card.column.addStretch(1)
    if number:
        card.column.addWidget(Text(card.say(number), scale=1.7, bold=True, centred=True))
    if code:
        card.column.addWidget(Text(f"Code {card.say(code)}", scale=1.25, centred=True))
    card.column.addWidget(Countdown(lambda: phone.expires(screen), card))
    row = QHBoxLayout()
    row.setSpacing(8)
    for value, name, text in (
        (number, "phoneCopyNumber", "Copy number"),
        (code, "phoneCopyCode", "Copy code"),
    ):
        if value and not phone.hidden:
            button = PhoneButton(text, name)
            button.clicked.connect(lambda _=False, v=value: _copy(card.console, v))
            row.addWidget(button)
            card.first = card.first or button
    card.column.addLayout(row)


def _qr_part(card: Card, address: str) -> None:
    code = QrCode(address) if address and not card.console.phone.hidden else None
    if code is not None and code.matrix:
        card.column.addWidget(code, 4, Qt.AlignmentFlag.AlignHCenter)
        card.add_text("Scan it to call from a real phone", "muted", centred=True)
    card.column.addStretch(1)


def _copy(console: PhoneHolder, value: str) -> None:
    QGuiApplication.clipboard().setText(value)
    console.message.emit(f"Copied: {value}")


_MOST_ENTRIES = 100

# --- choices -----------------------------------------------------------------------------------


def _menu(card: Card, dialog: DisplayMenu) -> None:
    card.heading(dialog.label)
    place = 0
    for group in dialog.groups:
        card.add_text(group.name, "muted")
        for item in group.items:
            if place == _MOST_ENTRIES:
                card.add_text(f"Only the first {_MOST_ENTRIES} entries are shown.", "warning")
                return
            place += 1
            button = PhoneButton(
                card.say(item.label),
                f"phoneItem{place}",
                "item",
                place=place,
                reason="" if item.url else NO_ADDRESS,
            )
            button.clicked.connect(
                lambda _=False, one=item, at=place: card.console.phone.choose(one, at)
            )
            card.choices.append(button)
            card.add_button(button)
    card.add_text(dialog.note, "warning")
    card.column.addStretch(1)


def _confirmation(card: Card, dialog: Confirmation) -> None:
    acknowledged = card.console.phone.acknowledged
    card.column.addStretch(2)
    card.add_bubble(dialog.text or "(no text)")
    card.add_text(dialog.note, "warning", centred=True)
    card.column.addStretch(3)
    title = card.say(dialog.ok_title)
    title = f"{title} ✓" if acknowledged else title
    button = card.add_button(PhoneButton(title, "phoneOk", "plain" if acknowledged else "primary"))
    button.setEnabled(not acknowledged)
    button.setAccessibleDescription("Sends nothing")
    button.clicked.connect(card.console.phone.acknowledge)
    card.first = None if acknowledged else button


def _start_chat(card: Card, dialog: StartChat) -> None:
    phone = card.console.phone
    card.column.addStretch(1)
    card.heading(dialog.subject or "Chat", centred=True)
    if dialog.url:
        card.add_text(dialog.url, "muted", centred=True)
    else:
        card.add_text(
            "The answer gives no address; the instance's own ixn/chat is asked.",
            "muted",
            centred=True,
        )
    card.column.addStretch(2)
    button = card.add_button(PhoneButton("Start the chat", "phoneStartChat", "primary"))
    button.clicked.connect(lambda: phone.start_chat(dialog))


def _chat(card: Card, dialog: ChatAnswer) -> None:
    card.heading(f"Chat: {dialog.state}" if dialog.state else "Chat")
    for line in dialog.lines:
        card.add_bubble(line)
    if not dialog.lines:
        card.add_text("No lines yet.", "muted")
    card.column.addStretch(1)
    # The phone of a demo has no window of chats beside it.
    open_chat = getattr(card.console.phone, "open_chat", None)
    if open_chat is not None and dialog.state.upper() != "DISCONNECTED":
        button = card.add_button(PhoneButton("Open the chat", "phoneOpenChat", "primary"))
        button.clicked.connect(open_chat)


# --- pages -------------------------------------------------------------------------------------


def _page(card: Card, dialog: PageDialog) -> None:
    phone = card.console.phone
    card.heading(dialog.state or "A page")
    card.add_text(dialog.path, "muted")
    edit = named(QLineEdit(phone.page_text(dialog.path)), "phonePageUrl", "Address of the page")
    edit.setCursorPosition(0)
    edit.textEdited.connect(phone.edit_page_text)
    show = PhoneButton("Show page here", "phoneShowPage", "primary")
    browse = PhoneButton("Open in browser", "phoneOpenPage")
    show.clicked.connect(lambda: phone.show_page(edit.text()))
    edit.returnPressed.connect(lambda: phone.show_page(edit.text()))
    browse.clicked.connect(lambda: phone.open_page(edit.text()))
    if phone.hidden:
        edit.hide()  # the address is above, as it may be read
    card.column.addWidget(edit)
    card.add_button(show)
    card.add_button(browse)
    page = phone.page
    if page is None:
        card.column.addStretch(1)
        return
    card.add_text(page.note, "warning")
    if page.text:
        browser = PageBrowser(card.say(page.text), is_html=page.is_html)
        browser.link_chosen.connect(phone.mention_link)
        card.column.addWidget(browser, 1)
        card.first = browser
    else:
        card.column.addStretch(1)


# --- what is no dialog ---------------------------------------------------------------------------


def _failed(card: Card, dialog: FailedDialog) -> None:
    card.column.addStretch(2)
    card.column.addWidget(Text("✕", "error", scale=2.0, centred=True))
    card.heading("The flow stops here", centred=True)
    card.add_text(dialog.said or "The answer does not say why.", "error", centred=True)
    card.add_text("The answer beside says what to try.", "muted", centred=True)
    card.column.addStretch(3)


def _unread(card: Card, dialog: UnreadDialog) -> None:
    card.column.addStretch(2)
    card.column.addWidget(Text("?", "warning", scale=2.0, bold=True, centred=True))
    card.heading(dialog.action or "Unknown dialog", centred=True)
    card.add_text(dialog.reason, "warning", centred=True)
    card.add_text(dialog.text, centred=True)
    card.column.addStretch(3)


# --- consent -----------------------------------------------------------------------------------


def consent_card(console: PhoneHolder, question: FollowUp) -> Card:
    """Ask before a request leaves for another host; nothing has been sent yet."""
    card = Card(console)
    host = question.other_origin.partition("://")[2]
    card.heading("Send to another host?")
    card.add_text(f"“{question.label}” leads away from where this instance lives.")
    card.add_text("From", "muted")
    card.add_text(console.phone.origin)
    card.add_text("To", "muted")
    card.add_text(f"{question.prepared.method} {question.prepared.url}")
    card.add_text(KEPT_BACK, "muted")
    always = QCheckBox("Don't ask again")
    named(always, "phoneConsentAlways", f"Don't ask again for {host}")
    always.setToolTip("For this host, until the console is closed")
    card.column.addStretch(1)
    card.column.addWidget(always)
    drop = PhoneButton("Do not send", "phoneConsentDrop")
    send = PhoneButton(f"Send to {host}", "phoneConsentSend", "primary")
    drop.clicked.connect(console.phone.decline)
    send.clicked.connect(lambda: console.phone.consent(always=always.isChecked()))
    card.add_button(drop)
    card.add_button(send)
    return card
