"""What a person adds to the catalogue: bindings, own kinds, and files shared with a team."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Coroutine
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from .console import Console

Ended = Callable[[str], None]
"""Takes what is wrong, whole: file, line and field; empty when all went well."""


class OwnCatalogue(QObject):
    """Reads and writes the own catalogue in `folder`, in a thread, and tells the ServiceDesk.

    Without a folder everything is kept for this start alone. `refused` comes with a heading
    and the whole reason, unless the caller takes the reason itself.
    """

    refused = Signal(str, str)

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.folder: Path | None = None
        self._changes = asyncio.Lock()

    async def load(self) -> None:
        """Load the catalogue anew: the one of the product with what is one's own."""
        own = _engine()
        loaded = await asyncio.to_thread(own.load_catalogue, self.folder)
        self._console.services.set_catalogue(loaded.catalogue, loaded.problems)

    def bind(self, name: str, kind: str, ended: Ended | None = None) -> None:
        """Say which kind an execution name is of, and choose it; `ended` hears of the end."""
        self._start(self._bind(name, kind), f"{name} was not bound", ended)

    def unbind(self, name: str) -> None:
        """Forget which kind an execution name is of."""
        self._start(self._unbind(name), f"{name} is still bound")

    def import_file(self, source: Path) -> None:
        """Take a file of own kinds and bindings in."""
        self._start(self._import(source), "Nothing was imported")

    def export_file(self, target: Path) -> None:
        """Write all that is one's own into one file."""
        self._start(self._export(target), "Nothing was exported")

    async def _bind(self, name: str, kind: str) -> None:
        await self._change("bind", name, kind)
        self._console.services.take_binding(name)
        self._console.message.emit(f"{name} is bound to {kind}.")

    async def _unbind(self, name: str) -> None:
        await self._change("unbind", name)
        self._console.message.emit(f"{name} is no longer bound; it can be sent all the same.")

    async def _import(self, source: Path) -> None:
        name = await self._change("import_own", source)
        self._console.message.emit(f"Imported {source.name}; it is kept as {name}.")

    async def _export(self, target: Path) -> None:
        own = _engine()
        await asyncio.to_thread(own.export_own, self.place(), target)
        self._console.message.emit(f"Exported your catalogue to {target}")

    async def _change(self, change: str, *arguments: object) -> object:
        """Change the files, one change at a time, and load the catalogue anew."""
        own = _engine()
        async with self._changes:
            work = partial(getattr(own, change), self.place(), *arguments)
            result: object = await asyncio.to_thread(work)
            await self.load()
        return result

    def place(self) -> Path:
        """Give the folder to write to; one for this start alone where there is none."""
        if self.folder is None:
            import shutil  # noqa: PLC0415 - not before it is needed
            import tempfile  # noqa: PLC0415

            self.folder = Path(tempfile.mkdtemp(prefix="gms-console-"))
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        return self.folder

    def _start(
        self, work: Coroutine[Any, Any, None], heading: str, ended: Ended | None = None
    ) -> None:
        """Do it as a task; what the engine refuses is told, every other error is reported."""
        self._console.session.tasks.start(
            self._told(work, heading, ended), name="change the catalogue", owner=self._console
        )

    async def _told(
        self, work: Coroutine[Any, Any, None], heading: str, ended: Ended | None
    ) -> None:
        from gms_console.catalogue import CatalogueError  # noqa: PLC0415 - after the first paint

        reason = ""
        try:
            await work
        except CatalogueError as error:
            reason = str(error)
        if ended is not None:
            ended(reason)
        elif reason:
            self.refused.emit(heading, reason)


def _engine() -> Any:  # noqa: ANN401 - a module that is loaded after the first paint
    # In the window's own thread: PySide looks into every import, and finds half a module where
    # another thread is still importing pydantic.
    return import_module("gms_console.catalogue.own")
