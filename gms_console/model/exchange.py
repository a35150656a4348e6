"""The Exchange: one request and what came of it, as evidence that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from gms_console.model.certificate import Certificate
    from gms_console.model.draft import Draft
    from gms_console.model.form import Form

HeaderList = tuple[tuple[str, str], ...]
"""Headers as they were on the wire: in order, with duplicates and their own casing."""


class FailureKind(StrEnum):
    """Why no complete answer came."""

    NAME = "name not found"
    REFUSED = "connection refused"
    UNREACHABLE = "host unreachable"
    TLS = "TLS failed"
    PROXY = "proxy failed"
    TIMEOUT = "timed out"
    RESET = "connection reset"
    NO_ANSWER = "closed without an answer"
    CUT = "answer cut off"
    GARBLED = "answer is not HTTP"
    DECODING = "answer cannot be decompressed"
    TOO_LARGE = "answer too large"
    REDIRECTS = "too many redirects"
    FILE = "file could not be read"
    NOT_STORED = "answer could not be stored"
    CANCELLED = "cancelled"
    GIVEN_UP = "given up"
    OTHER = "transport failed"

    @property
    def heading(self) -> str:
        """The kind as it stands at the start of a line."""
        return self.value[0].upper() + self.value[1:]


@dataclass(frozen=True, slots=True)
class Failure:
    """What kept an Exchange from its complete answer, and in which phase it happened.

    `certificate` is the one that a server showed when it was not trusted.
    """

    kind: FailureKind
    message: str
    phase: str
    certificate: Certificate | None = None


class OperationKind(StrEnum):
    """The two operations of the Service API (reference page)."""

    CREATE = "create"
    REQUEST = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a request is for, in GMS terms rather than HTTP's.

    `label` is what the customer chose, for a request that came of a dialog. `asks`: its GET is
    known to change nothing. That is not said of each: GMS takes a GET for a create, for a request
    on an instance and for a choice on the phone just as a POST (domain 1.2, 3.2). `poll` is the id
    of the Poll that made it, empty for a request of its own.
    """

    kind: OperationKind
    service: str = ""
    instance_id: str = ""
    request: str = ""
    label: str = ""
    asks: bool = False
    poll: str = ""

    @property
    def title(self) -> str:
        """A short name for lists, such as `create request-interaction` or `status`."""
        if self.label:
            return self.label
        return f"create {self.service}" if self.kind is OperationKind.CREATE else self.request


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """The request side of an Exchange: what went out (or would have, had it connected).

    Values of headers that came from the secret store are masked: an Exchange is kept and shown.
    `form` has the rows as they were sent, variables put in; None where nothing had rows.
    """

    method: str
    url: str = field(repr=False)
    http_version: str
    headers: HeaderList = field(repr=False)
    body_preview: str = field(repr=False)
    body_size: int
    form: Form | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class StoredBody:
    """Where a body is that is too large for memory: a file of `size` bytes, and its SHA-256 (hex).

    Of JSON, `members` are those of the outermost object that are small, by which an answer is
    read; `broken` says what is wrong with it, and is empty where nothing was found.
    """

    path: Path
    size: int
    sha256: str
    members: Mapping[str, object] | None = field(default=None, repr=False)
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back. `body` is decompressed; `wire_size` counts its bytes as they came.

    A large body is in a file: `stored` says where, and `body` is then its first part only.

    `surplus` counts bytes that came behind the end that the answer gave itself, as when its
    Content-Length is too small; they are read and belong to no answer.
    """

    status: int
    reason: str
    http_version: str
    headers: HeaderList = field(repr=False)
    body: bytes = field(repr=False)
    wire_size: int
    complete: bool
    surplus: int = 0
    stored: StoredBody | None = None

    @property
    def size(self) -> int:
        """Bytes of the whole body, decompressed."""
        return len(self.body) if self.stored is None else self.stored.size

    def header(self, name: str) -> str | None:
        """Give the first header of that name, in any casing."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Phases in milliseconds; None where a phase did not take place.

    `connect` includes the name look-up; a kept connection has neither `connect` nor `tls`.
    `wait` is from the last byte sent to the first byte of the answer.
    """

    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None
    total: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came of it. `started` is in UTC and knows it.

    `environment` and `node` are names, empty for a base URL that was typed. `redirected_from` is
    the Exchange whose answer sent the console here. `draft` is what was typed to make it, with
    its variables; None where no person typed it.
    """

    operation: Operation
    environment: str = ""
    node: str = ""
    started: datetime
    request: SentRequest
    response: Response | None
    timing: Timing
    failure: Failure | None = None
    redirected_from: Exchange | None = None
    draft: Draft | None = field(default=None, repr=False)
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def hops(self) -> tuple[Exchange, ...]:
        """The Exchanges that redirects led along, oldest first; this one is the last."""
        way: list[Exchange] = [self]
        while way[-1].redirected_from is not None:
            way.append(way[-1].redirected_from)
        return tuple(reversed(way))
