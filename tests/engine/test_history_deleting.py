"""What is deleted is gone from the disk, what is too old or too much goes by itself."""

import asyncio
import json
import os
import sqlite3
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gms_console.history import History, HistoryQuery, HistorySettings
from gms_console.history.bodies import unlink
from gms_console.history.database import Database
from gms_console.history.deleting import delete_numbers, purge_is_due
from gms_console.history.numbers import with_numbers
from gms_console.history.retention import used
from gms_console.history.writer import Job
from gms_console.model.draft import Draft
from gms_console.model.exchange import Exchange
from gms_console.model.form import Form
from tests.engine.helpers import Watch, environment, open_session
from tests.engine.histories import (
    DATABASE,
    PLACE,
    all_rows,
    change,
    exchange,
    files_with,
    look,
    names,
    open_history,
    titles,
)
from tests.engine.polls import plan, state
from tests.support.wire_server import WireServer

LONG_AGO = datetime.now(UTC) - timedelta(days=91)


def everywhere(marker: str, n: int) -> list[Exchange]:
    """A distinct word for each place that an Exchange has."""
    word = f"{marker}{n:04}"
    return [
        exchange(
            json.dumps({"text": f"{word}body"}).encode(),
            service=f"{word}service",
            url=f"http://gms.example/{word}url",
            headers=(("X-A", f"{word}header"),),
            form=Form.of((f"{word}key", f"{word}value")),
            draft=Draft(service=f"{word}draft"),
        ),
        exchange(f"{word}file ".encode() * 9000, headers=()),
    ]


async def test_numbers_are_deleted_with_their_endings(tmp_path: Path) -> None:
    """Also of a body that was put into the index before its numbers were."""
    phone = json.dumps({"phone": "+1 650-466-9999"}).encode()
    async with open_history(tmp_path) as history:
        await history.add(exchange(phone, form=Form.of(("n", "+16504669998"))), PLACE)
        await history.add(exchange(phone + b" "), PLACE)
        await history.add(exchange(b'{"old": "stays"}'), PLACE)
    change(
        tmp_path,
        "UPDATE bodies SET numbers = 0 WHERE number = 2; DELETE FROM marks;"
        "DROP TABLE body_words; CREATE VIRTUAL TABLE body_words USING fts5(words, content='',"
        " tokenize='unicode61 remove_diacritics 2');",
    )
    reindex(tmp_path)
    async with open_history(tmp_path) as history:
        assert await history.count(HistoryQuery(text="4669999")) == 1
        rows = (await all_rows(history)).rows
        await history.delete([row.number for row in rows[1:]])
        for text in ("4669999", "6504669998", "9998", "650"):
            assert await history.count(HistoryQuery(text=text)) == 0
        assert await history.count(HistoryQuery(text="stays")) == 1
    # No word of them is left in an index either.
    assert words_in(tmp_path, "body_words") == {"old", "stays"}
    assert not {"9998", "4669998"} & words_in(tmp_path, "exchange_words")


def reindex(folder: Path) -> None:
    """Fill the index of bodies as it was for each of them."""
    connection = sqlite3.connect(folder / DATABASE)
    for number, data, place, numbers in connection.execute(
        "SELECT number, data, place, numbers FROM bodies"
    ).fetchall():
        text = (zlib.decompress(data) if place == 1 else data).decode()
        connection.execute(
            "INSERT INTO body_words (rowid, words) VALUES (?, ?)",
            (number, with_numbers(text) if numbers else text),
        )
    connection.commit()
    connection.close()


def words_in(folder: Path, index: str) -> set[str]:
    """The words that an index holds, whatever they belong to."""
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute(f"CREATE VIRTUAL TABLE temp.seen USING fts5vocab('main', '{index}', 'row')")
    found = {str(term) for (term,) in connection.execute("SELECT term FROM temp.seen")}
    connection.close()
    return found


async def test_what_is_deleted_is_found_in_no_file(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        for n in range(60):
            for sent in (*everywhere("stays", n), *everywhere("secretword", n)):
                await history.add(sent, PLACE)
        rows = (await all_rows(history)).rows
        for row in rows[::7]:
            await history.set_note(row.number, f"secretwordnote{row.number} staysnote")
        assert files_with(tmp_path, "secretword") != []
        gone = [row.number for row in rows if row.number % 4 in {3, 0}]
        for row in rows[::7]:
            await history.set_note(row.number, f"staysnote{row.number}")
        await history.delete(gone)
        # While it is open, with its log, and after it was closed.
        assert files_with(tmp_path, "secretword") == []
        assert files_with(tmp_path, "stays0000") != []
        assert len((await all_rows(history)).rows) == 120
        assert await history.count(HistoryQuery(text="secretword")) == 0
        assert await history.count(HistoryQuery(text="stays")) == 120
    assert files_with(tmp_path, "secretword") == []
    assert len(list((tmp_path / "bodies").iterdir())) == 60
    change(tmp_path, "INSERT INTO exchange_words (exchange_words) VALUES ('integrity-check')")


async def test_a_deleted_poll_takes_its_attempts_along(wire: WireServer, tmp_path: Path) -> None:
    wire.script(state("waiting"), state("oddstate"), state("agent-ready"))
    async with open_history(tmp_path) as history, open_session(history) as session:
        watch = Watch(session)
        poll = session.start_poll(session.attach(environment(wire), "a1"), plan())
        await watch.until(lambda: poll.outcome is not None)
        await history.add(exchange(service="stays"), PLACE)
        assert await history.delete_all(HistoryQuery(text="oddstate")) == 1
        assert await titles(history) == ["stays"]
        assert await history.load_poll(poll.id) is None
        assert await history.load(poll.timeline.attempts[1].exchange_id) is None
        assert files_with(tmp_path, "oddstate") == []
    assert look(tmp_path, "SELECT count(*) FROM exchanges") == [(1,)]
    assert look(tmp_path, "SELECT count(*) FROM polls") == [(0,)]


@pytest.mark.parametrize("size", [10, 100_000], ids=["in the database", "in a file"])
async def test_a_body_goes_with_the_last_that_has_it(size: int, tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        for _ in range(2):
            await history.add(exchange(b"b" * size), PLACE)
        first, second = (row for row in (await all_rows(history)).rows)
        await history.delete([first.number])
        kept = await history.load(second.key)
        assert kept is not None
        assert kept.exchange.response is not None
        assert len(kept.exchange.response.body) == size
        await history.delete([second.number])
    assert look(tmp_path, "SELECT count(*) FROM bodies") == [(0,)]
    assert files_with(tmp_path, "b" * 10) == []


async def test_a_number_is_never_used_again(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        await history.add(exchange(), PLACE)
        await history.delete([1])
        await history.add(exchange(), PLACE)
        assert [row.number for row in (await all_rows(history)).rows] == [2]
        await history.delete([1, 77])
        await history.delete([])
        assert await history.count(HistoryQuery()) == 1


async def test_deleting_everything_takes_damaged_ones_along(tmp_path: Path) -> None:
    (tmp_path / "history-damaged-20260101-000000.sqlite").write_text("old")
    async with open_history(tmp_path) as history:
        for n in range(450):
            await history.add(exchange(f"{n}".encode()), PLACE)
        assert await history.delete_all(HistoryQuery(text="nothing")) == 0
        assert len(names(tmp_path, "history-damaged-*")) == 1
        assert await history.delete_all(HistoryQuery()) == 450
        assert (await history.facts()).rows == 0
    assert names(tmp_path, "history-damaged-*") == []


async def test_what_is_kept_meanwhile_is_not_lost(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        await asyncio.gather(*(history.add(exchange(f"{n}".encode()), PLACE) for n in range(600)))
        deleting = asyncio.create_task(history.delete_all(HistoryQuery()))
        late = [exchange(b"late", service=f"late{n}") for n in range(20)]
        await asyncio.gather(*(history.add(one, PLACE) for one in late))
        assert await deleting == 600
        assert sorted(await titles(history)) == sorted(one.operation.service for one in late)


async def test_traces_are_wiped_at_the_next_start_when_the_console_ended_before(
    tmp_path: Path,
) -> None:
    async with open_history(tmp_path) as history:
        for n in range(50):
            await history.add(exchange(f"traceword{n}".encode()), PLACE)
    change(
        tmp_path,
        "PRAGMA secure_delete = OFF; PRAGMA foreign_keys = ON; DELETE FROM entries;"
        "DELETE FROM bodies; INSERT INTO body_words (body_words) VALUES ('delete-all');"
        "INSERT INTO exchange_words (exchange_words) VALUES ('delete-all');"
        "INSERT INTO marks VALUES ('purge due', '')",
    )
    assert files_with(tmp_path, "traceword") != []
    async with open_history(tmp_path) as history:
        await history.use(HistorySettings())  # comes after what was left over
        assert files_with(tmp_path, "traceword") == []


async def test_traces_that_another_console_keeps_from_being_wiped_go_later(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        await history.add(exchange(b"traceword"), PLACE)
    database = Database(tmp_path, thorough=False)
    database.connection.execute("PRAGMA busy_timeout = 50")
    reader = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM bodies").fetchall()
    for _ in delete_numbers(database, [1]):
        pass
    assert purge_is_due(database)
    reader.close()
    database.close()
    async with open_history(tmp_path) as history:
        await history.use(HistorySettings())  # comes after what was left over
        assert files_with(tmp_path, "traceword") == []
    assert look(tmp_path, "SELECT * FROM marks") == []


# --- what goes by itself --------------------------------------------------------------------


async def test_what_is_too_old_goes_but_for_a_star(tmp_path: Path) -> None:
    async with open_history(tmp_path, days=0) as history:
        for service in ("old", "old with a star"):
            await history.add(exchange(service=service, started=LONG_AGO), PLACE)
        await history.add(exchange(service="new"), PLACE)
        await history.set_star(2, starred=True)
        assert len(await titles(history)) == 3
        await history.use(HistorySettings(days=92))
        assert len(await titles(history)) == 3
        await history.use(HistorySettings(days=90))
        assert await titles(history) == ["new", "old with a star"]


async def test_what_is_too_old_goes_at_the_start(tmp_path: Path) -> None:
    async with open_history(tmp_path, days=0) as history:
        for n in range(250):
            await history.add(exchange(f"agedword{n}".encode(), started=LONG_AGO), PLACE)
    async with open_history(tmp_path) as history:
        await history.use(HistorySettings())
        assert await titles(history) == []
    assert files_with(tmp_path, "agedword") == []
    # Nothing is left for the next start, which would write all anew before an answer is shown.
    assert look(tmp_path, "SELECT * FROM marks") == []


async def test_what_is_too_much_goes_the_oldest_first(tmp_path: Path) -> None:
    most = 2 * 1024**2
    async with open_history(tmp_path) as history:
        for n in range(60):
            body = os.urandom(100_000) if n % 2 else json.dumps({"n": f"{n} " * 9000}).encode()
            await history.add(exchange(body, service=f"s{n}"), PLACE)
        await history.set_star(3, starred=True)
        assert await size(history) > 1.4 * most
        await history.use(HistorySettings(most_bytes=most))
        left = await titles(history)
        assert 0.5 * most < await size(history) <= most
        assert left[-1] == "s2"
        assert left[:-1] == [f"s{n}" for n in reversed(range(60 - len(left) + 1, 60))]
        assert on_disk(tmp_path) < 1.1 * most + 100_000
        await history.use(HistorySettings(most_bytes=1))
        assert await titles(history) == ["s2"]


def on_disk(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


async def size(history: History) -> int:
    """What it uses, asked in the thread that writes."""
    found: list[int] = []
    assert history._engine is not None
    history._engine._writer.put(Job(lambda database: found.append(used(database)), None))
    await history.set_star(0, starred=False)
    return found[0]


async def test_a_file_that_is_in_use_when_it_is_deleted_goes_at_the_next_start(
    tmp_path: Path,
) -> None:
    """As on Windows while somebody reads it; a folder in its place cannot be deleted either."""
    in_use = tmp_path / "bodies" / "in-use"
    in_use.mkdir(parents=True)
    unlink(tmp_path / "bodies", ["in-use", "gone"])
    assert names(tmp_path / "bodies") == ["in-use"]
    old = in_use.stat().st_mtime
    in_use.rmdir()
    in_use.write_text("now it can be")
    os.utime(in_use, (old, old))
    async with open_history(tmp_path) as history:
        await history.use(HistorySettings())  # comes after what is swept
        assert names(tmp_path / "bodies") == []


async def test_files_that_nothing_knows_go_after_a_day(tmp_path: Path) -> None:
    folder = tmp_path / "bodies"
    folder.mkdir()
    yesterday = time.time() - 86_500
    for name, age in {"a" * 64: 1, "b" * 64: 0, "x.part": 1, "y.part": 0}.items():
        (folder / name).write_text("")
        if age:
            os.utime(folder / name, (yesterday, yesterday))
    async with open_history(tmp_path) as history:
        await history.add(exchange(b"k" * 100_000), PLACE)
        (kept,) = {one.name for one in folder.iterdir() if one.stat().st_size}
    os.utime(folder / kept, (yesterday, yesterday))
    async with open_history(tmp_path) as history:
        await history.use(HistorySettings())
    assert {one.name for one in folder.iterdir()} == {"b" * 64, "y.part", kept}
