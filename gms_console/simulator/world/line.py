"""Who waits for an agent, in the order in which they are served."""

import bisect
import math
from dataclasses import dataclass, field
from typing import Protocol


class Keeper(Protocol):
    """Who lets turns come and end as time goes on."""

    def settle(self, now: float) -> None:
        """Let everything happen that is due by now."""

    def hold(self, turn: "Turn", until: float, now: float) -> None:
        """Let a turn last until then."""

    def seconds_left(self, turn: "Turn", now: float) -> float | None:
        """Estimate how long a turn waits yet; None while nobody knows."""


@dataclass(eq=False)
class Turn:
    """One who waits for an agent, is served, or was. Times are readings of the clock.

    It stands in the line from `since` on and is served at `earliest`, or later when nobody is free
    then. It keeps its agent for `seconds`, or until `until` where that is known. `group` is the
    service whose suspension holds it back, empty for none. `at` is when the agent came and
    `agent` who; both stay known when it is `over`.
    """

    key: str
    group: str
    since: float
    earliest: float
    seconds: float
    until: float | None = None
    at: float | None = None
    agent: str = ""
    over: bool = False
    number: int = 0
    keeper: Keeper | None = field(default=None, repr=False)

    def ready(self, now: float) -> float:
        """Return when the agent came; infinity as long as none has."""
        if self.keeper is not None and self.waits:
            self.keeper.settle(now)
        return math.inf if self.at is None else self.at

    def hold(self, until: float, now: float) -> None:
        """Let it last until then, be it served or still waiting."""
        if self.keeper is not None:
            self.keeper.hold(self, until, now)

    def seconds_left(self, now: float) -> float | None:
        """Estimate how long it waits yet; None while nobody knows."""
        return None if self.keeper is None else self.keeper.seconds_left(self, now)

    @property
    def waits(self) -> bool:
        """Whether its agent has not come yet."""
        return self.at is None and not self.over


class Line:
    """The waiting turns in order of `since`, in all and by group; places are found by halving."""

    def __init__(self) -> None:
        self._all: list[tuple[float, int, Turn]] = []
        self._groups: dict[str, list[tuple[float, int, Turn]]] = {}

    def add(self, turn: Turn) -> None:
        """Put a turn where its time places it."""
        entry = (turn.since, turn.number, turn)
        bisect.insort(self._all, entry)
        bisect.insort(self._groups.setdefault(turn.group, []), entry)

    def remove(self, turn: Turn) -> None:
        """Take a turn out that is in it."""
        for entries in (self._all, self._groups[turn.group]):
            del entries[bisect.bisect_left(entries, (turn.since, turn.number))]
        if not self._groups[turn.group]:
            del self._groups[turn.group]

    def before(self, turn: Turn) -> int:
        """Return how many stand before a turn."""
        return bisect.bisect_left(self._all, (turn.since, turn.number))

    def length(self, now: float, group: str | None = None) -> int:
        """Return how many have come by now; of one group, or of all."""
        entries = self._all if group is None else self._groups.get(group, [])
        return bisect.bisect_right(entries, (now, math.inf))

    def come(self, now: float) -> list[Turn]:
        """Return those who have come by now, the longest waiting first."""
        return [turn for _, _, turn in self._all[: self.length(now)]]
