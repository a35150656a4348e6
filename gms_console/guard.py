"""The Guard: what an Environment lets out, and what a person has to confirm before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gms_console.model.connection import GuardLevel
from gms_console.model.environment import Environment
from gms_console.model.exchange import OperationKind
from gms_console.wire.request import PreparedRequest

ASIDE = frozenset({"HEAD", "OPTIONS"})
"""Methods that GMS takes for nothing that would change something."""

READING_REQUESTS = frozenset({"status", "check-queue-position"})
"""Service-specific requests that only ask, by POST and by GET (reference page; domain 2.7)."""

_STORED = "storage"
"""What a GET of an instance's data begins with, which changes nothing (domain 1.2, rows 3 to 5)."""

_ANSWERED_BY_POST = re.compile(
    r"/1/(?:statistic|internal_statistic|patterns|patterns/group/(?!\.{1,2}$)[^/\\;]+)"
)
"""Paths below the base path where a POST only asks, as there is no GET (domain 4.6)."""

_AMBIGUOUS = re.compile(r"%(?:2f|5c|3b|2e|25|00)", re.IGNORECASE)
"""Signs in a name that a server may take for a part of the path: it would lead elsewhere."""


class GuardError(Exception):
    """A request that the Environment's guard does not let out; nothing was sent."""


@dataclass(frozen=True, slots=True)
class CreateQuestion:
    """What a person is asked before a create. `typed` has to be typed, where it is not empty.

    It holds for the base URL that it was asked for, whatever the environment's file says later.
    """

    environment: str
    base_url: str
    text: str
    typed: str = ""

    def holds(self, text: str) -> bool:
        """Whether what was typed is what is asked for."""
        return not self.typed or text.strip() == self.typed


class Guard:
    """Knows what was confirmed in this start; one per Session."""

    def __init__(self) -> None:
        self._confirmed: set[str] = set()

    def question(
        self, environment: Environment, prepared: PreparedRequest
    ) -> CreateQuestion | None:
        """Give what has to be confirmed before this is sent, or None. Raises GuardError."""
        check(environment, prepared)
        operation = prepared.operation
        if operation.kind is not OperationKind.CREATE or _only_reads(environment, prepared):
            return None
        service = operation.service
        if environment.guard is GuardLevel.CONFIRM_EVERY:
            text = f"Create {service} in {environment.title}? Type its name to confirm."
            return CreateQuestion(environment.name, environment.base_url, text, environment.name)
        first = environment.guard is GuardLevel.CONFIRM_FIRST
        if first and environment.name not in self._confirmed:
            text = f"Create {service} in {environment.title}? Asked once in each start."
            return CreateQuestion(environment.name, environment.base_url, text)
        return None

    def admit(
        self,
        environment: Environment,
        prepared: PreparedRequest,
        confirmed: CreateQuestion | None,
    ) -> None:
        """Let a create out; raise GuardError unless what has to be confirmed was `confirmed`."""
        question = self.question(environment, prepared)
        if question is None:
            return
        if confirmed != question:
            raise GuardError(f"{environment.title} wants this create confirmed.")
        self._confirmed.add(environment.name)


def check(environment: Environment, prepared: PreparedRequest) -> None:
    """Raise GuardError where the Environment is read-only and the request is not."""
    if environment.guard is GuardLevel.READ_ONLY and not _only_reads(environment, prepared):
        raise GuardError(
            f"{environment.title} is read-only: {prepared.operation.title} may change something. "
            "Only requests such as status go out; the guard level is in the environment's settings."
        )


def _only_reads(environment: Environment, prepared: PreparedRequest) -> bool:
    operation, method = prepared.operation, prepared.method
    if method in ASIDE or (method == "GET" and operation.asks):
        return True
    if method == "POST" and _is_question(environment, prepared.url):
        return True
    if operation.kind is OperationKind.CREATE:
        return False
    stored = method == "GET" and operation.request.split("/")[0] == _STORED
    return stored or (method in {"GET", "POST"} and operation.request in READING_REQUESTS)


def _is_question(environment: Environment, url: str) -> bool:
    """Whether a POST to this address only asks: by where it goes, whatever it says it is for."""
    below, path = f"{environment.origin}{environment.base_path}", url.partition("?")[0]
    if not path.startswith(f"{below}/") or _AMBIGUOUS.search(path, len(below)):
        return False
    return _ANSWERED_BY_POST.fullmatch(path, len(below)) is not None
