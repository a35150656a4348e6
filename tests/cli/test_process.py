"""The command as a process: Ctrl+C, pipes, terminals, and what it loads."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from gms_console import __version__
from tests.cli.conftest import Start, finish
from tests.support.wire_server import (
    WireServer,
    body_answer,
    hold,
    json_answer,
    refused_port,
    slow_body,
    text_answer,
)

posix = pytest.mark.skipif(os.name == "nt", reason="signals and terminals of POSIX")
WAITING = json_answer({"status": "waiting"})


def test_version(start: Start) -> None:
    ended = finish(start("--version"))
    assert (ended.code, ended.out, ended.err) == (0, f"gms-console {__version__}\n", "")


@posix
def test_ctrl_c_closes_the_socket_and_still_prints_json(start: Start, server: WireServer) -> None:
    server.script(hold())
    process = start("send", "s", "--url", server.base_url, "--format", "json")
    server.wait_for_gates()
    process.send_signal(signal.SIGINT)
    ended = finish(process)
    server.wait_for_abandoned()
    assert ended.code == 130
    assert ended.json["error"]["kind"] == "cancelled"
    assert ended.json["response"] is None
    assert ended.err == ""


@posix
def test_ctrl_c_inside_an_answer_in_text(start: Start, server: WireServer) -> None:
    server.script(slow_body(b'{"_id": ', Event()))
    process = start("request", "7", "status", "--url", server.base_url)
    server.wait_for_gates()
    process.send_signal(signal.SIGINT)
    ended = finish(process)
    assert ended.code == 130
    assert ended.err.startswith("Error: Cancelled after ")


@posix
def test_ctrl_c_ends_a_poll_between_two_attempts(start: Start, server: WireServer) -> None:
    server.script(WAITING, hold())
    arguments = ["--poll", "--every", "20ms", "--until", "status=ready", "--format", "json"]
    process = start("request", "7", "status", "--url", server.base_url, *arguments)
    server.wait_for_gates()
    process.send_signal(signal.SIGINT)
    ended = finish(process)
    assert ended.code == 130
    assert ended.json["error"]["kind"] == "cancelled"
    assert ended.json["poll"]["outcome"] == "cancelled"
    assert [one["state"] for one in ended.json["poll"]["states"]] == ["waiting"]


@posix
def test_ctrl_c_ends_a_poll_that_waits(start: Start, server: WireServer) -> None:
    server.script(WAITING)
    reader, terminal = os.openpty()
    arguments = ["--poll", "--every", "1m", "--until", "status=ready"]
    process = start("request", "7", "status", "--url", server.base_url, *arguments, stderr=terminal)
    os.close(terminal)
    # The progress line comes once the answer has been judged, and then the poll waits.
    progress = b""
    while b"waiting" not in progress:
        progress += os.read(reader, 1000)
    process.send_signal(signal.SIGINT)
    ended = finish(process)
    os.close(reader)
    assert ended.code == 130
    assert ended.out.startswith("Poll of status: cancelled after 1 attempt\n")
    assert progress.split() == [b"0.0", b"s", b"waiting"]


@posix
def test_progress_has_a_line_for_each_new_state(start: Start, server: WireServer) -> None:
    ready = json_answer({"status": "ready"})
    server.script(WAITING, WAITING, json_answer({"message": "busy"}, 503), WAITING, ready)
    reader, terminal = os.openpty()
    arguments = ["--poll", "--every", "10ms", "--until", "status=ready"]
    process = start("request", "7", "status", "--url", server.base_url, *arguments, stderr=terminal)
    os.close(terminal)
    assert finish(process).code == 0
    lines = os.read(reader, 10_000).decode().splitlines()
    os.close(reader)
    assert [line.split(maxsplit=2)[2] for line in lines] == [
        "waiting",
        "error: busy",
        "waiting",
        "ready",
    ]


@posix
def test_an_answer_cannot_steer_the_terminal(start: Start, server: WireServer) -> None:
    server.script(text_answer("\x1b[2Jgone\ttab\x9b"))
    reader, terminal = os.openpty()
    process = start("send", "s", "--url", server.base_url, stdout=terminal)
    os.close(terminal)
    ended = finish(process)
    shown = os.read(reader, 10_000).decode()
    os.close(reader)
    assert shown.splitlines()[-1] == "\\x1b[2Jgone\ttab\\x9b"
    assert ended.code == 0
    assert "\x1b[2Jgone\ttab\x9b" in finish(start("send", "s", "--url", server.base_url)).out


@posix
@pytest.mark.parametrize("output", ["text", "json"])
def test_a_reader_that_has_gone_is_no_error(start: Start, server: WireServer, output: str) -> None:
    server.script(text_answer("x" * 300_000))
    reader, writer = os.pipe()
    os.close(reader)
    process = start("send", "s", "--url", server.base_url, "--format", output, stdout=writer)
    os.close(writer)
    ended = finish(process)
    assert (ended.code, ended.err) == (0, "")


@posix
def test_a_reader_that_has_gone_hides_no_failure(start: Start) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with refused_port() as port:
        process = start("send", "s", "--url", f"127.0.0.1:{port}", "--format=json", stdout=writer)
        os.close(writer)
        ended = finish(process)
    assert (ended.code, ended.err) == (3, "")


@posix
@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_to_a_reader_that_has_gone_is_quiet(start: Start, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start(*arguments, stdout=writer)
    os.close(writer)
    assert finish(process).err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said(start: Start, server: WireServer) -> None:
    with Path("/dev/full").open("w") as full:
        ended = finish(start("send", "s", "--url", server.base_url, stdout=full))
    assert (ended.code, ended.err) == (1, "Error: Standard output: No space left on device\n")


def test_output_in_an_encoding_that_lacks_a_character(server: WireServer) -> None:
    server.script(
        body_answer("Zürich €".encode(), headers=[("Content-Type", "text/plain")]),
    )
    ended = subprocess.run(
        [sys.executable, "-m", "gms_console", "send", "s", "--url", server.base_url],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0
    assert ended.stdout.split()[-2:] == [b"Z\xfcrich", b"\\u20ac"]


HEAVY = ("PySide6", "pydantic", "ruamel", "starlette", "uvicorn", "rich", "pygments")
LOADED = """
import sys
{code}
print(*sorted(m for m in sys.modules if sys.modules[m] is not None), file=sys.stderr)
"""


def loaded(code: str) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-c", LOADED.format(code=code)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return set(ended.stderr.splitlines()[-1].split())


def test_importing_the_command_line_loads_little() -> None:
    modules = loaded("import gms_console.cli, gms_console.cli.app")
    assert "gms_console.cli.send" in modules
    assert modules.isdisjoint({*HEAVY, "httpx", "jmespath"})


def test_a_send_loads_httpx_and_nothing_that_it_does_not_need(server: WireServer) -> None:
    code = "from gms_console.cli.app import run\nassert run({}) == {}"
    modules = loaded(code.format(["send", "s", "--url", server.base_url], 0))
    assert "httpx" in modules
    assert modules.isdisjoint({*HEAVY, "jmespath"})
    assert len(server.requests) == 1
    refused = loaded(code.format(["send", "s", "--url", server.base_url, "-p", "=x"], 2))
    assert refused.isdisjoint({*HEAVY, "httpx"})


def test_an_answer_in_pieces_is_whole(start: Start, server: WireServer) -> None:
    body = ("é" * 70_000).encode()
    server.script(body_answer(body, headers=[("Content-Type", "text/plain; charset=utf-8")]))
    ended = finish(start("send", "s", "--url", server.base_url, "--format", "json"))
    assert ended.json["response"]["body"] == "é" * 70_000
    assert ended.out.isascii()
