"""Proxies: which one a connection takes, and how to get through it."""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from gms_console.client.errors import TransportError
from gms_console.model.base_url import DEFAULT_PORTS
from gms_console.model.connection import Proxy, ProxyMode
from gms_console.model.exchange import FailureKind

_HEAD_LIMIT = 64 * 1024
"""Bytes within which a proxy's answer to CONNECT has to end."""

_SHOWN = 60
"""Bytes shown of an answer that is not HTTP."""


@dataclass(frozen=True, slots=True)
class ProxyServer:
    """The proxy of one connection. `secure`: TLS is spoken with the proxy itself."""

    host: str
    port: int
    secure: bool = False
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def netloc(self) -> str:
        """Host and port, as they are named to a person."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def authorization(self) -> str | None:
        """The value of Proxy-Authorization, or None where no login is known."""
        if not self.user and not self.password:
            return None
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {b64encode(pair).decode('ascii')}"

    def refused_login(self, line: str) -> TransportError:
        """Make the error of a proxy that wants another login; `line` is its status and reason."""
        if self.authorization is None:
            return self.failed(f"wants a user name and a password ({line})")
        return self.failed(f"does not accept the user name and password ({line})")

    def failed(self, text: str) -> TransportError:
        """Make the error of this proxy; `text` follows its name."""
        return TransportError(FailureKind.PROXY, f"The proxy {self.netloc} {text}")


class SystemProxies(Protocol):
    """What the system says: proxies by scheme, and whether a host goes without."""

    def proxies(self) -> Mapping[str, str]:
        """Give the URL of the proxy for each scheme; `all` stands for any."""

    def bypasses(self, host: str) -> bool:
        """Whether a `host:port` is reached without a proxy."""


class UrllibProxies:
    """The environment variables (`HTTPS_PROXY`, `NO_PROXY`), else the system's settings."""

    def proxies(self) -> Mapping[str, str]:
        """Give the URL of the proxy for each scheme."""
        from urllib.request import getproxies  # noqa: PLC0415 - only where it is asked for

        return getproxies()

    def bypasses(self, host: str) -> bool:
        """Whether a `host:port` is reached without a proxy."""
        from urllib.request import proxy_bypass  # noqa: PLC0415 - only where it is asked for

        return bool(proxy_bypass(host))


def choose(
    proxy: Proxy, scheme: str, host: str, port: int, system: SystemProxies | None = None
) -> ProxyServer | None:
    """Decide which proxy a connection to `scheme://host:port` takes, if any.

    The system's proxy is never taken for this machine. Raises TransportError for a proxy that
    the console cannot use.
    """
    if proxy.mode is ProxyMode.NONE:
        return None
    if proxy.mode is ProxyMode.EXPLICIT:
        return _server(proxy.url, "The proxy of the environment", proxy.user, proxy.password)
    if is_loopback(host):
        return None
    system = system or UrllibProxies()
    proxies = system.proxies()
    url = proxies.get(scheme) or proxies.get("all")
    name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if not url or system.bypasses(name):
        return None
    # A name and password of the environment are for the system's proxy too.
    return _server(url, f"The system's proxy for {scheme}", proxy.user, proxy.password)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, judged without a look-up."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _server(url: str, what: str, user: str, password: str) -> ProxyServer:
    """Read a proxy's URL. Errors never repeat it, as it may hold a password."""
    parts = _split(url, what)
    scheme = parts.scheme.lower()
    if scheme.startswith("socks"):
        raise TransportError(
            FailureKind.PROXY,
            f"{what} is a SOCKS proxy, which the console cannot use; give it the address of an "
            "http:// or https:// proxy",
        )
    if scheme not in DEFAULT_PORTS:
        raise TransportError(FailureKind.PROXY, f"{what} does not begin with http:// or https://")
    if not user and not password:
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return ProxyServer(
        host=str(parts.hostname),
        port=parts.port or DEFAULT_PORTS[scheme],
        secure=scheme == "https",
        user=user,
        password=password,
    )


def _split(url: str, what: str) -> SplitResult:
    # The system's setting may be a bare host:port.
    text = url.strip() if "://" in url else f"http://{url.strip()}"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises ValueError for what is no port
    except ValueError:
        parts = None
    if parts is None or not parts.hostname:
        raise TransportError(FailureKind.PROXY, f"{what} is not an address like http://host:port")
    return parts


class _Line(Protocol):
    """What a tunnel is asked for over: a stream of the network."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Read what comes."""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Write all of it."""


async def open_tunnel(line: _Line, proxy: ProxyServer, host: str, port: int) -> None:
    """Have the proxy connect to `host:port`; afterwards `line` leads there.

    Raises TransportError when the proxy does not, and what `line` raises.
    """
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    head = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.authorization is not None:
        head.append(f"Proxy-Authorization: {proxy.authorization}")
    await line.write("".join(f"{one}\r\n" for one in (*head, "")).encode("latin-1"))
    answer = await _read_answer(line, proxy)
    if not 200 <= answer.status < 300:
        # GMS has not been reached, so a 401 is the proxy's own too (tinyproxy refuses so).
        if answer.status in {401, 407}:
            raise proxy.refused_login(answer.line)
        raise proxy.failed(f"does not connect to {target}: it answered {answer.line}")
    # A server waits for our hello, so whatever comes before that is the proxy's own page.
    if answer.rest or "text/html" in answer.headers.get("content-type", ""):
        raise proxy.failed(
            f"answered with a page of its own ({answer.line}) in place of a connection to {target}"
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    line: str
    headers: Mapping[str, str]
    rest: bytes


async def _read_answer(line: _Line, proxy: ProxyServer) -> _Answer:
    """Read the head of the answer, which ends with an empty line; interim ones come before it."""
    read = _AnswerReader(proxy)
    while (answer := read.answer()) is None or 100 <= answer.status < 200:
        if answer is None:
            read.feed(await line.read(_HEAD_LIMIT))
        else:
            read.drop(answer)
    return answer


class _AnswerReader:
    """Gathers the head of a proxy's answer."""

    def __init__(self, proxy: ProxyServer) -> None:
        self._proxy = proxy
        self._came = b""
        self._taken = 0

    def feed(self, data: bytes) -> None:
        """Take a piece. Raises TransportError at the end of what comes."""
        if not data:
            text = "closed the connection without an answer" if not self._came else self._garbled()
            raise self._proxy.failed(text)
        self._came += data
        self._check()

    def _check(self) -> None:
        endless = self._taken + len(self._came) > _HEAD_LIMIT
        if endless or not b"HTTP/1.".startswith(self._came[:7]):
            raise self._proxy.failed(self._garbled())

    def drop(self, interim: _Answer) -> None:
        """Go on behind an answer that was not the last one."""
        self._taken += len(self._came) - len(interim.rest)
        self._came = interim.rest
        self._check()

    def answer(self) -> _Answer | None:
        """Give the answer once its head is here."""
        head, end, rest = self._came.partition(b"\r\n\r\n")
        if not end:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        _, _, status_line = first.partition(" ")
        status, _, _ = status_line.partition(" ")
        if len(status) != 3 or not (status.isascii() and status.isdigit()):
            raise self._proxy.failed(self._garbled())
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        return _Answer(int(status), _printable(status_line), headers, rest)

    def _garbled(self) -> str:
        start = ascii(self._came[:_SHOWN].decode("latin-1"))
        return f"does not answer as an HTTP proxy does; its answer begins with {start}"


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text.strip()[:200])
