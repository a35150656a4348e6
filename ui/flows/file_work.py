"""What the explorer does with the files of flows: names, copies, the trash."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .desk import FlowDesk
    from .files import FlowFiles


class FlowFileWork:
    """Renames, copies and removes files; a flow that is open goes with its file."""

    def __init__(self, files: FlowFiles, desk: FlowDesk) -> None:
        self._files = files
        self._desk = desk

    def rename(self, file: Path, name: str) -> None:
        """Give a file another name, beside where it is."""
        self._files.start(self._rename(file, name), "rename the flow")

    async def _rename(self, file: Path, name: str) -> None:
        wanted = name.strip()
        if not wanted.endswith((".yaml", ".yml")):
            wanted += file.suffix or ".yaml"
        # A name with a dot before it would not be listed.
        fit = Path(wanted).name == wanted and not wanted.startswith(".")
        target = file.with_name(wanted) if fit else None
        if target is None:
            self._files.fail(f"A file cannot be called {name.strip()!r}.")
            return
        try:
            await asyncio.to_thread(_rename, file, target)
        except OSError as error:
            self._files.fail(f"{file.name} was not renamed: {error.strerror or error}")
            return
        for document in self._desk.documents:
            if document.file == file:
                document.flow = replace(document.flow, file=target)
                if document.saved is not None:
                    document.saved = replace(document.saved, file=target)
        self._desk.documents_changed.emit()
        self._desk.changed.emit()
        self._files.look()

    def trash(self, file: Path) -> bool:
        """Move a file to the trash; False where there is none, as on drives of a network."""
        from PySide6.QtCore import QFile  # noqa: PLC0415 - rarely needed

        moved: object = QFile.moveToTrash(str(file))
        # PySide gives the flag alone, or with the place in the trash.
        if not (moved[0] if isinstance(moved, tuple) else moved):
            return False
        self._forget(file)
        return True

    def delete(self, file: Path) -> None:
        """Delete a file for good."""
        try:
            file.unlink()
        except OSError as error:
            self._files.fail(f"{file.name} was not deleted: {error.strerror or error}")
        else:
            self._forget(file)

    def _forget(self, file: Path) -> None:
        for document in list(self._desk.documents):
            if document.file == file:
                self._desk.close_document(document)
        self._files.look()

    def duplicate(self, file: Path) -> None:
        """Put a copy of a file beside it, and open that."""
        self._files.start(self._duplicate(file), "duplicate the flow")

    async def _duplicate(self, file: Path) -> None:
        try:
            copy = await asyncio.to_thread(_copy, file)
        except OSError as error:
            self._files.fail(f"{file.name} was not copied: {error.strerror or error}")
            return
        self._files.look()
        await self._files.open_one(copy)

    def free_file(self, title: str) -> Path:
        """Give a file name in the folder that is not taken, made of a title."""
        return _free(self._files.folder / f"{_file_name(title)}.yaml")


def _file_name(title: str) -> str:
    """Make a file name of what a person calls a flow."""
    kept = "".join(one if one.isalnum() or one in "-_." else "-" for one in title.strip().lower())
    while "--" in kept:
        kept = kept.replace("--", "-")
    return kept.strip("-.")[:80] or "flow"


def _free(file: Path) -> Path:
    number, free = 2, file
    while free.exists():
        free = file.with_name(f"{file.stem}-{number}{file.suffix}")
        number += 1
    return free


def _rename(file: Path, target: Path) -> None:
    """Rename without overwriting anything."""
    if target.exists() and not (file.exists() and target.samefile(file)):
        raise FileExistsError(17, f"there is a file {target.name} already")
    file.rename(target)


def _copy(file: Path) -> Path:
    target = _free(file.with_name(f"{file.stem}-copy{file.suffix}"))
    with target.open("xb") as made:
        made.write(file.read_bytes())
    return target
