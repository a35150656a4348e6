"""Uploads a file, watched ten times a second and not, in turn; prints the figures as JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path

from gms_console.model.environment import Environment
from gms_console.model.form import Form, Row
from gms_console.model.transfer import Transfer
from gms_console.progress import progress_text
from gms_console.session import Session
from gms_console.wire.request import PreparedRequest, prepare_create

SERVICE = "request-interaction"
EVERY = 0.1
"""Seconds from one look to the next."""


async def _watch(transfer: Transfer, seen: list[int]) -> None:
    """Look as a face does, words and all."""
    while True:
        progress = transfer.look()
        progress_text(progress)
        seen.append(progress.counts.sent)
        await asyncio.sleep(EVERY)


async def _upload(
    session: Session, place: Environment, prepared: PreparedRequest, seen: list[int] | None
) -> float:
    transfer = Transfer()
    watcher = asyncio.create_task(_watch(transfer, seen)) if seen is not None else None
    begun = time.perf_counter()
    exchange = (await session.create(place, prepared, transfer)).exchange
    seconds = time.perf_counter() - begun
    if watcher is not None:
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher
    if exchange.response is None or exchange.response.status != 200:
        raise RuntimeError(f"not uploaded: {exchange.failure}")
    return seconds


async def main(fast: str, slow: str, file: Path, pairs: int) -> None:
    session = Session(_fail)
    place, line = Environment.parse(fast), Environment.parse(slow)
    form = Form((Row(key="file", file=file),))
    # The first request loads the HTTP library, and the first upload warms the file's pages.
    await _upload(session, place, prepare_create(place, SERVICE, form), None)
    watched, alone = [], []
    for _ in range(pairs):
        prepared = prepare_create(place, SERVICE, form)
        watched.append(await _upload(session, place, prepared, []))
        alone.append(await _upload(session, place, prepared, None))
    seen: list[int] = []
    seconds = await _upload(session, line, prepare_create(line, SERVICE, form), seen)
    await session.close()
    figures = {
        "watched": watched,
        "alone": alone,
        "line": {"seconds": seconds, "looks": len(seen), "values": len(set(seen))},
    }
    print(json.dumps(figures))


def _fail(name: str, error: BaseException) -> None:
    raise RuntimeError(name) from error


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
