"""What is said of chats: their state, their lines, and who is there, in words."""

from __future__ import annotations

from datetime import datetime

from gms_console.chat.conversation import ChatState, Conversation
from gms_console.chat.limits import size_text
from gms_console.chat.types import ChatEntry, Delivery, EntryKind, Party
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange
from gms_console.model.reading import as_json

_SAYS = {
    EntryKind.JOINED: "{who} joined",
    EntryKind.LEFT: "{who} left",
    EntryKind.PUSH_URL: "{who} sent the address {text}",
    EntryKind.NICKNAME: "{who} is the new name{of}",
    EntryKind.FILE_DELETED: "{who} deleted the file {file}",
    EntryKind.IDLE_ALERT: "The chat will be closed soon, as nobody says anything",
    EntryKind.IDLE_CLOSE: "The chat was closed, as nobody said anything",
}

_DELIVERIES = {
    Delivery.SENDING: "sending …",
    Delivery.ACCEPTED: "sent, not in the transcript yet",
    Delivery.FAILED: "not sent",
    Delivery.THERE: "",
}

TONES = {
    ChatState.OPENING: "muted",
    ChatState.OPEN: "good",
    ChatState.LOST: "error",
    ChatState.ENDED: "muted",
}
"""The role of the label that shows a state."""


def clock(at: datetime) -> str:
    """Give the time of a day, in the zone of this machine."""
    return f"{at.astimezone():%H:%M:%S}"


def day(at: datetime) -> str:
    """Name a day, as a separator does."""
    local = at.astimezone()
    return f"{local:%A}, {local.day} {local:%B} {local.year}"


def name_of(entry: ChatEntry) -> str:
    """Give who says a line; an own message that is on its way has no name of GMS yet."""
    heard = entry.heard
    return heard.nickname or {Party.OWN: "You"}.get(heard.party, heard.party.value.capitalize())


def notice(entry: ChatEntry) -> str:
    """Say in one line what is no message and no file."""
    heard = entry.heard
    who, text = name_of(entry), heard.text
    if heard.kind is EntryKind.GAP:
        return text
    if heard.kind in _SAYS:
        file = heard.file.name or heard.file.id if heard.file is not None else ""
        of = f" of the {heard.party.value}" if heard.party.value else ""
        said = _SAYS[heard.kind].format(who=who or "Somebody", text=text, file=file, of=of)
        # What GMS adds by itself to a joining or leaving is not worth a second half.
        plain = heard.kind in {EntryKind.IDLE_ALERT, EntryKind.IDLE_CLOSE}
        return f"{said}: {text}" if plain and text else said.strip()
    event = heard.event or "A line that is not known"
    known = heard.kind is EntryKind.NOTICE
    begins = who if known and who else event if known else f"{event} (unknown to this console)"
    return f"{begins}: {text}" if text else begins


def file_line(entry: ChatEntry) -> str:
    """Say which file it is."""
    file = entry.heard.file
    if file is None:
        return entry.heard.text
    size = f"  ({size_text(file.size)})" if file.size is not None else ""
    return f"{file.name or file.id or 'A file'}{size}"


def file_to_save(name: str) -> str:
    """Give a name for a file that GMS names: what it says may hold a path, or break a line."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*')
    return kept.strip(" .") or "file"


def body(entry: ChatEntry) -> str:
    """Give what a line says, as it is copied."""
    if entry.heard.kind is EntryKind.MESSAGE:
        return entry.heard.text
    return file_line(entry) if entry.heard.kind is EntryKind.FILE else notice(entry)


def under(entry: ChatEntry) -> str:
    """Give what stands small below a bubble: when, and how far it has come."""
    told = _DELIVERIES[entry.delivery]
    about = f"{told}: {entry.reason}" if entry.reason else told
    # API v1 gives no times: what is known then is when a line came.
    when = clock(entry.at) if entry.exact or entry.own else f"came {clock(entry.at)}"
    return f"{when}  {about}" if about else when


def spoken(entry: ChatEntry) -> str:
    """Give what a screen reader says of a line."""
    if entry.heard.kind is EntryKind.MESSAGE:
        said = f"{name_of(entry)}: {entry.heard.text}"
    elif entry.heard.kind is EntryKind.FILE:
        said = f"{name_of(entry)} sent the file {file_line(entry)}"
    else:
        said = notice(entry)
    return f"{said}, {under(entry)}"


def copied(entry: ChatEntry) -> str:
    """Give a line as it stands among others that are copied."""
    who = name_of(entry)
    bubble = entry.heard.kind in {EntryKind.MESSAGE, EntryKind.FILE}
    return f"{clock(entry.at)} {f'{who}: ' if bubble and who else ''}{body(entry)}"


def state_text(chat: Conversation) -> str:
    """Name how a chat stands."""
    said = f" ({chat.said_state})" if chat.said_state else ""
    return f"{chat.state.value.capitalize()}{said}"


def who_is_there(chat: Conversation) -> str:
    """List who is in the chat."""
    people = [
        f"{one.nickname or one.party.value} ({one.party.value})"
        if one.party.value
        else one.nickname
        for one in chat.participants.values()
    ]
    return ", ".join(people) or "nobody is there"


def standing(chat: Conversation) -> str:
    """Say in a line where the chat stands: position, last answer, who is there."""
    said = [f"Position {chat.position}" if chat.position else "No position yet"]
    if chat.last_answer is not None:
        said.append(f"last answer {clock(chat.last_answer)}")
    if not chat.over:
        said.append(who_is_there(chat))
    elif chat.ended_at is not None:
        said.append(f"ended {clock(chat.ended_at)}")
    return "  ·  ".join(said)


def trouble(chat: Conversation) -> str:
    """Say why nothing comes; empty where something does."""
    if not chat.trouble:
        return ""
    if chat.state is ChatState.LOST:
        return f"{chat.trouble}  (F5 tries it again)"
    times = f"{chat.failures} times in a row. " if chat.failures > 1 else ""
    later = f" Next try {clock(chat.next_refresh)}." if chat.next_refresh is not None else ""
    return f"{times}{chat.trouble}{'' if chat.trouble.endswith('.') else '.'}{later}"


def typing(chat: Conversation) -> str:
    """Say who types; empty for nobody."""
    names = chat.who_types
    if not names:
        return ""
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} typing …"


def refusal_in(exchange: Exchange) -> str:
    """Say why a file was not sent back; a file may be of JSON, broken or not, itself."""
    answer = read_answer(exchange)
    problem, response = answer.problem, exchange.response
    if response is None or not 200 <= response.status < 300 or exchange.failure is not None:
        return problem.said if problem is not None and problem.said else "No reason was given."
    fields = answer.data if isinstance(answer.data, dict) else {}
    code = fields.get("statusCode")
    if code in {None, 0, "0"} or "errors" not in fields:
        return ""
    return f"Status {code}: {as_json(fields['errors'])}"
