"""What a chat is made of: lines of the transcript, who says them, and what an answer told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gms_console.chat.limits import FileLimits
from gms_console.model.form import Form


class ChatApi(StrEnum):
    """The two chat APIs (domain: documented)."""

    V1 = "v1"
    V2 = "v2"


class Party(StrEnum):
    """Whose line it is, as a window sorts them."""

    OWN = "you"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    EXTERNAL = "external"
    NOBODY = ""


class EntryKind(StrEnum):
    """What a line of the transcript says. UNKNOWN is an event that this console does not know."""

    MESSAGE = "message"
    JOINED = "joined"
    LEFT = "left"
    TYPING_STARTED = "typing started"
    TYPING_STOPPED = "typing stopped"
    PUSH_URL = "pushed address"
    NICKNAME = "nickname"
    FILE = "file"
    FILE_DELETED = "file deleted"
    NOTICE = "notice"
    IDLE_ALERT = "idle alert"
    IDLE_CLOSE = "idle close"
    GAP = "gap"
    UNKNOWN = "unknown"


class Delivery(StrEnum):
    """How far an own message has come; ACCEPTED is answered, but not in the transcript yet."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "not sent"
    THERE = "in the transcript"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatFile:
    """A file of the chat; `id` asks for it, `size` is None where nobody said it."""

    id: str
    name: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One line as an answer has it. `event` is its name as it came; `at` None where none came.

    `index` is its number in the transcript, None where it cannot be told.
    """

    index: int | None
    kind: EntryKind
    event: str
    party: Party = Party.NOBODY
    party_id: str = ""
    nickname: str = ""
    text: str = ""
    at: datetime | None = None
    file: ChatFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatEntry:
    """One line as a window shows it. `key` is its own within the Conversation.

    `at` is GMS's time where it gave one (`exact`), else when its answer came. `reason` says why
    a message was not sent. `exchange_id` is the Exchange that sent it, or that brought it.
    """

    key: int
    heard: Heard
    at: datetime
    exact: bool = False
    delivery: Delivery = Delivery.THERE
    reason: str = ""
    exchange_id: str = ""

    @property
    def own(self) -> bool:
        """Whether the customer says it."""
        return self.heard.party is Party.OWN


@dataclass(frozen=True, slots=True)
class ChatKey:
    """What lets its holder join and write in a chat of API v2: never shown, never logged."""

    user_id: str = field(repr=False)
    secure_key: str = field(repr=False)
    alias: str = field(repr=False)

    def rows(self, *pairs: tuple[str, str]) -> Form:
        """Give the rows of a request: the key, and what else it says."""
        own = (("userId", self.user_id), ("secureKey", self.secure_key), ("alias", self.alias))
        return Form.of(*own, *pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatNews:
    """What an answer told of a chat. What it did not say is None or empty.

    `refusal` is why a request was not done, in GMS's words; `passing` tells that it may be
    otherwise the next time.
    """

    heard: tuple[Heard, ...] = ()
    position: str = ""
    state: str = ""
    ended: bool = False
    chat_id: str = ""
    key: ChatKey | None = field(default=None, repr=False)
    limits: FileLimits | None = None
    file_id: str = ""
    refusal: str = ""
    passing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatStart:
    """What a person gives to begin a chat. `user_data` goes along with it (domain 4.2, 4.3)."""

    api: ChatApi
    service: str
    nickname: str = ""
    first_name: str = ""
    last_name: str = ""
    subject: str = ""
    email: str = ""
    user_data: Form = field(default_factory=Form)

    def named(self, names: Mapping[str, str]) -> list[tuple[str, str]]:
        """Give the pairs of what is filled in; `names` has each field's name on the wire."""
        return [
            (name, str(getattr(self, key))) for key, name in names.items() if getattr(self, key)
        ]
