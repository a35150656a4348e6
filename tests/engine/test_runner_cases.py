"""A run of several cases: rows, repetitions, what is shared between them, and what is not."""

import asyncio
import gc
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.flow.types import Flow, HttpCheck, Step, StepKind
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.runner.events import CaseStarted, ExchangeDone, RunEvent, StepEnded
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.results import Case, Verdict
from gms_console.session import Session
from tests.engine.helpers import environment, open_session
from tests.engine.runs import (
    CREATED,
    ask,
    cancel,
    carry_out,
    create,
    equals,
    form,
    gms,
    planned,
    poll,
    runner_of,
    targets,
)
from tests.support.wire_server import Answer, WireRequest, WireServer, by_request, json_answer


async def test_each_row_and_each_repetition_is_a_case(wire: WireServer) -> None:
    wire.script(CREATED)
    rows = form(("who", "{{name}}"), ("from", "{{place}}"), ("n", "{{$counter}}"))
    plan = planned(
        environment(wire),
        [create(form=rows)],
        flow_vars={"name": "of the flow", "place": "{{city}}!"},
        data=[{"name": "Ann", "city": "Ulm"}, {"name": "Bob", "city": "Köln"}],
        repeat=2,
    )
    summary, told = await carry_out(plan)
    assert (summary.cases, summary.passed, plan.size) == (4, 4, 4)
    titles = [event.case.title for event in told.events if isinstance(event, CaseStarted)]
    assert titles == [f"flow, row {row}, repetition {n}" for row in (1, 2) for n in (1, 2)]
    sent = [
        {row.key: row.value for row in one.request.form}
        for one in told.exchanges
        if one.request.form is not None
    ]
    assert [(one["who"], one["from"]) for one in sent] == [("Ann", "Ulm!")] * 2 + [
        ("Bob", "Köln!")
    ] * 2
    assert [one["n"] for one in sent] == ["1", "2", "3", "4"]


async def test_a_row_that_fails_does_not_end_the_others(wire: WireServer) -> None:
    wire.script(gms(["waiting"]))
    steps = [create(form=form(("x", "{{x}}"))), ask(expect=(equals("status", "{{wanted}}"),))]
    data = [{"x": "1", "wanted": "waiting"}, {"x": "2", "wanted": "y"}, {"x": "3"}]
    summary, _ = await carry_out(planned(environment(wire), steps, data=data))
    assert dict(summary.verdicts) == {Verdict.PASSED: 1, Verdict.FAILED: 1, Verdict.REFUSED: 1}
    assert len(wire.requests) == 5


async def test_flows_run_one_after_the_other_in_their_own_environments(wire: WireServer) -> None:
    wire.script(CREATED)
    place = environment(wire)
    flows = (
        PlannedFlow(Flow(name="one", steps=(create("first"),)), place),
        PlannedFlow(Flow(name="two", steps=(create("second"),)), replace(place, api_version=2)),
    )
    await carry_out(RunPlan(flows=flows))
    assert [request.target for request in wire.requests] == [
        "/genesys/1/service/first",
        "/genesys/2/service/second",
    ]


async def test_cases_side_by_side_share_neither_instance_nor_cookie_nor_capture(
    wire: WireServer,
) -> None:
    together = threading.Barrier(4, timeout=5)

    def answer(request: WireRequest) -> Answer:
        if request.target.endswith("/create"):
            together.wait()  # all four are under way at the same time
            name = request.body.decode().partition("=")[2]
            cookie = [("Set-Cookie", f"JSESSIONID=s-{name}; Path=/")]
            return json_answer({"_id": f"id-{name}", "code": f"c-{name}"}, headers=cookie)
        return json_answer({"status": "agent-ready"})

    wire.script(by_request(answer))
    steps = [
        create("create", form=form(("name", "{{name}}")), capture=(("code", "code"),)),
        poll(form=form(("code", "{{code}}"))),
        cancel(instance="call"),
    ]
    names = ["a", "b", "c", "d"]
    plan = planned(environment(wire), steps, data=[{"name": one} for one in names], parallel=4)
    summary, _ = await carry_out(plan)
    assert summary.ok
    later = [request for request in wire.requests if not request.target.endswith("/create")]
    assert len(later) == 8
    for request in later:
        name = request.target.split("/")[-2].removeprefix("id-")
        assert request.values("cookie") == [f"JSESSIONID=s-{name}"]
        if request.target.endswith("/status"):
            assert request.body == f"code=c-{name}".encode()


async def test_only_so_many_cases_are_under_way_at_a_time(wire: WireServer) -> None:
    wire.script(gms())
    plan = planned(environment(wire), [create(), ask()], repeat=12, parallel=3)
    open_now: set[int] = set()
    most = 0

    def listen(event: RunEvent) -> None:
        nonlocal most
        if isinstance(event, CaseStarted):
            open_now.add(event.case.number)
        if isinstance(event, StepEnded) and event.result.index == 1:
            open_now.discard(event.case.number)
        most = max(most, len(open_now))

    summary = await runner_of(plan, listen, confirm=lambda _: True).run()
    assert (summary.passed, most) == (12, 3)


async def test_steps_before_the_first_one_are_not_run_and_their_instances_are_known(
    wire: WireServer,
) -> None:
    wire.script(gms())
    place = environment(wire)
    steps = [create(), cancel(), ask(form=form(("n", "{{number}}"))), cancel(instance="call")]
    async with open_session() as session:
        plan = planned(
            place,
            steps,
            first=2,
            instances={"call": session.attach(place, "b7")},
            captured={"number": "800"},
        )
        _, told = await carry_out(plan)
    assert [step.index for step in told.steps] == [2, 3]
    assert [request.target for request in wire.requests] == [
        "/genesys/1/service/b7/status",
        "/genesys/1/service/b7/cancel",
    ]
    assert wire.requests[0].body == b"n=800"
    _, told = await carry_out(planned(place, steps, first=3))
    assert told.verdicts == [Verdict.REFUSED]
    assert "has not been created" in told.steps[0].message
    assert len(wire.requests) == 2


async def test_clean_up_is_skipped_where_its_create_failed_or_was_skipped(
    wire: WireServer,
) -> None:
    wire.script(json_answer({"message": "no"}, 500))
    steps = [
        create("one", instance="one"),
        create("two", instance="two"),
        cancel(instance="one"),
        cancel(instance="two"),
    ]
    summary, told = await carry_out(planned(environment(wire), steps))
    assert told.verdicts == [Verdict.FAILED, *[Verdict.SKIPPED] * 3]
    assert [step.message for step in told.steps[1:]] == [
        "step 1, create one, did not pass",
        "create one did not pass",
        "create two was skipped",
    ]
    assert summary.verdicts == ((Verdict.FAILED, 1),)
    assert targets(wire) == ["one"]


async def test_clean_up_goes_to_the_instance_that_is_there_when_a_later_create_was_skipped(
    wire: WireServer,
) -> None:
    wire.script(gms(["waiting"]))
    steps = [create(instance=""), ask(expect=(HttpCheck((204,)),)), create("two"), cancel()]
    _, told = await carry_out(planned(environment(wire), steps))
    assert told.verdicts == [Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED, Verdict.PASSED]
    assert wire.requests[-1].target == "/genesys/1/service/a1/cancel"


async def test_every_clean_up_step_runs_even_if_one_of_them_fails(wire: WireServer) -> None:
    wire.script(gms(["waiting"]))
    steps = [
        create(),
        ask(expect=(HttpCheck((204,)),)),
        cancel(expect=(HttpCheck((204,)),)),
        ask("forget", always=True),
    ]
    _, told = await carry_out(planned(environment(wire), steps))
    assert told.verdicts == [Verdict.PASSED, Verdict.FAILED, Verdict.FAILED, Verdict.PASSED]


async def test_the_catalogue_says_where_a_request_goes(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "a1"}))
    steps: list[Step] = [create("callback/callme"), ask("cancel callback", method="DELETE")]
    await carry_out(planned(environment(wire), steps))
    assert wire.requests[1].target == "/genesys/1/service/callback/callme/a1"


# --- memory and disk ------------------------------------------------------------------------------


def _alive() -> Counter[type]:
    gc.collect()
    return Counter(map(type, gc.get_objects()))


async def _left_over(plan: RunPlan, early: int, late: int) -> dict[type, tuple[int, int]]:
    """Run a plan; count what is alive of each kind when two of its cases begin."""
    before = _alive()
    seen: list[Counter[type]] = []

    def listen(event: RunEvent) -> None:
        if isinstance(event, CaseStarted) and event.case.number in {early, late}:
            seen.append(_alive())

    summary = await runner_of(plan, listen, confirm=lambda _: True).run()
    assert summary.passed == plan.size
    kinds = (Exchange, Session, Case, Step, GmsClient, asyncio.Task)
    return {kind: (seen[0][kind] - before[kind], seen[1][kind] - before[kind]) for kind in kinds}


async def test_hundreds_of_requests_leave_nothing_behind_but_numbers(wire: WireServer) -> None:
    wire.script(gms())
    plan = planned(environment(wire), [create(capture=(("n", "_id"),))], repeat=150, parallel=4)
    for kind, (early, late) in (await _left_over(plan, 20, 140)).items():
        assert late <= early + 8, kind
        assert late < 40, kind


async def test_a_thousand_cases_leave_nothing_behind_but_numbers() -> None:
    place = Environment.parse("http://localhost:1")
    data = [{"n": str(number)} for number in range(1000)]
    steps = [Step(kind=StepKind.WAIT, seconds=0)]
    counted = await _left_over(planned(place, steps, data=data, parallel=4), 10, 990)
    for kind, (early, late) in counted.items():
        assert late <= early + 8, kind
        assert late < 40, kind


@contextmanager
def _temporary_folders(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    monkeypatch.setattr("tempfile.tempdir", None)


async def test_a_large_body_is_in_a_file_until_its_case_has_ended(
    wire: WireServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.script(CREATED, json_answer(json.dumps({"status": "ok", "fill": "x" * 5_000_000})))
    steps = [create(), ask(expect=(equals("status", "ok"),))]
    files: list[Path] = []

    def listen(event: RunEvent) -> None:
        if isinstance(event, ExchangeDone) and event.index == 1:
            response = event.exchange.response
            assert response is not None
            assert response.stored is not None
            assert response.stored.path.stat().st_size > 5_000_000
            files.append(response.stored.path)

    with _temporary_folders(tmp_path, monkeypatch):
        plan = planned(environment(wire), steps)
        summary = await runner_of(plan, listen, confirm=lambda _: True).run()
    assert summary.ok
    assert len(files) == 1
    assert not any(file.parent.exists() for file in files)


def test_a_plan_counts_its_cases() -> None:
    place = Environment.parse("http://localhost:1")
    assert planned(place, [], data=[{}, {}, {}], repeat=4).size == 12
