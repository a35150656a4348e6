"""Opens recordings for the presenter layout: read, folded and masked away from the window."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.journey.events import Sent
from gms_console.journey.player import Player
from gms_console.journey.recording import read_recording
from gms_console.journey.screen_mask import ScreenMask
from gms_console.model.answer import read_answer

if TYPE_CHECKING:
    from gms_console.catalogue import Catalogue

    from ..services import ServiceDesk

CATALOGUE_SECONDS = 10.0
"""How long a recording waits for the catalogue."""


def read_replay(
    file: Path,
    catalogue: Catalogue | None,
    secrets: Iterable[str],
    clock: Callable[[], float] | None,
) -> tuple[Player, ScreenMask]:
    """Read a recording; give what plays it, and what hides its numbers and codes.

    With a long one that takes seconds: it is for a thread. Raises RecordingError and OSError.
    """
    recording = read_recording(file)
    mask = ScreenMask(secrets)
    for timed in recording.events:
        if isinstance(timed.event, Sent):
            mask.learn(timed.event.exchange, read_answer(timed.event.exchange))
    return Player(recording, catalogue, clock or time.monotonic), mask


async def catalogue_of(services: ServiceDesk) -> Catalogue | None:
    """Give the catalogue; at the start of the console it may still be on its way."""
    if services.catalogue is None:
        came = asyncio.Event()
        services.catalogue_changed.connect(came.set)
        try:
            await asyncio.wait_for(came.wait(), CATALOGUE_SECONDS)
        except TimeoutError:
            return None  # the story is told in words of our own
        finally:
            services.catalogue_changed.disconnect(came.set)
    return services.catalogue


def trouble_of(file: Path, error: Exception) -> str:
    """Say why a recording cannot be opened."""
    if isinstance(error, OSError):
        return f"{file.name} cannot be read: {error.strerror or error}"
    return str(error)
