"""Which files of the folder cannot be read as flows; found out after they are listed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.flow.types import Flow, FlowError

if TYPE_CHECKING:
    from gms_console.flow.folder import FlowEntry

_MOST = 200
"""Files that are read whole for it: of a folder with thousands, those that are seen first."""
_AT_ONCE = 10

_Key = tuple[str, int, int]


class ReadableFlows:
    """Remembers by path, time and size, so that a file is read once until it changes."""

    def __init__(self) -> None:
        self._known: dict[_Key, str] = {}

    def problem(self, entry: FlowEntry) -> str:
        """Say why a file cannot be read; empty where it can, or nobody has looked yet."""
        return self._known.get(_key(entry), "")

    async def look(self, entries: Sequence[FlowEntry]) -> bool:
        """Read what was not read yet; whether a list shows something else now."""
        seen = entries[:_MOST]
        listed = {_key(one) for one in seen}
        before = {key for key, text in self._known.items() if text}
        known = {key: text for key, text in self._known.items() if key in listed}
        new = [one for one in seen if _key(one) not in known]
        read_flow = import_module("gms_console.flow.file").read_flow
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            found = await asyncio.to_thread(_problems, read_flow, some)
            known.update(zip(map(_key, some), found, strict=True))
        self._known = known
        return {key for key, text in known.items() if text} != before


def _key(entry: FlowEntry) -> _Key:
    return entry.path, entry.modified_ns, entry.size


def _problems(read_flow: Callable[[Path], Flow], entries: Sequence[FlowEntry]) -> list[str]:
    found = []
    for one in entries:
        try:
            read_flow(Path(one.path))
        except FlowError as error:
            count, first = len(error.mistakes), error.mistakes[0]
            more = f" ({count} mistakes)" if count > 1 else ""
            found.append(f"Cannot be read as a flow{more}. {first}")
        except OSError as error:
            found.append(f"Cannot be read: {error.strerror or error}.")
        else:
            found.append("")
    return found
