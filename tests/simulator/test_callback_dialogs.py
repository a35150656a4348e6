import threading
from datetime import datetime
from typing import Any

import pytest

from gms_console.simulator import Effect, Fault, FaultPlan, Simulator
from tests.simulator.wire import SERVICE, call, call_back, create, get, post, record

Menu = dict[str, str]


def follow(simulator: Simulator, url: str) -> dict[str, Any]:
    """Send what a menu item names, as the app would."""
    assert url.startswith(simulator.root_url)
    return call(simulator, "POST", url.removeprefix(simulator.root_url)).json


def choices(dialog: dict[str, Any]) -> Menu:
    assert dialog["_action"] == "DisplayMenu"
    [group] = dialog["_content"]
    return {item["_label"]: item["_user_action_url"] for item in group["_group_content"]}


def pushed_dialog(simulator: Simulator) -> dict[str, Any]:
    """Do what an app does with the one push that came."""
    [push] = simulator.take_pushes()
    return post(simulator, f"{push['_id']}/{push['_action']}").json


def test_a_push_leads_over_a_menu_to_a_number(still: Simulator) -> None:
    made = call_back(still, "VOICE-WAIT-USERORIG").json["_id"]
    early = get(still, f"{made}/get-dialog").json
    assert early["_action"] == "ConfirmationDialog"
    assert early["_text"] == "All agents are busy. Please wait about 10 seconds."
    assert post(still, f"{made}/connect").json["_text"] == early["_text"]
    assert still.pending_pushes() == []
    still.clock.advance(9.5)
    late = get(still, f"{made}/get-dialog").json["_text"]
    assert late == "All agents are busy. Please wait about 1 second."
    still.clock.advance(0.5)
    expected = [{"_id": made, "_action": "get-dialog"}]
    assert still.pending_pushes() == still.pending_pushes() == expected
    dialog = pushed_dialog(still)
    assert still.take_pushes() == []
    assert list(choices(dialog)) == ["Connect me now", "Call me in 5 minutes", "Never mind"]
    dial = follow(still, choices(dialog)["Connect me now"])
    assert (dial["_action"], dial["_tel_url"]) == ("DialNumber", "tel:8003449999")
    assert record(still, made)["_callback_state"] == "PROCESSING"
    assert get(still, f"{made}/get-dialog").json["_text"] == "You are being connected."
    still.clock.advance(50)
    assert record(still, made)["_callback_state"] == "COMPLETED"


def test_only_three_connections_are_allowed(still: Simulator) -> None:
    made = call_back(still, "VOICE-WAIT-USERORIG").json["_id"]
    still.clock.advance(10)
    numbers = [post(still, f"{made}/connect").json["_tel_url"] for _ in range(3)]
    assert numbers == ["tel:8003449999", "tel:8003449998", "tel:8003449997"]
    fourth = post(still, f"{made}/connect")
    assert (fourth.status, list(fourth.json)) == (200, ["_id", "error"])
    assert "3 connections" in fourth.json["error"]


def test_without_a_free_number_there_is_no_connection() -> None:
    with Simulator(pool=[]) as simulator:
        assert call_back(simulator, "VOICE-NOW-USERORIG").status == 500
        made = call_back(simulator, "VOICE-WAIT-USERORIG").json["_id"]
        simulator.clock.advance(10)
        assert post(simulator, f"{made}/connect").status == 500
        assert record(simulator, made)["_callback_state"] == "QUEUED"
    with Simulator(pool=["1"]) as simulator:
        made = call_back(simulator, "VOICE-NOW-USERORIG").json["_id"]
        used_up = simulator.faults.add(Fault(then=Effect(pool_empty=True)))
        assert post(simulator, f"{made}/connect").status == 500
        simulator.faults.remove(used_up)
        # The number that is booked already stays so.
        assert post(simulator, "match-interaction", [("_access_number", "1")]).json["_id"] == made


def test_the_contact_center_calls_when_the_user_confirms(still: Simulator) -> None:
    made = call_back(still, "VOICE-WAIT-USERTERM").json["_id"]
    still.clock.advance(10)
    answer = follow(still, choices(pushed_dialog(still))["Connect me now"])
    assert answer["_text"] == "You will receive the call shortly"
    assert answer == follow(still, f"{still.base_url}/1/service/{made}/connect")
    assert get(still, f"{made}/get-dialog").json == answer
    still.clock.advance(20)
    assert get(still, f"{made}/get-dialog").json["_text"].startswith("Your request is completed")
    for request in ("connect", "postpone", "give-up"):
        assert "error" in post(still, f"{made}/{request}").json


def test_an_agent_does_not_wait_for_ever(still: Simulator) -> None:
    made = call_back(still, "CHAT-WAIT").json["_id"]
    still.clock.advance(129)
    assert len(still.pending_pushes()) == 1
    still.clock.advance(1)
    assert still.pending_pushes() == []
    found = record(still, made)
    assert found["_callback_state"] == "COMPLETED"
    assert found["_callback_reason"] == "NOT_CONFIRMED_BY_USER"


def test_the_user_puts_it_off_by_five_minutes(still: Simulator) -> None:
    made = call_back(still, "VOICE-WAIT-USERTERM").json["_id"]
    still.clock.advance(10)
    later = follow(still, choices(pushed_dialog(still))["Call me in 5 minutes"])
    assert later["_action"] == "ConfirmationDialog"
    found = record(still, made)
    assert found["_callback_state"] == "SCHEDULED"
    desired = datetime.fromisoformat(found["_desired_time"])
    assert abs((desired - still.clock.utc()).total_seconds() - 300) < 1
    still.clock.advance(180)
    assert record(still, made)["_callback_state"] == "QUEUED"
    still.clock.advance(120)
    assert choices(pushed_dialog(still))


def test_the_user_gives_up(still: Simulator) -> None:
    made = call_back(still, "CHAT-WAIT").json["_id"]
    still.clock.advance(10)
    dialog = pushed_dialog(still)
    assert next(iter(choices(dialog))) == "Chat now"
    answer = follow(still, choices(dialog)["Never mind"])
    assert answer["_text"] == get(still, f"{made}/get-dialog").json["_text"]
    found = record(still, made)
    assert found["_callback_state"] == "COMPLETED"
    assert found["_callback_reason"] == "CANCELLED_BY_USER"


def test_without_a_confirm_the_push_asks_to_connect(still: Simulator) -> None:
    rows = {"_call_direction": "USERORIGINATED", "_wait_for_agent": "true"}
    call_back(still, "callme", **rows)
    quiet = call_back(still, "callme", _wait_for_agent="true").json["_id"]
    still.clock.advance(10)
    assert pushed_dialog(still)["_action"] == "DialNumber"
    assert record(still, quiet)["_callback_state"] == "PROCESSING"


def test_a_suspended_service_pushes_nothing(still: Simulator) -> None:
    call_back(still, "VOICE-WAIT-USERTERM")
    still.controls.suspend("VOICE-WAIT-USERTERM")
    still.clock.advance(60)
    assert still.pending_pushes() == []
    still.controls.resume("VOICE-WAIT-USERTERM")
    still.clock.advance(10)
    assert len(still.pending_pushes()) == 1


def test_pushes_come_in_order_of_time_and_only_while_running() -> None:
    simulator = Simulator(speed=0.000001)
    assert simulator.take_pushes() == []
    with simulator:
        first = create(simulator, "request-inbound-delay")
        simulator.clock.advance(1)
        second = call_back(simulator, "VOICE-WAIT-USERORIG").json["_id"]
        simulator.clock.advance(10)
        assert [push["_id"] for push in simulator.pending_pushes()] == [first, second]
    assert simulator.take_pushes() == []


def test_a_push_is_taken_once_by_whichever_thread(simulator: Simulator) -> None:
    made = {call_back(simulator, "CHAT-WAIT").json["_id"] for _ in range(20)}
    simulator.clock.advance(10)
    taken: list[str] = []

    def take() -> None:
        taken.extend(push["_id"] for push in simulator.take_pushes())

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(made)


def test_menus_lead_back_the_way_the_request_came(still: Simulator) -> None:
    made = call_back(still, "VOICE-WAIT-USERORIG").json["_id"]
    still.clock.advance(10)
    target = f"/GMS-web/gms/1/service/{made}/get-dialog"
    dialog = call(still, "POST", target, headers={"Host": "gms.localhost:8443"}).json
    root = f"http://gms.localhost:8443/GMS-web/gms/1/service/{made}"
    assert list(choices(dialog).values()) == [
        f"{root}/connect",
        f"{root}/postpone",
        f"{root}/give-up",
    ]


def test_the_place_in_the_queue_moves_on(still: Simulator) -> None:
    call_back(still, "CHAT-WAIT")
    still.clock.advance(1)
    made = call_back(still, "VOICE-WAIT-USERORIG").json["_id"]
    walk = create(still, "request-inbound-delay")
    still.clock.advance(1)
    position = get(still, f"{made}/check-queue-position").json
    assert position == {
        "_position": "2",
        "_eta": "9",
        "_total_waiting": "3",
        "_agent_ready_threshold_passed": False,
        "ewt": 9.0,
    }
    assert get(still, f"{walk}/check-queue-position").json["_position"] == "3"
    still.clock.advance(8)
    near = post(still, f"{made}/check-queue-position").json
    assert (near["_position"], near["_agent_ready_threshold_passed"]) == ("1", True)
    still.clock.advance(1)
    assert post(still, f"{made}/check-queue-position").json["_position"] == "0"
    post(still, f"{made}/connect")
    assert post(still, f"{made}/check-queue-position").json["_eta"] == "0"
    # Who has a time later on does not stand in the queue yet.
    later = call_back(still, "callme", _desired_time="2025-06-02T12:00:00Z").json["_id"]
    position = get(still, f"{later}/check-queue-position").json
    assert (position["_position"], position["_total_waiting"]) == ("0", "0")
    told = get(still, f"{later}/get-dialog").json["_text"]
    assert told == "You will hear from us at 2025-06-02T12:00:00.000Z."


def test_status_tells_of_a_callback_what_it_tells_of_other_services(still: Simulator) -> None:
    made = call_back(still, "VOICE-WAIT-USERTERM").json["_id"]
    other = call_back(still, "CHAT-WAIT").json["_id"]
    walk = [post(still, f"{made}/status").json["status"]]
    still.clock.advance(10)
    walk.append(post(still, f"{made}/status").json["status"])
    post(still, f"{made}/connect")
    walk.append(post(still, f"{made}/status").json["status"])
    still.clock.advance(20)
    walk.append(get(still, f"{made}/status").json["status"])
    assert walk == ["waiting-for-agent", "agent-ready", "connected", "completed"]
    post(still, f"{other}/give-up")
    assert post(still, f"{other}/status").json["dialog"] == "/cancelled.html"


def test_update_keeps_user_data_and_unknown_requests_are_not_found(simulator: Simulator) -> None:
    made = call_back(simulator, colour="red").json["_id"]
    assert post(simulator, f"{made}/update", [("colour", "blue")]).json == {}
    assert record(simulator, made)["colour"] == "blue"
    assert post(simulator, f"{made}/dance").status == 404


def test_an_ended_callback_is_forgotten(simulator: Simulator) -> None:
    made = call_back(simulator).json["_id"]
    assert call(simulator, "DELETE", f"{SERVICE}/{made}").status == 200
    assert get(simulator, f"callback?_id={made}").rows == []


@pytest.mark.parametrize("request_name", ["start", "connect"])
def test_an_inbound_service_connects_once_an_agent_is_ready(
    still: Simulator, request_name: str
) -> None:
    made = create(still, "request-inbound-delay")
    assert "dialog" in get(still, f"{made}/{request_name}").json
    assert get(still, f"{made}/check-queue-position").json["_eta"] == "10"
    still.clock.advance(10)
    menu = choices(pushed_dialog(still))
    assert list(menu) == ["Connect me now", "Never mind"]
    dial = post(still, f"{made}/{request_name}").json
    assert dial["_tel_url"] == f"tel:{dial['_access_number']}" == "tel:8003449999"
    assert follow(still, menu["Connect me now"]) == dial
    assert get(still, f"{made}/get-dialog").json["_text"] == "You are being connected."
    assert get(still, f"{made}/status").json["dialog"] == "/agentready.html"
    assert follow(still, menu["Never mind"])["status"] == "cancelled"
    assert get(still, f"{made}/get-dialog").json["_text"].startswith("Your request is over")
    assert "error" in post(still, f"{made}/{request_name}").json


def test_an_outbound_service_calls_the_user(still: Simulator) -> None:
    made = create(still, "request-outbound-delay")
    still.clock.advance(10)
    menu = choices(pushed_dialog(still))
    answer = follow(still, menu["Connect me now"])
    assert (answer["_id"], answer["_text"]) == (made, "You will receive the call shortly")


def test_an_immediate_inbound_service_keeps_its_number(simulator: Simulator) -> None:
    created = post(simulator, "request-inbound-immediate", [("_provide_code", "true")]).json
    dial = post(simulator, f"{created['_id']}/connect").json
    assert dial["_access_code"] == created["_access_code"]


def test_request_access_works_while_a_callback_lives(still: Simulator) -> None:
    made = call_back(still).json["_id"]
    assert post(still, "request-access", [("_id", made)]).status == 200
    still.clock.advance(30)
    assert post(still, "request-access", [("_id", made)]).status == 400


@pytest.mark.parametrize(
    ("request_name", "method", "path"),
    [
        ("create", "POST", "callback/callme"),
        ("cancel", "DELETE", "callback/callme/x"),
        ("reschedule", "PUT", "callback/callme/x"),
        ("query", "GET", "callback/callme"),
        ("availability", "GET", "callback/callme/availability"),
    ],
)
def test_faults_know_callback_requests_by_name(request_name: str, method: str, path: str) -> None:
    fault = Fault(service="callme", request=request_name, then=Effect(status=502))
    with Simulator(faults=FaultPlan((fault,))) as simulator:
        assert call(simulator, method, f"{SERVICE}/{path}").status == 502
