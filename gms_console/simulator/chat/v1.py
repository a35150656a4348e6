"""`request-chat` and the chat API v1 on an instance (domain: documented)."""

import secrets
from collections.abc import Callable, Mapping

from gms_console.simulator.callback.state import State
from gms_console.simulator.chat import staffing, v1_answers
from gms_console.simulator.chat.options import ChatOptions
from gms_console.simulator.chat.talk import CLIENT, Chat, Kind
from gms_console.simulator.web.answers import Answer, GmsError
from gms_console.simulator.web.calls import Call
from gms_console.simulator.world.instances import Instance, builtin_id

REQUEST_CHAT = "request-chat"

_STRICT = "_chat_400_response_on_disconnected"


def request_chat(call: Call) -> Mapping[str, object]:
    """Create a chat service; refused with 503 while no agent is available (documented)."""
    if not staffing.available(call.world):
        raise GmsError(503, "No agent is available for chat.")
    service = call.service or REQUEST_CHAT
    ttl = call.options.number("_ttl", 0)
    expires = call.now + ttl if ttl > 0 else None
    instance = Instance(builtin_id(), service, call.now, expires=expires, kind=REQUEST_CHAT)
    instance.chat_options = {key: call.options.flag(key) for key in ("_verbose", _STRICT)}
    instance.keep(call.form.user_data())
    call.world.add(instance)
    path = f"{call.root}/1/service/{instance.id}/ixn/chat"
    return {"_chatIxnAPI-CREATE-URL": path, "_id": instance.id}


def create(call: Call, instance_id: str) -> Answer:
    """Begin the chat of an instance; a second create finds it as it is."""
    _check_form_type(call)
    instance = _chat_instance(call, instance_id)
    chat = call.world.chats.find(instance.id)
    if chat is None:
        _require_agent(call, instance)
        chat = _begin(call, instance)
        instance.keep(call.form.user_data())
    chat.verbose = chat.verbose or call.form.flag("_verbose")
    staffing.settle(call.world, chat)
    return v1_answers.answer(call, instance.id, chat, "CONNECTED", position=0)


def operate(call: Call, instance_id: str, name: str) -> Answer:
    """Carry out `send`, `refresh` and so on; raises GmsError 404 for another name.

    After the end every operation answers DISCONNECTED, or 400 if the create asked for that
    with `_chat_400_response_on_disconnected` (domain: documented option).
    """
    operation = _OPERATIONS.get(name)
    if operation is None:
        raise GmsError(404, f"The chat API has no operation [{name}].")
    _check_form_type(call)
    instance = _chat_instance(call, instance_id)
    chat = call.world.chats.find(instance.id)
    if chat is None:
        raise GmsError(400, f"The chat of [{instance_id}] has not been created.")
    staffing.settle(call.world, chat)
    if chat.ended and chat.strict:
        raise GmsError(400, f"The chat of [{instance_id}] is disconnected.")
    if not chat.ended:
        operation(call, chat)
        staffing.settle(call.world, chat)
    return v1_answers.answer(call, instance.id, chat, "TRANSCRIPT", position=_position(call, chat))


def _send(call: Call, chat: Chat) -> None:
    message = call.form.param("message")
    if not message:
        raise GmsError(400, "Mandatory parameter [message] is missing.")
    limit = int(ChatOptions(call.world.config, chat.service).number("message_limit"))
    if len(message) > limit:
        raise GmsError(400, f"Parameter [message] is longer than {limit} characters.")
    chat.say(call.now, message)


def _refresh(call: Call, chat: Chat) -> None:
    """Say the message that came along, if any (domain: seen in clients)."""
    if call.form.param("message"):
        _send(call, chat)


def _start_typing(call: Call, chat: Chat) -> None:
    chat.add(call.now, Kind.TYPING_STARTED, CLIENT)


def _stop_typing(call: Call, chat: Chat) -> None:
    chat.add(call.now, Kind.TYPING_STOPPED, CLIENT)


def _disconnect(call: Call, chat: Chat) -> None:
    chat.end(call.now)


_OPERATIONS: Mapping[str, Callable[[Call, Chat], None]] = {
    "send": _send,
    "refresh": _refresh,
    "startTyping": _start_typing,
    "stopTyping": _stop_typing,
    "disconnect": _disconnect,
}


def _check_form_type(call: Call) -> None:
    """Refuse multipart, which this API does not read (domain: 415 for a wrong form type)."""
    kind = call.header("content-type")
    if kind.partition(";")[0].strip().lower() == "multipart/form-data":
        raise GmsError(415, f"Unsupported Media Type: [{kind}]")


def _chat_instance(call: Call, instance_id: str) -> Instance:
    instance = call.world.get(instance_id)
    callback = instance.callback
    is_chat = callback is not None and callback.scenario.chat
    if not is_chat and instance.kind != REQUEST_CHAT:
        raise GmsError(400, f"Service [{instance.service}] has no chat.")
    return instance


def _require_agent(call: Call, instance: Instance) -> None:
    """Refuse the chat of a callback that is not connected."""
    callback = instance.callback
    if callback and callback.state(call.now, call.world.controls) is not State.PROCESSING:
        raise GmsError(503, "No agent is available for chat.")


def _begin(call: Call, instance: Instance) -> Chat:
    form = call.form
    names = [form.param("firstName"), form.param("lastName")]
    full_name = " ".join(name for name in names if name)
    chat = Chat(
        id=instance.id,
        service=instance.service,
        version=1,
        nickname=form.param("userDisplayName") or full_name or "Customer",
        began=call.now,
        of_callback=instance.callback is not None,
        session=secrets.token_hex(8).upper(),
        verbose=instance.chat_options.get("_verbose", False),
        strict=instance.chat_options.get(_STRICT, False),
    )
    staffing.begin(call.world, chat)
    return chat


def _position(call: Call, chat: Chat) -> int:
    """Return from which line to show: as asked, else from where the last answer ended."""
    text = (call.form.param("transcriptPosition") or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else chat.seen
