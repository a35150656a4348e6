"""The process in which large bodies are read, so that the window never waits for it."""

from __future__ import annotations


class Worker:
    """One process of its own, started with the first question and ended by `close`.

    A question that takes too long ends the process; the next one starts another.
    """

    async def close(self) -> None:
        """End the process and wait for it."""
