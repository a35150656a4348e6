"""The baseline of `send`: one POST with httpx and nothing else.

With `--lean` as the last argument, httpx does not load the command line of its own that it
loads where it finds rich and pygments; GMS Console does without it too.
"""

from __future__ import annotations

import sys

if sys.argv[-1] == "--lean":
    sys.modules["httpx._main"] = None  # type: ignore[assignment]

import asyncio

import httpx


async def main(url: str) -> None:
    async with httpx.AsyncClient(verify=False, trust_env=False) as client:
        answer = await client.post(url, data={"_phone_number": "6504669999"})
        print(answer.raise_for_status().text)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
