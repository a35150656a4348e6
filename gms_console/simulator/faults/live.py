"""The faults in force, which can be edited while requests come in."""

import random
import threading
from dataclasses import dataclass, replace

from gms_console.simulator.control.view import FaultView
from gms_console.simulator.faults import words
from gms_console.simulator.faults.plan import Asked, Effect, Fault, FaultPlan


class UnknownFaultError(Exception):
    """There is no fault of that number, or no longer."""

    def __init__(self, number: int) -> None:
        super().__init__(f"there is no fault {number}")


@dataclass
class _Entry:
    """A fault with its number, which it keeps, and its counts."""

    number: int
    fault: Fault
    seen: int = 0
    hits: int = 0


class LiveFaults:
    """A plan that is being played and edited. Safe to use from any thread.

    Each fault counts as `seen` every request that it covers, also when an earlier one wins, and
    as `hits` those that it did something to. Numbers count up from 1 and are never used again.
    """

    def __init__(self, plan: FaultPlan | None = None) -> None:
        self._lock = threading.Lock()
        self._entries: list[_Entry] = []
        self._last = 0
        self._seed: int | None = None
        self._chance = random.Random()  # noqa: S311 - chance of a rehearsal, nothing secret
        self.load(plan or FaultPlan())

    def next(self, asked: Asked) -> Effect | None:
        """Count a request and return what shall go wrong with it, its delay drawn."""
        winner: Fault | None = None
        with self._lock:
            for entry in self._entries:
                fault = entry.fault
                if not fault.enabled or not fault.covers(asked):
                    continue
                entry.seen += 1
                if winner is None and fault.hits(entry.seen) and self._happens(fault.probability):
                    entry.hits += 1
                    winner = fault
            return None if winner is None else self._drawn(winner.then)

    def load(self, plan: FaultPlan) -> None:
        """Put a plan in force in place of all there was."""
        with self._lock:
            self._seed = plan.seed
            self._chance.seed(plan.seed)
            self._entries = [self._entry(fault) for fault in plan.faults]

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._entries = []

    def begin(self) -> None:
        """Count from zero, and let chance begin anew where it has a seed."""
        with self._lock:
            self._chance.seed(self._seed)
            for entry in self._entries:
                entry.seen = entry.hits = 0

    def add(self, fault: Fault, *, first: bool = False) -> int:
        """Add a fault behind the others, or before them, and return its number."""
        with self._lock:
            entry = self._entry(fault)
            self._entries.insert(0 if first else len(self._entries), entry)
            return entry.number

    def replace(self, number: int, fault: Fault) -> None:
        """Put a fault in the place of another; it counts from zero."""
        with self._lock:
            self._entries[self._place(number)] = _Entry(number, fault)

    def remove(self, number: int) -> None:
        """Remove a fault; raises UnknownFaultError as the other edits do."""
        with self._lock:
            del self._entries[self._place(number)]

    def set_enabled(self, number: int, enabled: bool) -> None:
        """Switch a fault on or off; its counts stay."""
        with self._lock:
            entry = self._entries[self._place(number)]
            entry.fault = replace(entry.fault, enabled=enabled)

    def fault(self, number: int) -> Fault:
        """Return one fault."""
        with self._lock:
            return self._entries[self._place(number)].fault

    def plan(self) -> FaultPlan:
        """Return what is in force, as a file keeps it."""
        with self._lock:
            return FaultPlan(tuple(entry.fault for entry in self._entries), self._seed)

    def views(self) -> tuple[FaultView, ...]:
        """Return all faults in words, in order of precedence."""
        with self._lock:
            return tuple(_in_words(entry) for entry in self._entries)

    def rows(self) -> list[tuple[FaultView, Fault]]:
        """Return all faults in words and as they are, of one moment."""
        with self._lock:
            return [(_in_words(entry), entry.fault) for entry in self._entries]

    def row(self, number: int) -> tuple[FaultView, Fault]:
        """Return one fault in words and as it is."""
        with self._lock:
            entry = self._entries[self._place(number)]
            return _in_words(entry), entry.fault

    def _entry(self, fault: Fault) -> _Entry:
        self._last += 1
        return _Entry(self._last, fault)

    def _place(self, number: int) -> int:
        for place, entry in enumerate(self._entries):
            if entry.number == number:
                return place
        raise UnknownFaultError(number)

    def _happens(self, probability: float) -> bool:
        return probability >= 1 or self._chance.random() < probability

    def _drawn(self, effect: Effect) -> Effect:
        if not effect.jitter:
            return effect
        return replace(
            effect, delay=effect.delay + self._chance.uniform(0, effect.jitter), jitter=0.0
        )


def _in_words(entry: _Entry) -> FaultView:
    return FaultView(
        number=entry.number,
        where=words.where(entry.fault),
        when=words.when(entry.fault),
        what=words.what(entry.fault.then),
        enabled=entry.fault.enabled,
        seen=entry.seen,
        hits=entry.hits,
    )
