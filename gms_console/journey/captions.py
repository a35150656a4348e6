"""Requests and states in plain words, for people who do not know the API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gms_console.model.answer import Answer
from gms_console.model.dialog import (
    AccessDialog,
    ChatAnswer,
    Confirmation,
    DialNumber,
    Dialog,
    DisplayMenu,
    PageDialog,
    StartChat,
)
from gms_console.model.exchange import Exchange, Operation, OperationKind

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind


class Actor(StrEnum):
    """Who does what a step tells of; the value is how a person calls them."""

    CUSTOMER = "Customer"
    CENTRE = "Contact center"
    AGENT = "Agent"
    NOBODY = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """Who acts, and what they do."""

    actor: Actor
    text: str


_BY_SERVICE = {
    "request-interaction": "The customer asks for a number to call",
    "request-access": "The customer asks for a number to call",
    "match-interaction": "The customer's call arrives, and is matched",
    "request-inbound-poll": "The customer asks to be connected, and waits",
    "request-chat": "The customer asks for a chat",
}
_BY_FAMILY = {
    "Voice": "The customer asks for a number to call",
    "Inbound": "The customer asks to be connected",
    "Outbound": "The customer asks for a call",
    "Callback": "The customer asks for a callback",
    "Chat": "The customer asks for a chat",
    "Calendar": "The app asks when the contact center is open",
}
_BY_REQUEST = {
    "status": "The phone asks how it stands",
    "get-dialog": "The phone asks what to show",
    "cancel": "The customer gives up waiting",
    "callback record": "The app looks the callback up",
    "callbacks by property": "The app looks the customer's callbacks up",
    "reschedule callback": "The customer moves the callback to another time",
    "cancel callback": "The customer cancels the callback",
    "availability": "The app asks for free times",
    "create chat": "The chat begins",
    "refresh chat": "The phone asks for news of the chat",
    "start typing": "The customer begins to write",
    "stop typing": "The customer stops writing",
    "disconnect chat": "The customer ends the chat",
}
_TYPING = ("is typing", "stopped typing")
"""How lines of a chat end that are over as soon as they are read."""

_NUMBER = re.compile(r"\d+")
_AGENT = re.compile(r"^(?!.*wait).*agent|(?<!dis)connected|processing", re.IGNORECASE)
"""Names of states in which an agent has a part."""

_BY_WORDS = (
    (re.compile(r"(?:the|an|our) agent\b", re.IGNORECASE), Actor.AGENT),
    (
        re.compile(r"(?:the |our )?(?:contact|call) cent(?:er|re)\b|GMS\b", re.IGNORECASE),
        Actor.CENTRE,
    ),
    (re.compile(r"(?:the|a|our) (?:customer|caller)\b", re.IGNORECASE), Actor.CUSTOMER),
)
_STARTED_BY_CENTRE = frozenset({"match-interaction"})


def caption_of(exchange: Exchange, kind: ServiceKind | None, family: str) -> Caption:
    """Say what a request is for, by its operation; `kind` and `family` are those of its service."""
    operation = exchange.operation
    if operation.label and operation.instance_id:
        return Caption(Actor.CUSTOMER, f"The customer chooses “{operation.label}”")
    if operation.kind is OperationKind.CREATE:
        return _created(operation, kind, family)
    if operation.request == "send message":
        text = _row(exchange, "message")
        return Caption(Actor.CUSTOMER, f"The customer writes: {text}".rstrip(": "))
    known = _BY_REQUEST.get(operation.request)
    return Caption(Actor.CUSTOMER, known or f"The phone asks for {operation.request or 'news'}")


def noted_caption(text: str, otherwise: Actor) -> Caption:
    """Give a note as a caption: who acts is whom it begins with, if that can be told."""
    named = (actor for words, actor in _BY_WORDS if words.match(text))
    return Caption(next(named, otherwise), text)


def same_words(one: Dialog, other: Dialog) -> bool:
    """Whether two screens say the same but for numbers, such as the time that is left."""
    if type(one) is not type(other) or isinstance(one, ChatAnswer):
        return False
    return _NUMBER.sub("", shown_words(one)) == _NUMBER.sub("", shown_words(other))


def state_caption(state: str, kind: ServiceKind | None) -> Caption:
    """Say what a state means that was just reached, by what the catalogue knows of it."""
    known = next((one for one in kind.states if one.name == state), None) if kind else None
    # A chat is CONNECTED before there is an agent: what the state means says who has a part in it.
    meant = known.meaning if known is not None and known.meaning else "agent"
    has_agent = _AGENT.search(state) is not None and "agent" in meant.lower()
    actor = Actor.AGENT if has_agent else Actor.CENTRE
    if known is None or not known.meaning:
        return Caption(actor, f"The state is now {state}")
    return Caption(actor, known.meaning.rstrip("."))


def shown_words(dialog: Dialog | None) -> str:
    """Say what the phone shows after a step; empty for nothing new."""
    match dialog:
        case DialNumber() | AccessDialog():
            return "The phone shows a number to call"
        case DisplayMenu():
            return f"The phone offers a choice: {dialog.label}".rstrip(": ")
        case Confirmation():
            return f"The phone says: {dialog.text}"
        case StartChat():
            return "The phone offers a chat"
        case ChatAnswer():
            return _chat_words(dialog)
        case PageDialog():
            return "The phone shows a page"
        case _:
            return ""


def lasting_lines(chat: ChatAnswer) -> tuple[str, ...]:
    """Give the lines of a chat's answer but for those that only say who is typing."""
    return tuple(one for one in chat.lines if not one.endswith(_TYPING))


def _chat_words(chat: ChatAnswer) -> str:
    """Give what was written last; where nobody wrote, the last notice."""
    if not chat.lines:
        return "The chat is on the phone"
    lines = lasting_lines(chat)
    written = [one for one in lines if ": " in one]
    return (written or list(lines) or [""])[-1]


def trouble_words(exchange: Exchange, answer: Answer) -> str:
    """Say why a step did not go well; empty where it did."""
    if exchange.failure is not None:
        return exchange.failure.kind.heading
    if answer.problem is None:
        return ""
    status = exchange.response.status if exchange.response is not None else 0
    return answer.problem.said or f"GMS answered with HTTP {status}"


def _created(operation: Operation, kind: ServiceKind | None, family: str) -> Caption:
    name = operation.service.rpartition("/")[2]
    text = _BY_SERVICE.get(name) or _BY_FAMILY.get(family)
    if text is None and operation.service.startswith("callback/"):
        text = _BY_FAMILY["Callback"]
    if text is None:
        named = kind.title if kind is not None and kind.title else operation.service
        text = f"The customer asks for {named or 'a service'}"
    return Caption(Actor.CENTRE if name in _STARTED_BY_CENTRE else Actor.CUSTOMER, text)


def _row(exchange: Exchange, key: str) -> str:
    rows = exchange.request.form or ()
    return next((row.value for row in rows if row.key == key), "")
