"""The chat API v2 below `/2/chat/` (domain: documented; error codes are this simulator's own)."""

import re
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gms_console.simulator.chat import files, staffing, v2_answers
from gms_console.simulator.chat.options import ChatOptions, services
from gms_console.simulator.chat.talk import CLIENT, Chat, Kind
from gms_console.simulator.chat.v2_answers import ChatError
from gms_console.simulator.web.answers import Answer, GmsError
from gms_console.simulator.web.calls import Call, Handler
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.world.instances import World

ANONYMOUS = "Anonymous"
"""Who a customer is that gives neither a nickname nor a name."""

_USER_DATA = re.compile(r"userData\[(.+)\]")
_LETTERS = string.ascii_letters + string.digits

Operation = Callable[[Call, Chat], None]


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers below `/2/chat/`.

    Operations are named as in the path, those of files `file`, `file-limits`, `file-download` and
    `file-delete`, and the beginning of a chat `create`.
    """
    del world, method
    match segments:
        case (service,) if service:
            return _endpoint(service, "create", lambda call: _create(call, service))
        case (service, chat_id, name) if service and chat_id and name in _OPERATIONS:
            target = _Target(service, chat_id, name == "refresh")
            carry_out = _OPERATIONS[name]
            return _endpoint(service, name, lambda call: _operate(call, target, carry_out))
        case (service, chat_id, "file") if service and chat_id:
            target = _Target(service, chat_id)
            return _endpoint(service, "file", lambda call: _operate(call, target, files.upload))
        case (service, chat_id, "file", "limits") if service and chat_id:
            target = _Target(service, chat_id)
            return _endpoint(service, "file-limits", lambda call: _limits(call, target))
        case (service, chat_id, "file", file_id, "download") if service and chat_id and file_id:
            target = _Target(service, chat_id)
            return _endpoint(
                service, "file-download", lambda call: _download(call, target, file_id)
            )
        case (service, chat_id, "file", file_id, "delete") if service and chat_id and file_id:
            target = _Target(service, chat_id)

            def delete(call: Call, chat: Chat) -> None:
                files.delete(call, chat, file_id)

            return _endpoint(service, "file-delete", lambda call: _operate(call, target, delete))
        case _:
            return NOWHERE


def _endpoint(service: str, operation: str, carry_out: Handler) -> Endpoint:
    def answer(call: Call) -> Answer:
        try:
            return carry_out(call)
        except ChatError as refusal:
            return refusal.answer()

    return Endpoint({"POST": answer}, operation, service, creates=operation == "create")


@dataclass(frozen=True)
class _Target:
    """The chat that a request is about; `reads` says that it asks for the whole transcript."""

    service: str
    chat_id: str
    reads: bool = False


def _create(call: Call, service: str) -> Answer:
    """Begin a chat; the answer has the fields of the documented example and no others."""
    _require_configured(call, service)
    form = call.form
    name = " ".join(part for key in ("firstName", "lastName") if (part := form.param(key)))
    chat = Chat(
        id=f"{secrets.randbelow(1000):05d}{_random(_LETTERS, 11)}",
        service=service,
        version=2,
        nickname=form.param("nickname") or name or ANONYMOUS,
        began=call.now,
        session=secrets.token_hex(8),
        credentials={
            "userId": f"00{_random('0123456789ABCDEF', 14)}",
            "secureKey": secrets.token_hex(8),
            "alias": str(100 + secrets.randbelow(100)),
        },
    )
    asked = {key: form.param(key) for key in ("firstName", "lastName", "subject", "emailAddress")}
    chat.user_data = {key: value for key, value in asked.items() if value} | _user_data(call)
    staffing.begin(call.world, chat)
    return v2_answers.created(call, chat)


def _operate(call: Call, target: _Target, carry_out: Operation) -> Answer:
    """Carry out an operation, and answer what is new from the asked position on.

    Without a position `refresh` answers everything, any other operation what has come with it.
    """
    chat = _chat(call, target)
    before = chat.position
    carry_out(call, chat)
    staffing.settle(call.world, chat)
    position = _position(call)
    if position is None:
        position = 0 if target.reads else before
    return v2_answers.answer(call, chat, chat.since(position))


def _limits(call: Call, target: _Target) -> Answer:
    chat = _chat(call, target)
    return v2_answers.limits(call, chat, files.limits(call, chat))


def _download(call: Call, target: _Target, file_id: str) -> Answer:
    return files.download(call, _chat(call, target), file_id)


def _chat(call: Call, target: _Target) -> Chat:
    """Return the chat of a request, with all that is due in it having happened.

    Raises ChatError when there is none, or the request does not have its credentials.
    """
    chat = call.world.chats.find(target.chat_id)
    if chat is None or chat.version != 2 or chat.service != target.service:
        _require_configured(call, target.service)
        raise ChatError(v2_answers.NO_CHAT, f"Chat [{target.chat_id}] is not found.")
    for name, expected in chat.credentials.items():
        given = call.form.param(name)
        if not given:
            raise ChatError(v2_answers.MISSING, f"Mandatory parameter [{name}] is missing.")
        if not secrets.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
            raise ChatError(v2_answers.WRONG_KEY, f"Parameter [{name}] is not that of this chat.")
    staffing.settle(call.world, chat)
    return chat


def _require_configured(call: Call, service: str) -> None:
    if service not in services(call.world.config):
        raise GmsError(404, f"Chat service [{service}] is not configured.")


def _send(call: Call, chat: Chat) -> None:
    _check_open(chat)
    chat.say(call.now, _text(call, chat, "message"), call.form.param("messageType") or "")


def _refresh(call: Call, chat: Chat) -> None:
    """Say the message that came along, if any."""
    if call.form.param("message"):
        _send(call, chat)


def _typing(kind: Kind) -> Operation:
    def carry_out(call: Call, chat: Chat) -> None:
        _check_open(chat)
        chat.add(call.now, kind, CLIENT, call.form.param("message") or "")

    return carry_out


def _disconnect(call: Call, chat: Chat) -> None:
    chat.end(call.now)


def _push_url(call: Call, chat: Chat) -> None:
    _check_open(chat)
    chat.add(call.now, Kind.PUSH_URL, CLIENT, _text(call, chat, "pushUrl"))


def _update_nickname(call: Call, chat: Chat) -> None:
    _check_open(chat)
    chat.nickname = _text(call, chat, "nickname")
    chat.add(call.now, Kind.NICKNAME_UPDATED, CLIENT, chat.nickname)


def _update_data(call: Call, chat: Chat) -> None:
    """Add to the data of the chat; nothing of it shows in the transcript."""
    _check_open(chat)
    data = _user_data(call)
    if not data:
        raise ChatError(v2_answers.MISSING, "Mandatory parameter [userData[...]] is missing.")
    if len(chat.user_data | data) > v2_answers.MAX_USER_DATA:
        raise ChatError(v2_answers.TOO_MUCH, "The chat cannot hold more user data.")
    chat.user_data |= data


def _custom_notice(call: Call, chat: Chat) -> None:
    _check_open(chat)
    chat.add(call.now, Kind.CUSTOM_NOTICE, CLIENT, _text(call, chat, "message"))


_OPERATIONS: Mapping[str, Operation] = {
    "send": _send,
    "refresh": _refresh,
    "startTyping": _typing(Kind.TYPING_STARTED),
    "stopTyping": _typing(Kind.TYPING_STOPPED),
    "disconnect": _disconnect,
    "pushUrl": _push_url,
    "updateNickname": _update_nickname,
    "updateData": _update_data,
    "customNotice": _custom_notice,
}


def _check_open(chat: Chat) -> None:
    if chat.ended:
        raise ChatError(v2_answers.ENDED, f"Chat [{chat.id}] has ended.", ended=True)


def _text(call: Call, chat: Chat, name: str) -> str:
    text = call.form.param(name)
    if not text:
        raise ChatError(v2_answers.MISSING, f"Mandatory parameter [{name}] is missing.")
    limit = int(ChatOptions(call.world.config, chat.service).number("message_limit"))
    if len(text) > limit:
        raise ChatError(
            v2_answers.TOO_MUCH, f"Parameter [{name}] is longer than {limit} characters."
        )
    return text


def _user_data(call: Call) -> dict[str, str]:
    """Return the rows `userData[key]`; quotes about the key were seen too."""
    found = ((_USER_DATA.fullmatch(key), value) for key, value in call.form.rows)
    return {
        match[1].strip("\"'"): value for match, value in found if match and isinstance(value, str)
    }


def _position(call: Call) -> int | None:
    """Return the asked position, counted from 0; None for none, and for what is no position."""
    text = (call.form.param("transcriptPosition") or "").strip()
    valid = text.isascii() and text.isdigit() and len(text) < 10
    return max(int(text) - 1, 0) if valid else None


def _random(letters: str, length: int) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))
