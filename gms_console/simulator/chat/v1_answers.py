"""How chat API v1 shows a chat (domain: documented)."""

from collections.abc import Mapping

from gms_console.simulator.chat.talk import AGENT, CLIENT, SYSTEM, Chat, Event, Kind
from gms_console.simulator.web.answers import Answer, json_answer
from gms_console.simulator.web.calls import Call

_PARTIES = {CLIENT: "CLIENT", AGENT: "AGENT", SYSTEM: "EXTERNAL"}

_SHOWN: Mapping[Kind, tuple[str, str]] = {
    Kind.JOINED: ("Notice.Joined", "has joined the session"),
    Kind.LEFT: ("Notice.Left", "has left the session"),
    Kind.MESSAGE: ("Message.Text", ""),
    Kind.PUSH_URL: ("Notice.PushUrl", ""),
    Kind.TYPING_STARTED: ("Notice.TypingStarted", "is typing"),
    Kind.TYPING_STOPPED: ("Notice.TypingStopped", "stopped typing"),
}
"""The names and texts of events; all others are `Notice.Custom`, which is inferred."""

_VERBOSE_URLS = ("SEND", "REFRESH", "START_TYPING", "STOP_TYPING", "DISCONNECT", "CREATE")
"""Six fields are known to exist (domain: seen in clients); their names are inferred."""


def answer(call: Call, instance_id: str, chat: Chat, state: str, position: int) -> Answer:
    """Answer the state of a chat and its lines from a position on."""
    chat.seen = chat.position
    began = call.world.clock.moment(chat.began)
    fields: dict[str, object] = {
        "chatIxnState": "DISCONNECTED" if chat.ended else state,
        "chatSessionId": chat.session,
        "transcriptPosition": str(chat.position),
        "chatServiceMessage": "The chat has ended." if chat.ended else "The chat is open.",
        "startedAt": f"{began:%Y-%m-%dT%H:%M:%S}Z",
        "transcriptToShow": [_line(event) for _, event in chat.since(position)],
    }
    return json_answer({**fields, **(_verbose(call, instance_id, chat) if chat.verbose else {})})


def _line(event: Event) -> list[str]:
    """Return a line of the transcript: event, nickname, text, party id and party type."""
    name, text = _SHOWN.get(event.kind, ("Notice.Custom", ""))
    party = event.party
    return [name, event.nickname, event.text or text, str(party), _PARTIES[party]]


def _verbose(call: Call, instance_id: str, chat: Chat) -> dict[str, object]:
    """Return what `_verbose` adds (domain: names seen in clients; the values are made up)."""
    path = f"{call.root}/1/service/{instance_id}/ixn/chat"
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
