"""A chat on the raw-socket server, by either API: its lines are given by the test, to the byte."""

import json
import threading
from typing import Any
from urllib.parse import parse_qsl

from tests.support.wire import Wire, WireRequest
from tests.support.wire_answers import Answer, body_answer, json_answer

CHAT_ID = "00048aAPEQJ8000U"
INSTANCE_ID = "81f0ef4e-99dd-43ea-8366-8d27a2cbd605"
SECURE_KEY = "4ee15d7e1c343c8e"
KEY_ROWS = f"userId=007555677B20000A&secureKey={SECURE_KEY}&alias=117"
BEGAN_MS = 1432845088000

LIMITS = {
    "upload-max-files": "3",
    "upload-max-file-size": "2048",
    "upload-max-total-size": "4096",
    "upload-need-agent": "true",
    "upload-file-types": "png:txt",
    "delete-file": "true",
    "used-upload-max-files": "0",
    "used-upload-max-total-size": "0",
}


class ChatServer:
    """What a chat's requests are answered with; lines are put in while it runs.

    `instead` answers the next requests whose operation it names, such as `refresh` or `send`.
    Nobody says anything by themselves: the test is the agent.
    """

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.ended = False
        self.files: dict[str, bytes] = {}
        self.uploads = 0
        self._instead: list[tuple[str, Answer]] = []
        self._lock = threading.Lock()
        self.answer = Answer(self._play)
        self.put("ParticipantJoined", "First Last", "Client")

    def put(self, kind: str, nickname: str, party: str, text: str = "", **data: str) -> None:
        """Put a line into the transcript."""
        with self._lock:
            at = len(self.lines)
            sender = {"nickname": nickname, "participantId": 1 + (party != "Client"), "type": party}
            line: dict[str, Any] = {
                "from": sender,
                "index": at + 1,
                "type": kind,
                "utcTime": BEGAN_MS + 1000 * at,
            }
            if text:
                line["text"] = text
            if data:
                line["userData"] = {key.replace("_", "-"): value for key, value in data.items()}
            self.lines.append(line)

    def agent(self, text: str) -> None:
        """Let the agent say something."""
        self.put("Message", "Kim", "Agent", text)

    def instead(self, operation: str, *answers: Answer) -> None:
        """Answer the next requests of an operation otherwise, once each."""
        with self._lock:
            self._instead += [(operation, answer) for answer in answers]

    @property
    def waiting(self) -> int:
        """How many answers of `instead` have not been asked for yet."""
        with self._lock:
            return len(self._instead)

    def begin_anew(self) -> None:
        """Lose the transcript."""
        with self._lock:
            self.lines.clear()

    def _play(self, wire: Wire, request: WireRequest) -> None:
        self._choose(request).play(wire, request)

    def _choose(self, request: WireRequest) -> Answer:
        name = operation(request)
        with self._lock:
            for place, (wanted, answer) in enumerate(self._instead):
                if wanted == name:
                    del self._instead[place]
                    return answer
        if request.target == "/genesys/1/service/request-chat":
            path = f"/genesys/1/service/{INSTANCE_ID}/ixn/chat"
            return json_answer({"_chatIxnAPI-CREATE-URL": path, "_id": INSTANCE_ID})
        rows = dict(parse_qsl(request.body.decode("latin-1"))) if name != "file" else {}
        self._do(name, rows, request)
        if name.endswith("/download"):
            return body_answer(
                self.files[name.split("/")[1]], headers=[("Content-Type", "text/plain")]
            )
        version_1 = "/ixn/chat" in request.target
        return self._v1(name, rows) if version_1 else self._v2(name, rows)

    def _do(self, name: str, rows: dict[str, str], request: WireRequest) -> None:
        if name == "send":
            self.put("Message", "First Last", "Client", rows["message"])
        elif name == "disconnect":
            self.ended = True
            self.put("ParticipantLeft", "First Last", "Client")
        elif name == "file":
            content = request.body.split(b"\r\n\r\n")[-1].rpartition(b"\r\n--")[0]
            self.files["F1"] = content
            self.uploads += 1
            size = str(len(content))
            self.put("FileUploaded", "First Last", "Client", file_id="F1", file_name="notes.txt",
                     file_size=size)  # fmt: skip
        elif name == "file/F1/delete":
            del self.files["F1"]
            self.put("FileDeleted", "First Last", "Client", file_id="F1", file_name="notes.txt")

    def _v2(self, name: str, rows: dict[str, str]) -> Answer:
        with self._lock:
            lines = self.lines[max(int(rows.get("transcriptPosition", "1")) - 1, 0) :]
            fields: dict[str, Any] = {
                "statusCode": 0,
                "alias": "117",
                "userId": "007555677B20000A",
                "secureKey": SECURE_KEY,
                "messages": [] if name == "file/limits" else lines,
                "chatId": CHAT_ID,
            }
            if name != "create":
                fields |= {"nextPosition": len(self.lines) + 1, "chatEnded": self.ended}
            if name == "file/limits":
                fields["userData"] = LIMITS | {"used-upload-max-files": str(self.uploads)}
            return json_answer(fields)

    def _v1(self, name: str, rows: dict[str, str]) -> Answer:
        with self._lock:
            position = int(rows.get("transcriptPosition", "0"))
            state = "CONNECTED" if name == "create" else "TRANSCRIPT"
            shown = [_v1_line(line) for line in self.lines]
            fields = {
                "chatIxnState": "DISCONNECTED" if self.ended else state,
                "chatSessionId": "SESSION1",
                "transcriptPosition": str(len(shown)),
                "chatServiceMessage": "",
                "startedAt": "2015-05-28T20:31:28Z",
                "transcriptToShow": shown[position:],
            }
            return json_answer(json.dumps(fields))


def operation(request: WireRequest) -> str:
    """Name what a request is: `create` for what opens a chat, else the end of its path."""
    for begin in (f"/genesys/2/chat/customer-support/{CHAT_ID}", f"{INSTANCE_ID}/ixn/chat"):
        _, found, rest = request.target.partition(begin)
        if found:
            return rest.strip("/") or "create"
    return "create"


def _v1_line(line: dict[str, Any]) -> list[str]:
    events = {
        "ParticipantJoined": "Notice.Joined",
        "ParticipantLeft": "Notice.Left",
        "Message": "Message.Text",
        "TypingStarted": "Notice.TypingStarted",
        "TypingStopped": "Notice.TypingStopped",
    }
    sender = line["from"]
    party = {"Client": "CLIENT", "Agent": "AGENT"}.get(sender["type"], "EXTERNAL")
    return [
        events.get(line["type"], line["type"]),
        sender["nickname"],
        line.get("text", ""),
        str(sender["participantId"]),
        party,
    ]
