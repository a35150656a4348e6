"""The colour of an environment where it is painted: frame, tab and cards."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

from ...theme import colours

NEUTRAL = "#66727f"
"""Stands for an environment that has no colour of its own."""

_LEAST_CONTRAST = 3.0
"""Between a frame and what it frames; less cannot be told from the ground."""


def shown_colour(colour: str) -> str:
    """Give a colour as it is painted: lighter or darker where the ground would swallow it."""
    scheme = colours()
    return _against(colour or NEUTRAL, scheme.window, scheme.text)


def ink_on(colour: str) -> str:
    """Give black or white, whichever can be read better on a colour."""
    white, black = "#ffffff", "#000000"
    return white if contrast(white, colour) >= 4.5 else black


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21 (WCAG 2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    made = QColor(colour)
    parts = (made.redF(), made.greenF(), made.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=64)
def _against(colour: str, ground: str, far: str) -> str:
    """Mix a colour with the scheme's text colour until it stands out from the ground."""
    for step in range(11):
        mixed = _mixed(QColor(colour), QColor(far), step / 10)
        if contrast(mixed, ground) >= _LEAST_CONTRAST:
            return mixed
    return far


def _mixed(one: QColor, other: QColor, share: float) -> str:
    def part(first: int, second: int) -> int:
        return round(first + (second - first) * share)

    return QColor(
        part(one.red(), other.red()),
        part(one.green(), other.green()),
        part(one.blue(), other.blue()),
    ).name()
