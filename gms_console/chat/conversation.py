"""The Conversation: one chat as it stands, whichever API it speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from gms_console.chat.limits import FileLimits
from gms_console.chat.protocol import ChatProtocol, count_in
from gms_console.chat.transcript import Transcript
from gms_console.chat.types import ChatApi, ChatKey, ChatNews, EntryKind, Heard, Party
from gms_console.chat.v2 import ChatV2
from gms_console.client.client import GmsClient
from gms_console.model.exchange import Exchange
from gms_console.model.timeline import Timeline

_HELPERS = frozenset({Party.AGENT, Party.SUPERVISOR})
_PEOPLE = _HELPERS | {Party.OWN}


class ChatState(StrEnum):
    """How a chat stands. LOST: GMS refuses it, and it may be tried again by hand."""

    OPENING = "opening"
    OPEN = "open"
    LOST = "lost"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Someone who is in the chat."""

    nickname: str
    party: Party


class Conversation:
    """Transcript, participants, who types, position, and how the chat stands.

    `position` is where the next refresh begins: only what leaves no line out moves it on, and
    `told` is the furthest that any answer named. `trouble` is why nothing came, in words, while
    it is so; `failures` counts how often in a row. `refreshes` are the refreshes as the history
    notes them, under `poll`. `began` is when this console opened it. `listen` is told of every
    change.
    """

    def __init__(self, protocol: ChatProtocol, client: GmsClient, title: str) -> None:
        self.protocol = protocol
        self.client = client
        self.title = title
        self.poll = uuid4().hex
        self.began = datetime.now(UTC)
        self.ended_at: datetime | None = None
        self.transcript = Transcript()
        self.refreshes = Timeline()
        self.chat_id = ""
        self.key: ChatKey | None = None
        self.state = ChatState.OPENING
        self.said_state = ""
        self.position = ""
        self.told = ""
        self._doubted = 0
        self.trouble = ""
        self.failures = 0
        self.last_answer: datetime | None = None
        self.next_refresh: datetime | None = None
        self.participants: dict[str, Participant] = {}
        self.typing: dict[str, str] = {}
        self.limits: FileLimits | None = None
        self.listen: Callable[[Conversation], None] = lambda _: None

    @property
    def api(self) -> ChatApi:
        """The API that it speaks."""
        return self.protocol.api

    @property
    def files(self) -> ChatV2 | None:
        """What asks for files; None where the API has none."""
        return self.protocol if isinstance(self.protocol, ChatV2) else None

    @property
    def over(self) -> bool:
        """Whether nothing can be said any more."""
        return self.state is ChatState.ENDED

    @property
    def agent_there(self) -> bool:
        """Whether an agent, or whoever helps one, is in the chat."""
        return any(one.party in _HELPERS for one in self.participants.values())

    @property
    def who_types(self) -> tuple[str, ...]:
        """The names of those who type, without the customer."""
        return tuple(self.typing.values())

    def cookie(self, url: str) -> str | None:
        """Give the Cookie header for an address."""
        return self.client.cookie_header(url)

    def changed(self) -> None:
        """Tell who listens."""
        self.listen(self)

    # --- what came -------------------------------------------------------------------------

    @property
    def behind(self) -> bool:
        """Whether an answer named lines that have not been asked for yet."""
        return _number(self.told) > _number(self.position)

    def take(self, news: ChatNews, exchange: Exchange, *, onward: bool = False) -> None:
        """Learn from an answer that was no refusal.

        `onward` tells that it was asked for from `position` on, and so leaves nothing out.
        Another one, such as that of `startTyping`, may name a position behind lines of the agent
        that it does not have; taken for the next one, they would never be asked for.
        """
        came = exchange.started + timedelta(milliseconds=exchange.timing.total)
        self.failures, self.trouble, self.last_answer = 0, "", came
        self.chat_id = self.chat_id or news.chat_id
        self.key = self.key or news.key
        self.said_state = news.state or self.said_state
        self.limits = news.limits or self.limits
        if onward and self._doubted:
            self._compare(news, came, exchange)
        joined = onward or self._joins(news)
        for heard in self.transcript.take(news.heard, came, exchange.id):
            self._meet(heard)
        if news.ended or self.over:
            self.end()
        else:
            self.state = ChatState.OPEN
        self._go_on(news.position, joined=joined, onward=onward)
        self.changed()

    def _joins(self, news: ChatNews) -> bool:
        """Whether the lines of an answer follow those that are there."""
        numbers = [one.index for one in news.heard if one.index is not None]
        return bool(numbers) and min(numbers) <= self.transcript.highest + 1

    def _go_on(self, told: str, *, joined: bool, onward: bool) -> None:
        """Move on to a position; one before that asked for means that GMS has fewer lines now."""
        if not told:
            return
        if onward and not self.over and -1 < _number(told) < _number(self.position):
            # A node that is late, or a transcript that begins anew: all of it tells which.
            self._doubted = max(self._doubted, _number(self.position))
            self.position = self.told = ""
            return
        self.told = _further(self.told, told)
        if joined:
            self.position = _further(self.position, told)

    def _compare(self, news: ChatNews, came: datetime, exchange: Exchange) -> None:
        """Compare what was asked for from the beginning on with the lines that are there."""
        if self.transcript.contradicts(news.heard):
            self.transcript.begin_anew(came, exchange.id)
            self.participants.clear()
            self._doubted = 0
        elif _number(news.position) >= self._doubted:
            self._doubted = 0

    def _meet(self, heard: Heard) -> None:
        """Learn from a line who is there, and who types."""
        who = heard.party_id or heard.nickname
        if heard.kind is EntryKind.TYPING_STARTED:
            if heard.party is not Party.OWN:
                self.typing[who] = heard.nickname or heard.party.value
            return
        if heard.kind in {EntryKind.TYPING_STOPPED, EntryKind.MESSAGE, EntryKind.LEFT}:
            self.typing.pop(who, None)
        if heard.kind is EntryKind.LEFT:
            self.participants.pop(who, None)
        elif heard.kind is EntryKind.NICKNAME and who in self.participants:
            nickname = heard.nickname or heard.text
            self.participants[who] = Participant(nickname=nickname, party=heard.party)
        elif who and (heard.kind is EntryKind.JOINED or heard.party in _PEOPLE):
            # A transcript that is taken up later begins after those who joined.
            self.participants[who] = Participant(nickname=heard.nickname, party=heard.party)

    # --- what did not ------------------------------------------------------------------------

    def stumble(self, reason: str) -> None:
        """Note that nothing came, which may be otherwise the next time."""
        self.failures += 1
        self.trouble = reason
        # Who typed a while ago may have stopped since.
        self.typing.clear()
        self.changed()

    def lose(self, reason: str) -> None:
        """Note that GMS refuses the chat."""
        self.failures += 1
        self.trouble, self.state, self.next_refresh = reason, ChatState.LOST, None
        self.typing.clear()
        self.changed()

    def end(self) -> None:
        """Note that the chat is over."""
        if self.state is not ChatState.ENDED:
            self.ended_at = datetime.now(UTC)
        self.state, self.next_refresh = ChatState.ENDED, None
        self.typing.clear()
        self.participants.clear()


def _further(known: str, told: str) -> str:
    """Give the later of two positions: answers may overtake each other."""
    return known if _number(told) < _number(known) else told or known


def _number(position: str) -> int:
    """Read a position; -1 for none, and for one that is no number of a line."""
    number = count_in(position)
    return -1 if number is None else number
