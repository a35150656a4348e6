"""What a coroutine waits for, and another thread gives."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Promise(Generic[_T]):
    """A value that comes from another thread, for a coroutine of the loop that runs now."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[_T] = self._loop.create_future()

    def give(self, value: _T) -> None:
        """Give the value, from whatever thread; who waited may be gone."""
        with suppress(RuntimeError):  # the loop has been closed
            self._loop.call_soon_threadsafe(self._set, value)

    def _set(self, value: _T) -> None:
        if not self._future.done():
            self._future.set_result(value)

    async def kept(self) -> _T:
        """Wait for it; others may do so as well."""
        return await asyncio.shield(self._future)
