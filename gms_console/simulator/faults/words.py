"""A fault in words, for whoever reads the list of those in force."""

from gms_console.simulator.faults.durations import spoken
from gms_console.simulator.faults.plan import FOR_GOOD, Drop, Effect, Fault

_LONGEST = 60
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_DROPS = {
    Drop.BEFORE: "connection closed before the answer",
    Drop.HEADERS: "connection closed in the headers",
    Drop.BODY: "connection closed in the body",
}


def where(fault: Fault) -> str:
    """Say which requests a fault is about."""
    if fault.service == "*" and fault.request == "*":
        text = "every request"
    elif fault.request == "*":
        text = f"every request of {fault.service}"
    elif fault.service == "*":
        text = f"{fault.request} of every service"
    else:
        text = f"{fault.request} of {fault.service}"
    return text if fault.node == "*" else f"{text} at {fault.node}"


def when(fault: Fault) -> str:
    """Say which of these requests are hit."""
    if fault.nth:
        *before, last = [_ordinal(number) for number in fault.nth]
        text = f"the {', '.join(before)} and {last}" if before else f"the {last}"
    elif fault.every is not None and fault.every > 1:
        text = f"each {_ordinal(fault.every)}"
    else:
        text = "always"
    if fault.probability >= 1:
        return text
    percent = f"{fault.probability * 100:.4g} %"
    return percent if text == "always" else f"{text}, {percent} of them"


def what(effect: Effect) -> str:
    """Say what goes wrong."""
    parts = [part for part in (_late(effect), _kind(effect)) if part]
    return ", then ".join(parts) or "nothing"


def _late(effect: Effect) -> str:
    if not effect.delay and not effect.jitter:
        return ""
    if not effect.jitter:
        return f"{spoken(effect.delay)} late"
    return f"{spoken(effect.delay)} to {spoken(effect.delay + effect.jitter)} late"


def _kind(effect: Effect) -> str:  # noqa: C901, PLR0911 - one line for each kind
    if effect.status is not None:
        text = f"HTTP {effect.status}"
        return text if effect.body is None else f"{text}: {_short(effect.body)}"
    if effect.error_in_200 is not None:
        return f"200 with error: {_short(effect.error_in_200)}"
    if effect.stall is not None:
        return f"silent for {spoken(effect.stall)} in the body"
    if effect.drop is not None:
        return _DROPS[effect.drop]
    if effect.truncate is not None:
        return f"connection closed after {effect.truncate} bytes of the body"
    if effect.node_down is not None:
        lasts = "until switched on" if effect.node_down == FOR_GOOD else _lasting(effect.node_down)
        return f"node down {lasts}"
    if effect.garbage:
        return "garbage in the body"
    if effect.reset:
        return "connection reset"
    if effect.ors_down:
        return "ORS cannot be reached"
    if effect.session_lost:
        return "ORS has lost the session"
    if effect.pool_empty:
        return "no access number is free"
    return ""


def _lasting(seconds: float) -> str:
    return f"for {spoken(seconds)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else _ORDINALS.get(number % 10, "th")
    return f"{number}{ending}"
