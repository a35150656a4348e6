"""The state timeline in words: for the readout under the mouse, and for those who cannot see it."""

from __future__ import annotations

from datetime import timedelta

from gms_console.model.timeline import Attempt
from gms_console.poll import Poll
from gms_console.presentation import milliseconds, seconds_text

from ..live import poll_result
from .timeline_layout import SpanBox, TimelineLayout, Track

EMPTY = "No poll yet. Choose an instance and start polling: its states appear here as they come."

_SPOKEN_SPANS = 12
"""Spans that are read out; the earlier ones are counted."""


def times(count: int) -> str:
    """Say how often."""
    return "once" if count == 1 else f"{count} times"


def seen_text(attempt: Attempt) -> str:
    """Say what an attempt saw: its state, or its fault with a mark."""
    if attempt.fault is not None:
        return f"✕ {attempt.fault}"
    return attempt.state or "no state in the answer"


def attempt_text(attempt: Attempt) -> str:
    """Say one attempt in words."""
    clock = attempt.started.astimezone().strftime("%H:%M:%S")
    seen = f"error: {attempt.fault}" if attempt.fault is not None else seen_text(attempt)
    return f"Attempt {attempt.number} at {clock}, {milliseconds(attempt.elapsed)}: {seen}"


def spoken(poll: Poll | None) -> str:
    """Say a whole timeline."""
    if poll is None or poll.started is None:
        return EMPTY
    shown = poll.timeline.spans[-_SPOKEN_SPANS:]
    earlier = len(poll.timeline.spans) - len(shown)
    spans = [f"{earlier} earlier states"] if earlier else []
    spans += [
        f"{span.state} seen {times(span.attempts)} from {span.first.astimezone():%H:%M:%S}"
        for span in shown
    ]
    return "; ".join(spans) or "No state seen yet"


def mark_text(seconds: float) -> str:
    """Write a mark of the axis: `5 s`, `1:05`, `1:02:05`."""
    if seconds < 60:
        return f"{seconds:g} s"
    whole = int(seconds)
    rest = f"{seconds - whole:.2f}".lstrip("0").rstrip("0").rstrip(".")
    minutes = f"{whole // 60 % 60}:{whole % 60:02}"
    return (f"{whole // 3600}:{minutes:0>5}" if whole >= 3600 else minutes) + rest


def readout(layout: TimelineLayout, track: Track, x: float, place: int) -> list[str]:
    """Say what stands at `x`: the time, the state, and the attempt at `place` (-1: none)."""
    attempts = track.poll.timeline.attempts
    seconds = track.at[place] if place >= 0 else layout.axis.seconds(x)
    moment = (track.start + timedelta(seconds=seconds)).astimezone()
    clock = f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03}"
    lines = [f"{clock} · {seconds:+.1f} s"]
    if place >= 0:
        attempt = attempts[place]
        lines.append(f"Attempt {attempt.number} · {milliseconds(attempt.elapsed)}")
        if attempt.fault is not None:
            lines.append(f"Error: {attempt.fault}")
    span = _span_at(layout, x if place < 0 else layout.axis.x(seconds))
    if span is not None:
        lines.append(_span_text(span))
    elif place < 0 and x > layout.end and not track.poll.running:
        return [poll_result(track.poll)]
    return lines


def _span_at(layout: TimelineLayout, x: float) -> SpanBox | None:
    return next((one for one in reversed(layout.spans) if one.left <= x <= one.right), None)


def _span_text(span: SpanBox) -> str:
    if span.count > 1:
        return f"{span.count} changes of state: zoom in"
    return f"{span.state}: {seconds_text(round(span.seconds))}, seen {times(span.attempts)}"
