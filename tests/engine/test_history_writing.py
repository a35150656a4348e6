"""When what was sent is written: before it is shown, whatever happens meanwhile."""

import asyncio
import json
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from gms_console.history import History, HistoryQuery, HistorySettings
from gms_console.history.reader import read_only
from gms_console.session import Session
from tests.engine.helpers import LONGEST, create, environment, open_session, until
from tests.engine.histories import PLACE, all_rows, exchange, loaded, look, names, open_history
from tests.support.wire_server import WireServer, hold, json_answer


async def test_what_is_added_before_the_database_is_open_waits(tmp_path: Path) -> None:
    history = History(tmp_path, HistorySettings())
    sent = exchange()
    adding = asyncio.create_task(history.add(sent, PLACE))
    listing = asyncio.create_task(history.page(HistoryQuery()))
    await asyncio.sleep(0)
    assert names(tmp_path) == []
    assert not adding.done()
    await history.open()
    await adding
    assert (await listing).before is None
    assert await loaded(history, sent.id) == sent
    await history.close()


async def test_what_waits_is_written_when_the_console_closes_first(tmp_path: Path) -> None:
    history = History(tmp_path, HistorySettings())
    adding = asyncio.create_task(history.add(exchange(), PLACE))
    await asyncio.sleep(0)
    await history.close()
    await adding
    assert look(tmp_path, "SELECT count(*) FROM exchanges") == [(1,)]


async def test_a_console_that_closes_before_the_database_is_open_keeps_what_it_sent(
    wire: WireServer, tmp_path: Path
) -> None:
    """The window opens it when other files have been read; it can be closed before."""
    wire.script(hold())
    session = Session(lambda *_: None, history=History(tmp_path, HistorySettings()))
    work = session.create(environment(wire), create(wire))
    session.tasks.start(work, name="create", owner=session)
    await asyncio.to_thread(wire.wait_for_requests)
    async with asyncio.timeout(LONGEST):
        await session.close()
    assert look(tmp_path, "SELECT failure FROM entries") == [("cancelled",)]


async def test_an_answer_is_seen_also_when_its_send_is_cancelled_while_it_is_kept(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(json_answer({"_id": "7"}))
    history = History(tmp_path, HistorySettings())
    async with open_session(history) as session:
        task = asyncio.ensure_future(session.create(environment(wire), create(wire)))
        await until(lambda: bool(history._early))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(session.exchanges) == 1
    assert look(tmp_path, "SELECT status FROM entries") == [(200,)]


async def test_a_cancelled_add_is_written_nevertheless(tmp_path: Path) -> None:
    sent = exchange()
    async with open_history(tmp_path) as history:
        adding = asyncio.create_task(history.add(sent, PLACE))
        await asyncio.sleep(0)
        adding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await adding
        await until(lambda: bool(look(tmp_path, "SELECT id FROM exchanges")))
        assert await loaded(history, sent.id) == sent


async def test_a_closed_history_answers_all_the_same(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        sent = exchange()
        await history.add(sent, PLACE)
    await history.close()
    await history.add(exchange(), PLACE)
    await history.set_note(1, "late")
    await history.set_star(1, starred=True)
    await history.delete([1])
    assert await history.delete_all(HistoryQuery()) == 0
    assert await history.load(sent.id) is None
    assert await history.load_poll("a") is None
    assert await history.count(HistoryQuery()) == 0
    assert (await history.facts()).rows == 0
    assert (await all_rows(history)).rows == ()
    assert look(tmp_path, "SELECT note, starred FROM entries") == [("", 0)]


async def test_what_comes_at_once_is_all_written(tmp_path: Path) -> None:
    sent = [exchange(json.dumps({"n": n}).encode()) for n in range(500)]
    async with open_history(tmp_path) as history:
        await asyncio.gather(*(history.add(one, PLACE) for one in sent))
        rows = (await all_rows(history)).rows
        assert [row.key for row in rows] == [one.id for one in reversed(sent)]
        assert await loaded(history, sent[250].id) == sent[250]


async def test_two_consoles_share_a_history(tmp_path: Path) -> None:
    async with open_history(tmp_path) as one, open_history(tmp_path) as two:
        sent = [exchange(str(n).encode()) for n in range(60)]
        await asyncio.gather(
            *(one.add(each, PLACE) for each in sent[::2]),
            *(two.add(each, PLACE) for each in sent[1::2]),
        )
        for each in sent:
            assert await loaded(one, each.id) == await loaded(two, each.id) == each
        await one.delete([row.number for row in (await all_rows(two)).rows[:10]])
        assert await two.count(HistoryQuery()) == 50
        await two.add(exchange(), PLACE)
        assert await one.count(HistoryQuery()) == 51


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (PurePosixPath("/home/a b/100%/history.sqlite"), "/home/a%20b/100%25/history.sqlite"),
        (PureWindowsPath("C:\\Users\\a#b\\h.sqlite"), "/C:/Users/a%23b/h.sqlite"),
        (PureWindowsPath("\\\\server\\share\\h.sqlite"), "//server/share/h.sqlite"),
    ],
)
def test_the_database_is_read_wherever_it_is(path: PurePath, address: str) -> None:
    """SQLite takes no host in the address of a file."""
    assert read_only(path) == f"file://{address}?mode=ro"


async def test_only_this_user_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    async with open_history(folder) as history:
        await history.add(exchange(b"b" * 100_000), PLACE)
        found = [folder, *folder.rglob("*")]
        assert len(found) >= 5
        assert [one for one in found if one.stat().st_mode & 0o077] == []
