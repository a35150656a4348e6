"""The windows beside the main window for one family each, and the simulator's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from .actions import ActionSpec

if TYPE_CHECKING:
    from gms_console.instance import Instance
    from gms_console.model.exchange import Exchange

    from .panes.tool_window import ToolWindow
    from .window import MainWindow

MENU = "&Tools"

_LOOK = ("larger", "smaller", "normal", "system", "light", "dark")
"""Actions of the main window on how all windows look."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A window before it is made: the action that shows it, and where its class is."""

    name: str
    text: str
    keys: tuple[str, ...]
    module: str
    cls: str


TOOLS = (
    Tool("callbacks", "&Callbacks", ("Ctrl+Alt+1",), ".panes.callbacks.window", "CallbacksWindow"),
    Tool("chats", "C&hat", ("Ctrl+Alt+2",), ".panes.chat.window", "ChatWindow"),
    Tool("storage", "&Storage", ("Ctrl+Alt+3",), ".panes.storage.window", "StorageWindow"),
    Tool("site", "&Nodes and calendar", ("Ctrl+Alt+4",), ".panes.site.window", "SiteWindow"),
    Tool("simulator", "S&imulator", ("Ctrl+Alt+5",), ".panes.simulator.window", "SimulatorWindow"),
)


class ToolWindows(QObject):
    """Makes each window with its first use, and hides them with the main window."""

    def __init__(self, main: MainWindow) -> None:
        super().__init__(main)
        self._main = main
        self._made: dict[str, ToolWindow] = {}
        main.console.chat_wanted.connect(self._open_chat)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        return tuple(
            ActionSpec(one.name, MENU, one.text, one.keys, partial(self.show, one.name))
            for one in TOOLS
        )

    def window(self, name: str) -> ToolWindow:
        """Give a window; it is made with the first call."""
        if name not in self._made:
            tool = next(one for one in TOOLS if one.name == name)
            made = getattr(import_module(tool.module, __package__), tool.cls)
            window = made(self._main.console, self._main)
            # Their keys work here too: size and colours of the text, and the way to the others.
            shared = (*_LOOK, *(one.name for one in TOOLS))
            window.addActions([self._main.action(action) for action in shared])
            self._made[name] = window
        return self._made[name]

    def made(self, name: str) -> ToolWindow | None:
        """Give a window if it was made already."""
        return self._made.get(name)

    def seen(self) -> tuple[ToolWindow, ...]:
        """Give the windows that are open."""
        return tuple(one for one in self._made.values() if one.isVisible())

    def show(self, name: str) -> ToolWindow:
        """Show a window in front."""
        window = self.window(name)
        window.show_up()
        return window

    def _open_chat(self, instance: Instance, exchange: Exchange | None) -> None:
        """Go on with a chat that the phone has opened."""
        window = self.show("chats")
        opens = getattr(window, "open_on", None)
        if callable(opens):
            opens(instance, exchange)

    def end(self) -> None:
        """Hide them all with the main window."""
        for window in self._made.values():
            window.hide()
