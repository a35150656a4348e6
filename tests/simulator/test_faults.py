import http.client
import socket
import time

import pytest

from gms_console.simulator import Effect, Fault, FaultPlan, Simulator
from gms_console.simulator.faults.plan import Drop
from tests.simulator.wire import SERVICE, create, get, post, raw

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
        assert 0.2 <= time.monotonic() - begin < 2


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
        assert 0.25 <= took < 2


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
