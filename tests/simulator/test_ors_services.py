import re

import pytest

from gms_console.simulator import Simulator
from tests.simulator.wire import create, get, post

POLL = [
    (0, "waiting-for-agent", "/waitingforagent.html"),
    (4, "agent-ready", "/agentready.html"),
    (10, "connected", "/connected.html"),
    (30, "completed", "/completed.html"),
]
DELAY = [(0, *POLL[0][1:]), (10, *POLL[1][1:]), (16, *POLL[2][1:]), (36, *POLL[3][1:])]
IMMEDIATE = [(0, *POLL[1][1:]), (6, *POLL[2][1:]), (26, *POLL[3][1:])]
ALL = [
    ("request-inbound-poll", POLL),
    ("request-inbound-delay", DELAY),
    ("request-inbound-immediate", IMMEDIATE),
    ("request-outbound-delay", DELAY),
    ("request-outbound-immediate", IMMEDIATE),
]


@pytest.mark.parametrize(("service", "walk"), ALL, ids=[name for name, _ in ALL])
def test_states_follow_the_clock(service: str, walk: list[tuple[float, str, str]]) -> None:
    # So slow a clock that only the jumps below move it.
    with Simulator(speed=0.000001) as simulator:
        made = create(simulator, service)
        now = 0.0
        for at, status, dialog in walk:
            if at:
                simulator.clock.advance(at - now - 0.5)
                assert get(simulator, f"{made}/status").json["status"] != status
                simulator.clock.advance(0.5)
                now = at
            reply = post(simulator, f"{made}/status")
            assert reply.json == {"status": status, "dialog": dialog}


@pytest.mark.parametrize("service", [name for name, _ in ALL])
def test_a_create_answers_a_session_id(simulator: Simulator, service: str) -> None:
    answer = post(simulator, service, [("_provide_code", "true")]).json
    assert re.fullmatch(r"[0-9A-Z]{32}", answer["_id"])
    immediate_inbound = service == "request-inbound-immediate"
    assert ("_access_number" in answer) == immediate_inbound
    assert ("_access_code" in answer) == immediate_inbound


def test_an_exhausted_pool_creates_no_immediate_service() -> None:
    with Simulator(pool=[]) as simulator:
        assert post(simulator, "request-inbound-immediate").status == 500
        assert post(simulator, "request-outbound-immediate").status == 200


def test_cancel_is_final(simulator: Simulator) -> None:
    made = create(simulator, "request-inbound-poll")
    cancelled = {"status": "cancelled", "dialog": "/cancelled.html"}
    assert post(simulator, f"{made}/cancel").json == cancelled
    simulator.clock.advance(5)
    assert post(simulator, f"{made}/status").json == cancelled
    again = post(simulator, f"{made}/cancel")
    assert again.status == 400
    assert again.json["exception"] == "com.genesyslab.gsg.GSGException"


def test_a_completed_service_cannot_be_cancelled(simulator: Simulator) -> None:
    made = create(simulator, "request-inbound-poll")
    simulator.clock.advance(31)
    assert post(simulator, f"{made}/cancel").status == 400
    assert post(simulator, f"{made}/status").json["status"] == "completed"


@pytest.mark.parametrize("request_name", ["start", "get-dialog", "status"])
def test_the_dialog_can_be_asked_for_by_either_method(
    simulator: Simulator, request_name: str
) -> None:
    made = create(simulator, "request-inbound-poll")
    by_post = post(simulator, f"{made}/{request_name}")
    by_get = get(simulator, f"{made}/{request_name}?x=1")
    assert by_post.json["dialog"] == by_get.json["dialog"] == "/waitingforagent.html"


def test_update_keeps_user_data(simulator: Simulator) -> None:
    made = create(simulator, "request-inbound-poll", [("a", "1"), ("b", "1")])
    assert post(simulator, f"{made}/update", [("b", "2"), ("c", "3"), ("_d", "4")]).json == {}
    assert get(simulator, f"{made}/storage").json == {"a": "1", "b": "2", "c": "3"}


def test_unknown_requests_and_instances_are_not_found(simulator: Simulator) -> None:
    made = create(simulator, "request-inbound-poll")
    unknown_request = post(simulator, f"{made}/dance")
    assert unknown_request.status == 404
    assert "[dance]" in unknown_request.json["message"]
    unknown_instance = post(simulator, "0123/status")
    assert unknown_instance.status == 404
    assert "[0123]" in unknown_instance.json["message"]


def test_a_fast_clock_reaches_the_end_by_itself() -> None:
    with Simulator(speed=100_000) as simulator:
        made = create(simulator, "request-inbound-poll")
        before = simulator.clock.now()
        while post(simulator, f"{made}/status").json["status"] != "completed":
            assert simulator.clock.now() < before + 500_000
        assert simulator.clock.now() > before + 30


def test_the_clock_counts_speed_and_jumps_and_never_goes_back() -> None:
    simulator = Simulator(speed=1000)
    first = simulator.clock.now()
    while simulator.clock.now() == first:
        pass
    simulator.clock.advance(5000)
    assert simulator.clock.now() >= first + 5000
    simulator.clock.speed = 0.001
    still = simulator.clock.now()
    assert simulator.clock.now() - still < 1
    assert simulator.clock.speed == 0.001
    with pytest.raises(ValueError, match="advance"):
        simulator.clock.advance(-1)
    for speed in (0, -1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="speed"):
            Simulator(speed=speed)
