"""How the window looks: its colours and the size of its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QToolButton

from .actions import ActionSpec
from .icons import icon
from .theme import apply_theme, monospace, set_scheme

if TYPE_CHECKING:
    from .window import MainWindow

_LEAST, _MOST = 7.0, 28.0
"""Points between which text can be made smaller and larger."""


class WindowLook(QObject):
    """Colours and text size, as the system has them or as a person chose."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        workspace = window.console.workspace
        self._base_size = QApplication.font().pointSizeF() - workspace.zoom
        self.zoomed = workspace.zoom
        self.scheme = workspace.scheme
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.refresh)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec, scheme = ActionSpec, Qt.ColorScheme
        return (
            spec("larger", "&View", "&Larger text", ("Ctrl+=", "Ctrl++"), lambda: self.zoom(1)),
            spec("smaller", "&View", "&Smaller text", ("Ctrl+-",), lambda: self.zoom(-1)),
            spec("normal", "&View", "&Normal text", ("Ctrl+0",), lambda: self.zoom(0)),
            spec(
                "system",
                "&View",
                "Colours of the s&ystem",
                ("Ctrl+Alt+S",),
                lambda: self.use_scheme(None),
            ),
            spec("light", "&View", "L&ight", ("Ctrl+8",), lambda: self.use_scheme(scheme.Light)),
            spec("dark", "&View", "&Dark", ("Ctrl+9",), lambda: self.use_scheme(scheme.Dark)),
        )

    def zoom(self, step: int) -> None:
        """Make all text larger (1), smaller (-1) or normal (0)."""
        size = QApplication.font().pointSizeF() + step if step else self._base_size
        font = QFont(QApplication.font())
        font.setPointSizeF(min(max(size, _LEAST), _MOST))
        self.zoomed = round(font.pointSizeF() - self._base_size)
        QApplication.setFont(font)
        self.refresh()

    def use_scheme(self, scheme: Qt.ColorScheme | None) -> None:
        """Show light or dark colours; None follows the system."""
        set_scheme(scheme)
        self.scheme = "" if scheme is None else scheme.name.lower()
        self.mark_scheme()
        self.refresh()

    def mark_scheme(self) -> None:
        """Mark the chosen colours in the menu."""
        for name in ("system", "light", "dark"):
            action = self._window.action(name)
            action.setCheckable(True)
            action.setChecked(name == (self.scheme or "system"))

    def refresh(self) -> None:
        """Draw everything in the colours and sizes in force."""
        window = self._window
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application)
        for button in window.findChildren(QToolButton):
            name = button.property("iconName")
            if name:
                button.setIcon(icon(name))
        for view in window.findChildren(QPlainTextEdit):
            if not view.property("prose"):
                view.setFont(monospace())
        window.environment_bar.refresh_icons()
        window.request_pane.form_table.fit_rows()
        window.request_pane.target_bar.refresh_icons()
        window.poll_pane.refresh_icons()
        window.flow_actions.refresh_icons()
        window.demo.refresh_look()
        window.guide.refresh_look()
        window.request_pane.wire_preview.refresh_colours()
        window.answer_pane.refresh_colours()
