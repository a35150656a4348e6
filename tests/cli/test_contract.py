"""The contract of the command line: commands, options, exit codes.

Each command is run once or more by the installed program; what differs in options alone is run in
this process, as the program starts slowly.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import junitparser
import pytest

from gms_console.simulator import Simulator
from tests.cli.conftest import Cli, Ended
from tests.support.patient import patient_config
from tests.support.wire_server import (
    WireServer,
    json_answer,
    refused_port,
    text_answer,
)

PROGRAM = Path(sys.executable).with_name("gms-console.exe" if os.name == "nt" else "gms-console")
EXAMPLES = Path(__file__).parents[2] / "assets" / "examples" / "flows"
FLOW = "gms: 1\nname: Two\nsteps:\n  - create: s\n    expect: [{http: 200}]\n  - wait: 1ms\n"


def program(*arguments: object, **variables: str) -> Ended:
    """Run the installed program."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONWARNINGS": "error", **variables},
        stdin=subprocess.DEVNULL,
        timeout=50,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A simulator whose agents come soon; gives its base URL."""
    config = patient_config(tmp_path_factory.mktemp("simulator"))
    with Simulator(config=config) as simulator:
        yield simulator.base_url


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    file = tmp_path / "two.yaml"
    file.write_text(FLOW)
    return file


def test_send_keeps_the_order_of_rows_and_prints_the_promised_object(
    server: WireServer, tmp_path: Path
) -> None:
    server.script(json_answer({"_id": "a1", "_access_number": "4155550100"}))
    (tmp_path / "photo.txt").write_text("PHOTO")
    ended = program(
        *(
            "send",
            "s",
            "-p",
            "b=1",
            "-f",
            f"f={tmp_path / 'photo.txt'};type=image/png;filename=x.png",
        ),
        *("-p", "a=2", "-p", "b=3", "--encoding", "multipart", "--url", server.base_url),
        *("--header", "X-Trace: 7", "--timeout", "5", "--format", "json"),
    )
    assert (ended.code, ended.err) == (0, "")
    (request,) = server.requests
    names = [part.split(b'"')[1] for part in request.body.split(b"; name=")[1:]]
    assert names == [b"b", b"f", b"a", b"b"]
    assert b'filename="x.png"\r\nContent-Type: image/png\r\n\r\nPHOTO' in request.body
    assert request.values("x-trace") == ["7"]
    told = ended.json
    assert list(told)[:5] == ["request", "response", "answer", "timing", "error"]
    assert {"method", "url", "headers", "body_preview"} <= set(told["request"])
    assert {"status", "reason", "headers", "body", "http_version"} <= set(told["response"])
    assert {"id", "access", "state", "dialog", "problem"} <= set(told["answer"])
    assert told["answer"]["id"] == "a1"
    assert told["error"] is None


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("auto", "application/x-www-form-urlencoded"),
        ("multipart", "multipart/form-data"),
        ("urlencoded", "application/x-www-form-urlencoded"),
        ("json", "application/json"),
        ("none", ""),
    ],
)
def test_every_encoding(cli: Cli, server: WireServer, encoding: str, content_type: str) -> None:
    rows = [] if encoding == "none" else ["-p", "k=v"]
    ended = cli("send", "s", *rows, "--encoding", encoding, "--url", server.base_url)
    assert ended.code == 0
    (request,) = server.requests
    sent = [value.partition(";")[0] for value in request.values("content-type")]
    assert sent == ([content_type] if content_type else [])


def test_request_polls_until_any_of_its_rules_holds(server: WireServer) -> None:
    server.script(text_answer("busy", 503), json_answer({"status": "b"}))
    ended = program(
        *("request", "a1", "status", "-p", "k=v", "--poll", "--every", "10ms"),
        *("--until", "status=a", "--until", "status=b", "--within", "0.1m", "--tolerate", "1"),
        *("--url", server.base_url),
    )
    assert ended.code == 0
    assert [request.body for request in server.requests] == [b"k=v", b"k=v"]


def test_request_exit_codes(cli: Cli, server: WireServer) -> None:
    url = ["--url", server.base_url]
    poll = ["--poll", "--every", "10ms", "--until", "status=a"]
    server.script(json_answer({"status": "b"}))
    assert program("request", "a1", "status", *poll, "--within", "50ms", *url).code == 4
    server.script(json_answer({"exception": "X", "message": "m"}, 400))
    assert cli("request", "a1", "status", *url).code == 1
    with refused_port() as port:
        place = ["--url", f"http://127.0.0.1:{port}"]
        assert cli("request", "a1", "status", *place).code == 3
    assert cli("request", "a1", "status", *poll, "--tolerate", "no", *url).code == 2


def test_send_exit_codes(cli: Cli, server: WireServer, tmp_path: Path) -> None:
    url = ["--url", server.base_url]
    missing = ["-f", f"f={tmp_path / 'none.png'}"]
    (tmp_path / "there.png").write_text("x")
    as_text = ["-f", f"f={tmp_path / 'there.png'}", "--encoding", "urlencoded"]
    assert program("send", "s", *missing, *url).code == 5
    assert cli("send", "s", *as_text, *url).code == 2
    assert program("send", "s").code == 2
    assert server.requests == []
    server.script(json_answer({"exception": "X", "message": "m"}, 500))
    assert cli("send", "s", *url).code == 1
    with refused_port() as port:
        place = ["--url", f"http://127.0.0.1:{port}", "--insecure"]
        assert program("send", "s", *place).code == 3


def test_the_example_of_the_users_guide_runs_on_the_simulator(
    simulator: str, tmp_path: Path
) -> None:
    guide = (EXAMPLES.parents[2] / "docs" / "flows.md").read_text(encoding="utf-8")
    flow = tmp_path / "guide.yaml"
    flow.write_text(guide.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    (tmp_path / "MyPic.png").write_bytes((EXAMPLES.parent / "MyPic.png").read_bytes())
    ended = program("run", flow, "--url", simulator)
    assert (ended.code, ended.err) == (0, ""), ended.out
    assert "follow Connect me now" in ended.out


def test_the_example_flows_run_green_and_leave_every_report(simulator: str, tmp_path: Path) -> None:
    reports = {kind: tmp_path / f"report.{kind}" for kind in ("html", "junit", "har", "jsonl")}
    options = [word for kind, file in reports.items() for word in (f"--report-{kind}", file)]
    flows = sorted(EXAMPLES.glob("*.yaml"))
    assert len(flows) >= 6
    ended = program("run", *flows, "--url", simulator, "--parallel", "3", *options)
    assert (ended.code, ended.err) == (0, ""), ended.out
    assert f"{len(flows)} of {len(flows)} passed" in ended.out
    suites = junitparser.JUnitXml.fromfile(str(reports["junit"]))
    assert (suites.failures, suites.errors) == (0, 0)
    assert len(list(suites)) == len(flows)
    har = json.loads(reports["har"].read_text())["log"]
    lines = [json.loads(line) for line in reports["jsonl"].read_text().splitlines()]
    exchanges = [line for line in lines if line["event"] == "exchange"]
    assert len(har["entries"]) == len(exchanges) > len(flows)
    html = reports["html"].read_text()
    assert "Choose on the phone" in html
    for kind, report in reports.items():
        text = report.read_text()
        assert "6504669999" not in text
        assert kind == "junit" or "[phone-1]" in text


def test_data_rows_repeat_and_parallel(simulator: str) -> None:
    ended = program(
        *("run", EXAMPLES / "number-with-photo.yaml", "--data", EXAMPLES / "customers.csv"),
        *("--repeat", "2", "--parallel", "4", "--var", "language=dutch", "--url", simulator),
    )
    assert ended.code == 0
    assert "6 of 6 passed" in ended.out


@pytest.mark.parametrize("kind", ["html", "junit", "har", "jsonl"])
def test_a_report_on_standard_output_stands_there_alone(
    server: WireServer, flow: Path, kind: str
) -> None:
    ended = program("run", flow, "--url", server.base_url, f"--report-{kind}", "-")
    assert ended.code == 0
    read: dict[str, Any] = {
        "html": lambda text: text.startswith("<!DOCTYPE html>"),
        "junit": lambda text: junitparser.JUnitXml.fromstring(text.encode()).tests >= 1,
        "har": lambda text: json.loads(text)["log"]["version"] == "1.2",
        "jsonl": lambda text: all(json.loads(line)["event"] for line in text.splitlines()),
    }
    assert read[kind](ended.out)
    assert "1 of 1 passed" in ended.err


def test_run_exit_codes(cli: Cli, server: WireServer, flow: Path, tmp_path: Path) -> None:
    url = ["--url", server.base_url]
    server.script(json_answer({}, 201))
    assert program("run", flow, *url).code == 1
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("gms: 1\nsteps: [{walk: s}]\n")
    assert cli("run", wrong, *url).code == 2
    with refused_port() as port:
        assert cli("run", flow, "--url", f"http://127.0.0.1:{port}").code == 3
    poll = tmp_path / "poll.yaml"
    poll.write_text(
        "gms: 1\nsteps: [{poll: status, on: 39a98e24-b03b-4191-b756-1efe8f3b16b8, every: 10ms,"
        " within: 30ms, until: {path: status, equals: a}}]\n"
    )
    assert cli("run", poll, *url).code == 4
    assert cli("run", tmp_path / "none.yaml", *url).code == 5
    unwritable = tmp_path / "file" / "report.html"
    unwritable.parent.write_text("no folder")
    count = len(server.requests)
    assert cli("run", flow, *url, "--report-html", unwritable).code == 2
    assert len(server.requests) == count


@pytest.mark.parametrize("target", ["curl", "httpx", "locust"])
def test_export_writes_a_script(cli: Cli, flow: Path, target: str) -> None:
    ended = program("export", flow, "--to", target)
    assert ended.code == 0
    assert {"curl": "curl", "httpx": "import httpx", "locust": "import HttpUser"}[target] in (
        ended.out.replace("from locust import", "import")
    )
    assert cli("export", flow.with_name("none.yaml"), "--to", target).code == 5
    assert cli("export", flow, "--to", "jmeter").code == 2


def test_import_writes_a_flow_that_runs(cli: Cli, server: WireServer, tmp_path: Path) -> None:
    command = tmp_path / "command.txt"
    command.write_text(f"curl '{server.base_url}/genesys/1/service/s' -F 'a=1' -F 'b=2'\n")
    imported = program("import", command)
    assert imported.code == 0
    made = tmp_path / "made.yaml"
    made.write_text(imported.out)
    assert cli("run", made, "--url", server.base_url).code == 0
    (request,) = server.requests
    assert request.target == "/genesys/1/service/s"
    assert request.body.index(b'name="a"') < request.body.index(b'name="b"')
    assert cli("import", tmp_path / "none").code == 5
    command.write_bytes(b"\x00\x01\xff")
    assert cli("import", command).code == 2


def test_env_names_where_a_flow_runs(
    cli: Cli, server: WireServer, flow: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / "environments"
    folder.mkdir(parents=True)
    (folder / "qa.yaml").write_text(
        f"gms: 1\nname: qa\nnodes:\n  - {{name: a, url: '{server.base_url}/genesys'}}\n"
        "secrets: {}\n".replace("secrets: {}\n", "")
    )
    flow.write_text(FLOW.replace("name: Two\n", "name: Two\nenv: qa\n"))
    home = {"GMS_CONSOLE_HOME": str(tmp_path / "home")}
    listed = program("env", "list", **home)
    assert listed.code == 0, listed.err
    assert "qa" in listed.out
    assert cli("env", "show", "qa").code == 0
    ended = program("run", flow, **home)
    assert ended.code == 0, ended.err
    assert ended.out.startswith("Two (qa)\n")
    assert len(server.requests) == 1
    assert cli("run", flow, "--env", "none").code == 2
