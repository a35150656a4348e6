"""Driving the simulator: from Python, and over HTTP at /simulator."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gms_console.simulator import PRESETS, Simulator, SimulatorError, UnknownNameError
from tests.simulator.wire import JSON, Reply, call, call_back, create, get, post, record, until


def order(simulator: Simulator, method: str, path: str, body: object = None, **more: Any) -> Reply:
    text = None if body is None else json.dumps(body)
    return call(simulator, method, f"/simulator{path}", text, JSON if text else {}, **more)


def test_a_presenter_pushes_a_callback_on(still: Simulator) -> None:
    control = still.control
    waiting = call_back(still, "VOICE-WAIT-USERORIG").json["_id"]
    view = control.view()
    [instance] = view.instances
    assert (instance.id, instance.service, instance.state) == (
        waiting,
        "VOICE-WAIT-USERORIG",
        "QUEUED",
    )
    assert (instance.customer, instance.place, instance.agent) == ("+16504669999", 1, "")
    assert instance.created == datetime(2025, 6, 2, 10, tzinfo=UTC)
    assert (view.waiting, view.pushes, view.free_numbers, view.received) == (1, 0, 10, 1)

    assert control.agent_free_now() == waiting
    view = control.view()
    served = next(agent for agent in view.agents if agent.instance)
    assert (served.state, served.instance, view.waiting, view.pushes) == ("busy", waiting, 0, 1)
    assert view.instances[0].agent == served.name
    assert control.take_pushes() == [{"_id": waiting, "_action": "get-dialog"}]
    assert control.take_pushes() == []

    assert control.hang_up(waiting)
    assert record(still, waiting)["_callback_state"] == "COMPLETED"
    view = control.view()
    assert (view.instances[0].over, view.instances[0].agent) == (True, "")
    assert control.agent_free_now() == ""
    control.end(waiting)
    assert control.view().instances == ()


def test_the_clock_is_paused_stepped_and_sped_up(still: Simulator) -> None:
    control = still.control
    control.set_speed(1000)
    control.pause()
    paused = control.view().clock
    assert (paused.speed, paused.paused) == (1000, True)
    control.step(60)
    assert control.view().clock.now == paused.now + timedelta(seconds=60)
    control.resume()
    until(lambda: control.view().clock.now > paused.now + timedelta(seconds=61))
    with pytest.raises(ValueError, match="-1"):
        control.step(-1)
    with pytest.raises(ValueError, match="0"):
        control.set_speed(0)


def test_agents_go_away_and_wrong_names_are_told(still: Simulator) -> None:
    control = still.control
    name = control.view().agents[0].name
    control.set_away(name, True)
    assert control.view().agents[0].state == "away"
    control.set_away(name, False)
    assert control.view().agents[0].state == "free"
    for wrong in (
        lambda: control.set_away("nobody", True),
        lambda: control.hang_up("nothing"),
        lambda: control.end("nothing"),
        lambda: control.set_node_up("node9", False),
    ):
        with pytest.raises(UnknownNameError, match=r"no agent|not found|no instance|no node"):
            wrong()
    still.stop()
    with pytest.raises(SimulatorError, match="not running"):
        control.view()


def test_what_was_received_can_be_read_on(simulator: Simulator) -> None:
    post(simulator, "hello", [("a", "1")])
    [first] = simulator.control.received()
    assert (first.number, first.node, first.body) == (1, "node1", b"a=1")
    post(simulator, "hello", [("a", "2")])
    [second] = simulator.control.received(since=first.number)
    assert (second.number, second.body) == (2, b"a=2")
    assert second.at >= first.at
    over_http = json.loads(order(simulator, "GET", "/received?since=1").body)
    assert [each["number"] for each in over_http] == [2]
    assert over_http[0]["target"] == "/genesys/1/service/hello"
    assert over_http[0]["body"] == "a=2"
    assert simulator.control.view().received == 2


def test_the_view_of_many_instances_is_taken_while_requests_come(still: Simulator) -> None:
    for _ in range(150):
        call_back(still, "callme-anytime")
        create(still, "request-inbound-poll")
    pictures: list[int] = []
    looker = threading.Thread(
        target=lambda: pictures.extend(len(still.control.view().instances) for _ in range(5))
    )
    looker.start()
    for _ in range(5):
        post(still, "hello")
    looker.join()
    assert pictures == [300] * 5
    assert still.control.view().waiting > 0


def test_the_same_over_http(still: Simulator) -> None:
    waiting = call_back(still, "VOICE-WAIT-USERTERM").json["_id"]
    shown = order(still, "GET", "").json
    assert shown["clock"]["now"].startswith("2025-06-02T10:00:00.")
    assert shown["instances"][0]["id"] == waiting
    assert shown["nodes"][0] == {
        "name": "node1",
        "url": still.base_url,
        "up": True,
        "online": True,
    }
    assert order(still, "POST", "/clock", {"pause": True}).json["paused"] is True
    stepped = order(still, "POST", "/clock", {"step": 30, "speed": 0.001}).json
    assert (stepped["now"][:19], stepped["speed"]) == ("2025-06-02T10:00:30", 0.001)
    assert order(still, "POST", "/clock", {"resume": True}).json["paused"] is False
    other = call_back(still, "VOICE-WAIT-USERTERM").json["_id"]
    assert order(still, "POST", "/agents/free").json == {"served": other}
    assert order(still, "POST", "/agents/Kim", {"away": True}).json == {"done": True}
    assert order(still, "POST", f"/instances/{other}/hangup").json == {"done": True}
    assert record(still, other)["_callback_state"] == "COMPLETED"
    assert len(json.loads(order(still, "POST", "/pushes").body)) == 1
    assert order(still, "DELETE", f"/instances/{other}").json == {"done": True}
    assert order(still, "POST", "/nodes/node1", {"online": False}).json == {"done": True}
    assert still.control.view().nodes[0].online is False
    # No order is a request to GMS: none was recorded.
    assert {request.method for request in still.received} == {"POST", "GET"}
    assert not [each for each in still.received if each.target.startswith(b"/simulator")]


def test_faults_over_http(simulator: Simulator) -> None:
    busy = {"request": "create", "nth": [1, 3], "then": {"status": 503, "body": 'tab\t"ü"'}}
    made = order(simulator, "POST", "/faults", busy)
    assert (made.status, made.json) == (201, {"number": 1})
    assert order(simulator, "POST", "/faults", {"preset": "Slow answers"}).json == {"number": 2}
    listed = order(simulator, "GET", "/faults").json
    assert [fault["fault"] for fault in listed["faults"]] == [
        busy,
        {"then": {"delay": "2s", "jitter": "3s"}},
    ]
    assert listed["presets"] == list(PRESETS)
    off = order(simulator, "POST", "/faults/2", {"enabled": False}).json
    assert (off["enabled"], off["what"]) == (False, "2 s to 5 s late")
    assert post(simulator, "hello").body == 'tab\t"ü"'.encode()
    hit = order(simulator, "GET", "/faults/1").json
    assert (hit["seen"], hit["hits"], hit["when"]) == (1, 1, "the 1st and 3rd")
    as_file = order(simulator, "GET", "/faults.yaml")
    assert as_file.all("Content-Type") == ["application/yaml;charset=utf-8"]
    assert b"jitter: 3s" in as_file.body
    assert order(simulator, "PUT", "/faults/2", {"then": {"garbage": True}}).json["hits"] == 0
    assert len(order(simulator, "DELETE", "/faults/1").json["faults"]) == 1
    plan = {"seed": 3, "faults": [{"then": {"reset": True}}]}
    assert order(simulator, "PUT", "/faults", plan).json["seed"] == 3
    with pytest.raises(ConnectionResetError):
        get(simulator, "x")
    # No fault hits the way in.
    assert order(simulator, "DELETE", "/faults").json["faults"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/faults", {"then": {"status": 99}}, 400, "line 1, column 21: found '99'"),
        ("POST", "/faults", {"preset": "Bad day"}, 400, "be one of ORS down"),
        ("POST", "/faults/7", {"enabled": True}, 404, "there is no fault 7"),
        ("POST", "/faults/7", {}, 400, "enabled"),
        ("PATCH", "/faults/7", None, 405, "PATCH"),
        ("PUT", "/faults", [1], 400, "found a list"),
        ("POST", "/clock", {}, 400, "one of pause, resume, step, speed"),
        ("POST", "/clock", {"step": "1"}, 400, "step must be a number"),
        ("POST", "/clock", {"pause": True, "speed": 0}, 400, "above zero"),
        ("POST", "/clock", {"pause": True, "step": -1}, 400, "advance by -1"),
        ("POST", "/clock", {"step": 10**400}, 400, "step is too large"),
        ("POST", "/agents/nobody", {"away": True}, 404, "no agent nobody"),
        ("POST", "/agents/Kim", {"away": 1}, 400, "away must be true or false"),
        ("POST", "/instances/x/hangup", None, 404, "x"),
        ("DELETE", "/instances/x", None, 404, "no instance x"),
        ("POST", "/nodes/node7", {"up": True}, 404, "no node node7"),
        ("POST", "/nodes/node1", {"online": False, "upp": False}, 400, "one of up, online"),
        ("POST", "/nodes/node1", {"online": False, "up": 0}, 400, "up must be true or false"),
        ("GET", "/received?since=x", None, 400, "since must be a number"),
        ("GET", "/nothing", None, 404, "GET /simulator/nothing"),
    ],
)
def test_wrong_orders_are_refused_with_a_reason(
    simulator: Simulator, method: str, path: str, body: object, status: int, says: str
) -> None:
    refused = order(simulator, method, path, body)
    assert refused.status == status
    assert says in refused.json["error"]
    # An order is carried out whole or not at all.
    assert not simulator.clock.paused
    assert simulator.control.view().nodes[0].online


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Host": "evil.example"}, None, 403),
        ({"Origin": "http://evil.example"}, None, 403),
        ({"Origin": "null"}, None, 403),
        ({"Origin": "http://localhost:1"}, None, 403),
        ({"Sec-Fetch-Site": "cross-site"}, None, 403),
        ({"Content-Type": "text/plain"}, '{"pause": true}', 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "", 415),
        ({}, '{"pause": true}', 415),
        (JSON, "{", 400),
        (JSON, b"\xff", 400),
        (JSON, "[" * 100_000, 400),
        (JSON, "x" * (1024 * 1024 + 1), 413),
    ],
)
def test_web_pages_of_others_cannot_drive_it(
    simulator: Simulator, headers: dict[str, str], body: str | bytes | None, status: int
) -> None:
    refused = call(simulator, "POST", "/simulator/clock", body, headers)
    assert refused.status == status, refused
    assert not simulator.clock.paused
    own = {"Origin": simulator.root_url, "Sec-Fetch-Site": "same-origin", **JSON}
    assert call(simulator, "POST", "/simulator/clock", '{"pause":true}', own).status == 200
