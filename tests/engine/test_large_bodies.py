"""A body too large for memory goes to a file as it comes, and is read for what it says."""

import asyncio
import json
import sys
import threading
from pathlib import Path

import pytest

from gms_console.body_files import BodyFiles
from gms_console.client.client import GmsClient
from gms_console.client.keeping import Keeping
from gms_console.client.received_body import HELD
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.reading import whole_body
from gms_console.model.transfer import Transfer
from gms_console.redaction import Masker
from tests.engine.helpers import create, environment, until
from tests.engine.histories import names
from tests.support.wire_server import (
    WireServer,
    body_answer,
    cut_in_body,
    json_answer,
    slow_body,
)

ROWS = [{"n": n, "name": f"agent {n}", "at": [1, {"a": None}]} for n in range(40_000)]


async def sent(wire: WireServer, files: BodyFiles) -> Exchange:
    async with GmsClient(environment(wire), lambda _: None, Keeping(files)) as client:
        return await client.send(create(wire))


async def test_a_large_answer_is_in_a_file_and_says_its_id(
    wire: WireServer, tmp_path: Path
) -> None:
    answer = {"rows": ROWS, "_id": "a-1", "status": "ready"}
    wire.script(json_answer(answer))
    exchange = await sent(wire, BodyFiles(tmp_path))
    response = exchange.response
    assert response is not None
    assert response.stored is not None
    assert json.loads(whole_body(response)) == answer
    assert whole_body(response).startswith(response.body)
    assert len(response.body) <= HELD < response.size
    assert names(tmp_path) == [response.stored.sha256]
    assert response.stored.path.stat().st_mode & 0o077 == 0
    read = read_answer(exchange)
    assert (read.id, read.state, read.ok, read.is_json) == ("a-1", "ready", True, True)
    assert "rows" not in read.data


async def test_the_same_answer_twice_is_one_file(wire: WireServer, tmp_path: Path) -> None:
    wire.script(json_answer(ROWS), json_answer(ROWS))
    files = BodyFiles(tmp_path)
    await sent(wire, files)
    await sent(wire, files)
    assert len(names(tmp_path)) == 1


async def test_a_large_answer_that_is_cut_keeps_what_came(wire: WireServer, tmp_path: Path) -> None:
    body = json.dumps(ROWS).encode()
    wire.script(cut_in_body(body, len(body) + 9))
    exchange = await sent(wire, BodyFiles(tmp_path))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.CUT
    assert exchange.response is not None
    assert whole_body(exchange.response) == body


async def test_large_broken_json_is_a_problem(wire: WireServer, tmp_path: Path) -> None:
    wire.script(json_answer(json.dumps(ROWS)[:-1]))
    answer = read_answer(await sent(wire, BodyFiles(tmp_path)))
    assert answer.problem is not None
    assert answer.problem.said == "[ is never closed at byte 0"


async def test_a_folder_that_cannot_be_written_fails_the_exchange(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(json_answer(ROWS))
    in_the_way = tmp_path / "bodies"
    in_the_way.write_text("")
    exchange = await sent(wire, BodyFiles(in_the_way))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.NOT_STORED
    assert "no file could be written" in exchange.failure.message
    assert exchange.response is not None
    assert json.dumps(ROWS).encode().startswith(exchange.response.body)


async def test_a_cancelled_large_answer_keeps_what_came(wire: WireServer, tmp_path: Path) -> None:
    body = json.dumps(ROWS).encode()
    wire.script(slow_body(body, threading.Event()))
    recorded: list[Exchange] = []
    keeping = Keeping(BodyFiles(tmp_path))
    async with GmsClient(environment(wire), recorded.append, keeping) as client:
        transfer = Transfer()
        task = asyncio.ensure_future(client.send(create(wire), transfer))
        await until(lambda: transfer.counts.received == len(body))
        task.cancel()
        await asyncio.wait({task})
    assert len(recorded) == 1
    assert recorded[0].response is not None
    assert whole_body(recorded[0].response) == body


def test_files_of_one_start_go_with_it() -> None:
    files = BodyFiles()
    file = files.begin(Masker())
    file.write(b"x")
    stored = file.finish()
    folder = stored.path.parent
    assert folder.stat().st_mode & 0o077 == 0
    files.forget(stored)
    assert not stored.path.exists()
    files.close()
    assert not folder.exists()


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "utf-16", "utf-16-le", "utf-16-be"])
async def test_a_large_answer_is_read_in_its_charset(
    charset: str, wire: WireServer, tmp_path: Path
) -> None:
    said = {"_id": "a-1", "name": "M\u00fcller", "rows": "x" * 2 * HELD}
    body = json.dumps(said, ensure_ascii=False).encode(charset)
    kind = "Content-Type", f"application/json; charset={charset}"
    wire.script(body_answer(body, headers=(kind,)))
    exchange = await sent(wire, BodyFiles(tmp_path))
    read = read_answer(exchange)
    assert (read.ok, read.id, read.data["name"]) == (True, "a-1", "M\u00fcller")
    assert exchange.response is not None
    assert whole_body(exchange.response) == body
    assert len(names(tmp_path)) == 1


async def test_bytes_that_are_no_text_do_not_make_a_large_answer_broken(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(body_answer(b'{"_id": "a-1", "name": "M\xfc", "x": "%b"}' % (b"x" * HELD)))
    read = read_answer(await sent(wire, BodyFiles(tmp_path)))
    assert (read.ok, read.id, read.data["name"]) == (True, "a-1", "M\ufffd")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit to the size of files there")
async def test_an_answer_that_could_not_be_written_whole_leaves_no_file(
    wire: WireServer, tmp_path: Path
) -> None:
    import resource  # noqa: PLC0415 - not on Windows

    body = json.dumps(ROWS).encode() * 3
    wire.script(body_answer(body))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HELD + HELD // 2, hard))
    try:
        exchange = await sent(wire, BodyFiles(tmp_path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.NOT_STORED
    assert exchange.response is not None
    assert (exchange.response.stored, exchange.response.complete) == (None, False)
    assert body.startswith(exchange.response.body)
    assert names(tmp_path) == []


def test_a_file_that_is_read_does_not_keep_the_same_body_from_being_stored(tmp_path: Path) -> None:
    """Windows replaces no file that is open."""
    files = BodyFiles(tmp_path)
    for _ in range(2):
        file = files.begin(Masker())
        file.write(b"the same")
        stored = file.finish()
        with stored.path.open("rb") as reading:
            again = files.begin(Masker())
            again.write(b"the same")
            assert again.finish() == stored
            assert reading.read() == b"the same"
    assert names(tmp_path) == [stored.sha256]
