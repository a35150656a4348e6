"""What an answer means for the step that asked for it: its verdict, its checks, its captures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gms_console.flow.judging import check_text, holds_of, value_at, value_text
from gms_console.flow.types import Check, HttpCheck, Operator, Step, TimeCheck, ValueCheck
from gms_console.json_text.exact import ExactNumber, read_exact, write_exact
from gms_console.model.answer import Answer, Problem, ProblemKind
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.reading import JsonValue, text_of
from gms_console.poll import Poll, PollOutcome
from gms_console.runner.results import CheckResult, Verdict
from gms_console.runner.whole_answer import LARGEST, whole_text

MOST_FOUND = 300
"""Characters of what was found that a result holds."""

MOST_CAPTURED = 1_000_000
"""Characters of a captured value; what is longer is no value to send on."""

_ROUNDED = 15
"""Digits from which on a fraction may be another one than was sent."""

_ERROR_FIELD = re.compile(r'"?(error|exception|message|phrase|code)\b')


@dataclass(frozen=True, slots=True)
class Judged:
    """What a step came to, once there was an answer, or was none to be."""

    verdict: Verdict
    message: str = ""
    checks: tuple[CheckResult, ...] = ()
    captured: tuple[tuple[str, str], ...] = ()


def judge(step: Step, exchange: Exchange, answer: Answer) -> Judged:
    """Judge one answer by all checks of a step."""
    problem = answer.problem
    if problem is not None and problem.kind is ProblemKind.TRANSPORT:
        return Judged(_transport(problem), problem.said)
    checks = _checked(step, exchange, answer, exchange.timing.total)
    if problem is not None and not _asked_for(step, problem):
        return _with_problem(problem, checks)
    return _by_checks(step, checks, exchange, answer)


def judge_poll(step: Step, poll: Poll, answer: Answer | None) -> Judged:
    """Judge how a poll ended: by its last whole answer, and by the time of each attempt."""
    exchange, outcome = poll.last_exchange, poll.outcome
    if outcome is PollOutcome.CANCELLED:
        return Judged(Verdict.INTERRUPTED, f"the poll was {poll.reason}")
    if exchange is None or answer is None:
        return Judged(Verdict.NOT_REACHED, poll.reason)
    problem = answer.problem
    if problem is not None and problem.kind is ProblemKind.TRANSPORT:
        transport = outcome is PollOutcome.TOO_MANY_ERRORS
        return Judged(_transport(problem) if transport else Verdict.NOT_REACHED, poll.reason)
    slowest = max((one.elapsed for one in poll.timeline.attempts), default=0.0)
    checks = _checked(step, exchange, answer, slowest)
    if outcome is PollOutcome.REACHED:
        return _by_checks(step, checks, exchange, answer)
    if problem is not None and outcome is PollOutcome.TOO_MANY_ERRORS:
        return Judged(Verdict.FAILED, poll.reason, checks)
    if problem is not None and outcome is PollOutcome.REFUSED:
        if _asked_for(step, problem):
            return _by_checks(step, checks, exchange, answer)
        return _with_problem(problem, checks)
    return Judged(Verdict.NOT_REACHED, poll.reason, checks)


def judge_nothing(step: Step) -> Judged:
    """Judge a step that sends nothing, such as a wait: a check or capture of it cannot hold."""
    checks = tuple(
        CheckResult(check=check, passed=False, text=check_text(check), found="no answer")
        for check in step.expect
    )
    missing = [
        f"capture {name}: nothing was sent, so there is no answer" for name, _ in step.capture
    ]
    return _verdict(checks, missing, ())


def problem_text(problem: Problem) -> str:
    """Say in a sentence what is wrong with an answer, in GMS's own words."""
    status = f"HTTP {problem.status}"
    match problem.kind:
        case ProblemKind.HTTP:
            return f"{status}: {problem.said}" if problem.said else status
        case ProblemKind.ERROR_INSIDE:
            return f"an error inside {status}: {problem.said}"
        case ProblemKind.BROKEN_JSON:
            return f"broken JSON in {status}: {problem.said}"
        case ProblemKind.PAGE:
            return f"{status} brought a web page where data was expected: {problem.said}"
        case _:
            return problem.said


def _transport(problem: Problem) -> Verdict:
    return Verdict.MISSING_FILE if problem.failure is FailureKind.FILE else Verdict.ERROR


def _asked_for(step: Step, problem: Problem) -> bool:
    """Whether a check asks for an answer with an error, so that the checks alone decide."""
    return any(_asks_for(check, problem) for check in step.expect)


def _asks_for(check: Check, problem: Problem) -> bool:
    if isinstance(check, HttpCheck):
        status = problem.status or 0
        return status in check.statuses and not 200 <= status < 300
    if not isinstance(check, ValueCheck) or _ERROR_FIELD.match(check.path) is None:
        return False
    # That there is no error is what any answer is expected to say.
    return check.operator is not Operator.EXISTS or check.operand is True


def _checked(
    step: Step, exchange: Exchange, answer: Answer, slowest: float
) -> tuple[CheckResult, ...]:
    return tuple(_check(check, exchange, answer, slowest) for check in step.expect)


def _check(check: Check, exchange: Exchange, answer: Answer, slowest: float) -> CheckResult:
    if isinstance(check, HttpCheck):
        status = exchange.response.status if exchange.response is not None else 0
        passed, seen = status in check.statuses, str(status or "no answer")
    elif isinstance(check, TimeCheck):
        passed, seen = slowest <= check.max_ms, f"{slowest:.0f} ms"
    else:
        value = _value(check.path, exchange, answer)
        passed, seen = holds_of(check, value), value_text(value)
    if len(seen) > MOST_FOUND:
        seen = f"{seen[:MOST_FOUND]}…"
    return CheckResult(check=check, passed=passed, text=check_text(check), found=seen)


def _value(path: str, exchange: Exchange, answer: Answer) -> JsonValue:
    """Give what stands at a path; a number that was rounded as it is in the answer."""
    value = value_at(path, answer.data)
    # Read again only here: few numbers have so many digits.
    if isinstance(value, float) and len(repr(value).strip("-0.").replace(".", "")) >= _ROUNDED:
        exact = value_at(path, _exact_data(exchange, answer))
        return exact if isinstance(exact, float) else value
    return value


def _with_problem(problem: Problem, checks: tuple[CheckResult, ...]) -> Judged:
    """Say what is wrong with an answer, and which checks failed with it."""
    return Judged(Verdict.FAILED, "\n".join([problem_text(problem), *_failed(checks)]), checks)


def _failed(checks: tuple[CheckResult, ...]) -> list[str]:
    return [f"{one.text}: found {one.found}" for one in checks if not one.passed]


def _by_checks(
    step: Step, checks: tuple[CheckResult, ...], exchange: Exchange, answer: Answer
) -> Judged:
    captured, missing = _captured(step, exchange, answer) if step.capture else ((), [])
    return _verdict(checks, missing, captured)


def _verdict(
    checks: tuple[CheckResult, ...], missing: list[str], captured: tuple[tuple[str, str], ...]
) -> Judged:
    wrong = [*_failed(checks), *missing]
    if not wrong:
        return Judged(Verdict.PASSED, "", checks, captured)
    return Judged(Verdict.FAILED, "\n".join(wrong), checks, captured)


def _captured(
    step: Step, exchange: Exchange, answer: Answer
) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """Give the captured variables, and a sentence for each that is missing."""
    captured: list[tuple[str, str]] = []
    missing: list[str] = []
    exact: JsonValue = None
    for name, path in step.capture:
        value = value_at(path, answer.data)
        if isinstance(value, float | int | dict | list) and not isinstance(value, bool):
            # Read again only here: few captures are numbers, and none may be rounded.
            exact = _exact_data(exchange, answer) if exact is None else exact
            value = value_at(path, exact)
        text = _value_text(value)
        if text is None:
            missing.append(f"capture {name}: nothing at {path}")
        elif len(text) > MOST_CAPTURED:
            missing.append(f"capture {name}: {len(text):,} characters at {path}, too long")
        else:
            captured.append((name, text))
    return tuple(captured), missing


def _exact_data(exchange: Exchange, answer: Answer) -> JsonValue:
    """Read an answer with every number as it was sent."""
    response = exchange.response
    if response is None or (response.stored is not None and response.size > LARGEST):
        return answer.data
    try:
        return read_exact(whole_text(response))[0]
    except (OSError, ValueError, RecursionError):
        return answer.data


def _value_text(value: JsonValue) -> str | None:
    if isinstance(value, ExactNumber):
        return value.text
    if isinstance(value, dict | list):
        try:
            return write_exact(value)
        except RecursionError:
            return None
    return "" if value == "" else text_of(value)
