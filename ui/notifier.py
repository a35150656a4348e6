"""The Notifier: tells on the desktop that a watched state was reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from gms_console.instance import Instance

from .live import LiveDesk

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSystemTrayIcon


class Notifier(QObject):
    """Tells what a poll came to while the window is not the active one.

    The tray has the message where there is a tray; else the window asks for attention, and its
    status bar says it anyway. `sink` shows a title and a text; tests put another in its place.
    """

    def __init__(self, window: QWidget, live: LiveDesk) -> None:
        super().__init__(window)
        self._window = window
        self._live = live
        self._instance: Instance | None = None
        self._tray: QSystemTrayIcon | None = None
        self.sink: Callable[[str, str], None] = self._show
        live.watch_ended.connect(self._on_ended)

    def _on_ended(self, instance: Instance, title: str, text: str) -> None:
        if self._live.notify and not self._window.isActiveWindow():
            self._instance = instance
            self.sink(title, text)

    def _show(self, title: str, text: str) -> None:
        tray = self._tray_icon()
        if tray is not None:
            tray.show()
            tray.showMessage(title, text, self._window.windowIcon())
        else:
            QApplication.alert(self._window)

    def _tray_icon(self) -> QSystemTrayIcon | None:
        from PySide6.QtWidgets import QSystemTrayIcon  # noqa: PLC0415 - not before it is needed

        if self._tray is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.setToolTip(self._window.windowTitle())
            self._tray.messageClicked.connect(self.go_there)
            self._tray.activated.connect(self.go_there)
            application = QApplication.instance()
            if isinstance(application, QGuiApplication):
                application.applicationStateChanged.connect(self._on_state)
        return self._tray

    def go_there(self) -> None:
        """Bring the window up, with the instance that was told of."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if self._instance is not None:
            self._live.select_listed(self._instance)

    def hide(self) -> None:
        """Take the icon out of the tray, if it is there."""
        if self._tray is not None:
            self._tray.hide()

    def _on_state(self, state: Qt.ApplicationState) -> None:
        """Take the icon away once the person is back."""
        if state is Qt.ApplicationState.ApplicationActive:
            self.hide()
