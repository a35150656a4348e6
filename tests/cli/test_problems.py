"""What the command line says of a problem: GMS's words, what they mean, where to look."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gms_console.cli import explaining
from tests.cli.conftest import Cli
from tests.support.wire_server import WireServer, json_answer

FULL = {
    "exception": "com.genesyslab.gsg.services.callback.exceptions.CallbackExceptionAvailability",
    "message": "Office is closed.",
    "phrase": "Bad Request",
    "code": 400,
    "availability": {"2026-11-25T09:00:00.000Z": 3, "2026-11-25T09:15:00.000Z": "0"},
}


@pytest.fixture(autouse=True)
def _fresh_table() -> Iterator[None]:
    explaining._table.cache_clear()
    yield
    explaining._table.cache_clear()


def test_times_that_gms_offers_are_listed(cli: Cli, server: WireServer) -> None:
    server.script(json_answer(FULL, 400), json_answer(FULL, 400))
    ended = cli("send", "callback/callme", "-p", "_a=1", "--url", server.base_url)
    assert ended.code == 1
    assert server.requests[0].target == "/genesys/1/service/callback/callme"
    lines = ended.err.splitlines()
    assert lines[0] == "Error: GMS said: Office is closed."
    assert any(line.startswith("Look at: ") for line in lines)
    times = lines[lines.index("Times that GMS offers:") + 1 :]
    assert times[0].startswith("  2026-11-25T09:00:00.000Z  ")
    assert times[0].endswith("3 free")
    assert times[1].endswith("full")

    ended = cli("send", "callback/callme", "--url", server.base_url, "--format", "json")
    problem = ended.json["answer"]["problem"]
    assert problem["slots"] == [
        {"time": "2026-11-25T09:00:00.000Z", "free": 3},
        {"time": "2026-11-25T09:15:00.000Z", "free": 0},
    ]
    assert (problem["phrase"], problem["code"]) == ("Bad Request", "400")


def test_a_table_of_ones_own_comes_first_and_its_faults_are_told(
    cli: Cli, server: WireServer, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "problems.yaml").write_text(
        "problems:\n"
        "  - match: {said: Office is closed}\n"
        "    means: It is the weekend.\n"
        "    look: The calendar of our site.\n"
        "    try: Come back on Monday.\n"
        "  - match: {colour: red}\n"
        "    means: x\n"
        "    try: y\n",
        "utf-8",
    )
    server.script(json_answer(FULL, 400))
    ended = cli("send", "callback/callme", "--url", server.base_url)
    assert "Probably: It is the weekend.\nLook at: The calendar of our site." in ended.err
    assert "Left out: " in ended.err
    assert "colour" in ended.err
    assert "line 6" in ended.err


def test_a_calendar_is_asked_by_get(cli: Cli, server: WireServer) -> None:
    ended = cli(
        "send", "office-hours", "--method", "get", "-p", "start=2026-11-24T08:00:00.000Z",
        "-p", "number-of-days=2", "--url", server.base_url,
    )  # fmt: skip
    assert ended.code == 0
    [request] = server.requests
    assert (request.method, request.body) == ("GET", b"")
    assert request.target == (
        "/genesys/1/service/office-hours?start=2026-11-24T08%3A00%3A00.000Z&number-of-days=2"
    )


def test_a_file_cannot_go_into_an_address(cli: Cli, server: WireServer, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"1")
    ended = cli("send", "x", "--method", "GET", "-f", f"k={file}", "--url", server.base_url)
    assert ended.code == 2
    assert "carries no file" in ended.err
    assert server.requests == []
