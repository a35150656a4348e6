"""The Dialog: what the phone should show next, read from an Answer.

Source: domain notes, section 3 (seen in the vendor's Android sample, and documented in part).
Lenient in reading, and what cannot be read is shown for what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gms_console.model.answer import Access, Answer, ProblemKind
from gms_console.model.reading import JsonValue, as_json, json_type, text_of
from gms_console.model.tel import read_tel

_MOST_LINES = 50
_Fields = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialNumber:
    """Call a number. `tel_url` is as it came; `number` and `code` are read from it.

    `number` is empty where it cannot be read. An `_access_code` of the same answer is the code
    where the address has none.
    """

    label: str
    tel_url: str
    number: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """An entry of a menu; choosing it sends `url`, whose answer is the next dialog.

    `url` is empty where the answer gave none: the entry is shown, and cannot be chosen.
    An entry without a label shows its address instead.
    """

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuGroup:
    """A group of entries under its own title line."""

    name: str
    items: tuple[MenuItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayMenu:
    """Choose one of several; `note` says why there is nothing to choose, or what is left out."""

    label: str
    groups: tuple[MenuGroup, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A message with one button, which sends nothing."""

    text: str
    ok_title: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartChat:
    """Begin a chat: `url` creates the interaction (chat API v1); it may be empty."""

    subject: str
    url: str
    comet_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAnswer:
    """What the chat API v1 said: its state, such as CONNECTED, and the last lines."""

    state: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDialog:
    """A page path such as `/waitingforagent.html`, with the state that came along."""

    path: str
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessDialog:
    """Access information of a plain service: number, code and how long they are held."""

    access: Access


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDialog:
    """The answer is an error, also inside an HTTP 200: the flow stops here."""

    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadDialog:
    """A dialog that a phone would not know what to do with: `reason` says why."""

    action: str
    reason: str
    text: str = ""


Dialog = (
    DialNumber
    | DisplayMenu
    | Confirmation
    | StartChat
    | ChatAnswer
    | PageDialog
    | AccessDialog
    | FailedDialog
    | UnreadDialog
)


def read_dialog(answer: Answer) -> Dialog | None:
    """Read what the phone should show; None where the answer has nothing for a phone.

    An error comes first, also inside an HTTP 200; then the `_action` decides (domain 3.2).
    """
    if answer.problem is not None and answer.problem.kind is ProblemKind.PAGE:
        return None  # a gateway answered, and no app shows that
    if answer.problem is not None:
        return FailedDialog(said=answer.problem.said)
    if not isinstance(answer.data, dict):
        return None
    inner = answer.data.get("dialog")
    if isinstance(inner, dict):
        return _read_fields(inner, answer) or UnreadDialog(
            action="",
            reason="The dialog has neither an _action nor a _text.",
            text=as_json(inner),
        )
    if isinstance(inner, str) and inner.strip():
        return PageDialog(path=inner, state=answer.state or "")
    if inner is not None and inner != "":
        reason = f"The dialog is {json_type(inner)}, neither a page nor an object."
        return UnreadDialog(action="", reason=reason, text=as_json(inner))
    return _read_fields(answer.data, answer)


def _read_fields(fields: _Fields, answer: Answer) -> Dialog | None:
    if fields.get("error"):
        return FailedDialog(said=text_of(fields["error"]) or as_json(fields["error"]))
    action = fields.get("_action")
    if action is None or (isinstance(action, str) and not action.strip()):
        return _read_without_action(fields, answer)
    if not isinstance(action, str):
        reason = f"The _action is {json_type(action)}, not a text."
        return UnreadDialog(action=as_json(action), reason=reason, text=_text(fields, "_text"))
    reader = _READERS.get(action.strip())
    if reader is None:
        reason = f"The console does not know the _action “{action.strip()}”."
        return UnreadDialog(action=action.strip(), reason=reason, text=_text(fields, "_text"))
    return reader(fields, answer)


def _read_without_action(fields: _Fields, answer: Answer) -> Dialog | None:
    if "_text" in fields:
        note = "The answer has no _action; it is shown as a message because it has a _text."
        return _read_confirmation(fields, note)
    if "chatIxnState" in fields or "transcriptToShow" in fields:
        return _read_chat(fields)
    create_url = _text(fields, "_chatIxnAPI-CREATE-URL")
    if create_url:
        # What request-chat answers (domain 2.4: documented).
        return StartChat(subject="", url=create_url)
    access = answer.access
    if access is not None and (access.number is not None or access.code is not None):
        return AccessDialog(access=access)
    if "_action" in fields:
        return UnreadDialog(action="", reason="The answer has an empty _action and no _text.")
    if "_dialog_id" in fields or "_dialogId" in fields:
        reason = "The answer has a _dialog_id, and neither an _action nor a _text."
        return UnreadDialog(action="", reason=reason)
    return None


def _read_confirmation(fields: _Fields, note: str = "") -> Confirmation:
    text = _text(fields, "_text")
    if not text:
        note = f"{note} The message has no _text.".strip()
    return Confirmation(
        text=text,
        ok_title=_text(fields, "_ok_title") or _text(fields, "_okTitle") or "OK",
        note=note,
    )


def _read_number(fields: _Fields, answer: Answer) -> DialNumber:
    tel_url = _text(fields, "_tel_url")
    number, code = read_tel(tel_url)
    if not code and answer.access is not None:
        code = answer.access.code or ""
    return DialNumber(label=_text(fields, "_label"), tel_url=tel_url, number=number, code=code)


def _read_start_chat(fields: _Fields) -> StartChat:
    parameters = fields.get("_chat_parameters")
    return StartChat(
        subject=_text(parameters, "subject") if isinstance(parameters, dict) else "",
        url=_text(fields, "_start_chat_url"),
        comet_url=_text(fields, "_comet_url"),
    )


def _read_menu(fields: _Fields) -> DisplayMenu:
    label, content = _text(fields, "_label"), fields.get("_content")
    if not isinstance(content, list):
        missing = "has no _content" if "_content" not in fields else "has null as its _content"
        wrong = f"has {json_type(content)} as its _content, not a list"
        return DisplayMenu(label=label, note=f"The menu {missing if content is None else wrong}.")
    if not content:
        return DisplayMenu(label=label, note="The menu has an empty _content.")
    groups = tuple(_read_group(group) for group in content if isinstance(group, dict))
    notes = []
    if len(groups) < len(content):
        notes.append(f"{len(content) - len(groups)} of its {len(content)} groups are no objects.")
    lists = [group.get("_group_content") for group in content if isinstance(group, dict)]
    if any(entries is not None and not isinstance(entries, list) for entries in lists):
        notes.append("A _group_content is no list.")
    lost = sum(not _is_entry(one) for one in lists if isinstance(one, list) for one in one)
    if lost:
        notes.append(f"{lost} of its entries cannot be read.")
    if not any(group.items for group in groups):
        notes.append("The menu has nothing to choose.")
    return DisplayMenu(label=label, groups=groups, note=" ".join(notes))


def _read_group(group: _Fields) -> MenuGroup:
    entries = group.get("_group_content")
    items = entries if isinstance(entries, list) else []
    return MenuGroup(
        name=_text(group, "_group_name"),
        items=tuple(_read_item(item) for item in items if _is_entry(item)),
    )


def _is_entry(item: JsonValue) -> bool:
    return isinstance(item, dict) or text_of(item) is not None


def _read_item(item: JsonValue) -> MenuItem:
    if not isinstance(item, dict):
        return MenuItem(label=text_of(item) or "")
    url = _text(item, "_user_action_url")
    return MenuItem(label=_text(item, "_label") or url or "(no label)", url=url)


def _read_chat(fields: _Fields) -> ChatAnswer:
    """Read a chat API v1 answer: rows of event, nickname, text, party id and party type."""
    rows = fields.get("transcriptToShow")
    lines = [_chat_line(row) for row in rows[-_MOST_LINES:]] if isinstance(rows, list) else []
    if not lines and _text(fields, "chatServiceMessage"):
        lines = [_text(fields, "chatServiceMessage")]
    return ChatAnswer(state=_text(fields, "chatIxnState"), lines=tuple(lines))


def _chat_line(row: JsonValue) -> str:
    if not isinstance(row, list):
        return text_of(row) or as_json(row)
    event, nickname, text = [*(text_of(cell) or "" for cell in row[:3]), "", "", ""][:3]
    if event == "Message.Text":
        return f"{nickname}: {text}"
    kind, _, name = event.partition(".")
    shown = _NOTICES.get(name, event) if kind == "Notice" else event
    if text and name in {"Joined", "Left"}:
        shown = ""  # the text says it itself, as in "has joined the session"
    elif name in {"TypingStarted", "TypingStopped"}:
        text = ""  # it says the same once more
    return " ".join(part for part in (nickname, shown, text) if part)


_NOTICES = {
    "Joined": "joined",
    "Left": "left",
    "TypingStarted": "is typing",
    "TypingStopped": "stopped typing",
    "PushUrl": "sent an address:",
    "Custom": "sent a notice:",
}


def _text(fields: _Fields, name: str) -> str:
    return text_of(fields.get(name)) or ""


_READERS: dict[str, Callable[[_Fields, Answer], Dialog]] = {
    "DialNumber": _read_number,
    "DisplayMenu": lambda fields, _: _read_menu(fields),
    "StartChat": lambda fields, _: _read_start_chat(fields),
    "ConfirmationDialog": lambda fields, _: _read_confirmation(fields),
}
