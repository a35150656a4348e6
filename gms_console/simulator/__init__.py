"""A GMS to talk to when there is none: a server on the loopback address, with its own clock.

It shares no code with the rest of the console, so that each side checks the other. Names are
loaded on first use: importing this package costs nothing, `gms_console.simulator.server` brings
in the web server.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gms_console.simulator.clock import Clock
    from gms_console.simulator.controls import Controls
    from gms_console.simulator.fault_file import FaultFileError, load_faults
    from gms_console.simulator.faults import Effect, Fault, FaultPlan
    from gms_console.simulator.received import ReceivedLog, ReceivedRequest
    from gms_console.simulator.server import Simulator, SimulatorError

__all__ = [
    "Clock",
    "Controls",
    "Effect",
    "Fault",
    "FaultFileError",
    "FaultPlan",
    "ReceivedLog",
    "ReceivedRequest",
    "Simulator",
    "SimulatorError",
    "load_faults",
]

_HOMES = {
    "Clock": "clock",
    "Controls": "controls",
    "Effect": "faults",
    "Fault": "faults",
    "FaultFileError": "fault_file",
    "FaultPlan": "faults",
    "ReceivedLog": "received",
    "ReceivedRequest": "received",
    "Simulator": "server",
    "SimulatorError": "server",
    "load_faults": "fault_file",
}


def __getattr__(name: str) -> object:
    """Load the public name from its module on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
