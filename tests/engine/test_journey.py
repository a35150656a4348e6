"""What people are told of a customer's journey, and what a screen for many people hides of it."""

from datetime import UTC, datetime

import pytest

from gms_console.callbacks.asking import prepare_availability
from gms_console.callbacks.query import CallbackQuery, prepare_find, prepare_queues
from gms_console.journey.captions import Actor
from gms_console.journey.events import Captioned, Noted, Sent
from gms_console.journey.screen_mask import ScreenMask
from gms_console.model.answer import read_answer
from gms_console.model.dialog import DialNumber
from gms_console.model.exchange import OperationKind
from gms_console.model.form import Form
from gms_console.site.requests import prepare_patterns, prepare_status
from gms_console.storing.requests import Store, prepare_key, prepare_keys
from gms_console.wire.request import prepare_create
from tests.engine.journeys import CODE, CREATED, MAIL, NUMBER, PASSWORD, callback_story, story
from tests.support.wire_server import Answer, WireServer, close_before_answer, json_answer


async def test_a_callback_is_told_step_by_step_and_a_poll_by_its_news_alone(
    wire: WireServer,
) -> None:
    async with story(wire) as told:
        await callback_story(told, wire)
    journey = told.journey
    steps = [(one.actor, one.caption, one.detail, one.state) for one in journey.steps]
    assert steps == [
        (Actor.CUSTOMER, "The customer asks to be connected, and waits", "", ""),
        (Actor.CENTRE, "No agent is free yet", "", "waiting-for-agent"),
        (Actor.AGENT, "An agent is free; the customer can connect", "", "agent-ready"),
        (
            Actor.CUSTOMER,
            "The phone asks what to show",
            "The phone offers a choice: You can now be connected",
            "agent-ready",
        ),
        (
            Actor.CUSTOMER,
            "The customer chooses “Connect me”",
            "The phone shows a number to call",
            "agent-ready",
        ),
    ]
    assert [one.number for one in journey.steps] == [1, 2, 3, 4, 5]
    customer = journey.current
    assert customer is not None
    assert (customer.id, customer.service) == ("A-1", "request-inbound-poll")
    assert [(one.state, one.attempts) for one in customer.spans] == [
        ("waiting-for-agent", 2),
        ("agent-ready", 1),
    ]
    assert customer.screen is not None
    dialog = customer.screen.dialog
    assert isinstance(dialog, DialNumber)
    assert (dialog.number, dialog.code) == ("8005550123", CODE)
    # A copy stands where it was, whatever goes on.
    before = journey.copy()
    journey.take(Noted("The agent picks up", datetime.now(UTC)))
    assert (before.count, journey.count) == (5, 6)
    assert journey.steps[-1].actor is Actor.AGENT


async def test_notes_of_a_flow_stand_for_our_words_and_troubles_are_told_once(
    wire: WireServer,
) -> None:
    wire.script(
        CREATED,
        json_answer({"status": "queued"}),
        json_answer({"message": "no such thing"}, 500),
        json_answer({"message": "no such thing"}, 500),
        close_before_answer(),
        json_answer({"_id": "A-2"}),
    )
    async with story(wire) as told:
        told.take(Captioned("She taps the button"))
        instance = await told.create("own-service")
        for _ in range(4):
            await told.ask(instance, "status")
        await told.create("callback/own")
    steps = told.journey.steps
    assert [(one.caption, one.detail, one.ok) for one in steps] == [
        ("She taps the button", "", True),
        ("The state is now queued", "", True),
        ("The phone asks how it stands", "no such thing", False),
        ("The phone asks how it stands", "Closed without an answer", False),
        ("The customer asks for a callback", "", True),
    ]
    assert [one.customer for one in steps] == ["A-1"] * 4 + ["A-2"]
    # One customer can be told of alone; each is known by the number.
    journey = told.journey
    alone = [step.caption for step in journey.steps_of("A-2")]
    assert alone == ["The customer asks for a callback"]
    assert len(journey.steps_of("A-1")) == 4
    numbers = [(one.id, one.number) for one in journey.customers.values()]
    assert numbers == [("A-1", NUMBER), ("A-2", NUMBER)]
    # A copy and what it was made of go their own ways, with what they had shared.
    copy = journey.copy()
    again = next(
        one
        for one in told.session.exchanges.all()
        if one.operation.kind is not OperationKind.CREATE
    )
    copy.take(Sent(again))
    assert [len(one.customers["A-1"].spans) for one in (journey, copy)] == [1, 1]
    assert [one.customers["A-1"].spans[0].attempts for one in (journey, copy)] == [1, 2]
    assert copy.customers["A-2"] is journey.customers["A-2"]
    journey.take(Sent(again))
    journey.take(Sent(again))
    assert [one.customers["A-1"].spans[0].attempts for one in (journey, copy)] == [3, 2]


TYPING = ("Kim", "is typing")


async def test_what_those_ask_who_run_a_site_is_no_part_of_the_story(wire: WireServer) -> None:
    wire.script(CREATED)
    async with story(wire) as told:
        instance = await told.create("own-service")
        place, kept = instance.environment, Store(instance.id, of_service=True)
        now = datetime.now(UTC)
        for prepared in (
            prepare_status(place),
            prepare_patterns(place, Form.of(("mail", "a@b.c")), "vip"),
            prepare_keys(place, Store("S-1")),
            prepare_key(place, kept, "city"),
            prepare_find(place, CallbackQuery(service="own")),
            prepare_queues(place, CallbackQuery()),
            prepare_availability(place, "own", now, now),
        ):
            await told.session.ask(place, prepared)
    assert len(wire.requests) == 8
    assert [step.caption for step in told.journey.steps][1:] == ["The app asks for free times"]
    assert len(told.journey.customers) == 1


async def test_a_chat_is_told_by_what_is_written(wire: WireServer) -> None:
    def chat(state: str, *lines: tuple[str, str]) -> Answer:
        kinds = {TYPING: "Notice.TypingStarted"}
        rows = [
            [kinds.get((name, text), "Message.Text"), name, text, "1", "AGENT"]
            for name, text in lines
        ]
        return json_answer({"chatIxnState": state, "transcriptToShow": rows})

    wire.script(
        json_answer({"_id": "C-1", "_chatIxnAPI-CREATE-URL": "http://x/ixn/chat"}),
        chat("CONNECTED"),
        chat("TRANSCRIPT", ("Kim", "How can I help?")),
        chat("TRANSCRIPT", TYPING),
        chat("TRANSCRIPT", ("Kim", "Done."), TYPING),
        chat("DISCONNECTED"),
    )
    async with story(wire) as told:
        instance = await told.create("request-chat")
        looks = ["refresh chat"] * 3
        for request in ("create chat", *looks, "disconnect chat"):
            await told.ask(instance, request)
    customer = told.journey.current
    assert customer is not None
    assert list(customer.lines) == ["Kim: How can I help?", "Kim: Done."]
    assert [one.state for one in customer.spans] == ["CONNECTED", "DISCONNECTED"]
    agents = [one for one in told.journey.steps if one.actor is Actor.AGENT]
    assert [(one.caption, one.detail) for one in agents] == [
        ("Kim: How can I help?", ""),
        ("Kim: Done", ""),
    ]
    # That somebody is typing is no news of its own, and hides none.
    assert not [one for one in told.journey.steps if "typing" in one.caption + one.detail]


# --- masks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Call +1 650 466 9999 now", "Call +• ••• ••• ••99 now"),
        ("650-466-9999", "•••-•••-••99"),
        ("6504669999", "••••••••99"),
        ("tel:8005550123,8254", "tel:••••••••23,••••"),
        ("Write to ada@example.com", "Write to a•••@example.com"),
        ("Authorization: Bearer abc123def456", "Authorization: Bearer ***"),
        ("password=hunter2hunter2", "password=***"),
        ("the key is not-on-a-screen", "the key is ***"),
        ("[phone-1] waits", "[phone-1] waits"),
        ("2026-11-29T10:00:00.000Z", "2026-11-29T10:00:00.000Z"),
        ("waiting-for-agent", "waiting-for-agent"),
        ("Held for another 42 s", "Held for another 42 s"),
        ("", ""),
    ],
)
def test_what_an_audience_reads(text: str, shown: str) -> None:
    mask = ScreenMask(["not-on-a-screen"])
    assert [mask.text(text), mask.text(text)] == [shown, shown]
    assert mask.text(shown) == shown


async def test_codes_and_short_numbers_are_hidden_once_they_were_seen(wire: WireServer) -> None:
    mask = ScreenMask()
    assert mask.text(f"Code {CODE}, line 800123") == f"Code {CODE}, line 800123"
    wire.script(json_answer({"_id": "A-1", "_access_number": "800123", "_access_code": CODE}))
    async with story(wire) as told:
        form = Form.of(("_phone_number", "212345"))
        made = await told.session.create(
            told.place, prepare_create(told.place, "request-interaction", form)
        )
        mask.learn(made.exchange, read_answer(made.exchange))
    assert mask.text(f"Code {CODE}, line 800123, from 212345") == (
        "Code ••••, line ••••23, from ••••45"
    )
    # Codes that hold more than letters and digits, and what an answer says of its request.
    wire.script(json_answer({"_id": "A-2", "_access_number": "800124", "_access_code": "82-54#"}))
    async with story(wire) as told:
        form = Form.of(("password", "one-two-three"))
        made = await told.session.create(
            told.place, prepare_create(told.place, "request-interaction", form)
        )
        mask.learn(made.exchange, read_answer(made.exchange))
    assert (
        mask.text(f"Code 82-54#, not one-two-three or {PASSWORD}") == "Code ••-••#, not *** or ***"
    )
    for hidden in (NUMBER, MAIL):
        assert hidden not in mask.text(f"{NUMBER} {MAIL}")
