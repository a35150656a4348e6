"""Bodies to look at, and the Worker that a test looks at them with."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from gms_console.viewing import BodyReader, BodySource, Row, View, Worker

Opened = Callable[..., BodyReader]


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
