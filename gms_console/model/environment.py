"""The Environment: where to send, as whom, by which way, and how long to wait."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from gms_console.model.base_url import DEFAULT_BASE_PATH, DEFAULT_PORTS, parse_base_url
from gms_console.model.connection import GuardLevel, Node, Proxy, Tls
from gms_console.model.credentials import Credentials

DEFAULT_TIMEOUT = 15.0
"""Seconds. GMS itself waits up to 10 s for ORS, so less would misreport a slow ORS."""

DEFAULT_MAX_BODY = 256 * 1024 * 1024
"""Bytes of an answer's body that are kept, decompressed; reading stops there."""

OWNED_HEADERS = frozenset({"content-type", "content-length", "transfer-encoding"})
"""Headers that the Body sets; an Environment cannot, or a form would lose its boundary."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class HeaderError(ValueError):
    """A header that cannot be sent; the text names it, and never repeats its value."""


class PathSegmentError(ValueError):
    """A service, instance or request name that cannot be one segment of a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where to send: one node of GMS with all that belongs to talking to it.

    Times are in seconds. `timeout` is the longest silence: while connecting (unless
    `connect_timeout` says otherwise), while waiting for the answer and between two pieces of it;
    `total_timeout` bounds the whole request. `headers` are sent with every request; those named
    in `secret_headers` (lower case) came from the secret store and are never shown or kept.
    `max_body` is in bytes. `nodes` are all nodes of the cluster, and `node` is the name of this
    one; both are empty for a base URL that was typed. `colour` is `#rrggbb` or empty.
    Raises HeaderError for a header that HTTP cannot carry or that the Body sets.
    """

    scheme: str
    host: str
    port: int | None = None
    base_path: str = DEFAULT_BASE_PATH
    name: str = ""
    node: str = ""
    nodes: tuple[Node, ...] = ()
    api_version: int = 1
    timeout: float = DEFAULT_TIMEOUT
    connect_timeout: float | None = None
    total_timeout: float | None = None
    max_body: int = DEFAULT_MAX_BODY
    http2: bool = False
    verify_tls: bool = True
    tls: Tls = field(default_factory=Tls)
    proxy: Proxy = field(default_factory=Proxy)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secret_headers: frozenset[str] = frozenset()
    credentials: Credentials = field(default_factory=Credentials)
    variables: tuple[tuple[str, str], ...] = ()
    guard: GuardLevel = GuardLevel.OPEN
    colour: str = ""

    def __post_init__(self) -> None:
        for name, value in self.headers:
            check_header(name, value)

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
        """Make an Environment of a base URL as a person types it.

        Raises BaseUrlError and HeaderError.
        """
        base = parse_base_url(url)
        return cls(
            scheme=base.scheme,
            host=base.host,
            port=base.port,
            base_path=base.path,
            name=name,
            timeout=timeout,
            verify_tls=verify_tls,
            headers=headers,
        )

    @property
    def origin(self) -> str:
        """Scheme, host and port, as in `http://localhost:8080`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port in {None, DEFAULT_PORTS[self.scheme]} else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def base_url(self) -> str:
        """The origin and the base path; what `parse` would make this Environment from."""
        return self.origin + (self.base_path or "//")

    @property
    def title(self) -> str:
        """What a person calls it: name and node, or the base URL where it has no name."""
        if not self.name:
            return self.base_url
        return f"{self.name} ({self.node})" if self.node and len(self.nodes) > 1 else self.name

    def is_same_place(self, other: Environment) -> bool:
        """Whether both are the same node of the same environment, however they are reached."""
        mine = (self.name, self.base_url, self.api_version)
        return mine == (other.name, other.base_url, other.api_version)

    def has_place(self, other: Environment) -> bool:
        """Whether `other` is here: the same place, or another node of this cluster."""
        if self.is_same_place(other):
            return True
        if not self.name or self.name != other.name:
            return False
        # The one of the same name first: it is that one, unless the settings have changed.
        nodes = sorted(self.nodes, key=lambda one: one.name != other.node)
        return any(self.on_node(one.name).is_same_place(other) for one in nodes)

    def on_node(self, name: str) -> Environment:
        """Give this Environment at another node of its cluster.

        Raises KeyError for a node that it does not have, and BaseUrlError.
        """
        if name == self.node:
            return self
        url = next((one.url for one in self.nodes if one.name == name), None)
        if url is None:
            raise KeyError(name)
        base = parse_base_url(url)
        return replace(
            self, scheme=base.scheme, host=base.host, port=base.port, base_path=base.path, node=name
        )

    def service_url(self, *segments: str) -> str:
        """Give the URL of `/{version}/service/...` with each segment percent-encoded.

        An empty segment in front, as a path has that begins with `/`, means the base path instead:
        the APIs beside services stand there, `/2/chat/...` and others (domain 4).
        Raises PathSegmentError for an empty name and for `.` and `..`, which
        would change the path wherever a server resolves them.
        """
        below = f"{self.origin}{self.base_path}"
        if len(segments) > 1 and not segments[0]:
            segments = segments[1:]
        else:
            below += f"/{self.api_version}/service"
        return f"{below}/{'/'.join(_segment(segment) for segment in segments)}"


def check_header(name: str, value: str) -> None:
    """Raise HeaderError for a header that HTTP cannot carry or that the Body sets."""
    if not _HEADER_NAME.fullmatch(name):
        raise HeaderError("what stands before the colon is not the name of a header")
    if name.lower() in OWNED_HEADERS:
        raise HeaderError(f"{name} is set by the kind of body; leave it out")
    if _CONTROL.search(value):
        raise HeaderError(f"{name} holds a line break or another control character")
    if any(ord(character) > 0xFF for character in value):
        raise HeaderError(f"{name} holds a character outside Latin-1")
    if value != value.strip(" \t"):
        raise HeaderError(f"{name} holds blanks at its start or end, which HTTP drops")


def _segment(name: str) -> str:
    if not name:
        raise PathSegmentError("The name is empty; type the name of a service or request.")
    if name in {".", ".."}:
        raise PathSegmentError(f"{name!r} cannot be sent: a server would read it as a folder step.")
    try:
        return quote(name, safe="")
    except UnicodeEncodeError:
        raise PathSegmentError(f"{name!r} holds a character that UTF-8 cannot carry.") from None
