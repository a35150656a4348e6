"""The window that the script is walked on, and what many of its steps do there."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QTabBar, QTableView, QWidget

from gms_console.instance import Instance
from gms_console.presentation import status_line

from ..models.form_cell import Column
from ..models.service_model import NAME_ROLE
from ..tool_windows import MENU
from .step import Move, Spot
from .waiting import TourError, until

if TYPE_CHECKING:
    from gms_console.simulator import Simulator

    from ..panes.tool_window import ToolWindow
    from ..window import MainWindow

NUMBER = "6504669999"
"""The phone number of the customer of the tour."""


class Stage:
    """One walk on one window.

    `pace` is how many seconds pass between two things that are done, for a person to follow.
    `folder` takes files that are written; None leaves them where the window proposes.
    """

    def __init__(self, window: MainWindow, *, pace: float = 0.0) -> None:
        self.window = window
        self.console = window.console
        self.pace = pace
        self.folder: Path | None = None

    # --- doing -----------------------------------------------------------------------------------

    async def pause(self) -> None:
        """Let a person see what was done."""
        await asyncio.sleep(self.pace)

    async def choose(self, service: str) -> None:
        """Choose a service, with its rows in the form."""
        self.window.go_actions.go_to_services()
        self.console.services.choose(service)
        self.console.refresh_preview()
        await self.pause()

    async def fill(self, key: str, value: str) -> None:
        """Give a row of the form its value."""
        self.console.draft.set_value((key,), value)
        self.console.refresh_preview()
        await self.pause()

    async def send(self) -> None:
        """Send the form, and wait for the answer."""
        self.window.send()
        await until(lambda: not self.console.sending, "the answer")
        await self.pause()

    async def to_simulator(self) -> None:
        """Send to the simulator; what runs elsewhere is stopped."""
        self.console.use_simulator()
        switching, place = self.console.switching, self.console.place
        await until(lambda: switching.pending is not None or place.on_simulator, "the simulator")
        switching.stop_and_go()
        await until(lambda: place.on_simulator, "the switch to the simulator")

    async def show_tool(self, name: str) -> ToolWindow:
        """Show a window beside the main one."""
        shown = self.window.tools.show(name)
        await asyncio.sleep(0)
        await self.pause()
        return shown

    async def close_tool(self, name: str) -> None:
        """Close a window beside the main one, and go back to that."""
        made = self.window.tools.made(name)
        if made is not None:
            made.close()
        self.window.activateWindow()
        await asyncio.sleep(0)

    async def close_dialog(self) -> None:
        """Close the dialog in front, as Esc does."""
        dialog = front_dialog()
        if dialog is not None:
            dialog.close()
        await until(lambda: front_dialog() is None, "the dialog to close")

    # --- what came of it -------------------------------------------------------------------------

    @property
    def simulator(self) -> Simulator:
        """The simulator of the window; raises TourError while there is none."""
        found = self.console.simulator.simulator
        if found is None:
            raise TourError("the simulator does not run")
        return found

    @property
    def status(self) -> str:
        """What the answer that is shown came to."""
        exchange, answer = self.console.exchange, self.console.answer
        return status_line(exchange, answer) if exchange is not None and answer is not None else ""

    @property
    def selected(self) -> Instance:
        """The instance that was created last; raises TourError for none."""
        if self.console.live.selected is None:
            raise TourError("no instance was created")
        return self.console.live.selected

    def created(self, service: str, since: datetime) -> Instance | None:
        """Give the last instance of a service that was created since a time."""
        text = self.console.services.text_of(service)
        found = [
            one
            for one in self.console.session.instances
            if one.service == text and one.since >= since
        ]
        return found[-1] if found else None

    # --- what a person is pointed at -------------------------------------------------------------

    def key(self, action: str) -> str:
        """Give the key of an action of the main window as a person reads it."""
        keys = self.window.action(action).shortcut()
        text = keys.toString(QKeySequence.SequenceFormat.NativeText)
        return text.replace("Return", "Enter")  # as most keyboards have it

    def menu(self, title: str = MENU) -> Spot | None:
        """Point at a menu of the main window."""
        bar = self.window.menuBar()
        found = next((one for one in bar.actions() if one.text() == title), None)
        return None if found is None else Spot(bar, bar.actionGeometry(found))

    def tool(self, name: str) -> ToolWindow | None:
        """Give a window beside the main one while it is seen."""
        made = self.window.tools.made(name)
        return made if made is not None and made.isVisible() else None

    def choosing(self, service: str) -> Move:
        """Ask for a service to be chosen."""
        return Move(
            f"Press {self.key('services')}, type {service} and press Enter; "
            "or choose it in the list of services.",
            lambda: self._in_picker(service),
            lambda _: self._form_is_of(service),
            f"The services are in the first tab on the left; {self.key('services')} goes there.",
        )

    def filling(self, key: str) -> Move:
        """Ask for the phone number of the customer; GMS calls back one with its country."""
        number = f"+1{NUMBER}" if key == "_customer_number" else NUMBER
        return Move(
            f"Give {key} a number, such as {number}: double-click the cell beside it, "
            f"or press {self.key('rows')}, go there by arrows and press Enter; then type.",
            lambda: self._cell_of(key),
            lambda _: self._value_of(key) != "",
            f"The rows are in the tab Create a service; {self.key('rows')} goes there.",
        )

    def sending(self, text: str, service: str) -> Move:
        """Ask for the form to be sent."""
        return Move(
            text,
            lambda: Spot(self.window.request_pane.target_bar.send_button),
            lambda since: self.created(service, since) is not None,
            f"The button Send is above the rows; {self.key('rows')} goes there.",
        )

    def _form_is_of(self, service: str) -> bool:
        services = self.console.services
        return services.service == services.text_of(service)

    def _value_of(self, key: str) -> str:
        rows = self.console.draft.form_model.form
        return next((row.value.strip() for row in rows if row.key == key and row.enabled), "")

    def _in_picker(self, service: str) -> Spot:
        """Point at a service in the list, or at the list where it is scrolled away."""
        picker = self.window.service_picker
        view = picker.view
        model = view.model()
        for group in range(model.rowCount()):
            above = model.index(group, 0)
            for row in range(model.rowCount(above)):
                index = model.index(row, 0, above)
                rect = view.visualRect(index)
                shown = view.viewport().rect().contains(rect.center()) and not rect.isEmpty()
                if index.data(NAME_ROLE) == service and shown:
                    return Spot(view.viewport(), rect)
        return Spot(picker)

    def _cell_of(self, key: str) -> Spot:
        """Point at the value of a row, or at the table where there is no such row."""
        table: QTableView = self.window.request_pane.form_table
        rows = self.console.draft.form_model.form
        place = next((n for n, row in enumerate(rows) if row.key == key), -1)
        if place < 0:
            return Spot(table)
        rect: QRect = table.visualRect(table.model().index(place, Column.VALUE))
        return Spot(table.viewport(), rect)


def tab(bar: QTabBar, text: str) -> Spot:
    """Point at a tab."""
    place = next((n for n in range(bar.count()) if bar.tabText(n) == text), -1)
    return Spot(bar, bar.tabRect(place) if place >= 0 else None)


def front_dialog() -> QWidget | None:
    """Give the dialog in front, if there is one."""
    return QApplication.activeModalWidget()


def top_window(object_name: str) -> QWidget | None:
    """Give the window of that object name, if there is one."""
    tops = QApplication.topLevelWidgets()
    return next((one for one in tops if one.objectName() == object_name), None)
