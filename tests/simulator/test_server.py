import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

import gms_console.simulator
from gms_console.simulator import Effect, Fault, FaultPlan, Simulator, SimulatorError
from tests.simulator.wire import SERVICE, call, create, post, until


def other_address() -> str | None:
    """Return an address of this machine that is not loopback; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address


def test_the_urls_name_the_port(simulator: Simulator) -> None:
    assert simulator.root_url == f"http://127.0.0.1:{simulator.port}"
    assert simulator.base_url == f"{simulator.root_url}/genesys"


def test_it_listens_on_loopback_only(simulator: Simulator) -> None:
    other_loopback = "127.0.0.2" if sys.platform == "linux" else None
    for address in filter(None, (other_loopback, other_address())):
        with pytest.raises(OSError, match=r".*"):
            socket.create_connection((address, simulator.port), timeout=1).close()


def test_a_busy_port_is_an_error(simulator: Simulator) -> None:
    before = threading.active_count()
    with pytest.raises(SimulatorError, match=rf"cannot listen on 127\.0\.0\.1:{simulator.port}"):
        Simulator(port=simulator.port).start()
    assert threading.active_count() == before


def test_an_impossible_port_is_an_error() -> None:
    with pytest.raises(SimulatorError, match="cannot listen"):
        Simulator(port=70000).start()


def test_a_stopped_simulator_starts_again_on_its_port_with_an_empty_world() -> None:
    with Simulator() as first:
        port = first.port
        # The server closes first, so that its side of the connection waits for a while.
        keep = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        keep.request("POST", f"{SERVICE}/hello")
        keep.getresponse().read()
        first.stop()
        keep.close()
    again = Simulator(port=port)
    with again:
        made = create(again, "request-inbound-poll")
    with again:
        assert again.port == port
        assert post(again, f"{made}/status").status == 404
        assert len(again.received) == 2


def test_starting_twice_and_asking_a_stopped_one_are_errors(simulator: Simulator) -> None:
    with pytest.raises(SimulatorError, match="already"):
        simulator.start()
    assert post(simulator, "hello").status == 200
    simulator.stop()
    simulator.stop()
    with pytest.raises(SimulatorError, match="not running"):
        _ = simulator.port


def test_a_booking_time_must_be_positive() -> None:
    with pytest.raises(ValueError, match="booking_seconds"):
        Simulator(booking_seconds=0)


def test_stop_ends_open_connections_and_stalled_answers() -> None:
    before = set(threading.enumerate())
    plan = FaultPlan(
        (
            Fault(service="slow-start", then=Effect(delay=60)),
            Fault(service="slow-body", then=Effect(stall=60)),
        )
    )
    simulator = Simulator(faults=plan)
    simulator.start()
    connections = [
        socket.create_connection(("127.0.0.1", simulator.port), timeout=5) for _ in range(5)
    ]
    idle, kept, late, stalled, unfinished = connections
    head = "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n"
    kept.sendall(head.format(f"{SERVICE}/hello", 0).encode())
    assert kept.recv(4096).startswith(b"HTTP/1.1 200")
    late.sendall(head.format(f"{SERVICE}/slow-start", 0).encode())
    stalled.sendall(head.format(f"{SERVICE}/slow-body", 0).encode())
    assert stalled.recv(4096).startswith(b"HTTP/1.1 404")
    unfinished.sendall(head.format(f"{SERVICE}/hello", 50).encode() + b"half")
    until(lambda: len(simulator.received) == 3)

    begin = time.monotonic()
    simulator.stop()
    assert time.monotonic() - begin < 1
    assert set(threading.enumerate()) == before
    for connection in (idle, kept, late, stalled, unfinished):
        try:
            while connection.recv(4096):
                pass
        except ConnectionResetError:
            pass  # what was sent and not read makes a close a reset
        connection.close()


def test_stop_interrupts_an_answer_that_nobody_reads() -> None:
    simulator = Simulator()
    simulator.start()
    made = create(simulator, "request-inbound-poll", [("a", "x" * (15 * 1024 * 1024))])
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect(("127.0.0.1", simulator.port))
        lazy.sendall(f"GET {SERVICE}/{made}/storage/a HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        until(lambda: len(simulator.received) == 2)
        begin = time.monotonic()
        simulator.stop()
        assert time.monotonic() - begin < 1


def test_many_callers_at_once_share_the_pool() -> None:
    with Simulator(pool=[str(n) for n in range(40)]) as simulator:
        numbers: list[str] = []
        lock = threading.Lock()

        def book() -> None:
            for _ in range(5):
                reply = call(simulator, "POST", f"{SERVICE}/request-interaction")
                with lock:
                    numbers.append(reply.json["_access_number"])

        callers = [threading.Thread(target=book) for _ in range(8)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert sorted(numbers, key=int) == [str(n) for n in range(40)]


def test_a_kept_connection_answers_without_delay(simulator: Simulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=5)
    times = []
    for _ in range(9):
        begin = time.monotonic()
        connection.request("POST", f"{SERVICE}/hello")
        connection.getresponse().read()
        times.append(time.monotonic() - begin)
    connection.close()
    # Nagle's delay would cost 40 ms in every one.
    assert sorted(times)[4] < 0.03


def test_nonsense_instead_of_http_is_refused_silently(
    simulator: Simulator, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=5) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400")
    assert capfd.readouterr() == ("", "")


def test_a_second_stop_from_elsewhere_ends_serve_forever() -> None:
    simulator = Simulator()
    simulator.start()
    server = threading.Thread(target=simulator.serve_forever)
    server.start()
    assert post(simulator, "hello").status == 200
    simulator.stop()
    server.join(3)
    assert not server.is_alive()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_forever_ends_on_a_signal_and_says_nothing(number: signal.Signals) -> None:
    script = (
        "import signal\n"
        # A shell starts background jobs with Ctrl+C switched off, and a child inherits that.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from gms_console.simulator import Simulator\n"
        "simulator = Simulator()\n"
        "simulator.serve_forever(lambda: print(simulator.port, flush=True))\n"
        "print('stopped')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        process.send_signal(number)
        out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err) == (0, "stopped\n", "")


def test_importing_the_package_brings_in_no_web_server_and_no_httpx() -> None:
    script = (
        "import sys, gms_console.simulator\n"
        "assert 'uvicorn' not in sys.modules\n"
        "import gms_console.simulator.server, gms_console.simulator.faults.file\n"
        "assert 'uvicorn' in sys.modules\n"
        "assert not {'httpx', 'PySide6', 'gms_console.client'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=10)


def test_the_package_names_what_it_offers() -> None:
    for name in gms_console.simulator.__all__:
        assert getattr(gms_console.simulator, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = gms_console.simulator.nothing
