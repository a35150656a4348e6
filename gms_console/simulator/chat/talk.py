"""A chat between the app and a played agent, as the clock has it.

Events and parties are those of chat API v1 (domain: documented); what the agent says, and when,
is this simulator's choice.
"""

from dataclasses import dataclass, field
from datetime import datetime

JOIN_SECONDS = 4.0
TYPING_SECONDS = 1.0
REPLY_SECONDS = 3.0

AGENT_NAME = "Kim"

_JOINED = "Notice.Joined"
_LEFT = "Notice.Left"
_MESSAGE = "Message.Text"


@dataclass(frozen=True)
class Line:
    """One line of the transcript, which shows from `at` on."""

    at: float
    event: str
    text: str
    agent: bool


@dataclass
class Chat:
    """A chat: its transcript holds what the agent will do, and shows it when it is time."""

    session: str
    nickname: str
    began: float
    began_date: datetime
    verbose: bool = False
    strict: bool = False
    ended: bool = False
    seen: int = 0
    _lines: list[Line] = field(default_factory=list)

    def open(self) -> None:
        """Let the user in now and the agent a little later."""
        joins = self.began + JOIN_SECONDS
        self._add(self.began, _JOINED, "has joined the session")
        self._add(joins, _JOINED, "has joined the session", agent=True)
        self._add(joins, _MESSAGE, f"Hello {self.nickname}, what can I do for you?", agent=True)

    def say(self, now: float, text: str) -> None:
        """Let the user say something, and the agent answer it."""
        self._add(now, _MESSAGE, text)
        hears = max(now, self.began + JOIN_SECONDS)
        self._add(hears + TYPING_SECONDS, "Notice.TypingStarted", "is typing", agent=True)
        self._add(hears + REPLY_SECONDS, "Notice.TypingStopped", "stopped typing", agent=True)
        reply = f'Thank you, I have noted "{text}".'
        self._add(hears + REPLY_SECONDS, _MESSAGE, reply, agent=True)

    def typing(self, now: float, *, starts: bool) -> None:
        """Note that the user starts or stops typing."""
        event = "Notice.TypingStarted" if starts else "Notice.TypingStopped"
        self._add(now, event, "is typing" if starts else "stopped typing")

    def end(self, now: float) -> None:
        """Let both leave, once; what the agent was about to do does not happen."""
        if self.ended:
            return
        agent_in = now >= self.began + JOIN_SECONDS
        self._lines = [line for line in self._lines if line.at <= now]
        self._add(now, _LEFT, "has left the session")
        if agent_in:
            self._add(now, _LEFT, "has left the session", agent=True)
        self.ended = True

    def transcript(self, now: float) -> list[list[str]]:
        """Return all lines so far: event, nickname, text, party id and party type."""
        shown = [line for line in self._lines if line.at <= now]
        return [
            [line.event, AGENT_NAME, line.text, "2", "AGENT"]
            if line.agent
            else [line.event, self.nickname, line.text, "1", "CLIENT"]
            for line in shown
        ]

    def _add(self, at: float, event: str, text: str, *, agent: bool = False) -> None:
        self._lines.append(Line(at, event, text, agent))
        self._lines.sort(key=lambda line: line.at)
