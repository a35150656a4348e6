"""An Exchange, or a Poll, as text for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gms_console.cli.explaining import explained
from gms_console.model.answer import Access, Answer, Problem, ProblemKind, body_text, read_answer
from gms_console.model.exchange import Exchange, FailureKind, Response
from gms_console.presentation import reason_text, slot_text

if TYPE_CHECKING:
    from gms_console.poll import Poll

_MOST_SAID = 300


def text_report(exchange: Exchange) -> str:
    """Give status, what GMS told of access, id and state, and the body as it came."""
    response = exchange.response
    hops = [_hop(one) for one in exchange.hops[:-1]]
    if response is None:
        return "".join(f"{line}\n" for line in hops)
    answer = read_answer(exchange)
    lines = [_status_line(response, answer, exchange.timing.total), *hops, *_facts(answer)]
    lines += _not_followed(exchange)
    lines += [_fact("Note", note) for note in answer.notes]
    body = body_text(response)
    if body:
        lines += ["", body.removesuffix("\n")]
    return "\n".join(lines) + "\n"


def text_problem(problem: Problem, exchange: Exchange) -> str:
    """Say what happened, what it probably means, where to look and what to try."""
    explanation = explained(problem, exchange)
    lines = [f"Error: {_said(problem)}"]
    if explanation.means:
        lines.append(f"Probably: {explanation.means}")
    if explanation.look:
        lines.append(f"Look at: {explanation.look}")
    if explanation.advice:
        lines.append(f"Try: {explanation.advice}")
    if problem.slots:
        lines.append("Times that GMS offers:")
        lines += [f"  {slot.time}  {slot_text(slot)}" for slot in problem.slots]
    return "\n".join(lines)


def text_poll(poll: Poll) -> str:
    """Say how a poll ended and which states it saw; the last exchange is told apart."""
    timeline = poll.timeline
    attempts = _count(len(timeline.attempts), "attempt")
    lines = [f"Poll of {poll.plan.request}: {poll.outcome} after {attempts}"]
    width = max((len(span.state) for span in timeline.spans), default=0)
    lines += [
        f"  {(span.first - timeline.attempts[0].started).total_seconds():6.1f} s"
        f"  {span.state:{width}}  {_count(span.attempts, 'time')}"
        for span in timeline.spans
    ]
    return "\n".join(lines) + "\n"


def text_poll_error(poll: Poll) -> str:
    """Say why a poll ended without the wanted state."""
    state = poll.timeline.state
    where = f"the last state was {state}" if state is not None else "no state was read"
    if poll.outcome == "cancelled":
        return f"Error: the poll was {poll.reason} ({where})"
    return f"Error: poll {poll.outcome}: {poll.reason} ({where})"


def _status_line(response: Response, answer: Answer, elapsed: float) -> str:
    status = f"HTTP {response.status} {reason_text(response)}".rstrip()
    return f"{status}: {_meaning(response.status, answer.problem)} ({elapsed:,.0f} ms)"


def _meaning(status: int, problem: Problem | None) -> str:
    if problem is None:
        return "GMS did what was asked"
    if problem.failure is FailureKind.REDIRECTS:
        return "the request was led astray"
    if problem.kind is not ProblemKind.HTTP:
        return {
            ProblemKind.TRANSPORT: "the answer is not whole",
            ProblemKind.ERROR_INSIDE: "but there is an error in the answer",
            ProblemKind.BROKEN_JSON: "but the JSON of the answer is broken",
            ProblemKind.PAGE: "but it is an HTML page, and GMS answers data",
        }[problem.kind]
    return {
        3: "another address is to be asked",
        4: "GMS refused it",
        5: "GMS failed on its side",
    }.get(status // 100, "GMS did not do what was asked")


def _facts(answer: Answer) -> Iterator[str]:
    if answer.access is not None:
        yield from _access(answer.access)
    if answer.id is not None:
        yield _fact("Id", answer.id)
    if answer.state is not None:
        yield _fact("State", answer.state)


def _hop(exchange: Exchange) -> str:
    """Say what one redirect on the way answered."""
    response = exchange.response
    said = "" if response is None else f"{response.status} -> {response.header('location')}"
    return _fact("Redirected", f"{exchange.request.url} {said}")


def _not_followed(exchange: Exchange) -> Iterator[str]:
    """Say where an answer leads that nobody followed."""
    if exchange.response is None or exchange.response.status // 100 != 3:
        return
    from gms_console.client.redirects import redirect_of  # noqa: PLC0415 - seldom needed
    from gms_console.model.environment import Environment  # noqa: PLC0415 - as said

    parts = urlsplit(exchange.request.url)
    redirect = redirect_of(Environment.parse(f"{parts.scheme}://{parts.netloc}//"), exchange)
    if redirect is not None:
        yield _fact("Not followed", f"{redirect.url}: {redirect.why}")


def _access(access: Access) -> Iterator[str]:
    if access.number is not None:
        yield _fact("Access number", access.number)
    if access.code is not None:
        yield _fact("Access code", access.code)
    if access.lifetime is not None and access.expires is not None:
        until = access.expires.astimezone().strftime("%H:%M:%S")
        yield _fact("Held for", f"{access.lifetime:g} s, until {until}")


def _fact(name: str, value: str) -> str:
    return f"{name:14} {value}"


def _said(problem: Problem) -> str:
    first, _, more = problem.said.strip().partition("\n")
    said = first[:_MOST_SAID].rstrip()
    if more or len(first) > _MOST_SAID:
        said += " ..."
    if problem.kind is ProblemKind.BROKEN_JSON:
        return f"the JSON of the answer is broken: {said}"
    if problem.kind is ProblemKind.PAGE:
        return f"an HTML page came for data: {said}"
    if problem.kind is ProblemKind.TRANSPORT:
        return said if problem.failure is not FailureKind.OTHER else f"transport failed: {said}"
    if problem.kind is ProblemKind.HTTP and not said:
        return f"HTTP {problem.status}"
    return f"GMS said: {said}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
