"""Does the same as `flow_runner` with httpx and nothing else, one client for each caller.

Arguments: base URL, how often, how many at a time.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import httpx

from bench.children.flow_figures import ROW, SERVICE, STATUSES, Stopwatch


async def _caller(url: str, turns: Iterator[int]) -> int:
    sent = 0
    async with httpx.AsyncClient(verify=False, trust_env=False) as client:
        for _ in turns:
            created = await client.post(f"{url}/1/service/{SERVICE}", data=dict([ROW]))
            instance = created.raise_for_status().json()["_id"]
            for _ in range(STATUSES):
                status = await client.post(f"{url}/1/service/{instance}/status")
                status.raise_for_status().json()
            sent += 1 + STATUSES
    return sent


async def main(url: str, times: int, parallel: int) -> None:
    turns = iter(range(times))
    watch = Stopwatch()
    sent = await asyncio.gather(*(_caller(url, turns) for _ in range(parallel)))
    watch.report(sum(sent))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
