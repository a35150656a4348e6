"""The SimulatorFaults: the faults that the simulator plays, as its window edits them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gms_console.whole_file import write_whole

from .desk import SimulatorDesk

if TYPE_CHECKING:
    from gms_console.simulator import LiveFaults
    from gms_console.simulator.control.view import FaultView

    from ..console import Console

_FIELD = re.compile(r'\s*"(\w+)": ')
"""A line of a fault in JSON that begins a field; an item of a list begins none."""


class SimulatorFaults(QObject):
    """Adds, switches and removes faults, and carries them from and into files."""

    def __init__(self, console: Console, desk: SimulatorDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self._desk = desk

    @property
    def _faults(self) -> LiveFaults | None:
        control = self._desk.control
        return None if control is None else control.faults

    def services(self) -> tuple[str, ...]:
        """Name the services that a fault is likely to be for: those that live, those of late."""
        view = self._desk.view
        lives = [one.service for one in view.instances] if view is not None else []
        recent = (name.rpartition("/")[2] for name in self._console.services.recent)
        return tuple(dict.fromkeys([*lives, *recent]))

    def ready_made(self) -> tuple[str, ...]:
        """Name the faults that are made already."""
        from gms_console.simulator import PRESETS  # noqa: PLC0415 - the simulator runs by now

        return tuple(PRESETS)

    def add_ready_made(self, name: str) -> None:
        """Put a fault that is made already in force."""
        from gms_console.simulator import PRESETS  # noqa: PLC0415 - as above

        self._desk.drive(f"{name}: in force.", lambda one: one.faults.add(PRESETS[name]))

    def add(self, fields: Mapping[str, object]) -> tuple[str, str]:
        """Put a fault in force that is told by the fields of a fault file.

        Says what is wrong with it, or nothing, and the name of the field that it is about.
        """
        from gms_console.simulator import FaultFileError  # noqa: PLC0415 - as above
        from gms_console.simulator.faults.file import read_fault  # noqa: PLC0415 - as above

        text = json.dumps(fields, ensure_ascii=False, indent=2)
        try:
            fault = read_fault(text, "the fault")
        except FaultFileError as error:
            said = f"Found {error.found}, expected {error.expected}."
            return said, _field_at(text, error.line)
        if self._faults is None:
            return "The simulator does not run.", ""
        self._desk.drive("The fault is in force.", lambda one: one.faults.add(fault))
        return "", ""

    def set_enabled(self, fault: FaultView, on: bool) -> None:
        """Switch a fault on or off."""
        said = f"{fault.what}: {'in force' if on else 'switched off'}."
        self._desk.drive(said, lambda one: one.faults.set_enabled(fault.number, enabled=on))

    def remove(self, faults: Sequence[FaultView]) -> None:
        """Let these go wrong no more."""
        for fault in faults:
            self._remove(fault)

    def _remove(self, fault: FaultView) -> None:
        said = f"{fault.what}: removed."
        self._desk.drive(said, lambda one: one.faults.remove(fault.number))

    def clear(self) -> None:
        """Let nothing go wrong."""
        self._desk.drive("Nothing goes wrong any more.", lambda one: one.faults.clear())

    # --- files ---------------------------------------------------------------------------------

    def load(self, path: Path) -> None:
        """Take the faults of a file in place of those in force; a wrong one changes nothing."""
        self._start(self._load(path), f"open {path.name}")

    async def _load(self, path: Path) -> None:
        from gms_console.simulator import FaultFileError, load_faults  # noqa: PLC0415 - as above

        try:
            plan = await asyncio.to_thread(load_faults, path)
        except FaultFileError as error:
            self._console.message.emit(f"Not taken: {error}")
        except OSError as error:
            self._console.message.emit(f"{path} cannot be read: {error.strerror or error}")
        else:
            count = len(plan.faults)
            said = f"{count} {'fault' if count == 1 else 'faults'} of {path.name} in force."
            self._desk.drive(said, lambda one: one.faults.load(plan))

    def save(self, path: Path) -> None:
        """Write the faults in force as a fault file."""
        self._start(self._save(path), f"save {path.name}")

    async def _save(self, path: Path) -> None:
        from gms_console.simulator import dump_faults  # noqa: PLC0415 - as above

        faults = self._faults
        if faults is None:
            return
        text = dump_faults(faults.plan())
        try:
            await asyncio.to_thread(write_whole, path, text.encode())
        except OSError as error:
            self._console.message.emit(f"{path} cannot be written: {error.strerror or error}")
        else:
            self._console.message.emit(f"The faults are in {path}.")

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._console.session.tasks.start(work, name=name, owner=self)


def _field_at(text: str, line: int) -> str:
    """Name the field that stands at a line, from 1, of a fault in JSON."""
    lines = text.splitlines()[:line]
    return next((found[1] for one in reversed(lines) if (found := _FIELD.match(one))), "")
