"""A follow step chooses on the phone, as a person would."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from gms_console.flow.types import Operator, Step, ValueCheck
from gms_console.model.environment import Environment
from gms_console.runner.events import RunEvent, StepEnded
from gms_console.runner.results import RunSummary, Verdict
from gms_console.simulator import Simulator
from gms_console.wire.body import BodyKind
from tests.engine.helpers import environment
from tests.engine.runs import (
    CREATED,
    OK,
    Told,
    ask,
    carry_out,
    create,
    follow,
    form,
    planned,
    runner_of,
)
from tests.support.wire_server import Answer, WireServer, json_answer


@pytest.fixture
def still() -> Iterator[Simulator]:
    """A simulator on a Monday at ten, whose time moves only by `clock.advance`."""
    with Simulator(speed=0.000001, start_time=datetime(2025, 6, 2, 10, tzinfo=UTC)) as running:
        yield running


async def ready(simulator: Simulator, *steps: Step) -> tuple[RunSummary, Told]:
    """Run a callback whose agent is ready once it has been created."""
    told = Told()

    def listen(event: RunEvent) -> None:
        told(event)
        if isinstance(event, StepEnded) and event.result.index == 0:
            simulator.clock.advance(10)

    place = Environment.parse(simulator.base_url)
    plan = planned(place, [call_back("VOICE-WAIT-USERORIG"), *steps])
    return await runner_of(plan, listen, confirm=lambda _: True).run(), told


def call_back(service: str) -> Step:
    return create(
        f"callback/{service}",
        form=form(("_customer_number", "+16504669999")),
        encoding=BodyKind.JSON,
    )


async def test_a_menu_of_a_callback_is_followed_to_a_number(still: Simulator) -> None:
    steps = [
        ask("get-dialog", expect=(ValueCheck("_action", Operator.EQUALS, "DisplayMenu"),)),
        follow("connect me NOW", capture=(("tel", "_tel_url"),), expect=(OK,)),
        follow("{{tel}}"),
    ]
    summary, told = await ready(still, *steps)
    assert summary.ok, [step.message for step in told.steps]
    assert told.steps[2].captured[0][1].startswith("tel:800")
    assert told.exchanges[2].request.url.rpartition("/")[2] == "connect"
    assert told.exchanges[2].operation.label == "Connect me now"
    # To dial a number sends nothing.
    assert len(told.exchanges) == 3
    assert told.steps[3].exchange is None


async def test_a_choice_that_the_phone_does_not_show_fails_and_says_what_it_shows(
    still: Simulator,
) -> None:
    _, told = await ready(still, ask("get-dialog"), follow("Connect me later"))
    assert told.verdicts[2] is Verdict.FAILED
    assert told.steps[2].message == (
        "the phone does not show “Connect me later” but “Connect me now”, "
        "“Call me in 5 minutes”, “Never mind”"
    )
    assert len(told.exchanges) == 2


def menu(*items: dict[str, str]) -> Answer:
    content = [{"_group_name": "g", "_group_content": list(items)}]
    return json_answer({"_id": "a1", "_action": "DisplayMenu", "_content": content})


NEXT = json_answer({"_action": "ConfirmationDialog", "_text": "Thank you", "_ok_title": "Fine"})
CHAT = json_answer(
    {
        "_action": "StartChat",
        "_start_chat_url": "/genesys/1/service/a1/chat",
        "_chat_parameters": {"subject": "Bill"},
    }
)
PAGE = json_answer({"dialog": "/waiting.html", "status": "queued"})


@pytest.mark.parametrize(
    ("shown", "label", "line"),
    [
        (menu({"_label": "Yes & no", "_user_action_url": "/x/yes"}), "yes & NO", "POST /x/yes"),
        (CHAT, "start the chat", "POST /genesys/1/service/a1/chat"),
        (CHAT, "Bill", "POST /genesys/1/service/a1/chat"),
        (PAGE, "/waiting.html", "GET /waiting.html"),
        (NEXT, "fine", ""),
        (json_answer({"_access_number": "800"}), "800", ""),
    ],
    ids=["menu", "chat", "subject", "page", "message", "access"],
)
async def test_what_a_choice_sends(wire: WireServer, shown: Answer, label: str, line: str) -> None:
    wire.script(CREATED, shown, NEXT)
    summary, told = await carry_out(planned(environment(wire), [create(), ask(), follow(label)]))
    assert summary.ok, told.steps[-1].message
    sent = [f"{one.method} {one.target}" for one in wire.requests[2:]]
    assert sent == ([line] if line else [])


async def test_a_follow_may_send_a_get(wire: WireServer) -> None:
    wire.script(CREATED, menu({"_label": "a", "_user_action_url": "/x"}), NEXT)
    steps = [create(), ask(), follow("a", method="GET"), follow("Fine")]
    summary, _ = await carry_out(planned(environment(wire), steps))
    assert summary.ok
    assert wire.requests[2].method == "GET"


@pytest.mark.parametrize(
    ("shown", "verdict", "said"),
    [
        (menu({"_label": "a", "_user_action_url": "http://other.example/x"}), "refused",
         "“a” leads to another host, http://other.example; a run sends nothing there"),
        (menu({"_label": "a"}), "refused", "“a” has no address to send to"),
        (menu({"_label": "a", "_user_action_url": "javascript:x"}), "refused", "not an http"),
        (json_answer({"status": "queued"}), "failed", "the phone shows nothing to choose from"),
        (NEXT, "failed", "the phone does not show “a” but “Fine”, “Thank you”"),
        (json_answer({"_action": "Dance"}), "failed", "the phone shows what it cannot read"),
    ],
    ids=["other-host", "no-address", "bad-address", "no-dialog", "other-label", "unread"],
)  # fmt: skip
async def test_a_choice_that_cannot_be_made_sends_nothing(
    wire: WireServer, shown: Answer, verdict: str, said: str
) -> None:
    wire.script(CREATED, shown)
    _, told = await carry_out(planned(environment(wire), [create(), ask(), follow("a")]))
    assert told.steps[2].verdict.value == verdict
    assert said in told.steps[2].message
    assert len(wire.requests) == 2
