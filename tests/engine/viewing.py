"""Bodies to look at, and the Worker that a test looks at them with."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gms_console.viewing.lines import LineIndex
from gms_console.viewing.reader import BodyReader
from gms_console.viewing.rows import RowText
from gms_console.viewing.source import BodySource
from gms_console.viewing.stored_text import TextInMemory
from gms_console.viewing.types import Row, View
from gms_console.viewing.worker import Worker

ROWS = [{"n": n, "name": f"Agent {n}", "at": [1, {"a": None}]} for n in range(20_000)]


@asynccontextmanager
async def looking() -> AsyncIterator[Worker]:
    """A Worker that is closed at the end."""
    worker = Worker()
    try:
        yield worker
    finally:
        await worker.close()


def in_memory(worker: Worker, body: bytes | str, charset: str = "utf-8") -> BodyReader:
    data = body.encode(charset) if isinstance(body, str) else body
    return BodyReader(BodySource(len(data), charset, data), worker)


def in_file(worker: Worker, folder: Path, body: bytes | str, charset: str = "utf-8") -> BodyReader:
    data = body.encode(charset) if isinstance(body, str) else body
    path = folder / f"body-{len(list(folder.iterdir()))}"
    path.write_bytes(data)
    return BodyReader(BodySource(len(data), charset, path=path), worker)


async def all_rows(reader: BodyReader, view: View, *, whole: bool = False) -> list[Row]:
    """Give every row of a view, asked for a few at a time."""
    layout = await reader.layout(view, whole=whole)
    rows: list[Row] = []
    while more := await reader.rows(view, len(rows), 7, whole=whole):
        rows += more
    assert len(rows) == layout.rows
    assert len({row.line for row in rows}) == layout.lines
    return rows


def indexed(data: bytes, step: int) -> RowText:
    """A text as rows, read so many bytes at a time."""
    index = LineIndex()
    for at in range(0, len(data), step):
        index.feed(data[at : at + step])
    index.finish()
    return RowText(TextInMemory(data), index)


def lines_of(text: str) -> list[str]:
    """Its lines, in the simplest way there is."""
    lines = re.split("\r\n|\r|\n", text)
    return lines if lines[-1] else lines[:-1]
