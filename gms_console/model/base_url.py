"""Reads a base URL as a person types it, or says what is wrong with it and what to type."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import SplitResult, quote, urlsplit

DEFAULT_BASE_PATH = "/genesys"
"""The documented root since the first release (reference page)."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_PATH_SAFE = "%~:@!$&()*+,;='"
_NO_HOST = set('\\^`{}|<>"%')
_NO_PORT = "The port is not a number from 1 to 65535."


class BaseUrlError(ValueError):
    """A base URL that cannot be used; the text says why and what to type instead."""


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """A base URL in its parts. `port` is None for the scheme's own; `path` ends without a slash."""

    scheme: str
    host: str
    port: int | None
    path: str


def parse_base_url(url: str) -> BaseUrl:
    """Read `http://host:port/base`; without a base path it is `/genesys`.

    `http://host//` means no base path at all, for a gateway that rewrites it.
    Raises BaseUrlError.
    """
    parts = _parts(_with_scheme(_clean(url)))
    port = _port(parts)
    if not parts.hostname or _NO_HOST & set(parts.hostname):
        raise BaseUrlError("The host is missing or not a name; type one like localhost")
    if parts.query or parts.fragment:
        raise BaseUrlError("The base URL ends before ? and #; leave them out.")
    return BaseUrl(
        scheme=parts.scheme,
        host=_ascii_host(parts.hostname),
        port=None if port == DEFAULT_PORTS[parts.scheme] else port,
        path=_base_path(parts.path, url.strip()),
    )


def _clean(url: str) -> str:
    text = url.strip()
    if not text:
        raise BaseUrlError("The base URL is empty; type one like http://localhost:8080/genesys")
    if any(character.isspace() or ord(character) < 32 for character in text):
        raise BaseUrlError("The base URL holds a space; a path with one needs %20.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BaseUrlError("The base URL holds a character that UTF-8 cannot carry.") from None
    return text


def _with_scheme(text: str) -> str:
    if "://" in text:
        return text
    if text.lower().startswith(("http:/", "https:/")):
        raise BaseUrlError("After http: or https: come two slashes, as in http://localhost")
    return f"http://{text}"


def _parts(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BaseUrlError("The host is not a name or address; IPv6 is written [::1]") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise BaseUrlError(f"The scheme {parts.scheme!r} is not http or https.")
    if parts.username is not None or parts.password is not None:
        raise BaseUrlError("The base URL holds a user name or password; leave it out.")
    return parts


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        raise BaseUrlError(_NO_PORT) from None
    if port == 0:
        raise BaseUrlError(_NO_PORT)
    return port


def _ascii_host(host: str) -> str:
    """Give a host name as it goes over the wire: names of other scripts as xn--."""
    if host.isascii():
        return host
    import idna  # noqa: PLC0415 - hardly any host needs it

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise BaseUrlError(f"The host {host!r} is not a name that can be looked up.") from None


def _base_path(path: str, url: str) -> str:
    if path in {"", "/"}:
        return DEFAULT_BASE_PATH
    segments = [segment for segment in path.split("/") if segment]
    for version, name in pairwise(segments):
        if name == "service" and version.isdigit():
            before = segments[: segments.index(version)]
            shorter = url.removesuffix(path) + ("".join(f"/{one}" for one in before) or "//")
            raise BaseUrlError(f"This is the address of a service; the base URL is {shorter}")
    if any(segment in {".", ".."} for segment in segments):
        raise BaseUrlError("The base path holds . or .. as a folder; write the path in full.")
    return "".join(f"/{quote(segment, safe=_PATH_SAFE)}" for segment in segments)
