"""Evidence of a session, from the history or from memory: in order, redacted, whole or not."""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gms_console.evidence.har_report import HarReport
from gms_console.evidence.items import (
    EvidenceHead,
    EvidenceItem,
    ExchangeItem,
    Masking,
    PollItem,
    ScreenItem,
)
from gms_console.evidence.jsonl_report import JsonlReport
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.session_evidence import SessionTally, session_evidence
from gms_console.evidence.session_pieces import EvidenceSource, HistorySource, SessionSource
from gms_console.history import Entry, History, HistoryQuery
from gms_console.instance import Instance
from gms_console.model.form import Form
from gms_console.model.stop_rule import StopRule
from gms_console.poll import PollPlan
from gms_console.redaction import Masker
from gms_console.runner.results import RunSummary
from gms_console.session import Session
from tests.engine.evidence_items import HEAD, names
from tests.engine.helpers import create, environment, open_session, until
from tests.engine.histories import PLACE, exchange, open_history
from tests.engine.redirects import moved
from tests.support.wire_server import WireServer, json_answer

PHONE = "+16504669999"
SECRET = "geheimnis-77"


class Kept:
    """A writer that keeps what it gets; `fails_at` is the item at which its disk is full."""

    def __init__(self, fails_at: int = -1) -> None:
        self.items: list[EvidenceItem] = []
        self.heads: list[EvidenceHead] = []
        self.ended = self.abandoned = False
        self.masked: tuple[Masking, ...] = ()
        self._fails_at = fails_at

    def begin(self, head: EvidenceHead) -> None:
        self.heads.append(head)

    def add(self, item: EvidenceItem) -> None:
        if len(self.items) == self._fails_at:
            raise OSError(28, "No space left on device")
        self.items.append(item)

    def end(self, summary: RunSummary | None, masked: tuple[Masking, ...]) -> None:
        assert summary is None
        self.ended, self.masked = True, masked

    def abandon(self) -> None:
        self.abandoned = True

    @property
    def told(self) -> list[str]:
        """What the items are, in a word each."""
        return [_word(one) for one in self.items]


def _word(item: EvidenceItem) -> str:
    if isinstance(item, ExchangeItem):
        return item.step if item.attempt is None else f"{item.step} {item.attempt}"
    if isinstance(item, PollItem):
        return f"{item.title}: {item.outcome}"
    assert isinstance(item, ScreenItem)
    return item.caption


async def write(
    source: EvidenceSource, *writers: Any, secrets: Sequence[str] = (), **more: Any
) -> SessionTally:
    async with asyncio.timeout(10):
        return await session_evidence(source, writers, Redactor(secrets=secrets), HEAD, **more)


async def do_by_hand(session: Session, wire: WireServer) -> Instance:
    """Create with a phone number, poll until an agent is ready, ask once more by hand."""
    wire.script(
        json_answer({"_id": "0a1b-2c3d", "_access_number": "1-800"}),
        json_answer({"status": "queued", "echo": PHONE}),
        json_answer({"status": "agent-ready"}),
        json_answer({"done": SECRET}),
    )
    place = environment(wire, headers=(("Authorization", f"Bearer {SECRET}"),))
    prepared = create(wire, Form.of(("_phone_number", PHONE)), headers=place.headers)
    instance = (await session.create(place, prepared)).instance
    assert instance is not None
    plan = PollPlan(every=0.01, until=(StopRule.parse("status=agent-ready"),))
    poll = session.start_poll(instance, plan)
    await until(lambda: not poll.running)
    await instance.send(instance.prepare("cancel"))
    return instance


ORDER = [
    "create request-interaction",
    "status 1",
    "status 2",
    "poll status: reached",
    "cancel",
]


@pytest.mark.parametrize("kept", [True, False], ids=["from the history", "from memory"])
async def test_what_was_done_reads_in_its_order_and_shows_no_secret(
    kept: bool, wire: WireServer, tmp_path: Path
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        history = await stack.enter_async_context(open_history(tmp_path / "h")) if kept else None
        session = await stack.enter_async_context(open_session(history))
        await do_by_hand(session, wire)
        source: EvidenceSource = SessionSource(session)
        if history is not None:
            source = HistorySource(history, HistoryQuery())
        writer = Kept()
        file, har = tmp_path / "out.jsonl", tmp_path / "out.har"
        tally = await write(source, writer, JsonlReport(file), HarReport(har), secrets=[SECRET])
    assert writer.told == ORDER
    assert (tally.exchanges, tally.polls, tally.missing) == (4, 1, 0)
    sections = {getattr(one, "section", "") for one in writer.items}
    assert sections == {"request-interaction 0a1b-2c3d"}
    for report in (file, har):
        text = report.read_text("utf-8")
        assert PHONE not in text
        assert PHONE[2:] not in text
        assert SECRET not in text
        assert "[phone-1]" in text
    assert tally.masked == writer.masked
    assert any("phone" in one.rule for one in tally.masked)
    log = json.loads(har.read_text("utf-8"))["log"]
    schema = json.loads((Path(__file__).parents[1] / "support/har.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate({"log": log})
    assert [page["title"] for page in log["pages"]] == ["request-interaction 0a1b-2c3d"]
    assert [one.get("_pollAttempt") for one in log["entries"]] == [None, 1, 2, None]
    poll = writer.items[3]
    assert isinstance(poll, PollItem)
    assert [span.state for span in poll.spans] == ["queued", "agent-ready"]


@pytest.mark.parametrize("kept", [True, False], ids=["from the history", "from memory"])
async def test_redirects_of_a_poll_belong_to_their_attempts(
    kept: bool, wire: WireServer, tmp_path: Path
) -> None:
    wire.script(
        moved("/there"),
        json_answer({"status": "queued"}),
        moved("/there"),
        json_answer({"status": "agent-ready"}),
    )
    async with contextlib.AsyncExitStack() as stack:
        history = await stack.enter_async_context(open_history(tmp_path)) if kept else None
        session = await stack.enter_async_context(open_session(history))
        plan = PollPlan(every=0.01, until=(StopRule.parse("status=agent-ready"),))
        poll = session.start_poll(session.attach(environment(wire), "0a1b-2c3d"), plan)
        await until(lambda: not poll.running)
        source: EvidenceSource = SessionSource(session)
        if history is not None:
            source = HistorySource(history, HistoryQuery())
        writer = Kept()
        tally = await write(source, writer)
    assert [
        (one.attempt, one.exchange.response.status)
        for one in writer.items
        if isinstance(one, ExchangeItem) and one.exchange.response is not None
    ] == [(1, 302), (1, 200), (2, 302), (2, 200)]
    assert writer.told[-1] == "poll status: reached"
    assert (tally.exchanges, tally.polls) == (4, 1)


async def test_chosen_rows_alone_are_written_with_their_notes(
    wire: WireServer, tmp_path: Path
) -> None:
    async with open_history(tmp_path) as history, open_session(history) as session:
        await do_by_hand(session, wire)
        rows = (await history.page(HistoryQuery())).rows
        (poll,) = (row for row in rows if row.entry is Entry.POLL)
        await history.set_note(poll.number, f"called from {PHONE}")
        rows = (await history.page(HistoryQuery(entry=Entry.POLL))).rows
        writer = Kept()
        await write(HistorySource(history, rows), writer)
    assert writer.told == ["status 1", "status 2", "poll status: reached"]
    assert isinstance(writer.items[2], PollItem)
    assert writer.items[2].note == "called from [phone-1]"


async def test_pictures_stand_where_they_were_taken(wire: WireServer) -> None:
    async with open_session() as session:
        instance = await do_by_hand(session, wire)
        last = session.exchanges.all()[-1].started
        screens = [
            ScreenItem(
                png=b"2", caption="end", at=last + timedelta(seconds=1), section=instance.id
            ),
            ScreenItem(
                png=b"1", caption=f"dial {PHONE}", at=last - timedelta(microseconds=1), section="x"
            ),
        ]
        writer = Kept()
        seen: list[tuple[int, int]] = []
        tally = await write(
            SessionSource(session),
            writer,
            screens=screens,
            progress=lambda done, of: seen.append((done, of)),
        )
    assert writer.told == [*ORDER[:4], "dial [phone-1]", "cancel", "end"]
    assert isinstance(writer.items[-1], ScreenItem)
    assert writer.items[-1].section == "request-interaction 0a1b-2c3d"
    assert tally.screens == 2
    assert seen == [(done, 7) for done in range(8)]


async def test_since_leaves_out_what_was_before(wire: WireServer) -> None:
    async with open_session() as session:
        await do_by_hand(session, wire)
        first, *_, last = session.exchanges.all()
        writer = Kept()
        await write(SessionSource(session, {last.id: "mine"}, since=last.started), writer)
        assert writer.told == ["cancel"]
        (only,) = writer.items
        assert isinstance(only, ExchangeItem)
        assert only.note == "mine"
        assert first.started < last.started


async def fill(history: History, count: int) -> None:
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        exchange(b"{}", service=f"s{number}", started=begun + timedelta(seconds=number))
        for number in range(count)
    )
    await asyncio.gather(*(history.add(one, PLACE) for one in made))


async def test_a_long_history_comes_page_by_page_oldest_first(tmp_path: Path) -> None:
    async with open_history(tmp_path, days=0) as history:
        await fill(history, 520)
        writer = Kept()
        tally = await write(HistorySource(history, HistoryQuery()), writer)
    assert tally.exchanges == 520
    assert writer.told == [f"create s{number}" for number in range(520)]


async def test_a_search_in_the_window_does_not_end_the_evidence(tmp_path: Path) -> None:
    async with open_history(tmp_path, days=0) as history:
        await fill(history, 5)
        reading = asyncio.ensure_future(HistorySource(history, HistoryQuery()).pieces())
        searches = [asyncio.ensure_future(history.page(HistoryQuery())) for _ in range(5)]
        assert len(await reading) == 5
        assert len((await searches[-1]).rows) == 5


async def test_what_is_not_kept_any_more_is_counted(tmp_path: Path) -> None:
    async with open_history(tmp_path, days=0) as history:
        await fill(history, 3)
        rows = (await history.page(HistoryQuery())).rows
        await history.delete([rows[1].number])
        writer = Kept()
        tally = await write(HistorySource(history, rows), writer)
    assert (tally.exchanges, tally.missing) == (2, 1)
    assert writer.told == ["create s0", "create s2"]


async def test_a_body_whose_file_is_gone_does_not_end_the_report(tmp_path: Path) -> None:
    async with open_history(tmp_path / "h") as history:
        body = history.files.begin(Masker())
        body.write(b'{"a": "' + b"x" * 5000 + b'"}')
        stored = body.finish()
        one = exchange(b'{"a": "xx', stored=stored)
        await history.add(one, PLACE)
        stored.path.unlink()
        writer = Kept()
        tally = await write(HistorySource(history, HistoryQuery()), writer)
    assert tally.exchanges == 1
    (item,) = writer.items
    assert isinstance(item, ExchangeItem)
    assert item.exchange.response is not None
    assert not item.exchange.response.complete
    # The size and the digest are those of the whole body, which is not here.
    assert (item.body_size, item.body_sha256) == (stored.size, stored.sha256)


async def test_a_full_disk_leaves_no_report_behind(wire: WireServer, tmp_path: Path) -> None:
    async with open_session() as session:
        await do_by_hand(session, wire)
        full, other = Kept(fails_at=2), HarReport(tmp_path / "out.har")
        with pytest.raises(OSError, match="No space left"):
            await write(SessionSource(session), full, other)
    assert full.abandoned
    assert not full.ended
    assert names(tmp_path) == []


async def test_cancelling_leaves_no_report_behind(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    async with open_history(tmp_path / "h", days=0) as history:
        await fill(history, 200)
        source = HistorySource(history, HistoryQuery())
        redactor = Redactor()

        def stop(done: int, of: int) -> None:
            if done == of // 2:
                task.cancel()

        task = asyncio.ensure_future(
            session_evidence(source, [HarReport(folder / "a.har")], redactor, HEAD, progress=stop)
        )
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not folder.exists()


async def test_the_head_is_masked_too() -> None:
    head = replace(HEAD, title=f"Call of {PHONE}", note="asked by a.person@example.com")
    writer = Kept()
    async with open_session() as session:
        await session_evidence(SessionSource(session), [writer], Redactor(), head)
    (written,) = writer.heads
    assert written.title == "Call of [phone-1]"
    assert written.note == "asked by [email-1]"
    assert writer.ended
