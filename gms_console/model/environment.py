"""The Environment: where to send, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

DEFAULT_BASE_PATH = "/genesys"
"""The documented root since the first release (reference page)."""

DEFAULT_TIMEOUT = 15.0
"""Seconds. GMS itself waits up to 10 s for ORS, so less would misreport a slow ORS."""

_PORTS = {"http": 80, "https": 443}


class BaseUrlError(ValueError):
    """A base URL that cannot be used; the text says why and what to type instead."""


class PathSegmentError(ValueError):
    """A service, instance or request name that cannot be one segment of a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where to send: a GMS node's address, base path and API version, and the time-out.

    `timeout` is in seconds and is the longest silence: while connecting, while
    waiting for the answer and between two pieces of it. `headers` are sent with every request.
    """

    scheme: str
    host: str
    port: int | None = None
    base_path: str = DEFAULT_BASE_PATH
    name: str = ""
    api_version: int = 1
    timeout: float = DEFAULT_TIMEOUT
    verify_tls: bool = True
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(
        cls,
        url: str,
        *,
        name: str = "",
        timeout: float = DEFAULT_TIMEOUT,
        verify_tls: bool = True,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Environment:
        """Read `http://host:port/base`; without a base path it is `/genesys`.

        `http://host//` means no base path at all, for a gateway that rewrites it.
        Raises BaseUrlError.
        """
        scheme, host, port, path = _split(url)
        return cls(
            scheme=scheme,
            host=host,
            port=port,
            base_path=_base_path(path, url),
            name=name,
            timeout=timeout,
            verify_tls=verify_tls,
            headers=headers,
        )

    @property
    def origin(self) -> str:
        """Scheme, host and port, as in `http://localhost:8080`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port in {None, _PORTS[self.scheme]} else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def base_url(self) -> str:
        """The origin and the base path; what `parse` would make this Environment from."""
        return self.origin + (self.base_path or "//")

    def service_url(self, *segments: str) -> str:
        """Give the URL of `/{version}/service/...` with each segment percent-encoded.

        Raises PathSegmentError for an empty name and for `.` and `..`, which
        would change the path wherever a server resolves them.
        """
        path = "/".join(_segment(segment) for segment in segments)
        return f"{self.origin}{self.base_path}/{self.api_version}/service/{path}"


def _segment(name: str) -> str:
    if not name:
        raise PathSegmentError("The name is empty; type the name of a service or request.")
    if name in {".", ".."}:
        raise PathSegmentError(f"{name!r} cannot be sent: a server would read it as a folder step.")
    try:
        return quote(name, safe="")
    except UnicodeEncodeError:
        raise PathSegmentError(f"{name!r} holds a character that UTF-8 cannot carry.") from None


def _split(url: str) -> tuple[str, str, int | None, str]:
    text = url.strip()
    if not text:
        raise BaseUrlError("The base URL is empty; type one like http://localhost:8080/genesys")
    if any(character.isspace() or ord(character) < 32 for character in text):
        raise BaseUrlError("The base URL holds a space; a path with one needs %20.")
    if "://" not in text:
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BaseUrlError("The port is not a number from 1 to 65535.") from None
    if parts.scheme not in _PORTS:
        raise BaseUrlError(f"The scheme {parts.scheme!r} is not http or https.")
    if parts.username is not None or parts.password is not None:
        raise BaseUrlError("The base URL holds a user name or password; leave it out.")
    if not parts.hostname or not _is_host(parts.hostname):
        raise BaseUrlError("The host is missing or not a name; type one like localhost")
    if port == 0:
        raise BaseUrlError("The port is not a number from 1 to 65535.")
    if parts.query or parts.fragment:
        raise BaseUrlError("The base URL ends before ? and #; leave them out.")
    return parts.scheme, parts.hostname, port, parts.path


def _is_host(host: str) -> bool:
    return not any(character in host for character in '\\^`{}|<>"%')


def _base_path(path: str, url: str) -> str:
    if path in {"", "/"}:
        return DEFAULT_BASE_PATH
    segments = [segment for segment in path.split("/") if segment]
    if "service" in segments[1:]:
        place = segments.index("service", 1)
        if segments[place - 1].isdigit():
            shorter = url.strip().partition(f"/{segments[place - 1]}/service")[0]
            raise BaseUrlError(f"This is the address of a service; the base URL is {shorter}")
    if any(segment in {".", ".."} for segment in segments):
        raise BaseUrlError("The base path holds . or .. as a folder; write the path in full.")
    return "".join(f"/{quote(segment, safe='%~:@!$&()*+,;=' + chr(39))}" for segment in segments)
