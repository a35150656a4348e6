"""TLS: whom the console trusts, what it shows of itself, and what it says when that fails."""

import asyncio
import socket
import ssl
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gms_console.client import certificates
from gms_console.client.certificates import certificate_of, forget_certificates
from gms_console.client.client import GmsClient
from gms_console.client.tls import TlsSettings, context_for, system_context
from gms_console.client.tls_words import why_tls_failed
from gms_console.model.certificate import Certificate
from gms_console.model.connection import Tls
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Failure, FailureKind
from gms_console.wire.request import prepare_create
from tests.engine.helpers import send
from tests.support.certificates import Authority, Pair
from tests.support.nginx import Nginx, Site, nginx
from tests.support.wire_server import WireServer, json_answer

PASSPHRASE = "canary passphrase"


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    forget_certificates()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def client_pair(authority: Authority) -> Pair:
    return authority.issue("tester.example")


@pytest.fixture(scope="module")
def site(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """nginx before GMS: a good certificate, another host's, an expired one, and mutual TLS."""
    good = authority.issue()
    with (
        WireServer(json_answer({"_id": "a1"})) as gms,
        nginx(
            tmp_path_factory.mktemp("nginx"),
            gms.port,
            Site(good),
            Site(authority.issue("other.example", "www.other.example")),
            Site(authority.issue(days=(-9, -2))),
            Site(good, client_authority=authority.file),
        ) as started,
    ):
        yield started


GOOD, OTHER_HOST, EXPIRED, MUTUAL = range(4)


async def create_at(port: int, *, verify: bool = True, **tls: object) -> Exchange:
    """Create at a port of this machine, with these files."""
    # Each value has the type of its field.
    place = replace(
        Environment.parse(f"https://127.0.0.1:{port}", timeout=5, verify_tls=verify),
        tls=Tls(**tls),  # type: ignore[arg-type]
    )
    return await send(place, prepare_create(place, "callme"))


def failure(exchange: Exchange, kind: FailureKind = FailureKind.TLS) -> Failure:
    """The failure, which came in the handshake, with nothing sent."""
    found = exchange.failure
    assert found is not None
    assert (found.kind, found.phase) == (kind, "tls"), found
    assert exchange.response is None
    assert exchange.timing.send is None
    return found


# --- before a real server ---------------------------------------------------------------------


async def test_an_authority_of_ones_own_is_trusted(site: Nginx, authority: Authority) -> None:
    exchange = await create_at(site.ports[GOOD], ca_file=authority.file)
    assert exchange.failure is None, exchange.failure
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert exchange.timing.tls is not None


async def test_an_unknown_authority_is_named_and_its_certificate_shown(site: Nginx) -> None:
    before = len(site.seen)
    found = failure(await create_at(site.ports[GOOD]))
    assert "authority" in found.message
    assert "Test Authority" in found.message
    certificate = found.certificate
    assert certificate is not None
    assert certificate.names == ("localhost", "127.0.0.1")
    assert "Test Authority" in certificate.issuer
    assert not certificate.self_signed
    assert certificate.not_before < datetime.now(UTC) < certificate.not_after
    assert len(certificate.fingerprint.split(":")) == 32
    # The look at the certificate has sent no request either.
    assert site.seen[before:] == []


async def test_a_certificate_for_another_host_names_its_hosts(
    site: Nginx, authority: Authority
) -> None:
    found = failure(await create_at(site.ports[OTHER_HOST], ca_file=authority.file))
    assert "not made out for 127.0.0.1 but for other.example, www.other.example" in found.message
    assert found.certificate is not None
    assert found.certificate.names == ("other.example", "www.other.example")


async def test_an_expired_certificate_says_since_when(site: Nginx, authority: Authority) -> None:
    found = failure(await create_at(site.ports[EXPIRED], ca_file=authority.file))
    assert found.certificate is not None
    assert f"expired on {found.certificate.not_after:%Y-%m-%d}" in found.message


async def test_verification_can_be_switched_off(site: Nginx) -> None:
    for port in (site.ports[OTHER_HOST], site.ports[EXPIRED]):
        assert (await create_at(port, verify=False)).failure is None


async def test_a_look_at_the_certificate_is_no_time_of_the_handshake(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second connection is accepted and never answered: it is given up, and not counted."""
    monkeypatch.setattr(certificates, "_LOOK_FOR", 0.3)
    context = authority.server_context(authority.issue())

    def serve() -> None:
        first, _ = listener.accept()
        with suppress(OSError), context.wrap_socket(first, server_side=True) as tls:
            tls.recv(1)
        held.append(listener.accept()[0])

    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        exchange = await create_at(listener.getsockname()[1])
        thread.join(5)
    held[0].close()
    found = failure(exchange)
    assert "authority is unknown" in found.message
    assert found.certificate is None
    assert exchange.timing.tls is not None
    assert exchange.timing.tls < 250 < exchange.timing.total


async def test_a_client_certificate_is_shown_where_it_is_wanted(
    site: Nginx, authority: Authority, client_pair: Pair
) -> None:
    without = await create_at(site.ports[MUTUAL], ca_file=authority.file)
    assert without.response is not None
    assert without.response.status == 400
    assert b"No required SSL certificate" in without.response.body
    before = len(site.seen)
    locked = client_pair.locked(PASSPHRASE)
    shown = await create_at(
        site.ports[MUTUAL],
        ca_file=authority.file,
        certificate=client_pair.certificate,
        key=locked,
        passphrase=PASSPHRASE,
    )
    assert shown.failure is None, shown.failure
    assert shown.response is not None
    assert shown.response.status == 200
    site.wait_for("Testing cert", before)


async def test_a_key_may_stand_in_the_certificate_s_file(
    site: Nginx, authority: Authority, client_pair: Pair, tmp_path: Path
) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(client_pair.key.read_bytes() + client_pair.certificate.read_bytes())
    exchange = await create_at(site.ports[MUTUAL], ca_file=authority.file, certificate=both)
    assert exchange.response is not None
    assert exchange.response.status == 200


# --- before servers that are stricter than nginx -------------------------------------------------


@contextmanager
def tls_server(context: ssl.SSLContext) -> Iterator[int]:
    """A server that ends each connection after its handshake; gives its port.

    asyncio's own would send no alert when a handshake fails.
    """

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.dup() as raw:
                with suppress(OSError), context.wrap_socket(connection, server_side=True) as tls:
                    tls.recv(1)
                # A socket that is closed with unread data is reset, and its alert may be lost.
                raw.settimeout(2)
                with suppress(OSError):
                    while raw.recv(65536):
                        pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
async def test_a_client_certificate_that_is_required_and_not_there(
    authority: Authority, version: ssl.TLSVersion
) -> None:
    context = authority.server_context(authority.issue(), wants_client=True)
    context.minimum_version = context.maximum_version = version
    with tls_server(context) as port:
        exchange = await create_at(port, ca_file=authority.file)
    found = exchange.failure
    assert found is not None
    # TLS 1.3 tells it when the request has gone out already.
    assert found.kind is FailureKind.TLS, found
    assert "client certificate" in found.message


async def test_a_client_certificate_that_the_server_does_not_trust(
    authority: Authority, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path).issue("stranger.example")
    context = authority.server_context(authority.issue(), wants_client=True)
    with tls_server(context) as port:
        exchange = await create_at(
            port,
            ca_file=authority.file,
            certificate=stranger.certificate,
            key=stranger.key,
        )
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TLS
    assert "does not accept the client certificate" in exchange.failure.message


async def test_a_server_that_speaks_only_an_old_protocol(authority: Authority) -> None:
    context = authority.server_context(authority.issue())
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with tls_server(context) as port:
        found = failure(await create_at(port, ca_file=authority.file))
    assert "TLS version" in found.message


async def test_a_self_signed_certificate_and_one_that_is_not_valid_yet(
    authority: Authority, tmp_path: Path
) -> None:
    early = authority.issue(days=(2, 9))
    with WireServer(tls=early.files) as server:
        found = failure(await create_at(server.port, ca_file=authority.file))
    assert "not valid before" in found.message
    assert "clock" in found.message
    own = Authority(tmp_path)
    alone = tmp_path / "alone.pem"
    alone.write_bytes(own.key_pem)
    with WireServer(tls=(own.file, alone)) as server:
        found = failure(await create_at(server.port))
    assert "self-signed" in found.message
    assert found.certificate is not None
    assert found.certificate.self_signed


async def test_a_failing_poll_looks_at_the_certificate_once(authority: Authority) -> None:
    with WireServer(tls=authority.issue().files) as server:
        place = Environment.parse(f"https://127.0.0.1:{server.port}", timeout=5)
        async with GmsClient(place, lambda _: None) as client:
            found = [failure(await client.send(prepare_create(place, "callme"))) for _ in range(3)]
        # One for each send, and one more to see the certificate.
        assert server.connections == 4
        assert server.requests == []
    assert found[0].certificate == found[2].certificate is not None


async def test_polls_that_fail_at_once_look_at_the_certificate_once(authority: Authority) -> None:
    with WireServer(tls=authority.issue().files) as server:
        place = Environment.parse(f"https://127.0.0.1:{server.port}", timeout=5)
        sends = [send(place, prepare_create(place, "callme")) for _ in range(8)]
        found = {failure(exchange).certificate for exchange in await asyncio.gather(*sends)}
        assert server.connections == 9
    assert len(found) == 1
    assert None not in found


# --- files that do not fit -----------------------------------------------------------------------


async def refused(tls: Tls) -> tuple[FailureKind, str]:
    """What a send says that meets a server with these files at hand."""
    with WireServer() as server:
        place = replace(Environment.parse(f"https://127.0.0.1:{server.port}"), tls=tls)
        exchange = await send(place, prepare_create(place, "callme"))
        assert server.bytes_received == 0
    assert exchange.failure is not None
    assert exchange.failure.phase == "tls"
    assert PASSPHRASE not in repr(exchange)
    return exchange.failure.kind, exchange.failure.message


async def test_files_that_do_not_fit_are_named(
    authority: Authority, client_pair: Pair, tmp_path: Path
) -> None:
    other, locked = authority.issue(), client_pair.locked(PASSPHRASE)
    missing, text = tmp_path / "missing.pem", tmp_path / "text.pem"
    text.write_text("no certificate")
    certificate = client_pair.certificate

    kind, words = await refused(Tls(ca_file=missing))
    assert (kind, str(missing) in words) == (FailureKind.FILE, True)
    kind, words = await refused(Tls(certificate=certificate, key=tmp_path))
    assert (kind, str(tmp_path) in words) == (FailureKind.FILE, True)
    kind, words = await refused(Tls(ca_file=text))
    assert (kind, str(text) in words) == (FailureKind.TLS, True)
    kind, words = await refused(Tls(certificate=certificate))
    assert (kind, words) == (FailureKind.TLS, f"{certificate} holds no private key in PEM form")
    kind, words = await refused(Tls(certificate=certificate, key=other.key))
    assert kind is FailureKind.TLS
    assert words == (
        f"The private key in {other.key} does not belong to the certificate in {certificate}"
    )
    for passphrase, said in (("", "none is given"), (f"not {PASSPHRASE}", "does not open")):
        kind, words = await refused(Tls(certificate=certificate, key=locked, passphrase=passphrase))
        assert kind is FailureKind.TLS
        assert said in words
        assert str(locked) in words
        assert PASSPHRASE not in words


# --- contexts ------------------------------------------------------------------------------------


async def test_a_context_is_made_once_until_its_files_change(
    client_pair: Pair, authority: Authority, tmp_path: Path
) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(authority.file.read_bytes())
    settings = TlsSettings(
        tls=Tls(ca_file=ca_file, certificate=client_pair.certificate, key=client_pair.key)
    )
    first = await context_for(settings)
    assert await context_for(settings) is first
    assert await context_for(replace(settings, http2=True)) is not first
    ca_file.write_bytes(authority.file.read_bytes() * 2)
    assert await context_for(settings) is not first
    plain = await asyncio.gather(*(context_for(TlsSettings()) for _ in range(20)))
    assert len(set(map(id, plain))) == 1


@pytest.mark.parametrize("platform", [sys.platform, "darwin"])
async def test_the_system_s_trust_store_is_used_on_every_system(
    authority: Authority, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """macOS and Windows verify through truststore; Linux reads its bundle itself, once."""
    with WireServer(tls=authority.issue().files) as server:
        for known in (False, True):
            if known:
                monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
            context = system_context(platform)
            outcome = "trusted"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=context)
                writer.transport.abort()
                await asyncio.sleep(0)
            except ssl.SSLCertVerificationError as error:
                outcome = why_tls_failed(error, "127.0.0.1")
            assert (outcome == "trusted") is known, outcome


def test_words_for_what_a_system_says_in_its_own_way() -> None:
    """Windows and macOS have other codes than OpenSSL: the certificate itself tells the rest."""
    now = datetime(2025, 6, 1, tzinfo=UTC)
    certificate = Certificate(
        subject="CN=gms",
        issuer="CN=ca",
        names=tuple(f"h{n}.example" for n in range(9)),
        not_before=now - timedelta(days=9),
        not_after=now - timedelta(days=1),
        fingerprint="",
    )
    error = ssl.SSLCertVerificationError("said by the system")
    words = why_tls_failed(error, "gms.example", certificate, now=now)
    assert words.endswith("it expired on 2025-05-31 00:00 UTC")
    later = replace(certificate, not_before=now + timedelta(days=1), not_after=now.replace(2026))
    assert "not valid before 2025-06-02" in why_tls_failed(error, "g", later, now=now)
    error.verify_code, error.verify_message = 62, "Hostname mismatch"
    words = why_tls_failed(error, "gms.example", certificate, now=now)
    assert words.endswith("h5.example and 3 more")
    error.verify_code = 10
    assert "of its chain has expired" in why_tls_failed(error, "g", later, now=now)


def test_a_certificate_without_names_can_be_read(client_pair: Pair) -> None:
    read = certificate_of(ssl.PEM_cert_to_DER_cert(_first(client_pair.certificate.read_text())))
    assert read.names == ("tester.example",)
    with pytest.raises(ValueError, match=r".+"):
        certificate_of(b"\x30\x00")


def _first(pem: str) -> str:
    end = "-----END CERTIFICATE-----"
    return pem[: pem.index(end) + len(end)] + "\n"
