"""The list of what was kept: in pages, filtered, and searched by words."""

import asyncio
import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given

from gms_console.history import Entry, HistoryPage, HistoryQuery
from gms_console.history.numbers import with_numbers
from gms_console.history.reader import Kind, Reader
from gms_console.history.searching import FEW
from gms_console.history.words import MOST_TEXT, patterns
from gms_console.model.exchange import Failure, FailureKind
from gms_console.model.form import Form, Row
from tests.engine.helpers import LONGEST, until
from tests.engine.histories import PLACE, all_rows, exchange, files_with, open_history, titles
from tests.engine.strategies import texts

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)

FOUND = exchange(
    json.dumps(
        {
            "_id": "369-8d4e-AB",
            "status": "agent-ready",
            "text": "first line\nsecond Zeile: Grüße",
            "number": "+15551234567",
        }
    ).encode(),
    headers=(("X-Node", "gms-node-7"), ("Content-Type", "application/json")),
    url="http://gms.example/genesys/1/service/inst-77/start%20chat?lang=de",
    service="request-chat",
    instance_id="inst-77",
    node="east",
    form=Form(
        (
            Row(key="_customer", value="Ann O'Hara"),
            Row(key="_phone_number", value="6504669999"),
            Row(key="switched", value="off", enabled=False),
        )
    ),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("369-8d4e", True), ("369-8d", True), ("369-9", False), ("8d4e-ab", True),
        ("agent-ready", True), ("agent", True), ("READY", True), ("gent", False),
        ("+15551234567", True), ("15551", True), ("second", True), ("zeile", True),
        ("grusse", False), ("grüße", True), ("GRÜSSE", False), ("grüß", True),
        ("x-node", True), ("gms-node-7", True), ("request-chat", True), ("inst-77", True),
        ("_customer", True), ("O'Hara", True), ("6504669999", True), ("start chat", True),
        ("east", True), ("qa", True), ("ann agent-ready east", True), ("ann nobody", False),
        ('"', True), ("* ( )", True), ('"ann', True), ("ann*", True), ("NOT", False),
        ("ann OR nobody", False), ("a:b", False), ("^ann", True), ("\0", True), ("\ud800ann", True),
        ("4669999", True), ("9999", True), ("466-9999", True), ("650 466 9999", True),
        ("+1 555-123-4567", True), ("(555) 123-4567", True), ("5551234567", True),
        ("1234567 agent-ready", True), ("5551234568", False), ("+1 555-123-4568", False),
        ("+46 555-123-4567", False), ("12346", False), ("switched", False),
        ("words:ann", False), ("{ann}", True), ("-ann", True), ("x" * 5000, False),
    ],
)  # fmt: skip
async def test_words_find_what_has_them(text: str, found: bool, tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        await history.add(FOUND, PLACE)
        await history.add(exchange(b"[]", service="other", environment=""), PLACE)
        rows = await titles(history, text)
        assert ("request-chat" in rows) is found
        assert ("other" in rows) is (not patterns(text))
        assert await history.count(HistoryQuery(text=text)) == len(rows)


@given(texts)
def test_whatever_is_typed_is_a_search(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
    for pattern in patterns(text):
        connection.execute("SELECT * FROM words WHERE words MATCH ?", (pattern,)).fetchall()
    connection.close()


WRITTEN = (
    "+16504669999", "16504669999", "+1 650-466-9999", "+1 (650) 466-9999", "001.650.466.9999",
    "tel:+1-650-466-9999", "a=%2B16504669999", "650/466 99 99 or 6505550000", "6504669999 12",
    "2026-11-26 12:00 +1 650-466-9999 20260101", "+1\u00a0650\u00a0466\u00a09999",
)  # fmt: skip


@pytest.mark.parametrize("place", ["body", "value"])
async def test_a_phone_number_is_found_however_it_is_written(place: str, tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        for n, number in enumerate(WRITTEN):
            body = json.dumps({"phone": number}).encode() if place == "body" else b"[]"
            form = Form.of(("phone", number)) if place == "value" else None
            await history.add(exchange(body, service=f"s{n}", form=form), PLACE)
        everyone = [f"s{n}" for n in reversed(range(len(WRITTEN)))]
        assert await titles(history, "6504669999") == everyone
        assert await titles(history, "650-466-9999") == everyone
        assert await titles(history, "4669999") == everyone
        assert await titles(history, "s3 +1 (650) 466-9999") == ["s3"]


def test_a_body_full_of_figures_is_read_quickly() -> None:
    figures = " ".join(f"{1_700_000_000_000 + n * 977}" for n in range(MOST_TEXT // 14))
    begun = perf_counter()
    found = with_numbers(figures)
    assert len(found) < 2 * len(figures)
    with_numbers("1" * MOST_TEXT)
    with_numbers("1-" * (MOST_TEXT // 2))
    assert perf_counter() - begun < 1.0


async def test_the_ending_of_a_secret_is_not_found(tmp_path: Path) -> None:
    place = replace(PLACE, headers=(("X-Token", "9988776655443"),))
    async with open_history(tmp_path) as history:
        body = b'{"x": "9988776655443"}'
        form = Form.of(("x", "9988776655443"))
        await history.add(exchange(body, form=form), place)
        assert await history.count(HistoryQuery(text="5443")) == 0
        assert files_with(tmp_path, "776655443") == []


async def test_every_word_may_be_in_another_place(tmp_path: Path) -> None:
    """One in a note, one in a body, one in another attempt of the same poll."""
    async with open_history(tmp_path) as history:
        await history.add(exchange(b'{"status": "early"}', poll="p"), PLACE)
        await history.add(exchange(b'{"status": "late"}', poll="p"), PLACE)
        await history.add(exchange(b'{"status": "early"}', service="alone"), PLACE)
        poll = (await all_rows(history)).rows[1]
        await history.set_note(poll.number, "ask Ann")
        for text, found in {
            "early late": 1,
            "early": 2,
            "early ann": 1,
            "ann": 1,
            "nowhere": 0,
        }.items():
            page = await history.page(HistoryQuery(text=text))
            assert len(page.rows) == found, text
            assert text == "early" or all(row.entry is Entry.POLL for row in page.rows)


async def test_a_large_body_is_found_by_its_first_part(tmp_path: Path) -> None:
    body = b"alpha " + b"filler " * 40_000 + b"omega"
    async with open_history(tmp_path) as history:
        await history.add(exchange(body, headers=()), PLACE)
        await history.add(exchange(b"\x89PNG\x00\x01alpha", headers=()), PLACE)
        assert await history.count(HistoryQuery(text="alpha")) == 1
        assert await history.count(HistoryQuery(text="omega")) == 0


async def test_no_secret_is_found_however_an_answer_wrote_it(tmp_path: Path) -> None:
    """What is read for the search may be a secret only then."""
    place = replace(PLACE, headers=(("X-Token", "canaryword"),))
    escaped = exchange(rb'{"a": "\u0063anaryword plainword"}')
    percent = exchange(url="http://gms.example/?a=%63anaryword+plainword")
    async with open_history(tmp_path) as history:
        for one in (escaped, percent):
            await history.add(one, place)
        assert await history.count(HistoryQuery(text="plainword")) == 2
        assert await history.count(HistoryQuery(text="canaryword")) == 0


async def test_common_words_are_found_with_rare_ones(tmp_path: Path) -> None:
    """What is found too often to be gone through is looked for row by row."""
    many = FEW + 50
    async with open_history(tmp_path) as history:
        await asyncio.gather(
            *(
                history.add(exchange(f'{{"n": "no{n % 300}", "x": "common"}}'.encode()), PLACE)
                for n in range(many)
            )
        )
        rows = (await all_rows(history)).rows
        assert await history.count(HistoryQuery(text="common")) == many
        few = sum(f"no{n % 300}".startswith("no7") for n in range(many))
        assert await history.count(HistoryQuery(text="common no7")) == few
        assert await history.count(HistoryQuery(text="common nothing")) == 0
        assert await history.count(HistoryQuery(text="common application")) == many
        await history.set_note(rows[3].number, "commonly seen")
        assert await history.count(HistoryQuery(text="commonly")) == 1
        page = await history.page(HistoryQuery(text="common appl"), rows[9].number, 10)
        assert [one.number for one in page.rows] == [one.number for one in rows[10:20]]
        assert page.before == rows[19].number


async def test_pages_follow_each_other_to_the_end(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        for n in range(25):
            await history.add(exchange(service=f"s{n}"), PLACE)
        seen: list[str] = []
        page = HistoryPage((), None)
        for size in (10, 10, 5):
            page = await history.page(HistoryQuery(service=""), page.before, 10)
            assert len(page.rows) == size
            seen += [row.service for row in page.rows]
            if size == 10:
                # What comes meanwhile does not shift what follows.
                await history.add(exchange(service="late"), PLACE)
        assert page.before is None
        assert seen == [f"s{n}" for n in reversed(range(25))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"service": "b"}, ["b"]),
        ({"environment": ""}, ["typed"]),
        ({"environment": "prod"}, ["prod"]),
        ({"environment": "qa", "node": "n2"}, ["b"]),
        ({"node": ""}, ["typed", "prod", "poll", "a"]),
        ({"instance_id": "i7"}, ["b"]),
        ({"ok": False}, ["prod", "a"]),
        ({"ok": True}, ["typed", "poll", "b"]),
        ({"entry": Entry.POLL}, ["poll"]),
        ({"entry": Entry.EXCHANGE}, ["typed", "prod", "b", "a"]),
        ({"since": NOON}, ["typed", "prod", "poll", "b"]),
        ({"until": NOON}, ["a"]),
        ({"since": NOON, "until": NOON + timedelta(hours=1)}, ["b"]),
        ({"starred": True}, ["b"]),
        ({"text": "here", "ok": False}, ["a"]),
        ({"service": "nothing"}, []),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
async def test_filters(query: dict[str, Any], found: list[str], tmp_path: Path) -> None:
    failure = Failure(FailureKind.CUT, "here it broke", "receive")
    async with open_history(tmp_path, days=0) as history:
        for sent in (
            exchange(service="a", started=NOON - timedelta(microseconds=1), failure=failure),
            exchange(b'"here"', service="b", started=NOON, node="n2", instance_id="i7"),
            exchange(service="poll", started=NOON + timedelta(hours=1), poll="p"),
            exchange(service="prod", environment="prod", status=500),
            exchange(service="typed", environment=""),
        ):
            await history.add(sent, PLACE)
        await history.set_star(2, starred=True)
        assert await titles(history, **query) == found
        assert await history.count(HistoryQuery(**query)) == len(found)


async def test_the_facts_name_what_can_be_filtered_by(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        assert (await history.facts()).rows == 0
        before = (await history.facts()).size
        for service, node in (("b", "n2"), ("a", "n1"), ("b", ""), ("C", "n1")):
            await history.add(exchange(b"x" * 100_000, service=service, node=node), PLACE)
        await history.add(exchange(service="a", environment="", node="n0"), PLACE)
        facts = await history.facts()
    assert (facts.rows, facts.services) == (5, ("a", "b", "C"))
    assert (facts.environments, facts.nodes) == (("qa",), ("n0", "n1", "n2"))
    assert facts.size >= before + 100_000


# --- a search that nobody waits for any more ------------------------------------------------


async def ask_for_ever(reader: Reader, kind: Kind, times: list[str]) -> object:
    """Ask what SQLite works on without an end, the first time."""

    def ask(connection: sqlite3.Connection) -> str:
        times.append("asked")
        if len(times) == 1:
            connection.execute(
                "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
                " SELECT count(*) FROM n"
            ).fetchone()
        return "found"

    return await reader.ask(ask, "nothing", kind)


@pytest.mark.parametrize(
    ("kind", "answer", "asked"),
    [(Kind.SEARCH, "nothing", 1), (Kind.COUNT, "found", 2)],
    ids=["a search gives nothing", "a count is asked again"],
)
async def test_a_new_search_ends_the_one_before(
    kind: Kind, answer: str, asked: int, tmp_path: Path
) -> None:
    async with open_history(tmp_path) as history:
        await history.add(exchange(service="there"), PLACE)
        assert history._engine is not None
        times: list[str] = []
        reader = history._engine._lists
        old = asyncio.create_task(ask_for_ever(reader, kind, times))
        async with asyncio.timeout(LONGEST):
            await until(lambda: bool(times))
            assert await titles(history) == ["there"]
            assert await old == answer
        assert len(times) == asked


async def test_an_exchange_is_loaded_while_a_search_goes_on(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        sent = exchange()
        await history.add(sent, PLACE)
        assert history._engine is not None
        times: list[str] = []
        old = asyncio.create_task(ask_for_ever(history._engine._lists, Kind.SEARCH, times))
        async with asyncio.timeout(LONGEST):
            kept = await history.load(sent.id)
            assert kept is not None
            assert not old.done()
            await history.page(HistoryQuery())
            assert await old == "nothing"
