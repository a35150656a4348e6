"""Chat API v2: `/2/chat/{service}/{chatId}/...` (domain 4.2: documented)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gms_console.chat.answers import TOO_LONG, lacks_lines
from gms_console.chat.limits import FileLimits, read_limits
from gms_console.chat.protocol import (
    ChatAddress,
    NotInThisApiError,
    count_in,
    in_short,
    refusal_of,
)
from gms_console.chat.types import (
    ChatApi,
    ChatFile,
    ChatKey,
    ChatNews,
    ChatStart,
    EntryKind,
    Heard,
    Party,
)
from gms_console.model.answer import Answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Operation, OperationKind
from gms_console.model.form import Form, Row
from gms_console.model.reading import JsonValue, as_json, text_of
from gms_console.wire.body import BodyKind
from gms_console.wire.request import (
    PreparedRequest,
    prepare_create,
    prepare_request,
    request_segments,
)

_NAMES = {
    "nickname": "nickname",
    "first_name": "firstName",
    "last_name": "lastName",
    "subject": "subject",
    "email": "emailAddress",
}

_KINDS = {
    "message": EntryKind.MESSAGE,
    "participantjoined": EntryKind.JOINED,
    "participantleft": EntryKind.LEFT,
    "typingstarted": EntryKind.TYPING_STARTED,
    "typingstopped": EntryKind.TYPING_STOPPED,
    "pushurl": EntryKind.PUSH_URL,
    "nicknameupdated": EntryKind.NICKNAME,
    "fileuploaded": EntryKind.FILE,
    "filedeleted": EntryKind.FILE_DELETED,
    "notice": EntryKind.NOTICE,
    "customnotice": EntryKind.NOTICE,
    "idlealert": EntryKind.IDLE_ALERT,
    "idleclose": EntryKind.IDLE_CLOSE,
}

_PARTIES = {
    "client": Party.OWN,
    "agent": Party.AGENT,
    "supervisor": Party.SUPERVISOR,
    "external": Party.EXTERNAL,
}

_FILE_IDS = ("file-id", "fileId", "file_id", "id")
_FILE_NAMES = ("file-name", "fileName", "file_name", "name")
_FILE_SIZES = ("file-size", "fileSize", "file_size", "size")
"""Names under which a message's data may have what it says of a file (unverified)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ChatV2:
    """A chat of a service; all but its create carry the chat's key."""

    api = ChatApi.V2
    sends_from_position = True

    def __init__(self, service: str) -> None:
        self.service = service

    def open(self, place: Environment, start: ChatStart) -> PreparedRequest:
        """Prepare the create of a chat; each row of user data goes as `userData[key]`."""
        data = (
            Row(key=f"userData[{row.key}]", value=row.value) for _, row in start.user_data.enabled()
        )
        rows = Form((*Form.of(*start.named(_NAMES)).rows, *data))
        # A slash in the name would be taken for one of the path.
        if "/" in self.service:
            raise NotInThisApiError("The name of a chat service holds no slash.")
        return prepare_create(place, f"/2/chat/{self.service}", rows, kind=BodyKind.URLENCODED)

    def send(
        self, place: Environment, chat: ChatAddress, text: str, position: str
    ) -> PreparedRequest:
        """Prepare `send`; its answer has the lines from the position on."""
        return self._prepare(place, chat, "send", ("message", text), *_from(position))

    def refresh(
        self, place: Environment, chat: ChatAddress, position: str, poll: str
    ) -> PreparedRequest:
        """Prepare `refresh` from a position on."""
        return self._prepare(place, chat, "refresh", *_from(position), poll=poll)

    def typing(self, place: Environment, chat: ChatAddress, *, starts: bool) -> PreparedRequest:
        """Prepare `startTyping` or `stopTyping`."""
        return self._prepare(place, chat, "startTyping" if starts else "stopTyping")

    def disconnect(self, place: Environment, chat: ChatAddress) -> PreparedRequest:
        """Prepare `disconnect`."""
        return self._prepare(place, chat, "disconnect")

    def limits(self, place: Environment, chat: ChatAddress) -> PreparedRequest:
        """Prepare `file/limits`."""
        return self._prepare(place, chat, "file/limits")

    def upload(
        self, place: Environment, chat: ChatAddress, path: Path, content_type: str
    ) -> PreparedRequest:
        """Prepare `file`, which goes as multipart."""
        part = Row(key="file", file=path, content_type=content_type or None)
        return self._prepare(place, chat, "file", part=part)

    def file(
        self, place: Environment, chat: ChatAddress, file_id: str, what: str
    ) -> PreparedRequest:
        """Prepare the `download` or `delete` of a file."""
        if "/" in file_id:
            raise NotInThisApiError("The id of the file holds a slash, and cannot be asked for.")
        return self._prepare(place, chat, f"file/{file_id}/{what}")

    def _prepare(
        self,
        place: Environment,
        chat: ChatAddress,
        name: str,
        *pairs: tuple[str, str],
        poll: str = "",
        part: Row | None = None,
    ) -> PreparedRequest:
        if chat.key is None:
            raise NotInThisApiError("The chat has no key yet: its create was not answered.")
        rows = chat.key.rows(*pairs)
        if part is not None:
            rows = Form((*rows.rows, part))
        path = f"/2/chat/{{service}}/{{id}}/{name}"
        operation = Operation(
            kind=OperationKind.REQUEST,
            service=self.service,
            instance_id=chat.chat_id,
            request=name,
            poll=poll,
        )
        return prepare_request(
            place,
            operation,
            rows,
            kind=BodyKind.URLENCODED if part is None else BodyKind.MULTIPART,
            cookie=chat.cookie(place.service_url(*request_segments(operation, path))),
            path=path,
        )

    def read(self, exchange: Exchange, answer: Answer, known: int) -> ChatNews:
        """Read an answer; one that is HTTP 200 may be a refusal all the same (domain 4.2)."""
        del known
        refusal, passing = refusal_of(answer)
        data = answer.data if isinstance(answer.data, dict) else {}
        ended = text_of(data.get("chatEnded")) == "true"
        status = text_of(data.get("statusCode"))
        if status not in {None, "0"}:
            return ChatNews(refusal=in_short(_errors(data, status or "")), ended=ended)
        if refusal:
            return ChatNews(refusal=refusal, passing=passing, ended=ended)
        if lacks_lines(exchange, data, "messages"):
            return ChatNews(refusal=TOO_LONG, passing=True)
        if status is None and "messages" not in data:
            return ChatNews(refusal="the answer is none of a chat", passing=True)
        lines = data.get("messages")
        lines = lines if isinstance(lines, list) else []
        user_data = data.get("userData")
        return ChatNews(
            heard=tuple(_message(one) for one in lines if _limits_in(one) is None),
            position=text_of(data.get("nextPosition")) or "",
            ended=ended,
            chat_id=text_of(data.get("chatId")) or "",
            key=_key(data),
            limits=next(filter(None, map(_limits_in, (data, *lines))), None),
            file_id=_first(user_data, _FILE_IDS[:3]),
        )


def _limits_in(message: JsonValue) -> FileLimits | None:
    """Read the limits of files, which come in a notice of their own or beside it."""
    return read_limits(message.get("userData")) if isinstance(message, Mapping) else None


def _from(position: str) -> tuple[tuple[str, str], ...]:
    return (("transcriptPosition", position),) if position else ()


def _key(data: Mapping[str, JsonValue]) -> ChatKey | None:
    parts = [text_of(data.get(name)) or "" for name in ("userId", "secureKey", "alias")]
    return ChatKey(*parts) if all(parts) else None


def _errors(data: Mapping[str, JsonValue], status: str) -> str:
    """Give what `errors` says: a list of objects, of texts, or one of them."""
    found = data.get("errors")
    said = []
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, Mapping):
            words = [text_of(one.get(name)) for name in ("code", "advice", "message", "error")]
            said.append(" ".join(word for word in words if word) or as_json(one))
        elif text := text_of(one):
            said.append(text)
    return f"status {status}: {'; '.join(said)}" if said else f"status {status}"


def _message(message: JsonValue) -> Heard:
    """Read a message; one of another shape is shown as it came."""
    if not isinstance(message, Mapping):
        return Heard(index=None, kind=EntryKind.UNKNOWN, event="", text=as_json(message))
    sender = message.get("from")
    sender = sender if isinstance(sender, Mapping) else {}
    event = text_of(message.get("type")) or ""
    kind = _KINDS.get(event.lower(), EntryKind.UNKNOWN)
    text = text_of(message.get("text")) or ""
    data = message.get("userData")
    return Heard(
        index=count_in(text_of(message.get("index")) or ""),
        kind=kind,
        event=event,
        party=_PARTIES.get((text_of(sender.get("type")) or "").lower(), Party.NOBODY),
        party_id=text_of(sender.get("participantId")) or "",
        nickname=text_of(sender.get("nickname")) or "",
        text=text,
        at=_time(text_of(message.get("utcTime")) or ""),
        file=_file(data, text) if kind in {EntryKind.FILE, EntryKind.FILE_DELETED} else None,
    )


def _file(data: JsonValue, text: str) -> ChatFile:
    size = _first(data, _FILE_SIZES)
    return ChatFile(
        id=_first(data, _FILE_IDS),
        name=_first(data, _FILE_NAMES) or text,
        size=count_in(size),
    )


def _first(data: JsonValue, names: tuple[str, ...]) -> str:
    if not isinstance(data, Mapping):
        return ""
    return next((text for name in names if (text := text_of(data.get(name)))), "")


def _time(text: str) -> datetime | None:
    """Read milliseconds since 1970; None for what is none, or out of a calendar's range."""
    try:
        return _EPOCH + timedelta(milliseconds=float(text))
    except (ValueError, OverflowError):
        return None
