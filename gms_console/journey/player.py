"""Plays a recording: at its own pace or faster, and from any place of it."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from gms_console.journey.journey import Customer, Journey
from gms_console.journey.recording import Recording

if TYPE_CHECKING:
    from gms_console.catalogue import Catalogue

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)

LONGEST_WAIT = 2.0
"""Seconds of a wait that are played where waits are cut short."""

SNAPSHOT_EVERY = 128
"""Events between two journeys that are kept, from which a seek goes on, at least."""

MOST_SNAPSHOTS = 64
"""Journeys that are kept, so that a recording of many customers stays small in memory."""


class Player:
    """Where a recording is played, and the Journey up to there.

    It starts nothing by itself: who shows it calls `advance` from time to time, and looks at
    `journey`. `clock` gives seconds, by default of the machine; tests have one of their own.
    """

    def __init__(
        self,
        recording: Recording,
        catalogue: Catalogue | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Fold the whole once, for the marks; with a long recording that is for a thread."""
        self.recording = recording
        self._clock = clock
        self._times = [one.at for one in recording.events]
        self._every = max(SNAPSHOT_EVERY, -(-len(self._times) // MOST_SNAPSHOTS))
        self._snapshots: list[Journey] = []
        self._step_times: list[float] = []
        self._step_customers: list[str] = []
        self._whole = self._fold_all(catalogue)
        self._marks: list[float] = []
        self.follow("")
        self._played = _cut_times(self._times, LONGEST_WAIT)
        self._speed = 1.0
        self._short_waits = False
        self._playing = False
        self._position = 0.0
        self._since = 0.0
        self._from = 0.0
        self._journey = self._snapshots[0].copy()
        self._done = 0
        self._fold_to(self._count_at(0.0))

    # --- how it stands ---------------------------------------------------------------------------

    @property
    def duration(self) -> float:
        """Seconds of the whole recording."""
        return self.recording.duration

    @property
    def position(self) -> float:
        """Seconds from the start of the recording to where it stands."""
        return self._position

    @property
    def marks(self) -> Sequence[float]:
        """When each step of the story came, in order, for the scrubber and the arrow keys."""
        return self._marks

    @property
    def customers(self) -> Mapping[str, Customer]:
        """All customers of the recording by their ids, as they are at its end."""
        return self._whole.customers

    def follow(self, customer: str) -> None:
        """Have marks for the steps of one customer, by id, alone; empty for all of them."""
        steps = zip(self._step_times, self._step_customers, strict=True)
        self._marks = sorted({at for at, whose in steps if customer in {"", whose}})

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._playing

    @property
    def at_end(self) -> bool:
        """Whether nothing is left to play."""
        return self._position >= self.duration

    @property
    def speed(self) -> float:
        """How many times as fast as it was recorded."""
        return self._speed

    @property
    def short_waits(self) -> bool:
        """Whether waits are cut short."""
        return self._short_waits

    @property
    def journey(self) -> Journey:
        """The journey up to where it stands."""
        return self._journey

    # --- going on --------------------------------------------------------------------------------

    def play(self) -> None:
        """Go on from here; from the start where it had come to its end."""
        if self.at_end:
            self.seek(0.0)
        self._playing = True
        self._anchor()

    def pause(self) -> None:
        """Stay here."""
        self.advance()
        self._playing = False

    def advance(self) -> bool:
        """Go to where it should be by now; say whether that is another place. It ends by itself."""
        if not self._playing:
            return False
        passed = (self._clock() - self._since) * self._speed
        before = self._position
        self._go(min(self._recorded(self._from + passed), self.duration))
        if self.at_end:
            self._playing = False
        return self._position != before or not self._playing

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast from here on."""
        self.advance()
        self._speed = min(max(speed, SPEEDS[0]), SPEEDS[-1])
        self._anchor()

    def faster(self, steps: int) -> None:
        """Take the next higher speed, or with -1 the next lower one."""
        place = min(range(len(SPEEDS)), key=lambda one: abs(SPEEDS[one] - self._speed))
        self.set_speed(SPEEDS[min(max(place + steps, 0), len(SPEEDS) - 1)])

    def set_short_waits(self, *, on: bool) -> None:
        """Play no wait longer than LONGEST_WAIT from here on, or each as it was."""
        self.advance()
        self._short_waits = on
        self._anchor()

    # --- anywhere --------------------------------------------------------------------------------

    def seek(self, position: float) -> None:
        """Go to another place, forth or back."""
        self._go(min(max(position, 0.0), self.duration))
        self._anchor()

    def step(self, direction: int) -> None:
        """Go to the next step of the journey (1) or to the one before (-1)."""
        if direction > 0:
            place = bisect_right(self._marks, self._position)
            self.seek(self._marks[place] if place < len(self._marks) else self.duration)
        else:
            place = bisect_left(self._marks, self._position) - 1
            self.seek(self._marks[place] if place >= 0 else 0.0)

    def seek_step(self, number: int) -> None:
        """Go to where a step of the journey came, by its number."""
        if 1 <= number <= len(self._step_times):
            self.seek(self._step_times[number - 1])

    # --- within ----------------------------------------------------------------------------------

    def _fold_all(self, catalogue: Catalogue | None) -> Journey:
        journey = Journey(catalogue)
        for number, timed in enumerate(self.recording.events):
            if number % self._every == 0:
                self._snapshots.append(journey.copy())
            new = -journey.count
            journey.take(timed.event)
            new += journey.count
            if new:
                self._step_times += [timed.at] * new
                self._step_customers += [journey.steps[-1].customer] * new
        if not self._snapshots:
            self._snapshots.append(journey)
        return journey

    def _count_at(self, position: float) -> int:
        return bisect_right(self._times, position)

    def _go(self, position: float) -> None:
        self._position = position
        wanted = self._count_at(position)
        nearest = min(wanted // self._every, len(self._snapshots) - 1)
        if wanted < self._done or nearest * self._every > self._done:
            self._journey = self._snapshots[nearest].copy()
            self._done = nearest * self._every
        self._fold_to(wanted)

    def _fold_to(self, wanted: int) -> None:
        for timed in self.recording.events[self._done : wanted]:
            self._journey.take(timed.event)
        self._done = wanted

    def _anchor(self) -> None:
        """Count from here on, by the clock."""
        self._since = self._clock()
        self._from = self._shown(self._position)

    def _shown(self, position: float) -> float:
        """Give when a place is come to in playing, waits cut short where that is wanted."""
        return _between(self._times, self._played, position) if self._short_waits else position

    def _recorded(self, shown: float) -> float:
        """Give the place that is come to at a time in playing."""
        return _between(self._played, self._times, shown) if self._short_waits else shown


def _cut_times(times: Sequence[float], longest: float) -> list[float]:
    """Give when each event is played where no wait between two is longer than that."""
    made: list[float] = []
    total = 0.0
    for before, after in pairwise([0.0, *times]):
        total += min(after - before, longest)
        made.append(total)
    return made


def _between(known: Sequence[float], other: Sequence[float], value: float) -> float:
    """Read `other` at `value` of `known`, straight from one event to the next."""
    place = bisect_left(known, value)
    if place >= len(known):
        return other[-1] + value - known[-1] if known else value
    high, there = known[place], other[place]
    low, here = (known[place - 1], other[place - 1]) if place else (0.0, 0.0)
    return there if high <= low else here + (there - here) * (value - low) / (high - low)
