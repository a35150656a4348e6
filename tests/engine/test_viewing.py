"""The Worker: one process, which is ended when it takes too long, and leaves nothing behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from gms_console.json_text.node import NodeKind
from gms_console.viewing import reader as reader_module
from gms_console.viewing.errors import ViewingError
from gms_console.viewing.pipe import write_message
from gms_console.viewing.process import PATIENCE
from gms_console.viewing.reader import BodyReader
from gms_console.viewing.source import BodySource
from gms_console.viewing.types import Find, View
from gms_console.viewing.worker import Worker
from tests.engine.viewing import in_file, in_memory, looking

EXPLODING = Find("(a+)+$", regex=True)
EXPLODES = "a" * 60 + "b"


def process_of(worker: Worker) -> "subprocess.Popen[bytes]":
    assert worker._process is not None
    return worker._process._process


def files_in(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Check after each test that no thread and no file of a Worker is left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []
    assert [one.name for one in threading.enumerate() if one.name.startswith("viewing")] == []


async def test_no_process_is_started_before_the_first_question(tmp_path: Path) -> None:
    async with looking() as worker:
        reader = in_file(worker, tmp_path, b"{}")
        assert worker._process is None
        assert (await reader.root()).kind is NodeKind.OBJECT
        process = process_of(worker)
        assert process.poll() is None
    assert process.returncode == 0


def test_the_process_loads_nothing_that_only_the_window_needs() -> None:
    """The first question waits for it to start."""
    code = "import sys, gms_console.viewing.process; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    names = set(loaded.stdout.decode().split())
    assert "gms_console.viewing.rows" in names
    assert not names & {"asyncio", "ssl", "pydantic", "httpx", "jmespath", "gms_console.model"}


async def test_many_ask_at_once(tmp_path: Path) -> None:
    async with looking() as worker:
        readers = [in_memory(worker, json.dumps({"n": n})) for n in range(50)]
        rows = await asyncio.gather(*(reader.rows(View.PRETTY, 1, 1) for reader in readers))
        assert [found[0].text for found in rows] == [f'  "n": {n}' for n in range(50)]


async def test_a_tree_is_looked_at_while_a_view_is_being_made(tmp_path: Path) -> None:
    body = json.dumps([{"n": n, "name": f"agent {n}"} for n in range(200_000)])
    async with looking() as worker:
        reader = in_file(worker, tmp_path, body)
        layout = asyncio.ensure_future(reader.layout(View.PRETTY))
        root = await reader.root()
        assert (await reader.children(root))[3].path == "[3]"
        assert not layout.done()
        assert (await layout).lines == 200_000 * 4 + 2


async def test_an_expression_that_explodes_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "_SEARCH_LIMIT", 0.5)
    async with looking() as worker:
        reader = in_memory(worker, EXPLODES)
        with pytest.raises(ViewingError, match="This expression takes too long"):
            await reader.find(View.RAW, EXPLODING)
        assert (await reader.find(View.RAW, Find("b"))).count == 1


async def test_who_waits_beside_it_is_answered_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader_module, "_SEARCH_LIMIT", 0.5)
    async with looking() as worker:
        reader, other = in_memory(worker, EXPLODES), in_memory(worker, b'{"a": 1}')
        await reader.layout(View.RAW)
        ended = asyncio.ensure_future(reader.find(View.RAW, EXPLODING))
        rows = await other.rows(View.PRETTY, 1, 1)
        assert rows[0].text == '  "a": 1'
        with pytest.raises(ViewingError):
            await ended


async def test_a_question_that_nobody_waits_for_any_more_holds_nothing_up() -> None:
    async with looking() as worker:
        reader = in_memory(worker, EXPLODES)
        await reader.layout(View.RAW)
        first = process_of(worker)
        search = asyncio.ensure_future(reader.find(View.RAW, EXPLODING))
        done, _ = await asyncio.wait({search}, timeout=0.2)
        assert not done
        search.cancel()
        assert (await reader.find(View.RAW, Find("b"))).count == 1
        with pytest.raises(asyncio.CancelledError):
            await search
        assert process_of(worker) is not first


async def test_a_cancelled_answer_gets_to_nobody_else(tmp_path: Path) -> None:
    body = json.dumps([{"n": n} for n in range(60_000)])
    async with looking() as worker:
        reader = in_file(worker, tmp_path, body)
        await reader.root()
        process = process_of(worker)
        for _ in range(5):
            layout = asyncio.ensure_future(reader.layout(View.PRETTY))
            await asyncio.sleep(0)
            layout.cancel()
        found = await reader.find(View.RAW, Find('"n": 59999'))
        assert found.count == 1
        assert (await reader.layout(View.PRETTY)).lines == 3 * 60_000 + 2
        assert process_of(worker) is process


async def test_a_process_that_is_killed_is_followed_by_another(tmp_path: Path) -> None:
    body = json.dumps([{"n": n, "name": "x" * 50} for n in range(100_000)])
    async with looking() as worker:
        reader = in_file(worker, tmp_path, body)
        await reader.root()
        layout = asyncio.ensure_future(reader.layout(View.PRETTY))
        await reader.root()
        process_of(worker).kill()
        with pytest.raises(ViewingError, match="ended unexpectedly"):
            await layout
        assert (await reader.rows(View.PRETTY, 1, 2))[1].text == '    "n": 0,'
        process_of(worker).kill()
        process_of(worker).wait()
        assert (await reader.rows(View.RAW, 0, 1))[0].text.startswith('[{"n": 0')


async def test_closing_ends_what_is_going_on(tmp_path: Path, nothing_left: Path) -> None:
    worker = Worker()
    reader = in_memory(worker, EXPLODES)
    await reader.layout(View.RAW)
    process = process_of(worker)
    search = asyncio.ensure_future(reader.find(View.RAW, EXPLODING))
    await asyncio.wait({search}, timeout=0.1)
    began = time.perf_counter()
    await worker.close()
    assert time.perf_counter() - began < 10
    assert process.returncode is not None
    with pytest.raises(ViewingError):
        await search
    with pytest.raises(ViewingError):
        await reader.root()
    await reader.close()
    await worker.close()


async def test_a_reader_that_is_closed_leaves_no_file(tmp_path: Path, nothing_left: Path) -> None:
    body = json.dumps([{"n": n} for n in range(100_000)])
    async with looking() as worker:
        reader, other = in_file(worker, tmp_path, body), in_memory(worker, b"{}")
        await reader.layout(View.PRETTY)
        await other.layout(View.PRETTY)
        made = files_in(nothing_left)
        assert len(made) == 1
        assert made[0].stat().st_mode & 0o077 == 0
        assert made[0].parent.stat().st_mode & 0o077 == 0
        await reader.close()
        assert not made[0].exists()
        with pytest.raises(ViewingError):
            await reader.root()
        assert (await other.layout(View.PRETTY)).lines == 1


async def test_a_body_in_memory_gets_into_no_file(nothing_left: Path) -> None:
    """It may have secrets in it, which are masked only in what is stored."""
    body = json.dumps([{"n": n} for n in range(60_000)])
    assert len(body) < 1024 * 1024
    async with looking() as worker:
        reader = in_memory(worker, body, "utf-16")
        assert (await reader.layout(View.PRETTY)).lines == 3 * 60_000 + 2
        assert (await reader.find(View.PRETTY, Find('"n": 59999'))).count == 1
        assert (await reader.filter("[@, @]")).size > 1024 * 1024
        assert files_in(nothing_left) == []
        await reader.close()


async def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    async with looking() as worker:
        source = BodySource(10, path=tmp_path / "gone")
        with pytest.raises(ViewingError, match="The file of this answer is gone"):
            await BodyReader(source, worker).layout(View.RAW)


async def test_the_first_page_of_a_million_is_there_at_once(tmp_path: Path) -> None:
    body = b'{"rows": [' + b",".join(b"%d" % n for n in range(1_000_000)) + b"]}"
    async with looking() as worker:
        reader = in_file(worker, tmp_path, body)
        (rows,) = await reader.children(await reader.root())
        page = await reader.children(rows)
        assert [node.text for node in page] == [str(n) for n in range(500)]
        page = await reader.children(rows, page[-1])
        assert (page[0].index, page[0].path, page[0].text) == (500, "rows[500]", "500")
        text = await reader.value(rows, most=9)
        assert text == "[0,1,2,3,"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="memory is read from /proc")
async def test_a_body_of_100_mb_takes_little_memory(tmp_path: Path) -> None:
    unit = json.dumps([{"n": n, "name": f"agent {n}", "words": "x" * 400} for n in range(2000)])
    path = tmp_path / "large"
    with path.open("w") as stream:
        stream.write('{"parts": [' + ",".join([unit] * 100) + "]}")
    assert path.stat().st_size > 85_000_000
    async with looking() as worker:
        reader = BodyReader(BodySource(path.stat().st_size, path=path), worker)
        await reader.root()
        status = Path(f"/proc/{process_of(worker).pid}/status")

        def most_memory() -> int:
            (line,) = (one for one in status.read_text().split("\n") if one.startswith("VmHWM"))
            return int(line.split()[1]) // 1024

        before = most_memory()
        await reader.layout(View.PRETTY)
        await reader.find(View.PRETTY, Find("agent 1999"))
        await reader.layout(View.RAW, whole=True)
        assert most_memory() - before < 60
        (parts,) = await reader.children(await reader.root())
        page = await reader.children(parts)
        assert 0 < len(page) < 100  # as to pass over them takes time
        assert (await reader.children(parts, page[-1]))[0].index == len(page)
        assert most_memory() - before < 150


PARENT = """
import asyncio, sys
from gms_console.viewing.reader import BodyReader
from gms_console.viewing.source import BodySource
from gms_console.viewing.types import Find, View
from gms_console.viewing.worker import Worker

async def main():
    worker = Worker()
    data = sys.argv[1].encode()
    reader = BodyReader(BodySource(len(data), data=data), worker)
    await reader.layout(View.RAW)
    print(worker._process._process.pid, flush=True)
    await reader.find(View.RAW, Find(sys.argv[2], regex=True))
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
async def test_it_ends_when_its_window_is_killed(nothing_left: Path) -> None:
    environment = os.environ | {"TMPDIR": str(nothing_left)}
    command = [sys.executable, "-c", PARENT, "text", "t"]
    parent = subprocess.Popen(  # noqa: ASYNC220 - a test has nothing else to do
        command, stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = Path("/proc") / parent.stdout.readline().decode().strip()
    assert child.is_dir()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _ in range(1000):
        if not _is_running(child):
            break
        await asyncio.sleep(0.01)
    assert not _is_running(child)


def _is_running(process: Path) -> bool:
    try:
        return "(zombie)" not in (process / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_it_ends_itself_when_nobody_can_end_it(nothing_left: Path) -> None:
    """A window that was killed during an expression that explodes ends nothing any more."""
    folders = [str(nothing_left), str(nothing_left)]
    process = subprocess.Popen(
        [sys.executable, "-m", "gms_console.viewing.process", *folders],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    with process.stdin as stream:
        body = {"ask": "open", "body": 1, "charset": "utf-8", "path": ""}
        write_message(stream, body, EXPLODES.encode())
        question = {"ask": "find", "id": 1, "body": 1, "limit": 1 - PATIENCE}
        write_message(stream, question | {"view": "raw", "whole": False} | asdict(EXPLODING))
        assert process.wait(30) != 0
    nothing_left.mkdir(exist_ok=True)
