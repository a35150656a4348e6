"""Icons in the colours of the scheme, from the outlines in assets/icons."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from .theme import colours

_SIZE = 32
"""Pixels that an icon is drawn at; Qt makes it smaller, and high resolutions need it."""


def icon(name: str, colour: str | None = None) -> QIcon:
    """Give the icon of that name, in the text colour unless another is given."""
    scheme = colours()
    return _made(name, colour or scheme.text, scheme.strong_border)


def family_icon(name: str) -> str:
    """Give the name of a family's icon; that of own families where there is no such picture."""
    return name if name in _names() else "custom"


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    folder = files("gms_console.assets") / "icons"
    return frozenset(entry.name.removesuffix(".svg") for entry in folder.iterdir())


@lru_cache(maxsize=128)
def _made(name: str, ink: str, disabled: str) -> QIcon:
    svg = (files("gms_console.assets") / "icons" / f"{name}.svg").read_text("utf-8")
    made = QIcon()
    for mode, used in ((QIcon.Mode.Normal, ink), (QIcon.Mode.Disabled, disabled)):
        made.addPixmap(_drawn(svg.replace("currentColor", used)), mode)
    return made


def _drawn(svg: str) -> QPixmap:
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, _SIZE, _SIZE))
    painter.end()
    return pixmap
