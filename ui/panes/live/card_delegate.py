"""Paints the card of an instance; the selected one has room for real widgets below its head."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from ...models.instance_card import Card, Chip
from ...models.instance_model import CARD_ROLE
from ...theme import Colours, colours
from ..common import has_state
from ..environment.colours import ink_on, shown_colour

Index = QModelIndex | QPersistentModelIndex

_GAP = 5
"""Pixels between two cards."""

_PAD = 7
_LINE_GAP = 2
_CHIP_PAD = 6
_CHIP_GAP = 4
_LEAST_ID = 34
"""Pixels below which an id is left out rather than cut."""

_PLACE_SHARE = 0.55
"""Part of a line that the place may take; the state comes first."""

_SMALL = 0.88
_ELIDE = Qt.TextElideMode.ElideRight


class CardDelegate(QStyledItemDelegate):
    """Title and age, state and what the poll does, and the values to copy.

    `extra` is the height of the widgets that the selected card has in the place of those values.
    """

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._font: QFont | None = None
        self.extra = 0

    # --- sizes ---------------------------------------------------------------------------

    def _use_font(self, font: QFont) -> None:
        """Measure a font; painting fifty cards must not do so each time."""
        if font == self._font:
            return
        self._font = QFont(font)
        self._bold = QFont(font)
        self._bold.setBold(True)
        self._small = QFont(font)
        self._small.setPointSizeF(max(7.0, font.pointSizeF() * _SMALL))
        self._line = QFontMetrics(self._bold).height() + _LINE_GAP
        self._small_metrics = QFontMetrics(self._small)
        self._chip_height = self._small_metrics.height() + 4

    def head_height(self) -> int:
        """Give the height of what is painted above the widgets of the selected card."""
        self._use_font(self._view.font())
        return _PAD + 3 * self._line + _LINE_GAP

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's
        """Give the size of a card."""
        del option
        self._use_font(self._view.font())
        if self.extra and index == self._view.currentIndex():
            height = self.head_height() + self.extra + _PAD
        else:
            height = 2 * _PAD + 2 * self._line + self._chip_height
        return QSize(120, height + _GAP)

    @staticmethod
    def frame_of(rect: QRect) -> QRect:
        """Give the outline of the card within its row."""
        return rect.adjusted(3, 3, -3, 3 - _GAP)

    @staticmethod
    def inside_of(rect: QRect) -> QRect:
        """Give what is within the margins of a card."""
        return CardDelegate.frame_of(rect).adjusted(_PAD, _PAD - 1, -_PAD, 1 - _PAD)

    # --- chips ---------------------------------------------------------------------------

    def chip_at(self, index: Index, place: QPoint) -> Chip | None:
        """Give the painted chip at a place of the view."""
        if not index.isValid() or (self.extra and index == self._view.currentIndex()):
            return None
        self._use_font(self._view.font())
        card: Card = index.data(CARD_ROLE)
        inside = self.inside_of(self._view.visualRect(index))
        places, _ = self._chip_places(card, self._chip_line(inside))
        return next((chip for area, chip, _ in places if area.contains(place)), None)

    def _chip_line(self, inside: QRect) -> QRect:
        top = inside.bottom() + 1 - self._chip_height
        return QRect(inside.left(), top, inside.width(), self._chip_height)

    def _chip_places(self, card: Card, line: QRect) -> tuple[list[tuple[QRect, Chip, str]], int]:
        """Place the chips in their line, and give the width that is left for the note.

        Where the line is short, the id is cut, then left out; then the note is.
        """
        chips, metrics = card.chips, self._small_metrics
        widths = [metrics.horizontalAdvance(chip.text) + 2 * _CHIP_PAD for chip in chips]
        note = metrics.horizontalAdvance(card.note) + 8 if card.note else 0
        over = sum(widths) + _CHIP_GAP * (len(widths) - 1) + note - line.width()
        if over > 0 and len(widths) > 1 and widths[0] - over < _LEAST_ID:
            chips, widths = chips[1:], widths[1:]
        elif over > 0:
            widths[0] = max(_LEAST_ID, widths[0] - over)
        places = []
        left = line.left()
        for chip, width in zip(chips, widths, strict=True):
            room = min(width, line.right() + 1 - left)
            text = metrics.elidedText(chip.text, _ELIDE, room - 2 * _CHIP_PAD + 1)
            places.append((QRect(left, line.top(), room, line.height()), chip, text))
            left += width + _CHIP_GAP
        return places, line.right() + 1 - left

    # --- painting ------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the card, or the head of the selected one."""
        self._use_font(self._view.font())
        card: Card = index.data(CARD_ROLE)
        scheme = colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = has_state(option, "Selected")
        hover = has_state(option, "MouseOver")
        self._paint_frame(painter, option.rect, scheme, selected=selected, hover=hover)
        inside = self.inside_of(option.rect)
        line = QRect(inside.left(), inside.top(), inside.width(), self._line - _LINE_GAP)
        self._paint_title(painter, line, card, scheme)
        line.translate(0, self._line)
        self._paint_state(painter, line, card, scheme)
        if self.extra and index == self._view.currentIndex():
            line.translate(0, self._line)
            note = self._paint_note(painter, line, card, scheme)
            left = line.adjusted(0, 0, -note, 0)
            self._write(painter, left, card.detail, scheme.muted, self._small)
        else:
            self._paint_chips(painter, self._chip_line(inside), card, scheme)
        painter.restore()

    def _paint_frame(
        self, painter: QPainter, row: QRect, scheme: Colours, *, selected: bool, hover: bool
    ) -> None:
        frame = self.frame_of(row)
        painter.setBrush(QColor(scheme.surface if selected else scheme.window))
        edge = scheme.accent if selected else scheme.strong_border if hover else scheme.border
        painter.setPen(QPen(QColor(edge), 2 if selected else 1))
        painter.drawRoundedRect(frame, 6, 6)

    def _paint_title(self, painter: QPainter, line: QRect, card: Card, scheme: Colours) -> None:
        age = self._beside(painter, line, card.age, scheme.muted)
        left = line.adjusted(0, 0, -age, 0)
        self._write(painter, left, card.title, scheme.text, self._bold)

    def _paint_state(self, painter: QPainter, line: QRect, card: Card, scheme: Colours) -> None:
        size = max(8, self._small_metrics.height() // 2 + 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone_colour(card.tone, scheme)))
        top = line.top() + (line.height() - size) // 2 + 1
        painter.drawEllipse(QRect(line.left(), top, size, size))
        left = line.adjusted(size + 6, 0, -self._paint_place(painter, line, card, scheme), 0)
        self._write(painter, left, card.state, scheme.text, self._font or painter.font())

    def _paint_place(self, painter: QPainter, line: QRect, card: Card, scheme: Colours) -> int:
        """Write where the instance lives, on the environment's colour where that is elsewhere."""
        mark = "⚠ " if card.node_warning else ""
        if not card.elsewhere:
            ink = scheme.warning if mark else scheme.muted
            return self._beside(painter, line, f"{mark}{card.node}", ink)
        ground = shown_colour(card.colour)
        text, metrics = f"{mark}{card.elsewhere}", self._small_metrics
        wanted = metrics.horizontalAdvance(text) + 2 * _CHIP_PAD + 2
        width = min(wanted, int(line.width() * _PLACE_SHARE))
        area = QRect(line.right() + 1 - width, line.top(), width, line.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(area, 4, 4)
        inside = area.adjusted(_CHIP_PAD, 0, -_CHIP_PAD, 0)
        painter.setFont(self._small)
        painter.setPen(QColor(ink_on(ground)))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, shown)
        return width + 8

    def _paint_note(self, painter: QPainter, line: QRect, card: Card, scheme: Colours) -> int:
        ink = scheme.error if card.note_bad else scheme.muted
        return self._beside(painter, line, card.note, ink)

    def _beside(self, painter: QPainter, line: QRect, text: str, ink: str) -> int:
        """Write a small text at the right end of a line; give the width that it takes."""
        if not text:
            return 0
        width = min(self._small_metrics.horizontalAdvance(text) + 2, line.width())
        place = QRect(line.right() + 1 - width, line.top(), width, line.height())
        self._write(painter, place, text, ink, self._small)
        return width + 8

    def _paint_chips(self, painter: QPainter, line: QRect, card: Card, scheme: Colours) -> None:
        looks = {
            "": (scheme.accent_soft, scheme.text),
            "urgent": (scheme.warning_soft, scheme.warning),
            "gone": (scheme.error_soft, scheme.error),
        }
        places, left = self._chip_places(card, line)
        painter.setFont(self._small)
        for area, chip, text in places:
            ground, ink = looks[chip.look]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            radius = area.height() / 2
            painter.drawRoundedRect(area, radius, radius)
            painter.setPen(QColor(ink))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
        if left >= self._small_metrics.horizontalAdvance(card.note):
            self._paint_note(painter, line, card, scheme)

    def _write(self, painter: QPainter, line: QRect, text: str, ink: str, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        shown = painter.fontMetrics().elidedText(text, _ELIDE, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def tone_colour(tone: str, scheme: Colours) -> str:
    """Give the colour of a state's dot; one that the catalogue does not know is grey."""
    return {
        "waiting": scheme.warning,
        "busy": scheme.accent,
        "good": scheme.good,
        "bad": scheme.error,
    }.get(tone, scheme.strong_border)
