"""What both sides of `polls` and of `live` do, and the figures that both give of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Self

from bench.children.heartbeat import Heartbeat

SERVICE = "request-inbound-poll"


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many instances are polled how often and how long; times in seconds.

    `history` attempts came before, in the poll that a window shows.
    """

    instances: int = 200
    every: float = 1.0
    seconds: float = 30.0
    history: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` gives."""
        instances, every, seconds, history = text.split(":")
        return cls(int(instances), float(every), float(seconds), int(history))

    def __str__(self) -> str:
        return f"{self.instances}:{self.every:g}:{self.seconds:g}:{self.history}"

    @property
    def ticks(self) -> int:
        """Attempts that each instance is due in that time."""
        return round(self.seconds / self.every)


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a schedule. Blocks and gaps in milliseconds, `cpu` in seconds.

    `missed` counts the attempts that began more than one interval after they were due, which
    is one interval after the attempt before.
    """

    fewest: int
    most: int
    missed: int
    longest_gap: float
    longest_block: float
    block_p99: float
    cpu: float

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        begun: Sequence[float],
        starts: Sequence[Sequence[float]],
        heart: Heartbeat,
        cpu: float,
    ) -> Self:
        """Take the figures: when each poll was begun, and when each of its attempts was."""
        # The last tick is due half an interval before the end at the latest.
        last = schedule.seconds - schedule.every / 2
        counts = [
            sum(at - own < last for at in attempts)
            for own, attempts in zip(begun, starts, strict=True)
        ]
        gaps = [
            after - before
            for own, attempts in zip(begun, starts, strict=True)
            for before, after in pairwise([own - schedule.every, *attempts])
        ]
        return cls(
            fewest=min(counts),
            most=max(counts),
            missed=sum(int(gap / schedule.every) - 1 for gap in gaps if gap >= 2 * schedule.every),
            longest_gap=max(gaps) * 1000,
            longest_block=heart.longest() * 1000,
            block_p99=heart.percentile(0.99) * 1000,
            cpu=cpu,
        )

    def as_dict(self) -> dict[str, float]:
        """Give the figures as JSON carries them."""
        return asdict(self)
