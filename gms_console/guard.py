"""The Guard: what an Environment lets out, and what a person has to confirm before."""

from __future__ import annotations

from dataclasses import dataclass

from gms_console.model.connection import GuardLevel
from gms_console.model.environment import Environment
from gms_console.model.exchange import OperationKind
from gms_console.wire.request import PreparedRequest

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, unless GMS takes them for a create or for a choice on the phone."""

_ASIDE = READING_METHODS - {"GET"}
"""Methods that create nothing. GMS creates by GET too, as for chat (domain 1.2, row 1c)."""

READING_REQUESTS = frozenset({"status", "check-queue-position"})
"""Service-specific requests by POST that only ask (reference page; domain 2.7)."""


class GuardError(Exception):
    """A request that the Environment's guard does not let out; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person is asked before a create. `typed` has to be typed, where it is not empty."""

    environment: str
    text: str
    typed: str = ""

    def holds(self, text: str) -> bool:
        """Whether what was typed is what is asked for."""
        return not self.typed or text.strip() == self.typed


class Guard:
    """Knows what was confirmed in this start; one per Session."""

    def __init__(self) -> None:
        self._confirmed: set[str] = set()

    def question(self, environment: Environment, prepared: PreparedRequest) -> Confirmation | None:
        """Give what has to be confirmed before this is sent, or None. Raises GuardError."""
        check(environment, prepared)
        if prepared.operation.kind is not OperationKind.CREATE or prepared.method in _ASIDE:
            return None
        service = prepared.operation.service
        if environment.guard is GuardLevel.CONFIRM_EVERY:
            text = f"Create {service} in {environment.title}? Type its name to confirm."
            return Confirmation(environment.name, text, environment.name)
        first = environment.guard is GuardLevel.CONFIRM_FIRST
        if first and environment.name not in self._confirmed:
            text = f"Create {service} in {environment.title}? Asked once in each start."
            return Confirmation(environment.name, text)
        return None

    def admit(
        self,
        environment: Environment,
        prepared: PreparedRequest,
        confirmed: Confirmation | None,
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
    if environment.guard is GuardLevel.READ_ONLY and not _only_reads(prepared):
        raise GuardError(
            f"{environment.title} is read-only: {prepared.operation.title} may change something. "
            "Only requests such as status go out; the guard level is in the environment's settings."
        )


def _only_reads(prepared: PreparedRequest) -> bool:
    operation = prepared.operation
    asks = operation.kind is OperationKind.REQUEST and operation.request in READING_REQUESTS
    if prepared.method in READING_METHODS:
        return asks or not operation.acts
    return asks and prepared.method == "POST"
