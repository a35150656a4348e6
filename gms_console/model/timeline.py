"""The state timeline: which states an Instance was seen in, when, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request of a Poll: when it started, how long it took (ms), what it saw.

    `state` is None where none could be read; `fault` then says why, in a few words.
    """

    number: int
    started: datetime
    elapsed: float
    exchange_id: str
    state: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSpan:
    """A state seen by one attempt or by several in a row; a return to it is a new span."""

    state: str
    first: datetime
    last: datetime
    attempts: int


class Timeline:
    """The attempts of a Poll and the state spans that they make."""

    def __init__(self) -> None:
        self._attempts: list[Attempt] = []
        self._spans: list[StateSpan] = []

    @property
    def attempts(self) -> Sequence[Attempt]:
        """All attempts in order."""
        return self._attempts

    @property
    def spans(self) -> Sequence[StateSpan]:
        """All state spans in order; the last one is the current state."""
        return self._spans

    @property
    def state(self) -> str | None:
        """The state that was read last."""
        return self._spans[-1].state if self._spans else None

    def copy(self) -> Timeline:
        """Give another one with the same attempts, which goes its own way from here."""
        made = Timeline()
        made._attempts.extend(self._attempts)
        made._spans.extend(self._spans)
        return made

    def add(self, attempt: Attempt) -> bool:
        """Append an attempt; tell whether it brought a new state."""
        self._attempts.append(attempt)
        if attempt.state is None:
            return False
        if self._spans and self._spans[-1].state == attempt.state:
            span = self._spans[-1]
            self._spans[-1] = replace(span, last=attempt.started, attempts=span.attempts + 1)
            return False
        self._spans.append(
            StateSpan(state=attempt.state, first=attempt.started, last=attempt.started, attempts=1)
        )
        return True
