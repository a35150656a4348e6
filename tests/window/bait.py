"""Bait in answers: addresses and files that whoever displays an answer must not touch."""

import ctypes
import os
import struct
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWidget

from tests.support.wire_server import WireServer
from tests.window import driving as drive

_OPENED = 0x20
_EVENT = struct.Struct("iIII")


class Bait:
    """A server that nobody is to ask, and a picture that nobody is to open."""

    def __init__(self, folder: Path) -> None:
        self.server = WireServer()
        self.picture = folder / "bait.png"
        image = QImage(4, 4, QImage.Format.Format_RGB32)
        image.fill(0xFF0000)
        assert image.save(str(self.picture))
        self._inotify = -1

    def __enter__(self) -> Self:
        self.server.__enter__()
        if sys.platform == "linux":
            libc = ctypes.CDLL(None, use_errno=True)
            self._inotify = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            assert self._inotify >= 0
            assert libc.inotify_add_watch(self._inotify, os.fsencode(self.picture), _OPENED) >= 0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._inotify >= 0:
            os.close(self._inotify)
        self.server.__exit__(kind, error, trace)

    @property
    def sees_files(self) -> bool:
        """Whether the system tells when the picture is opened."""
        return self._inotify >= 0

    def times_opened(self) -> int:
        """Count the opening of the picture since the last call."""
        if self._inotify < 0:
            return 0
        try:
            data = os.read(self._inotify, 65536)
        except BlockingIOError:
            return 0
        return len(data) // _EVENT.size

    @property
    def markup(self) -> str:
        """All that a displaying program could be led to load by."""
        there, file = self.server.url("/bait"), self.picture.as_uri()
        return (
            f'<b>rich</b><img src="{file}"><img src="{there}.png">'
            f'<link rel="stylesheet" href="{there}.css"><style>@import url({there}.css);</style>'
            f'<table background="{file}"><tr><td>x</td></tr></table>'
            f'<iframe src="{there}.html"></iframe><object data="{there}"></object>'
            f'<script src="{there}.js"></script><a href="{file}">a</a>![x]({file}) ![x]({there})'
        )

    def check(self) -> None:
        """Fail when somebody took it."""
        assert self.server.connections == 0
        assert self.times_opened() == 0


def look_at_all(window: QWidget) -> None:
    """Paint each widget that can be seen, and have each tooltip shown that there is."""
    drive.settle()
    window.grab()
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if widget.toolTip():
            _point_at(widget, widget.rect().center())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for place in _cells(widget):
                _point_at(widget.viewport(), place)
    QToolTip.hideText()
    drive.settle()


def _cells(view: QAbstractItemView) -> list[QPoint]:
    """Give a place within each cell that can be seen."""
    area = view.viewport().rect()
    found: dict[tuple[int, int, int], QPoint] = {}
    for y in range(4, area.height(), 10):
        for x in range(4, area.width(), 30):
            index = view.indexAt(QPoint(x, y))
            if index.isValid():
                key = (index.internalId(), index.row(), index.column())
                found.setdefault(key, QPoint(x, y))
    return list(found.values())


def _point_at(widget: QWidget, place: QPoint) -> None:
    event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    for shown in QApplication.topLevelWidgets():
        if shown.inherits("QTipLabel"):
            shown.grab()
