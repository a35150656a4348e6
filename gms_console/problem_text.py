"""All that is known of a Problem as one text, to be read at leisure or put into a ticket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gms_console.certificate_text import certificate_lines
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.model.problem import Problem
from gms_console.presentation import reason_text, slot_text

if TYPE_CHECKING:
    from gms_console.problems import Explanation

HEADINGS = (
    "What was said",
    "Facts",
    "Probably",
    "Look at",
    "Try",
    "Offered instead",
    "What is odd",
    "Certificate of the server",
)
"""The headings of the text, each on a line of its own, in their order."""

_SAID, _FACTS, _MEANS, _LOOK, _TRY, _SLOTS, _ODD, _CERTIFICATE = HEADINGS
_SHOWN_SLOTS = 20


def problem_text(exchange: Exchange, answer: Answer, explanation: Explanation | None) -> str:
    """Give what was said, what it means, what to do, and what is odd; empty for nothing of that."""
    parts = list(_of_problem(exchange, answer.problem, explanation)) if answer.problem else []
    if answer.notes:
        parts.append((_ODD, "\n".join(f"- {note}" for note in answer.notes)))
    certificate = exchange.failure.certificate if exchange.failure is not None else None
    if certificate is not None:
        lines = ((f"{name}:", text) for name, text in certificate_lines(certificate))
        parts.append((_CERTIFICATE, _table(lines)))
    return "\n\n".join(f"{heading}\n{text}" for heading, text in parts if text)


def _of_problem(
    exchange: Exchange, problem: Problem, explanation: Explanation | None
) -> Iterator[tuple[str, str]]:
    yield _SAID, problem.said or "The answer does not say why."
    yield _FACTS, _table(_facts(exchange, problem))
    if explanation is not None:
        yield _MEANS, explanation.means
        yield _LOOK, explanation.look
        yield _TRY, explanation.advice
    shown = [slot_text(slot) for slot in problem.slots[:_SHOWN_SLOTS]]
    if len(problem.slots) > _SHOWN_SLOTS:
        shown.append(f"and {len(problem.slots) - _SHOWN_SLOTS:,} more")
    yield _SLOTS, "\n".join(shown)


def _facts(exchange: Exchange, problem: Problem) -> Iterator[tuple[str, str]]:
    request, response, failure = exchange.request, exchange.response, exchange.failure
    yield "Request:", f"{exchange.operation.title}, {request.method} {request.url}"
    if response is not None:
        yield "Status:", f"{response.status} {reason_text(response)}".rstrip()
    if failure is not None:
        yield "Failure:", f"{failure.kind.value}, in the phase {failure.phase}"
    if problem.exception:
        yield "Exception:", problem.exception
    if problem.phrase:
        yield "Phrase:", problem.phrase
    if problem.code:
        yield "Code:", problem.code
    where = " / ".join(filter(None, (exchange.environment, exchange.node)))
    if where:
        yield "Sent to:", where
    yield "At:", exchange.started.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def _table(rows: Iterator[tuple[str, str]]) -> str:
    found = list(rows)
    width = max((len(name) for name, _ in found), default=0) + 2
    return "\n".join(f"{name:<{width}}{text}" for name, text in found)
