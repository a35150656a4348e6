"""Cookies as they stood in an Exchange: those that its answer set and those that were sent.

A client's jar keeps what it takes for right; this reads the lines themselves, odd ones too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from gms_console.cookies import NEVER, sticky_worker
from gms_console.model.exchange import Exchange

_KNOWN = frozenset({"domain", "path", "expires", "max-age", "httponly", "secure", "samesite"})
_SAME_SITE = frozenset({"strict", "lax", "none"})
_MOST_DIGITS = 15
_LONGEST_AGE = 1000 * 365 * 86_400
"""Seconds from which on an age means "never"; a calendar ends somewhere."""

_LONGEST_SAID = 40

_LAST_YEAR_OF_NONE = 1600
"""A date up to this year is no date of a cookie (RFC 6265, 5.1.1)."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)")
_DAY = re.compile(r"(\d{1,2})(?!\d)")
_YEAR = re.compile(r"(\d{2,4})(?!\d)")
_BETWEEN = re.compile(r"[\t !-/;-@\[-`{-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCookie:
    """One `Set-Cookie` line. The value is a credential and shows in no repr.

    `attributes` are in their order, spelt as they came, unknown ones too. `host` and `base_path`
    are what a cookie gets that names no Domain and no Path; `received` is when it came (UTC).
    `oddities` are sentences on what a client may stumble over.
    """

    name: str
    value: str = field(repr=False)
    attributes: tuple[tuple[str, str], ...] = ()
    host: str = ""
    base_path: str = "/"
    received: datetime
    line: str = field(default="", repr=False)
    oddities: tuple[str, ...] = ()

    @property
    def worker(self) -> str:
        """What a sticky cookie ends with, by which a load balancer takes a node; else empty."""
        return sticky_worker(self.name, self.value)

    @property
    def domain(self) -> str:
        """The Domain that the line names; empty for a cookie of its host alone."""
        return (self._last("domain") or "").removeprefix(".").lower()

    @property
    def path(self) -> str:
        """The Path that the line names, or the one that a cookie without it gets."""
        named = self._last("path") or ""
        return named if named.startswith("/") else self.base_path

    @property
    def names_path(self) -> bool:
        """Whether the path is the line's own."""
        return (self._last("path") or "").startswith("/")

    @property
    def http_only(self) -> bool:
        """Whether pages' scripts must not read it."""
        return self._last("httponly") is not None

    @property
    def secure(self) -> bool:
        """Whether it goes over HTTPS alone."""
        return self._last("secure") is not None

    @property
    def same_site(self) -> str:
        """What SameSite says, as it came; empty where it says nothing."""
        return self._last("samesite") or ""

    @property
    def expires(self) -> datetime | None:
        """When it ends (UTC); None for one of the session. Max-Age counts before Expires."""
        age = _seconds(self._last("max-age"))
        if age is not None:
            if age > _LONGEST_AGE:
                return NEVER
            return self.received + timedelta(seconds=max(age, -1))
        return cookie_date(self._last("expires") or "")

    @property
    def ended(self) -> bool:
        """Whether it was over when it came: so a server takes a cookie away."""
        return self.expires is not None and self.expires <= self.received

    @property
    def other_attributes(self) -> tuple[tuple[str, str], ...]:
        """The attributes that no rule knows, as they came."""
        return tuple(pair for pair in self.attributes if pair[0].lower() not in _KNOWN)

    def _last(self, name: str) -> str | None:
        """Give the value of an attribute; of several the last one counts (RFC 6265, 5.2)."""
        found = [value for key, value in self.attributes if key.lower() == name]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class SentCookie:
    """A cookie as it went out. The value is a credential and shows in no repr."""

    name: str
    value: str = field(repr=False)

    @property
    def worker(self) -> str:
        """What a sticky cookie ends with; else empty."""
        return sticky_worker(self.name, self.value)


def cookie_date(text: str) -> datetime | None:
    """Read a date as clients do in a cookie (RFC 6265, 5.1.1); None for what is none.

    The zone is not looked at: all are in UTC.
    """
    clock: tuple[int, int, int] | None = None
    day = month = year = 0
    for token in filter(None, _BETWEEN.split(text)):
        if clock is None and (found := _TIME.match(token)):
            clock = int(found[1]), int(found[2]), int(found[3])
        elif not day and (found := _DAY.match(token)):
            day = int(found[1])
        elif not month and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif not year and (found := _YEAR.match(token)):
            year = int(found[1]) + (0 if len(found[1]) > 2 else _century(int(found[1])))
    if clock is None or year <= _LAST_YEAR_OF_NONE:
        return None
    try:
        return datetime(year, month, day, *clock, tzinfo=UTC)
    except ValueError:
        return None


def _century(year: int) -> int:
    return 1900 if year >= 70 else 2000


def set_cookies(exchange: Exchange) -> tuple[SetCookie, ...]:
    """Give the cookies that an answer set, one for each line, in order and with duplicates."""
    response = exchange.response
    if response is None:
        return ()
    lines = [value for name, value in response.headers if name.lower() == "set-cookie"]
    took = timedelta(milliseconds=exchange.timing.total)
    read = [_read(line, exchange.request.url, exchange.started + took) for line in lines]
    twice = {key for key, count in Counter(_key(one) for one in read).items() if count > 1}
    return tuple(
        replace(one, oddities=(*one.oddities, "It is set more than once; the last one counts."))
        if _key(one) in twice
        else one
        for one in read
    )


def sent_cookies(exchange: Exchange) -> tuple[SentCookie, ...]:
    """Give the cookies that went along with a request, in order."""
    found: list[SentCookie] = []
    for name, value in exchange.request.headers:
        if name.lower() == "cookie":
            for pair in value.split(";"):
                if pair.strip():
                    key, equals, text = pair.strip().partition("=")
                    found.append(SentCookie(key, text) if equals else SentCookie("", key))
    return tuple(found)


def _read(line: str, url: str, received: datetime) -> SetCookie:
    first, *rest = line.split(";")
    key, equals, text = first.partition("=")
    pairs = (part.partition("=") for part in rest if part.strip())
    place = urlsplit(url)
    one = SetCookie(
        name=key.strip() if equals else "",
        value=(text if equals else key).strip(),
        attributes=tuple((name.strip(), value.strip()) for name, _, value in pairs),
        host=place.hostname or "",
        base_path=place.path.rpartition("/")[0] or "/",
        received=received,
        line=line,
    )
    return replace(one, oddities=tuple(_oddities(one, over_tls=place.scheme == "https")))


def _key(one: SetCookie) -> tuple[str, str, str]:
    return one.name, one.domain or one.host, one.path


def _oddities(one: SetCookie, *, over_tls: bool) -> Iterator[str]:
    if not one.name:
        yield "It has no name; clients drop it, or send its value alone."
    yield from _of_attributes(one)
    if one.domain and not _within(one.host, one.domain):
        yield f"{one.host} is not within {_short(one.domain)}; clients drop it."
    if one.secure and not over_tls:
        yield "It is for HTTPS alone and came without; clients drop it or do not send it back."
    if one.same_site.lower() == "none" and not one.secure:
        yield "SameSite=None needs Secure beside it; browsers drop it."
    yield from _of_prefix(one)


def _of_attributes(one: SetCookie) -> Iterator[str]:
    counted = Counter(name.lower() for name, _ in one.attributes)
    for name in (name for name, count in counted.items() if count > 1):
        yield f"{_short(name)} is there more than once; the last one counts."
    for name, value in one.attributes:
        kind = name.lower()
        if kind == "expires" and cookie_date(value) is None:
            yield f"Expires is no date: {_short(value) or 'it is empty'}."
        elif kind == "max-age" and _seconds(value) is None:
            yield f"Max-Age is no number of seconds: {_short(value) or 'it is empty'}."
        elif kind == "path" and not value.startswith("/"):
            yield f"Path is not used, for it begins with no slash: {_short(value) or 'empty'}."
        elif kind == "samesite" and value.lower() not in _SAME_SITE:
            yield f"SameSite knows Strict, Lax and None, not {_short(value) or 'nothing'}."


def _of_prefix(one: SetCookie) -> Iterator[str]:
    if one.name.startswith("__Secure-") and not one.secure:
        yield "A name with __Secure- needs Secure; browsers drop it."
    whole = one.secure and not one.domain and one.names_path and one.path == "/"
    if one.name.startswith("__Host-") and not whole:
        yield "A name with __Host- needs Secure, Path=/ and no Domain; browsers drop it."


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _seconds(text: str | None) -> int | None:
    """Read a Max-Age; None for what is none."""
    digits = (text or "").removeprefix("-")
    if text is None or not (digits.isascii() and digits.isdigit()):
        return None
    if text.startswith("-"):
        return -1
    # Python reads no number of thousands of digits.
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SAID else f"{text[:_LONGEST_SAID]}…"


def node_of(worker: str, workers: Iterable[tuple[str, str]]) -> str:
    """Give where a sticky cookie points to, in words; empty for one that points nowhere.

    `workers` are pairs of a worker's name and its node's.
    """
    if not worker:
        return ""
    return dict(workers).get(worker) or f"unknown worker {worker}"
