"""A GMS to talk to when there is none: a server on the loopback address, with its own clock.

It shares no code with the rest of the console, so that each side checks the other. Names are
loaded on first use: importing this package costs nothing, `gms_console.simulator.server` brings
in the web server.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gms_console.simulator.config.file import ConfigFileError
    from gms_console.simulator.control.control import Control, UnknownNameError
    from gms_console.simulator.errors import SimulatorError
    from gms_console.simulator.faults.dump import dump_faults
    from gms_console.simulator.faults.file import FaultFileError, load_faults
    from gms_console.simulator.faults.live import LiveFaults, UnknownFaultError
    from gms_console.simulator.faults.plan import Effect, Fault, FaultPlan
    from gms_console.simulator.faults.presets import PRESETS
    from gms_console.simulator.server import Simulator
    from gms_console.simulator.web.received import ReceivedLog, ReceivedRequest
    from gms_console.simulator.world.clock import Clock
    from gms_console.simulator.world.controls import Controls

__all__ = [
    "PRESETS",
    "Clock",
    "ConfigFileError",
    "Control",
    "Controls",
    "Effect",
    "Fault",
    "FaultFileError",
    "FaultPlan",
    "LiveFaults",
    "ReceivedLog",
    "ReceivedRequest",
    "Simulator",
    "SimulatorError",
    "UnknownFaultError",
    "UnknownNameError",
    "dump_faults",
    "load_faults",
]

_HOMES = {
    "PRESETS": "faults.presets",
    "Clock": "world.clock",
    "ConfigFileError": "config.file",
    "Control": "control.control",
    "Controls": "world.controls",
    "Effect": "faults.plan",
    "Fault": "faults.plan",
    "FaultFileError": "faults.file",
    "FaultPlan": "faults.plan",
    "LiveFaults": "faults.live",
    "ReceivedLog": "web.received",
    "ReceivedRequest": "web.received",
    "Simulator": "server",
    "SimulatorError": "errors",
    "UnknownFaultError": "faults.live",
    "UnknownNameError": "control.control",
    "dump_faults": "faults.dump",
    "load_faults": "faults.file",
}


def __getattr__(name: str) -> object:
    """Load the public name from its module on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
