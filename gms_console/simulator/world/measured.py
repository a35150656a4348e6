"""The value of a statistic, and when it was counted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """A value and the reading of the clock at which it held."""

    at: float
    value: float
