"""What the preview shows is what goes over the wire, byte for byte, or nothing goes."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form, Row
from gms_console.model.transfer import Transfer
from gms_console.wire.body import CHUNK, PREVIEW_TEXT, BodyKind, FileContent
from gms_console.wire.encode import encode
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest, prepare_create
from tests.engine.helpers import create, created, environment, file_with, open_session, send
from tests.support.wire_server import Answer, Wire, WireRequest, WireServer, early, json_answer


def previewed_bytes(prepared: PreparedRequest) -> bytes:
    """The preview, each placeholder replaced by the file's bytes."""
    data = prepared.preview().encode()
    for file in prepared.body.files:
        before, placeholder, after = data.partition(file.placeholder.encode())
        assert placeholder
        data = before + file.path.read_bytes() + after
    return data


FORM = Form.of(("_phone_number", "6504669999"), ("language", "français"), ("q", 'a"b\r\nc'))


@pytest.mark.parametrize("kind", list(BodyKind))
async def test_the_preview_is_the_wire(wire: WireServer, kind: BodyKind) -> None:
    form = Form() if kind is BodyKind.NONE else FORM
    prepared = create(wire, form, kind=kind, headers=(("gms_user", "ann"), ("X-A", "1")))
    await send(environment(wire), prepared)
    (request,) = wire.requests
    assert request.raw == previewed_bytes(prepared)
    assert request.head == prepared.head().encode()
    assert len(request.body) == prepared.body.size


async def test_the_preview_is_the_wire_with_files(wire: WireServer, tmp_path: Path) -> None:
    rows = (
        Row(key="FileKey", file=file_with(tmp_path, "MyPic.png", os.urandom(5000))),
        Row(key="b", value="2"),
        Row(key="e", file=file_with(tmp_path, "empty", b""), filename='ü".bin'),
        Row(key="FileKey", file=file_with(tmp_path, "é\n.png", b"\r\n--x"), content_type="a/b"),
    )
    prepared = create(wire, Form(rows))
    await send(environment(wire), prepared)
    (request,) = wire.requests
    assert request.raw == previewed_bytes(prepared)
    assert "«5,000 bytes of MyPic.png»" in prepared.preview()


async def test_the_preview_shows_the_cookies_that_an_instance_sends(wire: WireServer) -> None:
    wire.script(
        json_answer(
            {"_id": "a1"},
            headers=[
                ("Set-Cookie", "JSESSIONID=abc.node1; Path=/genesys; HttpOnly"),
                ("Set-Cookie", "elsewhere=1; Path=/other"),
            ],
        ),
        json_answer({"status": "x"}),
    )
    async with open_session() as session:
        instance = await created(session, wire)
        prepared = instance.prepare("status", Form.of(("a", "b")))
        assert ("Cookie", "JSESSIONID=abc.node1") in prepared.headers
        await instance.send(prepared)
    assert wire.requests[1].raw == previewed_bytes(prepared)
    assert wire.requests[1].values("Cookie") == ["JSESSIONID=abc.node1"]


@pytest.mark.parametrize(
    "headers",
    [
        (("Host", "gms.internal"), ("X-A", "1")),
        (("X-A", "1"), ("x-a", "2"), ("X-A", "")),
        (("user-agent", "mine"), ("ACCEPT", "application/json")),
        (("Connection", "close"),),
        (("X-Name", "Jürgen"),),
        (("Accept-Encoding", "identity"),),
        (("Cookie", "mine=1"),),
    ],
    ids=lambda headers: headers[0][0],
)
async def test_headers_of_the_environment_go_out_as_previewed(
    wire: WireServer, headers: tuple[tuple[str, str], ...]
) -> None:
    prepared = create(wire, FORM, headers=headers)
    exchange = await send(environment(wire), prepared)
    (request,) = wire.requests
    assert request.head.decode("latin-1") == prepared.head()
    assert exchange.request.headers == prepared.headers
    sent = [pair for pair in request.headers if pair in headers]
    assert sent == list(headers)


@pytest.mark.parametrize("value", ["Łukasz", "a\r\nX-Evil: 1", " padded ", "nul\0"])
async def test_a_header_that_cannot_go_out_fails_clearly(wire: WireServer, value: str) -> None:
    """Refused when it is entered or prepared, or a recorded Exchange; never a stray error."""
    exchange = None
    try:
        prepared = create(wire, FORM, headers=(("gms_user", value),))
    except ValueError as error:
        assert not isinstance(error, UnicodeError)  # noqa: PT017
        assert "gms_user" in str(error)  # noqa: PT017
    else:
        exchange = await send(environment(wire), prepared)
    if exchange is not None and exchange.failure is None:
        assert wire.requests[0].head.decode("latin-1") == prepared.head()
    else:
        assert wire.requests == []


async def test_method_and_headers_without_a_body(wire: WireServer) -> None:
    async with open_session() as session:
        instance = session.attach(environment(wire), "i 1")
        prepared = instance.prepare("check", method="get")
        await instance.send(prepared)
    (request,) = wire.requests
    assert request.raw == previewed_bytes(prepared)
    assert request.head.startswith(b"GET /genesys/1/service/i%201/check HTTP/1.1\r\n")
    assert request.values("Content-Length") == []


# --- long previews ------------------------------------------------------------------------


def test_a_long_preview_ends_with_the_count_of_what_it_does_not_show() -> None:
    body = encode(Form.of(("a", "x" * (PREVIEW_TEXT + 1000))))
    preview = body.preview()
    assert len(preview) < PREVIEW_TEXT + 100
    assert f"{body.size - PREVIEW_TEXT:,} more bytes" in preview.splitlines()[-1]
    assert "more bytes" not in encode(Form.of(("a", "x" * (PREVIEW_TEXT - 2)))).preview()


def test_a_file_that_the_preview_names_is_not_among_the_bytes_not_shown(tmp_path: Path) -> None:
    big = file_with(tmp_path, "big", b"x" * 300_000)
    rows = (Row(key="f", file=big), Row(key="a", value="y" * (PREVIEW_TEXT + 1000)))
    body = encode(Form(rows))
    literal = body.size - 300_000
    last = body.preview().splitlines()[-1]
    assert last == f"«{literal - PREVIEW_TEXT:,} more bytes not shown»"


# --- files that change --------------------------------------------------------------------


def _rewrite(path: Path) -> None:
    path.write_bytes(b"other, longer content")


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def _to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [_rewrite, _touch, Path.unlink, _to_folder])
async def test_a_file_changed_after_its_preview_is_refused_and_nothing_goes_out(
    wire: WireServer, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = file_with(tmp_path, "MyPic.png", b"as previewed")
    prepared = create(wire, Form((Row(key="a", value="1"), Row(key="FileKey", file=path))))
    change(path)
    recorded: list[Exchange] = []
    async with GmsClient(environment(wire), recorded.append) as client:
        with pytest.raises(FormRefusedError) as caught:
            await client.send(prepared)
    (problem,) = caught.value.problems
    assert (problem.index, problem.key) == (1, "FileKey")
    assert str(path) in str(problem)
    assert (wire.connections, recorded) == (0, [])
    async with open_session() as session:
        with pytest.raises(FormRefusedError):
            await session.create(environment(wire), prepared)
        assert (session.instances, len(session.exchanges)) == ([], 0)
    assert wire.connections == 0


def while_sent(act: Callable[[], object]) -> Answer:
    """Do something once a request's head is here and before its body is read; then read it."""

    def play(connection: Wire, request: WireRequest) -> None:
        act()
        connection.read_exactly(int(request.values("Content-Length")[0]), lambda _: None)

    return early(Answer(play))


def huge(folder: Path, name: str) -> Path:
    """A file that no buffer between client and server takes in as a whole."""
    path = file_with(folder, name, b"")
    os.truncate(path, 64 * CHUNK)
    return path


async def test_a_file_that_shrinks_while_it_is_sent_ends_the_exchange_as_a_file_problem(
    wire: WireServer, tmp_path: Path
) -> None:
    path = huge(tmp_path, "big")
    prepared = create(wire, Form((Row(key="FileKey", file=path),)))
    wire.script(while_sent(lambda: os.truncate(path, 0)))
    exchange = await send(environment(wire), prepared)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.FILE
    assert str(path) in exchange.failure.message
    assert exchange.failure.phase == "send"
    assert exchange.response is None
    assert [request.complete for request in wire.requests] == [False]


async def test_a_file_deleted_while_another_is_sent_ends_the_exchange_as_a_file_problem(
    wire: WireServer, tmp_path: Path
) -> None:
    first, second = huge(tmp_path, "first"), file_with(tmp_path, "second", b"x")
    form = Form((Row(key="a", file=first), Row(key="b", file=second)))
    wire.script(while_sent(second.unlink))
    exchange = await send(environment(wire), create(wire, form))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.FILE
    assert str(second) in exchange.failure.message
    assert [request.complete for request in wire.requests] == [False]


async def test_progress_counts_every_byte(wire: WireServer, tmp_path: Path) -> None:
    path = file_with(tmp_path, "big", bytes(2 * CHUNK + 1))
    prepared = create(wire, Form((Row(key="FileKey", file=path), Row(key="a", value="1"))))
    transfer = Transfer()
    exchange = await send(environment(wire), prepared, transfer)
    assert exchange.failure is None
    assert (
        transfer.counts.sent
        == transfer.counts.to_send
        == prepared.body.size
        == wire.requests[0].body_size
    )


def test_the_preview_of_a_file_reads_nothing_of_it(tmp_path: Path) -> None:
    path = file_with(tmp_path, "MyPic.png", b"content")
    environment_ = Environment.parse("http://localhost:8080")
    prepared = prepare_create(environment_, "x", Form((Row(key="f", file=path),)))
    (file,) = prepared.body.files
    assert file == FileContent(path, 7, path.stat().st_mtime_ns, 0, "f")
    assert "content\r" not in prepared.preview()
