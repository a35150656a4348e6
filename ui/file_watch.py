"""Notices that files of a folder changed, whoever changed them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtCore import QFileSystemWatcher

_QUIET_MS = 200
"""A save or a `git pull` changes several things in a row; one look at the end is enough."""


class FileWatch(QObject):
    """Tells of changes in a folder, and when a person comes back to the console from elsewhere.

    The latter since a folder of the network tells nothing of what others do in it.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watcher: QFileSystemWatcher | None = None
        self._ended = False
        self._soon = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._soon.timeout.connect(self.changed)

    def begin(self) -> None:
        """Tell of changes from now on."""
        if self._watcher is None:
            from PySide6.QtCore import QFileSystemWatcher  # noqa: PLC0415 - after the first paint

            self._watcher = QFileSystemWatcher(self)
            self._watcher.directoryChanged.connect(self._on_change)
            self._watcher.fileChanged.connect(self._on_change)
            application = QGuiApplication.instance()
            if isinstance(application, QGuiApplication):
                application.applicationStateChanged.connect(self._on_state)

    def end(self) -> None:
        """Tell of nothing any more."""
        self._ended = True
        self._soon.stop()

    def watch(self, folder: Path, files: Iterable[Path]) -> None:
        """Watch this folder and these files, and no others."""
        self.begin()
        watcher = self._watcher
        if watcher is None:
            return
        wanted = {str(one) for one in (folder, *files) if one.exists()}
        watched = {*watcher.directories(), *watcher.files()}
        if watched - wanted:
            watcher.removePaths(sorted(watched - wanted))
        if wanted - watched:
            watcher.addPaths(sorted(wanted - watched))

    def _on_change(self) -> None:
        if not self._ended:
            self._soon.start()

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive and not self._ended:
            self._soon.start()
