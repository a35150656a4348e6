"""Waits for what a step of the tour brings about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_PATIENCE = 20.0
"""Seconds that one step may take before the tour gives up."""


class TourError(Exception):
    """A step of the tour did not come to its end."""


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition; raises TourError when it does not come."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while not condition():
        if loop.time() > end:
            raise TourError(f"waited {_PATIENCE:g} s for {what}")
        await asyncio.sleep(0.02)
