import json
import re
from urllib.parse import quote, urlencode

import pytest

from gms_console.simulator import Simulator
from tests.simulator.wire import (
    JSON,
    MULTIPART,
    SERVICE,
    URLENCODED,
    Reply,
    call,
    call_back,
    end,
    get,
    part,
    post,
    record,
)

EXCEPTIONS = "com.genesyslab.gsg.services.callback.exceptions"
ALL_KEYS = [
    "_id",
    "_desired_time",
    "_service_name",
    "_callback_state",
    "_expiration_time",
    "_customer_number",
    "_ors_session_id",
    "url",
]


def state(simulator: Simulator, made: str) -> str:
    found = record(simulator, made)["_callback_state"]
    assert isinstance(found, str)
    return found


def cancel(simulator: Simulator, service: str, made: str) -> Reply:
    return call(simulator, "DELETE", f"{SERVICE}/callback/{service}/{made}")


def reschedule(simulator: Simulator, service: str, made: str, **params: str) -> Reply:
    target = f"{SERVICE}/callback/{service}/{made}"
    return call(simulator, "PUT", target, json.dumps(params), JSON)


def test_an_immediate_callback_is_confirmed_in_the_known_words(simulator: Simulator) -> None:
    rows = {"_customer_number": "+19005551234", "_urs_virtual_queue": "SIP_VQ_SIP_Switch"}
    reply = call_back(simulator, "callme-premium", **rows)
    assert reply.status == 200
    assert list(reply.json) == ["_dialog_id", "_action", "_text", "_ok_title", "_id"]
    made = reply.json.pop("_id")
    assert re.fullmatch(r"[0-9A-Z]{32}", made)
    assert {k: v for k, v in reply.json.items() if k != "_id"} == {
        "_dialog_id": "0",
        "_action": "ConfirmationDialog",
        "_text": "You will receive the call shortly",
        "_ok_title": "Ok",
    }
    assert len(reply.all("Set-Cookie")) == 1


def test_a_premium_number_is_disallowed_in_the_known_words(simulator: Simulator) -> None:
    reply = call_back(simulator, _customer_number="+19005551234")
    assert reply.status == 400
    assert reply.json == {
        "exception": f"{EXCEPTIONS}.CallbackExceptionNumber",
        "message": "Customer Number [+19005551234] is disallowed, because it's a premium number."
        " Check option _disallow_premium_phone_numbers",
    }


@pytest.mark.parametrize("number", ["", "call me", "+", "12", "1" * 16])
def test_a_call_back_needs_a_valid_number(simulator: Simulator, number: str) -> None:
    reply = call_back(simulator, _customer_number=number)
    assert reply.status == 400
    assert reply.json["exception"] == f"{EXCEPTIONS}.CallbackExceptionNumber"
    assert call_back(simulator, "VOICE-WAIT-USERTERM", _customer_number=number).status == 400


@pytest.mark.parametrize("number", ["5115", "+1 (650) 466-9999", "0604120405"])
def test_numbers_are_taken_as_people_write_them(simulator: Simulator, number: str) -> None:
    made = call_back(simulator, _customer_number=number).json["_id"]
    assert record(simulator, made)["_customer_number"] == number


def test_who_calls_by_himself_need_not_give_a_number(simulator: Simulator) -> None:
    reply = call(simulator, "POST", f"{SERVICE}/callback/VOICE-NOW-USERORIG")
    assert reply.status == 200
    assert "_customer_number" not in record(simulator, reply.json["_id"])


@pytest.mark.parametrize("path", ["callback/nobody", "callback/nobody/availability"])
def test_an_unknown_callback_service_is_not_found(simulator: Simulator, path: str) -> None:
    method = "GET" if "availability" in path else "POST"
    reply = call(simulator, method, f"{SERVICE}/{path}")
    assert (reply.status, "[nobody]" in reply.json["message"]) == (404, True)
    assert get(simulator, "callback/nobody").status == 404


def test_any_body_makes_the_same_callback(simulator: Simulator) -> None:
    fields = {"_customer_number": "5115", "subject": "Bill"}
    target = f"{SERVICE}/callback/callme"
    bodies: list[tuple[str | bytes, dict[str, str]]] = [
        (json.dumps(fields), JSON),
        (urlencode(fields), URLENCODED),
        (b"".join(part(k, v.encode()) for k, v in fields.items()) + end(), MULTIPART),
    ]
    for body, kind in bodies:
        made = call(simulator, "POST", target, body, kind).json["_id"]
        assert record(simulator, made)["subject"] == "Bill"
        assert get(simulator, f"{made}/storage").json == {"subject": "Bill"}


def test_one_dials_at_once(simulator: Simulator) -> None:
    plain = call_back(simulator, "VOICE-NOW-USERORIG").json
    assert list(plain) == [
        "_id",
        "_action",
        "_label",
        "_tel_url",
        "_access_number",
        "_expiration_time",
    ]
    assert (plain["_action"], plain["_tel_url"]) == ("DialNumber", "tel:8003449999")
    rows = {"_provide_code": "true", "_booking_expiration_timeout": "60"}
    coded = call_back(simulator, "VOICE-NOW-USERORIG", **rows).json
    assert re.fullmatch(r"[0-9]{6}", coded["_access_code"])
    assert coded["_expiration_time"] == "60"
    match = post(simulator, "match-interaction", [("_access_number", coded["_access_number"])])
    assert match.json["_id"] == coded["_id"]


def test_the_request_chooses_the_scenario_before_the_service(simulator: Simulator) -> None:
    userorig = call_back(simulator, "callme", _call_direction="USERORIGINATED").json
    assert userorig["_action"] == "DialNumber"
    delayed = {"_wait_for_agent": "true", "_wait_for_user_confirm": "true"}
    waits = call_back(simulator, "callme", _call_direction="USERORIGINATED", **delayed).json
    assert list(waits) == ["_id"]
    assert call_back(simulator, "callme", _media_type="chat").json["_action"] == "StartChat"


def test_a_redirected_service_answers_as_the_other(simulator: Simulator) -> None:
    assert call_back(simulator, "callme-redirected").json == {"msg": "hello"}
    other = call_back(simulator, "callme-redirected", _redirect="request-interaction").json
    assert list(other) == ["_id", "_access_number", "_expiration_time"]
    own = call_back(simulator, "callme-redirected", _redirect="").json
    assert own["_action"] == "ConfirmationDialog"
    callback = call_back(simulator, "callme-redirected", _redirect="callme-redirected").json
    assert record(simulator, callback["_id"])["_service_name"] == "callme-redirected"
    assert call_back(simulator, "callme-redirected", _redirect="nobody").status == 404
    # Only a service whose _overwritable_options names it heeds the parameter.
    assert call_back(simulator, _redirect="hello").json["_action"] == "ConfirmationDialog"


def test_a_record_tells_all_that_is_known(still: Simulator) -> None:
    made = call_back(still, _vq="VQ_1", colour="red").json["_id"]
    found = record(still, made)
    assert set(found) == {*ALL_KEYS, "_vq", "colour"}
    assert found["_desired_time"] == "2025-06-02T10:00:00.000Z"
    assert found["_expiration_time"] == "2025-06-03T10:00:00.000Z"
    assert found["url"] == f"{still.base_url}/1/service/callback/callme/{made}"
    assert get(still, "callback?_id=nobody").rows == []


def test_an_immediate_callback_passes_its_states(still: Simulator) -> None:
    made = call_back(still).json["_id"]
    for seconds, expected in ((0, "QUEUED"), (9, "QUEUED"), (1, "PROCESSING"), (20, "COMPLETED")):
        still.clock.advance(seconds)
        assert state(still, made) == expected
    assert "_callback_reason" not in record(still, made)


def test_a_suspended_service_pauses_and_goes_on_until_the_cancel(still: Simulator) -> None:
    made = call_back(still).json["_id"]
    walk = [state(still, made)]
    still.clock.advance(5)
    still.controls.suspend("callme")
    walk.append(state(still, made))
    still.clock.advance(1000)
    still.controls.resume("callme")
    walk.append(state(still, made))
    still.clock.advance(4)
    assert get(still, f"{made}/check-queue-position").json["_eta"] == "1"
    cancelled = cancel(still, "callme", made)
    assert (cancelled.status, cancelled.body) == (200, b"")
    walk.append(state(still, made))
    assert walk == ["QUEUED", "PAUSED", "QUEUED", "COMPLETED"]
    assert record(still, made)["_callback_reason"] == "CANCELLED_BY_USER"


def test_a_cancel_succeeds_once(simulator: Simulator) -> None:
    made = call_back(simulator).json["_id"]
    assert cancel(simulator, "CHAT-NOW", made).status == 400
    assert cancel(simulator, "callme", f"{made}?discard_ors_failure=true").status == 200
    for again in (made, "nobody"):
        reply = cancel(simulator, "callme", again)
        assert reply.status == 400
        assert reply.json["exception"] == f"{EXCEPTIONS}.CallbackExceptionNotFound"


def test_a_scheduled_callback_is_queued_two_minutes_before_its_time(still: Simulator) -> None:
    wish = "2025-06-02T12:00:00.000Z"
    reply = call_back(still, "VOICE-SCHEDULED-USERTERM", _desired_time=wish)
    assert reply.json["_text"] == f"You will receive the call at {wish}"
    made = reply.json["_id"]
    assert state(still, made) == "SCHEDULED"
    still.clock.advance(7200 - 121)
    assert state(still, made) == "SCHEDULED"
    still.clock.advance(1)
    assert state(still, made) == "QUEUED"
    still.clock.advance(120)
    [push] = still.take_pushes()
    assert push == {"_id": made, "_action": "get-dialog"}


@pytest.mark.parametrize("wish", ["2025-06-02T20:00:00.000Z", "2025-06-03T07:59:59+00:00"])
def test_a_closed_office_offers_the_next_slots(still: Simulator, wish: str) -> None:
    reply = call_back(still, _desired_time=wish)
    assert reply.status == 400
    assert list(reply.json) == ["exception", "message", "availability"]
    assert reply.json["exception"] == f"{EXCEPTIONS}.CallbackExceptionAvailability"
    offered = {f"2025-06-03T08:{minute:02}:00.000Z": 10 for minute in (0, 5, 10, 15, 20)}
    assert reply.json["availability"] == offered
    assert call_back(still, _desired_time=next(iter(offered))).status == 200
    assert call_back(still, "callme-anytime", _desired_time=wish).status == 200


def test_a_full_slot_is_refused_until_someone_leaves(still: Simulator) -> None:
    still.controls.slot_capacity = 2
    wish = "2025-06-02T15:02:00Z"
    made = [call_back(still, _desired_time=wish).json["_id"] for _ in range(2)]
    full = call_back(still, _desired_time=wish)
    assert full.status == 400
    assert next(iter(full.json["availability"])) == "2025-06-02T15:05:00.000Z"
    assert call_back(still, "CHAT-WAIT", _desired_time=wish).status == 200
    # Who has the slot may move within it.
    moved = reschedule(still, "callme", made[0], _new_desired_time="2025-06-02T15:04:00Z")
    assert (moved.status, moved.body) == (200, b"")
    assert cancel(still, "callme", made[1]).status == 200
    assert call_back(still, _desired_time=wish).status == 200


@pytest.mark.parametrize("wish", ["soon", "0001-01-01", "9999-12-31T23:59:59Z"])
def test_a_time_that_is_none_is_refused(simulator: Simulator, wish: str) -> None:
    reply = call_back(simulator, _desired_time=wish)
    assert (reply.status, reply.json["exception"]) == (400, "java.lang.IllegalArgumentException")


def test_a_callback_for_now_is_taken_at_night_too(still: Simulator) -> None:
    still.clock.advance(14 * 3600)
    assert call_back(still).status == 200


def test_a_callback_moves_to_another_time(still: Simulator) -> None:
    made = call_back(still, _desired_time="2025-06-02T12:00:00Z", a="1", b="2").json["_id"]
    closed = reschedule(still, "callme", made, _new_desired_time="2025-06-02T23:00:00Z")
    assert (closed.status, len(closed.json["availability"])) == (400, 5)
    assert reschedule(still, "callme", made, _desired_time="2025-06-02T11:00:00Z").status == 200
    assert record(still, made)["_desired_time"] == "2025-06-02T11:00:00.000Z"
    target = f"{SERVICE}/callback/callme/{made}"
    body = urlencode({"a": "", "b": "3"})
    assert call(still, "PUT", target, body, URLENCODED).status == 200
    found = record(still, made)
    assert ("a" in found, found["b"], found["_callback_state"]) == (False, "3", "SCHEDULED")
    assert reschedule(still, "callme", made, _callback_state="QUEUED").status == 200
    assert state(still, made) == "QUEUED"
    still.clock.advance(15)
    late = reschedule(still, "callme", made, _new_desired_time="2025-06-02T13:00:00Z")
    assert late.status == 400
    cancel(still, "callme", made)
    assert reschedule(still, "callme", made, a="1").status == 400


def test_a_reschedule_changes_what_a_record_shows(still: Simulator) -> None:
    made = call_back(still, _vq="VQ_1", _customer_id="7", colour="red").json["_id"]
    changed = {"_customer_number": "5116", "_vq": "VQ_2", "_customer_id": "", "colour": ""}
    assert reschedule(still, "callme", made, **changed).status == 200
    found = record(still, made)
    assert set(found) == {*ALL_KEYS, "_vq"}
    assert (found["_customer_number"], found["_vq"]) == ("5116", "VQ_2")
    refused = reschedule(still, "callme", made, _customer_number="nobody", _vq="VQ_3")
    assert (refused.status, record(still, made)) == (400, found)


SCENARIOS = {
    # The first answer, and the states after so many seconds if the app asks for nothing.
    "VOICE-NOW-USERORIG": ("DialNumber", {0: "PROCESSING", 49: "PROCESSING", 50: "COMPLETED"}),
    "VOICE-WAIT-USERORIG": (None, {0: "QUEUED", 10: "QUEUED", 129: "QUEUED", 130: "COMPLETED"}),
    "VOICE-NOW-USERTERM": (
        "ConfirmationDialog",
        {0: "QUEUED", 10: "PROCESSING", 29: "PROCESSING", 30: "COMPLETED"},
    ),
    "VOICE-WAIT-USERTERM": ("ConfirmationDialog", {0: "QUEUED", 129: "QUEUED", 130: "COMPLETED"}),
    "VOICE-SCHEDULED-USERTERM": (
        "ConfirmationDialog",
        {0: "QUEUED", 129: "QUEUED", 130: "COMPLETED"},
    ),
    "CHAT-NOW": ("StartChat", {0: "PROCESSING", 299: "PROCESSING", 300: "COMPLETED"}),
    "CHAT-WAIT": (None, {0: "QUEUED", 129: "QUEUED", 130: "COMPLETED"}),
    "VOICE-PREVIEW-USERTERM": (
        "ConfirmationDialog",
        {0: "QUEUED", 10: "PROCESSING", 39: "PROCESSING", 40: "COMPLETED"},
    ),
}


@pytest.mark.parametrize("service", SCENARIOS)
def test_a_callback_keeps_its_agent_until_it_is_over(still: Simulator, service: str) -> None:
    action, walk = SCENARIOS[service]
    answer = call_back(still, service).json
    assert answer.get("_action") == action
    assert action is not None or list(answer) == ["_id"]
    made = answer["_id"]
    before = 0
    for seconds, expected in walk.items():
        still.clock.advance(seconds - before)
        before = seconds
        assert state(still, made) == expected
        asked = post(still, f"{made}/status").json["status"]
        serves = expected == "PROCESSING" or asked == "agent-ready"
        assert [agent.instance for agent in still.control.view().agents].count(made) == serves


def test_scheduled_without_a_time_waits_for_one(still: Simulator) -> None:
    made = call_back(still, _callback_state="SCHEDULED").json["_id"]
    still.clock.advance(100_000)
    assert state(still, made) == "SCHEDULED"
    position = get(still, f"{made}/check-queue-position").json
    assert (position["_eta"], position["ewt"]) == ("-1", -1)
    assert reschedule(still, "callme", made, _callback_state="QUEUED").status == 200
    assert state(still, made) == "QUEUED"


def test_too_many_queued_callbacks_are_refused(still: Simulator) -> None:
    still.controls.queue_limit = 1
    call_back(still, _desired_time="2025-06-02T12:00:00Z")
    first = call_back(still).json["_id"]
    refused = call_back(still)
    assert refused.status == 503
    assert refused.json == {
        "exception": f"{EXCEPTIONS}.CallbackExceptionServiceUnavailable",
        "message": "Limit of queued callbacks for callme is reached.",
    }
    assert call_back(still, "VOICE-NOW-USERTERM").status == 200
    cancel(still, "callme", first)
    assert call_back(still).status == 200


def test_records_are_found_by_what_they_hold(still: Simulator) -> None:
    one = call_back(still, _customer_number="5001").json["_id"]
    two = call_back(still, _customer_number="5002", colour="red").json["_id"]
    chat = call_back(still, "CHAT-NOW", _customer_number="5001").json["_id"]
    cancel(still, "callme", one)

    def found(path: str) -> list[str]:
        return [each["_id"] for each in get(still, path).rows]

    assert found("callback?_customer_number=5001") == [one, chat]
    assert found("callback?_customer_number=5001&_callback_state=!COMPLETED") == [chat]
    assert found("callback?_callback_state=COMPLETED") == [one]
    assert found("callback/callme") == [one, two]
    assert found("callback/callme?colour=red&_customer_number=5001") == []
    assert found("callback/callme?operand=OR&colour=red&_customer_number=5001") == [one, two]
    assert found(f"callback?_id={quote('!' + one)}") == [two, chat]


def test_free_slots_are_told(still: Simulator) -> None:
    call_back(still, _desired_time="2025-06-02T11:07:00Z")
    window = "start=2025-06-02T11:00:00Z&end=2025-06-02T11:15:00Z"
    assert get(still, f"callback/callme/availability?{window}").json == {
        "2025-06-02T11:00:00.000Z": 10,
        "2025-06-02T11:05:00.000Z": 9,
        "2025-06-02T11:10:00.000Z": 10,
    }
    day = get(still, "callback/callme/availability").json
    assert (len(day), next(iter(day))) == (144, "2025-06-02T10:00:00.000Z")
    few = get(still, "callback/callme/availability?number-of-days=3&max-time-slots=4").json
    assert len(few) == 4


@pytest.mark.parametrize(
    ("path", "exception"),
    [
        ("callme-anytime/availability", f"{EXCEPTIONS}.CallbackExceptionResource"),
        (
            "callme/availability?start=2025-06-02T21:00:00Z&end=2025-06-02T22:00:00Z",
            f"{EXCEPTIONS}.CallbackExceptionAvailability",
        ),
        ("callme/availability?start=never", "java.lang.IllegalArgumentException"),
        ("callme/availability?number-of-days=0", "java.lang.IllegalArgumentException"),
        ("callme/availability?max-time-slots=x", "java.lang.IllegalArgumentException"),
        ("callme/availability?end=2099-01-01", "java.lang.IllegalArgumentException"),
    ],
)
def test_slots_that_nobody_can_tell_are_refused(
    still: Simulator, path: str, exception: str
) -> None:
    reply = get(still, f"callback/{path}")
    assert (reply.status, reply.json["exception"]) == (400, exception)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "callback", "GET"),
        ("DELETE", "callback/callme", "GET, POST"),
        ("POST", "callback/callme/some-id", "DELETE, PUT"),
        ("POST", "callback/callme/availability", "GET"),
    ],
)
def test_a_wrong_method_is_refused(
    simulator: Simulator, method: str, path: str, allow: str
) -> None:
    reply = call(simulator, method, f"{SERVICE}/{path}")
    assert (reply.status, reply.all("Allow")) == (405, [allow])
