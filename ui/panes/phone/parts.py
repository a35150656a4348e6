"""What the phone's screens are made of: texts, buttons, the code to scan and the countdown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from gms_console.presentation import seconds_text

from ...theme import Colours, colours

_URGENT = 10
"""Seconds left from which the countdown warns."""

_LONGEST_TEXT = 3000
"""Characters of a text that are shown: to wrap it costs time."""

_LONGEST_SCANNED = 300
"""Characters of an address that is still shown as a code to scan."""

_WIDEST = 100_000.0


class Text(QLabel):
    """A plain text that wraps anywhere rather than be cut; `role` gives its colour.

    `scale` and `bold` follow the window's text size.
    """

    def __init__(
        self,
        text: str,
        role: str = "",
        *,
        scale: float = 1.0,
        bold: bool = False,
        centred: bool = False,
    ) -> None:
        super().__init__(shortened(text))
        self._role = role
        self._scale = scale
        self._bold = bold
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if centred:
            self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, text: str, role: str) -> None:
        """Say something else, in another colour."""
        self._role = role
        self.setText(text)
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Say that a narrow text is a high one."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Give the height of the wrapped text."""
        return wrapped_height(self.text(), self._font(), width)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for one line."""
        return QSize(120, round(QFontMetricsF(self._font()).height()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Push nothing wider."""
        return QSize(20, round(QFontMetricsF(self._font()).height()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the text."""
        del event
        painter = QPainter(self)
        painter.setPen(QColor(ink(self._role)))
        painter.setFont(self._font())
        flags = Qt.AlignmentFlag(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        painter.drawText(QRectF(self.rect()), self.text(), wrapping(flags))
        painter.end()

    def _font(self) -> QFont:
        return scaled(self.font(), self._scale, bold=self._bold)


class PhoneButton(QPushButton):
    """A button of the phone: its text wraps, Enter presses it, and it is painted in one style.

    `look` is primary, plain or item; an item shows its `place` as the key that chooses it.
    `reason` says why it cannot be pressed.
    """

    def __init__(
        self,
        text: str,
        object_name: str,
        look: str = "plain",
        *,
        place: int = 0,
        reason: str = "",
    ) -> None:
        super().__init__(shortened(text))
        self.setShortcut(QKeySequence())  # an & in an answer is no key of the window
        self.setObjectName(object_name)
        self.setAccessibleName(f"{place}, {text}" if place else text)
        self.setAccessibleDescription(reason)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setEnabled(not reason)
        self.place = place
        self._look = look
        self._reason = reason
        self._waiting = False
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_waiting(self, *, waiting: bool) -> None:
        """Show that this is the choice whose answer is awaited."""
        self._waiting = waiting
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Enter as a press."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Say that a narrow button is a high one."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Give the height of the wrapped texts."""
        left, right = self._margins()
        inner = width - left - right
        height = wrapped_height(self.text(), self._font(), inner) + 2 * self._padding
        if self._reason:
            height += wrapped_height(self._reason, self._small(), inner) + 1
        return height

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for one line of text."""
        metrics = QFontMetricsF(self._font())
        left, right = self._margins()
        width = round(metrics.horizontalAdvance(self.text())) + left + right + 2
        return QSize(width, round(metrics.height()) + 2 * self._padding)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Push nothing wider."""
        return QSize(60, round(QFontMetricsF(self._font()).height()) + 2 * self._padding)

    @property
    def _padding(self) -> int:
        return 9 if self._look == "item" else 7

    def _margins(self) -> tuple[int, int]:
        """Give the room left and right of the text."""
        if self._look != "item":
            return 12, 12
        digit = round(QFontMetricsF(self._small()).height() * 1.35)
        return (digit + 20 if 0 < self.place <= 9 else 12), 24

    def _font(self) -> QFont:
        return scaled(self.font(), 1.0, bold=self._look == "primary")

    def _small(self) -> QFont:
        return scaled(self.font(), 0.86)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint ground, key, text and reason."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = colours()
        text_ink = self._paint_ground(painter, scheme)
        left, right = self._margins()
        inner = self.width() - left - right
        box = QRectF(left, self._padding, inner, self.height() - 2 * self._padding)
        is_item = self._look == "item"
        align = Qt.AlignmentFlag.AlignLeft if is_item else Qt.AlignmentFlag.AlignHCenter
        painter.setFont(self._font())
        painter.setPen(QColor(text_ink))
        text_height = wrapped_height(self.text(), self._font(), inner)
        used = text_height + (
            wrapped_height(self._reason, self._small(), inner) + 1 if self._reason else 0
        )
        box.setTop(box.top() + max(0.0, (box.height() - used) / 2))
        painter.drawText(box, self.text(), wrapping(align))
        if self._reason:
            painter.setFont(self._small())
            painter.setPen(QColor(scheme.warning))
            painter.drawText(box.adjusted(0, text_height + 1, 0, 0), self._reason, wrapping(align))
        if is_item:
            self._paint_marks(painter, scheme, text_ink)
        painter.end()

    def _paint_ground(self, painter: QPainter, scheme: Colours) -> str:
        """Paint the ground and its edge; give the colour for the text."""
        primary = self._look == "primary"
        ground, edge, text = scheme.surface, scheme.border, scheme.text
        if not self.isEnabled():
            ground, text = scheme.window, scheme.muted
        elif self.isDown():
            ground, edge, text = scheme.accent_soft, scheme.accent, scheme.text
        elif primary:
            ground, edge, text = scheme.accent, scheme.accent, scheme.accent_text
        elif self.underMouse():
            ground, edge = scheme.raised, scheme.strong_border
        width = 1.0
        if self._waiting:
            ground, edge = scheme.accent_soft, scheme.accent
        if self.hasFocus():
            edge, width = scheme.text if primary else scheme.accent, 2.0
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(ground))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 9, 9)
        return text

    def _paint_marks(self, painter: QPainter, scheme: Colours, text_ink: str) -> None:
        """Paint the key that chooses an entry, and the sign that it leads on."""
        painter.setFont(self._small())
        if 0 < self.place <= 9:
            side = QFontMetricsF(self._small()).height() * 1.35
            box = QRectF(10, (self.height() - side) / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(scheme.raised if self.isEnabled() else scheme.surface))
            painter.drawEllipse(box)
            painter.setPen(QColor(text_ink if self.isEnabled() else scheme.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self.place))
        painter.setFont(self._font())
        painter.setPen(QColor(scheme.muted))
        end = QRectF(self.width() - 24, 0, 16, self.height())
        if self._waiting:
            painter.drawText(end, Qt.AlignmentFlag.AlignCenter, "…")
        elif self.isEnabled():
            middle = self.height() / 2
            painter.setPen(QPen(QColor(scheme.muted), 1.6))
            tip = QPointF(self.width() - 13, middle)
            painter.drawLine(tip - QPointF(4, 4), tip)
            painter.drawLine(tip - QPointF(4, -4), tip)


class QrCode(QWidget):
    """An address as a code to scan: dark on white in any colours, with the quiet zone around."""

    _QUIET = 4

    def __init__(self, address: str) -> None:
        super().__init__()
        self.setObjectName("phoneQr")
        self.setAccessibleName(f"QR code of {address}")
        self.address = address
        self.matrix = qr_matrix(address)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMinimumSize(110, 110)
        self.setMaximumSize(220, 220)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for enough to be scanned from a screen."""
        return QSize(150, 150)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the modules on whole pixels."""
        del event
        count = len(self.matrix) + 2 * self._QUIET
        module = max(1, min(self.width(), self.height()) // count)
        side = module * count
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff"))
        painter.drawRoundedRect(left, top, side, side, 6, 6)
        for row, cells in enumerate(self.matrix):
            for column, dark in enumerate(cells):
                if dark:
                    painter.fillRect(
                        left + (column + self._QUIET) * module,
                        top + (row + self._QUIET) * module,
                        module,
                        module,
                        QColor("#000000"),
                    )
        painter.end()


class Countdown(Text):
    """Says how long an access is held; it warns before the end, and says when it has come."""

    def __init__(self, expires: Callable[[], datetime | None], parent: QWidget) -> None:
        super().__init__("", "muted", centred=True)
        # Before it shows itself, or it would be a window of its own.
        self.setParent(parent)
        self.setObjectName("phoneRemaining")
        self._expires = expires
        self._clock = QTimer(self, interval=500)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()
        self.refresh()

    def refresh(self) -> None:
        """Say what is left now."""
        parent = self.parentWidget()
        if parent is not None and not parent.isVisible() and self.text():
            return
        expires = self._expires()
        if expires is None:
            self.setVisible(False)
            return
        left = (expires - datetime.now(UTC)).total_seconds()
        if left <= 0:
            text, role = "The booking has ended", "error"
            self._clock.stop()
        else:
            text, role = f"Held for another {seconds_text(left)}", "muted"
            role = "warning" if left <= _URGENT else role
        if text != self.text():
            self.say(text, role)
        if self.isHidden():
            self.setVisible(True)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for another height with another font."""
        super().changeEvent(event)
        self.updateGeometry()


def shortened(text: str) -> str:
    """Cut a text that is far too long for a phone; the answer beside it has it whole."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]} …"


def qr_matrix(address: str) -> tuple[tuple[bool, ...], ...]:
    """Give the modules of the QR code of an address; none for what is too long for one."""
    if len(address) > _LONGEST_SCANNED:
        return ()
    import segno  # noqa: PLC0415 - not before there is something to scan

    try:
        made = segno.make(address, micro=False)
    except segno.DataOverflowError:
        return ()
    return tuple(tuple(bool(cell) for cell in row) for row in made.matrix)


def ink(role: str) -> str:
    """Give the colour of a role's text."""
    scheme = colours()
    named = {
        "muted": scheme.muted,
        "error": scheme.error,
        "warning": scheme.warning,
        "good": scheme.good,
        "accent": scheme.accent,
    }
    return named.get(role, scheme.text)


def scaled(font: QFont, scale: float, *, bold: bool = False) -> QFont:
    """Give a font of another size and weight."""
    made = QFont(font)
    size = font.pointSizeF()
    if size > 0:
        made.setPointSizeF(size * scale)
    else:
        made.setPixelSize(max(1, round(font.pixelSize() * scale)))
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def wrapping(align: Qt.AlignmentFlag) -> QTextOption:
    """Give the option to wrap at words, and within them where a line has no other place."""
    option = QTextOption(align)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def wrapped_height(text: str, font: QFont, width: float) -> int:
    """Give the height that a text takes in a width."""
    height = 0.0
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font)
        layout.setTextOption(wrapping(Qt.AlignmentFlag.AlignLeft))
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width if width > 0 else _WIDEST)
            height += line.height()
        layout.endLayout()
    return int(height + 0.999)
