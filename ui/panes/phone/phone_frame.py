"""The phone itself: a painted body with a screen of real widgets in it."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.dialog import ChatAnswer

from ...theme import colours, is_dark
from ..common import give_way, label, named
from .parts import PhoneButton, Text
from .screens import Card, consent_card, empty_card, screen_card
from .source import PhoneHolder
from .words import consent_text, sentences, spoken_text

_HIGHEST, _WIDEST = 860.0, 440.0
_WIDE, _SLENDER = 0.58, 0.48
"""Width over height: the widest and the most slender that the body gets."""


class PhoneFrame(QWidget):
    """The phone of the selected instance. It keeps its shape, as large as there is room for."""

    def __init__(self, console: PhoneHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._desk = console.phone
        self._shown: object = None
        self._card: Card | None = None
        self._type: QFont | None = None
        self._largest = QSizeF(_WIDEST, _HIGHEST)
        self.setAccessibleName("Phone")
        self._inside = QWidget(self)
        self._strip = _StatusStrip()
        self._past = _PastStrip()
        self._foot = _Foot()
        self.area = named(QScrollArea(), "phoneScreen", "Screen of the phone")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = QWidget()
        self._places = QVBoxLayout(self._content)
        self._places.setContentsMargins(0, 0, 0, 0)
        self.area.setWidget(self._content)
        # Qt gives both a ground of their own; the painted screen is the ground here.
        self._content.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(0)
        column.addWidget(self._strip)
        column.addWidget(self._past)
        column.addWidget(self.area, 1)
        column.addWidget(self._foot)
        self._past.back.clicked.connect(self._desk.back_to_latest)
        self._foot.cancel.clicked.connect(self._desk.cancel)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for a phone of the usual size."""
        return QSize(300, 540)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Stay large enough to be read."""
        return QSize(225, 320)

    def enlarge(self, font: QFont, largest: QSizeF) -> None:
        """Write in another font, and grow up to another size, for people who sit further away."""
        self._type, self._largest = font, largest
        self._use_type(self._inside)
        self.resizeEvent(QResizeEvent(self.size(), self.size()))
        self.update()

    def _use_type(self, part: QWidget) -> None:
        """Set the font on each part: under a style sheet none takes it from its parent."""
        if self._type is not None:
            for one in (part, *part.findChildren(QWidget)):
                one.setFont(self._type)

    @property
    def first(self) -> QWidget:
        """What takes the focus: the first choice, or the screen itself where there is none."""
        if self._desk.handset.busy:
            return self._foot.cancel
        first = self._card.first if self._card is not None else None
        return first if first is not None else self.area

    def choose(self, place: int) -> bool:
        """Choose an entry of the menu by its number; say whether there was one."""
        for button in self._card.choices if self._card is not None else []:
            if button.place == place:
                if button.isEnabled():
                    button.click()
                return True
        return False

    # --- showing -------------------------------------------------------------------------

    def show_phone(self) -> None:
        """Show what the desk says; a screen that is there already is left as it is."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        handset = self._desk.handset
        self._strip.show_instance(self._console)
        self._past.show_past(self._console)
        self._foot.show_handset(self._console)
        wanted = self._what()
        new = wanted != self._shown
        if handset.busy and had_focus and focused is not self._foot.cancel:
            # Before the focused choice is switched off, which would send the focus anywhere.
            self._foot.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        if new:
            self._shown = wanted
            self._replace_card(self._make_card())
            self.area.verticalScrollBar().setValue(0)
        self._content.setEnabled(not handset.busy)
        if self._card is not None:
            self._card.show_waiting(handset.errand.place if handset.errand is not None else 0)
        told = sentences(self._desk.say(self._told()), self._foot.text.text())
        if told != self.area.accessibleDescription():
            self.area.setAccessibleDescription(told)
        lost = had_focus and (new or QApplication.focusWidget() is not focused)
        if lost and not handset.busy:
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _what(self) -> object:
        """Give what the screen depends on; another value means another card."""
        desk, screen = self._desk, self._desk.screen
        if desk.handset.question is not None:
            return ("question", desk.handset.question, desk.hidden)
        if screen is None:
            return ("empty", desk.nothing, desk.hidden)
        # The time that is left of an access is read anew by the countdown.
        chat = screen.dialog if isinstance(screen.dialog, ChatAnswer) else None
        return (desk.instance, screen.number, desk.acknowledged, desk.page, desk.hidden, chat)

    def _told(self) -> str:
        """Give what a screen reader says of the screen."""
        question, screen = self._desk.handset.question, self._desk.screen
        if question is not None:
            return consent_text(question.follow_up)
        if screen is not None:
            return spoken_text(screen.dialog)
        return self._desk.nothing[1] or self._desk.nothing[0]

    def _make_card(self) -> Card:
        question, screen = self._desk.handset.question, self._desk.screen
        if question is not None:
            return consent_card(self._console, question.follow_up)
        return empty_card(self._console) if screen is None else screen_card(self._console, screen)

    def _replace_card(self, card: Card) -> None:
        old, self._card = self._card, card
        if old is not None:
            self._places.removeWidget(old)
            old.hide()
            # The click that led here may still be going on in it.
            old.deleteLater()
            for part in old.findChildren(QWidget):
                part.setObjectName("")
        self._use_type(card)
        self._places.addWidget(card)
        card.show()
        parts = self.tab_parts()
        for before, part in pairwise(parts[parts.index(self.area) :]):
            QWidget.setTabOrder(before, part)

    def tab_parts(self) -> list[QWidget]:
        """Give what Tab goes through, in order."""
        inside = [
            part
            for part in (self._card.findChildren(QWidget) if self._card is not None else [])
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.objectName()[:3] != "qt_"
        ]
        return [self._past.back, self.area, *inside, self._foot.cancel]

    # --- the body --------------------------------------------------------------------------

    def _body(self) -> QRectF:
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        height = min(room.height(), self._largest.height())
        width = min(room.width(), height * _WIDE, self._largest.width())
        height = min(height, width / _SLENDER)
        return QRectF(room.left() + (room.width() - width) / 2, room.top(), width, height)

    def _screen_box(self) -> QRectF:
        return self._body().adjusted(9, 24, -9, -22)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the screen within the body."""
        super().resizeEvent(event)
        self._inside.setGeometry(self._screen_box().toRect())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint body, screen and status strip."""
        del event
        scheme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body, screen = self._body(), QRectF(self._screen_box().toRect())
        dark = is_dark()
        painter.setPen(QPen(QColor(scheme.strong_border if dark else "#0f151d"), 1.4))
        painter.setBrush(QColor("#05070a" if dark else "#222a35"))
        painter.drawRoundedRect(body, 34, 34)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#4a5563"))
        middle = body.center().x()
        painter.drawRoundedRect(QRectF(middle - 26, body.top() + 10, 52, 5), 2.5, 2.5)
        painter.drawRoundedRect(QRectF(middle - 40, body.bottom() - 13, 80, 4), 2, 2)
        outline = QPainterPath()
        outline.addRoundedRect(screen, 16, 16)
        painter.setClipPath(outline)
        painter.fillRect(screen, QColor(scheme.surface))
        strip = QRectF(screen.left(), screen.top(), screen.width(), self._strip.height())
        painter.fillRect(strip, QColor(scheme.raised))
        painter.end()


class _StatusStrip(QWidget):
    """The line at the top of the screen: whose phone it is."""

    def __init__(self) -> None:
        super().__init__()
        self.service = named(label(""), "phoneService", "Service")
        self.id = named(label("", "muted"), "phoneId", "Instance")
        give_way(self.service)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 14, 5)
        row.addWidget(self.service, 1)
        row.addWidget(self.id)

    def show_instance(self, console: PhoneHolder) -> None:
        """Name the service and the first letters of the id."""
        instance = console.phone.instance
        self.service.setText("No service" if instance is None else instance.service or "Reopened")
        # To an audience an id says nothing, and it takes the room of the name.
        shown = instance is not None and not console.phone.hidden
        self.id.setText(instance.id[:8] if instance is not None and shown else "")


class _PastStrip(QFrame):
    """Says that an earlier screen is shown, and leads back."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("phonePast")
        self.text = Text("", "warning")
        self.back = PhoneButton("Back to the latest", "phoneBackToLatest")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 7)
        column.setSpacing(5)
        column.addWidget(self.text)
        column.addWidget(self.back)
        self.hide()

    def show_past(self, console: PhoneHolder) -> None:
        """Show the strip while an earlier screen is shown."""
        desk = console.phone
        screen = desk.screen
        self.setVisible(desk.in_the_past)
        if desk.in_the_past and screen is not None:
            self.text.say(
                f"Screen {screen.number}, from before; the latest is {desk.screens[-1].number}",
                "warning",
            )


class _Foot(QFrame):
    """What goes on, or why something was not done, at the foot of the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("phoneFoot")
        self.text = named(Text(""), "phoneFootText", "What the phone does")
        self.cancel = PhoneButton("Cancel", "phoneCancel")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 6, 14, 8)
        column.setSpacing(5)
        column.addWidget(self.text)
        column.addWidget(self.cancel)
        self.hide()

    def show_handset(self, console: PhoneHolder) -> None:
        """Say what is under way, or what came of it."""
        handset = console.phone.handset
        errand = handset.errand
        if errand is not None:
            method = errand.follow_up.prepared.method
            chosen = console.phone.say(errand.follow_up.label)
            self.text.say(f"Sending {method} “{chosen}” …", "muted")
        else:
            said = console.phone.say(handset.trouble or handset.note)
            self.text.say(said, "error" if handset.trouble else "muted")
        # A name that is read out in the place of the text would hide it.
        self.text.setAccessibleName(self.text.text())
        self.setVisible(bool(self.text.text()))
        self.cancel.setVisible(errand is not None)
