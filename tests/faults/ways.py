"""Faults on the way to GMS: redirects, proxies and TLS."""

import contextlib
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import trustme

from gms_console.model.answer import ProblemKind
from gms_console.model.connection import Proxy, ProxyMode, Tls
from gms_console.model.exchange import FailureKind
from tests.engine.helpers import silent_listener
from tests.faults.fault import (
    GOOD,
    SHORT,
    Fault,
    Group,
    Scene,
    Stage,
    answer,
    at,
    listening,
    on_port,
    raw,
    read_request,
    sent,
)
from tests.support.wire_server import (
    UNKNOWN_HOST,
    Answer,
    Wire,
    WireRequest,
    WireServer,
    refused_port,
)

JSON = "Content-Type: application/json"


# --- redirects -----------------------------------------------------------------------------


def _led(to: Callable[[WireRequest], str], status: str = "302 Found") -> Answer:
    def play(wire: Wire, request: WireRequest) -> None:
        wire.send(answer(b"", f"Location: {to(request)}", status=status))

    return Answer(play)


def _further(request: WireRequest) -> str:
    _, _, count = request.target.partition("?n=")
    return f"/genesys/1/service/x?n={int(count or 0) + 1}"


@contextlib.contextmanager
def led_on(play: Answer, hops: int) -> Iterator[Stage]:
    """Redirect that many times, and be well after it."""
    with WireServer(*[play] * hops, GOOD) as server:
        yield Stage(place=at(server.base_url), server=server)


@contextlib.contextmanager
def led_away(_: Path) -> Iterator[Stage]:
    """Redirect to another port of this machine, where nothing may arrive."""
    with WireServer() as other:
        location = f"{other.base_url}/genesys/elsewhere"
        with WireServer(_led(lambda _: location, "307 Elsewhere"), GOOD) as server:
            yield Stage(place=at(server.base_url), server=server)
        assert other.connections == 0, "a redirect was followed to another port"


REDIRECTS = Group(
    "Redirects",
    [
        Fault(
            name="a redirect to itself",
            scene=lambda _: led_on(_led(lambda request: request.target, "307 Again"), 1),
            kind=FailureKind.REDIRECTS,
            says="The redirects go in a circle: http://127.0.0.1:",
            status=307,
        ),
        Fault(
            name="a redirect that never ends",
            scene=lambda _: led_on(_led(_further, "307 Further"), 11),
            kind=FailureKind.REDIRECTS,
            says="After 10 redirects the answer is one more",
            status=307,
            requests=11,
        ),
        Fault(
            name="a redirect to another host or port",
            scene=led_away,
            kind=ProblemKind.HTTP,
            says="Elsewhere",
            status=307,
        ),
        Fault(
            name="a redirect without an address",
            scene=sent(answer(b"", status="302 Found")),
            kind=ProblemKind.HTTP,
            says="Found",
            status=302,
        ),
        Fault(
            name="a redirect to what is no address",
            scene=sent(answer(b"", "Location: http://[half", status="302 Found")),
            kind=ProblemKind.HTTP,
            says="Found",
            status=302,
        ),
    ],
)


# --- proxies -------------------------------------------------------------------------------


def _by(url: str) -> Proxy:
    return Proxy(mode=ProxyMode.EXPLICIT, url=url, user="u", password="p-c2VjcmV0")


def through(play: bytes, scheme: str, **settings: Any) -> Scene:
    """Go through a proxy that answers these bytes to everything."""

    def serve(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(play)

    @contextlib.contextmanager
    def scene(_: Path) -> Iterator[Stage]:
        with listening(serve) as port:
            place = at(
                f"{scheme}://gms.invalid:8080", proxy=_by(f"http://127.0.0.1:{port}"), **settings
            )
            yield Stage(place=place, again=False)

    return scene


@contextlib.contextmanager
def refusing_proxy(_: Path) -> Iterator[Stage]:
    """A proxy that does not listen."""
    with refused_port() as port:
        place = at("http://gms.invalid:8080", proxy=_by(f"http://127.0.0.1:{port}"))
        yield Stage(place=place, again=False)


@contextlib.contextmanager
def unknown_proxy(_: Path) -> Iterator[Stage]:
    """A proxy whose name nobody knows."""
    yield Stage(
        place=at("http://gms.invalid:8080", proxy=_by(f"http://{UNKNOWN_HOST}:3128")), again=False
    )


@contextlib.contextmanager
def silent_proxy(_: Path) -> Iterator[Stage]:
    """A proxy that takes CONNECT and says nothing."""
    with silent_listener() as port:
        place = at("https://gms.invalid", proxy=_by(f"http://127.0.0.1:{port}"), timeout=SHORT)
        yield Stage(place=place, again=False)


PAGE = b"<html><title>Access denied</title></html>"

PROXIES = Group(
    "The proxy",
    [
        Fault(
            name="the proxy does not listen",
            scene=refusing_proxy,
            kind=FailureKind.PROXY,
            says="refuses connections on this port",
        ),
        Fault(
            name="the name of the proxy is not known",
            scene=unknown_proxy,
            kind=FailureKind.PROXY,
            says=f"The proxy {UNKNOWN_HOST}:3128 cannot be found: no address is known for its name",
        ),
        Fault(
            name="the proxy wants other credentials",
            scene=through(answer(b"", status="407 Proxy Authentication Required"), "https"),
            kind=FailureKind.PROXY,
            says="does not accept the user name and password (407 Proxy Authentication Required)",
        ),
        Fault(
            name="the proxy answers CONNECT with a page",
            scene=through(answer(PAGE, "Content-Type: text/html", status="403 Denied"), "https"),
            kind=FailureKind.PROXY,
            says="does not connect to gms.invalid:8080: it answered 403 Denied",
        ),
        Fault(
            name="the proxy is no proxy",
            scene=through(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "https"),
            kind=FailureKind.PROXY,
            says="does not answer as an HTTP proxy does",
        ),
        Fault(
            name="the proxy does not answer CONNECT",
            scene=silent_proxy,
            kind=FailureKind.TIMEOUT,
            says="made no connection within 0.15 s",
        ),
        Fault(
            name="the proxy answers http with a page of its own",
            scene=through(
                answer(PAGE, "Content-Type: text/html", "Connection: close", status="503 Down"),
                "http",
            ),
            kind=ProblemKind.HTTP,
            says="Access denied",
            status=503,
            kept=PAGE,
        ),
    ],
)


# --- TLS -----------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def authority() -> trustme.CA:
    """The authority of all certificates here."""
    return trustme.CA()


def _server_context(*names: str, not_after: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*names, not_after=not_after).configure_cert(context)
    return context


def tls(
    make: Callable[[], ssl.SSLContext],
    *,
    trusted: bool = True,
    say: bytes = b"",
    **settings: Any,
) -> Scene:
    """Serve TLS by a context of its own; `trusted`: the client knows the authority."""

    @contextlib.contextmanager
    def scene(folder: Path) -> Iterator[Stage]:
        context = make()
        file = folder / "ca.pem"
        authority().cert_pem.write_to_path(str(file))

        def serve(connection: socket.socket) -> None:
            with context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            ) as secure:
                if _shaken(secure):
                    read_request(secure)
                    secure.sendall(say)

        with listening(serve) as port:
            known = Tls(ca_file=file) if trusted else Tls()
            place = at(f"https://127.0.0.1:{port}", tls=known, **settings)
            yield Stage(place=place, again=False)

    return scene


def _shaken(secure: ssl.SSLSocket) -> bool:
    """Shake hands; where that fails, read on as servers do, so that the alert is not lost."""
    try:
        secure.do_handshake()
    except ssl.SSLError:
        plain = socket.socket.recv
        socket.socket.shutdown(secure, socket.SHUT_WR)
        while plain(secure, 65536):
            pass
        return False
    return True


def _self_signed() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made = trustme.CA()
    both = trustme.Blob(made.private_key_pem.bytes() + made.cert_pem.bytes())
    with both.tempfile() as path:
        context.load_cert_chain(path)
    return context


def _old_protocol() -> ssl.SSLContext:
    context = _server_context("127.0.0.1")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it is old, and that is the fault
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def _no_old_protocol() -> str:
    """Say why no server can speak TLS 1.1 here; empty where one can."""
    return "" if ssl.HAS_TLSv1_1 else "this OpenSSL has no TLS 1.1"


def _wants_certificate(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = _server_context("127.0.0.1")
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = version
    authority().configure_trust(context)
    return context


def _hang_up(connection: socket.socket) -> None:
    connection.recv(65536)


def _speak_plain(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(answer(b"", status="400 Bad Request"))


LONG_AGO = datetime.now(UTC) - timedelta(days=1)

TLS = Group(
    "TLS",
    [
        Fault(
            name="an expired certificate",
            scene=tls(lambda: _server_context("127.0.0.1", not_after=LONG_AGO)),
            kind=FailureKind.TLS,
            says="The certificate of 127.0.0.1 is not trusted: it expired on",
        ),
        Fault(
            name="a self-signed certificate",
            scene=tls(_self_signed, trusted=False),
            kind=FailureKind.TLS,
            says="The certificate of 127.0.0.1 is not trusted: it is self-signed",
        ),
        Fault(
            name="an authority that is not known",
            scene=tls(lambda: _server_context("127.0.0.1"), trusted=False),
            kind=FailureKind.TLS,
            says="is unknown on this computer",
        ),
        Fault(
            name="a certificate of another host",
            scene=tls(lambda: _server_context("gms.example.org")),
            kind=FailureKind.TLS,
            says="it is not made out for 127.0.0.1 but for gms.example.org",
        ),
        Fault(
            name="an old protocol",
            scene=tls(_old_protocol),
            unless=_no_old_protocol,
            kind=FailureKind.TLS,
            says="127.0.0.1 speaks no TLS version that is safe",
        ),
        Fault(
            name="a client certificate is required (TLS 1.2)",
            scene=tls(lambda: _wants_certificate(ssl.TLSVersion.TLSv1_2)),
            kind=FailureKind.TLS,
            says="it knows no cipher that this side offers, or it requires a client certificate",
        ),
        Fault(
            name="a client certificate is required (TLS 1.3)",
            scene=tls(lambda: _wants_certificate(ssl.TLSVersion.TLSv1_3)),
            kind=FailureKind.TLS,
            says="127.0.0.1 requires a client certificate, and this environment has none",
        ),
        Fault(
            name="closed inside the handshake",
            scene=raw(_hang_up, scheme="https", verify_tls=False),
            kind=FailureKind.RESET,
            says="inside the TLS handshake",
        ),
        Fault(
            name="no handshake",
            scene=on_port(silent_listener, "https", timeout=SHORT),
            kind=FailureKind.TIMEOUT,
            says="The TLS handshake did not finish within 0.15 s",
        ),
        Fault(
            name="plain HTTP on a port that was asked for https",
            scene=raw(_speak_plain, scheme="https", verify_tls=False),
            kind=FailureKind.TLS,
            says="does not speak TLS on this port; perhaps the base URL needs http",
        ),
        Fault(
            name="closed inside the body, without a goodbye of TLS",
            scene=tls(
                lambda: _server_context("127.0.0.1"),
                say=answer(b'{"_id": "', JSON, length=100),
            ),
            kind=FailureKind.CUT,
            says="The connection closed inside the answer, after 9 of its 100 bytes",
            status=200,
            kept=b'{"_id": "',
        ),
    ],
)


def _downgrade(folder: Path) -> contextlib.AbstractContextManager[Stage]:
    say = answer(b"", "Location: http://127.0.0.1:9/genesys", status="302 Downgrade")
    return tls(lambda: _server_context("127.0.0.1"), say=say)(folder)


REDIRECTS_OF_TLS = Fault(
    name="a redirect from https to http",
    scene=_downgrade,
    kind=ProblemKind.HTTP,
    says="Downgrade",
    status=302,
)
