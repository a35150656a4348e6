"""Requests that were repeated until the state changed: one poll, with its interval and rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median

from gms_console.flow.types import DEFAULT_WITHIN, Operator, StepKind, ValueCheck
from gms_console.importing.calls import Notes
from gms_console.importing.drafts import Draft
from gms_console.model.reading import JsonValue, text_of

_STATES = ("status", "_callback_state")
_LEAST_EVERY = 0.05


def with_polls(drafts: Sequence[Draft], notes: Notes) -> list[Draft]:
    """Make one step of each run of requests that are the same and are told apart by time only."""
    found: list[Draft] = []
    for _, group in groupby(drafts, key=_same):
        run = list(group)
        found += _merged(run, notes) if len(run) > 1 else run
    return found


def _same(draft: Draft) -> object:
    """Give what requests of one poll have in common; a step that is none has it alone."""
    call = draft.call
    if draft.kind is not StepKind.REQUEST or call is None or call.started is None:
        return id(draft)
    if _state(call.answer) is None:
        return id(draft)
    instance = draft.instance_id if draft.made is None else id(draft.made)
    return (draft.name, instance, draft.method, draft.encoding, draft.form)


def _merged(run: list[Draft], notes: Notes) -> list[Draft]:
    first, last = run[0], run[-1]
    for other in run[1:]:
        first.capture |= other.capture
    times = [draft.call.started or 0.0 for draft in run if draft.call is not None]
    every = _rounded(median(after - before for before, after in pairwise(times)))
    before, after = _state_of(first), _state_of(last)
    if before is None or after is None or before == after or last.call is None:
        where = first.call.where if first.call is not None else ""
        state = "" if after is None else f", and its state stayed {after[1]}"
        notes.add(
            f"{where}: {first.name} was sent {len(run)} times, every {every:g} s{state}; it is "
            "sent once, as a poll needs a state to wait for"
        )
        return [first]
    first.kind = StepKind.POLL
    first.every = every
    first.within = max(DEFAULT_WITHIN, float(math.ceil(2 * (times[-1] - times[0]))))
    first.until = (ValueCheck(after[0], Operator.EQUALS, after[1]),)
    return [first]


def _rounded(seconds: float) -> float:
    return max(_LEAST_EVERY, round(seconds, 1 if seconds >= 1 else 2))


def _state_of(draft: Draft) -> tuple[str, str] | None:
    return None if draft.call is None else _state(draft.call.answer)


def _state(answer: JsonValue) -> tuple[str, str] | None:
    """Give the path of an answer's state, and the state."""
    prefix = ""
    if isinstance(answer, list) and len(answer) == 1:
        answer, prefix = answer[0], "[0]."
    for name in _STATES if isinstance(answer, dict) else ():
        state = text_of(answer.get(name))
        if state:
            return f"{prefix}{name}", state
    return None
