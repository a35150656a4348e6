"""Databases that are damaged, newer, older or cannot be written; the console goes on."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gms_console.history import History, HistoryQuery, HistorySettings
from gms_console.history.database import Database
from gms_console.history.schema import VERSION, migrate
from gms_console.history.writer import NEWER, Job
from tests.engine.helpers import create, environment, open_session
from tests.engine.histories import (
    DATABASE,
    PLACE,
    all_rows,
    change,
    exchange,
    look,
    names,
    open_history,
    titles,
)
from tests.support.wire_server import WireServer, json_answer


async def fill(folder: Path, rows: int = 30) -> None:
    async with open_history(folder) as history:
        for n in range(rows):
            await history.add(exchange(f"text {n} ".encode() * 100, service=f"s{n}"), PLACE)


def garbage(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / DATABASE).write_bytes(b"no database at all" * 500)


def truncated(folder: Path) -> None:
    path = folder / DATABASE
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def overwritten(folder: Path) -> None:
    with (folder / DATABASE).open("r+b") as stream:
        stream.seek(3 * 4096)
        stream.write(b"\xa5" * 4096 * 8)


def other_tables(folder: Path) -> None:
    (folder / DATABASE).unlink()
    change(folder, "CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('x')")


def missing_table(folder: Path) -> None:
    change(folder, "DROP TABLE polls")


def missing_column(folder: Path) -> None:
    change(folder, "ALTER TABLE bodies DROP COLUMN words")


def wrong_first_version(folder: Path) -> None:
    change(folder, "DROP TABLE entries; PRAGMA user_version = 1")


@pytest.mark.parametrize(
    "damage",
    [
        garbage,
        truncated,
        overwritten,
        other_tables,
        missing_table,
        missing_column,
        wrong_first_version,
    ],
)
async def test_a_damaged_history_is_moved_aside(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    await fill(tmp_path)
    damage(tmp_path)
    broken = (tmp_path / DATABASE).read_bytes()
    said: list[str] = []
    async with open_history(tmp_path, said=said) as history:
        assert await titles(history) == []
        await history.add(exchange(service="new"), PLACE)
        assert await titles(history) == ["new"]
    (name,) = names(tmp_path, "history-damaged-*.sqlite")
    aside = tmp_path / name
    assert aside.read_bytes() == broken
    (text,) = said
    assert text.startswith("The history was damaged (")
    assert str(aside) in text
    async with open_history(tmp_path) as history:
        assert await titles(history) == ["new"]


async def test_the_bodies_of_a_damaged_history_stay_with_it(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        await history.add(exchange(b"b" * 100_000), PLACE)
    (body,) = (tmp_path / "bodies").iterdir()
    long_ago = time.time() - 2 * 86_400
    os.utime(body, (long_ago, long_ago))
    (tmp_path / DATABASE).write_bytes(b"no database" * 1000)
    said: list[str] = []
    async with open_history(tmp_path, said=said) as history:
        await history.use(HistorySettings())  # comes after what is swept
        assert body.exists()
        await history.delete_all(HistoryQuery())
        assert not body.exists()
    assert "is kept as" in said[0]


async def test_damage_that_shows_while_it_is_open(tmp_path: Path) -> None:
    """What was to be written then is in the new one."""
    await fill(tmp_path, 200)
    said: list[str] = []
    async with open_history(tmp_path, said=said) as history:
        overwritten(tmp_path)
        with (tmp_path / DATABASE).open("r+b") as stream:
            stream.truncate(5 * 4096)
        sent = [exchange(b"after", service=f"after{n}") for n in range(3)]
        for one in sent:
            await history.add(one, PLACE)
        assert await titles(history) == ["after2", "after1", "after0"]
        assert await history.load(sent[0].id) is not None
    assert len(said) == 1
    assert len(names(tmp_path, "history-damaged-*.sqlite")) == 1


async def test_damage_that_a_reader_meets(tmp_path: Path) -> None:
    await fill(tmp_path, 200)
    said: list[str] = []
    async with open_history(tmp_path, said=said) as history:
        with (tmp_path / DATABASE).open("r+b") as stream:
            stream.seek(4096)
            stream.write(b"\xa5" * ((tmp_path / DATABASE).stat().st_size - 4096))
        assert (await all_rows(history)).rows == ()
        assert await history.count(HistoryQuery(text="text")) == 0
        await history.set_star(1, starred=True)
        assert await titles(history) == []
        await history.add(exchange(service="new"), PLACE)
        assert await titles(history) == ["new"]
    assert len(said) == 1


async def test_two_damaged_ones_in_a_second_are_both_kept(tmp_path: Path) -> None:
    for _ in range(3):
        garbage(tmp_path)
        async with open_history(tmp_path, said=[]):
            pass
    assert len(names(tmp_path, "history-damaged-*.sqlite")) == 3


async def test_a_newer_history_is_left_as_it_is(wire: WireServer, tmp_path: Path) -> None:
    await fill(tmp_path, 2)
    change(tmp_path, f"PRAGMA user_version = {VERSION + 1}")
    before = (tmp_path / DATABASE).read_bytes()
    said: list[str] = []
    async with open_history(tmp_path, said=said) as history, open_session(history) as session:
        wire.script(json_answer({"rows": ["x"] * 500_000}), json_answer({"_id": "a"}))
        sent = (await session.create(environment(wire), create(wire))).exchange
        assert sent.response is not None
        assert sent.response.stored is not None
        assert sent.response.stored.path.exists()
        assert (await session.create(environment(wire), create(wire))).instance is not None
        assert await titles(history) == []
        assert await history.load(sent.id) is None
        assert await history.delete_all(HistoryQuery()) == 0
        await history.use(HistorySettings(days=1))
    assert said == [NEWER]
    assert (tmp_path / DATABASE).read_bytes() == before
    assert not (tmp_path / "bodies").exists()


async def test_an_older_history_is_taken_over(tmp_path: Path) -> None:
    """One of the first version has neither notes nor stars."""
    await fill(tmp_path, 3)
    change(
        tmp_path,
        "DROP TABLE note_words; DROP INDEX entries_with_star; ALTER TABLE entries DROP COLUMN note;"
        "ALTER TABLE entries DROP COLUMN starred; ALTER TABLE bodies DROP COLUMN numbers;"
        "PRAGMA user_version = 1",
    )
    async with open_history(tmp_path) as history:
        rows = (await all_rows(history)).rows
        assert [(row.service, row.note, row.starred) for row in rows] == [
            (f"s{n}", "", False) for n in (2, 1, 0)
        ]
        await history.set_note(rows[0].number, "now there are notes")
        await history.set_star(rows[1].number, starred=True)
        assert await titles(history, "notes") == ["s2"]
        assert await titles(history, starred=True) == ["s1"]
        kept = await history.load(rows[2].key)
        assert kept is not None
    assert look(tmp_path, "PRAGMA user_version") == [(VERSION,)]


def test_the_first_version_is_what_the_first_step_makes(tmp_path: Path) -> None:
    """What the test above undoes by hand is what the second step does."""
    first = sqlite3.connect(tmp_path / "first", isolation_level=None)
    migrate(first, 1)
    tables = {name for (name,) in first.execute("SELECT name FROM sqlite_schema")}
    assert "note_words" not in tables
    assert "exchange_words" in tables
    columns = {row[1] for row in first.execute("PRAGMA table_info(entries)")}
    assert not columns & {"note", "starred"}
    migrate(first)
    migrate(first)
    columns = {row[1] for row in first.execute("PRAGMA table_info(entries)")}
    assert columns >= {"note", "starred"}
    first.close()


async def test_a_folder_that_cannot_be_made_is_said_once(wire: WireServer, tmp_path: Path) -> None:
    in_the_way = tmp_path / "history"
    in_the_way.write_text("")
    said: list[str] = []
    async with (
        open_history(in_the_way, said=said) as history,
        open_session(history) as session,
    ):
        wire.script(json_answer({"rows": ["x"] * 500_000}), json_answer({"_id": "a"}))
        sent = (await session.create(environment(wire), create(wire))).exchange
        assert sent.failure is None
        assert (await session.create(environment(wire), create(wire))).instance is not None
        assert await titles(history) == []
    (text,) = said
    assert text.startswith("The history cannot be kept now.")
    assert str(in_the_way) in text
    assert in_the_way.read_text() == ""


async def with_database(history: History, statement: str) -> None:
    assert history._engine is not None
    history._engine._writer.put(Job(lambda one: one.connection.execute(statement) and None, None))
    await history.set_star(0, starred=False)


async def test_a_full_disk_is_said_once_and_is_no_end(tmp_path: Path) -> None:
    said: list[str] = []
    async with open_history(tmp_path, said=said) as history:
        await history.add(exchange(service="before"), PLACE)
        # SQLite answers so as it does when the disk is full.
        await with_database(history, "PRAGMA max_page_count = 1")
        for n in range(40):
            await history.add(exchange(f"{n}".encode() * 30_000, service="lost"), PLACE)
        await with_database(history, "PRAGMA max_page_count = 1000000")
        await history.add(exchange(service="after"), PLACE)
        found = await titles(history)
        assert (found[0], found[-1]) == ("after", "before")
        assert 2 <= len(found) < 40
    assert said == [
        "The history could not be written: database or disk is full. The console goes on."
    ]


async def test_what_cannot_be_kept_does_not_stop_what_comes_with_it(tmp_path: Path) -> None:
    said: list[str] = []

    def fails(_: Database) -> None:
        raise ZeroDivisionError("by zero")

    async with open_history(tmp_path, said=said) as history:
        assert history._engine is not None
        for n in range(3):
            history._engine._writer.put(Job(fails, None))
            await history.add(exchange(service=f"s{n}"), PLACE)
        assert await titles(history) == ["s2", "s1", "s0"]
    assert said == ["The history could not be written: by zero. The console goes on."]
