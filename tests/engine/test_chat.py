"""Chats by both APIs: what is sent, what is read, and what becomes of them when GMS stumbles."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gms_console.chat.conversation import ChatState, Conversation
from gms_console.chat.limits import FileLimits, read_limits
from gms_console.chat.line import ChatLine
from gms_console.chat.opening import adopt, open_v1, open_v2
from gms_console.chat.transcript import Transcript
from gms_console.chat.types import (
    ChatApi,
    ChatEntry,
    ChatStart,
    Delivery,
    EntryKind,
    Heard,
    Party,
)
from gms_console.chat.v1 import ChatV1
from gms_console.chat.v2 import ChatV2
from gms_console.history import History, HistoryQuery
from gms_console.model.answer import read_answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import (
    Exchange,
    Operation,
    OperationKind,
    Response,
    SentRequest,
    Timing,
)
from gms_console.model.form import Form
from gms_console.model.transfer import Transfer
from gms_console.session import Session
from gms_console.wire.request import prepare_create
from tests.engine.helpers import environment
from tests.engine.histories import open_history
from tests.support.chat_server import (
    BEGAN_MS,
    CHAT_ID,
    KEY_ROWS,
    SECURE_KEY,
    ChatServer,
    operation,
)
from tests.support.wire_server import WireServer, close_before_answer, json_answer

A15 = (
    b'{"statusCode":0,"alias":"117","userId":"007555677B20000A","secureKey":"4ee15d7e1c343c8e",'
    b'"messages":[{"from":{"nickname":"First Last","participantId":1,"type":"Client"},"index":1,'
    b'"type":"ParticipantJoined","utcTime":1432845088000}],"chatId":"00048aAPEQJ8000U"}'
)
CAME = datetime(2026, 5, 1, 12, tzinfo=UTC)
PATIENCE = 20.0
"""How many seconds a machine may take that is busy otherwise."""
START = ChatStart(
    api=ChatApi.V2,
    service="customer-support",
    first_name="First",
    last_name="Last",
    subject="Subject to",
    user_data=Form.of(("TimeZone", "-60")),
)


def answered(body: bytes, status: int = 200) -> Exchange:
    """Make an Exchange of an answer's body."""
    request = SentRequest(
        method="POST", url="http://h/x", http_version="HTTP/1.1", headers=(), body_preview="",
        body_size=0,
    )  # fmt: skip
    response = Response(
        status=status, reason="", http_version="HTTP/1.1", body=body, wire_size=len(body),
        headers=(("Content-Type", "application/json"),), complete=True,
    )  # fmt: skip
    kind = Operation(kind=OperationKind.REQUEST, request="refresh")
    return Exchange(
        operation=kind, started=CAME, request=request, response=response, timing=Timing()
    )


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that a chat's task brings about."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - conditions on many things
            await asyncio.sleep(0.005)


def shown(chat: Conversation) -> list[str]:
    """Give the lines of a chat, as kind, who and text."""
    entries = chat.transcript.entries
    return [f"{one.heard.kind} {one.heard.nickname}: {one.heard.text}" for one in entries]


class Talk:
    """A chat by API v2 with its line, its task and the server's side."""

    def __init__(self, session: Session, chat: Conversation, server: ChatServer) -> None:
        self.chat, self.server = chat, server
        self.line = ChatLine(chat, every=0.02)
        self.task = session.tasks.start(self.line.run(), name="chat", owner=self)


@asynccontextmanager
async def talking(wire: WireServer, history: History | None = None) -> AsyncIterator[Talk]:
    """Open a chat by API v2 at the server, and refresh it."""
    server = ChatServer()
    wire.default = server.answer
    wire.script()
    place = environment(wire)
    session = Session(lambda name, error: pytest.fail(f"{name}: {error}"), history=history)
    protocol = ChatV2("customer-support")
    client = session.client(place)
    exchange, made = await open_v2(client, protocol.open(place, START), START, protocol)
    assert isinstance(made, Conversation), made
    assert exchange.response is not None
    try:
        yield Talk(session, made, server)
    finally:
        await client.aclose()
        await session.close()


# --- what is read ----------------------------------------------------------------------------


def test_answers_of_v2_are_read_leniently() -> None:
    exchange = answered(A15)
    news = ChatV2("s").read(exchange, read_answer(exchange), 0)
    assert news.chat_id == CHAT_ID
    assert news.key is not None
    assert news.key.rows(("message", "x")) == Form.of(
        ("userId", "007555677B20000A"), ("secureKey", SECURE_KEY), ("alias", "117"),
        ("message", "x"),
    )  # fmt: skip
    assert SECURE_KEY not in repr(news)
    assert SECURE_KEY not in repr(news.key)
    joined = Heard(
        index=1,
        kind=EntryKind.JOINED,
        event="ParticipantJoined",
        party=Party.OWN,
        party_id="1",
        nickname="First Last",
        at=datetime.fromtimestamp(BEGAN_MS / 1000, UTC),
    )
    assert news.heard == (joined,)
    odd = {
        "statusCode": "0", "nextPosition": "4", "chatEnded": "true",
        "messages": [
            {"index": "2", "type": "Novelty", "utcTime": "soon", "text": 5},
            "a text",
            {"index": 3, "type": "FileUploaded", "userData": {"file-id": "F", "file-size": "12"}},
        ],
    }  # fmt: skip
    exchange = answered(json.dumps(odd).encode())
    news = ChatV2("s").read(exchange, read_answer(exchange), 0)
    assert (news.ended, news.position) == (True, "4")
    assert [(one.index, one.kind, one.text) for one in news.heard] == [
        (2, EntryKind.UNKNOWN, "5"),
        (None, EntryKind.UNKNOWN, '"a text"'),
        (3, EntryKind.FILE, ""),
    ]
    assert news.heard[2].file is not None
    assert (news.heard[2].file.id, news.heard[2].file.size) == ("F", 12)


@pytest.mark.parametrize(
    ("status", "body", "refusal", "passing"),
    [
        (200, '{"statusCode":2,"errors":[{"code":7,"advice":"gone"}]}', "status 2: 7 gone", False),
        (200, '{"statusCode":"3"}', "status 3", False),
        (200, '{"hello":1}', "the answer is none of a chat", True),
        (503, '{"message":"busy"}', "503 busy", True),
        (404, '{"message":"no"}', "404 no", False),
    ],
)  # fmt: skip
def test_refusals_of_v2(status: int, body: str, refusal: str, *, passing: bool) -> None:
    exchange = answered(body.encode(), status)
    news = ChatV2("s").read(exchange, read_answer(exchange), 0)
    assert (news.refusal, news.passing) == (refusal, passing)


def test_answers_of_v1_are_read_leniently() -> None:
    lines = [["Notice.Joined", "Kim", "", "2", "AGENT"], ["Message.Text", "Kim"], "x", []]
    body = {"chatIxnState": "TRANSCRIPT", "transcriptPosition": 7, "transcriptToShow": lines}
    exchange = answered(json.dumps(body).encode())
    news = ChatV1().read(exchange, read_answer(exchange), 3)
    assert [(one.index, one.kind, one.party) for one in news.heard] == [
        (4, EntryKind.JOINED, Party.AGENT),
        (5, EntryKind.MESSAGE, Party.NOBODY),
        (6, EntryKind.UNKNOWN, Party.NOBODY),
        (7, EntryKind.UNKNOWN, Party.NOBODY),
    ]
    exchange = answered(b'{"message":"The chat of [x] is disconnected."}', 400)
    assert ChatV1().read(exchange, read_answer(exchange), 3).ended
    exchange = answered(b'{"exception":"some.Class","message":"odd"}')
    news = ChatV1().read(exchange, read_answer(exchange), 3)
    assert (news.refusal, news.ended) == ("odd", False)


def test_limits_say_why_a_file_is_not_taken() -> None:
    limits = read_limits(
        {"upload-max-files": 2, "upload-max-file-size": "100", "upload-max-total-size": "150",
         "upload-file-types": "png:.TXT", "used-upload-max-files": "1",
         "used-upload-max-total-size": "90", "upload-need-agent": "true", "delete-file": "no"}
    )  # fmt: skip
    assert limits is not None
    assert limits.can_delete is False
    assert "once an agent" in limits.refusal("a.png", 10, agent=False)
    assert "png, txt" in limits.refusal("a.exe", 10, agent=True)
    assert "100 are taken at most" in limits.refusal("a.txt", 101, agent=True)
    assert "60 are left" in limits.refusal("a.txt", 61, agent=True)
    assert limits.refusal("a.PNG", 60, agent=True) == ""
    full = replace(limits, used_files=2)
    assert "has them all" in full.refusal("a.png", 1, agent=True)
    assert read_limits({"key": "value"}) is None
    assert read_limits(None) is None
    assert FileLimits().refusal("any", 10**12, agent=False) == ""


# --- the transcript --------------------------------------------------------------------------


def line(index: int, text: str = "", *, own: bool = False) -> Heard:
    party = Party.OWN if own else Party.AGENT
    return Heard(index=index, kind=EntryKind.MESSAGE, event="Message", party=party, text=text)


def test_a_line_comes_once_and_what_is_missing_is_said_until_it_comes() -> None:
    transcript = Transcript()
    assert len(transcript.take([line(1, "a"), line(2, "b")], CAME, "x1")) == 2
    assert transcript.take([line(2, "b")], CAME, "x2") == []
    transcript.take([line(7, "g")], CAME, "x3")

    def texts() -> list[str]:
        return [entry.heard.text for entry in transcript.entries]

    missing = "Nothing came for {} of the transcript"
    assert texts() == ["a", "b", missing.format("lines 3 to 6"), "g"]
    transcript.take([line(4, "d")], CAME, "x4")
    first, last = missing.format("line 3"), missing.format("lines 5 to 6")
    assert texts() == ["a", "b", first, "d", last, "g"]
    transcript.take([line(6, "f"), line(3, "c"), line(5, "e")], CAME, "x5")
    assert texts() == ["a", "b", "c", "d", "e", "f", "g"]
    assert transcript.duplicates == 1


def test_an_own_message_is_on_its_way_until_the_transcript_has_it() -> None:
    transcript = Transcript()
    first, second = transcript.say("hello"), transcript.say("hello")
    transcript.take([line(1, "agent")], CAME, "x1")
    transcript.mark(first.key, Delivery.FAILED, "why")

    def rows() -> list[tuple[int, Delivery]]:
        return [(entry.key, entry.delivery) for entry in transcript.entries]

    agent = transcript.entries[0].key
    there = Delivery.THERE
    assert rows() == [(agent, there), (first.key, Delivery.FAILED), (second.key, Delivery.SENDING)]
    # It was said to have failed, and came all the same: the first one is that one.
    transcript.take([line(2, " hello ", own=True)], CAME, "x2")
    assert rows() == [(agent, there), (first.key, there), (second.key, Delivery.SENDING)]
    long = transcript.say("word " * 300)
    transcript.take([line(3, ("word " * 300)[:1000], own=True)], CAME, "x3")
    assert (long.key, there) in rows()


# --- a whole chat ----------------------------------------------------------------------------


async def test_a_chat_by_v2_to_the_byte(wire: WireServer, tmp_path: Path) -> None:
    async with talking(wire) as talk:
        chat, server = talk.chat, talk.server
        server.put("ParticipantJoined", "Kim", "Agent")
        server.put("TypingStarted", "Kim", "Agent")
        await until(lambda: chat.who_types == ("Kim",))
        assert chat.agent_there
        server.agent("Hello")
        server.put("Message", "Kim", "Supervisor", "quiet")
        await until(lambda: len(shown(chat)) == 4)
        assert chat.who_types == ()
        talk.line.say("Größe & so")
        await until(lambda: chat.transcript.pending == () and len(shown(chat)) == 5)
        assert shown(chat)[-1] == "message First Last: Größe & so"
        talk.line.tell_typing(starts=True)
        path = tmp_path / "notes.txt"
        path.write_bytes(b"one\ntwo")
        assert await talk.line.put(path, "text/plain", Transfer()) == ""
        await until(lambda: any(one.heard.file for one in chat.transcript.entries))
        fetched = await talk.line.fetch("F1", Transfer())
        assert fetched.response is not None
        assert fetched.response.body == b"one\ntwo"
        assert await talk.line.delete("F1") == ""
        talk.line.leave(lambda _why: None)
        await asyncio.wait_for(talk.task, PATIENCE)
        assert chat.state is ChatState.ENDED
    by_name = {operation(request): request for request in wire.requests}
    base = f"/genesys/2/chat/customer-support/{CHAT_ID}"
    create = wire.requests[0]
    assert create.target == "/genesys/2/chat/customer-support"
    assert (
        create.body
        == b"firstName=First&lastName=Last&subject=Subject+to&userData%5BTimeZone%5D=-60"
    )
    assert wire.requests[1].body == KEY_ROWS.encode()  # the create answered no position
    assert by_name["send"].target == f"{base}/send"
    body = f"{KEY_ROWS}&message=Gr%C3%B6%C3%9Fe+%26+so&transcriptPosition=6"
    assert by_name["send"].body == body.encode()
    assert by_name["startTyping"].body == by_name["disconnect"].body == KEY_ROWS.encode()
    assert by_name["file"].target == f"{base}/file"
    assert b'name="file"; filename="notes.txt"\r\nContent-Type: text/plain' in by_name["file"].body
    assert by_name["file/F1/download"].body == KEY_ROWS.encode()


async def test_a_chat_goes_on_through_trouble_and_keeps_what_was_not_sent(
    wire: WireServer,
) -> None:
    async with talking(wire) as talk:
        chat, server = talk.chat, talk.server
        await until(lambda: chat.position == "2")
        server.instead("refresh", close_before_answer(), json_answer("{broken", 502))
        await until(lambda: chat.failures > 0)
        assert chat.state is ChatState.OPEN
        server.agent("Still here")
        await until(lambda: chat.failures == 0 and len(shown(chat)) == 2)
        refusal = json_answer({"statusCode": 2, "errors": [{"code": 5, "advice": "too long"}]})
        server.instead("send", refusal)
        talk.line.say("a long text")
        await until(lambda: bool(chat.transcript.pending and chat.transcript.pending[0].reason))
        [failed] = chat.transcript.pending
        assert (failed.delivery, failed.reason) == (Delivery.FAILED, "Status 2: 5 too long")
        talk.line.say_again(failed.key)
        await until(lambda: chat.transcript.pending == ())
        assert shown(chat)[-1] == "message First Last: a long text"
        server.instead("refresh", json_answer({"message": "unknown chat"}, 404))
        await until(lambda: chat.state is ChatState.LOST)
        assert chat.trouble == "404 unknown chat"
        talk.line.refresh()
        await until(lambda: chat.state is ChatState.OPEN and not chat.trouble)
        server.ended = True
        await asyncio.wait_for(talk.task, PATIENCE)
        assert chat.over


async def test_a_chat_by_v1_on_a_new_instance_and_on_one_that_the_phone_opened(
    wire: WireServer,
) -> None:
    server = ChatServer()
    wire.default = server.answer
    wire.script()
    session = Session(lambda name, error: pytest.fail(f"{name}: {error}"))
    place = environment(wire)
    created = await session.create(place, prepare_create(place, "request-chat"))
    assert created.instance is not None
    start = ChatStart(api=ChatApi.V1, service="request-chat", nickname="First", subject="Bill")
    exchange, chat = await open_v1(created.instance, start)
    assert isinstance(chat, Conversation)
    assert wire.requests[-1].body == b"userDisplayName=First&subject=Bill"
    adopted = adopt(created.instance, exchange)
    assert adopted.position == chat.position == "1"
    assert [one.heard for one in adopted.transcript.entries] == [
        one.heard for one in chat.transcript.entries
    ]
    line = ChatLine(chat, every=0.02)
    task = session.tasks.start(line.run(), name="chat", owner=line)
    server.agent("Hello")
    line.say("hi")
    await until(lambda: len(shown(chat)) == 3 and not chat.transcript.pending)
    said: list[str] = []
    line.ask_limits(said.append)
    assert said == ["Chat API v1 has no files."]
    line.refresh()
    await until(lambda: wire.requests[-1].body == b"transcriptPosition=3")
    line.leave(said.append)
    await asyncio.wait_for(task, PATIENCE)
    bodies = [one.body for one in wire.requests if operation(one) in {"send", "refresh"}]
    assert b"message=hi" in bodies
    assert bodies[0] == b"message=hi"
    await session.close()


async def test_the_key_of_a_chat_is_in_no_history(wire: WireServer, tmp_path: Path) -> None:
    async with open_history(tmp_path) as history, talking(wire, history) as talk:
        await until(lambda: talk.chat.position == "2")
        talk.line.say("hello")
        await until(lambda: len(shown(talk.chat)) == 2 and not talk.chat.transcript.pending)
        talk.line.leave(lambda _why: None)
        await asyncio.wait_for(talk.task, PATIENCE)
    found = await asyncio.to_thread(_all_bytes, tmp_path)
    assert b"customer-support" in found
    assert SECURE_KEY.encode() not in found
    async with open_history(tmp_path) as history:
        page = await history.page(HistoryQuery())
        assert len(page.rows) == 4  # create, message, end, and all refreshes in one row
        for row in page.rows:
            kept = await history.load(row.exchange)
            assert kept is not None
            assert kept.exchange.response is not None
            answer = kept.exchange.response.body
            assert b'"secureKey": "***"' in answer
            assert SECURE_KEY not in f"{kept.exchange.request.body_preview}{answer!r}"


def _all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_service_with_a_slash_is_refused() -> None:
    place = Environment.parse("http://127.0.0.1:1")
    with pytest.raises(ValueError, match="no slash"):
        ChatV2("a/b").open(place, START)


def test_entries_know_whose_they_are() -> None:
    entry = ChatEntry(key=1, heard=line(1, own=True), at=CAME)
    assert entry.own
