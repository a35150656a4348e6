"""`request-chat` and the chat API v1 on an instance (domain: documented)."""

import secrets
from collections.abc import Callable, Mapping

from gms_console.simulator.callback.state import State
from gms_console.simulator.chat.talk import Chat
from gms_console.simulator.web.answers import Answer, GmsError, json_answer
from gms_console.simulator.web.calls import Call
from gms_console.simulator.world.instances import Instance, builtin_id

REQUEST_CHAT = "request-chat"

_MESSAGE_LIMIT = 1000
_VERBOSE_URLS = ("SEND", "REFRESH", "START_TYPING", "STOP_TYPING", "DISCONNECT", "CREATE")
"""Six fields are known to exist (domain: seen in clients); their names are inferred."""


def request_chat(call: Call) -> Mapping[str, object]:
    """Create a chat service; refused with 503 while no agent is available (documented)."""
    if not call.world.controls.agents_available:
        raise GmsError(503, "No agent is available for chat.")
    instance = Instance(builtin_id(), REQUEST_CHAT, call.now)
    instance.chat_options = {
        key: call.form.flag(key) for key in ("_verbose", "_chat_400_response_on_disconnected")
    }
    instance.keep(call.form.user_data())
    call.world.add(instance)
    path = f"{call.root}/1/service/{instance.id}/ixn/chat"
    return {"_chatIxnAPI-CREATE-URL": path, "_id": instance.id}


def create(call: Call, instance_id: str) -> Answer:
    """Begin the chat of an instance; a second create finds it as it is."""
    instance = _chat_instance(call, instance_id)
    if instance.chat is None:
        _require_agent(call, instance)
        instance.chat = _begin(call, instance)
        instance.keep(call.form.user_data())
    chat = instance.chat
    chat.verbose = chat.verbose or call.form.flag("_verbose")
    return _answer(call, instance, chat, "CONNECTED", position=0)


def operate(call: Call, instance_id: str, name: str) -> Answer:
    """Carry out `send`, `refresh` and so on; raises GmsError 404 for another name.

    After the end every operation answers DISCONNECTED, or 400 if the create asked for that
    with `_chat_400_response_on_disconnected` (domain: documented option).
    """
    operation = _OPERATIONS.get(name)
    if operation is None:
        raise GmsError(404, f"The chat API has no operation [{name}].")
    instance = _chat_instance(call, instance_id)
    chat = instance.chat
    if chat is None:
        raise GmsError(400, f"The chat of [{instance_id}] has not been created.")
    if instance.callback and instance.callback.over(call.now, call.world.controls):
        chat.end(call.now)
    if chat.ended and chat.strict:
        raise GmsError(400, f"The chat of [{instance_id}] is disconnected.")
    if not chat.ended:
        operation(call, instance, chat)
    return _answer(call, instance, chat, "TRANSCRIPT", position=_position(call, chat))


def _send(call: Call, instance: Instance, chat: Chat) -> None:
    del instance
    message = call.form.param("message")
    if not message:
        raise GmsError(400, "Mandatory parameter [message] is missing.")
    chat.say(call.now, message[:_MESSAGE_LIMIT])


def _refresh(call: Call, instance: Instance, chat: Chat) -> None:
    """Say the message that came along, if any (domain: seen in clients)."""
    if call.form.param("message"):
        _send(call, instance, chat)


def _start_typing(call: Call, instance: Instance, chat: Chat) -> None:
    del instance
    chat.typing(call.now, starts=True)


def _stop_typing(call: Call, instance: Instance, chat: Chat) -> None:
    del instance
    chat.typing(call.now, starts=False)


def _disconnect(call: Call, instance: Instance, chat: Chat) -> None:
    chat.end(call.now)
    if instance.callback is not None:
        instance.callback.finish(call.now)


_OPERATIONS: Mapping[str, Callable[[Call, Instance, Chat], None]] = {
    "send": _send,
    "refresh": _refresh,
    "startTyping": _start_typing,
    "stopTyping": _stop_typing,
    "disconnect": _disconnect,
}


def _chat_instance(call: Call, instance_id: str) -> Instance:
    instance = call.world.get(instance_id)
    callback = instance.callback
    chats = callback.scenario.chat if callback else instance.service == REQUEST_CHAT
    if not chats:
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
        session=secrets.token_hex(8).upper(),
        nickname=form.param("userDisplayName") or full_name or "Customer",
        began=call.now,
        began_date=call.world.clock.utc(),
        verbose=instance.chat_options.get("_verbose", False),
        strict=instance.chat_options.get("_chat_400_response_on_disconnected", False),
    )
    chat.open()
    return chat


def _position(call: Call, chat: Chat) -> int:
    """Return from which line to show: as asked, else from where the last answer ended."""
    text = (call.form.param("transcriptPosition") or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else chat.seen


def _answer(call: Call, instance: Instance, chat: Chat, state: str, position: int) -> Answer:
    lines = chat.transcript(call.now)
    chat.seen = len(lines)
    fields: dict[str, object] = {
        "chatIxnState": "DISCONNECTED" if chat.ended else state,
        "chatSessionId": chat.session,
        "transcriptPosition": str(len(lines)),
        "chatServiceMessage": "The chat has ended." if chat.ended else "The chat is open.",
        "startedAt": f"{chat.began_date:%Y-%m-%dT%H:%M:%S}Z",
        "transcriptToShow": lines[position:],
    }
    return json_answer({**fields, **(_verbose(call, instance, chat) if chat.verbose else {})})


def _verbose(call: Call, instance: Instance, chat: Chat) -> dict[str, object]:
    """Return what `_verbose` adds (domain: names seen in clients; the values are made up)."""
    path = f"{call.root}/1/service/{instance.id}/ixn/chat"
    ends = ("/send", "/refresh", "/startTyping", "/stopTyping", "/disconnect", "")
    return {
        "userId": chat.session[:8],
        "secureKey": chat.session[8:],
        "checkChatServiceLoadBalancerPath": path,
        "chatServerLoadBalancerAlias": "1",
        "chatServerHost": "127.0.0.1",
        "chatWebApiPort": "0",
        "isTLSrequired": False,
        "clientTimeZoneOffset": 0,
        **{
            f"_chatIxnAPI_{name}_URL": f"{path}{end}"
            for name, end in zip(_VERBOSE_URLS, ends, strict=True)
        },
    }
