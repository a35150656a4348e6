"""What the tests of the runner have in common: short steps, and a run with all that it told."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gms_console.catalogue import builtin_catalogue
from gms_console.flow.types import Flow, HttpCheck, Operator, Step, StepKind, ValueCheck
from gms_console.guard import CreateQuestion
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.model.form import Form
from gms_console.model.reading import JsonValue
from gms_console.runner.events import (
    CaseEnded,
    CaseStarted,
    ExchangeDone,
    PollMoved,
    RunEnded,
    RunEvent,
    RunStarted,
    StepEnded,
    StepStarted,
)
from gms_console.runner.faces import catalogue_paths, own_sessions
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.results import RunSummary, StepResult, Verdict
from gms_console.runner.runner import Runner
from tests.support.wire_server import Answer, WireRequest, WireServer, by_request, json_answer

CREATED = json_answer({"_id": "a1"})
OK = HttpCheck((200,))


def create(service: str = "request-inbound-poll", **more: object) -> Step:
    """A create of `call`."""
    return Step(kind=StepKind.CREATE, name=service, **{"instance": "call", **more})  # type: ignore[arg-type]


def ask(request: str = "status", **more: object) -> Step:
    """A request on the instance created last."""
    return Step(kind=StepKind.REQUEST, name=request, **more)  # type: ignore[arg-type]


def follow(label: str, **more: object) -> Step:
    """A choice on the phone."""
    return Step(kind=StepKind.FOLLOW, name=label, **more)  # type: ignore[arg-type]


def poll(until: str = "agent-ready", **more: object) -> Step:
    """A fast poll of the status."""
    fast = {"every": 0.01, "within": 5.0, "until": (equals("status", until),), **more}
    return Step(kind=StepKind.POLL, name="status", **fast)  # type: ignore[arg-type]


def cancel(**more: object) -> Step:
    """A clean-up step."""
    return ask("cancel", always=True, **more)


def equals(path: str, value: JsonValue) -> ValueCheck:
    """A check for one value."""
    return ValueCheck(path, Operator.EQUALS, value)


class Told:
    """A listener that keeps what it hears, and waits for it."""

    def __init__(self) -> None:
        self.events: list[RunEvent] = []
        self._changed = asyncio.Event()

    def __call__(self, event: RunEvent) -> None:
        self.events.append(event)
        self._changed.set()

    @property
    def steps(self) -> list[StepResult]:
        return [event.result for event in self.events if isinstance(event, StepEnded)]

    @property
    def verdicts(self) -> list[Verdict]:
        return [step.verdict for step in self.steps]

    @property
    def exchanges(self) -> list[Exchange]:
        return [event.exchange for event in self.events if isinstance(event, ExchangeDone)]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


def runner_of(
    plan: RunPlan, told: Callable[[RunEvent], None], *, confirm: Callable[[CreateQuestion], bool]
) -> Runner:
    """A runner as a face without a window makes it."""
    return Runner(
        plan,
        told,
        sessions=own_sessions(),
        confirm=confirm,
        request_path=catalogue_paths(builtin_catalogue()),
    )


def planned(
    place: Environment,
    steps: Sequence[Step],
    *,
    flow_vars: Mapping[str, str] | None = None,
    file: Path | None = None,
    **more: object,
) -> RunPlan:
    """A plan of one flow."""
    flow = Flow(name="flow", vars=tuple((flow_vars or {}).items()), steps=tuple(steps), file=file)
    return RunPlan(flows=(PlannedFlow(flow, place),), **more)  # type: ignore[arg-type]


async def carry_out(
    plan: RunPlan, confirm: Callable[[CreateQuestion], bool] = lambda _: True
) -> tuple[RunSummary, Told]:
    """Run a plan to its end; what was told must be whole and in order."""
    told = Told()
    summary = await runner_of(plan, told, confirm=confirm).run()
    check_order(told)
    assert isinstance(told.events[-1], RunEnded)
    assert told.events[-1].summary == summary
    assert summary.requests == len(told.exchanges)
    return summary, told


def check_order(told: Told) -> None:
    """Each case and each step begins, is told of, and ends, in this order."""
    assert isinstance(told.events[0], RunStarted)
    open_steps: dict[int, int] = {}
    open_cases: set[int] = set()
    for event in told.events:
        if isinstance(event, CaseStarted):
            open_cases.add(event.case.number)
        elif isinstance(event, StepStarted):
            assert event.case.number in open_cases
            open_steps[event.case.number] = event.index
        elif isinstance(event, ExchangeDone | PollMoved):
            assert open_steps[event.case.number] == event.index
        elif isinstance(event, StepEnded) and event.result.verdict is not Verdict.SKIPPED:
            assert open_steps.pop(event.case.number) == event.result.index
        elif isinstance(event, CaseEnded):
            open_cases.remove(event.result.case.number)
    # A step that was skipped because of its instance has begun, and has nothing to end.
    assert not open_cases


def gms(states: Sequence[str] = ("agent-ready",), created: JsonValue = None) -> Answer:
    """A server of one instance `a1`, whose status goes through `states`."""
    left = list(states)

    def answer(request: WireRequest) -> Answer:
        if request.target.endswith("/status"):
            return json_answer({"status": left.pop(0) if len(left) > 1 else left[0]})
        if request.target.endswith("/cancel"):
            return json_answer({"cancelled": True})
        return json_answer(created or {"_id": "a1", "_access_number": "800"})

    return by_request(answer)


def targets(wire: WireServer) -> list[str]:
    """The last segments of what was asked for, in order."""
    return [request.target.rpartition("/")[2] for request in wire.requests]


def form(*pairs: tuple[str, str]) -> Form:
    """A Form of texts."""
    return Form.of(*pairs)
