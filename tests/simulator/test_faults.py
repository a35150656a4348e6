import http.client
import socket
import time

import pytest

from gms_console.simulator import (
    PRESETS,
    Effect,
    Fault,
    FaultPlan,
    LiveFaults,
    Simulator,
    UnknownFaultError,
    dump_faults,
)
from gms_console.simulator.faults.file import read_faults
from gms_console.simulator.faults.plan import Asked, Drop
from tests.simulator.wire import SERVICE, call, call_back, create, get, post, raw, until

STATUS_REQUEST = "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"


def faulty(*faults: Fault) -> Simulator:
    return Simulator(faults=FaultPlan(faults))


def on(effect: Effect, request: str = "status") -> Simulator:
    return faulty(Fault(request=request, then=effect))


def ask(simulator: Simulator, made: str) -> bytes:
    return raw(simulator, STATUS_REQUEST.format(target=f"{SERVICE}/{made}/status").encode())


def test_a_status_replaces_the_answer() -> None:
    effect = Effect(status=503, body="busy", headers=(("Retry-After", "2"),))
    with on(effect) as simulator:
        made = create(simulator, "request-inbound-poll")
        reply = post(simulator, f"{made}/status")
        assert (reply.status, reply.reason) == (503, "Service Unavailable")
        assert reply.body == b"busy"
        assert reply.all("Retry-After") == ["2"]
        assert reply.all("Content-Type") == ["text/plain;charset=utf-8"]


def test_a_status_without_a_body_is_an_exception() -> None:
    with on(Effect(status=500)) as simulator:
        reply = post(simulator, "any/status")
        assert (reply.status, reply.json["exception"]) == (500, "com.genesyslab.gsg.GSGException")


def test_a_json_body_and_an_own_content_type() -> None:
    own = Effect(status=400, body="{}", headers=(("content-type", "text/html"),))
    with faulty(
        Fault(request="status", nth=(1,), then=Effect(status=400, body='{"a":1}')),
        Fault(request="status", then=own),
    ) as simulator:
        assert post(simulator, "x/status").all("Content-Type") == ["application/json;charset=utf-8"]
        assert post(simulator, "x/status").all("Content-Type") == ["text/html"]


def test_a_status_that_has_no_body() -> None:
    with on(Effect(status=204, body="never seen")) as simulator:
        reply = post(simulator, "x/status")
        assert (reply.status, reply.body, reply.all("Content-Length")) == (204, b"", [])


def test_an_error_in_a_200() -> None:
    with on(Effect(error_in_200="it failed")) as simulator:
        reply = post(simulator, "x/status")
        assert (reply.status, reply.json) == (200, {"error": "it failed"})


def test_a_delay_combines_with_another_effect() -> None:
    with on(Effect(delay=0.2, status=418)) as simulator:
        begin = time.monotonic()
        assert post(simulator, "x/status").status == 418
        assert time.monotonic() - begin >= 0.2


def test_a_stall_falls_silent_in_the_middle_of_the_body() -> None:
    with on(Effect(stall=0.3)) as simulator:
        made = create(simulator, "request-inbound-poll")
        connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=5)
        connection.request("GET", f"{SERVICE}/{made}/status")
        answer = connection.getresponse()
        begin = time.monotonic()
        first = answer.read1()
        rest = answer.read()
        took = time.monotonic() - begin
        connection.close()
        whole = b'{"status":"waiting-for-agent","dialog":"/waitingforagent.html"}'
        assert first + rest == whole
        assert len(first) == len(whole) // 2
        assert took >= 0.25


def test_a_drop_before_the_answer() -> None:
    with on(Effect(drop=Drop.BEFORE)) as simulator:
        assert ask(simulator, "x") == b""


def test_a_drop_in_the_headers() -> None:
    with on(Effect(drop=Drop.HEADERS)) as simulator:
        made = create(simulator, "request-inbound-poll")
        got = ask(simulator, made)
        assert got.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"\r\n\r\n" not in got


def test_a_drop_in_the_body() -> None:
    with on(Effect(drop=Drop.BODY)) as simulator:
        made = create(simulator, "request-inbound-poll")
        with pytest.raises(http.client.IncompleteRead) as caught:
            get(simulator, f"{made}/status")
        assert caught.value.partial == b'{"status":"waiting-for-agent","'
        assert caught.value.expected == 32


@pytest.mark.parametrize("count", [0, 10])
def test_a_truncated_body(count: int) -> None:
    with on(Effect(truncate=count)) as simulator:
        made = create(simulator, "request-inbound-poll")
        head, _, body = ask(simulator, made).partition(b"\r\n\r\n")
        assert b"Content-Length: 63" in head
        assert body == b'{"status":"waiting-for-agent"'[:count]


def test_garbage_is_neither_json_nor_text() -> None:
    with on(Effect(garbage=True)) as simulator:
        made = create(simulator, "request-inbound-poll")
        reply = post(simulator, f"{made}/status")
        assert (reply.status, reply.all("Content-Type")) == (
            200,
            ["application/json;charset=utf-8"],
        )
        with pytest.raises(UnicodeDecodeError):
            reply.body.decode()


@pytest.mark.parametrize(
    ("effect", "carried_out"),
    [
        (Effect(status=500), False),
        (Effect(error_in_200="x"), False),
        (Effect(drop=Drop.BEFORE), False),
        (Effect(drop=Drop.HEADERS), True),
        (Effect(drop=Drop.BODY), True),
        (Effect(truncate=3), True),
        (Effect(garbage=True), True),
    ],
)
def test_whether_the_request_is_carried_out(effect: Effect, carried_out: bool) -> None:
    plan = FaultPlan((Fault(request="create", nth=(1,), then=effect),))
    with Simulator(faults=plan, pool=["1"]) as simulator:
        target = f"POST {SERVICE}/request-interaction HTTP/1.1\r\nHost: localhost\r\n"
        raw(simulator, f"{target}Connection: close\r\nContent-Length: 0\r\n\r\n".encode())
        assert post(simulator, "request-interaction").status == (500 if carried_out else 200)


def test_nth_every_and_first_match_wins() -> None:
    plan = FaultPlan(
        (
            Fault(request="status", nth=(2, 3), then=Effect(status=402)),
            Fault(request="sta*", every=3, then=Effect(status=403)),
        )
    )
    simulator = Simulator(faults=plan)
    for _ in range(2):  # counting begins anew with each start
        with simulator:
            made = create(simulator, "request-inbound-poll")
            seen = [post(simulator, f"{made}/status").status for _ in range(7)]
            assert seen == [200, 402, 402, 200, 200, 403, 200]


def test_globs_choose_service_and_request() -> None:
    with faulty(
        Fault(service="request-inbound-*", request="cancel", then=Effect(status=409)),
        Fault(service="*-interaction", request="storage", then=Effect(status=410)),
        Fault(service="hello", then=Effect(status=411)),
        Fault(service="request-interaction", request="delete", then=Effect(status=412)),
    ) as simulator:
        poll = create(simulator, "request-inbound-poll")
        outbound = create(simulator, "request-outbound-delay")
        interaction = create(simulator, "request-interaction")
        assert post(simulator, f"{poll}/cancel").status == 409
        assert post(simulator, f"{outbound}/cancel").status == 200
        assert get(simulator, f"{poll}/storage").status == 200
        assert get(simulator, f"{interaction}/storage/key").status == 410
        assert post(simulator, "hello").status == 411
        assert post(simulator, "hello").all("Set-Cookie") == []


def test_a_cut_connection_is_closed_and_the_next_one_works() -> None:
    with faulty(Fault(request="status", nth=(1,), then=Effect(truncate=1))) as simulator:
        made = create(simulator, "request-inbound-poll")
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=5) as connection:
            request = STATUS_REQUEST.format(target=f"{SERVICE}/{made}/status").encode()
            connection.sendall(request)
            got = b""
            while chunk := connection.recv(4096):
                got += chunk
            assert got.endswith(b"\r\n\r\n{")
        assert get(simulator, f"{made}/status").status == 200


def test_orchestration_server_is_down_for_what_goes_there() -> None:
    with on(Effect(ors_down=True), request="*") as simulator:
        refusals = [
            post(simulator, "request-inbound-poll"),
            call_back(simulator),
        ]
        assert [reply.status for reply in refusals] == [500, 500]
        for reply in refusals:
            assert reply.body == (
                b'{"exception":"com.genesyslab.gsg.services.ors.OrsServiceException",'
                b'"message":"ORS request failed: cannot connect to ORS. IO issue."}'
            )
        interaction = create(simulator, "request-interaction")
        assert get(simulator, f"{interaction}/storage").status == 200
        assert get(simulator, "callback").status == 200
        [fault] = simulator.faults.views()
        assert (fault.seen, fault.hits, fault.what) == (2, 2, "ORS cannot be reached")


def test_a_lost_session_hits_live_instances_alone() -> None:
    with on(Effect(session_lost=True), request="*") as simulator:
        made = create(simulator, "request-inbound-poll")
        interaction = create(simulator, "request-interaction")
        lost = post(simulator, f"{made}/status")
        assert (lost.status, "404 Not Found" in lost.json["message"]) == (500, True)
        assert get(simulator, f"{made}/storage").status == 200
        assert post(simulator, f"{interaction}/status").status == 400


def test_an_empty_pool_keeps_what_is_booked() -> None:
    with Simulator() as simulator:
        held = create(simulator, "request-inbound-immediate")
        before = post(simulator, f"{held}/connect").json["_access_number"]
        number = simulator.faults.add(PRESETS["Access numbers used up"])
        refused = post(simulator, "request-interaction")
        assert refused.json["message"] == "No access number is available in resource group [DNIS]."
        assert post(simulator, f"{held}/connect").json["_access_number"] == before
        simulator.faults.set_enabled(number, False)
        assert post(simulator, "request-interaction").status == 200


def test_a_reset_is_no_orderly_end_and_nothing_is_done() -> None:
    fault = Fault(request="create", nth=(1,), then=Effect(reset=True))
    with Simulator(faults=FaultPlan((fault,)), pool=["1"]) as simulator:
        with pytest.raises(ConnectionResetError):
            post(simulator, "request-interaction")
        assert post(simulator, "request-interaction").status == 200


def test_a_node_goes_down_for_a_while_and_the_other_goes_on() -> None:
    fault = Fault(node="node1", request="status", nth=(1,), then=Effect(node_down=0.3))
    with Simulator(faults=FaultPlan((fault,)), nodes=2) as simulator:
        made = create(simulator, "request-inbound-poll")
        with pytest.raises(ConnectionResetError):
            post(simulator, f"{made}/status")
        assert call(simulator, "POST", f"{SERVICE}/{made}/status", node=2).status == 200
        until(lambda: simulator.control.view().nodes[0].up)
        assert post(simulator, f"{made}/status").status == 200


def test_chance_is_repeatable_with_a_seed_and_jitter_is_added() -> None:
    half = FaultPlan((Fault(probability=0.5, then=Effect(status=418)),), seed=11)
    rows = []
    faults = LiveFaults(half)
    for _ in range(2):
        faults.begin()
        rows.append([faults.next(Asked("a", "b")) is not None for _ in range(40)])
    assert rows[0] == rows[1]
    assert 8 < sum(rows[0]) < 32
    assert (faults.views()[0].seen, faults.views()[0].hits) == (40, sum(rows[0]))
    late = LiveFaults(FaultPlan((Fault(then=Effect(delay=1, jitter=2)),)))
    drawn = [effect.delay for _ in range(50) if (effect := late.next(Asked("a", "b")))]
    assert min(drawn) >= 1
    assert max(drawn) <= 3
    assert max(drawn) - min(drawn) > 0.5


def test_faults_are_edited_while_requests_come(simulator: Simulator) -> None:
    faults = simulator.faults
    teapot, gone = Fault(then=Effect(status=418)), Fault(then=Effect(status=410))
    first = faults.add(teapot)
    assert post(simulator, "hello").status == 418
    second = faults.add(gone, first=True)
    assert post(simulator, "hello").status == 410
    faults.replace(second, Fault(service="other", then=Effect(status=410)))
    assert post(simulator, "hello").status == 418
    faults.set_enabled(first, False)
    assert post(simulator, "hello").status == 200
    assert [(v.number, v.enabled, v.seen, v.hits) for v in faults.views()] == [
        (second, True, 0, 0),
        (first, False, 3, 2),
    ]
    faults.remove(first)
    with pytest.raises(UnknownFaultError, match=f"no fault {first}"):
        faults.remove(first)
    assert read_faults(dump_faults(faults.plan()), "dump") == faults.plan()
    faults.clear()
    assert faults.views() == ()
