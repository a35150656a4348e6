"""The error that whoever drives the simulator is told."""


class SimulatorError(Exception):
    """The simulator cannot start, or is not in the state that a call needs."""
