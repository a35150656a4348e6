"""`gms-console simulate` as a process."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Start, finish

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
FAULT = "faults:\n  - {service: request-interaction, then: {status: 503, body: full}}\n"

CONFIG = """\
resources: {DNIS: "5550001, 5550002"}
service.book-a-number: {_type: builtin, _service: request-interaction}
service.match-interaction: {_type: builtin, _service: match-interaction}
"""


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@posix
def test_it_serves_until_sigterm(start: Start, cli: Cli) -> None:
    process = start("simulate", "--speed", "100")
    url = first_line(process)
    assert url.startswith("http://127.0.0.1:")
    assert url.endswith("/genesys")
    created = cli(
        "send", "request-inbound-poll", "--url", url, "-p", "_phone_number=1", "--format", "json"
    )
    assert created.code == 0
    instance = created.json["answer"]["id"]
    # After half a minute of its clock; however slowly this is asked, the call stays over.
    poll = ["--poll", "--every", "20ms", "--within", "20s", "--until", "status=completed"]
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


@posix
def test_two_nodes_a_configuration_and_a_state_that_is_kept(
    start: Start, cli: Cli, tmp_path: Path
) -> None:
    config, state = tmp_path / "simulator.yaml", tmp_path / "demo.db"
    config.write_text(CONFIG)
    state.write_text("no database\n" * 100)
    options = ["--nodes", "2", "--config", config, "--state", state]
    process = start("simulate", *options)
    first, second = first_line(process), first_line(process)
    assert first != second
    made = cli("send", "book-a-number", "--url", first, "--format", "json").json["answer"]
    assert made["access"]["number"] == "5550001"
    number = f"_access_number={made['access']['number']}"
    assert cli("send", "match-interaction", "--url", second, "-p", number).code == 0
    process.terminate()
    ended = finish(process)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith(f"{state} is damaged")
    assert ended.err.rstrip().endswith("begins with nothing in it.")

    again = start("simulate", *options)
    read = cli("send", f"/1/service/{made['id']}/storage", "--url", first_line(again))
    assert (read.code, read.err) == (0, ""), read
    again.terminate()
    assert finish(again).err == ""


@posix
def test_a_bad_edit_of_the_configuration_is_told_and_changes_nothing(
    start: Start, cli: Cli, tmp_path: Path
) -> None:
    config = tmp_path / "simulator.yaml"
    config.write_text(CONFIG)
    process = start("simulate", "--config", config)
    url = first_line(process)
    (tmp_path / "new").write_text("- " * 2000)
    (tmp_path / "new").replace(config)
    assert process.stderr is not None
    told = process.stderr.readline()
    assert told.startswith(f"{config}, line 1, column 1: found lists or mappings nested too deeply")
    assert told.endswith("The configuration before it stays in force.\n")
    assert cli("send", "book-a-number", "--url", url).code == 0
    process.terminate()
    assert finish(process).err == ""


def test_a_wrong_configuration_ends_with_2_and_a_missing_one_with_5(
    cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "simulator.yaml"
    file.write_text("server: [1]\n")
    ended = cli("simulate", "--config", file)
    assert (ended.code, ended.out) == (2, "")
    assert f"{file}, line 1, column 9: found a list" in ended.err
    missing = cli("simulate", "--config", tmp_path / "no.yaml")
    assert missing.code == 5
    assert missing.err == f"Error: {tmp_path / 'no.yaml'}: No such file or directory\n"
    nowhere = cli("simulate", "--state", tmp_path / "no" / "demo.db")
    assert (nowhere.code, nowhere.out) == (2, "")
    assert nowhere.err.startswith(f"Error: {tmp_path / 'no' / 'demo.db'}: ")


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
    [
        ["--speed", "0"],
        ["--speed", "nan"],
        ["--speed", "inf"],
        ["--port", "65536"],
        ["--port=-1"],
        ["--nodes", "0"],
    ],
)
def test_wrong_numbers_end_with_2(cli: Cli, options: list[str]) -> None:
    ended = cli("simulate", *options)
    assert (ended.code, ended.out) == (2, "")
    assert options[0].partition("=")[0] in ended.err
