"""Goes through faults, or good requests, one after the other; prints what is left as JSON."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from gms_console.session import Session
from gms_console.wire.request import prepare_create
from tests.faults.fault import GOOD, Fault, wire
from tests.faults.table import FAULTS

_GOOD = Fault(name="none", scene=wire(GOOD), kind=None)


@dataclass(frozen=True)
class Left:
    """What a process holds: megabytes, tasks, sockets, and threads that are not the loop's."""

    megabytes: float
    tasks: int
    sockets: int
    threads: int


def _held() -> Left:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    links = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(link.readlink()))
        except OSError:
            continue
    threads = [one for one in threading.enumerate() if not one.name.startswith("asyncio_")]
    return Left(
        megabytes=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        tasks=len(asyncio.all_tasks()),
        sockets=sum(link.startswith("socket:") for link in links),
        threads=len(threads),
    )


async def _settled(most: Left | None) -> Left:
    """Give what is held once it is no more than before; what closes needs a moment."""
    for _ in range(200):
        now = _held()
        if most is None or (
            now.tasks <= most.tasks and now.sockets <= most.sockets and now.threads <= most.threads
        ):
            break
        await asyncio.sleep(0.01)
    return now


async def _round(faults: list[Fault], folder: Path) -> None:
    session = Session(_fail)
    for fault in faults:
        with fault.scene(folder) as stage:
            prepared = prepare_create(stage.place, "a-fault", fault.form(folder))
            await session.create(stage.place, prepared)
    if session.tasks:
        raise RuntimeError(f"{len(session.tasks)} tasks are left over")
    await session.close()


async def main(what: str, count: int, rounds: int) -> None:
    played = [fault for fault in FAULTS if not fault.unless()]
    step = len(played) / count
    faults = [played[int(place * step)] for place in range(count)]
    if what == "good":
        faults = [_GOOD] * count
    with tempfile.TemporaryDirectory() as folder:
        # What is loaded and kept for good, such as code and TLS contexts, is there after these.
        for _ in range(2):
            await _round(faults, Path(folder))
        before = await _settled(None)
        for _ in range(rounds):
            await _round(faults, Path(folder))
        after = await _settled(before)
    print(json.dumps({"before": asdict(before), "after": asdict(after), "faults": len(faults)}))


def _fail(name: str, error: BaseException) -> None:
    raise RuntimeError(name) from error


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
