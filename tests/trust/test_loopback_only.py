"""The simulator is for this machine alone: nobody else reaches it, and no web page reads it."""

import ast
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import gms_console.simulator
from gms_console.cli.simulate import simulate
from gms_console.simulator import Simulator

CREATE = "/genesys/1/service/request-interaction"
SOURCES = Path(gms_console.simulator.__file__).parent


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


def ask(port: int, host: str | None) -> bytes:
    """Create an instance as a browser would that believes to talk to `host`."""
    line = "" if host is None else f"Host: {host}\r\n"
    version = "1.0" if host is None else "1.1"
    head = f"POST {CREATE} HTTP/{version}\r\n{line}Content-Length: 0\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(head.encode("latin-1"))
        taken = b""
        while chunk := connection.recv(65536):
            taken += chunk
    return taken


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil.example",
        "notlocalhost", "192.168.1.7", "0.0.0.0", "[2001:db8::1]:{port}", "[::1", "127.0.0.1@evil",
        "\xe9vil",
    ],
)  # fmt: skip
def test_a_page_whose_name_was_led_here_is_refused(simulator: Simulator, host: str) -> None:
    answer = ask(simulator.port, host.format(port=simulator.port))
    status = answer.partition(b"\r\n")[0]
    assert status in {b"HTTP/1.1 403 Forbidden", b"HTTP/1.1 400 Bad Request"}
    assert b"_id" not in answer
    assert b"JSESSIONID" not in answer


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:{port}", "localhost", "LocalHost:{port}", "localhost.", "gms.localhost:{port}",
     "127.9.9.9", "[::1]:{port}", None],
)  # fmt: skip
def test_names_of_this_machine_are_answered(simulator: Simulator, host: str | None) -> None:
    answer = ask(simulator.port, host and host.format(port=simulator.port))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"_id"' in answer


def test_a_refused_request_is_recorded_all_the_same(simulator: Simulator) -> None:
    ask(simulator.port, "evil.example")
    [received] = simulator.received
    assert (received.method, received.target) == ("POST", CREATE.encode())


def test_the_command_has_no_option_that_opens_it_to_others() -> None:
    options = {name for one in simulate.params for name in one.opts}
    assert options == {"--port", "--speed", "--faults", "--config", "--state", "--nodes"}
    port = next(one for one in simulate.params if one.name == "port")
    assert isinstance(port.type, click.IntRange)


@pytest.mark.parametrize("option", ["--host=0.0.0.0", "--bind=0.0.0.0", "--address=::"])
def test_such_an_option_is_wrong_usage(option: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gms_console", "simulate", option],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 2
    assert done.stdout == ""


def test_one_address_alone_is_bound_in_the_whole_engine() -> None:
    """Only the simulator listens, and each bind of it names the loopback address."""
    binds = [
        (file.name, ast.unparse(call.args[0]))
        for file in sorted(SOURCES.parent.rglob("*.py"))
        if "import socket" in file.read_text("utf-8")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"bind", "create_server", "start_server", "listen_tcp"}
    ]
    assert binds, "the search finds nothing"
    assert all(target.startswith("(LOOPBACK, ") for _, target in binds), binds


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc/net")
def test_the_system_sees_it_on_loopback_only(simulator: Simulator) -> None:
    """Look at the sockets that the kernel lists for this process."""
    links = [_target(one) for one in Path("/proc/self/fd").iterdir()]
    inodes = {one[8:-1] for one in links if one.startswith("socket:[")}
    listening = []
    for table in ("tcp", "tcp6"):
        file = Path("/proc/net") / table
        if not file.exists():
            continue
        for line in file.read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, _, port = fields[1].partition(":")
                listening.append((address, int(port, 16)))
    assert (socket.inet_aton("127.0.0.1")[::-1].hex().upper(), simulator.port) in listening
    assert {address for address, port in listening if port == simulator.port} == {"0100007F"}


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""
