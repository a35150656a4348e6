"""Opens a full history as a window does, shows its list, and searches it. Times in ms."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable
from pathlib import Path

from gms_console.history import History, HistoryQuery, HistorySettings

_ROUNDS = 5


async def _timed(work: Awaitable[object]) -> float:
    begun = time.perf_counter()
    await work
    return (time.perf_counter() - begun) * 1000


async def main(folder: Path, words: list[str]) -> None:
    begun = time.perf_counter()
    history = History(folder, HistorySettings(days=0, most_bytes=0))
    await history.open()
    page = await history.page(HistoryQuery())
    opened = (time.perf_counter() - begun) * 1000
    if len(page.rows) != 100:
        raise AssertionError("the list is not full")
    found: dict[str, list[float]] = {word: [] for word in words}
    for _ in range(_ROUNDS):
        for word, times in found.items():
            times.append(await _timed(history.page(HistoryQuery(text=word))))
    counts = {word: await history.count(HistoryQuery(text=word)) for word in words}
    loading = [await _timed(history.load(row.exchange)) for row in page.rows]
    facts = await _timed(history.facts())
    await history.close()
    print(
        json.dumps(
            {"opened": opened, "words": found, "counts": counts, "loading": loading, "facts": facts}
        )
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
