"""Where the panes of the window stand, now and at the next start."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from .panes.left_column import LeftColumn

if TYPE_CHECKING:
    from .window import MainWindow


class WindowLayout:
    """The splitters between the panes, and their places as text for the Workspace."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.left = _splitter(Qt.Orientation.Vertical, window.service_picker, window.instance_list)
        self.left_column = LeftColumn(window.console, self.left)
        self.middle = _splitter(
            Qt.Orientation.Horizontal, self.left_column, window.request_pane, window.side_pane
        )
        self.whole = _splitter(Qt.Orientation.Vertical, self.middle, window.poll_pane)
        self.left.setSizes([280, 270])
        self.middle.setSizes([244, 556, 468])
        self.middle.setStretchFactor(0, 0)
        self.middle.setStretchFactor(1, 3)
        self.middle.setStretchFactor(2, 3)
        self.whole.setSizes([540, 174])
        self.whole.setStretchFactor(0, 1)
        self.whole.setStretchFactor(1, 0)
        window.resize(1280, 800)

    @property
    def splitters(self) -> tuple[QSplitter, ...]:
        """All splitters, in the order in which they are kept."""
        window = self._window
        return (
            self.left,
            self.middle,
            self.whole,
            window.request_pane.splitter,
            window.poll_pane.splitter,
        )

    def restore(self) -> None:
        """Have size and splitters as they were left."""
        workspace = self._window.console.workspace
        if workspace.geometry:
            self._window.restoreGeometry(_bytes(workspace.geometry))
        for splitter, state in zip(self.splitters, workspace.layout.split(), strict=False):
            splitter.restoreState(_bytes(state))

    @property
    def geometry(self) -> str:
        """Place and size of the window."""
        return _text(self._window.saveGeometry())

    @property
    def splits(self) -> str:
        """The places of all splitters."""
        return " ".join(_text(splitter.saveState()) for splitter in self.splitters)


def _splitter(orientation: Qt.Orientation, *parts: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(8)
    for part in parts:
        splitter.addWidget(part)
    return splitter


def _bytes(text: str) -> QByteArray:
    try:
        return QByteArray(b64decode(text))
    except ValueError:
        return QByteArray()


def _text(data: QByteArray) -> str:
    return b64encode(data.data()).decode("ascii")
