"""The exported script for bash, carried out: what curl sends, how it judges, how it ends."""

import asyncio
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.engine.exports import carry_out, flow_in, gms, same_requests, script_of
from tests.engine.test_export_httpx import SHORT, STORY
from tests.support.wire_server import (
    WireServer,
    by_request,
    hold,
    json_answer,
    reset_before_answer,
    text_answer,
)

_BASH = shutil.which("bash") or ""
pytestmark = pytest.mark.skipif(
    not (_BASH and shutil.which("curl") and shutil.which("python3")),
    reason="bash, curl and python3 are needed",
)


def script(text: str, folder: Path, server: WireServer) -> list[str]:
    exported = script_of(flow_in(folder, text), "curl", server)
    assert exported.left_out == ()
    file = folder / "script.sh"
    file.write_text(exported.text, encoding="utf-8")
    return [_BASH, "--norc", str(file)]


async def test_curl_sends_what_a_run_sends(wire: WireServer, tmp_path: Path) -> None:
    command = script(STORY, tmp_path, wire)
    await same_requests(wire, flow_in(tmp_path, STORY), command, tmp_path, "waiting", "agent-ready")


@pytest.mark.parametrize(
    ("states", "code"),
    [(("waiting", "agent-ready"), 0), (("waiting", "failed"), 4), (("waiting",), 4)],
    ids=["reached", "failed", "out of time"],
)
def test_how_a_poll_ends_is_the_exit_code(
    wire: WireServer, tmp_path: Path, states: tuple[str, ...], code: int
) -> None:
    wire.default = gms(*states)
    text = SHORT.replace("300ms", "100ms" if len(states) == 1 else "20s")
    done = carry_out(script(text, tmp_path, wire), tmp_path)
    assert done.returncode == code, done.stderr
    last = [one.target.rpartition("/")[2] for one in wire.requests]
    assert last[-1] == "cancel"
    assert ("next" in last) is (code == 0)


def test_an_error_inside_a_success_ends_it(wire: WireServer, tmp_path: Path) -> None:
    wire.default = json_answer({"message": "no such service", "exception": "java.lang.X"})
    done = carry_out(script(SHORT, tmp_path, wire), tmp_path)
    assert done.returncode == 1
    assert "no such service" in done.stderr
    assert len(wire.requests) == 1  # what was not created cannot be cancelled


def test_errors_in_a_row_are_borne_up_to_the_limit(wire: WireServer, tmp_path: Path) -> None:
    wire.script(
        json_answer({"_id": "1"}), reset_before_answer(), text_answer("no", 503), json_answer({})
    )
    done = carry_out(script(SHORT.replace("300ms", "20s"), tmp_path, wire), tmp_path)
    assert done.returncode == 1, done.stderr
    assert "503" in done.stderr


def test_no_server_is_a_failure_of_transport(wire: WireServer, tmp_path: Path) -> None:
    command = script(SHORT, tmp_path, wire)
    wire.default = reset_before_answer()
    assert carry_out(command, tmp_path).returncode == 3


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("{http: [200, 201]}", 0),
        ("{http: 404}", 1),
        ("{path: _access_code, matches: ^99}", 1),
        ("{path: _access_code, less_than: 1235}", 0),
        ("{path: nothing, exists: false}", 0),
        ('{path: "list[0].name", contains: "a\'"}', 1),
        ("{path: \"list[?name == 'a b'] | length(@)\", equals: 1}", 0),
    ],
)
def test_checks(wire: WireServer, tmp_path: Path, check: str, code: int) -> None:
    wire.default = gms("x")
    command = script(f"gms: 1\nsteps:\n  - create: x\n    expect: [{check}]\n", tmp_path, wire)
    done = carry_out(command, tmp_path)
    assert done.returncode == code, done.stderr


def test_a_variable_of_the_flow_can_be_given_outside(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
vars: {phone: "it's \\"$1\\" `x`"}
steps:
  - create: "{{kind}}"
    form: {phone: "{{phone}}"}
"""
    wire.default = gms("x")
    command = script(text, tmp_path, wire)
    done = carry_out(command, tmp_path)
    assert done.returncode == 2
    assert "Set kind first" in done.stderr
    assert carry_out(command, tmp_path, env={"kind": "a b/ü"}).returncode == 0
    env = {"kind": "x", "phone": "1 2&=%é"}
    assert carry_out(command, tmp_path, env=env).returncode == 0
    first, second = wire.requests
    assert first.target == "/genesys/1/service/a%20b%2F%C3%BC"
    assert first.body == b"phone=it%27s+%22%241%22+%60x%60"
    assert second.body == b"phone=1+2%26%3D%25%C3%A9"


def test_a_missing_file_is_five(wire: WireServer, tmp_path: Path) -> None:
    text = "gms: 1\nsteps:\n  - create: x\n    form: [{key: a, file: ./gone.png}]\n"
    exported = script_of(flow_in(tmp_path, text), "curl", wire)
    assert exported.left_out == ("Step 1: the file gone.png is not there now.",)
    assert "#   Step 1: the file gone.png is not there now." in exported.text
    (tmp_path / "s.sh").write_text(exported.text)
    assert carry_out([_BASH, "s.sh"], tmp_path).returncode == 5


def test_a_step_that_keeps_going(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - create: x
    keep_going: true
    expect: [{path: none, exists: true}]
  - request: next
"""
    wire.default = gms("x")
    done = carry_out(script(text, tmp_path, wire), tmp_path)
    assert done.returncode == 1
    assert [one.target.rpartition("/")[2] for one in wire.requests] == ["x", "next"]


async def test_an_interrupt_still_cleans_up(wire: WireServer, tmp_path: Path) -> None:
    gate = threading.Event()
    answers = {"x": json_answer({"_id": "1"}), "next": hold(gate, json_answer({}))}
    wire.default = by_request(
        lambda one: answers.get(one.target.rpartition("/")[2], json_answer({}))
    )
    text = """\
gms: 1
steps:
  - create: x
  - request: next
  - request: cancel
    always: true
"""
    process = subprocess.Popen(  # noqa: ASYNC220 - it is started at once
        script(text, tmp_path, wire), start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        await asyncio.to_thread(wire.wait_for_gates, 1)
        os.killpg(process.pid, signal.SIGINT)  # curl gets it too, as from a terminal
        gate.set()
        assert await asyncio.to_thread(process.wait, 10) == 130
    finally:
        process.kill()
        process.wait()
    assert wire.requests[-1].target.endswith("/1/cancel")


def test_two_instances_have_cookies_of_their_own(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - {create: x, as: one}
  - {create: x, as: two}
  - {request: next, on: one}
"""
    wire.script(
        json_answer({"_id": "1"}, headers=[("Set-Cookie", "JSESSIONID=a.n1; Path=/")]),
        json_answer({"_id": "2"}, headers=[("Set-Cookie", "JSESSIONID=b.n2; Path=/")]),
        json_answer({}),
    )
    assert carry_out(script(text, tmp_path, wire), tmp_path).returncode == 0
    assert wire.requests[1].values("cookie") == []
    assert wire.requests[2].values("cookie") == ["JSESSIONID=a.n1"]


async def test_attempts_of_a_poll_start_curl_alone(wire: WireServer, tmp_path: Path) -> None:
    """What an attempt starts beside curl is added to its interval."""
    counts = {}
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "python3"
    shim.write_text(f'#!/bin/sh\necho . >>started\nexec {shutil.which("python3")} "$@"\n')
    shim.chmod(0o755)
    command = script(SHORT.replace("300ms", "20s"), tmp_path, wire)
    for attempts in (1, 6):
        wire.default = gms(*["waiting"] * (attempts - 1), "agent-ready")
        (tmp_path / "started").unlink(missing_ok=True)
        path = f"{shim.parent}{os.pathsep}{os.environ['PATH']}"
        done = await asyncio.to_thread(carry_out, command, tmp_path, env={"PATH": path})
        assert done.returncode == 0, done.stderr
        counts[attempts] = (tmp_path / "started").read_text().count(".")
    assert counts[1] == counts[6]
    assert sum(one.target.endswith("/status") for one in wire.requests) == 7


async def test_a_poll_ends_at_once_when_the_script_is_told_to(
    wire: WireServer, tmp_path: Path
) -> None:
    gate = threading.Event()
    answers = {"x": json_answer({"_id": "1"}), "status": hold(gate, json_answer({}))}
    wire.default = by_request(
        lambda one: answers.get(one.target.rpartition("/")[2], json_answer({}))
    )
    text = """\
gms: 1
steps:
  - create: x
  - poll: status
    until: {path: status, equals: never}
  - request: cancel
    always: true
"""
    process = subprocess.Popen(  # noqa: ASYNC220 - it is started at once
        script(text, tmp_path, wire), stderr=subprocess.DEVNULL
    )
    try:
        await asyncio.to_thread(wire.wait_for_gates, 1)
        process.terminate()  # bash alone gets it
        assert await asyncio.to_thread(process.wait, 10) == 130
    finally:
        gate.set()
        process.kill()
        process.wait()
    assert wire.requests[-1].target.endswith("/1/cancel")


def test_all_checks_of_a_step_are_judged(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - create: x
    expect: [{http: [201, 202]}, {path: _id, exists: true}, {path: state, in: [a, b]}]
    capture: {state: state}
  - request: next
"""
    wire.default = json_answer({"_id": "1", "state": "c"})
    done = carry_out(script(text, tmp_path, wire), tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "FAILED  1 create x: http in [201, 202]: found 200",
        "FAILED  1 create x: state in [a, b]: found c",
    ]
    assert len(wire.requests) == 1
