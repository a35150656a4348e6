"""What is kept of an Exchange, and that it comes back as it was."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gms_console.client.client import GmsClient
from gms_console.client.keeping import Keeping
from gms_console.history import REDIRECTED, HistoryQuery
from gms_console.history.codec import exchange_from, record_of
from gms_console.model.answer import read_answer
from gms_console.model.certificate import Certificate
from gms_console.model.draft import Draft
from gms_console.model.exchange import Failure, FailureKind, Timing
from gms_console.model.form import Form, Row
from gms_console.model.reading import whole_body
from gms_console.redaction import Masker
from tests.engine.helpers import create, environment, open_session
from tests.engine.histories import PLACE, all_rows, exchange, files_with, loaded, look, open_history
from tests.engine.strategies import keys, texts
from tests.support.wire_server import (
    WireServer,
    cut_in_body,
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


def bodies(folder: Path) -> list[Path]:
    return sorted((folder / "bodies").iterdir()) if (folder / "bodies").exists() else []


async def test_what_was_sent_is_there_after_a_restart(wire: WireServer, tmp_path: Path) -> None:
    wire.script(
        raw_answer(
            b"HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\nX-A: \xe9\r\nContent-Length: 24\r\n"
            b"Content-Type: application/json\r\n\r\n" + b'{"_id": "1", "_id": "2"}'
        )
    )
    async with open_history(tmp_path) as history, open_session(history) as session:
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
    async with open_history(tmp_path) as history, open_session(history) as session:
        session.subscribe(lambda _: found.append(len(look(tmp_path, "SELECT id FROM exchanges"))))
        await session.create(environment(wire), create(wire))
    assert found == [1]


async def test_a_failure_is_kept_with_what_came(wire: WireServer, tmp_path: Path) -> None:
    wire.script(cut_in_body(b'{"half": '))
    async with open_history(tmp_path) as history, open_session(history) as session:
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
    async with open_history(tmp_path) as history, open_session(history) as session:
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
    async with open_history(tmp_path) as history, open_session(history) as session:
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
    async with open_history(tmp_path) as history, open_session(history) as session:
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
