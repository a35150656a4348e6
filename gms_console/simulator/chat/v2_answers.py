"""How chat API v2 answers: always by HTTP 200, with a `statusCode` inside (domain: documented).

`statusCode` is 0 for a success and 2 for an error that a repetition does not cure. The numbers of
errors are this simulator's choice, and that each has `code` and `advice`.
"""

from collections.abc import Iterable, Mapping

from gms_console.simulator.chat.talk import AGENT, CLIENT, SYSTEM, Chat, Event, Kind
from gms_console.simulator.web.answers import Answer, json_answer
from gms_console.simulator.web.calls import Call

MISSING = 1001
NO_CHAT = 1002
WRONG_KEY = 1003
ENDED = 1004
TOO_MUCH = 1005
NEEDS_AGENT = 1011
WRONG_TYPE = 1012
FILE_TOO_LARGE = 1013
TOO_MANY_FILES = 1014
FILES_TOO_LARGE = 1015
NO_FILE = 1016
NO_MORE_DOWNLOADS = 1017
NO_DELETE = 1018

MAX_USER_DATA = 200
"""How many keys a chat holds."""

_LIMITS_TEXT = "file-client-cfg-get"
"""The text of the notice that holds the limits on files (domain: seen in the field)."""

_FAILED = 2
_PARTIES = {CLIENT: "Client", AGENT: "Agent", SYSTEM: "External"}


class ChatError(Exception):
    """A request that cannot be carried out: HTTP 200 with `errors` in it."""

    def __init__(self, code: int, advice: str, *, ended: bool | None = None) -> None:
        super().__init__(advice)
        self._code = code
        self._advice = advice
        self._ended = ended

    def answer(self) -> Answer:
        """Return the refusal; it says whether the chat has ended where that is the reason."""
        ended = {} if self._ended is None else {"chatEnded": self._ended}
        errors = [{"code": self._code, "advice": self._advice}]
        return json_answer({"statusCode": _FAILED, **ended, "errors": errors})


def created(call: Call, chat: Chat) -> Answer:
    """Answer a create with the fields of the documented example, in its order."""
    return json_answer(_fields(call, chat, chat.since(0)))


def answer(call: Call, chat: Chat, events: Iterable[tuple[int, Event]]) -> Answer:
    """Answer events, and where the next ones will be."""
    fields = {
        **_fields(call, chat, events),
        "nextPosition": chat.position + 1,
        "chatEnded": chat.ended,
    }
    return json_answer({**fields, **({"userData": chat.user_data} if chat.user_data else {})})


def limits(call: Call, chat: Chat, found: Mapping[str, str]) -> Answer:
    """Answer the limits on files, in a notice and beside it (domain: both were seen)."""
    notice = Event(call.now, Kind.NOTICE, CLIENT, _LIMITS_TEXT, chat.nickname, data=found)
    message = _message(call, notice, None)
    return json_answer(
        {
            "statusCode": 0,
            **chat.credentials,
            "messages": [message],
            "chatId": chat.id,
            "chatEnded": chat.ended,
            "userData": found,
        }
    )


def _fields(call: Call, chat: Chat, events: Iterable[tuple[int, Event]]) -> dict[str, object]:
    keys = chat.credentials
    return {
        "statusCode": 0,
        "alias": keys["alias"],
        "userId": keys["userId"],
        "secureKey": keys["secureKey"],
        "messages": [_message(call, event, position + 1) for position, event in events],
        "chatId": chat.id,
    }


def _message(call: Call, event: Event, index: int | None) -> dict[str, object]:
    """Return an event as a message; texts and data only where there are some."""
    moment = call.world.clock.moment(event.at)
    optional = {"messageType": event.message_type, "text": event.text, "userData": event.data}
    return {
        "from": {
            "nickname": event.nickname,
            "participantId": event.party,
            "type": _PARTIES[event.party],
        },
        **({} if index is None else {"index": index}),
        "type": str(event.kind),
        "utcTime": int(moment.timestamp()) * 1000,
        **{key: value for key, value in optional.items() if value},
    }
