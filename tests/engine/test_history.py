"""What is kept of an Exchange, and that it comes back as it was."""

import asyncio
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gms_console.client.client import GmsClient
from gms_console.client.keeping import Keeping
from gms_console.history import REDIRECTED, History, HistoryQuery, HistorySettings
from gms_console.history.codec import exchange_from, record_of
from gms_console.history.reader import read_only
from gms_console.model.answer import read_answer
from gms_console.model.certificate import Certificate
from gms_console.model.draft import Draft
from gms_console.model.exchange import Exchange, Failure, FailureKind, Timing
from gms_console.model.form import Form, Row
from gms_console.model.reading import whole_body
from gms_console.redaction import Masker
from gms_console.session import Session
from tests.engine.helpers import LONGEST, create, environment
from tests.engine.histories import (
    PLACE,
    all_rows,
    exchange,
    files_with,
    look,
    names,
    open_history,
    open_session_with,
    until,
)
from tests.engine.strategies import keys, texts
from tests.support.wire_server import (
    WireServer,
    cut_in_body,
    hold,
    json_answer,
    raw_answer,
)

FORM = Form(
    (
        Row(key="_phone_number", value="6504669999"),
        Row(key="a", value="1"),
        Row(key="a", value="2", enabled=False, note="twice"),
        Row(key="picture", file=Path("gone/picture.png"), content_type="image/png", filename="p"),
        Row(key="", value="\udce9 \r\n€"),
    )
)
CERTIFICATE = Certificate(
    subject="CN=a",
    issuer="CN=b",
    names=("a.example", "10.0.0.1"),
    not_before=datetime(2025, 1, 1, tzinfo=UTC),
    not_after=datetime(2026, 1, 1, 1, 2, 3, tzinfo=UTC),
    fingerprint="AA:BB",
    serial="7",
)


async def loaded(history: History, exchange_id: str) -> Exchange:
    kept = await history.load(exchange_id)
    assert kept is not None
    assert kept.exchange.id == exchange_id
    return kept.exchange


def bodies(folder: Path) -> list[Path]:
    return sorted((folder / "bodies").iterdir()) if (folder / "bodies").exists() else []


async def test_what_was_sent_is_there_after_a_restart(wire: WireServer, tmp_path: Path) -> None:
    wire.script(
        raw_answer(
            b"HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\nX-A: \xe9\r\nContent-Length: 24\r\n"
            b"Content-Type: application/json\r\n\r\n" + b'{"_id": "1", "_id": "2"}'
        )
    )
    async with open_history(tmp_path) as history, open_session_with(history) as session:
        form = Form.of(("_phone_number", "650"), ("a", "1"), ("a", "zwei"))
        prepared = replace(create(wire, form), draft=Draft(service="{{name}}", form=FORM))
        sent = (await session.create(environment(wire), prepared)).exchange
    assert sent.response is not None
    assert len(sent.response.headers) == 5
    async with open_history(tmp_path) as history:
        assert await loaded(history, sent.id) == sent
        (row,) = (await all_rows(history)).rows
    assert (row.key, row.exchange, row.service) == (sent.id, sent.id, "request-interaction")
    assert (row.status, row.ok, row.failure, row.size) == (200, True, "", 24)
    assert (row.title, row.method) == ("create request-interaction", "POST")
    assert row.url == sent.request.url
    assert row.started == sent.started
    assert row.elapsed == sent.timing.total


async def test_an_answer_is_kept_before_it_is_shown(wire: WireServer, tmp_path: Path) -> None:
    """Who hears of an Exchange finds it in the database."""
    found: list[int] = []
    async with open_history(tmp_path) as history, open_session_with(history) as session:
        session.subscribe(lambda _: found.append(len(look(tmp_path, "SELECT id FROM exchanges"))))
        await session.create(environment(wire), create(wire))
    assert found == [1]


async def test_a_failure_is_kept_with_what_came(wire: WireServer, tmp_path: Path) -> None:
    wire.script(cut_in_body(b'{"half": '))
    async with open_history(tmp_path) as history, open_session_with(history) as session:
        sent = (await session.create(environment(wire), create(wire))).exchange
        assert sent.failure is not None
        assert await loaded(history, sent.id) == sent
        (row,) = (await all_rows(history)).rows
        assert (row.failure, row.ok, row.status) == (FailureKind.CUT.value, False, 200)


async def test_a_certificate_that_was_not_trusted_is_kept(tmp_path: Path) -> None:
    failure = Failure(FailureKind.TLS, "not trusted", "tls", CERTIFICATE)
    sent = exchange(response=None, failure=failure, timing=Timing(connect=1.5, total=2.5))
    async with open_history(tmp_path) as history:
        await history.add(sent, PLACE)
        assert await loaded(history, sent.id) == sent
        (row,) = (await all_rows(history)).rows
        assert (row.status, row.failure, row.size) == (None, "TLS failed", 0)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(
        st.builds(
            Row,
            key=keys,
            value=texts,
            enabled=st.booleans(),
            note=texts,
            content_type=st.none() | texts,
            filename=st.none() | texts,
            file=st.none() | st.just(Path("a/\udcff.png")),
        ),
        max_size=5,
    ),
    text=texts,
)
def test_whatever_was_typed_comes_back(rows: list[Row], text: str) -> None:
    form = Form(tuple(rows))
    sent = exchange(form=form, draft=Draft(service=text, form=form), reason=text)
    record = json.loads(json.dumps(record_of(sent, Masker())))
    assert sent.response is not None
    assert exchange_from(record, sent.response.body, None, None) == sent


async def test_redirects_are_rows_of_their_own_and_one_way(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(
        raw_answer(b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"),
        json_answer({"_id": "a"}),
    )
    async with open_history(tmp_path) as history, open_session_with(history) as session:
        sent = (await session.create(environment(wire), create(wire))).exchange
        assert len(sent.hops) == 2
        assert (await loaded(history, sent.id)).hops == sent.hops
        rows = (await all_rows(history)).rows
        assert [row.status for row in rows] == [200, 302]
        # The console followed: that is no problem.
        assert [(row.ok, row.state) for row in rows] == [(True, ""), (True, REDIRECTED)]
        await history.delete([rows[1].number])
        again = await loaded(history, sent.id)
        assert again == replace(sent, redirected_from=None)


# --- bodies ---------------------------------------------------------------------------------


async def test_a_large_answer_stays_in_its_file(wire: WireServer, tmp_path: Path) -> None:
    answer = {"rows": [{"n": n, "name": f"agent {n}"} for n in range(60_000)], "status": "ready"}
    wire.script(json_answer(answer))
    async with open_history(tmp_path) as history, open_session_with(history) as session:
        sent = (await session.create(environment(wire), create(wire))).exchange
    assert sent.response is not None
    assert sent.response.stored is not None
    async with open_history(tmp_path) as history:
        again = await loaded(history, sent.id)
        assert again == sent
        assert again.response is not None
        assert json.loads(whole_body(again.response)) == answer
        assert read_answer(again).state == "ready"
        (row,) = (await all_rows(history)).rows
        assert (row.state, row.size) == ("ready", sent.response.size)
    assert bodies(tmp_path) == [sent.response.stored.path]


async def test_large_members_are_read_from_the_file_again(wire: WireServer, tmp_path: Path) -> None:
    wire.script(json_answer({f"m{n}": "x" * 50_000 for n in range(30)} | {"_id": "late"}))
    async with open_history(tmp_path) as history, open_session_with(history) as session:
        sent = (await session.create(environment(wire), create(wire))).exchange
        assert await loaded(history, sent.id) == sent
    assert len(look(tmp_path, "SELECT record FROM exchanges")[0][0]) < 50_000


@pytest.mark.parametrize(
    ("body", "files"),
    [(b"", 0), (b"x" * 65_536, 0), (b"x" * 65_537, 1), (bytes(range(256)) * 2000, 1)],
    ids=["none", "small", "more than small", "binary"],
)
async def test_a_body_is_in_the_database_or_a_file(body: bytes, files: int, tmp_path: Path) -> None:
    sent = exchange(body)
    async with open_history(tmp_path) as history:
        await history.add(sent, PLACE)
        assert await loaded(history, sent.id) == sent
    found = bodies(tmp_path)
    assert [one.name for one in found] == [hashlib.sha256(body).hexdigest()] * files
    assert all(one.stat().st_mode & 0o077 == 0 for one in found)


@pytest.mark.parametrize("size", [100, 100_000], ids=["small", "in a file"])
async def test_the_same_body_is_kept_once(size: int, tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        sent = [exchange(b"b" * size) for _ in range(5)]
        for one in sent:
            await history.add(one, PLACE)
        assert [await loaded(history, one.id) for one in sent] == sent
    assert look(tmp_path, "SELECT count(*) FROM bodies") == [(1,)]


async def test_an_answer_whose_file_is_gone_is_not_complete(tmp_path: Path) -> None:
    sent = exchange(b"b" * 100_000)
    async with open_history(tmp_path) as history:
        await history.add(sent, PLACE)
        bodies(tmp_path)[0].unlink()
        again = (await loaded(history, sent.id)).response
        assert again is not None
        assert (again.body, again.complete) == (b"", False)
        # When the same comes once more, its file is written once more.
        await history.add(exchange(b"b" * 100_000), PLACE)
        assert await loaded(history, sent.id) == sent


async def test_an_exchange_is_kept_also_when_its_file_is_gone_before(
    wire: WireServer, tmp_path: Path
) -> None:
    """As when the same body is deleted from the list at that moment."""
    wire.script(json_answer(["x" * 2_000_000]))
    async with open_history(tmp_path) as history:
        files = history.files
        async with GmsClient(environment(wire), lambda _: None, Keeping(files)) as client:
            sent = await client.send(create(wire))
        bodies(tmp_path)[0].unlink()
        await history.add(sent, PLACE)
        again = (await loaded(history, sent.id)).response
    assert again is not None
    assert (again.body, again.complete, again.size) == (b"", False, 2_000_004)


# --- when it is written ---------------------------------------------------------------------


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
    async with open_session_with(history) as session:
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


# --- notes and stars ------------------------------------------------------------------------


async def test_notes_and_stars_stay(tmp_path: Path) -> None:
    async with open_history(tmp_path) as history:
        for service in ("first", "second"):
            await history.add(exchange(service=service), PLACE)
        first = (await all_rows(history)).rows[1].number
        await history.set_note(first, "the odd one")
        await history.set_note(first, "before the upgrade")
        await history.set_star(first, starred=True)
        await history.set_note(99, "no such row")
    async with open_history(tmp_path) as history:
        (row,) = (await history.page(HistoryQuery(starred=True))).rows
        assert (row.service, row.note, row.starred) == ("first", "before the upgrade", True)
        assert await history.count(HistoryQuery(text="upgr")) == 1
        assert await history.count(HistoryQuery(text="odd")) == 0
        await history.set_star(first, starred=False)
        await history.set_note(first, "")
        assert await history.count(HistoryQuery(starred=True)) == 0
        assert await history.count(HistoryQuery(text="upgr")) == 0
    assert files_with(tmp_path, "the odd one") == []
