"""What each step of a run sends, how its answer is judged, and what is taken from it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gms_console.flow.types import Check, HttpCheck, Operator, Step, StepKind, TimeCheck, ValueCheck
from gms_console.model.connection import GuardLevel
from gms_console.model.form import Form, Row
from gms_console.poll import PollOutcome
from gms_console.runner.events import ExchangeDone, PollMoved, RunEvent
from gms_console.runner.poll_check import PollCheck
from gms_console.runner.results import Case, Verdict
from gms_console.runner.runner import Runner
from gms_console.session import Session
from gms_console.wire.body import BodyKind
from gms_console.wire.request import REQUEST_PATH
from tests.engine.helpers import environment, open_session
from tests.engine.runs import (
    CREATED,
    OK,
    Told,
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
from tests.support.wire_server import (
    Answer,
    WireServer,
    close_before_answer,
    json_answer,
    refused_port,
    text_answer,
)


async def test_a_call_is_created_polled_and_cancelled(wire: WireServer) -> None:
    wire.script(gms(["queued", "queued", "agent-ready"]))
    rows = form(("_phone_number", "{{phone}}"), ("note", "{{note}}"))
    steps = [
        create(form=rows, expect=(OK,), capture=(("number", "_access_number"),)),
        poll(instance="call"),
        ask("start", form=form(("_number", "{{number}}"))),
        cancel(instance="call"),
    ]
    plan = planned(
        environment(wire), steps, flow_vars={"phone": "650", "note": "of the flow"},
        variables={"note": "of --var"},
    )  # fmt: skip
    summary, told = await carry_out(plan)
    assert summary.ok
    assert targets(wire) == ["request-inbound-poll", *["status"] * 3, "start", "cancel"]
    assert wire.requests[0].body == b"_phone_number=650&note=of+--var"
    assert wire.requests[4].body == b"_number=800"
    first, polled, _, _ = told.steps
    assert first.title == "create request-inbound-poll"
    assert first.captured == (("number", "800"),)
    assert first.instance_id == "a1"
    assert [(one.passed, one.text, one.found) for one in first.checks] == [
        (True, "http 200", "200")
    ]
    assert polled.poll is not None
    assert polled.poll.outcome is PollOutcome.REACHED
    assert [span.state for span in polled.poll.spans] == ["queued", "agent-ready"]
    assert polled.exchange is told.exchanges[3]
    assert summary.checks == 1
    assert summary.verdicts == ((Verdict.PASSED, 1),)
    moved = [event for event in told.events if isinstance(event, PollMoved)]
    assert moved[0].poll.started is not None
    assert moved[-1].poll.outcome is PollOutcome.REACHED


FAILING = [
    pytest.param(equals("status", "connected"), "status equals connected", "waiting", id="equals"),
    pytest.param(HttpCheck((201, 204)), "http in [201, 204]", "200", id="http"),
    pytest.param(
        ValueCheck("position", Operator.EXISTS, True), "position exists", "nothing", id="exists"
    ),
]


@pytest.mark.parametrize(("check", "text", "found"), FAILING)
async def test_a_failing_check_ends_the_case_but_for_clean_up(
    wire: WireServer, check: Check, text: str, found: str
) -> None:
    wire.script(gms(["waiting"]))
    steps = [create(), ask(expect=(check, OK)), ask("start"), cancel()]
    summary, told = await carry_out(planned(environment(wire), steps))
    assert told.verdicts == [Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED, Verdict.PASSED]
    failed = told.steps[1]
    assert [(one.passed, one.text, one.found) for one in failed.checks] == [
        (False, text, found),
        (True, "http 200", "200"),
    ]
    assert failed.message == f"{text}: found {found}"
    assert told.steps[2].message == "step 2, request status, did not pass"
    assert targets(wire) == ["request-inbound-poll", "status", "cancel"]
    assert not summary.ok
    assert (summary.failed_checks, summary.verdicts) == (1, ((Verdict.FAILED, 1),))


async def test_what_keeps_going_fails_the_case_all_the_same(wire: WireServer) -> None:
    wire.script(gms(["waiting"]))
    steps = [create(), ask(expect=(equals("status", "x"),), keep_going=True), ask("start")]
    summary, told = await carry_out(planned(environment(wire), steps))
    assert told.verdicts == [Verdict.PASSED, Verdict.FAILED, Verdict.PASSED]
    assert (summary.passed, summary.cases) == (0, 1)


async def test_an_answer_that_takes_too_long_fails_its_check(wire: WireServer) -> None:
    wire.script(CREATED)
    _, told = await carry_out(planned(environment(wire), [create(expect=(TimeCheck(0.001),))]))
    [check] = told.steps[0].checks
    assert (check.passed, check.text) == (False, "time at most 0.001 ms")
    assert check.found.endswith(" ms")


ERROR_404 = json_answer({"message": "no such service", "exception": "x.NotFound"}, 404)
ERROR_INSIDE = json_answer({"error": "the callback is completed"})


@pytest.mark.parametrize(
    ("answer", "expect", "verdict", "message"),
    [
        pytest.param(ERROR_404, (), "failed", "HTTP 404: no such service", id="404"),
        pytest.param(
            ERROR_404, (OK,), "failed", "HTTP 404: no such service\nhttp 200: found 404",
            id="404-for-200",
        ),
        pytest.param(ERROR_404, (HttpCheck((404,)),), "passed", "", id="404-asked-for"),
        pytest.param(
            ERROR_404,
            (HttpCheck((404,)), equals("message", "other")),
            "failed",
            'message equals other: found no such service',
            id="404-with-other-words",
        ),
        pytest.param(
            ERROR_INSIDE, (OK,), "failed",
            "an error inside HTTP 200: the callback is completed", id="error-inside",
        ),
        pytest.param(
            ERROR_INSIDE, (ValueCheck("error", Operator.CONTAINS, "completed"),), "passed", "",
            id="error-inside-asked-for",
        ),
        pytest.param(
            text_answer("down", 503), (ValueCheck("error", Operator.EXISTS, False),), "failed",
            "HTTP 503: down", id="no-error-field-does-not-ask-for-503",
        ),
        pytest.param(
            json_answer('{"a": '), (OK,), "failed",
            "broken JSON in HTTP 200: Expecting value at line 1, column 7", id="broken-json",
        ),
    ],
)  # fmt: skip
async def test_an_error_of_gms_fails_a_step_unless_a_check_asks_for_it(
    wire: WireServer, answer: Answer, expect: tuple[Check, ...], verdict: str, message: str
) -> None:
    wire.script(CREATED, answer)
    _, told = await carry_out(planned(environment(wire), [create(), ask(expect=expect)]))
    assert (told.steps[1].verdict.value, told.steps[1].message) == (verdict, message)


async def test_without_a_server_a_step_ends_in_an_error_and_is_told_of(wire: WireServer) -> None:
    with refused_port() as port:
        place = replace(environment(wire), port=port)
        summary, told = await carry_out(planned(place, [create(expect=(OK,)), ask(), cancel()]))
    assert told.verdicts == [Verdict.ERROR, Verdict.SKIPPED, Verdict.SKIPPED]
    assert told.steps[0].checks == ()
    assert told.steps[2].message == "create request-inbound-poll did not pass"
    assert told.exchanges[0].failure is not None
    assert summary.verdicts == ((Verdict.ERROR, 1),)
    assert wire.requests == []


# --- what cannot be sent ------------------------------------------------------------------------


async def test_a_file_that_is_missing_stops_the_step_before_anything_is_sent(
    wire: WireServer, tmp_path: Path
) -> None:
    rows = Form((Row(key="photo", file=Path("MyPic.png")),))
    steps = [create(form=rows), cancel()]
    plan = planned(environment(wire), steps, file=tmp_path / "flow.yaml")
    summary, told = await carry_out(plan)
    assert told.verdicts == [Verdict.MISSING_FILE, Verdict.SKIPPED]
    assert str(tmp_path / "MyPic.png") in told.steps[0].message
    assert wire.requests == []
    assert summary.verdicts == ((Verdict.MISSING_FILE, 1),)
    (tmp_path / "MyPic.png").write_bytes(b"png")
    wire.script(gms())
    summary, _ = await carry_out(plan)
    assert summary.ok
    assert b'filename="MyPic.png"' in wire.requests[0].body


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([create(form=form(("a", "{{nobody}}")))], "{{nobody}}"),
        ([create("{{nobody}}")], "{{nobody}}"),
        ([create("..")], "'..' cannot be sent"),
        ([ask()], "no instance has been created yet"),
    ],
    ids=["row", "service", "segment", "no-instance"],
)
async def test_what_cannot_be_sent_as_asked_is_refused(
    wire: WireServer, steps: list[Step], said: str
) -> None:
    summary, told = await carry_out(planned(environment(wire), steps))
    assert told.verdicts == [Verdict.REFUSED]
    assert said in told.steps[0].message
    assert wire.requests == []
    assert summary.verdicts == ((Verdict.REFUSED, 1),)


async def test_a_read_only_environment_lets_no_create_out(wire: WireServer) -> None:
    place = replace(environment(wire), name="live", guard=GuardLevel.READ_ONLY)
    wire.script(gms())
    _, told = await carry_out(planned(place, [create(keep_going=True), ask(instance="b2")]))
    assert told.verdicts == [Verdict.REFUSED, Verdict.PASSED]
    assert "read-only" in told.steps[0].message
    assert [request.target for request in wire.requests] == ["/genesys/1/service/b2/status"]


@pytest.mark.parametrize(
    ("guard", "answers", "asked", "sent"),
    [
        (GuardLevel.CONFIRM_FIRST, True, 1, 3),
        (GuardLevel.CONFIRM_EVERY, True, 3, 3),
        (GuardLevel.CONFIRM_FIRST, False, 1, 0),
    ],
    ids=["first", "every", "denied"],
)
async def test_a_create_that_has_to_be_confirmed_is_asked_about(
    wire: WireServer, guard: GuardLevel, answers: bool, asked: int, sent: int
) -> None:
    place = replace(environment(wire), name="live", guard=guard)
    wire.script(CREATED)
    questions: list[str] = []

    def confirm(question: object) -> bool:
        questions.append(str(question))
        return answers

    summary, told = await carry_out(planned(place, [create()], repeat=3), confirm)
    assert (len(questions), len(wire.requests)) == (asked, sent)
    assert summary.passed == sent
    assert answers or told.steps[0].message.startswith("not confirmed.")


async def test_a_create_without_an_id_leaves_nothing_to_go_on_with(wire: WireServer) -> None:
    wire.script(json_answer({"msg": "hello"}))
    _, told = await carry_out(planned(environment(wire), [create("hello"), ask(instance="call")]))
    assert told.verdicts == [Verdict.PASSED, Verdict.REFUSED]
    assert "named no instance" in told.steps[1].message


# --- polls --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "more", "verdict", "message"),
    [
        ([json_answer({"status": "failed"})], {"fail_on": (equals("status", "failed"),)},
         "not reached", "came to failed"),
        ([json_answer({"status": "queued"})], {"within": 0.05}, "not reached",
         "not reached within 0.05 s"),
        ([json_answer({"status": "completed"})], {"within": 0.05}, "not reached",
         "not reached within 0.05 s"),
        ([ERROR_404], {}, "failed", "HTTP 404: no such service"),
        ([ERROR_404], {"expect": (HttpCheck((404,)),)}, "passed", ""),
        ([close_before_answer()], {"tolerate": 1}, "error", "2 errors in a row"),
        ([text_answer("down", 503)], {"tolerate": 0}, "failed", "1 error in a row"),
        ([json_answer({"status": "agent-ready"})], {"expect": (equals("position", 1),)},
         "failed", "position equals 1: found nothing"),
    ],
    ids=["fail-on", "time", "terminal-states-are-not-used", "refused", "refusal-asked-for",
         "transport", "5xx", "check"],
)  # fmt: skip
async def test_a_poll_ends_as_its_step_says(
    wire: WireServer, answers: list[Answer], more: dict[str, Any], verdict: str, message: str
) -> None:
    wire.script(CREATED, *answers)
    _, told = await carry_out(planned(environment(wire), [create(), poll(**more)]))
    step = told.steps[1]
    assert step.verdict.value == verdict
    assert step.message.startswith(message) if message else step.message == ""
    assert step.poll is not None
    assert len(step.poll.attempts) == len(told.exchanges) - 1
    assert [one.exchange_id for one in step.poll.attempts] == [one.id for one in told.exchanges[1:]]


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (equals("status", "agent-ready"), "status=agent-ready"),
        (ValueCheck("status", Operator.IN, ["a", 1]), "status=a,1"),
        (ValueCheck("status", Operator.IN, ["a,b"]), 'status in ["a,b"]'),
        (ValueCheck("status", Operator.MATCHES, "^a"), "status matches ^a"),
        (ValueCheck("n", Operator.GREATER_THAN, 3), "n greater than 3"),
    ],
)
def test_the_history_notes_what_a_poll_of_a_flow_waits_for(check: ValueCheck, text: str) -> None:
    assert str(PollCheck(check)) == text


async def test_a_poll_in_a_shared_session_is_listed_there_and_can_be_stopped_by_hand(
    wire: WireServer,
) -> None:
    wire.script(gms(["queued"]))
    told = Told()
    async with open_session() as session:

        @asynccontextmanager
        async def shared(_: Case) -> AsyncIterator[Session]:
            yield session

        plan = planned(environment(wire), [create(), poll(every=60.0), cancel()])
        runner = Runner(
            plan,
            told,
            sessions=shared,
            confirm=lambda _: True,
            request_path=lambda _service, _request: REQUEST_PATH,
        )
        run = asyncio.get_running_loop().create_task(runner.run())
        await told.until(lambda: len(told.exchanges) == 2)
        [listed] = session.running_polls()
        # What others do in the same Session is none of the run's.
        other = session.attach(environment(wire), "b2")
        await other.send(other.prepare("status"))
        await session.stop_poll(listed)
        summary = await run
        assert len(session.instances) == 2
    assert told.verdicts == [Verdict.PASSED, Verdict.INTERRUPTED, Verdict.PASSED]
    assert told.steps[1].message == "the poll was stopped by hand"
    assert not summary.interrupted
    assert len(wire.requests) == 4
    assert [one.operation.instance_id for one in told.exchanges] == ["", "a1", "a1"]


async def test_a_file_that_goes_while_a_poll_sends_it_is_missing(
    wire: WireServer, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    wire.script(CREATED, json_answer({"status": "queued"}))
    rows = Form((Row(key="a", file=path),))
    plan = planned(environment(wire), [create(), poll(form=rows)])

    told = Told()

    def listen(event: RunEvent) -> None:
        told(event)
        if isinstance(event, ExchangeDone) and event.index == 1:
            path.unlink(missing_ok=True)

    await runner_of(plan, listen, confirm=lambda _: True).run()
    assert told.steps[1].verdict is Verdict.MISSING_FILE
    assert told.steps[1].poll is not None


# --- captures -----------------------------------------------------------------------------------

DATA = (
    '{"_id": "a1", "text": "it is", "big": 12345678901234567890, "exact": 1.10, "yes": true,'
    ' "empty": "", "null": null, "deep": {"list": [1.50, "ä"], "none": null}}'
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("text", "it is"),
        ("big", "12345678901234567890"),
        ("exact", "1.10"),
        ("yes", "true"),
        ("empty", ""),
        ("deep", '{"list":[1.50,"ä"],"none":null}'),
        ("deep.list[0]", "1.50"),
        ("length(text)", "5"),
    ],
)
async def test_a_capture_is_the_text_as_gms_sent_it(
    wire: WireServer, path: str, value: str
) -> None:
    wire.script(json_answer(DATA))
    steps = [create(capture=(("v", path),)), ask(form=form(("v", "{{v}}")), encoding=BodyKind.JSON)]
    _, told = await carry_out(planned(environment(wire), steps))
    assert told.steps[0].captured == (("v", value),)
    sent = told.exchanges[1].request.form
    assert sent is not None
    assert sent.rows[0].value == value


@pytest.mark.parametrize("path", ["nothing", "null"])
async def test_a_capture_of_nothing_fails_the_step(wire: WireServer, path: str) -> None:
    wire.script(json_answer(DATA))
    _, told = await carry_out(planned(environment(wire), [create(capture=(("v", path),))]))
    assert told.verdicts == [Verdict.FAILED]
    assert told.steps[0].message == f"capture v: nothing at {path}"


async def test_a_captured_text_reads_no_variable(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "a1", "v": "{{secret}} {{$uuid}}"}))
    steps = [create(capture=(("v", "v"),)), ask(form=form(("v", "{{v}}")))]
    _, told = await carry_out(planned(environment(wire), steps, variables={"secret": "s"}))
    sent = told.exchanges[1].request.form
    assert sent is not None
    assert sent.rows[0].value == "{{secret}} {{$uuid}}"


async def test_reports_are_told_what_is_secret(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "a1", "session": "s-12345"}))
    place = replace(
        environment(wire), headers=(("X-Key", "of-the-store"),), secret_headers=frozenset({"x-key"})
    )
    steps = [
        create(form=form(("password", "{{pw}}"), ("x", "plain")), capture=(("token", "session"),)),
        ask(),
    ]
    plan = planned(place, steps, variables={"pw": "row-value", "api_key": "of-var"})
    _, told = await carry_out(plan)
    first, second = (event.secrets for event in told.events if isinstance(event, ExchangeDone))
    assert {"of-the-store", "row-value", "of-var"} <= set(first)
    assert "plain" not in first
    assert {"of-the-store", "of-var", "s-12345"} <= set(second)


async def test_each_hop_of_a_redirect_is_told_once_and_in_order(wire: WireServer) -> None:
    moved = text_answer("", 307, [("Location", "/genesys/1/service/elsewhere")])
    wire.script(moved, CREATED)
    _, told = await carry_out(planned(environment(wire), [create()]))
    assert [one.request.url.rpartition("/")[2] for one in told.exchanges] == [
        "request-inbound-poll",
        "elsewhere",
    ]
    assert told.steps[0].exchange is told.exchanges[1]


async def test_a_wait_sends_nothing_and_its_checks_cannot_hold(wire: WireServer) -> None:
    waits = [Step(kind=StepKind.WAIT, seconds=0.001, expect=expect) for expect in ((), (OK,))]
    _, told = await carry_out(planned(environment(wire), waits))
    assert told.verdicts == [Verdict.PASSED, Verdict.FAILED]
    assert told.steps[1].message == "http 200: found no answer"


async def test_a_number_is_compared_as_it_was_sent(wire: WireServer) -> None:
    wire.script(json_answer('{"_id": "a1", "sum": 12345678901234567.25, "half": 0.5}'))
    checks = (
        equals("sum", "12345678901234567.25"),
        ValueCheck("sum", Operator.GREATER_THAN, "12345678901234567.24"),
        equals("half", "0.50"),
        equals("sum", "12345678901234567.26"),
    )
    _, told = await carry_out(planned(environment(wire), [create(expect=checks)]))
    assert [check.passed for check in told.steps[0].checks] == [True, True, True, False]
    assert told.steps[0].checks[-1].found == "12345678901234567.25"


async def test_an_unknown_variable_is_told_with_what_the_flow_knows(wire: WireServer) -> None:
    steps = [create(form=form(("a", "{{fone}}")))]
    plan = planned(environment(wire), steps, flow_vars={"phone": "1"}, advice="give it with --var")
    _, told = await carry_out(plan)
    message = told.steps[0].message
    assert "{{fone}} is not a variable of the flow flow, its data row or http://" in message
    assert message.endswith("(did you mean phone?); it has: phone; give it with --var")
