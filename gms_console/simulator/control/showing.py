"""What the control shows, as JSON carries it."""

from dataclasses import is_dataclass
from datetime import UTC, datetime

from gms_console.simulator.breathing import breathe
from gms_console.simulator.control.view import ClockView, SimulatorView
from gms_console.simulator.web.received import ReceivedRequest

_PART = 50


def view_fields(view: SimulatorView) -> dict[str, object]:
    """Return the picture of the simulator; its keys are the names of the view's fields."""
    shown: dict[str, object] = {}
    for name, value in vars(view).items():
        shown[name] = _many(value) if isinstance(value, tuple) else _plain(value)
    return shown


def clock_fields(clock: ClockView) -> dict[str, object]:
    """Return the clock of the picture alone."""
    return {name: _plain(value) for name, value in vars(clock).items()}


def _many(values: tuple[object, ...]) -> list[object]:
    shown: list[object] = []
    for start in range(0, len(values), _PART):
        shown += [_plain(each) for each in values[start : start + _PART]]
        breathe()
    return shown


def request_fields(request: ReceivedRequest) -> dict[str, object]:
    """Return a received request; bytes as Latin-1 text, which loses none of them."""
    return {
        "number": request.number,
        "at": _moment(request.at),
        "node": request.node,
        "method": request.method,
        "target": request.target.decode("latin-1"),
        "headers": [
            [key.decode("latin-1"), text.decode("latin-1")] for key, text in request.headers
        ],
        "body": request.body.decode("latin-1"),
        "size": request.size,
        "complete": request.complete,
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    if is_dataclass(value):
        # They are flat and many: `asdict` would copy every value.
        return {
            name: _plain(each) if isinstance(each, datetime) else each
            for name, each in vars(value).items()
        }
    return value


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
