"""A Transfer in words, for whoever shows it."""

from __future__ import annotations

from gms_console.model.transfer import Progress
from gms_console.presentation import seconds_text

_PHASES = {
    "look-up": "Looking up the name",
    "connect": "Connecting",
    "tls": "TLS handshake",
    "send": "Sending",
    "wait": "Waiting for the answer",
    "receive": "Receiving",
    "redirect": "Going on",
}
_UNITS = (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024), ("B", 1))


def progress_text(progress: Progress) -> str:
    """Say what is under way, as in `Uploading 12.3 of 200.0 MiB, 48.0 MiB/s, 4 s left`."""
    if not _moves(progress):
        return f"{_hop(progress)}{_phase(progress)}, {progress.in_phase:.1f} s"
    done, whole = progress.counts.moving
    parts = [f"{_hop(progress)}{_phase(progress)} {_sizes(done, whole)}"]
    if progress.rate:
        parts.append(f"{_size(progress.rate)}/s")
    elif progress.rate is not None:
        parts.append("stands still")
    if progress.remaining is not None:
        parts.append(f"{seconds_text(progress.remaining)} left")
    return ", ".join(parts)


def spoken_text(progress: Progress) -> str:
    """Say it so that it changes seldom: by phase, and with each quarter of what is to come."""
    done, whole = progress.counts.moving
    said = f"{_hop(progress)}{_phase(progress)}"
    if not _moves(progress) or not whole:
        return said
    return f"{said}, {min(4, done * 4 // whole) * 25} %"


def share(progress: Progress) -> float | None:
    """Give how much is done, from 0 to 1; None where nobody knows."""
    done, whole = progress.counts.moving
    return min(1.0, done / whole) if _moves(progress) and whole else None


def _moves(progress: Progress) -> bool:
    counts = progress.counts
    return counts.phase == "receive" or (counts.phase == "send" and counts.to_send > 0)


def _phase(progress: Progress) -> str:
    counts = progress.counts
    if counts.phase == "send" and counts.to_send:
        return "Uploading"
    return _PHASES.get(counts.phase, counts.phase)


def _hop(progress: Progress) -> str:
    return f"Redirect {progress.hop}: " if progress.hop else ""


def _sizes(done: int, whole: int | None) -> str:
    """Give both sizes in the unit of the larger one, so that only the number changes."""
    if whole is None:
        return _size(done)
    unit, size = next(pair for pair in _UNITS if max(done, whole, 1) >= pair[1])
    return f"{_in(done, size)} of {_in(whole, size)} {unit}"


def _size(count: float) -> str:
    unit, size = next(pair for pair in _UNITS if max(count, 1) >= pair[1])
    return f"{_in(count, size)} {unit}"


def _in(count: float, size: int) -> str:
    return f"{count:,.0f}" if size == 1 else f"{count / size:,.1f}"
