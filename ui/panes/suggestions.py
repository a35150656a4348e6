"""Lists of known names and values that open while a person types, each with its meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QStyledItemDelegate, QStyleOptionViewItem

from ..theme import colours
from ..tips import plain_tip

Index = QModelIndex | QPersistentModelIndex

MEANING_ROLE = Qt.ItemDataRole.UserRole + 1
LIST_WIDTH = 420
"""How wide a list is at least, so that meanings can be read beside the names."""

_GAP = 18
_WIDEST = 200
_MEASURED = 60
_LEAST_MEANING = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that could be typed, what it means in short, and all that is known of it."""

    text: str
    meaning: str = ""
    tip: str = ""


def suggestion_model(suggestions: Iterable[Suggestion], parent: QObject) -> QStandardItemModel:
    """Make the model of a list."""
    model = QStandardItemModel(parent)
    for one in suggestions:
        item = QStandardItem(one.text)
        item.setData(one.meaning, MEANING_ROLE)
        item.setToolTip(plain_tip(one.tip or one.meaning))
        item.setData(
            f"{one.text}, {one.meaning}" if one.meaning else one.text,
            Qt.ItemDataRole.AccessibleTextRole,
        )
        model.appendRow(item)
    return model


def make_completer(suggestions: Iterable[Suggestion], parent: QObject) -> QCompleter:
    """Offer what holds the text that was typed; nothing is taken that was not chosen."""
    completer = QCompleter(parent)
    completer.setModel(suggestion_model(suggestions, completer))
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    popup = completer.popup()
    if popup is not None:
        popup.setItemDelegate(MeaningDelegate(completer))
        popup.setMinimumWidth(LIST_WIDTH)
    return completer


class MeaningDelegate(QStyledItemDelegate):
    """Paints the meaning, muted, after the text."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> None:
        """Paint the text as usual, and as much of the meaning as there is room for."""
        super().paint(painter, option, index)
        meaning = str(index.data(MEANING_ROLE) or "")
        used = self._names_width(option.fontMetrics, index) + _GAP
        place = option.rect.adjusted(used, 0, -6, 0)
        if not meaning or place.width() < _LEAST_MEANING:
            return
        painter.save()
        painter.setPen(QColor(colours().muted))
        elided = option.fontMetrics.elidedText(meaning, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        painter.restore()

    @staticmethod
    def _names_width(metrics: QFontMetrics, index: Index) -> int:
        """Give the width of the names, so that the meanings stand below each other."""
        rows = range(min(index.model().rowCount(), _MEASURED))
        names = [str(index.model().index(row, 0).data()) for row in rows]
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0)
        return max(min(widest, _WIDEST), metrics.horizontalAdvance(str(index.data())))

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: Index
    ) -> QSize:
        """Leave room between the lines."""
        return super().sizeHint(option, index).expandedTo(QSize(0, option.fontMetrics.height() + 8))
