"""The pool of access numbers and who has booked which."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from gms_console.simulator.config.sections import Sections
from gms_console.simulator.config.source import ConfigSource
from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.world.clock import Clock
from gms_console.simulator.world.numbers import RESOURCES, NumberGroups, groups_of, new_code

RESOURCE_GROUP = "DNIS"
"""The group that is meant when none is named (domain: documented default)."""

DEFAULT_BOOKING = 30.0
"""How long a number is held when nothing else says (domain: documented default)."""

MIN_BOOKING = 5.0
MAX_BOOKING = 1800.0


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

    The groups are those of section `resources`; `numbers`, when given, take the place of the
    group `DNIS`. A number comes back when its booking expires on the clock, when it is matched,
    and when its owner ends.
    """

    def __init__(
        self,
        clock: Clock,
        config: ConfigSource,
        numbers: Sequence[str] | None = None,
        booking_seconds: float | None = None,
    ) -> None:
        """Prepare the groups; `booking_seconds`, when given, goes before the configured time."""
        self._clock = clock
        self._config = config
        self._numbers = None if numbers is None else tuple(dict.fromkeys(numbers))
        self._default = booking_seconds
        self._withheld = False
        self._groups = NumberGroups({})
        self._known: Sections | None = None
        self._booked: dict[str, Booking] = {}
        self._owned: dict[str, list[str]] = {}
        self._next_expiry = math.inf

    def book(self, owner: str, wish: Wish) -> Booking:
        """Hold a number for the owner.

        Raises GmsError with status 500 for an unknown resource group, for an empty one, and for
        a code that has no room beside its prefix (domain: seen in the vendor's tests). The real
        status and text of the first two are not documented; 500 with an exception body is this
        simulator's choice.
        """
        config = self._settle()
        group = wish.group or RESOURCE_GROUP
        if not self._groups.has(group):
            raise GmsError(500, f"Resource group [{group}] is not configured.")
        code = None if wish.code_length is None else new_code(config, wish.code_length)
        number = None if self._withheld else self._groups.take(group)
        if number is None:
            raise GmsError(500, f"No access number is available in resource group [{group}].")
        seconds = self._seconds(config) if wish.seconds is None else wish.seconds
        booking = Booking(
            number=number,
            owner=owner,
            code=code,
            phone=wish.phone,
            seconds=seconds,
            expires=self._clock.now() + seconds,
        )
        self.restore(booking)
        return booking

    def book_anew(self, owner: str, wish: Wish) -> Booking:
        """Hold another number in place of that of the owner, which stays if this is refused.

        Raises what `book` raises.
        """
        before = self.held_by(owner)
        self.release_owner(owner)
        try:
            return self.book(owner, wish)
        except GmsError:
            if before is not None:
                self.restore(before)
            raise

    def restore(self, booking: Booking) -> None:
        """Let a booking stand, made now or in an earlier run."""
        self._settle()
        self._groups.without(booking.number)
        self._booked[booking.number] = booking
        self._owned.setdefault(booking.owner, []).append(booking.number)
        self._next_expiry = min(self._next_expiry, booking.expires)

    def bookings(self) -> list[Booking]:
        """Return the live bookings in the order in which they were made."""
        self._settle()
        return list(self._booked.values())

    @contextmanager
    def withheld(self, empty: bool) -> Iterator[None]:
        """Have no number free meanwhile, if `empty`; those that are booked stay so."""
        self._withheld = empty
        try:
            yield
        finally:
            self._withheld = False

    def free(self) -> int:
        """Return how many numbers can be booked now, in all groups."""
        self._settle()
        return self._groups.free()

    def find(self, number: str) -> Booking | None:
        """Return the live booking of a number."""
        self._settle()
        return self._booked.get(number)

    def held_by(self, owner: str) -> Booking | None:
        """Return a live booking of an instance."""
        self._settle()
        numbers = self._owned.get(owner)
        return self._booked[numbers[0]] if numbers else None

    def release(self, number: str) -> None:
        """Take a number back before its time; a free one stays free."""
        booking = self._booked.pop(number, None)
        if booking is None:
            return
        owned = self._owned[booking.owner]
        owned.remove(number)
        if not owned:
            del self._owned[booking.owner]
        self._groups.put_back(number)

    def release_owner(self, owner: str) -> None:
        """Take back all numbers of an instance."""
        for number in list(self._owned.get(owner, ())):
            self.release(number)

    def _settle(self) -> Sections:
        """Take over an edited configuration, and what has expired; return what is in force."""
        config = self._config.sections
        if config is not self._known:
            self._known = config
            groups = groups_of(config)
            if self._numbers is not None:
                groups = {**groups, RESOURCE_GROUP: self._numbers}
            self._groups = NumberGroups(groups, but=self._booked)
        now = self._clock.now()
        if self._next_expiry <= now:
            expired = [b for b in self._booked.values() if b.expires <= now]
            for booking in sorted(expired, key=lambda b: b.expires):
                self.release(booking.number)
            self._next_expiry = min((b.expires for b in self._booked.values()), default=math.inf)
        return config

    def _seconds(self, config: Sections) -> float:
        if self._default is not None:
            return self._default
        text = config.text(RESOURCES, "_booking_expiration_timeout")
        return booking_seconds(text or None) or DEFAULT_BOOKING


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
