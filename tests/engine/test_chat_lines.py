"""Lines of a chat are shown once and all of them, whatever answers leave out or repeat."""

import asyncio
import json
import threading

from gms_console.chat.conversation import Conversation
from gms_console.chat.transcript import Transcript
from gms_console.chat.types import Delivery, EntryKind
from gms_console.chat.v1 import ChatV1
from gms_console.chat.v2 import ChatV2
from gms_console.model.answer import read_answer
from tests.engine.test_chat import CAME, PATIENCE, Talk, answered, line, shown, talking, until
from tests.support.chat_server import KEY_ROWS, ChatServer, operation
from tests.support.wire_answers import Answer
from tests.support.wire_server import WireServer, close_before_answer, hold, json_answer


def news(position: int, *messages: dict[str, object]) -> Answer:
    """Give an answer with these lines and the position behind them."""
    return json_answer({"statusCode": 0, "messages": messages, "nextPosition": position})


def mine(index: int, kind: str, text: str = "") -> dict[str, object]:
    """Give a line of the customer."""
    sender = {"nickname": "First Last", "participantId": 1, "type": "Client"}
    return {"from": sender, "index": index, "type": kind, "text": text}


async def hold_a_refresh(server: ChatServer, then: Answer) -> threading.Event:
    """Have a refresh wait at a gate, with what comes of it."""
    gate = threading.Event()
    server.instead("refresh", hold(gate, then))
    await until(lambda: server.waiting == 0)
    return gate


def names(wire: WireServer) -> list[str]:
    """Name the requests that came."""
    return [operation(request) for request in wire.requests]


async def test_answers_that_leave_lines_out_lose_none(wire: WireServer) -> None:
    async with talking(wire) as talk:
        chat, server = talk.chat, talk.server
        await until(lambda: chat.position == "2")
        gate = await hold_a_refresh(server, news(2))
        server.agent("while typing")
        server.put("TypingStarted", "First Last", "Client")
        server.instead("startTyping", news(4, mine(3, "TypingStarted")))
        talk.line.tell_typing(starts=True)
        asked = len(wire.requests)
        gate.set()
        await until(lambda: chat.position == "4")
        assert shown(chat) == ["joined First Last: ", "message Kim: while typing"]
        after = [one.body.decode() for one in wire.requests[asked:] if operation(one) == "refresh"]
        assert after[0] == f"{KEY_ROWS}&transcriptPosition=2"

        await a_message_that_came_is_not_sent_again(talk, wire)
        server.agent("z" * 1_200_000)  # kept in a file, not in memory
        server.agent("behind it")
        await until(lambda: shown(chat)[-1] == "message Kim: behind it")
        assert len(chat.transcript.entries[-2].heard.text) == 1_200_000
        await a_transcript_that_begins_anew_is_told_from_a_late_node(chat, server)
        await the_last_lines_are_asked_for_when_the_end_is_a_refusal(talk)


async def a_message_that_came_is_not_sent_again(talk: Talk, wire: WireServer) -> None:
    """It was said to have failed, is to be sent again, and comes with a refresh under way."""
    chat, server = talk.chat, talk.server
    server.instead("send", close_before_answer())
    talk.line.say("once")
    await until(lambda: bool(talk.chat.transcript.pending and chat.transcript.pending[0].reason))
    gate = await hold_a_refresh(server, news(5, mine(4, "Message", "once")))
    server.put("Message", "First Last", "Client", "once")
    talk.line.say_again(chat.transcript.pending[0].key)
    gate.set()
    talk.line.say("then this")
    await until(lambda: not chat.transcript.pending)
    assert [one.partition(": ")[2] for one in shown(chat)][-2:] == ["once", "then this"]
    assert names(wire).count("send") == 2


async def a_transcript_that_begins_anew_is_told_from_a_late_node(
    chat: Conversation, server: ChatServer
) -> None:
    """A lower position alone is no new transcript; other lines by the same numbers are."""
    before, answers = shown(chat), len(chat.refreshes.attempts)
    server.instead("refresh", news(2))
    await until(lambda: server.waiting == 0 and len(chat.refreshes.attempts) > answers + 3)
    assert shown(chat) == before
    server.begin_anew()
    await until(lambda: chat.position == "1")
    server.agent("after the restart")
    await until(lambda: shown(chat)[-1] == "message Kim: after the restart")
    anew = "gap : GMS counts its transcript from the beginning again; what follows is new"
    assert shown(chat) == [*before, anew, "message Kim: after the restart"]
    server.agent("and on")
    await until(lambda: shown(chat)[-1] == "message Kim: and on")


async def the_last_lines_are_asked_for_when_the_end_is_a_refusal(talk: Talk) -> None:
    """The chat was closed between two refreshes, and a message tells so."""
    chat, server = talk.chat, talk.server
    gate = await hold_a_refresh(server, news(3))
    server.put("IdleClose", "", "External", "idle")
    server.ended = True
    ended = {"statusCode": 2, "chatEnded": True, "errors": [{"advice": "has ended"}]}
    server.instead("send", json_answer(ended))
    talk.line.say("too late")
    gate.set()
    await asyncio.wait_for(talk.task, PATIENCE)
    assert shown(chat)[-2:] == ["idle close : idle", "message : too late"]
    assert chat.transcript.entries[-1].reason == "Status 2: has ended"
    assert chat.over


async def test_what_is_cut_off_is_not_on_its_way_for_ever(wire: WireServer) -> None:
    async with talking(wire) as talk:
        chat, server = talk.chat, talk.server
        server.instead("send", hold())
        talk.line.say("first")
        talk.line.say("second")
        await until(lambda: "send" in names(wire))
        talk.task.cancel()
        await asyncio.wait({talk.task})
        first, second = chat.transcript.pending
        assert first.delivery is second.delivery is Delivery.FAILED
        assert first.reason == "The chat was closed here before GMS answered; it may have it."
        assert second.reason == "The chat was closed here."


def test_of_two_alike_the_one_that_was_answered_has_come() -> None:
    transcript = Transcript()
    failed, there = transcript.say("hi"), transcript.say("hi")
    transcript.mark(failed.key, Delivery.FAILED, "why")
    transcript.mark(there.key, Delivery.ACCEPTED)
    transcript.take([line(1, "hi", own=True)], CAME, "x1")
    assert [one.key for one in transcript.pending] == [failed.key]
    # What a server makes of a text is recognised in the answer to it, and only there.
    marked = transcript.say("<b>bold</b>")
    transcript.mark(marked.key, Delivery.ACCEPTED, exchange_id="x2")
    transcript.take([line(2, "elsewhere", own=True)], CAME, "x1")
    assert len(transcript.pending) == 2
    transcript.take([line(3, "bold", own=True)], CAME, "x2")
    assert [one.key for one in transcript.pending] == [failed.key]
    assert transcript.entries[-2].key == marked.key


def test_numbers_that_are_none_lose_no_line() -> None:
    many = "9" * 5000
    exchange = answered(json.dumps({"messages": [{"index": many, "text": "a"}]}).encode())
    [heard] = ChatV2("s").read(exchange, read_answer(exchange), 0).heard
    assert (heard.index, heard.text, heard.kind) == (None, "a", EntryKind.UNKNOWN)
    lines = [["Message.Text", "Kim", text, "2", "AGENT"] for text in "ab"]
    for position, numbers in ((many, [8, 9]), ("0", [1, 2])):
        body = {"transcriptToShow": lines, "transcriptPosition": position}
        exchange = answered(json.dumps(body).encode())
        found = ChatV1().read(exchange, read_answer(exchange), 7).heard
        assert [one.index for one in found] == numbers
