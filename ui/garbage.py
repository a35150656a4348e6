"""Collects Python's garbage in the window's thread alone.

Python collects in whatever thread happens to allocate. The simulator and the workers have threads
of their own, and a widget or timer that is destroyed in one of them takes the program down.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 300

_put_off: list[object] = []


class WindowThreadCollector(QObject):
    """Stands in for the automatic collection while it is entered; as a context manager."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._collect)

    def __enter__(self) -> Self:
        gc.disable()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        """Collect the oldest generation that Python would have collected by now."""
        if _put_off:
            return
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return


@contextmanager
def put_off() -> Iterator[None]:
    """Collect nothing for now: a thread makes very many objects, and lets most of them go again.

    Going through all that it has under way would hold the window up for some tenths of a second,
    and find nothing.
    """
    held = object()
    _put_off.append(held)
    try:
        yield
    finally:
        _put_off.remove(held)


def settle() -> None:
    """Leave what the start has made out of all later collections: it stays to the end.

    A collection that goes through all modules and widgets holds the window up for a tenth of a
    second.
    """
    gc.collect()
    gc.freeze()
