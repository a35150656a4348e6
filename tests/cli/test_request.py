"""`gms-console request`, once and as a poll."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.support.wire_server import (
    Answer,
    WireServer,
    close_before_answer,
    hold,
    json_answer,
    refused_port,
)

WAITING = json_answer({"status": "waiting-for-agent", "dialog": "/waitingforagent.html"})
READY = json_answer({"status": "agent-ready"})
POLL = ("--poll", "--every", "10ms", "--until", "status=agent-ready")


def test_once(cli: Cli, server: WireServer) -> None:
    server.script(WAITING)
    ended = cli("request", "id 7", "status", "--url", server.base_url, "-p", "a=1")
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/genesys/1/service/id%207/status")
    assert request.body == b"a=1"
    assert "State          waiting-for-agent\n" in ended.out
    assert (ended.code, ended.err) == (0, "")


def test_once_in_json(cli: Cli, server: WireServer) -> None:
    server.script(WAITING)
    data = cli("request", "7", "status", "--url", server.base_url, "--format", "json").json
    assert data["answer"]["state"] == "waiting-for-agent"
    assert data["answer"]["dialog"] == "/waitingforagent.html"
    assert "poll" not in data


def test_another_method(cli: Cli, server: WireServer) -> None:
    assert cli("request", "7", "x", "--url", server.base_url, "--method", "get").code == 0
    [request] = server.requests
    assert request.method == "GET"
    assert request.values("content-length") == []


def test_poll_reaches_the_state(cli: Cli, server: WireServer) -> None:
    server.script(WAITING, WAITING, READY)
    ended = cli("request", "7", "status", "--url", server.base_url, *POLL)
    lines = ended.out.splitlines()
    assert lines[0] == "Poll of status: reached after 3 attempts"
    assert [line.split()[2:] for line in lines[1:3]] == [
        ["waiting-for-agent", "2", "times"],
        ["agent-ready", "1", "time"],
    ]
    assert lines[4].startswith("HTTP 200 OK: ")
    assert lines[-1] == '{"status": "agent-ready"}'
    # Progress is for terminals, and this is none.
    assert (ended.code, ended.err) == (0, "")
    assert len(server.requests) == 3


def test_poll_in_json(cli: Cli, server: WireServer) -> None:
    server.script(WAITING, WAITING, READY)
    data = cli("request", "7", "status", "--url", server.base_url, *POLL, "--format", "json").json
    assert data["answer"]["state"] == "agent-ready"
    poll = data["poll"]
    assert (poll["outcome"], poll["reason"], poll["attempts"]) == ("reached", "agent-ready", 3)
    assert [(one["state"], one["attempts"]) for one in poll["states"]] == [
        ("waiting-for-agent", 2),
        ("agent-ready", 1),
    ]
    first = poll["states"][0]
    assert list(first) == ["state", "first", "last", "attempts"]
    assert first["first"] < first["last"]


def test_any_of_several_rules_and_commas_in_values(cli: Cli, server: WireServer) -> None:
    server.script(json_answer({"a": {"b": [1, "x,y"]}}))
    rules = ["--until", "status=ready", "--until", "a.b[1]=x,y"]
    assert cli("request", "7", "s", "--url", server.base_url, "--poll", *rules).code == 0
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("script", "options", "code", "outcome", "said"),
    [
        ([WAITING], ["--within", "300ms"], 4, "out of time", "not reached within 0.3 s"),
        ([hold()], ["--within", "300ms"], 4, "out of time", "no state was read"),
        (
            [WAITING, json_answer({"status": "failed"})],
            ["--fail-on", "status=failed"],
            4,
            "failed",
            "came to failed",
        ),
        ([WAITING, json_answer({}, 404)], [], 1, "refused", "the last state was waiting-for-agent"),
        ([json_answer({"error": "gone"})], [], 1, "refused", "GMS said: gone"),
        ([close_before_answer()], ["--tolerate", "1"], 3, "too many errors", "2 errors in a row"),
        ([json_answer({}, 500)], ["--tolerate", "0"], 1, "too many errors", "1 error in a row"),
    ],
)
def test_poll_does_not_reach_the_state(
    cli: Cli,
    server: WireServer,
    script: Sequence[Answer],
    options: list[str],
    code: int,
    outcome: str,
    said: str,
) -> None:
    arguments = ["request", "7", "status", "--url", server.base_url, *POLL, *options]
    server.script(*script)
    ended = cli(*arguments)
    assert ended.code == code
    assert ended.out.startswith(f"Poll of status: {outcome} after ")
    assert said in ended.err
    assert "You cancelled it" not in ended.err
    server.script(*script)
    ended = cli(*arguments, "--format", "json")
    assert (ended.code, ended.json["poll"]["outcome"], ended.err) == (code, outcome, "")


def test_poll_bears_what_it_is_told_to(cli: Cli, server: WireServer) -> None:
    server.script(close_before_answer(), json_answer({}, 503), READY)
    arguments = ["request", "7", "status", "--url", server.base_url, *POLL]
    assert cli(*arguments, "--tolerate", "2").code == 0


def test_poll_of_a_refused_port_ends_with_3(cli: Cli) -> None:
    with refused_port() as port:
        url = f"http://127.0.0.1:{port}"
        ended = cli("request", "7", "status", "--url", url, *POLL, "--tolerate", "1")
    assert ended.code == 3
    assert ended.out == "Poll of status: too many errors after 2 attempts\n"
    assert "Try: Check the port" in ended.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--poll"], "give --until status=agent-ready"),
        (["--until", "status=x"], "--until is for a poll: give --poll too"),
        (["--every", "1s"], "--every is for a poll"),
        (["--within", "60s"], "--within is for a poll"),
        (["--tolerate", "3"], "--tolerate is for a poll"),
        (["--fail-on", "a=b"], "--fail-on is for a poll"),
        (["--poll", "--until", "agent-ready"], "expected PATH=VALUE"),
        (["--poll", "--until", "a[=b"], "to close what was opened"),
        (["--poll", "--until", "a..b=c"], "is not a JMESPath"),
        (["--poll", "--until", ""], "expected PATH=VALUE"),
        (["--poll", "--until", "a=b", "--every", "0s"], "expected more than 0"),
        (["--poll", "--until", "a=b", "--every", "1h"], "expected a time"),
        (["--poll", "--until", "a=b", "--tolerate", "-1"], "-1"),
        (["--method", "GET IT"], "is not a method"),
        (["--method", ""], "is not a method"),
    ],
)
def test_wrong_usage_ends_with_2(
    cli: Cli, server: WireServer, options: list[str], said: str
) -> None:
    ended = cli("request", "7", "status", "--url", server.base_url, *options)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())
    assert server.connections == 0


@pytest.mark.parametrize("names", [("", "status"), ("7", ".."), ("..", "status")])
def test_names_that_are_none_end_with_2(
    cli: Cli, server: WireServer, names: tuple[str, str]
) -> None:
    assert cli("request", *names, "--url", server.base_url).code == 2
    assert cli("request", *names, "--url", server.base_url, *POLL).code == 2
    assert server.connections == 0


def test_a_missing_file_ends_with_5(cli: Cli, server: WireServer, tmp_path: Path) -> None:
    row = ["-f", f"a={tmp_path / 'no'}"]
    assert cli("request", "7", "x", "--url", server.base_url, *row).code == 5
    assert cli("request", "7", "x", "--url", server.base_url, *row, *POLL).code == 5
    assert server.connections == 0
