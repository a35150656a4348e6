"""What was done becomes steps that do it again, without a secret among them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gms_console.events import Event
from gms_console.flow.file import parse_flow
from gms_console.flow.recording import InstanceNames, Recorder, step_of_kept_poll, steps_of
from gms_console.flow.types import HttpCheck, Operator, Step, StepKind, ValueCheck
from gms_console.flow.writing import flow_text
from gms_console.history import Entry, HistoryRow, KeptPoll
from gms_console.instance import Instance
from gms_console.model.draft import Draft
from gms_console.model.exchange import OperationKind
from gms_console.model.form import Form, Row
from gms_console.model.stop_rule import StopRule
from gms_console.phone import follow_up, page_request, push_follow_up, read_push, send_follow_up
from gms_console.poll import PollPlan
from gms_console.session import Session
from gms_console.site.requests import prepare_change, prepare_statistic
from gms_console.storing.requests import Store, prepare_delete, prepare_key, prepare_new
from gms_console.wire.body import BodyKind
from gms_console.wire.request import prepare_create
from tests.engine.helpers import Watch, create, created, environment, file_with, open_session
from tests.engine.polls import state
from tests.support.wire_server import WireServer, close_before_answer, hold, json_answer

ID = "369-b8ed1c91-3b64-4f4f"
OK = (HttpCheck((200,)),)


def recording(session: Session, folder: Path | None = None) -> Recorder:
    recorder = Recorder(folder)

    def take(event: Event) -> None:
        recorder.note(event)

    session.subscribe(take)
    return recorder


async def ask(instance: Instance, request: str, form: Form | None = None) -> None:
    await instance.send(instance.prepare(request, form))


async def test_a_create_a_poll_and_a_request_become_steps_that_say_the_same(
    wire: WireServer,
) -> None:
    wire.script(
        json_answer({"_id": ID}), state("queued"), state("agent-ready"), json_answer({}, 404)
    )
    async with open_session() as session:
        recorder, watch = recording(session), Watch(session)
        instance = await created(session, wire)
        rules = (StopRule("status", ("agent-ready", "connected")), StopRule("code", ("7",)))
        plan = PollPlan(every=0.01, until=rules, within=30.0, tolerate=1)
        poll = session.start_poll(instance, plan)
        await watch.until(lambda: not poll.running)
        await ask(instance, "cancel", Form.of(("why", "{{late}}")))
    assert recorder.steps == (
        Step(kind=StepKind.CREATE, name="request-interaction", instance="interaction", expect=OK),
        Step(
            kind=StepKind.POLL,
            name="status",
            instance="interaction",
            every=0.01,
            until=(
                ValueCheck("status", Operator.IN, ["agent-ready", "connected"]),
                ValueCheck("code", Operator.EQUALS, "7"),
            ),
            within=30.0,
            tolerate=1,
        ),
        Step(
            kind=StepKind.REQUEST,
            name="cancel",
            instance="interaction",
            form=Form.of(("why", "{{{{late}}")),
            expect=(HttpCheck((404,)),),
            keep_going=True,
            always=True,
        ),
    )
    flow = recorder.flow("Recorded", "qa")
    assert parse_flow(flow_text(flow), "f") == flow


async def test_what_was_typed_is_kept_with_its_variables_and_without_its_secrets(
    wire: WireServer, tmp_path: Path
) -> None:
    photo = file_with(tmp_path / "pictures", "a.png", b"png")
    outside = file_with(tmp_path.parent, f"{tmp_path.name}.png", b"png")
    sent = Form(
        (
            Row(key="_phone_number", value="6504669999"),
            Row(key="_password", value="hunter2"),
            Row(key="photo", file=photo),
            Row(key="other", file=outside),
        )
    )
    typed = sent.changed(0, Row(key="_phone_number", value="{{phone}}"))
    draft = Draft(service="{{what}}", form=typed, body_kind="multipart")
    wire.script(json_answer({"_id": ID}))
    async with open_session() as session:
        recorder = recording(session, tmp_path)
        prepared = replace(create(wire, sent, kind=BodyKind.MULTIPART), draft=draft)
        await session.create(environment(wire), prepared)
    (step,) = recorder.steps
    assert (step.name, step.encoding) == ("{{what}}", BodyKind.MULTIPART)
    assert step.form == Form(
        (
            Row(key="_phone_number", value="{{phone}}"),
            Row(key="_password", value="{{_password}}"),
            Row(key="photo", file=Path("pictures/a.png")),
            Row(key="other", file=outside),
        )
    )
    assert "hunter2" not in flow_text(recorder.flow())


async def test_instances_have_names_of_their_own(wire: WireServer) -> None:
    wire.script(
        json_answer({"_id": "a-1"}),
        json_answer({"_id": "a-2"}),
        json_answer({"_id": "a-3"}),
        json_answer({"error": "no"}),
    )
    async with open_session() as session:
        recorder = recording(session)
        place = environment(wire)
        for service in ("request-inbound-call", "callback/call", "service.7", "refused"):
            await session.create(place, prepare_create(place, service))
        reopened = session.attach(place, ID)
        wire.script(json_answer({}))
        await ask(reopened, "status")
    assert [step.instance for step in recorder.steps] == ["call", "call2", "service", "", ID]


async def test_a_choice_is_followed_a_page_is_not_and_a_push_is_a_request(wire: WireServer) -> None:
    wire.script(json_answer({"_id": ID}), *[json_answer({"_id": ID})] * 3)
    async with open_session() as session:
        recorder = recording(session)
        instance = await created(session, wire)
        url = f"{wire.base_url}/genesys/1/service/{ID}/confirm"
        await send_follow_up(instance, follow_up(instance, url, "Call me now", "GET"))
        await send_follow_up(instance, page_request(instance, url), learn=False)
        push = read_push(f'{{"_id": "{ID}", "_action": "ready"}}')
        await send_follow_up(instance, push_follow_up(instance, push))
    _, follow, request = recorder.steps
    assert (follow.kind, follow.name, follow.method) == (StepKind.FOLLOW, "Call me now", "GET")
    assert (request.kind, request.name, request.method) == (StepKind.REQUEST, "ready", "POST")
    assert follow.instance == request.instance == "interaction"


async def test_what_is_of_no_instance_is_no_step(wire: WireServer) -> None:
    """A node above all is set offline by hand alone, and by no flow."""
    async with open_session() as session:
        recorder, place = recording(session), environment(wire)
        for prepared in (
            prepare_change(place, "OFFLINE"),
            prepare_statistic(place, Form.of(("objectId", "9001")), "/1/statistic"),
            prepare_new(place, 60, Form.of(("city", "Paris"))),
            prepare_delete(place, Store("S-1")),
            prepare_key(place, Store(ID, of_service=True), "city"),
        ):
            await session.ask(place, prepared)
    assert len(wire.requests) == 5
    assert recorder.steps == ()


async def test_a_redirect_is_one_step_with_the_status_of_the_end(wire: WireServer) -> None:
    there = ("Location", f"{wire.base_url}/genesys/1/service/elsewhere")
    wire.script(json_answer({}, 307, headers=[there]), json_answer({"_id": ID}, 201))
    async with open_session() as session:
        recorder = recording(session)
        instance = await created(session, wire)
        wire.script(json_answer({}))
        await ask(instance, "status")
        exchanges = session.exchanges.all()
    first, second = recorder.steps
    assert (first.name, first.expect) == ("request-interaction", (HttpCheck((201,)),))
    assert first.instance == second.instance == "interaction"
    assert steps_of(exchanges) == recorder.steps


async def test_what_failed_expects_nothing_and_what_was_cancelled_is_left_out(
    wire: WireServer,
) -> None:
    wire.script(json_answer({"_id": ID}), close_before_answer(), hold())
    async with open_session() as session:
        recorder = recording(session)
        instance = await created(session, wire)
        await ask(instance, "status")
        task = session.tasks.start(ask(instance, "cancel"), name="cancel", owner=instance)
        await asyncio.to_thread(wire.wait_for_requests, 3)
        await session.tasks.close(instance)
        assert task.done()
    assert [(step.name, step.expect) for step in recorder.steps[1:]] == [("status", ())]


async def test_a_poll_that_waited_for_nothing_waits_for_what_it_saw(wire: WireServer) -> None:
    wire.script(json_answer({"_id": ID}), *[state("agent-ready")] * 2)
    async with open_session() as session:
        recorder, watch = recording(session), Watch(session)
        instance = await created(session, wire)
        poll = session.start_poll(instance, PollPlan(every=0.01, attempts=2))
        assert recorder.steps[1].until == (ValueCheck("status", Operator.EXISTS, True),)
        await watch.until(lambda: not poll.running)
    step = recorder.steps[1]
    assert step.until == (ValueCheck("status", Operator.EQUALS, "agent-ready"),)
    assert step.within == 0.02


def kept_poll(*until: str, state: str = "queued", outcome: str = "out of time") -> KeptPoll:
    then = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    row = HistoryRow(
        number=1, entry=Entry.POLL, key="p", started=then, title="poll status",
        kind=OperationKind.REQUEST, service="request-interaction", instance_id=ID,
        environment="qa", node="", method="GET", url="", status=200, failure="", ok=True,
        state=state, elapsed=5.0, size=2, attempts=2, outcome=outcome,
    )  # fmt: skip
    return KeptPoll(
        row=row, request="{{status", every=2.0, until=until, reason="", ended=then, attempts=()
    )


@pytest.mark.parametrize(
    ("until", "wanted"),
    [
        pytest.param(
            ("status=a,b", "code={{7"),
            (
                ValueCheck("status", Operator.IN, ["a", "b"]),
                ValueCheck("code", Operator.EQUALS, "{{{{7"),
            ),
            id="stop rules",
        ),
        *(
            pytest.param((text,), (ValueCheck("status", Operator.EQUALS, "queued"),), id=text)
            for text in (
                'status in ["a,b", c]',
                'status equals "x=y"',
                "status matches ^x=y$",
                "length(list[?a=='b']) greater than 0",
                "status exists",
                "token=***",
            )
        ),
        pytest.param(
            ("status=a", 'status in ["a,b"]'),
            (ValueCheck("status", Operator.EQUALS, "a"),),
            id="one of two can be read",
        ),
    ],
)
def test_a_kept_poll_waits_for_its_rules_and_never_for_words_that_are_none(
    until: tuple[str, ...], wanted: tuple[ValueCheck, ...]
) -> None:
    step = step_of_kept_poll(kept_poll(*until), None, InstanceNames())
    assert (step.until, step.name, step.method) == (wanted, "{{{{status", "GET")


async def test_a_kept_poll_has_the_rows_that_it_sent(wire: WireServer) -> None:
    wire.script(json_answer({"_id": ID}))
    async with open_session() as session:
        instance = await created(session, wire)
        await ask(instance, "status", Form.of(("verbose", "true"), ("_password", "hunter2")))
        last = instance.last_exchange
    step = step_of_kept_poll(kept_poll("status=a"), last, InstanceNames())
    assert step.form == Form.of(("verbose", "true"), ("_password", "{{_password}}"))


@pytest.mark.parametrize(
    ("service", "name"),
    [("request-inbound-poll", "inbound"), ("request-poll", "call"), ("request-chat", "chat")],
)
def test_an_instance_is_not_called_by_the_word_of_a_kind_of_step(service: str, name: str) -> None:
    assert InstanceNames().given("I-1", service) == name


async def test_a_recorded_cancel_is_a_clean_up_step(wire: WireServer) -> None:
    wire.script(json_answer({"_id": ID}), json_answer({}))
    async with open_session() as session:
        recorder = recording(session)
        instance = await created(session, wire)
        await ask(instance, "cancel")
    made, cancelled = recorder.steps
    assert (made.always, made.keep_going) == (False, False)
    assert (cancelled.name, cancelled.always, cancelled.keep_going) == ("cancel", True, True)
