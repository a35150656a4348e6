"""What a row of the history says, for the list, its tooltip and a screen reader."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from gms_console.history.rows import Entry, HistoryRow
from gms_console.model.exchange import OperationKind
from gms_console.model.timeline import Attempt
from gms_console.presentation import milliseconds, seconds_text

OUTCOME_WORDS = {
    "": "running",
    "reached": "reached",
    "failed": "failed",
    "ended": "ended",
    "out of time": "out of time",
    "out of attempts": "out of attempts",
    "too many errors": "too many errors",
    "refused": "refused",
    "cancelled": "stopped",
    "interrupted": "interrupted",
}
"""How a poll ended, as one word or two in a list."""

_ERRORS = frozenset({"failed", "too many errors", "refused"})


def is_poll(row: HistoryRow) -> bool:
    """Whether a row is a poll."""
    return row.entry is Entry.POLL


def is_bad(row: HistoryRow) -> bool:
    """Whether a row is marked as one with a problem."""
    return row.outcome in _ERRORS if is_poll(row) else not row.ok


def mark(row: HistoryRow) -> str:
    """Give the sign before a row, which says by its shape what its colour says."""
    if is_poll(row):
        return "↻"
    return "✓" if row.ok else "✕"


def short_title(row: HistoryRow) -> str:
    """Give the title for a narrow list: a service that is created is called by its name alone."""
    return row.title.removeprefix("create ") if row.kind is OperationKind.CREATE else row.title


def about(row: HistoryRow) -> str:
    """Give what a title lacks: the service of a request on an instance."""
    return "" if row.kind is OperationKind.CREATE else row.service or row.instance_id


def place(row: HistoryRow) -> str:
    """Name where it was sent, such as `qa · node-a`; a base URL that was typed by its host."""
    if row.environment:
        return " · ".join(part for part in (row.environment, row.node) if part)
    return row.url.partition("://")[2].partition("/")[0]


def result(row: HistoryRow) -> str:
    """Say what came of it: status or failure, state, and how a poll went."""
    parts = []
    if is_poll(row):
        times = f"{row.attempts}×"
        parts = [times, OUTCOME_WORDS.get(row.outcome, row.outcome)]
        if row.state:
            parts.append(row.state)
        return " · ".join(parts)
    came = str(row.status) if row.status is not None else row.failure or "no answer"
    return " · ".join(part for part in (came, row.state) if part)


def details(row: HistoryRow) -> str:
    """Give the second line: where, and what came of it."""
    return " · ".join(part for part in (place(row), result(row)) if part)


def duration(row: HistoryRow) -> str:
    """Give how long it took."""
    long = is_poll(row) and row.elapsed >= 60_000
    return seconds_text(row.elapsed / 1000) if long else milliseconds(row.elapsed)


def clock(at: datetime) -> str:
    """Give the time of a day, in the zone of this machine."""
    return f"{at.astimezone():%H:%M:%S}"


def moment(at: datetime) -> str:
    """Give day and time, such as `24 Nov 14:03:22`; another year is named."""
    local = at.astimezone()
    year = "" if local.year == datetime.now().astimezone().year else f" {local.year}"
    return f"{local.day} {local:%b}{year} {local:%H:%M:%S}"


def day_name(day: date, today: date) -> str:
    """Name a day as a heading does."""
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%A}, {day.day} {day:%B}{year}"


def spoken(row: HistoryRow) -> str:
    """Give what a screen reader says of a row."""
    kind = "Poll" if is_poll(row) else "Problem" if not row.ok else "Answered"
    parts = [f"{kind}: {row.title}", about(row), clock(row.started), details(row), duration(row)]
    if row.starred:
        parts.append("starred")
    if row.note:
        parts.append(f"note: {row.note}")
    return ", ".join(part for part in parts if part)


def tip(row: HistoryRow) -> str:
    """Give all that a row knows, one thing a line."""
    lines = [
        f"{row.title}, {moment(row.started)}",
        f"{row.method} {row.url}",
        details(row),
        f"{duration(row)}, {row.size:,} bytes",
    ]
    if row.instance_id:
        lines.insert(1, f"instance {row.instance_id}")
    if row.note:
        lines.append(row.note)
    return "\n".join(lines)


def attempt_title(attempt: Attempt) -> str:
    """Give what an attempt saw."""
    return f"#{attempt.number} {attempt.state or attempt.fault or 'no state'}"


def attempt_details(attempt: Attempt) -> str:
    """Give how long an attempt took, and what was wrong with it."""
    fault = attempt.fault if attempt.fault and attempt.state else ""
    return " · ".join(part for part in (milliseconds(attempt.elapsed), fault) if part)
