"""Addresses that GMS hands out in its answers: resolved as a browser would, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from gms_console.model.base_url import BaseUrlError
from gms_console.model.connection import Tls
from gms_console.model.environment import Environment

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What a path and a query may hold as it is (WHATWG URL); httpx changes none of these.
_PATH_SAFE = "%/!$&'()*+,;=:@|^[]"
_QUERY_SAFE = "%/!$&'()*+,;=:@?|^[]\\`{}"
_LONGEST = 60_000


class AddressError(ValueError):
    """An address that cannot be followed; the text shows it and says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an address of an answer leads. `url` is exactly as it goes out, without a fragment.

    `place` is the Environment it was resolved in when it lies on the same origin; else a bare
    one of its own origin (see `bare_place`).
    """

    place: Environment
    url: str
    fragment: str = ""


def page_url(environment: Environment, path: str) -> str:
    """Give the URL of a page such as `/waitingforagent.html`, as a browser at the node reads it.

    Absolute http and https URLs stay what they are. Raises AddressError for anything else.
    """
    address = resolve(environment, path)
    return f"{address.url}#{address.fragment}" if address.fragment else address.url


def resolve(environment: Environment, text: str) -> Address:
    """Resolve an address against the Environment's origin. Raises AddressError."""
    shown = _shown(text)
    parts = _split(_absolute(environment, text), shown)
    try:
        place = _place(environment, f"{parts.scheme}://{parts.netloc}//")
        target = _quoted(_without_dots(parts.path), _PATH_SAFE)
        query, fragment = _quoted(parts.query, _QUERY_SAFE), _quoted(parts.fragment, _QUERY_SAFE)
    except BaseUrlError as error:
        reason = str(error).partition(";")[0].rstrip(".")
        raise AddressError(f"{shown} cannot be followed: {reason}.") from None
    except UnicodeEncodeError:
        raise AddressError(f"{shown} holds a character that UTF-8 cannot carry.") from None
    url = place.origin + target + (f"?{query}" if query else "")
    return Address(place, url, fragment)


def _shown(text: str) -> str:
    printable = "".join(one if one.isprintable() else "\ufffd" for one in text.strip()[:81])
    return f"“{printable[:80]}…”" if len(printable) > 80 else f"“{printable}”"


def _absolute(environment: Environment, text: str) -> str:
    """Give the address with scheme and host. Raises AddressError."""
    shown, text = _shown(text), text.strip()
    before_query = re.split("[?#]", text, maxsplit=1)[0]
    if not text:
        raise AddressError("The address is empty.")
    if _CONTROL.search(text) or "\\" in before_query:
        raise AddressError(f"{shown} holds a backslash or a control character.")
    if len(text) > _LONGEST:
        raise AddressError(f"{shown} is {len(text):,} characters long, too long for an address.")
    scheme = _SCHEME.match(text)
    if scheme is not None:
        if scheme[1].lower() not in {"http", "https"}:
            raise AddressError(f"{shown} is not an http or https address; it is not followed.")
        if not text[scheme.end() :].startswith("//"):
            raise AddressError(f"{shown} has no // after {scheme[0]} and so no host.")
        return text
    if text.startswith("//"):
        return f"{environment.scheme}:{text}"
    return environment.origin + (text if text.startswith("/") else f"/{text}")


def _split(absolute: str, shown: str) -> SplitResult:
    try:
        parts = urlsplit(absolute)
    except ValueError:
        raise AddressError(f"{shown} has no host that can be read.") from None
    if parts.username is not None or parts.password is not None:
        raise AddressError(f"{shown} holds a user name or password; it is not followed.")
    return parts


def _quoted(text: str, safe: str) -> str:
    return quote(_BARE_PERCENT.sub("%25", text), safe=safe)


def bare_place(environment: Environment, place: Environment) -> Environment:
    """Give another place with the way, limits and guard of `environment`, and nothing to show.

    No header, no credentials, no client certificate and no variable goes to a stranger.
    """
    return Environment(
        scheme=place.scheme,
        host=place.host,
        port=place.port,
        base_path=place.base_path,
        timeout=environment.timeout,
        connect_timeout=environment.connect_timeout,
        total_timeout=environment.total_timeout,
        max_body=environment.max_body,
        verify_tls=environment.verify_tls,
        tls=Tls(ca_file=environment.tls.ca_file),
        proxy=environment.proxy,
        guard=environment.guard,
    )


def _place(environment: Environment, url: str) -> Environment:
    place = Environment.parse(url)
    if place.origin == environment.origin.lower():
        return environment
    return bare_place(environment, place)


def _without_dots(path: str) -> str:
    """Take the folder steps . and .. as a browser does, also where they are escaped."""
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for place, segment in enumerate(segments):
        step = segment.lower().replace("%2e", ".")
        if step == ".." and kept:
            kept.pop()
        if step not in {".", ".."}:
            kept.append(segment)
        elif place == len(segments) - 1:
            kept.append("")
    return "/" + "/".join(kept)
