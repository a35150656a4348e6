"""Exchanges in words: the sentences and texts that every face of the engine shows."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from gms_console.json_text.shortening import LONGEST_LINE, characters_more
from gms_console.model.answer import Answer, ProblemKind
from gms_console.model.exchange import Exchange, HeaderList, Response, Timing
from gms_console.model.slot import Slot
from gms_console.sizes import size_text


def status_line(exchange: Exchange, answer: Answer) -> str:
    """Say in one line how it went, as in `200 OK · 12 ms · 82 B`."""
    response, failure = exchange.response, exchange.failure
    parts = []
    if failure is not None:
        parts.append(failure.kind.heading)
    elif response is not None:
        parts.append(f"{response.status} {reason_text(response)}".strip())
        if answer.problem is not None and answer.problem.kind is ProblemKind.ERROR_INSIDE:
            parts.append("with an error inside")
        if answer.problem is not None and answer.problem.kind is ProblemKind.BROKEN_JSON:
            parts.append("with broken JSON")
        if answer.problem is not None and answer.problem.kind is ProblemKind.PAGE:
            parts.append("with an HTML page")
    parts.append(milliseconds(exchange.timing.total))
    if response is not None:
        parts.append(size_text(response.wire_size))
    return " · ".join(parts)


def status_meaning(exchange: Exchange, answer: Answer) -> str:
    """Say what an answer without a problem means; empty for one with a problem."""
    if answer.problem is not None or exchange.response is None:
        return ""
    if answer.state is not None:
        return f"State: {answer.state}"
    if answer.access is not None and answer.access.number is not None:
        return "Access number booked"
    if answer.id is not None:
        return "Instance created" if _is_create(exchange) else "Done"
    if not exchange.response.body:
        return "Done; the answer has no body"
    return (
        "Done; the answer has no id, so no request can follow" if _is_create(exchange) else "Done"
    )


def trouble_text(exchange: Exchange, answer: Answer) -> str:
    """Say how it went, and below that why, with the words of GMS where it has any."""
    said = answer.problem.said if answer.problem is not None else ""
    line = status_line(exchange, answer)
    return f"{line}\n{said}" if said else line


def _is_create(exchange: Exchange) -> bool:
    return not exchange.operation.instance_id


def reason_text(response: Response) -> str:
    """Give the reason that came with a status, or the standard one where none came."""
    try:
        return response.reason or HTTPStatus(response.status).phrase
    except ValueError:
        return ""


def milliseconds(value: float | None) -> str:
    """Write a time in ms, or in seconds above ten of them; a dash for a phase not gone through."""
    if value is None:
        return "–"
    if value >= 10_000:
        return f"{value / 1000:,.1f} s"
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def seconds_text(seconds: float) -> str:
    """Write a duration as `42 s`, `3 min 05 s` or `2 h 07 min`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def slot_text(slot: Slot) -> str:
    """Write a slot in the reader's own zone, as in `Wed 25 Nov 2026 09:30 CET · 3 free`."""
    when = slot.time if slot.at is None else f"{slot.at.astimezone():%a %d %b %Y %H:%M %Z}"
    if slot.free is None:
        return when
    return f"{when} · {slot.free} free" if slot.free else f"{when} · full"


def _shortened(line: str) -> str:
    over = len(line) - LONGEST_LINE
    return line if over <= 0 else f"{line[:LONGEST_LINE]} «{characters_more(over)}»"


def headers_text(exchange: Exchange) -> str:
    """Give both heads as they were on the wire, in order and with duplicates."""
    response = exchange.response
    request = exchange.request
    sent = f"{request.method} {request.url} {request.http_version}\n{_lines(request.headers)}"
    if response is None:
        return sent
    head = f"{response.http_version} {response.status} {response.reason}".rstrip()
    return f"{head}\n{_lines(response.headers)}\n\n— sent —\n{sent}"


def request_text(exchange: Exchange) -> str:
    """Give the request as it was sent, each file's content as a placeholder."""
    request = exchange.request
    return (
        f"{request.method} {request.url} {request.http_version}\n"
        f"{_lines(request.headers)}\n\n{request.body_preview}"
    )


def _lines(headers: HeaderList) -> str:
    return "\n".join(_shortened(f"{name}: {value}") for name, value in headers)


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of time as it stands on an axis of ms from the start of the request.

    A `mark` is no phase of its own: it counts from the start to a moment that has a name.
    """

    name: str
    start: float
    length: float
    mark: bool = False

    @property
    def end(self) -> float:
        """Where it ends, in ms from the start."""
        return self.start + self.length

    @property
    def text(self) -> str:
        """Name it with its figures, as in `TLS: 12 ms, from 30 ms to 42 ms`."""
        if self.mark:
            return f"{self.name} after {milliseconds(self.length)}"
        span = f"from {milliseconds(self.start)} to {milliseconds(self.end)}"
        return f"{self.name}: {milliseconds(self.length)}, {span}"


FIRST_BYTE, TOTAL = "first byte", "total"
"""Names of the marks of a waterfall."""


def phase_lengths(timing: Timing) -> tuple[tuple[str, float | None], ...]:
    """Give the phases by name, in order, in ms; None where one did not take place."""
    return (
        ("connect", timing.connect),
        ("TLS", timing.tls),
        ("send", timing.send),
        ("wait for first byte", timing.wait),
        ("receive", timing.receive),
    )


def waterfall(timing: Timing) -> tuple[Phase, ...]:
    """Give the phases that took place, one after the other, and then the marks.

    The first byte is marked where one came, the total always. Phases that were measured apart
    may leave a rest of the total that belongs to none of them.
    """
    phases: list[Phase] = []
    at = 0.0
    for name, length in phase_lengths(timing):
        if length is not None:
            phases.append(Phase(name, at, length))
            at += length
    if timing.receive is not None:
        phases.append(Phase(FIRST_BYTE, 0.0, at - timing.receive, mark=True))
    phases.append(Phase(TOTAL, 0.0, timing.total, mark=True))
    return tuple(phases)


def timing_text(exchange: Exchange) -> str:
    """Give the phases by name, the start with its zone, and the total."""
    timing = exchange.timing
    lines = [f"started   {exchange.started.isoformat(timespec='milliseconds')}", ""]
    lines += [
        f"{name:<20}{milliseconds(value):>12}"
        for name, value in (*phase_lengths(timing), (TOTAL, timing.total))
    ]
    return "\n".join(lines)
