"""The one owner of all tasks: starts, keeps and cancels them, and reports their errors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")

ErrorReport = Callable[[str, BaseException], None]


class TaskOwner:
    """Starts tasks under an owner's key, so that closing the owner ends what is its own.

    A task that ends with an error is reported, never forgotten.
    """

    def __init__(self, report: ErrorReport) -> None:
        self._report = report
        self._tasks: dict[asyncio.Task[Any], object] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, _T], *, name: str, owner: object) -> asyncio.Task[_T]:
        """Start `work` as a task that belongs to `owner`."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks[task] = owner
        task.add_done_callback(self._done)
        return task

    def cancel(self, owner: object) -> list[asyncio.Task[Any]]:
        """Cancel what belongs to `owner`, without waiting; return the tasks."""
        tasks = [task for task, own in self._tasks.items() if own is owner]
        for task in tasks:
            task.cancel()
        return tasks

    async def close(self, owner: object) -> None:
        """Cancel what belongs to `owner` and wait until it has ended."""
        tasks = self.cancel(owner)
        if tasks:
            await asyncio.wait(tasks)

    async def close_all(self) -> None:
        """Cancel every task and wait until all have ended, except the one that asks."""
        current = asyncio.current_task()
        while tasks := [task for task in self._tasks if task is not current]:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._report(task.get_name(), error)
