"""`gms-console import` as a process: flows on standard output, notes beside it, exit codes."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from gms_console.flow.file import parse_flow, read_flow
from tests.cli.conftest import Cli, Start, finish
from tests.engine.imports import SERVICE, collection, entry, har, item, urlencoded

CURL = f"curl '{SERVICE}/request-interaction' -k -u me:hunter2 -F _phone_number=650 -F f=@a.png\n"


def test_a_curl_command_to_standard_output(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "call.sh"
    file.write_text(CURL)
    ended = finish(start("import", file))
    assert ended.code == 0
    flow = parse_flow(ended.out, "out")
    assert (flow.name, flow.steps[0].name) == ("call", "request-interaction")
    assert ended.out.startswith(f"# Imported from {file}.\n")
    assert "# - line 1: --insecure is left out" in ended.out
    assert "Went to http://gms.example:8080/genesys; name an environment" in ended.err
    assert "Note: line 1: --insecure is left out" in ended.err
    assert "hunter2" not in ended.out + ended.err


def test_standard_input_and_an_output_that_a_run_can_read(start: Start, tmp_path: Path) -> None:
    flow = tmp_path / "flow.yaml"
    process = start("import", "-", "--output", flow, stdin=subprocess.PIPE)
    out, _ = process.communicate(CURL, timeout=20)
    assert (process.returncode, out) == (0, "")
    assert read_flow(flow).steps[0].name == "request-interaction"
    assert "standard input" in flow.read_text()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (CURL, "curl"),
        (har(entry("request-interaction", post=urlencoded("a=1"))), "har"),
        (collection(item("a", "request-interaction"), variable=[{"key": "baseUrl", "value": "http://h"}]),
         "postman"),
        ("a=1", "text"),
    ],
    ids=["curl", "har", "postman", "text"],
)  # fmt: skip
def test_every_format_recognised_and_forced(
    cli: Cli, tmp_path: Path, text: str, source: str
) -> None:
    file = tmp_path / "it"
    file.write_text(text)
    recognised = cli("import", file, "--service", "request-interaction")
    forced = cli("import", file, "--service", "request-interaction", "--from", source)
    assert (recognised.code, forced.code) == (0, 0)
    assert recognised.out == forced.out
    assert "- create: request-interaction" in recognised.out


def test_a_file_that_is_there_is_replaced_by_force_only(cli: Cli, tmp_path: Path) -> None:
    file, flow = tmp_path / "it.txt", tmp_path / "flow.yaml"
    file.write_text("a=1")
    flow.write_text("precious")
    refused = cli("import", file, "--output", flow)
    assert refused.code == 2
    assert "flow.yaml is there already; --force replaces it" in refused.err
    assert flow.read_text() == "precious"
    assert cli("import", file, "--output", flow, "--force").code == 0
    assert "key: a" in flow.read_text()


def test_what_cannot_be_read_ends_with_2_and_its_place(cli: Cli, tmp_path: Path) -> None:
    broken = {
        "curl": (f"curl {SERVICE}/x \\\n -d 'open", "it:2:6: found the end of the text"),
        "har": ('{"log": {"entries": [{}]}}', "it:$.log.entries[0]: found no 'request'"),
        "json": ('{"log": \n x}', "it:2:2: found broken JSON"),
        "text": ("a=1\nnonsense", "it:2:1: found 'nonsense', expected key=value"),
        "elsewhere": ("curl http://h/", "expected an address with /1/service/"),
    }
    for text, says in broken.values():
        file = tmp_path / "it"
        file.write_text(text)
        ended = cli("import", file)
        assert (ended.code, ended.out) == (2, "")
        assert says in ended.err
    file.write_bytes(b"a=1\nb=\xff\n")
    ended = cli("import", file)
    assert ended.code == 2
    assert "it:2:1: found the byte 0xff, expected a text in UTF-8" in ended.err
    file.write_bytes("a=1".encode("utf-16")[:-1])
    assert "expected a text in UTF-16" in cli("import", file).err


def test_a_service_beside_requests_that_name_theirs_is_told(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "call.sh"
    file.write_text(CURL)
    ended = cli("import", file, "--service", "other")
    assert ended.code == 0
    assert "Note: The service other is not used: these requests name theirs" in ended.err


def test_a_missing_file_ends_with_5_and_wrong_usage_with_2(cli: Cli, tmp_path: Path) -> None:
    ended = cli("import", tmp_path / "gone.har")
    assert ended.code == 5
    assert "gone.har is not there" in ended.err
    assert cli("import", tmp_path).code == 2
    assert cli("import").code == 2
    assert cli("import", "x", "--from", "soap").code == 2


def test_a_flow_that_cannot_be_written_there(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "it.txt"
    file.write_text("a=1")
    ended = cli("import", file, "--output", file / "flow.yaml")
    assert ended.code == 2
    assert "flow.yaml: " in ended.err


def test_a_missing_folder_is_made(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "it.txt"
    file.write_text("a=1")
    output = tmp_path / "new" / "er" / "flow.yaml"
    assert cli("import", file, "--output", output).code == 0
    assert output.is_file()


def test_a_command_without_an_address_is_said_in_words(start: Start) -> None:
    process = start("import", "-", stdin=subprocess.PIPE)
    _, err = process.communicate("curl\n", timeout=20)
    assert process.returncode == 2
    assert "standard input: found no request, expected an address" in err


def test_what_windows_saves_is_read(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "rows.txt"
    file.write_bytes("a=ü\r\nb=2\r\n".encode("utf-16"))
    ended = cli("import", file)
    assert ended.code == 0
    assert [row.value for row in parse_flow(ended.out, "out").steps[0].form] == ["ü", "2"]


@pytest.mark.skipif(os.name == "nt", reason="shells of POSIX")
def test_an_imported_flow_runs(start: Start, tmp_path: Path, cli: Cli) -> None:
    """From a recording to a run against the simulator."""
    recording, flow = tmp_path / "recording.har", tmp_path / "flow.yaml"
    there = "5f5a5f5a-0001-4000-8000-00805f9b34fb"
    recording.write_text(
        har(
            entry("request-inbound-poll", post=urlencoded("_phone_number=6504669999"),
                  answer={"_id": there}),
            entry(f"{there}/status", answer={"status": "waiting-for-agent"}, at=1),
            entry(f"{there}/status", answer={"status": "completed"}, at=1.2),
        )
    )  # fmt: skip
    assert cli("import", recording, "--output", flow).code == 0
    simulator = start("simulate", "--port", "0", "--speed", "1000")
    assert simulator.stdout is not None
    url = simulator.stdout.readline().strip()
    ended = finish(start("run", flow, "--url", url, "--report-jsonl", tmp_path / "out.jsonl"))
    assert ended.code == 0, ended.err
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert lines
