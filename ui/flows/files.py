"""The files of flows: what the folder holds, reading, saving, and what others do to them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.flow.types import Flow, FlowError, FlowMistake

from ..file_watch import FileWatch
from .document import FlowDocument
from .file_work import FlowFileWork
from .readable import ReadableFlows

if TYPE_CHECKING:
    from gms_console.flow.folder import FlowEntry, Stamp

    from ..console import Console
    from .desk import FlowDesk

_LOOK_AGAIN_MS = 5_000
"""A folder of the network tells nothing of what others do in it, nor folders below ours."""


class FlowFiles(QObject):
    """The folder that the explorer lists, and the files of the flows that are open.

    `changed` comes when the list is another; `failed` with what a file could not be used for.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, console: Console, desk: FlowDesk) -> None:
        super().__init__(desk)
        self._console = console
        self._desk = desk
        self.folder_setting = console.workspace.flows_folder
        self.entries: tuple[FlowEntry, ...] = ()
        self.loaded = False
        self._scanning = False
        self._again = False
        self._reading = False
        self._saving = asyncio.Lock()
        self.work = FlowFileWork(self, desk)
        self.readable = ReadableFlows()
        self._watch = FileWatch(self)
        self._watch.changed.connect(self.look)
        self._regularly = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._regularly.timeout.connect(self.look)

    # --- the folder ------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Where the flows of the explorer are."""
        if self.folder_setting:
            return Path(self.folder_setting)
        home = self._console.environments.config_folder or self._console.services.own.place()
        return home / "flows"

    def set_folder(self, folder: Path | None) -> None:
        """List the flows of another folder, such as a Git checkout; None: the usual one."""
        self.folder_setting = "" if folder is None else str(folder)
        self.entries, self.loaded = (), False
        self.changed.emit()
        self.look()

    def begin(self) -> None:
        """Look at the folder from now on: somebody looks at the list."""
        self._watch.begin()
        self._regularly.start()
        self.look()

    def end(self) -> None:
        """Look at no file any more, until the list is looked at again."""
        self._regularly.stop()

    def close(self) -> None:
        """Look at no file ever again: the program is closing."""
        self._desk.hints.end()
        self._regularly.stop()
        self._watch.end()

    def look(self) -> None:
        """See what there is in the folder now, and what became of the files that are open."""
        if self._scanning:
            self._again = True
            return
        self._scanning = True
        task = self.start(self._look(), "look at the flows")
        task.add_done_callback(self._looked)

    def _looked(self, _: object) -> None:
        self._scanning = False
        if self._again:
            self._again = False
            self.look()

    async def _look(self) -> None:
        engine = _engine("folder")
        folder, known = self.folder, {one.place: one for one in self.entries}
        try:
            found = await asyncio.to_thread(engine.scan, folder, known)
        except FileNotFoundError:
            found = ()  # it is made with the first flow
        except OSError as error:
            found = ()
            if not self.loaded:
                self.fail(f"{folder} could not be read: {error.strerror or error}")
        if folder != self.folder:
            self._again = True
            return
        news = found != self.entries or not self.loaded
        self.entries, self.loaded = found, True
        self._watch.watch(folder, ())
        if news:
            self.changed.emit()
        await self._compare_open()
        if news and not self._reading:
            self.start(self._look_into(), "read the flows")

    async def _look_into(self) -> None:
        """Find out which files of the list cannot be read, while the list is there already."""
        self._reading, seen = True, None
        try:
            while seen is not self.entries:
                seen = self.entries
                if await self.readable.look(seen):
                    self.changed.emit()
        finally:
            self._reading = False

    async def _compare_open(self) -> None:
        """Take over what others wrote into files without edits; say so where there are some."""
        engine = _engine("folder")
        for document in list(self._desk.documents):
            file, stamp = document.file, document.stamp
            if file is None or stamp is None or document not in self._desk.documents:
                continue
            news = await asyncio.to_thread(_news_of, engine.is_changed, file, stamp)
            if document.stamp is not stamp or document.file != file:
                continue  # saved, read or renamed meanwhile
            if news == "changed" and not document.edited:
                await self.reload(document, asked=False)
            elif news == "gone" and document.error is not None:
                self._desk.close_document(document)  # nothing of it was ever kept here
            else:
                self._set_conflict(document, news)

    def _set_conflict(self, document: FlowDocument, conflict: str) -> None:
        if document.conflict != conflict:
            document.conflict = conflict
            self._desk.documents_changed.emit()
            if document is self._desk.document:
                self._desk.changed.emit()

    # --- reading ---------------------------------------------------------------------------------

    def open_file(self, file: Path) -> None:
        """Open a flow file, or show the one that is open already."""
        for document in self._desk.documents:
            if document.file == file:
                self._desk.show_document(document)
                return
        self.start(self.open_one(file), "open the flow")

    async def open_one(self, file: Path) -> None:
        """Open a flow file, and say so where it cannot be read."""
        try:
            flow, text, stamp, error = await self._read(file)
        except OSError as problem:
            self.fail(f"{file.name} could not be read: {problem.strerror or problem}")
            return
        for document in self._desk.documents:
            if document.file == file:
                self._desk.show_document(document)
                return
        made = FlowDocument(flow, text=text, stamp=stamp, saved=error is None, error=error)
        self._forget_untouched()
        self._desk.add_document(made)

    def _forget_untouched(self) -> None:
        """Let go the flow that was only looked at; its file has all that there is of it."""
        shown = self._desk.document
        if shown is not None and shown.file is not None and not shown.modified:
            self._desk.documents.remove(shown)

    async def _read(self, file: Path) -> tuple[Flow, str, Stamp, FlowError | None]:
        reading, folder = _engine("file"), _engine("folder")
        content, modified_ns = await asyncio.to_thread(_content_of, file, reading.LARGEST)
        stamp = folder.Stamp.of(content, modified_ns)
        text = content.decode("utf-8-sig", "replace")
        try:
            flow = await asyncio.to_thread(reading.flow_of, content, file)
        except FlowError as error:
            return Flow(file=file), text, stamp, error
        return replace(flow, file=file), text, stamp, None

    async def reload(self, document: FlowDocument, *, asked: bool = True) -> None:
        """Take over what is in the file now; edits stay that an undo could not bring back.

        Not `asked`, it takes over nothing in the place of edits that were made meanwhile.
        """
        file = document.file
        if file is None:
            return
        try:
            flow, text, stamp, error = await self._read(file)
        except OSError as problem:
            self.fail(f"{file.name} could not be read: {problem.strerror or problem}")
            return
        if document.file != file or document not in self._desk.documents:
            return  # renamed or closed meanwhile
        if document.edited and (error is not None or not asked):
            self._set_conflict(document, "changed")
            if error is not None and asked:
                self.fail(f"Not reloaded, the edits stay. {error}")
            return
        document.take(flow, text, stamp, error)
        self._desk.documents_changed.emit()
        if document is self._desk.document:
            self._desk.changed.emit()
            self._desk.step_chosen.emit()

    # --- saving ----------------------------------------------------------------------------------

    async def save(self, document: FlowDocument, file: Path, *, overwrite: bool = False) -> bool:
        """Write a flow, comments of its file kept; False, and said why, where it cannot be.

        A file that others changed meanwhile is not overwritten: the conflict is shown.
        """
        other = next(
            (x for x in self._desk.documents if x.file == file and x is not document), None
        )
        if other is not None and other.modified:
            self.fail(f"Not saved. {file.name} is open too, with unsaved edits: save or close it.")
            return False
        # One after the other, or the second would take the first for somebody else's.
        async with self._saving:
            if not await self._save(document, file, overwrite=overwrite):
                return False
        if other in self._desk.documents:
            self._desk.documents.remove(other)
        self._desk.documents_changed.emit()
        self._desk.changed.emit()
        self._console.message.emit(f"Saved {file.name}.")
        self.look()
        return True

    async def _save(self, document: FlowDocument, file: Path, *, overwrite: bool) -> bool:
        flow = replace(document.flow, file=file)
        folder = _engine("folder")
        try:
            text = await self._text(flow, document, file)
            here = file == document.file and document.conflict != "gone"
            stamp = document.stamp if here else None
            written = await asyncio.to_thread(
                folder.save_text, file, text, stamp, overwrite=overwrite
            )
        except folder.ConflictError as error:
            self._set_conflict(document, "gone" if error.gone else "changed")
            self.fail(f"Not saved. {error}")
            return False
        except FlowError as error:
            self.fail(f"Not saved. {error}")
            return False
        except OSError as error:
            self.fail(f"Not saved. {file}: {error.strerror or error}")
            return False
        document.was_saved(flow, file, text, written)
        return True

    async def _text(self, flow: Flow, document: FlowDocument, file: Path) -> str:
        """Write the text of a flow, and see that it reads as that flow again."""
        writing, reading = _engine("writing"), _engine("file")
        text: str = await asyncio.to_thread(writing.flow_text, flow, document.text)
        again = await asyncio.to_thread(reading.parse_flow, text, file.name, file)
        if replace(again, file=file) != flow:
            said = "a flow that reads back the same", "the text that would be written"
            raise FlowError(
                file.name, (FlowMistake(line=1, column=1, found=said[1], expected=said[0]),)
            )
        return text

    def start_saving(self, document: FlowDocument, file: Path, *, overwrite: bool = False) -> None:
        """Save in a task."""
        self.start(self.save(document, file, overwrite=overwrite), "save the flow")

    def start_reload(self, document: FlowDocument) -> None:
        """Read a file anew in a task."""
        self.start(self.reload(document), "reload the flow")

    async def disk_text(self, file: Path) -> str:
        """Give what is in a file now, to be compared; empty when it is gone."""
        try:
            content, _ = await asyncio.to_thread(_content_of, file, _engine("file").LARGEST)
        except OSError:
            return ""
        return content.decode("utf-8-sig", "replace")

    async def text_of(self, document: FlowDocument) -> str:
        """Give the text that a save would write, as far as it can be written."""
        text: str = await asyncio.to_thread(
            _engine("writing").flow_text, document.flow, document.text
        )
        return text

    def fail(self, text: str) -> None:
        """Say what a file could not be used for."""
        self.failed.emit(text)
        self._console.message.emit(text)

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Do something with files in a task."""
        return self._console.session.tasks.start(work, name=name, owner=self._desk)


def _engine(name: str) -> Any:  # noqa: ANN401 - a module that is loaded when the first flow is
    return import_module(f"gms_console.flow.{name}")


def _content_of(file: Path, most: int) -> tuple[bytes, int]:
    """Read a file, no more than is needed to refuse it, and when it was changed."""
    with file.open("rb") as stream:
        return stream.read(most + 1), os.fstat(stream.fileno()).st_mtime_ns


def _news_of(is_changed: Callable[[Path, Stamp], bool], file: Path, stamp: Stamp) -> str:
    """Say what became of a file since its stamp: changed, gone, or nothing."""
    if not is_changed(file, stamp):
        return ""
    try:
        return "changed" if file.exists() else "gone"
    except OSError:
        return ""  # what may not be looked at has no news
