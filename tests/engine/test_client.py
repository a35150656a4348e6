"""One request and what came of it: the reference page's exchanges, headers, times, encodings."""

import asyncio
import gzip
import threading
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.model.answer import read_answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import (
    Exchange,
    FailureKind,
    Operation,
    OperationKind,
    Timing,
)
from gms_console.model.form import Form, Row
from gms_console.wire.body import CHUNK
from gms_console.wire.request import prepare_create, prepare_request
from tests.engine.helpers import create, environment, file_with, send, send_create
from tests.support.parsers import MULTIPART_READERS, ParsedRow
from tests.support.wire_server import (
    Answer,
    Wire,
    WireRequest,
    WireServer,
    body_answer,
    chunked_answer,
    early,
    hold,
    json_answer,
    raw_answer,
    self_signed_certificate,
    text_answer,
)

ID = "39a98e24-b03b-4191-b756-1efe8f3b16b8"


async def test_the_create_of_the_reference_page(wire: WireServer, tmp_path: Path) -> None:
    wire.script(
        json_answer(f'{{ "_id": "{ID}", "_access_number": "8003449999", "_access_code": "7684" }}')
    )
    place = environment(wire)
    picture = file_with(tmp_path, "MyPic.png", b"\x89PNG\r\n\x1a\n\x00\xff")
    form = Form(
        (
            Row(key="_phone_number", value="6504669999"),
            Row(key="_provide_code", value="true"),
            Row(key="language", value="french"),
            Row(key="current_location_latitude", value="48.8583"),
            Row(key="current_location_longitude", value="2.2944"),
            Row(key="FileKey", file=picture),
        )
    )
    exchange = await send(place, prepare_create(place, "request-interaction", form))
    (request,) = wire.requests
    assert (request.method, request.target, request.version) == (
        "POST",
        "/genesys/1/service/request-interaction",
        "HTTP/1.1",
    )
    (content_type,) = request.values("Content-Type")
    assert content_type.startswith("multipart/form-data; boundary=")
    for read in MULTIPART_READERS:
        assert read(request.body, content_type) == [
            ParsedRow("_phone_number", b"6504669999"),
            ParsedRow("_provide_code", b"true"),
            ParsedRow("language", b"french"),
            ParsedRow("current_location_latitude", b"48.8583"),
            ParsedRow("current_location_longitude", b"2.2944"),
            ParsedRow("FileKey", picture.read_bytes(), "MyPic.png", "image/png"),
        ]
    assert exchange.failure is None
    assert exchange.operation.title == "create request-interaction"
    assert exchange.request.url == f"{wire.base_url}/genesys/1/service/request-interaction"
    assert exchange.request.body_size == len(request.body)
    assert "bytes of MyPic.png»" in exchange.request.body_preview
    answer = read_answer(exchange)
    assert answer.ok
    assert answer.id == ID
    assert answer.access is not None
    assert (answer.access.number, answer.access.code) == ("8003449999", "7684")


async def test_the_status_request_of_the_reference_page(wire: WireServer) -> None:
    wire.script(json_answer('{ "status": "waiting-for-agent", "dialog": "/waitingforagent.html" }'))
    place = Environment.parse(f"{wire.base_url}/GMS-web/gms")
    operation = Operation(kind=OperationKind.REQUEST, instance_id=ID, request="status")
    exchange = await send(place, prepare_request(place, operation))
    (request,) = wire.requests
    assert (request.method, request.target) == (
        "POST",
        f"/GMS-web/gms/1/service/{ID}/status",
    )
    assert [name for name, _ in request.headers] == [
        "Host",
        "User-Agent",
        "Accept",
        "Accept-Encoding",
        "Connection",
        "Content-Length",
    ]
    assert (request.body, request.values("Host")) == (b"", [f"127.0.0.1:{wire.port}"])
    assert exchange.operation.title == "status"
    answer = read_answer(exchange)
    assert (answer.state, answer.dialog, answer.id) == (
        "waiting-for-agent",
        "/waitingforagent.html",
        None,
    )


async def test_headers_keep_order_case_and_duplicates_both_ways(wire: WireServer) -> None:
    answered = (
        ("Server", "Jetty(7.6.0.v20120127)"),
        ("Cache-Control", "no-cache"),
        ("cache-control", "no-store"),
        ("X-Latin", "é"),
        ("Cache-Control", "no-cache"),
        ("X-Empty", ""),
    )
    wire.script(json_answer({}, headers=answered))
    mine = (("gms_user", "ann"), ("X-B", "1"), ("x-b", "2"), ("X-A", ""), ("X-B", "1"))
    place = environment(wire, headers=mine)
    exchange = await send(place, prepare_create(place, "x"))
    (request,) = wire.requests
    assert [pair for pair in request.headers if pair[0].lower() in {"gms_user", "x-a", "x-b"}] == [
        *mine
    ]
    assert exchange.request.headers == tuple(request.headers)
    assert exchange.response is not None
    assert exchange.response.headers == (
        ("Content-Type", "application/json"),
        *answered,
        ("Content-Length", "2"),
    )
    assert exchange.response.header("CACHE-CONTROL") == "no-cache"
    assert exchange.response.header("nothing") is None


@pytest.mark.parametrize("status", [200, 201, 204, 400, 401, 404, 405, 415, 500, 503])
async def test_status_and_body_are_kept_whatever_they_are(wire: WireServer, status: int) -> None:
    body = b"" if status == 204 else b"<html>\xff"
    headers = [("X-Z", "1")]
    if status == 204:
        wire.script(raw_answer(b"HTTP/1.1 204 No Content\r\nX-Z: 1\r\n\r\n"))
    else:
        wire.script(body_answer(body, status, headers))
    exchange = await send_create(wire)
    assert exchange.failure is None
    response = exchange.response
    assert response is not None
    assert (response.status, response.body, response.complete) == (status, body, True)
    assert response.http_version == "HTTP/1.1"
    assert response.wire_size == len(body)


async def test_the_reason_is_kept_as_it_came(wire: WireServer) -> None:
    wire.script(raw_answer(b"HTTP/1.1 299 Fa\xe7ade down\r\nContent-Length: 0\r\n\r\n"))
    exchange = await send_create(wire)
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.reason) == (299, "Façade down")


async def test_an_interim_answer_is_passed_over(wire: WireServer) -> None:
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    wire.script(raw_answer(b"HTTP/1.1 100 Continue\r\n\r\n" + final))
    exchange = await send_create(wire)
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (200, b"{}")


async def test_a_chunked_answer_is_put_together(wire: WireServer) -> None:
    wire.script(chunked_answer([b'{"_id"', b': "a', b'1"}']))
    exchange = await send_create(wire)
    assert exchange.response is not None
    assert exchange.response.body == b'{"_id": "a1"}'
    assert exchange.response.complete


async def test_an_answer_that_ends_with_the_connection_is_complete(wire: WireServer) -> None:
    wire.script(raw_answer(b"HTTP/1.1 200 OK\r\n\r\n{}", close=True))
    exchange = await send_create(wire)
    assert exchange.failure is None
    assert exchange.response is not None
    assert exchange.response.body == b"{}"


# --- compression and size -------------------------------------------------------------------

JSON = b'{"_id": "' + b"a" * 5000 + b'"}'


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(JSON, mtime=0)),
        ("deflate", zlib.compress(JSON)),
        ("GZIP", gzip.compress(JSON, mtime=0)),
    ],
)
async def test_a_compressed_answer_is_read(wire: WireServer, coding: str, packed: bytes) -> None:
    wire.script(body_answer(packed, headers=[("Content-Encoding", coding)]))
    exchange = await send_create(wire)
    assert exchange.failure is None
    assert exchange.response is not None
    assert exchange.response.body == JSON
    assert exchange.response.wire_size == len(packed)


async def test_an_answer_in_an_unknown_coding_is_kept_as_it_came(wire: WireServer) -> None:
    wire.script(body_answer(b"\x1b\x03packed", headers=[("Content-Encoding", "br")]))
    exchange = await send_create(wire)
    assert exchange.failure is None
    assert exchange.response is not None
    assert exchange.response.body == b"\x1b\x03packed"


async def test_damaged_compression_is_a_failure_of_its_own(wire: WireServer) -> None:
    wire.script(body_answer(b"this is no gzip", headers=[("Content-Encoding", "gzip")]))
    exchange = await send_create(wire)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.DECODING
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.complete) == (200, False)
    assert exchange.response.header("content-encoding") == "gzip"


async def test_compression_that_ends_early_is_not_taken_for_a_whole_answer(
    wire: WireServer,
) -> None:
    packed = gzip.compress(JSON, mtime=0)[:-20]
    wire.script(body_answer(packed, headers=[("Content-Encoding", "gzip")]))
    exchange = await send_create(wire)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.DECODING


async def test_reading_stops_at_the_largest_body_that_is_kept(wire: WireServer) -> None:
    most = 1024 * 1024
    wire.script(body_answer(b"x" * most), body_answer(b"y" * (most + 1)), json_answer({}))
    place = replace(environment(wire), max_body=most)
    recorded: list[Exchange] = []
    async with GmsClient(place, recorded.append) as client:
        fits = await client.send(create(wire))
        assert fits.failure is None
        large = await client.send(create(wire))
        assert large.failure is not None
        assert large.failure.kind is FailureKind.TOO_LARGE
        assert "1 MiB" in large.failure.message
        assert large.response is not None
        assert (large.response.body, large.response.complete) == (b"y" * most, False)
        again = await client.send(create(wire))
        assert again.failure is None
    assert recorded == [fits, large, again]
    assert [request.connection for request in wire.requests] == [1, 1, 2]


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_too_large(wire: WireServer) -> None:
    packed = gzip.compress(bytes(8 * 1024 * 1024))
    wire.script(body_answer(packed, headers=[("Content-Encoding", "gzip")]))
    exchange = await send(replace(environment(wire), max_body=1024 * 1024), create(wire))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TOO_LARGE
    assert exchange.response is not None
    assert len(exchange.response.body) == 1024 * 1024


# --- times ------------------------------------------------------------------------------------


def phases(timing: Timing) -> list[float]:
    """The lengths of the phases that took place, in order."""
    all_of = (timing.connect, timing.tls, timing.send, timing.wait, timing.receive)
    return [length for length in all_of if length is not None]


async def test_times_by_phase_add_up_and_a_kept_connection_has_no_connect(
    wire: WireServer,
) -> None:
    place = environment(wire)
    async with GmsClient(place, lambda _: None) as client:
        first = (await client.send(create(wire, Form.of(("a", "1"))))).timing
        second = (await client.send(create(wire, Form.of(("a", "1"))))).timing
    assert first.connect is not None
    assert (first.tls, second.tls, second.connect) == (None, None, None)
    for timing, count in ((first, 4), (second, 3)):
        assert len(phases(timing)) == count
        assert all(length >= 0 for length in phases(timing))
        assert 0 < sum(phases(timing)) <= timing.total < 5000
    assert wire.connections == 1


async def test_the_wait_is_the_servers_time(wire: WireServer) -> None:
    """A server that takes 0.1 s is seen in `wait`, not in another phase."""

    def play(connection: Wire, request: WireRequest) -> None:
        wire_timer.wait(0.1)
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    import threading  # noqa: PLC0415

    wire_timer = threading.Event()
    wire.script(Answer(play))
    timing = (await send_create(wire)).timing
    assert timing.wait is not None
    assert timing.wait >= 95
    assert timing.receive is not None
    assert timing.receive < timing.wait


async def test_tls_has_a_phase_and_verification_can_be_switched_off(tmp_path: Path) -> None:
    pair = self_signed_certificate(tmp_path)
    with WireServer(json_answer({"_id": "a"}), tls=pair) as server:
        strict = Environment.parse(server.base_url)
        exchange = await send(strict, prepare_create(strict, "x"))
        assert exchange.failure is not None
        assert exchange.failure.kind is FailureKind.TLS
        assert "self-signed" in exchange.failure.message.replace("self signed", "self-signed")
        assert exchange.failure.phase == "tls"
        assert server.requests == []
        lax = Environment.parse(server.base_url, verify_tls=False)
        exchange = await send(lax, prepare_create(lax, "x"))
        assert exchange.failure is None
        assert exchange.timing.connect is not None
        assert exchange.timing.tls is not None
        assert len(phases(exchange.timing)) == 5
        assert sum(phases(exchange.timing)) <= exchange.timing.total


# --- uploads and early answers ----------------------------------------------------------------


async def test_an_early_refusal_of_a_large_upload_is_read(wire: WireServer, tmp_path: Path) -> None:
    wire.script(early(text_answer("too big", 413)))
    path = file_with(tmp_path, "big", bytes(8 * CHUNK))
    exchange = await send_create(wire, Form((Row(key="FileKey", file=path),)))
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (413, b"too big")


async def test_an_early_refusal_is_read_even_when_the_server_closes_at_once(
    wire: WireServer, tmp_path: Path
) -> None:
    """As nginx does it for a body over its limit: answer, then no more reading."""

    def refuse(connection: Wire, request: WireRequest) -> None:
        connection.send(
            b"HTTP/1.1 413 Too Large\r\nContent-Length: 7\r\nConnection: close\r\n\r\ntoo big"
        )
        connection.close()

    wire.script(early(Answer(refuse)))
    path = file_with(tmp_path, "big", bytes(16 * CHUNK))
    exchange = await send_create(wire, Form((Row(key="FileKey", file=path),)))
    assert exchange.response is not None, exchange.failure
    assert exchange.response.status == 413


async def test_a_large_file_arrives_whole(tmp_path: Path) -> None:
    content = bytes(range(256)) * (3 * CHUNK // 256) + b"end"
    path = file_with(tmp_path, "big", content)
    with WireServer() as server:
        exchange = await send_create(server, Form((Row(key="FileKey", file=path),)))
        assert exchange.failure is None
        (request,) = server.requests
        (content_type,) = request.values("Content-Type")
        (row,) = MULTIPART_READERS[0](request.body, content_type)
    assert row.value == content


# --- connections ------------------------------------------------------------------------------


async def test_a_connection_that_the_server_closed_is_opened_anew(wire: WireServer) -> None:
    wire.script(json_answer({}, headers=[("Connection", "close")]))
    async with GmsClient(environment(wire), lambda _: None) as client:
        for _ in range(3):
            assert (await client.send(create(wire))).failure is None
    assert [request.connection for request in wire.requests] == [1, 2, 3]


async def test_a_closed_client_keeps_its_cookies_and_connects_again(wire: WireServer) -> None:
    wire.script(json_answer({}, headers=[("Set-Cookie", "a=1; Path=/genesys")]))
    place = environment(wire)
    client = GmsClient(place, lambda _: None)
    await client.send(create(wire))
    await client.aclose()
    await client.aclose()
    assert client.cookie_header(place.service_url("x")) == "a=1"
    assert client.cookie_header(f"{wire.base_url}/other") is None
    assert client.cookie_header("http://other.invalid/genesys/1/service/x") is None
    await client.send(create(wire))
    await client.aclose()
    assert wire.connections == 2


async def test_connections_of_former_settings_are_closed_by_the_next_send(
    wire: WireServer,
) -> None:
    gate = threading.Event()
    wire.script(hold(gate, json_answer({})), json_answer({}))
    place = environment(wire)
    async with GmsClient(place, lambda _: None) as client:
        held = asyncio.create_task(client.send(create(wire)))
        await asyncio.to_thread(wire.wait_for_gates)
        for seconds in range(5):
            client.use(replace(place, timeout=10.0 + seconds))
            assert (await client.send(create(wire))).failure is None
        # All but the last, and the one over which a request is still under way.
        await asyncio.to_thread(wire.wait_for_disconnects, 4)
        gate.set()
        assert (await held).failure is None
        assert (await client.send(create(wire))).failure is None
        await asyncio.to_thread(wire.wait_for_disconnects, 5)
    assert wire.connections == 6


async def test_requests_do_not_wait_for_each_other(wire: WireServer) -> None:
    gate = threading.Event()
    wire.script(*[hold(gate, json_answer({}))] * 15)
    async with GmsClient(environment(wire), lambda _: None) as client:
        sends = [asyncio.create_task(client.send(create(wire))) for _ in range(15)]
        await asyncio.to_thread(wire.wait_for_gates, 15)
        gate.set()
        assert [(await one).failure for one in sends] == [None] * 15


async def test_a_proxy_of_the_machine_is_not_used(
    wire: WireServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing leaves but the request, and only to the environment's own host."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    netrc = file_with(tmp_path, ".netrc", b"machine 127.0.0.1 login ann password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    exchange = await send_create(wire)
    assert exchange.failure is None
    assert wire.requests[0].values("Authorization") == []
