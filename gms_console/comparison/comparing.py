"""Compares two exchanges."""

from __future__ import annotations

from collections import deque

from gms_console.comparison.bodies import BodyDifference, compare_bodies
from gms_console.comparison.rules import DEFAULT_RULES, IgnoreRules
from gms_console.comparison.sent import compare_sent
from gms_console.comparison.types import (
    Change,
    Comparison,
    HeaderDifference,
    PhaseDifference,
    Side,
)
from gms_console.model.exchange import Exchange, HeaderList, Timing
from gms_console.presentation import TOTAL, phase_lengths, reason_text


def compare(left: Exchange, right: Exchange, rules: IgnoreRules = DEFAULT_RULES) -> Comparison:
    """Compare two exchanges: answers by structure, headers, phases. Never raises.

    Takes time with large answers, and is called in a thread then: two of 10 MB take seconds, in
    steps that let other threads work meanwhile. JSON is compared as values whose numbers keep
    their digits: 1.0 and 1.00 are a change, the order of members is none.
    """
    status = _status(left), _status(right)
    if left.response is None or right.response is None:
        body = BodyDifference(notes=[_no_answer(left, right)])
    else:
        body = compare_bodies(left.response, right.response, rules)
    headers = _headers(_answered(left), _answered(right), rules)
    counted = sum(one.change.counts for one in headers)
    return Comparison(
        status=status,
        body=body.node,
        lines=body.lines,
        headers=headers,
        phases=_phases(left.timing, right.timing),
        differences=int(status[0] != status[1]) + body.differences + counted,
        note=" ".join(body.notes),
        ignored=body.ignored + sum(one.change is Change.IGNORED for one in headers),
        sent=compare_sent(left, right),
    )


def _status(exchange: Exchange) -> str:
    response, failure = exchange.response, exchange.failure
    answered = "" if response is None else f"{response.status} {reason_text(response)}".strip()
    if failure is None:
        return answered
    return f"{failure.kind.heading} ({answered})" if answered else failure.kind.heading


def _no_answer(left: Exchange, right: Exchange) -> str:
    lacking = [
        side for side, one in ((Side.LEFT, left), (Side.RIGHT, right)) if one.response is None
    ]
    if len(lacking) == 2:
        return "Neither has an answer to compare."
    return f"The {lacking[0]} one has no answer, so there is no body to compare."


def _answered(exchange: Exchange) -> HeaderList:
    return exchange.response.headers if exchange.response is not None else ()


def _headers(
    left: HeaderList, right: HeaderList, rules: IgnoreRules
) -> tuple[HeaderDifference, ...]:
    """Pair up headers by name, those of one name in order; what is new comes last."""
    waiting: dict[str, deque[tuple[str, str]]] = {}
    for name, value in right:
        waiting.setdefault(name.lower(), deque()).append((name, value))
    found = []
    for name, value in left:
        others = waiting.get(name.lower())
        other = others.popleft()[1] if others else None
        found.append(_header(name, value, other, rules))
    for name, value in right:
        others = waiting[name.lower()]
        if others and others[0] == (name, value):
            others.popleft()
            found.append(_header(name, None, value, rules))
    return tuple(found)


def _header(name: str, left: str | None, right: str | None, rules: IgnoreRules) -> HeaderDifference:
    if left == right:
        change = Change.SAME
    elif rules.ignores_header(name):
        change = Change.IGNORED
    elif left is None:
        change = Change.ADDED
    else:
        change = Change.REMOVED if right is None else Change.CHANGED
    return HeaderDifference(name, left, right, change)


def _phases(left: Timing, right: Timing) -> tuple[PhaseDifference, ...]:
    mine = (*phase_lengths(left), (TOTAL, left.total))
    theirs = (*phase_lengths(right), (TOTAL, right.total))
    return tuple(
        PhaseDifference(name, length, other)
        for (name, length), (_, other) in zip(mine, theirs, strict=True)
    )
