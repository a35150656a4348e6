"""The SimulatorConfig: which configuration the simulator goes by, as its window shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.whole_file import write_whole

if TYPE_CHECKING:
    from ..console import Console


class SimulatorConfig(QObject):
    """`text` is the file as it was read last; `look` reads it again, in a thread."""

    changed = Signal()

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self.text = ""

    @property
    def path(self) -> Path | None:
        """The file that the simulator goes by; None for the one that comes with the console."""
        return self._console.simulator.config

    def look(self) -> None:
        """Read the file that is in force."""
        self._start(self._look(), "read the configuration")

    async def _look(self) -> None:
        path = self.path
        try:
            text = await asyncio.to_thread(_read, path)
        except (OSError, UnicodeDecodeError) as error:
            text = f"# {path} cannot be read: {getattr(error, 'strerror', None) or error}"
        if path == self.path:
            self.text = text
            self.changed.emit()

    def use(self, path: Path | None) -> None:
        """Go by another file, None for the built-in one; a wrong one changes nothing."""
        self._start(self._use(path), "use a configuration")

    async def _use(self, path: Path | None) -> None:
        from gms_console.simulator import ConfigFileError  # noqa: PLC0415 - the simulator runs

        try:
            await asyncio.to_thread(self._console.simulator.use_config, path)
        except ConfigFileError as error:
            self._console.message.emit(f"Not taken: {error}")
            return
        except OSError as error:
            self._console.message.emit(f"{path} cannot be read: {error.strerror or error}")
            return
        # What is shown changes before it is said.
        await self._look()
        name = "the built-in configuration" if path is None else path.name
        self._console.message.emit(f"The simulator goes by {name} now.")

    def copy_to(self, path: Path) -> None:
        """Write the configuration in force into a file, and go by that."""
        self._start(self._copy(path), "copy the configuration")

    async def _copy(self, path: Path) -> None:
        source = self.path
        try:
            text = await asyncio.to_thread(_read, source)
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or error
            self._console.message.emit(f"Not copied: {source} cannot be read: {why}")
            return
        try:
            await asyncio.to_thread(write_whole, path, text.encode())
        except OSError as error:
            self._console.message.emit(f"{path} cannot be written: {error.strerror or error}")
            return
        await self._use(path)

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._console.session.tasks.start(work, name=name, owner=self)


def _read(path: Path | None) -> str:
    if path is not None:
        return path.read_text("utf-8-sig")
    return (files("gms_console.assets") / "simulator.yaml").read_text("utf-8")
