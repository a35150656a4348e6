"""Tells what a flow that is being run sends from what a person sends beside it."""

from __future__ import annotations

from contextvars import ContextVar

_IN_RUN: ContextVar[bool] = ContextVar("_IN_RUN", default=False)
"""Set in the task of a run: the tasks that it starts inherit it, as that of a poll does."""


def enter_run() -> None:
    """Say that this task, and all that it starts from now on, belongs to a run."""
    _IN_RUN.set(True)


def in_run() -> bool:
    """Whether what happens now was done by a run; to be asked where the Session tells of it."""
    return _IN_RUN.get()
