import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from gms_console.simulator import Effect, Fault, FaultPlan, Simulator, UnknownNameError
from gms_console.simulator.chat.talk import MAX_EVENTS, Chat
from tests.simulator.configured import configured
from tests.simulator.wire import (
    JSON,
    MULTIPART,
    URLENCODED,
    Reply,
    Rows,
    call,
    create,
    end,
    part,
    post,
)

ROOT = "/genesys/2/chat"
NOON = 1748858400000
"""The utcTime at which a `still` simulator begins."""


class Customer:
    """Talks to the simulator as an app with chat API v2 does."""

    def __init__(self, simulator: Simulator, service: str = "customer-support") -> None:
        self._simulator = simulator
        self._path = f"{ROOT}/{service}"
        rows = [("nickname", "Ada"), ("subject", "A bill"), ('userData["TimeZone"]', "-60")]
        self.begun = self._post("", rows).json
        self.keys = [(key, str(self.begun[key])) for key in ("userId", "secureKey", "alias")]
        self._path += f"/{self.begun['chatId']}"

    def ask(self, operation: str, rows: Rows | None = None, keys: Rows | None = None) -> Reply:
        return self._post(f"/{operation}", [*(self.keys if keys is None else keys), *(rows or [])])

    def do(self, operation: str, **parameters: str) -> dict[str, Any]:
        reply = self.ask(operation, list(parameters.items()))
        assert (reply.status, reply.json["statusCode"]) == (200, 0), reply
        return reply.json

    def refused(self, operation: str, **parameters: str) -> int:
        return code(self.ask(operation, list(parameters.items())))

    def upload(self, name: str, content: bytes, description: str = "") -> Reply:
        rows = [*self.keys, ("description", description)]
        body = b"".join(part(key, value.encode()) for key, value in rows)
        body += part("file", content, name, "text/plain") + end()
        return call(self._simulator, "POST", f"{self._path}/file", body, MULTIPART)

    def _post(self, path: str, rows: Rows) -> Reply:
        return call(self._simulator, "POST", self._path + path, urlencode(rows), URLENCODED)


def code(reply: Reply) -> int:
    assert (reply.status, reply.json["statusCode"]) == (200, 2), reply
    [error] = reply.json["errors"]
    assert error["advice"]
    number = error["code"]
    assert isinstance(number, int)
    return number


def told(answer: Mapping[str, Any]) -> list[tuple[int, str, str, str]]:
    return [
        (each["index"], each["from"]["type"], each["type"], each.get("text", ""))
        for each in answer["messages"]
    ]


def test_a_chat_from_hello_to_goodbye(still: Simulator) -> None:
    ada = Customer(still)
    assert told(ada.do("refresh", transcriptPosition="1")) == [
        (1, "Client", "ParticipantJoined", "")
    ]
    waits = ada.do("send", message="Anybody there?", messageType="text", transcriptPosition="2")
    assert [each["messageType"] for each in waits["messages"]] == ["text"]
    still.clock.advance(4)
    joined = ada.do("refresh", transcriptPosition=str(waits["nextPosition"]))
    assert told(joined) == [
        (3, "Agent", "ParticipantJoined", ""),
        (4, "Agent", "Message", "Hello Ada, what can I do for you?"),
    ]
    assert joined["messages"][0]["from"] == {
        "nickname": "Kim",
        "participantId": 2,
        "type": "Agent",
    }
    assert [each["utcTime"] for each in joined["messages"]] == [NOON + 4000] * 2
    still.clock.advance(1)
    assert told(ada.do("startTyping", message="My b", transcriptPosition="5")) == [
        (5, "Agent", "TypingStarted", ""),
        (6, "Client", "TypingStarted", "My b"),
    ]
    still.clock.advance(2)
    assert told(ada.do("stopTyping", transcriptPosition="7")) == [
        (7, "Agent", "TypingStopped", ""),
        (8, "Agent", "Message", 'Good question: "Anybody there?" I am looking it up.'),
        (9, "Client", "TypingStopped", ""),
    ]
    # Without a position an operation answers what has come with it, a refresh everything.
    assert told(ada.do("pushUrl", pushUrl="https://example.com/bill")) == [
        (10, "Client", "PushUrl", "https://example.com/bill")
    ]
    renamed = ada.do("updateNickname", nickname="Countess")
    assert renamed["messages"][0]["from"]["nickname"] == "Countess"
    assert told(renamed) == [(11, "Client", "NicknameUpdated", "Countess")]
    assert told(ada.do("customNotice", message="page 3")) == [
        (12, "Client", "CustomNotice", "page 3")
    ]
    data = ada.ask("updateData", [("userData[page]", "3"), ("userData[TimeZone]", "60")]).json
    assert (data["messages"], data["nextPosition"]) == ([], 13)
    assert data["userData"] == {"subject": "A bill", "TimeZone": "60", "page": "3"}
    everything = ada.do("refresh", message="Thanks, bye!")
    assert [each["index"] for each in everything["messages"]] == list(range(1, 14))
    assert everything["messages"][0]["from"]["nickname"] == "Ada"
    assert everything["chatEnded"] is False
    still.clock.advance(10)
    over = ada.do("refresh", transcriptPosition="14")
    assert told(over) == [
        (14, "Agent", "TypingStarted", ""),
        (15, "Agent", "TypingStopped", ""),
        (16, "Agent", "Message", "Thank you for the chat. Goodbye!"),
        (17, "Agent", "ParticipantLeft", ""),
    ]
    assert (over["chatEnded"], over["nextPosition"]) == (True, 18)
    late = ada.ask("send", [("message", "One more thing")]).json
    assert (late["statusCode"], late["chatEnded"]) == (2, True)
    assert ada.do("disconnect")["messages"] == []


def test_files_go_and_come_back_within_their_limits(tmp_path: Path) -> None:
    text = (
        "chat:\n  upload-file-types: txt:png\n  upload-max-files: 3\n  upload-max-file-size: 10\n"
        "  upload-max-total-size: 15\n  download-attempts: 2\n  message_limit: 20\n"
        "chat.customer-support: {}\nchat.sales: {upload-need-agent: true, delete-file: none}\n"
        "server: {allow-file-control: true, allowed-mime-types: text/*}\n"
    )
    with configured(tmp_path, text) as still:
        ada = Customer(still)
        sent = ada.upload("note.TXT", b"0123456789", "what I noted").json
        [message] = sent["messages"]
        data = message["userData"]
        assert (message["type"], message["text"]) == ("FileUploaded", "note.TXT")
        assert (data["file-size"], data["file-description"]) == ("10", "what I noted")
        refusals = [
            ada.upload("note.exe", b"x"),
            ada.upload("long.txt", b"01234567890"),
            ada.upload("total.txt", b"012345"),
            ada.ask("file"),
        ]
        assert [code(each) for each in refusals] == [1012, 1013, 1015, 1001]
        assert code(ada.ask("send", [("message", "x" * 21)])) == 1005
        for name in ("a.txt", "b.txt"):
            assert ada.upload(name, b"1").json["statusCode"] == 0
        assert code(ada.upload("c.txt", b"1")) == 1014
        own = f"file/{data['file-id']}"
        fetched = ada.ask(f"{own}/download")
        assert (fetched.body, fetched.all("Content-Type")) == (b"0123456789", ["text/plain"])
        assert ada.ask(f"{own}/download").body == b"0123456789"
        assert code(ada.ask(f"{own}/download")) == 1017
        limits = ada.do("file/limits")
        assert limits["messages"][0]["userData"] == limits["userData"]
        assert limits["userData"]["upload-file-types"] == "txt:png"
        used = {key: value for key, value in limits["userData"].items() if "used" in key}
        assert used == {
            "used-download-attempts": "2",
            "used-upload-max-files": "3",
            "used-upload-max-total-size": "12",
        }
        [gone] = ada.do(f"{own}/delete")["messages"]
        assert (gone["type"], gone["userData"]["file-id"]) == ("FileDeleted", data["file-id"])
        assert [code(ada.ask(f"{own}/{each}")) for each in ("delete", "download")] == [1016, 1016]
        # Another service has limits of its own.
        bob = Customer(still, "sales")
        assert code(bob.upload("a.txt", b"1")) == 1011
        still.clock.advance(4)
        taken = bob.upload("a.txt", b"1").json["messages"][-1]
        assert code(bob.ask(f"file/{taken['userData']['file-id']}/delete")) == 1018
        still.clock.advance(3)
        assert told(bob.do("refresh"))[-1][3] == 'Thank you, I have received "a.txt".'


def test_a_chat_is_for_who_began_it(still: Simulator) -> None:
    ada, bob = Customer(still), Customer(still)
    assert len({ada.begun["chatId"], bob.begun["chatId"]}) == 2
    for left_out in range(3):
        keys = [key for number, key in enumerate(ada.keys) if number != left_out]
        assert code(ada.ask("refresh", keys=keys)) == 1001
    wrong = [(key, value + "0") for key, value in ada.keys]
    assert code(ada.ask("send", [("message", "x")], wrong)) == 1003
    assert code(ada.ask("disconnect", keys=bob.keys)) == 1003
    assert len(ada.do("refresh")["messages"]) == 1
    for operation in ("send", "pushUrl", "updateNickname", "updateData", "customNotice"):
        assert ada.refused(operation) == 1001
    path = f"{ROOT}/customer-support/nobody/refresh"
    assert code(call(still, "POST", path, urlencode(ada.keys), URLENCODED)) == 1002
    unknown = [
        call(still, "POST", f"{ROOT}/nothing"),
        call(still, "POST", f"{ROOT}/customer-support/{ada.begun['chatId']}/dance"),
        call(still, "POST", f"{ROOT}/"),
    ]
    assert [each.status for each in unknown] == [404, 404, 404]
    assert "[nothing]" in unknown[0].json["message"]
    read = call(still, "GET", f"{ROOT}/customer-support")
    assert (read.status, read.all("Allow")) == (405, ["POST"])


def test_silence_ends_a_chat_and_frees_its_agent(tmp_path: Path) -> None:
    text = (
        "agents: {names: Kim}\n"
        "chat: {idle_alert_seconds: 60, idle_close_seconds: 90}\nchat.customer-support: {}\n"
    )
    with configured(tmp_path, text) as still:
        ada, bob = Customer(still), Customer(still)
        still.clock.advance(50)
        assert len(told(ada.do("refresh"))) == 3
        assert len(told(bob.do("refresh"))) == 1
        still.clock.advance(14)
        [alert] = ada.do("refresh", transcriptPosition="4")["messages"]
        assert (alert["type"], alert["from"]["type"]) == ("IdleAlert", "External")
        ada.do("startTyping")
        still.clock.advance(85)
        assert told(ada.do("refresh", transcriptPosition="6"))[0][2] == "IdleAlert"
        # Nobody looks at the first chat any more; the second gets its agent all the same.
        still.clock.advance(20)
        joined = bob.do("refresh")["messages"][1]
        assert (joined["from"]["nickname"], joined["utcTime"]) == ("Kim", NOON + 154_000)
        over = ada.do("refresh", transcriptPosition="7")
        assert (told(over)[0][2], over["chatEnded"]) == ("IdleClose", True)
        bob.do("disconnect")
        cleo = Customer(still)
        still.clock.advance(4)
        assert len(told(cleo.do("refresh"))) == 3
        assert still.control.hang_up(cleo.begun["chatId"])
        assert cleo.do("refresh")["chatEnded"] is True


def test_a_presenter_sees_chats_and_speaks_for_the_agent(still: Simulator) -> None:
    control = still.control
    ada = Customer(still)
    made = str(ada.begun["chatId"])
    path = f"{create(still, 'request-chat')}/ixn/chat"
    post(still, path, [("userDisplayName", "Bob")])

    def seen() -> list[tuple[str, str, str, str, bool]]:
        return [
            (each.service, each.state, each.customer, each.agent, each.over)
            for each in control.view().instances
        ]

    def order(step: str, body: object = None) -> Reply:
        target = f"/simulator/chats/{made}/{step}"
        return call(still, "POST", target, json.dumps(body or {}), JSON)

    assert [each[1] for each in seen()] == ["waiting-for-agent"] * 2
    assert order("say", {"text": "Too early"}).status == 400
    assert control.agent_free_now() == made
    control.agent_says(made, "Kim here.")
    assert [each[2:] for each in told(ada.do("refresh"))] == [
        ("ParticipantJoined", ""),
        ("ParticipantJoined", ""),
        ("Message", "Hello Ada, what can I do for you?"),
        ("Message", "Kim here."),
    ]
    assert order("say", {"text": "Bye!"}).json == {"done": True}
    assert order("say").status == 400
    # An agent leaves together with all that was still to be said.
    ada.do("send", message="Wait")
    assert order("leave").json == {"done": True}
    still.clock.advance(10)
    over = ada.do("refresh", transcriptPosition="5")
    assert [each[2:] for each in told(over)] == [
        ("Message", "Bye!"),
        ("Message", "Wait"),
        ("ParticipantLeft", ""),
    ]
    assert over["chatEnded"] is True
    assert seen() == [
        ("request-chat", "talking", "", "Alex", False),
        ("chat.customer-support", "ended", "Ada", "", True),
    ]
    for wrong in (control.agent_leaves, control.end, control.hang_up):
        with pytest.raises(UnknownNameError):
            wrong("nobody")
    control.end(made)
    assert code(ada.ask("refresh")) == 1002
    assert len(seen()) == 1


def test_only_so_much_of_a_chat_is_kept() -> None:
    chat = Chat("1", "customer-support", 2, "Ada", began=0.0, session="")
    chat.open()
    for second in range(MAX_EVENTS + 1):
        chat.say(float(second), str(second))
    assert (chat.position, len(chat.since(0))) == (MAX_EVENTS + 2, MAX_EVENTS)
    assert chat.since(0)[0][1].text == "1"
    assert chat.since(MAX_EVENTS + 1)[0][1].text == str(MAX_EVENTS)
    assert len(chat.unanswered) == MAX_EVENTS


def test_a_silent_chat_of_the_first_version_ends_too(still: Simulator) -> None:
    path = f"{create(still, 'request-chat')}/ixn/chat"
    post(still, path)
    assert call(still, "POST", f"/genesys/1/service/{path}", end(), MULTIPART).status == 415
    still.clock.advance(4 + 420)
    over = post(still, f"{path}/refresh").json
    assert over["chatIxnState"] == "DISCONNECTED"
    assert [(line[0], line[1], line[4]) for line in over["transcriptToShow"][-2:]] == [
        ("Notice.Custom", "System", "EXTERNAL"),
        ("Notice.Custom", "System", "EXTERNAL"),
    ]
    for agent in still.control.view().agents:
        still.control.set_away(agent.name, True)
    assert post(still, "request-chat").status == 503


def test_faults_know_chats_by_service_and_operation() -> None:
    plan = FaultPlan((Fault(service="sales", request="file-limits", then=Effect(status=502)),))
    with Simulator(faults=plan) as simulator:
        statuses = [
            Customer(simulator, service).ask("file/limits").status
            for service in ("sales", "customer-support")
        ]
        assert statuses == [502, 200]
