"""The large type of the presenter layout, which can be read from the back of a room."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

LEAST_SCALE, MOST_SCALE = 1.5, 2.0
"""How many times as large as the text of the application it is, on a low and on a high screen."""

_LOW, _HIGH = 720.0, 1040.0
"""Heights of the stage, in pixels, for these two."""

_scale = [LEAST_SCALE]


def fit_type(height: int) -> bool:
    """Take the size that suits a stage of that height; say whether it is another one."""
    part = min(max((height - _LOW) / (_HIGH - _LOW), 0.0), 1.0)
    scale = round(LEAST_SCALE + part * (MOST_SCALE - LEAST_SCALE), 2)
    if scale == _scale[0]:
        return False
    _scale[0] = scale
    return True


def large_font(scale: float = 1.0, *, bold: bool = False) -> QFont:
    """Give the font of the stage; `scale` is beside its usual size."""
    font = QFont(QApplication.font())
    size = font.pointSizeF()
    font.setPointSizeF((size if size > 0 else 10.0) * _scale[0] * scale)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font
