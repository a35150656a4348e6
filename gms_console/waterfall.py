"""The phases of an Exchange and of the redirects that led to it, on one axis of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gms_console.model.exchange import Exchange
from gms_console.presentation import FIRST_BYTE, Phase, milliseconds, reason_text, waterfall

NO_PHASE = "other"
"""Name of the part of a total that belongs to no phase, such as keeping a body on the disk."""

_LEAST_SHOWN, _LEAST_SHARE = 0.5, 0.02
"""Milliseconds, and share of the total, from which on such a part is told."""

_PHASE_OF_FAILURE = {"look-up": "connect", "tls": "TLS", "wait": "wait for first byte"}


@dataclass(frozen=True, slots=True)
class Hop:
    """One Exchange of the way. Times are in ms from the start of the first hop.

    `first_byte` is where the first byte of its answer came; None where none did. `kept` says that
    an open connection was used, so that there was nothing to connect. `stopped` names the phase
    that it failed in; empty where it did not fail.
    """

    title: str
    start: float
    phases: tuple[Phase, ...]
    first_byte: float | None
    end: float
    kept: bool
    stopped: str

    @property
    def total(self) -> float:
        """Milliseconds that this hop took."""
        return self.end - self.start


def hops_on_axis(exchange: Exchange) -> tuple[Hop, ...]:
    """Lay an Exchange out after the redirects that led to it, oldest first; the last is itself."""
    hops = exchange.hops
    begun = hops[0].started
    found: list[Hop] = []
    for one in hops:
        apart = (one.started - begun).total_seconds() * 1000
        # A clock that was set back must not turn the order round.
        found.append(_hop(one, max(apart, found[-1].end if found else 0.0)))
    return tuple(found)


def _hop(exchange: Exchange, start: float) -> Hop:
    timing, failure = exchange.timing, exchange.failure
    bars = waterfall(timing)
    phases = [replace(bar, start=start + bar.start) for bar in bars if not bar.mark]
    measured = phases[-1].end if phases else start
    rest = start + timing.total - measured
    if rest > max(_LEAST_SHOWN, _LEAST_SHARE * timing.total):
        phases.append(Phase(NO_PHASE, measured, rest))
    first = next((bar.length for bar in bars if bar.name == FIRST_BYTE), None)
    at = failure.phase if failure is not None else ""
    return Hop(
        title=_title(exchange),
        start=start,
        phases=tuple(phases),
        first_byte=None if first is None else start + first,
        end=max(start + timing.total, measured),
        kept=timing.connect is None and timing.send is not None,
        stopped=_PHASE_OF_FAILURE.get(at, at),
    )


def _title(exchange: Exchange) -> str:
    response, failure = exchange.response, exchange.failure
    if failure is not None:
        outcome = failure.kind.value
    elif response is not None:
        outcome = f"{response.status} {reason_text(response)}".rstrip()
    else:
        outcome = "no answer"
    return f"{outcome} – {exchange.request.method} {exchange.request.url}"


def spoken(hops: tuple[Hop, ...]) -> str:
    """Say the whole in words, for those who cannot see it."""
    return " ".join(_spoken(hop, place, len(hops)) for place, hop in enumerate(hops, start=1))


def _spoken(hop: Hop, place: int, count: int) -> str:
    begin = f"Request {place} of {count}, {hop.title}: " if count > 1 else ""
    parts = ["kept connection"] if hop.kept else []
    for phase in hop.phases:
        failed = " and failed" if phase.name == hop.stopped else ""
        parts += [f"{phase.name} {milliseconds(phase.length)}{failed}"]
    if hop.first_byte is not None:
        parts.append(f"first byte after {milliseconds(hop.first_byte - hop.start)}")
    parts.append(f"total {milliseconds(hop.total)}")
    return f"{begin}{', '.join(parts)}."


def marks_text(hops: tuple[Hop, ...]) -> str:
    """Give where the first byte came, and of redirects the times of each; as timing_text goes on.

    Empty where no byte came.
    """
    if len(hops) == 1:
        return "\n".join(_marks(hops[0]))
    lines: list[str] = []
    for place, hop in enumerate(hops, start=1):
        lines += ["", f"{place}. {hop.title}", *_marks(hop), _figure("total", hop.total)]
    lines += ["", _figure("total of all", hops[-1].end)]
    return "\n".join(lines[1:])


def _marks(hop: Hop) -> Iterator[str]:
    if hop.first_byte is not None:
        yield _figure("first byte after", hop.first_byte - hop.start)
    for phase in hop.phases:
        if phase.name == NO_PHASE:
            yield _figure("in no phase", phase.length)


def _figure(name: str, value: float) -> str:
    return f"{name:<20}{milliseconds(value):>12}"
