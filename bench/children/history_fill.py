"""Fills a history with Exchanges, and says how many bytes it then has on the disk."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import islice
from pathlib import Path

from bench.children.history_data import PLACE, exchanges
from gms_console.history import History, HistorySettings

_AT_ONCE = 200


async def main(folder: Path, count: int) -> None:
    history = History(folder, HistorySettings(days=0, most_bytes=0))
    await history.open()
    begun = time.perf_counter()
    made = exchanges(count)
    while some := list(islice(made, _AT_ONCE)):
        await asyncio.gather(*(history.add(one, PLACE) for one in some))
    seconds = time.perf_counter() - begun
    await history.close()
    print(json.dumps({"seconds": seconds, "size": _size(folder)}))


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
