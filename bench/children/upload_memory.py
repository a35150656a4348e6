"""Uploads a file in a process that has sent before; prints seconds and MB on top as JSON."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

from gms_console.model.environment import Environment
from gms_console.model.form import Form, Row
from gms_console.session import Session
from gms_console.wire.request import prepare_create

SERVICE = "request-interaction"


async def main(url: str, file: Path) -> None:
    session = Session(_fail)
    environment = Environment.parse(url)
    # The first request loads the HTTP library, which is not the upload's doing.
    await session.create(environment, prepare_create(environment, SERVICE))
    prepared = prepare_create(environment, SERVICE, Form((Row(key="file", file=file),)))
    before = _megabytes("VmRSS")
    _forget_peak()
    exchange = (await session.create(environment, prepared)).exchange
    growth = _megabytes("VmHWM") - before
    await session.close()
    if exchange.response is None or exchange.response.status != 200:
        raise RuntimeError(f"not uploaded: {exchange.failure}")
    print(json.dumps({"growth": growth, "seconds": exchange.timing.total / 1000}))


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def _megabytes(name: str) -> float:
    status = Path("/proc/self/status").read_text("ascii")
    match = re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE)
    if match is None:
        raise RuntimeError(f"no {name} in /proc/self/status")
    return int(match[1]) * 1024 / 1e6


def _fail(name: str, error: BaseException) -> None:
    raise RuntimeError(name) from error


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
