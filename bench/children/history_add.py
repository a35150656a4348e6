"""Adds to a full history, and writes rows of the same size with bare SQLite, in turn. In ms."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
from pathlib import Path

from bench.children.heartbeat import EVERY, Heartbeat
from bench.children.history_data import PLACE, exchanges
from gms_console.history import History, HistorySettings

_COUNT = 300
_BYTES = 1500


def _bare(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, data BLOB)")
    return connection


def _beat(loop: asyncio.AbstractEventLoop, heart: Heartbeat) -> None:
    heart.beat()
    loop.call_later(EVERY, _beat, loop, heart)


async def main(folder: Path) -> None:
    history = History(folder, HistorySettings(days=0, most_bytes=0))
    await history.open()
    bare = _bare(folder)
    loop, heart = asyncio.get_running_loop(), Heartbeat()
    ours: list[float] = []
    theirs: list[float] = []
    loop.call_later(EVERY, _beat, loop, heart)
    for one in exchanges(_COUNT):
        begun = time.perf_counter()
        await history.add(one, PLACE)
        between = time.perf_counter()
        bare.execute("BEGIN")
        bare.execute("INSERT INTO rows VALUES (?, ?)", (one.id, b"x" * _BYTES))
        bare.execute("COMMIT")
        theirs.append((time.perf_counter() - between) * 1000)
        ours.append((between - begun) * 1000)
    bare.close()
    await history.close()
    print(json.dumps({"ours": ours, "bare": theirs, "block": heart.longest() * 1000}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
