"""Fills a GMS with live instances, then asks it at a steady rate, late answers or not.

`python -m bench.children.open_loop URL PLAN`; prints the figures as JSON.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlsplit

CALLBACKS = ("callme", "callme-anytime", "VOICE-WAIT-USERTERM", "VOICE-WAIT-USERORIG")
WALKS = ("request-inbound-poll", "request-inbound-delay", "request-outbound-delay")
_FILLERS = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """So many live instances, and requests a second for so long; `look` at /simulator too."""

    instances: int = 1000
    rate: int = 200
    seconds: float = 10.0
    look: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` gives."""
        instances, rate, seconds, look = text.split(":")
        return cls(int(instances), int(rate), float(seconds), look == "1")

    def __str__(self) -> str:
        return f"{self.instances}:{self.rate}:{self.seconds:g}:{int(self.look)}"


@dataclass(frozen=True, slots=True)
class Figures:
    """Answer times in milliseconds, from the moment that a request was due; `failed` answers."""

    requests: int
    failed: int
    p50: float
    p99: float
    worst: float
    late: float

    def as_dict(self) -> dict[str, float]:
        """Give the figures as JSON carries them."""
        return asdict(self)


class Caller:
    """Keeps connections open and gives each request a free one."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._path = parts.path
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, method: str, path: str, body: str = "", *, below: bool = True) -> bytes:
        """Send one request and return the body of its answer; OSError for a refusal."""
        if self._idle:
            reader, writer = self._idle.pop()
        else:
            reader, writer = await asyncio.open_connection(self._host, self._port)
        target = f"{self._path}{path}" if below else path
        head = f"{method} {target} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
        if body:
            kind = "json" if body.startswith("{") else "x-www-form-urlencoded"
            head += f"Content-Type: application/{kind}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        lines = answer.lower().split(b"\r\n")
        length = next(line for line in lines if line.startswith(b"content-length:"))
        got = await reader.readexactly(int(length.partition(b":")[2]))
        self._idle.append((reader, writer))
        if not answer.startswith(b"HTTP/1.1 200"):
            raise OSError(f"{method} {target}: {answer[:40]!r} {got[:200]!r}")
        return got


async def fill(caller: Caller, count: int) -> tuple[list[str], list[str]]:
    """Create half callbacks and half walks; return their ids."""
    made: dict[str, list[str]] = {"callback": [], "walk": []}
    numbers = iter(range(count))

    async def create() -> None:
        for number in numbers:
            if number % 2:
                service = CALLBACKS[number // 2 % len(CALLBACKS)]
                body = json.dumps({"_customer_number": f"+1650466{number:04d}"})
                answer = await caller.ask("POST", f"/1/service/callback/{service}", body)
                made["callback"].append(json.loads(answer)["_id"])
            else:
                service = WALKS[number // 2 % len(WALKS)]
                answer = await caller.ask("POST", f"/1/service/{service}", f"name=n{number}")
                made["walk"].append(json.loads(answer)["_id"])

    await asyncio.gather(*(create() for _ in range(_FILLERS)))
    return made["callback"], made["walk"]


def requests(callbacks: list[str], walks: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what a day brings: of ten requests six ask for a state, one creates."""
    callback, walk = itertools.cycle(callbacks), itertools.cycle(walks)
    while True:
        for _ in range(3):
            yield "POST", f"/1/service/{next(walk)}/status", ""
            yield "POST", f"/1/service/{next(callback)}/check-queue-position", ""
        yield "GET", f"/1/service/callback?_id={next(callback)}", ""
        yield "GET", f"/1/service/{next(walk)}/storage", ""
        yield "POST", f"/1/service/{next(walk)}/update", "colour=red"
        yield "POST", "/1/service/request-outbound-immediate", "name=later"


async def load(caller: Caller, plan: Plan, wanted: Iterator[tuple[str, str, str]]) -> Figures:
    """Ask at the rate of the plan, whatever the answers take."""
    times: list[float] = []
    lates: list[float] = []
    failed = 0
    begun = time.perf_counter() + 0.5

    async def one(due: float, method: str, path: str, body: str) -> None:
        nonlocal failed
        try:
            await caller.ask(method, path, body)
        except (OSError, asyncio.IncompleteReadError) as error:
            print(error, file=sys.stderr)
            failed += 1
        times.append(time.perf_counter() - due)

    async with asyncio.TaskGroup() as tasks:
        for number in range(round(plan.rate * plan.seconds)):
            due = begun + number / plan.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            lates.append(time.perf_counter() - due)
            tasks.create_task(one(due, *next(wanted)))
    return Figures(
        len(times),
        failed,
        _percentile(times, 0.5),
        _percentile(times, 0.99),
        max(times) * 1000,
        _percentile(lates, 0.99),
    )


async def look(caller: Caller) -> None:
    """Look on twice a second, as the panel of the window does."""
    while True:
        await caller.ask("GET", "/simulator", below=False)
        await asyncio.sleep(0.5)


def _percentile(values: list[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)] * 1000


async def main(url: str, plan: Plan) -> None:
    caller = Caller(url)
    callbacks, walks = await fill(caller, plan.instances)
    looking = asyncio.ensure_future(look(Caller(url))) if plan.look else None
    figures = await load(caller, plan, requests(callbacks, walks))
    if looking is not None:
        looking.cancel()
    print(json.dumps(figures.as_dict()))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Plan.parse(sys.argv[2])))
