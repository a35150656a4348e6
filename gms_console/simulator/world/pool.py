"""The pool of access numbers and who has booked which."""

import math
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.world.clock import Clock

RESOURCE_GROUP = "DNIS"
"""The only group of numbers there is; the name is the documented default."""

MIN_BOOKING = 5.0
MAX_BOOKING = 1800.0

DEFAULT_NUMBERS = tuple(str(8003449999 - step) for step in range(10))
"""Ten numbers, counting down from the one that the reference page prints."""


@dataclass(frozen=True)
class Booking:
    """A number held for an instance until `expires` (clock seconds); lasts `seconds` in all."""

    number: str
    owner: str
    code: str | None
    phone: str | None
    seconds: float
    expires: float

    def access(self) -> dict[str, str]:
        """Return the access information as answers show it: every value a JSON string.

        `_expiration_time` is the length of the booking in seconds (domain: seen in the
        vendor's tests).
        """
        fields = {"_access_number": self.number}
        if self.code is not None:
            fields["_access_code"] = self.code
        fields["_expiration_time"] = f"{self.seconds:g}"
        return fields


@dataclass(frozen=True)
class Wish:
    """What a request asks of the pool; `seconds` of None means the pool's default."""

    group: str | None = None
    code_length: int | None = None
    phone: str | None = None
    seconds: float | None = None


class NumberPool:
    """Hands out access numbers, the one that rested longest first, and takes them back.

    A number comes back when its booking expires on the clock, when it is matched, and when its
    owner ends.
    """

    def __init__(self, clock: Clock, numbers: Sequence[str], booking_seconds: float) -> None:
        self._clock = clock
        self._default = booking_seconds
        self._free = deque(dict.fromkeys(numbers))
        self._booked: dict[str, Booking] = {}

    def book(self, owner: str, wish: Wish) -> Booking:
        """Hold a number for the owner.

        Raises GmsError with status 500 for an unknown resource group and for an empty pool.
        The real status and text of these two are not documented; 500 with an exception body
        is this simulator's choice.
        """
        group = wish.group or RESOURCE_GROUP
        if group != RESOURCE_GROUP:
            raise GmsError(500, f"Resource group [{group}] is not configured.")
        self._take_back_expired()
        if not self._free:
            raise GmsError(500, f"No access number is available in resource group [{group}].")
        number = self._free.popleft()
        seconds = self._default if wish.seconds is None else wish.seconds
        booking = Booking(
            number=number,
            owner=owner,
            code=None if wish.code_length is None else _code(wish.code_length),
            phone=wish.phone,
            seconds=seconds,
            expires=self._clock.now() + seconds,
        )
        self._booked[number] = booking
        return booking

    def find(self, number: str) -> Booking | None:
        """Return the live booking of a number."""
        self._take_back_expired()
        return self._booked.get(number)

    def held_by(self, owner: str) -> Booking | None:
        """Return a live booking of an instance."""
        self._take_back_expired()
        return next((b for b in self._booked.values() if b.owner == owner), None)

    def release(self, number: str) -> None:
        """Take a number back before its time; a free one stays free."""
        if self._booked.pop(number, None) is not None:
            self._free.append(number)

    def release_owner(self, owner: str) -> None:
        """Take back all numbers of an instance."""
        for number in [b.number for b in self._booked.values() if b.owner == owner]:
            self.release(number)

    def _take_back_expired(self) -> None:
        now = self._clock.now()
        expired = [b for b in self._booked.values() if b.expires <= now]
        for booking in sorted(expired, key=lambda b: b.expires):
            self.release(booking.number)


def booking_seconds(text: str | None) -> float | None:
    """Read `_booking_expiration_timeout` (domain: 5 to 1800 s, documented).

    What a server does with other values is not documented. Here a number out of range moves to
    the nearer bound, and a value that is no number counts as not given (None). The answer's
    `_expiration_time` tells which value holds.
    """
    try:
        seconds = float(text) if text is not None else None
    except ValueError:
        return None
    if seconds is None or math.isnan(seconds):
        return None
    return float(round(min(max(seconds, MIN_BOOKING), MAX_BOOKING)))


def _code(length: int) -> str:
    return f"{secrets.randbelow(10**length):0{length}d}"
