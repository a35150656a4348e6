"""Chat API v1: requests below `ixn/chat` of an instance (domain 4.3: documented, deprecated)."""

from __future__ import annotations

from collections.abc import Sequence

from gms_console.chat.answers import TOO_LONG, lacks_lines
from gms_console.chat.protocol import ChatAddress, count_in, in_short, refusal_of
from gms_console.chat.types import (
    ChatApi,
    ChatNews,
    ChatStart,
    EntryKind,
    Heard,
    Party,
)
from gms_console.model.answer import Answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Operation, OperationKind
from gms_console.model.form import Form
from gms_console.model.reading import JsonValue, as_json, text_of
from gms_console.wire.body import BodyKind
from gms_console.wire.request import PreparedRequest, prepare_request, request_segments

REQUEST_CHAT = "request-chat"

_NAMES = {
    "first_name": "firstName",
    "last_name": "lastName",
    "nickname": "userDisplayName",
    "email": "email",
    "subject": "subject",
}

_KINDS = {
    "message.text": EntryKind.MESSAGE,
    "notice.joined": EntryKind.JOINED,
    "notice.left": EntryKind.LEFT,
    "notice.typingstarted": EntryKind.TYPING_STARTED,
    "notice.typingstopped": EntryKind.TYPING_STOPPED,
    "notice.pushurl": EntryKind.PUSH_URL,
    "notice.custom": EntryKind.NOTICE,
}

_PARTIES = {
    "CLIENT": Party.OWN,
    "AGENT": Party.AGENT,
    "SUPERVISOR": Party.SUPERVISOR,
    "EXTERNAL": Party.EXTERNAL,
}


class ChatV1:
    """The chat of an instance; its answers have lines of five strings, and a position."""

    api = ChatApi.V1
    sends_from_position = False

    def __init__(self, service: str = REQUEST_CHAT) -> None:
        self.service = service

    def open(self, place: Environment, chat: ChatAddress, start: ChatStart) -> PreparedRequest:
        """Prepare what opens the chat of an instance that is there."""
        rows = Form((*Form.of(*start.named(_NAMES)).rows, *start.user_data.rows))
        return self._prepare(place, chat, "", rows)

    def send(
        self, place: Environment, chat: ChatAddress, text: str, position: str
    ) -> PreparedRequest:
        """Prepare `send`; it has no position (domain 4.3)."""
        del position
        return self._prepare(place, chat, "/send", Form.of(("message", text)))

    def refresh(
        self, place: Environment, chat: ChatAddress, position: str, poll: str
    ) -> PreparedRequest:
        """Prepare `refresh` from a position on."""
        rows = Form.of(("transcriptPosition", position or "0"))
        return self._prepare(place, chat, "/refresh", rows, poll)

    def typing(self, place: Environment, chat: ChatAddress, *, starts: bool) -> PreparedRequest:
        """Prepare `startTyping` or `stopTyping`."""
        return self._prepare(place, chat, "/startTyping" if starts else "/stopTyping")

    def disconnect(self, place: Environment, chat: ChatAddress) -> PreparedRequest:
        """Prepare `disconnect`."""
        return self._prepare(place, chat, "/disconnect")

    def _prepare(
        self,
        place: Environment,
        chat: ChatAddress,
        name: str,
        rows: Form | None = None,
        poll: str = "",
    ) -> PreparedRequest:
        path = f"{{id}}/ixn/chat{name}"
        operation = Operation(
            kind=OperationKind.REQUEST,
            service=self.service,
            instance_id=chat.chat_id,
            request=f"ixn/chat{name}",
            poll=poll,
        )
        url = place.service_url(*request_segments(operation, path))
        return prepare_request(
            place,
            operation,
            rows,
            kind=BodyKind.URLENCODED if rows else BodyKind.AUTO,
            cookie=chat.cookie(url),
            path=path,
        )

    def read(self, exchange: Exchange, answer: Answer, known: int) -> ChatNews:
        """Read an answer; a line's number follows from the position behind the last one."""
        refusal, passing = refusal_of(answer)
        data = answer.data if isinstance(answer.data, dict) else {}
        state = text_of(data.get("chatIxnState")) or ""
        ended = state.upper() == "DISCONNECTED"
        if refusal:
            # An option of the service has GMS refuse what comes after the end (domain 1.6).
            ended = ended or (refusal.startswith("400") and "disconnected" in refusal.lower())
            return ChatNews(refusal=refusal, passing=passing, state=state, ended=ended)
        if lacks_lines(exchange, data, "transcriptToShow"):
            return ChatNews(refusal=TOO_LONG, passing=True, state=state)
        if not state and "transcriptToShow" not in data:
            said = text_of(data.get("chatServiceMessage")) or "the answer is none of a chat"
            return ChatNews(refusal=in_short(said), passing=True)
        lines = data.get("transcriptToShow")
        lines = lines if isinstance(lines, list) else []
        position = text_of(data.get("transcriptPosition")) or ""
        told = count_in(position)
        last = known + len(lines) if told is None else told
        # With a position that counts too few, each line still has a number of its own.
        first = max(last - len(lines) + 1, 1)
        heard = tuple(_line(one, first + place) for place, one in enumerate(lines))
        return ChatNews(heard=heard, position=position, state=state, ended=ended)


def _line(line: JsonValue, index: int) -> Heard:
    """Read a line of five strings; one of another shape is shown as it came."""
    if not isinstance(line, Sequence) or isinstance(line, str) or not line:
        return Heard(index=index, kind=EntryKind.UNKNOWN, event="", text=as_json(line))
    texts = [text_of(part) or "" for part in line]
    event, nickname, text, party_id, party = (*texts, "", "", "", "", "")[:5]
    kind = _KINDS.get(event.lower(), EntryKind.UNKNOWN)
    return Heard(
        index=index,
        kind=kind,
        event=event,
        party=_PARTIES.get(party.upper(), Party.NOBODY),
        party_id=party_id,
        nickname=nickname,
        text=text,
    )
