"""What `gms-console run` writes, and where: a full disk, a wrong target, secrets."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Cli, Start, finish
from tests.cli.test_process import loaded, posix
from tests.support.wire_server import WireServer, json_answer

CREATED = json_answer({"_id": "a1"})
full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
TWO = "gms: 1\nsteps:\n  - create: s\n  - {request: cancel, always: true}\n"


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    file = tmp_path / "two.yaml"
    file.write_text(TWO)
    return file


@full_disk
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_below_standard_output_ends_neither_the_run_nor_its_report(
    start: Start, server: WireServer, flow: Path, tmp_path: Path, form: str
) -> None:
    server.script(CREATED, json_answer({}))
    report = tmp_path / "reports" / "run.jsonl"
    with Path("/dev/full").open("w") as full:
        options = ["--url", server.base_url, "--report-jsonl", report, "--format", form]
        ended = finish(start("run", flow, *options, stdout=full))
    assert ended.code == 1
    assert ended.err == "Error: Standard output: No space left on device\n"
    assert len(server.requests) == 2
    events = [json.loads(line)["event"] for line in report.read_text().splitlines()]
    assert events[-1] == "run-ended"
    assert [file.name for file in report.parent.iterdir()] == ["run.jsonl"]


@pytest.mark.parametrize("target", ["flow", "data"])
def test_a_report_takes_the_place_of_no_input(
    cli: Cli, server: WireServer, flow: Path, tmp_path: Path, target: str
) -> None:
    (tmp_path / "folder").mkdir()
    data = tmp_path / "rows.csv"
    data.write_text("a\n1\n")
    name = {"flow": flow, "data": data}[target].name
    options = ["--data", data, "--report-html", tmp_path / "folder" / ".." / name]
    ended = cli("run", flow, "--url", server.base_url, *options)
    assert ended.code == 2
    assert "A report would take the place of " in ended.err
    assert (flow.read_text(), data.read_text()) == (TWO, "a\n1\n")
    assert server.requests == []


@full_disk
def test_the_json_object_has_the_exit_code_of_a_report_that_could_not_be_written(
    cli: Cli, server: WireServer, flow: Path
) -> None:
    server.script(CREATED, json_answer({}))
    options = ["--format", "json", "--report-html", "/dev/full"]
    ended = cli("run", flow, "--url", server.base_url, *options)
    assert ended.code == 1
    assert ended.json["exit_code"] == 1
    assert "/dev/full was not written" in ended.err


def test_a_secret_is_masked_in_a_step_that_was_never_sent(
    cli: Cli, server: WireServer, flow: Path, tmp_path: Path
) -> None:
    flow.write_text(
        "gms: 1\nsteps:\n  - create: s\n    form: [{key: f, file: '{{password}}.png'}]\n"
    )
    report = tmp_path / "run.jsonl"
    options = ["--var", "password=tiger-4711", "--report-jsonl", report]
    ended = cli("run", flow, "--url", server.base_url, *options)
    assert ended.code == 5
    assert "***.png" in ended.out
    assert "tiger" not in ended.out + ended.err + report.read_text()
    assert server.requests == []


def test_a_name_that_no_file_can_have_is_a_missing_file(
    cli: Cli, server: WireServer, flow: Path
) -> None:
    flow.write_text(f"gms: 1\nsteps: [{{create: s, form: [{{key: f, file: {'x' * 300}}}]}}]\n")
    ended = cli("run", flow, "--url", server.base_url)
    assert ended.code == 5
    assert "File name too long" in ended.err


def test_a_run_without_a_terminal_loads_nothing_that_it_does_not_need(
    server: WireServer, flow: Path
) -> None:
    server.script(CREATED, json_answer({}))
    arguments = ["run", str(flow), "--url", server.base_url]
    modules = loaded(f"from gms_console.cli.app import run\nassert run({arguments}) == 0")
    assert "gms_console.runner.runner" in modules
    assert modules.isdisjoint({"rich", "pygments", "h2", "jinja2", "pydantic", "PySide6"})


def test_a_node_of_no_environment_is_wrong_usage(cli: Cli, server: WireServer, flow: Path) -> None:
    ended = cli("run", flow, "--url", server.base_url, "--node", "b")
    assert ended.code == 2
    assert "--node is a node of an environment" in ended.err
    assert server.requests == []


@posix
@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_streams_that_are_closed_end_no_run(
    server: WireServer, flow: Path, tmp_path: Path, closed: str
) -> None:
    server.script(CREATED, json_answer({}))
    report = tmp_path / "run.jsonl"
    words = [*COMMAND, "run", flow, "--url", server.base_url, "--report-jsonl", report]
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *map(str, words)],
        capture_output=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert '"run-ended"' in report.read_text()
