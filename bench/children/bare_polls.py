"""The baseline of `polls`: one httpx client for each instance, on asyncio's own loop."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack

import httpx

from bench.children.heartbeat import EVERY, Heartbeat
from bench.children.schedule import SERVICE, Figures, Schedule


async def _create(client: httpx.AsyncClient, url: str) -> str:
    answer = (await client.post(f"{url}/1/service/{SERVICE}")).raise_for_status().json()
    return str(answer["_id"])


async def _poll(client: httpx.AsyncClient, url: str, every: float, starts: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        starts.append(time.perf_counter())
        answer = await client.post(url)
        answer.raise_for_status().json()["status"]
        await asyncio.sleep(max(0.0, begun + every - loop.time()))


def _beat(loop: asyncio.AbstractEventLoop, heart: Heartbeat) -> None:
    heart.beat()
    loop.call_later(EVERY, _beat, loop, heart)


async def main(url: str, schedule: Schedule) -> None:
    async with AsyncExitStack() as stack:
        polled = []
        for _ in range(schedule.instances):
            client = httpx.AsyncClient(verify=False, trust_env=False)
            await stack.enter_async_context(client)
            polled.append((client, f"{url}/1/service/{await _create(client, url)}/status"))
        await asyncio.sleep(1)
        loop, heart = asyncio.get_running_loop(), Heartbeat()
        loop.call_later(EVERY, _beat, loop, heart)
        begun, processor = time.perf_counter(), time.process_time()
        starts: list[list[float]] = [[] for _ in polled]
        tasks = [
            asyncio.create_task(_poll(client, target, schedule.every, mine))
            for (client, target), mine in zip(polled, starts, strict=True)
        ]
        await asyncio.sleep(schedule.seconds)
        processor = time.process_time() - processor
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        failed = [task for task in tasks if not task.cancelled()]
        if failed:
            raise RuntimeError(f"{len(failed)} polls ended by themselves")
    figures = Figures.of(schedule, [begun] * len(starts), starts, heart, processor)
    print(json.dumps(figures.as_dict()))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Schedule.parse(sys.argv[2])))
