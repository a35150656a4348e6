"""Which callbacks have booked which slot of five minutes."""

from datetime import datetime

from gms_console.simulator.calendar.timetable import slot_of
from gms_console.simulator.callback.state import Callback
from gms_console.simulator.world.controls import Controls


class SlotBook:
    """The booked callbacks by service and slot, so that a full one is known without a search."""

    def __init__(self) -> None:
        self._slots: dict[tuple[str, datetime], dict[str, Callback]] = {}
        self._places: dict[str, tuple[str, datetime]] = {}

    def note(self, callback_id: str, callback: Callback) -> None:
        """Book the slot of a callback's time, in place of the one before; none if it has none."""
        self.forget(callback_id)
        if callback.booked:
            place = (callback.service, slot_of(callback.desired))
            self._places[callback_id] = place
            self._slots.setdefault(place, {})[callback_id] = callback

    def forget(self, callback_id: str) -> None:
        """Give a callback's slot free."""
        place = self._places.pop(callback_id, None)
        if place is not None:
            of_slot = self._slots[place]
            del of_slot[callback_id]
            if not of_slot:
                del self._slots[place]

    def count(
        self,
        service: str,
        slot: datetime,
        now: float,
        controls: Controls,
        but: Callback | None = None,
    ) -> int:
        """Count the callbacks of a slot, completed ones left out."""
        of_slot = self._slots.get((service, slot), {})
        for callback_id, callback in list(of_slot.items()):
            if callback.over(now, controls):
                self.forget(callback_id)
        return sum(callback is not but for callback in of_slot.values())
