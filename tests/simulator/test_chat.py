import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from gms_console.simulator import Effect, Fault, FaultPlan, Simulator
from tests.simulator.configured import configured
from tests.simulator.wire import JSON, SERVICE, Rows, call, call_back, create, get, post


def chat(simulator: Simulator, rows: Rows | None = None) -> str:
    """Create a chat service and its chat, and return the path of the chat."""
    path = f"{create(simulator, 'request-chat', rows)}/ixn/chat"
    opened = post(simulator, path, [("firstName", "Ann"), ("lastName", "Lee")])
    assert opened.json["chatIxnState"] == "CONNECTED"
    return path


def said(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line[0], line[4]) for line in answer["transcriptToShow"]]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_chat_service_tells_where_to_create_the_chat(simulator: Simulator, method: str) -> None:
    target = f"{SERVICE}/request-chat?_verbose=true"
    reply = call(simulator, method, target)
    made = reply.json["_id"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made)
    assert list(reply.json.items()) == [
        ("_chatIxnAPI-CREATE-URL", f"/genesys/1/service/{made}/ixn/chat"),
        ("_id", made),
    ]
    assert reply.all("Cache-Control") == ["no-cache", "no-store"]
    assert len(reply.all("Set-Cookie")) == 1


def test_the_create_url_keeps_the_root(simulator: Simulator) -> None:
    answer = call(simulator, "POST", "/GMS-web/gms/1/service/request-chat").json
    assert answer["_chatIxnAPI-CREATE-URL"].startswith("/GMS-web/gms/1/service/")


def test_no_agent_no_chat(simulator: Simulator) -> None:
    simulator.controls.agents_available = False
    assert post(simulator, "request-chat").status == 503
    simulator.controls.agents_available = True
    assert post(simulator, "request-chat").status == 200


def test_an_agent_joins_and_answers(still: Simulator) -> None:
    path = chat(still)
    first = post(still, f"{path}/refresh", [("transcriptPosition", "0")]).json
    assert list(first) == [
        "chatIxnState",
        "chatSessionId",
        "transcriptPosition",
        "chatServiceMessage",
        "startedAt",
        "transcriptToShow",
    ]
    assert first["chatIxnState"] == "TRANSCRIPT"
    assert first["startedAt"] == "2025-06-02T10:00:00Z"
    assert said(first) == [("Notice.Joined", "CLIENT")]
    still.clock.advance(4)
    joined = post(still, f"{path}/refresh", [("transcriptPosition", "1")]).json
    assert said(joined) == [("Notice.Joined", "AGENT"), ("Message.Text", "AGENT")]
    assert joined["transcriptPosition"] == "3"
    sent = post(still, f"{path}/send", [("message", "Grüße"), ("transcriptPosition", "3")]).json
    assert sent["transcriptToShow"] == [["Message.Text", "Ann Lee", "Grüße", "1", "CLIENT"]]
    still.clock.advance(1)
    typing = call(still, "GET", f"{SERVICE}/{path}/refresh?transcriptPosition=4").json
    assert said(typing) == [("Notice.TypingStarted", "AGENT")]
    still.clock.advance(2)
    answer = post(still, f"{path}/refresh").json
    assert said(answer) == [("Notice.TypingStopped", "AGENT"), ("Message.Text", "AGENT")]
    assert "Grüße" in answer["transcriptToShow"][1][2]


def test_what_is_said_before_the_agent_joins_is_answered_after(still: Simulator) -> None:
    path = chat(still)
    body = json.dumps({"message": "Hello?"})
    call(still, "POST", f"{SERVICE}/{path}/refresh", body, JSON)
    still.clock.advance(6.5)
    assert said(post(still, f"{path}/refresh").json)[-1] == ("Notice.TypingStarted", "AGENT")
    still.clock.advance(0.5)
    assert said(post(still, f"{path}/refresh").json)[-1] == ("Message.Text", "AGENT")


def test_typing_shows_in_the_transcript(still: Simulator) -> None:
    path = chat(still)
    started = post(still, f"{path}/startTyping").json["transcriptToShow"]
    stopped = post(still, f"{path}/stopTyping").json["transcriptToShow"]
    assert [line[0] for line in (*started, *stopped)] == [
        "Notice.TypingStarted",
        "Notice.TypingStopped",
    ]


def test_a_chat_ends_for_both(still: Simulator) -> None:
    path = chat(still)
    still.clock.advance(4)
    post(still, f"{path}/send", [("message", "Bye")])
    ended = post(still, f"{path}/disconnect").json
    assert ended["chatIxnState"] == "DISCONNECTED"
    assert said(ended) == [("Notice.Left", "CLIENT"), ("Notice.Left", "AGENT")]
    still.clock.advance(60)
    after = post(still, f"{path}/refresh").json
    assert (after["chatIxnState"], after["transcriptToShow"]) == ("DISCONNECTED", [])


def test_a_refresh_after_the_end_can_be_an_error(simulator: Simulator) -> None:
    path = chat(simulator, [("_chat_400_response_on_disconnected", "true")])
    assert post(simulator, f"{path}/disconnect").status == 200
    assert post(simulator, f"{path}/refresh").status == 400


def test_a_verbose_chat_tells_its_addresses(simulator: Simulator) -> None:
    path = chat(simulator, [("_verbose", "true")])
    answer = post(simulator, f"{path}/refresh").json
    assert answer["_chatIxnAPI_SEND_URL"] == f"/genesys/1/service/{path}/send"
    assert len([key for key in answer if re.fullmatch("_chatIxnAPI_.*_URL", key)]) == 6
    assert "secureKey" in answer


def test_a_chat_is_created_once(still: Simulator) -> None:
    path = chat(still)
    again = post(still, path, [("userDisplayName", "Bob")]).json
    assert again["transcriptToShow"] == [
        ["Notice.Joined", "Ann Lee", "has joined the session", "1", "CLIENT"]
    ]


def test_what_is_no_chat_is_refused(simulator: Simulator) -> None:
    made = create(simulator, "request-chat")
    assert post(simulator, f"{made}/ixn/chat/refresh").status == 400
    assert post(simulator, f"{made}/status").status == 400
    path = chat(simulator)
    assert post(simulator, f"{path}/send").status == 400
    assert post(simulator, f"{path}/dance").status == 404
    assert post(simulator, f"{path}/send/more").status == 404
    other = create(simulator, "request-inbound-poll")
    assert post(simulator, f"{other}/ixn/chat").status == 400
    assert post(simulator, "nobody/ixn/chat").status == 404
    refused = call(simulator, "PUT", f"{SERVICE}/{path}/send")
    assert (refused.status, refused.all("Allow")) == (405, ["GET, POST"])


def test_a_chat_callback_begins_and_ends_with_its_chat(still: Simulator) -> None:
    started = call_back(still, "CHAT-NOW", subject="Bill").json
    root = f"{still.base_url}/1/service/{started['_id']}/ixn/chat"
    assert started["_start_chat_url"] == root
    assert started["_comet_url"] == f"{still.base_url}/cometd"
    assert started["_chat_parameters"] == {"subject": "Bill"}
    path = root.removeprefix(f"{still.root_url}{SERVICE}/")
    assert post(still, path).json["chatIxnState"] == "CONNECTED"
    assert post(still, f"{path}/disconnect").status == 200
    [found] = get(still, f"callback?_id={started['_id']}").rows
    assert found["_callback_state"] == "COMPLETED"


def test_agents_of_chats_are_free_in_time_though_nobody_looks(tmp_path: Path) -> None:
    """A goodbye before the agent comes: a callback and a waiting chat see its end after a jump."""
    packaged = files("gms_console.assets") / "simulator.yaml"
    text = packaged.read_text("utf-8").replace("  count: 20", "  names: [Kim]")
    with configured(tmp_path, text) as still:
        made = call_back(still, "CHAT-NOW").json["_id"]
        post(still, f"{made}/ixn/chat", [("userDisplayName", "Ann")])
        post(still, f"{made}/ixn/chat/send", [("message", "bye")])
        first, second = chat(still), chat(still)
        post(still, f"{first}/send", [("message", "bye")])
        # In 4 s Kim joins, says goodbye 3 s later and leaves after 2 s more; again in the others.
        still.clock.advance(8.9)
        [found] = get(still, f"callback?_id={made}").rows
        assert found["_callback_state"] == "PROCESSING"
        still.clock.advance(0.2)
        [found] = get(still, f"callback?_id={made}").rows
        assert (found["_callback_state"], found.get("_callback_reason")) == ("COMPLETED", None)
        still.clock.advance(5)
        assert said(post(still, f"{second}/refresh", [("transcriptPosition", "1")]).json) == [
            ("Notice.Joined", "AGENT"),
            ("Message.Text", "AGENT"),
        ]
        over = post(still, f"{made}/ixn/chat/refresh", [("transcriptPosition", "0")]).json
        assert over["chatIxnState"] == "DISCONNECTED"
        assert said(over)[-2:] == [("Message.Text", "AGENT"), ("Notice.Left", "AGENT")]
        assert {line[1] for line in over["transcriptToShow"]} == {"Ann", "Kim"}


def test_a_delayed_chat_needs_its_agent(still: Simulator) -> None:
    made = call_back(still, "CHAT-WAIT").json["_id"]
    assert post(still, f"{made}/ixn/chat").status == 503
    still.clock.advance(10)
    assert post(still, f"{made}/connect").json["_action"] == "StartChat"
    assert post(still, f"{made}/ixn/chat").status == 200
    still.clock.advance(300)
    over = post(still, f"{made}/ixn/chat/refresh").json
    assert over["chatIxnState"] == "DISCONNECTED"


def test_faults_know_chat_requests_by_name() -> None:
    fault = Fault(service="request-chat", request="send", nth=(1,), then=Effect(status=502))
    with Simulator(faults=FaultPlan((fault,))) as simulator:
        path = chat(simulator)
        statuses = [post(simulator, f"{path}/send", [("message", "x")]).status for _ in range(2)]
        assert statuses == [502, 200]
