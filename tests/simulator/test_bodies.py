import json
import shutil
import socket
import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from gms_console.simulator import Simulator
from tests.simulator.wire import (
    BOUNDARY,
    JSON,
    MULTIPART,
    SERVICE,
    URLENCODED,
    Reply,
    call,
    create,
    end,
    get,
    part,
    post,
    raw,
    until,
)

TARGET = f"{SERVICE}/request-inbound-poll"
MEGABYTE = 1024 * 1024


def stored(simulator: Simulator, reply: Reply) -> dict[str, object]:
    assert reply.status == 200, reply
    return get(simulator, f"{reply.json['_id']}/storage").json


def test_an_urlencoded_body_is_decoded(simulator: Simulator) -> None:
    body = "a=1+2&b=%C3%BC%26&c=&d&%C3%A4=x"
    reply = call(simulator, "POST", TARGET, body, URLENCODED)
    assert stored(simulator, reply) == {"a": "1 2", "b": "ü&", "c": "", "d": "", "ä": "x"}


def test_an_urlencoded_body_may_name_its_charset(simulator: Simulator) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=ISO-8859-1"}
    assert stored(simulator, call(simulator, "POST", TARGET, "a=%FC", kind)) == {"a": "ü"}
    unknown = {"Content-Type": "application/x-www-form-urlencoded; charset=klingon"}
    assert call(simulator, "POST", TARGET, "a=%FC", unknown).status == 400


def test_a_json_object_is_a_form(simulator: Simulator) -> None:
    body = '{"_provide_code":true,"t":"x","n":1.5,"b":false,"z":null,"o":{"a":[1]},"t":"y"}'
    reply = call(simulator, "POST", f"{SERVICE}/request-interaction", body, JSON)
    assert "_access_code" in reply.json
    kept = get(simulator, f"{reply.json['_id']}/storage").json
    assert kept == {"t": "y", "n": "1.5", "b": "false", "z": "null", "o": '{"a": [1]}'}


@pytest.mark.parametrize("body", ["[1]", "{", '"x"', "\xff", "[" * 100_000])
def test_json_that_is_no_object_is_refused(simulator: Simulator, body: str) -> None:
    assert call(simulator, "POST", TARGET, body.encode("latin-1"), JSON).status == 400


def test_the_rows_of_a_query_count_too(simulator: Simulator) -> None:
    reply = call(simulator, "POST", f"{TARGET}?a=1&b=%C3%BC", "a=2", URLENCODED)
    assert stored(simulator, reply) == {"a": "2", "b": "ü"}


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", ""])
def test_another_content_type_with_a_body_is_refused(simulator: Simulator, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    reply = call(simulator, "POST", TARGET, b"a=1", headers)
    assert (reply.status, reply.reason) == (415, "Unsupported Media Type")
    assert call(simulator, "POST", TARGET, None, headers).status == 200


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", part("a", b"1") + end()),
        (MULTIPART["Content-Type"], part("a", b"1")),
        (MULTIPART["Content-Type"], b"nonsense"),
        (MULTIPART["Content-Type"], part("f", b"1" * 200_000, "f.bin")),
        (f"multipart/form-data; boundary={'x' * 500}", b"nonsense"),
        (
            MULTIPART["Content-Type"],
            f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n".encode() + end(),
        ),
    ],
    ids=["no boundary", "no end", "nonsense", "cut file", "long boundary", "no name"],
)
def test_a_malformed_multipart_body_is_refused(
    simulator: Simulator, kind: str, body: bytes
) -> None:
    reply = call(simulator, "POST", TARGET, body, {"Content-Type": kind})
    assert reply.status == 400
    assert "ultipart" in reply.json["message"]


def test_too_much_text_is_refused(simulator: Simulator) -> None:
    body = b"a=" + b"x" * (17 * MEGABYTE)
    assert call(simulator, "POST", TARGET, body, URLENCODED).status == 413
    multipart = part("a", b"x" * (17 * MEGABYTE)) + end()
    assert call(simulator, "POST", TARGET, multipart, MULTIPART).status == 413


def test_duplicates_and_order_are_recorded_as_sent(simulator: Simulator) -> None:
    body = "b=1&a=2&b=3"
    headers = {**URLENCODED, "X-Two": "1", "x-two": "2"}
    call(simulator, "POST", f"{TARGET}?q=%41", body, headers)
    request = simulator.received[-1]
    assert (request.method, request.target) == ("POST", f"{TARGET}?q=%41".encode())
    assert (request.body, request.size, request.complete) == (body.encode(), len(body), True)
    names = [name for name, _ in request.headers]
    assert names[-2:] == [b"X-Two", b"x-two"]
    assert b"Content-Type" in names


def test_the_record_is_bounded(simulator: Simulator) -> None:
    call(simulator, "POST", TARGET, b"a=" + b"x" * 100_000, URLENCODED)
    request = simulator.received[-1]
    assert (len(request.body), request.size) == (65536, 100_002)
    lines = "".join(f"POST /n/{n} HTTP/1.1\r\nHost: localhost\r\n\r\n" for n in range(249))
    raw(
        simulator,
        lines.encode() + b"GET /n/249 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    )
    assert len(simulator.received) == 200
    targets = [request.target for request in simulator.received]
    assert targets == [f"/n/{n}".encode() for n in range(50, 250)]
    simulator.received.clear()
    assert list(simulator.received) == []


def test_a_request_that_breaks_off_is_recorded(simulator: Simulator) -> None:
    head = f"POST {TARGET} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    with socket.create_connection(("127.0.0.1", simulator.port)) as connection:
        connection.sendall((head + kind + "a=1").encode())
    until(lambda: len(simulator.received) == 1)
    request = simulator.received[0]
    assert (request.body, request.complete) == (b"a=1", False)


def test_requests_in_one_breath_are_answered_in_order(simulator: Simulator) -> None:
    one = f"POST {SERVICE}/hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
    two = f"POST {SERVICE}/nobody HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
    answers = raw(simulator, (one + two + "Connection: close\r\n\r\n").encode())
    assert answers.index(b" 200 OK") < answers.index(b" 404 Not Found")
    assert [r.target[-5:] for r in simulator.received] == [b"hello", b"obody"]


def long_file(megabytes: int) -> tuple[Iterator[bytes], int]:
    before = part("note", b"big") + part("file", b"", "big.bin", "video/mp4")[:-2]
    after = b"\r\n" + end()
    block = b"\xa5" * (256 * 1024)

    def pieces() -> Iterator[bytes]:
        yield before
        for _ in range(megabytes * 4):
            yield block
        yield after

    return pieces(), len(before) + megabytes * MEGABYTE + len(after)


def upload(simulator: Simulator, megabytes: int) -> str:
    body, length = long_file(megabytes)
    headers = {**MULTIPART, "Content-Length": str(length)}
    reply = call(simulator, "POST", TARGET, body, headers)
    assert reply.status == 200
    assert simulator.received[-1].size == length
    created = reply.json["_id"]
    assert isinstance(created, str)
    return created


def test_a_large_upload_stays_out_of_memory(simulator: Simulator) -> None:
    post(simulator, "hello")
    tracemalloc.start()
    try:
        upload(simulator, 64)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * MEGABYTE


def test_a_large_file_lies_on_disk_until_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def sizes() -> list[int]:
        return [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()]

    with Simulator() as simulator:
        first = upload(simulator, 2)
        assert sizes() == [2 * MEGABYTE]
        binary = get(simulator, f"{first}/storage/binary/file")
        assert binary.body == b"\xa5" * (2 * MEGABYTE)
        assert binary.all("Content-Type") == ["video/mp4"]
        upload(simulator, 3)
        assert sorted(sizes()) == [2 * MEGABYTE, 3 * MEGABYTE]
        assert call(simulator, "DELETE", f"{SERVICE}/{first}").status == 200
        assert sizes() == [3 * MEGABYTE]
        body, length = long_file(4)
        headers = {**MULTIPART, "Content-Length": str(length)}
        assert call(simulator, "POST", f"{SERVICE}/nobody", body, headers).status == 404
        assert sizes() == [3 * MEGABYTE]
    assert list(tmp_path.iterdir()) == []


def test_a_small_file_stays_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Simulator() as simulator:
        upload(simulator, 1)
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_storage_shows_text_that_no_encoding_can_carry(simulator: Simulator) -> None:
    made = call(simulator, "POST", TARGET, json.dumps({"a": "\ud800"}), JSON).json["_id"]
    assert get(simulator, f"{made}/storage").json == {"a": "?"}
    assert get(simulator, f"{made}/storage/a").body == b"?"


def test_a_part_with_an_unsendable_type_is_still_served(simulator: Simulator) -> None:
    made = create(simulator, "request-inbound-poll")
    body = part("f", b"1", "f.bin", "té/xt") + end()
    call(simulator, "POST", f"{SERVICE}/{made}/storage", body, MULTIPART)
    reply = get(simulator, f"{made}/storage/binary/f")
    assert reply.all("Content-Type") == ["application/octet-stream"]


def test_a_mistake_of_the_simulator_itself_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Simulator() as simulator:
        for folder in tmp_path.iterdir():
            shutil.rmtree(folder)
        body, length = long_file(2)
        headers = {**MULTIPART, "Content-Length": str(length)}
        reply = call(simulator, "POST", TARGET, body, headers)
        assert reply.status == 500
        assert reply.body.startswith(b"The simulator failed: FileNotFoundError")
        assert post(simulator, "hello").status == 200
    assert capfd.readouterr() == ("", "")
