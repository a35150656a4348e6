"""`gms-console run`: what it sends, prints and ends with."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Start, finish
from tests.cli.test_process import posix
from tests.support.wire_server import (
    WireServer,
    hold,
    json_answer,
    refused_port,
    reset_before_answer,
)

CREATED = json_answer({"_id": "a1", "_access_number": "4155550100"})
WAITING, READY = json_answer({"status": "waiting"}), json_answer({"status": "agent-ready"})
GONE = json_answer({"exception": "X", "message": "no such instance"}, 404)

INBOUND = """\
gms: 1
name: Inbound
vars: {phone: "1"}
steps:
  - create: request-inbound
    as: call
    form:
      - {key: _phone_number, value: "{{phone}}"}
    expect:
      - {http: 200}
    capture: {number: _access_number}
  - poll: status
    on: call
    every: 10ms
    until: {path: status, equals: agent-ready}
    within: 5s
    tolerate: 0
  - request: cancel
    on: call
    form: {number: "{{number}}"}
    always: true
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a flow file."""

    def to(text: str = INBOUND, name: str = "inbound.yaml") -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return to


def paths(server: WireServer) -> list[str]:
    return [request.target.removeprefix("/genesys/1/service/") for request in server.requests]


def bodies(server: WireServer) -> list[bytes]:
    return [request.body for request in server.requests]


def test_a_flow_runs_and_each_step_is_told(cli: Cli, server: WireServer, write: Write) -> None:
    server.script(CREATED, WAITING, READY, json_answer({}))
    ended = cli("run", write(), "--url", server.base_url)
    assert (ended.code, ended.err) == (0, "")
    assert paths(server) == ["request-inbound", "a1/status", "a1/status", "a1/cancel"]
    assert bodies(server) == [b"_phone_number=1", b"", b"", b"number=4155550100"]
    lines = [line.split() for line in ended.out.splitlines()]
    assert ended.out.startswith(f"Inbound ({server.base_url}/genesys)\n")
    assert lines[1][:3] == ["passed", "create", "request-inbound"]
    assert lines[2][:7] == ["passed", "poll", "status:", "agent-ready", "after", "2", "attempts"]
    assert lines[3][:3] == ["passed", "request", "cancel"]
    assert ended.out.splitlines()[-1].startswith("1 of 1 passed; 3 steps; 1 check; 4 requests; ")


def test_var_wins_over_data_and_data_over_the_flow(
    cli: Cli, server: WireServer, write: Write, tmp_path: Path
) -> None:
    server.script(CREATED)
    flow = write(
        "gms: 1\nvars: {a: flow, b: flow, c: flow}\n"
        'steps:\n  - create: s\n    form: {k: "{{a}} {{b}} {{c}}"}\n'
    )
    (tmp_path / "rows.csv").write_text("a,b\ndata,data\nagain,again\n")
    rows = ["--data", tmp_path / "rows.csv", "--var", "a=var"]
    ended = cli("run", flow, "--url", server.base_url, *rows)
    assert ended.code == 0
    assert bodies(server) == [b"k=var+data+flow", b"k=var+again+flow"]
    titles = [line.split("(")[0] for line in ended.out.splitlines()[:-1]]
    assert [title.split(maxsplit=1)[1].strip() for title in titles] == [
        "inbound, row 1",
        "inbound, row 2",
    ]


def test_a_check_that_fails_ends_with_1_after_clean_up(
    cli: Cli, server: WireServer, write: Write
) -> None:
    server.script(json_answer({"_id": "a1", "_access_number": "1"}, 202), json_answer({}))
    ended = cli("run", write(), "--url", server.base_url)
    assert ended.code == 1
    assert paths(server) == ["request-inbound", "a1/cancel"]
    assert "  FAILED        create request-inbound" in ended.out
    assert "http 200: found 202" in ended.out.replace("is 200", "200")
    assert "  skipped       poll status" in ended.out


def test_an_error_of_gms_ends_with_1_and_its_words(
    cli: Cli, server: WireServer, write: Write
) -> None:
    server.script(GONE)
    ended = cli("run", write("gms: 1\nsteps: [{create: s}]\n"), "--url", server.base_url)
    assert ended.code == 1
    assert "HTTP 404: no such instance" in ended.out


def test_a_poll_that_does_not_come_there_ends_with_4(
    cli: Cli, server: WireServer, write: Write
) -> None:
    server.script(CREATED, WAITING)
    flow = write(INBOUND.replace("within: 5s", "within: 50ms"))
    ended = cli("run", flow, "--url", server.base_url)
    assert ended.code == 4
    assert "NOT REACHED" in ended.out
    assert "not reached within 0.05 s" in ended.out


@pytest.mark.parametrize("broken", [True, False], ids=["reset", "refused"])
def test_transport_ends_with_3(cli: Cli, server: WireServer, write: Write, *, broken: bool) -> None:
    server.script(reset_before_answer())
    with refused_port() as port:
        url = server.base_url if broken else f"http://127.0.0.1:{port}"
        ended = cli("run", write(), "--url", url)
    assert ended.code == 3
    assert "  ERROR         create request-inbound" in ended.out


def test_a_wrong_flow_is_refused_whole_with_its_places(
    cli: Cli, server: WireServer, write: Write
) -> None:
    sound = write()
    wrong = write("gms: 1\nsteps:\n  - creat: s\n  - wait: soon\n", "wrong.yaml")
    ended = cli("run", sound, wrong, "--url", server.base_url)
    assert ended.code == 2
    assert server.requests == []
    assert f"{wrong}:3:5: found " in ended.err
    assert f"{wrong}:4:11: found 'soon', expected a time such as 500ms, 1s or 2m" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("missing", ["flow", "data", "row"])
def test_a_missing_file_ends_with_5_and_nothing_is_sent(
    cli: Cli, server: WireServer, write: Write, tmp_path: Path, missing: str
) -> None:
    flow = write("gms: 1\nsteps:\n  - create: s\n    form: [{key: photo, file: no.png}]\n")
    arguments: dict[str, list[object]] = {
        "flow": [tmp_path / "none.yaml"],
        "data": [write(name="sound.yaml"), "--data", tmp_path / "none.csv"],
        "row": [flow],
    }
    ended = cli("run", *arguments[missing], "--url", server.base_url)
    assert ended.code == 5
    assert "nothing was sent" in ended.err
    assert {"flow": "none.yaml", "data": "none.csv", "row": "no.png"}[missing] in ended.err
    assert "No such file" in ended.err
    if missing == "row":
        assert f"{flow}:4:25: " in ended.err
        assert f"looked for in {tmp_path}" in ended.err
    assert server.requests == []


def test_an_unknown_variable_stops_the_step_before_it_is_sent(
    cli: Cli, server: WireServer, write: Write
) -> None:
    ended = cli("run", write(INBOUND.replace("{{phone}}", "{{fone}}")), "--url", server.base_url)
    assert ended.code == 2
    assert "{{fone}} is not a variable of the flow Inbound" in ended.out
    assert "did you mean phone?" in ended.out
    assert "--var NAME=VALUE" in ended.out
    assert server.requests == []


def test_a_table_without_rows_is_refused(cli: Cli, server: WireServer, write: Write) -> None:
    table = write("phone\n", "rows.csv")
    ended = cli("run", write(), "--data", table, "--url", server.base_url)
    assert ended.code == 2
    assert "nothing was sent" in ended.err
    assert "no rows" in ended.err
    assert server.requests == []


def test_values_that_no_flow_asks_for_are_named_once(
    cli: Cli, server: WireServer, write: Write
) -> None:
    server.script(*[CREATED, READY, json_answer({})] * 2)
    table = write("phone,colour,by\n1,red,{{used}}\n2,blue,x\n", "rows.csv")
    values = ["--var", "fone=3", "--var", "used=4"]
    ended = cli("run", write(), "--data", table, *values, "--url", server.base_url)
    assert ended.code == 0
    assert ended.err == "Note: not used in the flow: --var fone, column colour, column by\n"


def test_an_error_of_gms_is_told_with_the_checks_that_failed(
    cli: Cli, server: WireServer, write: Write
) -> None:
    server.script(GONE)
    ended = cli("run", write(), "--url", server.base_url)
    assert ended.code == 1
    assert "HTTP 404: no such instance" in ended.out
    assert "http 200: found 404" in ended.out


def test_a_path_that_leads_nowhere_is_named_when_a_poll_is_over(
    cli: Cli, server: WireServer, write: Write
) -> None:
    server.script(CREATED, *[READY] * 20)
    text = INBOUND.replace("{path: status,", "{path: state,").replace("within: 5s", "within: 60ms")
    ended = cli("run", write(text), "--url", server.base_url)
    assert ended.code == 4
    assert "not reached within 0.06 s; state: nothing found there in " in ended.out


def test_what_the_first_request_needs_is_loaded_before_its_step(
    server: WireServer, write: Write
) -> None:
    server.script(CREATED, READY, json_answer({}))
    flow = write()
    script = f"""
import sys
from gms_console.cli.app import run
from gms_console.runner.case_run import CaseRun
whole = CaseRun._one
async def one(self, index, step):
    before = set(sys.modules)
    await whole(self, index, step)
    print("loaded", sorted(set(sys.modules) - before))
CaseRun._one = one
run(["run", {str(flow)!r}, "--url", {server.base_url!r}])
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        encoding="utf-8",
        timeout=50,
        check=True,
    )
    loaded = [line for line in done.stdout.splitlines() if line.startswith("loaded")]
    assert loaded == ["loaded []"] * 3, done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--var", "phone"], "expected K=V"),
        (["--var", "$x=1"], "cannot be the name of a variable"),
        (["--parallel", "0"], "--parallel"),
        (["--repeat", "0"], "--repeat"),
        (["--report-har", "-", "--report-jsonl", "-"], "Only one output"),
        (["--report-har", "-", "--format", "json"], "Only one output"),
        (["--report-har", "r", "--report-jsonl", "r"], "cannot be the same file"),
    ],
    ids=["var", "name", "parallel", "repeat", "two", "json", "same"],
)
def test_wrong_usage_ends_with_2(
    cli: Cli, server: WireServer, write: Write, arguments: list[str], said: str
) -> None:
    ended = cli("run", write(), "--url", server.base_url, *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert server.requests == []


def test_without_a_place_it_says_how_to_name_one(cli: Cli, write: Write) -> None:
    ended = cli("run", write())
    assert ended.code == 2
    assert "--url http://localhost:8080/genesys" in ended.err


def test_json_is_one_object_with_the_failures(cli: Cli, server: WireServer, write: Write) -> None:
    server.script(json_answer({"_id": "a1", "_access_number": "1"}, 202), json_answer({}))
    ended = cli("run", write(), "--url", server.base_url, "--format", "json")
    assert ended.code == 1
    told = ended.json
    assert (told["cases"], told["passed"], told["requests"], told["exit_code"]) == (1, 0, 2, 1)
    assert told["verdicts"] == {"failed": 1}
    (failure, skipped) = told["failures"]
    assert (failure["step"], failure["verdict"]) == (1, "failed")
    assert failure["checks"][0]["found"] == "202"
    assert skipped["verdict"] == "skipped"


def test_parallel_and_repeat_run_every_case_with_its_own_instance(
    cli: Cli, server: WireServer, write: Write
) -> None:
    server.script(CREATED)
    flow = write("gms: 1\nsteps: [{create: s}, {request: cancel}]\n")
    ended = cli("run", flow, flow, "--url", server.base_url, "--parallel", "3", "--repeat", "4")
    assert ended.code == 0
    assert sorted(paths(server)) == ["a1/cancel"] * 8 + ["s"] * 8
    assert ended.out.splitlines()[-1].startswith("8 of 8 passed; 16 steps; 0 checks; 16 requests")


def test_secrets_of_the_environment_are_not_printed(
    cli: Cli, server: WireServer, write: Write
) -> None:
    server.script(json_answer({"message": "no tiger-4711 here", "exception": "X"}, 400))
    header = ["--header", "Authorization: Bearer tiger-4711"]
    ended = cli("run", write("gms: 1\nsteps: [{create: s}]\n"), "--url", server.base_url, *header)
    assert ended.code == 1
    assert "no *** here" in ended.out
    assert "tiger" not in ended.out + ended.err


@posix
def test_ctrl_c_runs_clean_up_writes_the_reports_and_ends_with_130(
    start: Start, server: WireServer, write: Write, tmp_path: Path
) -> None:
    server.script(CREATED, hold(), json_answer({}))
    report = tmp_path / "run.jsonl"
    process = start("run", write(), "--url", server.base_url, "--report-jsonl", report)
    server.wait_for_gates(timeout=30)
    process.send_signal(signal.SIGINT)
    ended = finish(process)
    assert ended.code == 130
    assert paths(server)[-1] == "a1/cancel"
    assert "INTERRUPTED   poll status" in ended.out
    assert "passed        request cancel" in ended.out
    assert ended.out.splitlines()[-1].startswith("Interrupted. 0 of 1 passed")
    assert '"interrupted": true' in report.read_text().splitlines()[-1]


@posix
def test_a_second_ctrl_c_leaves_clean_up_out(
    start: Start, server: WireServer, write: Write
) -> None:
    server.script(CREATED, hold())
    process = start("run", write(), "--url", server.base_url)
    server.wait_for_gates(timeout=30)
    process.send_signal(signal.SIGINT)
    server.wait_for_requests(3, timeout=30)  # the clean-up step is held too
    server.wait_for_gates(timeout=30)
    process.send_signal(signal.SIGINT)
    ended = finish(process)
    assert ended.code == 130
    assert "clean-up" in ended.err


@posix
def test_on_a_terminal_the_progress_is_shown_and_taken_away(
    start: Start, server: WireServer, write: Write
) -> None:
    server.script(CREATED, hold(), READY, json_answer({}))
    reader, terminal = os.openpty()
    process = start("run", write(), "--url", server.base_url, stderr=terminal)
    os.close(terminal)
    progress = b""
    while b"poll status" not in progress:
        progress += os.read(reader, 4096)
    server.wait_for_gates(timeout=30)
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # the terminal is gone with the process
        while piece := os.read(reader, 4096):
            progress += piece
    os.close(reader)
    ended = finish(process)
    assert ended.code == 130
    assert b"\x1b[?25h" in progress  # the cursor is back
    assert progress.rstrip().endswith(b"\x1b[2K") or b"clean-up" in progress
    assert ended.out.splitlines()[-1].startswith("Interrupted. ")
    assert "\x1b" not in ended.out
