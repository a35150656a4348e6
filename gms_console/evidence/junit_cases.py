"""What a step gives for JUnit: a test case for each check, one for a poll, or one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from gms_console.flow.judging import check_text
from gms_console.flow.types import Flow, StepKind
from gms_console.model.exchange import Exchange
from gms_console.poll import PollOutcome
from gms_console.runner.results import CheckResult, PollResult, StepResult, Verdict

_FAILURES = frozenset({Verdict.FAILED, Verdict.NOT_REACHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What stands in a test case that did not pass: `failure`, `error` or `skipped`."""

    element: str
    kind: str
    message: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCase:
    """One test case; `seconds` is how long it took."""

    __test__ = False

    name: str
    classname: str
    seconds: float = 0.0
    wrong: Wrong | None = None
    out: str = ""


def test_cases(flow: Flow, result: StepResult) -> list[TestCase]:
    """Give the test cases of a step; the time of the step is that of the first one."""
    classname = class_name(flow, result)
    found = list(_named(result))
    if not found or not (result.passed or any(wrong for _, wrong in found)):
        found.append((_own_name(result), _own(result)))
    elif missing := _missing(result):
        wrong = Wrong(element="failure", kind="capture", message=missing, text=missing)
        found.append((_own_name(result), wrong))
    out = _evidence(result)
    return [
        TestCase(
            name=name,
            classname=classname,
            seconds=result.elapsed / 1000 if place == 0 else 0.0,
            wrong=wrong,
            out=out if place == 0 or wrong is not None else "",
        )
        for place, (name, wrong) in enumerate(found)
    ]


def class_name(flow: Flow, result: StepResult) -> str:
    """Give `flow.step`, the same wherever it is run; steps of one title are counted."""
    title = result.step.title
    same = sum(1 for step in flow.steps[: result.index] if step.title == title)
    counted = f"{title} ({same + 1})" if same else title
    return f"{_without_dots(flow.title)}.{_without_dots(counted)}"


def _without_dots(name: str) -> str:
    """Take the dots out of a name: readers of JUnit take what stands before one for a package."""
    return name.replace(".", "_")


def _named(result: StepResult) -> Iterator[tuple[str, Wrong | None]]:
    """Give the poll and the checks by their names, with what is wrong with each."""
    if result.poll is not None:
        yield _poll_name(result), _of_poll(result, result.poll)
    seen: dict[str, int] = {}
    for check in result.checks:
        seen[check.text] = seen.get(check.text, 0) + 1
        count = seen[check.text]
        yield check.text if count == 1 else f"{check.text} ({count})", _of_check(check)


def _poll_name(result: StepResult) -> str:
    wanted = " or ".join(map(check_text, result.step.until))
    return f"poll {result.step.name} until {wanted}" if wanted else f"poll {result.step.name}"


def _of_poll(result: StepResult, poll: PollResult) -> Wrong | None:
    if poll.outcome is PollOutcome.REACHED or result.passed:
        return None
    element = "failure" if result.verdict in _FAILURES else "error"
    message = ": ".join(filter(None, (poll.outcome.value, poll.reason)))
    return Wrong(element=element, kind=poll.outcome.value, message=message, text=result.message)


def _of_check(check: CheckResult) -> Wrong | None:
    if check.passed:
        return None
    text = f"expected: {check.text}\nfound: {check.found}"
    message = f"expected {check.text}, found {check.found}"
    return Wrong(element="failure", kind="check", message=message, text=text)


def _own_name(result: StepResult) -> str:
    return "waited" if result.step.kind is StepKind.WAIT else "answered"


def _own(result: StepResult) -> Wrong | None:
    if result.passed:
        return None
    kind, message = result.verdict.value, result.message or result.verdict.value
    if result.verdict is Verdict.SKIPPED:
        return Wrong(element="skipped", kind=kind, message=message)
    element = "failure" if result.verdict in _FAILURES else "error"
    failure = result.exchange.failure if result.exchange is not None else None
    if failure is not None:
        kind = failure.kind.value
    return Wrong(element=element, kind=kind, message=message, text=message)


def _missing(result: StepResult) -> str:
    """Say which captures failed beside checks that failed too."""
    if result.verdict is not Verdict.FAILED:
        return ""
    captured = {name for name, _ in result.captured}
    names = [name for name, _ in result.step.capture if name not in captured]
    begins = tuple(f"capture {name}: " for name in names)
    return "\n".join(line for line in result.message.splitlines() if line.startswith(begins))


def _evidence(result: StepResult) -> str:
    """Give what went out and came back in a few lines, without the host."""
    lines = [result.title] if result.title != result.step.title else []
    if result.step.note:
        lines.append(result.step.note)
    if result.exchange is not None:
        lines.append(_line(result.exchange))
    if result.poll is not None:
        lines.append(_states(result.poll))
    if result.instance_id:
        lines.append(f"instance {result.instance_id}")
    if result.exchange is not None:
        lines.append(f"exchange {result.exchange.id}")
    return "\n".join(lines)


def _line(exchange: Exchange) -> str:
    response, failure = exchange.response, exchange.failure
    status = f"{response.status} {response.reason}".rstrip() if response is not None else "none"
    failed = f", {failure.kind.value}" if failure is not None else ""
    path = _path(exchange.request.url)
    return f"{exchange.request.method} {path}: {status}{failed}, {exchange.timing.total:,.0f} ms"


def place_of(exchange: Exchange) -> dict[str, str]:
    """Name where an Exchange went: the Environment and its node, else the host that was typed."""
    if exchange.environment:
        return {"environment": exchange.environment, "node": exchange.node}
    try:
        place = urlsplit(exchange.request.url)
    except ValueError:
        return {}
    return {"environment": f"{place.scheme}://{place.netloc}"}


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _states(poll: PollResult) -> str:
    count = len(poll.attempts)
    states = ", ".join(
        f"{span.state} from {span.first.isoformat(timespec='milliseconds')}" for span in poll.spans
    )
    return f"{count} attempt{'' if count == 1 else 's'}: {states or 'no state was seen'}"
