"""Durations as a fault file and the words about it write them."""

from decimal import Decimal


def written(seconds: float) -> str:
    """Return a duration as a fault file has it: 500ms, 1.5s or 2m."""
    if seconds >= 60 and seconds % 60 == 0:
        return f"{int(seconds // 60)}m"
    if 0 < seconds < 1:
        return f"{_plain(Decimal(str(seconds)) * 1000)}ms"
    return f"{_plain(Decimal(str(seconds)))}s"


def spoken(seconds: float) -> str:
    """Return a duration for people: 500 ms, 1.5 s or 2 min."""
    text = written(seconds)
    number = text.rstrip("ms")
    unit = text.removeprefix(number)
    return f"{number} {'min' if unit == 'm' else unit}"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
