"""What both chat APIs can do, each in its own way."""

from __future__ import annotations

from typing import Protocol

from gms_console.chat.types import ChatApi, ChatKey, ChatNews
from gms_console.model.answer import Answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.wire.request import PreparedRequest

_MOST_DIGITS = 19
_MOST_SAID = 600


class NotInThisApiError(ValueError):
    """Something that a chat API cannot do; the text says what."""


class ChatProtocol(Protocol):
    """Prepares the requests of a chat and reads its answers; holds no state of the chat.

    `chat_id` is the instance's id with API v1. All that prepare raise FormRefusedError and
    PathSegmentError, and NotInThisApiError for what the API does not have.
    """

    api: ChatApi
    service: str
    sends_from_position: bool
    """Whether the answer of `send` has all lines from a position on."""

    def send(
        self, place: Environment, chat: ChatAddress, text: str, position: str
    ) -> PreparedRequest:
        """Prepare what says something."""

    def refresh(
        self, place: Environment, chat: ChatAddress, position: str, poll: str
    ) -> PreparedRequest:
        """Prepare what asks for lines from a position on."""

    def typing(self, place: Environment, chat: ChatAddress, *, starts: bool) -> PreparedRequest:
        """Prepare what tells that the customer types, or no more."""

    def disconnect(self, place: Environment, chat: ChatAddress) -> PreparedRequest:
        """Prepare what ends the chat."""

    def read(self, exchange: Exchange, answer: Answer, known: int) -> ChatNews:
        """Read an answer; `known` is the number of the last line that is there already."""


class ChatAddress(Protocol):
    """What a request has to know of its chat."""

    @property
    def chat_id(self) -> str:
        """The chat, or the instance with API v1."""

    @property
    def key(self) -> ChatKey | None:
        """Its key, with API v2."""

    def cookie(self, url: str) -> str | None:
        """Give the Cookie header for an address."""


def count_in(text: str) -> int | None:
    """Read a number such as that of a line; None for what is none, or too long to be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else None


def in_short(text: str) -> str:
    """Give what GMS says against something, or the beginning of it; the exchange has it whole."""
    return text if len(text) <= _MOST_SAID else f"{text[:_MOST_SAID]} …"


def refusal_of(answer: Answer) -> tuple[str, bool]:
    """Say what is wrong with an answer, and whether the next one may be right."""
    problem = answer.problem
    if problem is None:
        return "", False
    said = in_short(problem.said) if problem.said else "no reason given"
    return f"{problem.status} {said}" if problem.status and problem.status >= 300 else said, (
        problem.transient
    )
