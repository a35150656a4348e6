"""The Replay: a recording in the place of the live session, and what can be pressed to play it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.journey.events import Sent
from gms_console.journey.player import Player
from gms_console.journey.recording import RecordingError, read_recording
from gms_console.journey.screen_mask import ScreenMask
from gms_console.model.answer import read_answer

from ..sharing import known_secrets

if TYPE_CHECKING:
    from gms_console.catalogue import Catalogue

    from ..console import Console
    from ..services import ServiceDesk

TICK_MS = 50
"""How often a replay moves on; the eye takes it for steady."""

CATALOGUE_SECONDS = 10.0
"""How long a recording waits for the catalogue."""


class Replay(QObject):
    """Plays one recording at a time, and sends nothing.

    `shown` comes when another part of the story stands there, `changed` when other things can be
    pressed, `moved` when only the position went on. `player` is None while there is no recording,
    `chosen` the id of the customer whose story alone is told, and `mask` hides what it learnt.
    """

    shown = Signal()
    changed = Signal()
    moved = Signal()

    def __init__(
        self, console: Console, parent: QObject, clock: Callable[[], float] | None = None
    ) -> None:
        """`clock` gives the seconds that it goes by; None for the machine's."""
        super().__init__(parent)
        self._console = console
        self._clock = clock
        self.player: Player | None = None
        self.mask = ScreenMask()
        self.chosen = ""
        self._opening: asyncio.Task[None] | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    def open(self, file: Path) -> None:
        """Show a recording in the place of the live session, which is left as it is."""
        if self._opening is not None:
            self._opening.cancel()
        self._opening = self._console.session.tasks.start(
            self._open(file), name="open the recording", owner=self
        )

    async def _open(self, file: Path) -> None:
        say = self._console.message.emit
        catalogue = await catalogue_of(self._console.services)
        secrets = known_secrets(self._console)
        say(f"Opening {file.name} …")
        try:
            player, mask = await asyncio.to_thread(
                read_replay, file, catalogue, secrets, self._clock
            )
        except (RecordingError, OSError) as error:
            say(f"Not opened. {trouble_of(file, error)}")
            return
        if not player.recording.events:
            say(f"Not opened. Nothing happened while {file.name} was recorded.")
            return
        self.player, self.mask, self.chosen = player, mask, ""
        self.shown.emit()
        say(player.recording.note or f"Opened {file.name}. Nothing is sent while it plays.")

    def close(self) -> None:
        """Go back to the live session."""
        if self.player is not None:
            self._tick.stop()
            self.player = None
            self.shown.emit()

    def rest(self) -> None:
        """Move on no more by itself, as the window closes."""
        self._tick.stop()

    def choose_customer(self, customer: str) -> None:
        """Tell of one customer alone, by id, or of all of them again."""
        if self.player is not None:
            self.chosen = customer
            self.player.follow(customer)

    # --- what is pressed -------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play on, or pause."""
        if self.player is None:
            return
        if self.player.playing:
            self.pause()
        else:
            self.player.play()
            self._tick.start()
            self.shown.emit()

    def pause(self) -> None:
        """Stay where it is."""
        if self.player is not None:
            self.player.pause()
            self._tick.stop()
            self.shown.emit()

    def seek(self, position: float) -> None:
        """Go to a place of the recording."""
        if self.player is not None:
            self.player.seek(position)
            self.shown.emit()

    def step(self, direction: int) -> None:
        """Go to the next step of the story, or to the one before."""
        if self.player is not None:
            self.player.step(direction)
            self.shown.emit()

    def go_to(self, number: int) -> None:
        """Go to where a step of the story came, by its number."""
        if self.player is not None:
            self.player.seek_step(number)
            self.shown.emit()

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast."""
        if self.player is not None:
            self.player.set_speed(speed)
            self.changed.emit()

    def faster(self, steps: int) -> None:
        """Play at the next speed, or the one before."""
        if self.player is not None:
            self.player.faster(steps)
            self.changed.emit()

    def set_short_waits(self, *, on: bool) -> None:
        """Cut long waits short, or play them as they were."""
        if self.player is not None:
            self.player.set_short_waits(on=on)
            self.changed.emit()

    def _on_tick(self) -> None:
        player = self.player
        if player is None:
            self._tick.stop()
            return
        count, customer = player.journey.count, player.journey.current
        moved = player.advance()
        if not player.playing:
            self._tick.stop()
        news = player.journey.count != count or player.journey.current is not customer
        if news or not player.playing:
            self.shown.emit()
        elif moved:
            self.moved.emit()


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
