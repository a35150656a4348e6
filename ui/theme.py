"""Colours and fonts, for light and dark, and what puts them and the style sheet in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from .style_sheet import style_sheet


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one scheme. Each text colour has a contrast of 4.5 or more on its ground."""

    window: str
    surface: str
    raised: str
    border: str
    strong_border: str
    text: str
    muted: str
    accent: str
    accent_text: str
    accent_soft: str
    parameter: str
    parameter_soft: str
    data: str
    data_soft: str
    good: str
    good_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    tones: Mapping[str, tuple[str, ...]]
    states: tuple[str, ...]


_TONES = {
    "waiting": ("#8a5a08", "#a5610a", "#6f5416"),
    "busy": ("#2f63a8", "#4a5fc4", "#2a5480"),
    "good": ("#237a41", "#3f6e1c", "#146b5c"),
    "bad": ("#b3362e", "#a02c58", "#8f2a22"),
}
"""Grounds of states by what they mean; white text can be read on each."""

_STATES = ("#7447ad", "#566373", "#8a3f86", "#5f6a1c", "#0c7077")
"""Grounds of states that the catalogue does not know."""

LIGHT = Colours(
    window="#f3f5f8",
    surface="#ffffff",
    raised="#e9edf2",
    border="#d5dbe3",
    strong_border="#7d8999",
    text="#1a2330",
    muted="#566273",
    accent="#0b5fc4",
    accent_text="#ffffff",
    accent_soft="#dfebfa",
    parameter="#6a35a5",
    parameter_soft="#efe7fa",
    data="#0a6666",
    data_soft="#def2f0",
    good="#1a7339",
    good_soft="#def3e4",
    warning="#8a5200",
    warning_soft="#fcefd6",
    error="#b3261e",
    error_soft="#fce8e6",
    tones=_TONES,
    states=_STATES,
)

DARK = Colours(
    window="#13171d",
    surface="#1b2129",
    raised="#262e38",
    border="#333d49",
    strong_border="#6d7b8b",
    text="#e5e9ef",
    muted="#9daab9",
    accent="#5ea8ff",
    accent_text="#06182e",
    accent_soft="#1d3250",
    parameter="#c9abff",
    parameter_soft="#33274b",
    data="#74d5ce",
    data_soft="#173a39",
    good="#6dd393",
    good_soft="#183524",
    warning="#f3bd66",
    warning_soft="#3d2f14",
    error="#ff8f86",
    error_soft="#452221",
    tones=_TONES,
    states=_STATES,
)


_styled: list[bool] = []

_chosen: list[Qt.ColorScheme] = []
"""The scheme that a person chose, if any; else the system's is followed."""


def is_dark() -> bool:
    """Whether the window is to be dark: as the system has it, unless a person chose."""
    scheme = _chosen[-1] if _chosen else QGuiApplication.styleHints().colorScheme()
    return scheme is Qt.ColorScheme.Dark


def colours() -> Colours:
    """Give the colours of the scheme in force."""
    return DARK if is_dark() else LIGHT


def set_scheme(scheme: Qt.ColorScheme | None) -> None:
    """Choose light or dark; None follows the system again."""
    _chosen[:] = [] if scheme is None else [scheme]


def monospace() -> QFont:
    """Give the font for what goes over the wire."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setStyleHint(QFont.StyleHint.Monospace)
    base = QApplication.font().pointSizeF()
    font.setPointSizeF(base if base > 0 else 10.0)
    return font


STYLE_ARGUMENTS = ("-style", "fusion")
"""What QApplication is made with; to set the style later costs another part of the start."""


def prepare_theme(application: QApplication) -> None:
    """Give the application the palette of the scheme in force, but no style sheet yet.

    A window that is put together under a style sheet is styled again for each part that joins it.
    """
    application.setPalette(_palette(colours()))


def style_windows() -> None:
    """Give the application the style sheet of the scheme in force."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.setStyleSheet(style_sheet(colours(), "dark" if is_dark() else "light"))
        _styled.append(True)


def is_styled() -> bool:
    """Whether there is a style sheet yet, which widgets have to be shown to again."""
    return bool(_styled)


def apply_theme(application: QApplication) -> None:
    """Give the application the palette and style sheet of the scheme in force."""
    prepare_theme(application)
    style_windows()


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.window,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Base: c.surface,
        QPalette.ColorRole.AlternateBase: c.window,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.PlaceholderText: c.muted,
        QPalette.ColorRole.Button: c.raised,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.BrightText: c.error,
        QPalette.ColorRole.ToolTipBase: c.raised,
        QPalette.ColorRole.ToolTipText: c.text,
        QPalette.ColorRole.Highlight: c.accent,
        QPalette.ColorRole.HighlightedText: c.accent_text,
        QPalette.ColorRole.Link: c.accent,
        QPalette.ColorRole.Light: c.raised,
        QPalette.ColorRole.Midlight: c.border,
        QPalette.ColorRole.Mid: c.border,
        QPalette.ColorRole.Dark: c.strong_border,
        QPalette.ColorRole.Shadow: c.border,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        faded = QColor(c.muted)
        faded.setAlpha(150)
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return palette


def state_grounds(tone: str) -> tuple[str, ...]:
    """Give the grounds for states of a tone, all of one hue; an unknown tone has mixed ones."""
    scheme = colours()
    return scheme.tones.get(tone, scheme.states)
