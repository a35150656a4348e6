"""What exports call the variables that are built in, and what a flow calls them."""

from __future__ import annotations

import re

_UNITS = (("d", 86_400.0), ("h", 3600.0), ("m", 60.0), ("s", 1.0))
_AT = re.compile(r"\$\(at (-?[0-9.e+]+)\)")
_NUMBER = re.compile(r"(?:minus_)?\d+(?:_\d+)?(?:e\+\d+)?")


def built_in(name: str, seconds: str | None) -> str:
    """Give the flow's name of `uuid`, `counter` or `now`; seconds as `900` or `minus_1_5`."""
    if name != "now" or not seconds or _NUMBER.fullmatch(seconds) is None:
        return f"${name}"
    offset = float(seconds.replace("minus_", "-").replace("_", "."))
    if not offset:
        return "$now"
    size = abs(offset)
    unit, length = next((one for one in _UNITS if size % one[1] == 0), ("ms", 0.001))
    return f"$now{'-' if offset < 0 else '+'}{round(size / length)}{unit}"


def with_named_times(command: str) -> str:
    """Put variables in the place of the times that a script for bash makes: `$(at 900)`."""
    return _AT.sub(lambda found: f"${{{_moment(found[1])}}}", command)


def of_bash(name: str) -> str:
    """Give the flow's name of a variable of the script that is built in; empty for another."""
    if name in {"uuid", "counter"}:
        return built_in(name, None)
    seconds = name.removeprefix(_TIME)
    return "" if seconds == name else built_in("now", seconds.replace("_plus_", "e+"))


_TIME = "gms_time_"


def _moment(seconds: str) -> str:
    number = seconds.replace("-", "minus_").replace(".", "_").replace("e+", "_plus_")
    return f"{_TIME}{number}"
