"""The frame of windows beside the main window: where it sends to, what it says, its actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QMainWindow, QToolBar, QVBoxLayout, QWidget

from ..actions import ActionSpec, make_actions
from ..console import Console
from ..icons import icon
from .common import label, named


class ToolWindow(QMainWindow):
    """A window of its own that goes with the main window; made when it is first asked for.

    `bar` takes the actions that are used most, `column` the content. Esc closes it where nothing
    else takes the key. The messages of the console stand in its status bar while it is in front,
    and the environment that it sends to stands on the right of its bar.
    """

    def __init__(self, console: Console, parent: QWidget, name: str, title: str) -> None:
        super().__init__(parent)
        self.console = console
        self.setObjectName(f"{name}Window")
        self.setWindowTitle(title)
        self.setWindowIcon(icon("gms-console"))
        self.resize(1100, 720)
        self.bar = named(QToolBar(title), f"{name}Bar", f"What can be done in {title}")
        self.bar.setMovable(False)
        self.bar.setIconSize(QSize(16, 16))
        self.bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addToolBar(self.bar)
        content = QWidget()
        self.setCentralWidget(content)
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(10, 8, 10, 8)
        self.column.setSpacing(8)
        self.place_mark: QLabel = named(label("", "muted"), f"{name}Place", "Where it sends to")
        self.statusBar().setAccessibleName("Messages")
        self.statusBar().addPermanentWidget(self.place_mark)
        self.actions_by_name = make_actions(self, ())
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(self.leave)
        console.message.connect(self._show_message)
        console.environment_changed.connect(self._show_place)
        self._show_place()

    def use_actions(self, specs: tuple[ActionSpec, ...], on_bar: tuple[str, ...] = ()) -> None:
        """Make the actions of the window, its menus from their titles, and some on the bar."""
        self.actions_by_name = make_actions(self, specs)
        menus = {
            title: self.menuBar().addMenu(title) for title in dict.fromkeys(s.menu for s in specs)
        }
        for spec in specs:
            menus[spec.menu].addAction(self.actions_by_name[spec.name])
        for name in on_bar:
            self.bar.addAction(self.actions_by_name[name])

    def leave(self) -> None:
        """Close it on Esc; a subclass cancels first what is under way."""
        self.close()

    def show_up(self) -> None:
        """Show it in front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def _show_message(self, text: str) -> None:
        if self.isVisible():
            self.statusBar().showMessage(text.replace("\n", " · "))

    def _show_place(self) -> None:
        environment = self.console.environment
        simulator = self.console.place.on_simulator
        text = "Nowhere to send to" if environment is None else environment.title
        self.place_mark.setText("Simulator" if simulator else text)
