"""`gms-console simulate` as a process."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Start, finish

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
FAULT = "faults:\n  - {service: request-interaction, then: {status: 503, body: full}}\n"


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@posix
def test_it_serves_until_sigterm(start: Start, cli: Cli) -> None:
    process = start("simulate", "--speed", "10")
    url = first_line(process)
    assert url.startswith("http://127.0.0.1:")
    assert url.endswith("/genesys")
    created = cli(
        "send", "request-inbound-poll", "--url", url, "-p", "_phone_number=1", "--format", "json"
    )
    assert created.code == 0
    instance = created.json["answer"]["id"]
    poll = ["--poll", "--every", "20ms", "--within", "5s", "--until", "status=waiting-for-agent"]
    assert cli("request", instance, "status", "--url", url, *poll).code == 0
    assert cli("request", "no-such-id", "status", "--url", url).code == 1
    process.terminate()
    ended = finish(process)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@posix
def test_ctrl_c_ends_it_with_130(start: Start) -> None:
    process = start("simulate")
    assert first_line(process)
    process.send_signal(signal.SIGINT)
    ended = finish(process)
    assert (ended.code, ended.out, ended.err) == (130, "", "")


@posix
def test_faults_happen(start: Start, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(FAULT)
    process = start("simulate", "--faults", file)
    ended = cli("send", "request-interaction", "--url", first_line(process))
    assert ended.code == 1
    assert ended.out.startswith("HTTP 503 ")


def test_a_wrong_fault_file_ends_with_2(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("faults:\n  - {then: {status: 99}}\n")
    ended = cli("simulate", "--faults", file)
    assert (ended.code, ended.out) == (2, "")
    assert f"{file}, line 2, column 21: found " in ended.err


def test_a_missing_fault_file_ends_with_5(cli: Cli, tmp_path: Path) -> None:
    ended = cli("simulate", "--faults", tmp_path / "no.yaml")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == f"Error: {tmp_path / 'no.yaml'}: No such file or directory\n"


@posix
def test_a_taken_port_ends_with_2(start: Start, cli: Cli) -> None:
    url = first_line(start("simulate"))
    port = url.removeprefix("http://127.0.0.1:").removesuffix("/genesys")
    ended = cli("simulate", "--port", port)
    assert (ended.code, ended.out) == (2, "")
    assert f"127.0.0.1:{port}" in ended.err


@pytest.mark.parametrize(
    "options",
    [["--speed", "0"], ["--speed", "nan"], ["--speed", "inf"], ["--port", "65536"], ["--port=-1"]],
)
def test_wrong_numbers_end_with_2(cli: Cli, options: list[str]) -> None:
    ended = cli("simulate", *options)
    assert (ended.code, ended.out) == (2, "")
    assert options[0].partition("=")[0] in ended.err
