"""What administrators do with all callbacks: lists, bulk cancel, report, counters, free times."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from gms_console.simulator import Effect, Fault, Simulator
from tests.simulator.configured import configured
from tests.simulator.wire import JSON, URLENCODED, Reply, call, call_back, create, get, post, record

ADMIN = "/genesys/1/admin/callback"
EXCEPTIONS = "com.genesyslab.gsg.services.callback.exceptions"


def ask(simulator: Simulator, path: str) -> Reply:
    return call(simulator, "GET", f"{ADMIN}/{path}")


def tell(simulator: Simulator, path: str, document: Any) -> Reply:
    return call(simulator, "POST", f"{ADMIN}/{path}", json.dumps(document), JSON)


def test_queues_show_who_is_wanted_from_a_quarter_of_an_hour_ago_to_tomorrow(
    still: Simulator,
) -> None:
    now = call_back(still, _vq="VQ_1").json["_id"]
    chat = call_back(still, "CHAT-WAIT", _vq="VQ_2").json["_id"]
    soon = call_back(still, _desired_time="2025-06-03T09:00:00Z").json["_id"]
    late = call_back(still, _desired_time="2025-06-05T09:00:00Z").json["_id"]
    call(still, "DELETE", f"/genesys/1/service/callback/CHAT-WAIT/{chat}")

    def found(path: str) -> dict[str, list[str]]:
        answered = ask(still, path).json
        return {service: [one["_id"] for one in ones] for service, ones in answered.items()}

    assert found("queues") == {"callme": [now, soon], "CHAT-WAIT": [chat]}
    assert found("queues?target=callme") == {"callme": [now, soon]}
    assert found("queues?target=CHAT-NOW") == {"CHAT-NOW": []}
    assert found("queues?states=SCHEDULED,COMPLETED") == {"callme": [soon], "CHAT-WAIT": [chat]}
    assert found("queues?max=1") == {"callme": [now]}
    assert found("queues?_vq=VQ_1&colour=red") == {"callme": [now]}
    assert found("queues?_callback_state=!COMPLETED&_vq=!VQ_1") == {"callme": [soon]}
    window = "start_time=2025-06-03T00:00:00Z&end_time=2025-07-02T00:00:00.000Z"
    assert found(f"queues?{window}") == {"callme": [soon, late]}
    still.clock.advance(901)
    assert found("queues") == {"callme": [soon]}
    assert ask(still, "queues?target=nobody").status == 404
    for bad in ("start_time=soon", "end_time=soon", "max=0", "max=x"):
        assert ask(still, f"queues?{bad}").status == 400


def test_many_are_cancelled_at_once_and_reported(still: Simulator) -> None:
    made = [call_back(still, _customer_number=f"500{n}").json["_id"] for n in range(4)]
    booked = call_back(still, "VOICE-NOW-USERORIG").json["_id"]
    cancelled = tell(still, "cancel", {"reason": "STORM", "ids": [made[0], booked, "gone"]})
    assert (cancelled.status, cancelled.body) == (200, b"")
    assert tell(still, "cancel", {"ids": [made[1], made[1]]}).status == 200
    call(still, "DELETE", f"/genesys/1/service/callback/callme/{made[2]}")
    reasons = [record(still, each).get("_callback_reason") for each in made]
    assert reasons == ["STORM", "CANCELLED_BY_ADMIN", "CANCELLED_BY_USER", None]
    rows = get(still, "callback?_callback_state=COMPLETED&_callback_reason=STORM").rows
    assert [row["_id"] for row in rows] == [made[0], booked]
    # The number and the agent of the cancelled one are free again.
    assert still.control.view().free_numbers == 10

    def report(document: Any) -> list[list[str]]:
        answered = tell(still, "reportcancelled", document)
        assert answered.all("Content-Type") == ["text/csv;charset=utf-8"]
        return list(csv.reader(io.StringIO(answered.body.decode())))

    columns = ["_id", "_customer_number", "nothing"]
    wanted = {"callback_reason": "STORM", "exported_properties": columns}
    assert report(wanted) == [columns, [made[0], "5000", ""], [booked, "+16504669999", ""]]
    assert [row[-1] for row in report({})[1:]] == [*reasons[:3], "STORM"]

    gone = tell(still, "cancel", {"ids": made[:2]})
    assert (gone.status, gone.json["exception"]) == (400, f"{EXCEPTIONS}.CallbackExceptionNotFound")
    malformed: list[Any] = [{}, {"ids": []}, {"ids": made[3]}, {"ids": [1]}, {"ids": {"a": 1}}]
    for bad in malformed:
        assert tell(still, "cancel", bad).status == 400
    assert tell(still, "reportcancelled", {"exported_properties": "x"}).status == 400
    assert call(still, "POST", f"{ADMIN}/cancel", "ids", URLENCODED).status == 400
    assert record(still, made[3])["_callback_state"] == "QUEUED"


def test_a_cancel_can_do_without_a_server_that_is_down(still: Simulator) -> None:
    made = call_back(still).json["_id"]
    target = f"/genesys/1/service/callback/callme/{made}"
    still.faults.add(Fault(then=Effect(ors_down=True)))
    assert call(still, "DELETE", target).status == 500
    assert call(still, "DELETE", f"{target}?discard_ors_failure=false").status == 500
    assert call(still, "DELETE", f"{target}?discard_ors_failure=true").status == 200
    still.faults.clear()
    assert record(still, made)["_callback_reason"] == "CANCELLED_BY_USER"


def test_counters_count_what_is_queued_or_further(still: Simulator) -> None:
    every = ask(still, "watermarks").json
    assert list(every) == ["services", "total"]
    assert set(every["services"].values()) == {0}
    assert {"callme", "CHAT-NOW"} <= set(every["services"])
    call_back(still, _desired_time="2025-06-02T15:00:00Z")
    call_back(still)
    call_back(still, "CHAT-NOW")
    two = ask(still, "watermarks?service_name=callme&service_name=CHAT-NOW").json
    assert two == {"services": {"callme": 1, "CHAT-NOW": 1}, "total": 2}
    still.clock.advance(10)
    assert ask(still, "watermarks?service_name=callme").json["total"] == 1
    still.clock.advance(20)
    assert ask(still, "watermarks").json["total"] == 1
    assert ask(still, "watermarks?service_name=nobody").status == 404


def test_free_times_of_version_two(still: Simulator) -> None:
    still.controls.slot_capacity = 2
    for minute in (1, 2, 7):
        call_back(still, _desired_time=f"2025-06-02T11:0{minute}:00Z")

    def free(query: str) -> Reply:
        return call(still, "GET", f"/genesys/2/service/callback/callme/availability?{query}")

    window = "start=2025-06-02T11:00:00Z&end=2025-06-02T11:15:00Z"
    slots = [
        {
            "utcTime": f"2025-06-02T11:{minute:02}:00.000Z",
            "localTime": f"2025-06-02T13:{minute:02}:00.000",
            "capacity": left,
            "total": 2,
        }
        for minute, left in ((0, 0), (5, 1), (10, 2))
    ]
    answered = {"durationMin": 5, "timezone": "Europe/Paris"}
    paris = f"{window}&timezone=Europe/Paris"
    assert free(paris).json == {**answered, "slots": slots[1:]}
    assert free(f"{paris}&report-busy=true").json == {**answered, "slots": slots}
    assert free(f"{paris}&max-time-slots=1").json["slots"] == slots[1:2]
    first, last = 1748862000000, 1748862900000
    by_millis = f"start-ms={first}&end-ms={last}"
    assert free(by_millis).json["slots"][0]["localTime"] == "2025-06-02T11:05:00.000"
    assert len(free("").json["slots"]) == 143
    night = "start=2025-06-02T21:00:00Z&end=2025-06-02T22:00:00Z"
    assert free(night).json == {"durationMin": 5, "timezone": "UTC", "slots": []}
    for bad in ("timezone=Mars/Base", "start-ms=x", "end-ms=9e99", "max-time-slots=0"):
        assert free(bad).json["exception"] == "java.lang.IllegalArgumentException"
    path = "/genesys/2/service/callback/{}/availability"
    assert call(still, "GET", path.format("nobody")).status == 404
    refused = call(still, "GET", path.format("callme-anytime"))
    assert refused.json["exception"] == f"{EXCEPTIONS}.CallbackExceptionResource"


def test_with_few_agents_customers_wait_and_the_presenter_moves_things_on(
    still: Simulator,
) -> None:
    agents = [agent.name for agent in still.control.view().agents]
    for name in agents[1:]:
        still.control.set_away(name, True)
    first = call_back(still, "VOICE-WAIT-USERTERM").json["_id"]
    second = call_back(still).json["_id"]
    third = create(still, "request-inbound-immediate")
    fourth = call_back(still, "CHAT-WAIT").json["_id"]
    assert post(still, f"{third}/status").json["status"] == "agent-ready"
    assert post(still, f"{first}/status").json["status"] == "waiting-for-agent"
    still.clock.advance(20)
    # The agent is in the walk's call until second 26, nobody else has one.
    assert record(still, second)["_callback_state"] == "QUEUED"
    assert still.pending_pushes() == []
    position = get(still, f"{second}/check-queue-position").json
    assert (position["_position"], position["_total_waiting"]) == ("2", "3")
    assert float(position["ewt"]) > 6
    still.clock.advance(6)
    assert still.take_pushes() == [{"_id": first, "_action": "get-dialog"}]
    assert post(still, f"{third}/status").json["status"] == "completed"

    # "Agent free now": the one whose user does not confirm is given up for the next.
    assert still.control.agent_free_now() == second
    assert record(still, first)["_callback_reason"] == "HUNG_UP_BY_USER"
    assert record(still, second)["_callback_state"] == "PROCESSING"
    assert still.control.hang_up(second)
    assert "_callback_reason" not in record(still, second)
    assert record(still, second)["_callback_state"] == "COMPLETED"
    assert not still.control.hang_up(second)
    # The chat got the agent; its customer hangs up before confirming, and nobody waits.
    assert post(still, f"{fourth}/status").json["status"] == "agent-ready"
    assert still.control.hang_up(fourth)
    assert record(still, fourth)["_callback_reason"] == "HUNG_UP_BY_USER"
    assert still.control.agent_free_now() == ""

    walks = [create(still, "request-outbound-immediate") for _ in range(2)]
    assert [post(still, f"{walk}/status").json["status"] for walk in walks] == [
        "agent-ready",
        "waiting-for-agent",
    ]
    still.clock.advance(6)
    assert [still.control.hang_up(walk) for walk in walks] == [True, True]
    assert [post(still, f"{walk}/status").json["status"] for walk in walks] == [
        "completed",
        "cancelled",
    ]


def test_the_file_says_who_serves_and_what_a_customer_is_found_by(tmp_path: Path) -> None:
    text = """
    agents: {names: [Ann]}
    callback: {returned-keys: [_ors_session_id, size]}
    service.callme: {_service: callback, _customer_lookup_keys: [subject, language]}
    """
    with configured(tmp_path, text) as still:
        [ann] = still.control.view().agents
        assert (ann.name, ann.state) == ("Ann", "free")
        first = call_back(still, subject="Bill", colour="red", size="L").json["_id"]
        second = call_back(still).json["_id"]
        assert "colour" not in record(still, first)
        assert record(still, first)["size"] == "L"
        assert [one["_id"] for one in get(still, "callback?subject=Bill").rows] == [first]
        assert get(still, "callback?colour=red").rows == []
        still.clock.advance(29)
        states = [record(still, made)["_callback_state"] for made in (first, second)]
        assert states == ["PROCESSING", "QUEUED"]
        assert get(still, f"{second}/check-queue-position").json["_eta"] == "1"
        still.clock.advance(1)
        assert record(still, second)["_callback_state"] == "PROCESSING"
        assert still.control.view().agents[0].instance == second


@pytest.mark.parametrize("path", ["nothing", "cancel/more", ""])
def test_what_admins_cannot_ask_is_not_found(still: Simulator, path: str) -> None:
    assert ask(still, path).status == 404
