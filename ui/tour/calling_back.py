"""Chapter: the list of callbacks, and the times that they can be moved to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel

from gms_console.model.form import Form
from gms_console.wire.request import execution_name, prepare_create

from .stage import Stage, front_dialog
from .step import Chapter, Move, Spot, Step
from .waiting import TourError, until

if TYPE_CHECKING:
    from ..panes.callbacks.window import CallbacksWindow

_SERVICE = "callback/VOICE-SCHEDULED-USERTERM"
_OPEN = range(8, 19)
"""Hours, in UTC, at which the simulator's office is open on any day."""

_NUMBERS = ("+16504660011", "+16504660012", "+16504660013")


class CallingBack:
    """Callbacks are listed; several are selected at once and could be moved."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._heard: CallbacksWindow | None = None
        self._listed_at = datetime.min.replace(tzinfo=UTC)

    def chapter(self) -> Chapter:
        """Give the chapter."""
        key = self._stage.key("callbacks")
        back = f"Callbacks have a window of their own; {key} in the main window shows it."
        return Chapter(
            "List the callbacks",
            (
                Step("callbacks", "Callbacks, three of them selected.", self._list, self._window),
                Step(
                    "callback-slots",
                    "Free times that they could be moved to.",
                    self._slots,
                    front_dialog,
                    pictured_only=True,
                    tidy=self._stage.close_dialog,
                ),
            ),
            "Every callback that waits somewhere, of one service or of all. "
            "Many can be cancelled or moved at once.",
            (
                Move(
                    f"Press {key}: callbacks have a window of their own.",
                    self._stage.menu,
                    lambda _: self._window() is not None,
                ),
                Move(
                    "Press F5 in the window of callbacks to list them.",
                    self._table_spot,
                    self._listed,
                    back,
                ),
            ),
        )

    def _window(self) -> CallbacksWindow | None:
        made = self._stage.tool("callbacks")
        if made is None:
            return None
        from ..panes.callbacks.window import CallbacksWindow  # noqa: PLC0415 - when asked for

        return made if isinstance(made, CallbacksWindow) else None

    def _table_spot(self) -> Spot | None:
        window = self._window()
        return None if window is None else Spot(window.table)

    def _listed(self, since: datetime) -> bool:
        """Whether a list has come since then."""
        window = self._window()
        if window is not None and window is not self._heard:
            self._heard = window
            window.desk.listed.connect(self._note)
        return self._listed_at >= since

    def _note(self) -> None:
        self._listed_at = datetime.now(UTC)

    async def _list(self) -> str:
        console = self._stage.console
        environment = console.environment
        if environment is None:
            raise TourError("there is nothing to send to")
        known = self._stage.console.services.text_of(_SERVICE)
        if not any(one.service == known for one in console.session.instances):
            for number, time in zip(_NUMBERS, _open_hours(datetime.now(UTC)), strict=False):
                form = Form.of(("_customer_number", number), ("_desired_time", time))
                await console.session.create(environment, prepare_create(environment, known, form))
        await self._stage.show_tool("callbacks")
        window = self._window()
        if window is None:
            raise TourError("the window of callbacks did not open")
        window.refresh()
        await until(lambda: window.desk.model.rowCount() > 0, "the list")
        _select(window)
        await asyncio.sleep(0.2)
        await self._stage.pause()
        return f"{window.desk.model.rowCount()} callbacks"

    async def _slots(self) -> str:
        window = self._window()
        if window is None:
            raise TourError("the window of callbacks is not open")
        window.ask_reschedule()
        await until(lambda: bool(window.slots.slots), "the free times")
        await asyncio.sleep(0.2)
        await self._stage.pause()
        return f"{len(window.slots.slots)} free times"


def _select(window: CallbacksWindow) -> None:
    """Select the callbacks of one service, which can be moved together."""
    rows = [
        row
        for row in range(window.desk.model.rowCount())
        if (record := window.desk.model.record(row)) is not None
        and record.service == execution_name(_SERVICE)
    ]
    model, selection = window.desk.model, QItemSelectionModel.SelectionFlag
    window.table.selectionModel().clearSelection()
    for row in rows:
        window.table.selectionModel().select(model.index(row, 0), selection.Select | selection.Rows)


def _open_hours(now: datetime) -> list[str]:
    """Give the hours of the next day at which the simulator's office is open, as GMS has them."""
    first = now.replace(minute=0, second=0, microsecond=0)
    hours = (first + timedelta(hours=number) for number in range(2, 23))
    return [f"{one:%Y-%m-%dT%H:%M:%S}.000Z" for one in hours if one.hour in _OPEN]
