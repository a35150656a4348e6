"""What the view of a run says in words."""

from __future__ import annotations

from datetime import UTC, datetime

from gms_console.poll import Poll, PollOutcome

from ...flows.run_desk import RunDesk


def progress_text(desk: RunDesk) -> str:
    """Say how far a run has come."""
    verdicts = desk.model.verdicts
    done = verdicts.total()
    if desk.stopping:
        state = "Stopping, clean-up steps run"
    else:
        state = desk.marks.paused_text if desk.paused else "Running"
    requests = f"{desk.requests:,} request{'' if desk.requests == 1 else 's'}"
    if desk.cases <= 1:
        return f"{state} · {requests}"
    failed = sum(count for verdict, count in verdicts.items() if verdict.value != "passed")
    return f"{state} · {done:,} of {desk.cases:,} cases · {failed:,} failed · {requests}"


def poll_text(poll: Poll) -> str:
    """Say how a poll of a run stands, and when it asks again."""
    count = len(poll.timeline.attempts)
    attempts = "1 attempt" if count == 1 else f"{count} attempts"
    name = f"{poll.plan.request} on {poll.instance.id}"
    if poll.outcome is not None:
        if poll.outcome is PollOutcome.CANCELLED:
            return f"{name}: {poll.reason} after {attempts}"
        ended = "reached" if poll.outcome is PollOutcome.REACHED else poll.outcome.value
        if poll.reason and poll.reason != ended:
            ended = poll.reason if poll.reason == "stopped by hand" else f"{ended} ({poll.reason})"
        return f"{name}: {ended} after {attempts}"
    if poll.next_attempt is None:
        return f"{name}: {attempts}, one is under way"
    left = max((poll.next_attempt - datetime.now(UTC)).total_seconds(), 0.0)
    return f"{name}: {attempts}, the next in {left:.1f} s"
