"""A chat between the app and a played agent, as the clock has it.

Events have the names of chat API v2 (domain: documented), which `v1` shows in its own words; what
the agent says, and when, is this simulator's choice.
"""

import math
from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gms_console.simulator.chat import wording
from gms_console.simulator.chat.attachments import Attachments
from gms_console.simulator.world.line import Turn

TYPING_SECONDS = 1.0
REPLY_SECONDS = 3.0
LEAVE_SECONDS = 2.0
"""From the agent's farewell until the agent leaves, which ends the chat."""

MAX_EVENTS = 2000
"""So many events of one chat are kept; the oldest go, the positions of the others stand."""

CLIENT, AGENT, SYSTEM = 1, 2, 3
"""The ids of the parties in a chat."""

SYSTEM_NAME = "System"


class Kind(StrEnum):
    """What can happen in a chat (domain: the message types of chat API v2)."""

    JOINED = "ParticipantJoined"
    LEFT = "ParticipantLeft"
    MESSAGE = "Message"
    PUSH_URL = "PushUrl"
    TYPING_STARTED = "TypingStarted"
    TYPING_STOPPED = "TypingStopped"
    NICKNAME_UPDATED = "NicknameUpdated"
    FILE_UPLOADED = "FileUploaded"
    FILE_DELETED = "FileDeleted"
    CUSTOM_NOTICE = "CustomNotice"
    NOTICE = "Notice"
    IDLE_ALERT = "IdleAlert"
    IDLE_CLOSE = "IdleClose"


@dataclass(frozen=True)
class Event:
    """What happened at `at`, and who did it under which name then."""

    at: float
    kind: Kind
    party: int
    text: str = ""
    nickname: str = ""
    message_type: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Chat:
    """A chat: what happened in it, and what is going to happen when it is time.

    `events` never change once they are there; `dropped` counts those that are no longer kept.
    `plan` holds what the agent will do, `unanswered` what was said before one came.

    `credentials` are what requests of chat API v2 have to name: `userId`, `secureKey`, `alias`.
    `seen`, `verbose` and `strict` are for chat API v1.

    The agent comes at `joins_at` or later, by its `turn`; `of_callback` says that the agent of a
    callback serves it. `released` says that the agent has been given back.

    After `alert_seconds` of silence, since `quiet_since`, the customer is warned, after
    `close_seconds` the chat is closed; 0 is never.
    """

    id: str
    service: str
    version: int
    nickname: str
    began: float
    session: str
    of_callback: bool = False
    joins_at: float = 0.0
    turn: Turn | None = None
    agent: str = ""
    joined_at: float | None = None
    ended_at: float | None = None
    alert_seconds: float = 0.0
    close_seconds: float = 0.0
    credentials: dict[str, str] = field(default_factory=dict)
    user_data: dict[str, str] = field(default_factory=dict)
    attachments: Attachments = field(default_factory=Attachments)
    events: list[Event] = field(default_factory=list)
    dropped: int = 0
    plan: list[Event] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    replies: int = 0
    quiet_since: float = 0.0
    alerted: bool = False
    released: bool = False
    seen: int = 0
    verbose: bool = False
    strict: bool = False

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.ended_at is not None

    @property
    def position(self) -> int:
        """How many events there have been: the position of the next one, from 0."""
        return self.dropped + len(self.events)

    def since(self, position: int) -> list[tuple[int, Event]]:
        """Return the events from a position on, each with its position."""
        first = max(position - self.dropped, 0)
        return list(enumerate(self.events[first:], self.dropped + first))

    def open(self) -> None:
        """Let the customer in."""
        self.quiet_since = self.began
        self.add(self.began, Kind.JOINED, CLIENT)

    def join(self, at: float, name: str) -> None:
        """Let an agent in, who greets and then answers what has been said before."""
        self.agent = name
        self.joined_at = at
        self.quiet_since = max(self.quiet_since, at)
        self._plan(at, Kind.JOINED)
        self._plan(at, Kind.MESSAGE, wording.greeting(self.nickname))
        waiting, self.unanswered = self.unanswered, []
        for text in waiting:
            self._answer(at, text)

    def say(self, now: float, text: str, message_type: str = "") -> None:
        """Let the customer say something; the agent answers it, or will once there is one."""
        self.add(now, Kind.MESSAGE, CLIENT, text, message_type)
        if self.joined_at is None:
            self.unanswered.append(text)
            del self.unanswered[:-MAX_EVENTS]
        else:
            self._answer(max(now, self.joined_at), text)

    def thank_for(self, now: float, filename: str) -> None:
        """Let the agent, if there is one, thank for a file a little later."""
        if self.joined_at is not None:
            says = max(now, self.joined_at) + REPLY_SECONDS
            self._plan(says, Kind.MESSAGE, wording.thanks_for(filename))

    def agent_says(self, now: float, text: str) -> None:
        """Let the agent say something now, besides what is planned."""
        self.add(now, Kind.MESSAGE, AGENT, text)

    def agent_leaves(self, now: float) -> None:
        """Let the agent leave now, which ends the chat."""
        self.plan.clear()
        self.add(now, Kind.LEFT, AGENT)

    def end(self, now: float) -> None:
        """Let the customer leave, and the agent too; what was planned does not happen."""
        if self.ended:
            return
        self.plan.clear()
        self.add(now, Kind.LEFT, CLIENT)
        if self.joined_at is not None and self.joined_at <= now:
            self.add(now, Kind.LEFT, AGENT)
        self.ended_at = now

    def settle(self, now: float) -> None:
        """Let everything happen that is due, each at its time."""
        while not self.ended:
            due = min(self.plan[0].at if self.plan else now, now)
            silence = self._silence_until()
            if silence is not None and silence <= due:
                self._break_silence(silence)
            elif self.plan and self.plan[0].at <= now:
                event = self.plan.pop(0)
                self.add(event.at, event.kind, event.party, event.text)
            else:
                return

    def add(
        self,
        at: float,
        kind: Kind,
        party: int,
        text: str = "",
        message_type: str = "",
        data: Mapping[str, str] | None = None,
    ) -> Event:
        """Let something happen; the agent's leaving and the close after silence end the chat."""
        names = {CLIENT: self.nickname, AGENT: self.agent, SYSTEM: SYSTEM_NAME}
        event = Event(at, kind, party, text, names[party], message_type, dict(data or {}))
        self.events.append(event)
        if len(self.events) > MAX_EVENTS:
            del self.events[0]
            self.dropped += 1
        if kind is Kind.IDLE_CLOSE or (kind is Kind.LEFT and party == AGENT):
            self.ended_at = at
        elif party != SYSTEM:
            self.quiet_since = max(self.quiet_since, at)
            self.alerted = False
        return event

    def close_after(self) -> float:
        """Return after how much silence it is closed, not before the alert; 0 for never."""
        return max(self.close_seconds, self.alert_seconds) if self.close_seconds else 0.0

    def ends_after(self, joined: float) -> float:
        """Return when it is going to end if an agent joins then and no more is said before."""
        says = joined + REPLY_SECONDS
        silent = says if self.unanswered else joined
        leaves = any(wording.is_farewell(text) for text in self.unanswered)
        closes = silent + (self.close_after() or math.inf)
        return min(says + LEAVE_SECONDS, closes) if leaves else closes

    def ends_at(self) -> float:
        """Return when it is going to end if the customer says no more; infinity for never."""
        leaves = next((event.at for event in self.plan if event.kind is Kind.LEFT), math.inf)
        return min(leaves, self._closes_at())

    def _answer(self, hears: float, text: str) -> None:
        """Plan that the agent types, and says something to that; a farewell ends the chat."""
        says = hears + REPLY_SECONDS
        self._plan(hears + TYPING_SECONDS, Kind.TYPING_STARTED)
        self._plan(says, Kind.TYPING_STOPPED)
        self._plan(says, Kind.MESSAGE, wording.reply(text, self.replies))
        self.replies += 1
        if wording.is_farewell(text):
            self._plan(says + LEAVE_SECONDS, Kind.LEFT)

    def _plan(self, at: float, kind: Kind, text: str = "") -> None:
        insort(self.plan, Event(at, kind, AGENT, text), key=lambda event: event.at)

    def _silence_until(self) -> float | None:
        """Return when the silence is going to be broken next; None when nothing waits for it."""
        if self.joined_at is None:
            return None
        if self.alert_seconds and not self.alerted:
            return self.quiet_since + self.alert_seconds
        return self._closes_at()

    def _closes_at(self) -> float:
        """Return when silence is going to close it; what the agent is yet to say comes before."""
        silent = max((self.quiet_since, *(event.at for event in self.plan)))
        return silent + (self.close_after() or math.inf)

    def _break_silence(self, at: float) -> None:
        if self.alert_seconds and not self.alerted:
            self.add(at, Kind.IDLE_ALERT, SYSTEM, wording.IDLE_ALERT)
            self.alerted = True
        else:
            self.add(at, Kind.IDLE_CLOSE, SYSTEM, wording.IDLE_CLOSE)
