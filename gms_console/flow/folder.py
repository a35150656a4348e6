"""The folder that flows are kept in: what is there, what changed, and saving without losing.

A folder may hold thousands of flows, so their names are read from the first lines alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from gms_console.flow.file import LARGEST, flow_of
from gms_console.flow.types import Flow
from gms_console.whole_file import write_whole

ENDINGS = (".yaml", ".yml")

_SKIPPED = frozenset({"node_modules", "__pycache__"})
_HEAD = 2048
"""Bytes in which a flow says that it is one, and its name."""

_FORMAT = re.compile(rb"^(?:\xef\xbb\xbf)?gms[ \t]*:", re.MULTILINE)
_NAME = re.compile(r"^name[ \t]*:[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]+#.*$")
_DEEPEST = 30


class ConflictError(Exception):
    """A file on the disk that is no longer the one that was read; nothing was written."""

    def __init__(self, file: Path, *, gone: bool = False) -> None:
        self.file = file
        self.gone = gone
        what = "is gone" if gone else "has changed"
        super().__init__(f"{file.name} {what} on the disk since it was opened")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one content of a file from another; the time and size are asked first."""

    modified_ns: int
    size: int
    sha256: str = field(repr=False)

    @classmethod
    def of(cls, content: bytes, modified_ns: int) -> Stamp:
        """Give the stamp of a content that was read or written."""
        return cls(modified_ns, len(content), sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """A flow file in a folder, as the explorer lists it.

    `path` is where it is, and `place` its path below the folder, with `/`. `name` is what the file
    calls itself, empty where it does not. `modified_ns` is since 1970.
    """

    path: str
    place: str
    name: str
    modified_ns: int
    size: int

    @property
    def file(self) -> Path:
        """Where it is; made when it is asked for, as thousands of them would take their time."""
        return Path(self.path)

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.name or self.place.rpartition("/")[2].rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class FolderChanges:
    """What is different between two scans, by `FlowEntry.place`."""

    added: tuple[FlowEntry, ...] = ()
    removed: tuple[FlowEntry, ...] = ()
    changed: tuple[FlowEntry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFile:
    """A flow file that is open: its Flow, its text, and what it was when it was read."""

    file: Path
    flow: Flow
    text: str = field(repr=False)
    stamp: Stamp

    def is_changed(self) -> bool:
        """Whether the file on the disk is no longer the one that was read, or is gone."""
        return is_changed(self.file, self.stamp)


def scan(folder: Path, known: Mapping[str, FlowEntry] | None = None) -> tuple[FlowEntry, ...]:
    """List the flows of a folder and those below it, sorted by place.

    Hidden folders, links to folders and those that cannot be read are passed over. `known` is an
    earlier scan by place: files that are the same by time and size are not read again. Raises
    OSError for a folder that cannot be read itself.
    """
    known = known or {}
    with os.scandir(folder):
        pass
    root = str(folder)
    entries = []
    for found in _files(root, 0):
        stat = _stat(found)
        if stat is None:
            continue
        place = found.path[len(root) :].lstrip("/\\").replace("\\", "/")
        before = known.get(place)
        if before and (before.modified_ns, before.size) == (stat.st_mtime_ns, stat.st_size):
            entries.append(before)
            continue
        name = _name_of(found.path)
        if name is not None:
            entries.append(FlowEntry(found.path, place, name, stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(entries, key=lambda entry: (entry.place.lower(), entry.place)))


def changes(old: tuple[FlowEntry, ...], new: tuple[FlowEntry, ...]) -> FolderChanges:
    """Say what is different between two scans."""
    before = {entry.place: entry for entry in old}
    after = {entry.place: entry for entry in new}
    return FolderChanges(
        added=tuple(entry for entry in new if entry.place not in before),
        removed=tuple(entry for entry in old if entry.place not in after),
        changed=tuple(
            entry for entry in new if entry.place in before and before[entry.place] != entry
        ),
    )


def open_flow(file: Path) -> FlowFile:
    """Read a flow file to edit it. Raises FlowError and OSError."""
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
        modified_ns = os.fstat(stream.fileno()).st_mtime_ns
    flow = flow_of(content, file)
    text = content.decode("utf-8-sig")
    return FlowFile(file=file, flow=flow, text=text, stamp=Stamp.of(content, modified_ns))


def save_text(
    file: Path, text: str, stamp: Stamp | None = None, *, overwrite: bool = False
) -> Stamp:
    """Put a text in the place of a flow file, whole or not at all; give its new stamp.

    `stamp` is that of the file when it was read, None for a new file. Raises ConflictError, with
    nothing written, when the file on the disk is another one by now, unless `overwrite`; OSError.
    """
    if not overwrite:
        if stamp is None and file.exists():
            raise ConflictError(file)
        if stamp is not None and is_changed(file, stamp):
            raise ConflictError(file, gone=not file.exists())
    content = text.encode("utf-8")
    # A link stays a link.
    target = file.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, content)
    return Stamp.of(content, target.stat().st_mtime_ns)


def is_changed(file: Path, stamp: Stamp) -> bool:
    """Whether a file is no longer the one of a stamp, or is gone.

    A file that was only touched is the same: where the time differs, the content decides.
    """
    try:
        stat = file.stat()
        if stat.st_size != stamp.size:
            return True
        if stat.st_mtime_ns == stamp.modified_ns:
            return False
        return sha256(file.read_bytes()).hexdigest() != stamp.sha256
    except OSError:
        return True


def _files(folder: str, depth: int) -> Iterator[os.DirEntry[str]]:
    """Give the files that could be flows; a link is followed to a file, never to a folder."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.name.lower().endswith(ENDINGS):
            yield entry
        elif depth < _DEEPEST and entry.name not in _SKIPPED and _is_folder(entry):
            yield from _files(entry.path, depth + 1)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat() if entry.is_file() else None
    except OSError:
        return None


def _name_of(path: str) -> str | None:
    """Give the name that a flow file has, empty without one; None for what is no flow."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            head = os.read(handle, _HEAD)
        finally:
            os.close(handle)
    except OSError:
        return None
    if not _FORMAT.search(head):
        return None
    match = _NAME.search(head.decode("utf-8", "replace").replace("\r\n", "\n"))
    return "" if match is None else _plain_name(match[1])


def _plain_name(written: str) -> str:
    """Read the text of a name as YAML has it; only one with escapes needs the YAML library."""
    quote = written[:1]
    if quote not in {'"', "'"}:
        return "" if quote in {"|", ">", "#"} else _COMMENT.sub("", written)
    if quote == "'":
        text = re.match(r"'((?:[^']|'')*)'", written)
        return "" if text is None else text[1].replace("''", "'")
    text = re.match(r'"((?:[^"\\]|\\.)*)"', written)
    if text is None or "\\" not in text[1]:
        return "" if text is None else text[1]
    from gms_console.yaml_text import YamlTextError, parse  # noqa: PLC0415 - few names want it

    try:
        return str(parse(text[0]))
    except YamlTextError:
        return text[1]
