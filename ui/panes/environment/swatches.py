"""Colours of environments: swatches to choose from, and any other by its code."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from gms_console.environments.profile import COLOURS

from ...theme import colours
from ..common import named
from .fields import line_edit

_SIZE = 36
"""Pixels that a swatch is drawn at; Qt makes it smaller."""


def swatch_icon(colour: str) -> QIcon:
    """Give a swatch of a colour by its name or code; one that is none is an empty frame."""
    scheme = colours()
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    code = COLOURS.get(colour, colour)
    painter.setPen(QPen(QColor(scheme.strong_border), 2))
    if code.startswith("#") and QColor.isValidColorName(code):
        painter.setBrush(QColor(code))
    painter.drawRoundedRect(QRectF(4, 4, _SIZE - 8, _SIZE - 8), 8, 8)
    painter.end()
    made = QIcon(pixmap)
    # Qt would tint the one of a selected row.
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made


class ColourPicker(QWidget):
    """Swatches by name, and a field that takes a name or any `#rrggbb`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.buttons: dict[str, QToolButton] = {}
        for name in ("", *COLOURS):
            shown = name.capitalize() or "No colour"
            button = named(QToolButton(), f"swatch{shown.replace(' ', '')}", shown)
            button.setToolTip(shown)
            button.setCheckable(True)
            button.setIconSize(QSize(20, 20))
            button.setProperty("role", "swatch")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, name=name: self.edit.setText(name))
            self.buttons[name] = button
            line.addWidget(button)
        self.edit: QLineEdit = line_edit("colourEdit", "Colour", "none, or #rrggbb")
        self.edit.setFixedWidth(150)
        self.edit.textChanged.connect(self._on_text)
        line.addSpacing(6)
        line.addWidget(self.edit)
        line.addStretch(1)
        self.refresh_icons()
        self._on_text("")

    def refresh_icons(self) -> None:
        """Draw the swatches in the colours in force."""
        for name, button in self.buttons.items():
            button.setIcon(swatch_icon(name))

    def _on_text(self, text: str) -> None:
        for name, button in self.buttons.items():
            button.setChecked(text == name)
        self.changed.emit()
