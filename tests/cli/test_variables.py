"""Variables `{{name}}` on the command line: those of `--env`, in all that is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.support.wire_server import WireServer, json_answer

CREATED = json_answer({"_id": "a1"})
READY = json_answer({"status": "agent-ready"})
LITERAL = "A literal {{ is written {{{{."


@pytest.fixture
def other() -> Iterator[WireServer]:
    with WireServer() as server:
        yield server


@pytest.fixture
def qa(tmp_path: Path, server: WireServer, other: WireServer) -> str:
    """Write the environment `qa` into the configuration folder, and give its name."""
    folder = tmp_path / "home" / "environments"
    folder.mkdir(parents=True)
    (folder / "qa.yaml").write_text(
        f"""\
gms: 1
name: qa
nodes:
  - {{name: node1, url: "{server.base_url}"}}
  - {{name: node2, url: "{other.base_url}"}}
variables:
  number: "6504669999"
  service: request-chat
  contact: "{{{{number}}}} in {{{{site}}}}"
  site: Daly City
  state: agent-ready
  loop: "{{{{loop}}}}"
proxy: {{mode: none}}
""",
        encoding="utf-8",
    )
    return "qa"


def test_a_create_has_the_variables_of_the_environment(
    cli: Cli, server: WireServer, qa: str, tmp_path: Path
) -> None:
    (tmp_path / "6504669999.txt").write_text("content", encoding="utf-8")
    server.script(CREATED)
    ended = cli(
        *("send", "{{service}}", "--env", qa, "-p", "{{site}}={{ contact }}"),
        *("-p", "n={{$counter}} {{{{literal}} $number", "-f", f"f={tmp_path}/{{{{number}}}}.txt"),
        *("--encoding", "multipart"),
    )
    assert (ended.code, ended.err) == (0, "")
    [request] = server.requests
    assert request.target == "/genesys/1/service/request-chat"
    assert b'name="Daly City"\r\n\r\n6504669999 in Daly City\r\n' in request.body
    assert b'name="n"\r\n\r\n1 {{literal}} $number\r\n' in request.body
    assert b'filename="6504669999.txt"' in request.body


def test_a_request_has_them_in_its_id_name_and_rows(cli: Cli, server: WireServer, qa: str) -> None:
    ended = cli("request", "{{number}}", "{{state}}", "--env", qa, "-p", "a={{number}}")
    assert ended.code == 0
    [request] = server.requests
    assert request.target == "/genesys/1/service/6504669999/agent-ready"
    assert request.body == b"a=6504669999"


def test_a_poll_waits_for_what_a_variable_says(cli: Cli, server: WireServer, qa: str) -> None:
    server.script(json_answer({"status": "waiting"}), READY)
    ended = cli(
        *("request", "a1", "status", "--env", qa, "-p", "id={{$uuid}}"),
        *("--poll", "--every", "10ms", "--until", "status={{state}}"),
    )
    assert ended.code == 0
    first, second = server.requests
    # A poll is one thing: each attempt sends the same.
    assert first.body == second.body
    assert len(first.body) == len("id=") + 36


def test_a_request_goes_to_the_node_that_is_asked_for(
    cli: Cli, server: WireServer, other: WireServer, qa: str
) -> None:
    assert cli("request", "a1", "status", "--env", qa, "--node", "node2").code == 0
    assert [one.target for one in other.requests] == ["/genesys/1/service/a1/status"]
    assert server.requests == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("send", "x", "-p", "a=1", "-p", "b={{phone}}"), "not sent.\nRow 2 (b): {{phone}} is not"),
        (("send", "{{phone}}"), "not sent. SERVICE: {{phone}} is not a variable of qa; it has: "),
        (("request", "{{phone}}", "status"), "not sent. ID: {{phone}} is not"),
        (("request", "1", "{{phone}}"), "not sent. REQUEST: {{phone}} is not"),
        (("request", "1", "x", "--poll", "--until", "s={{phone}}"), "--until: {{phone}} is not"),
        (
            ("request", "1", "x", "--poll", "--until", "s=1", "--fail-on", "s={{phone}}"),
            "--fail-on: {{phone}} is not",
        ),
        (("send", "x", "-p", "a={{loop}}"), "{{loop}} holds itself"),
        (("send", "x", "-p", "a={{$env:GMS_NOT_SET}}"), "GMS_NOT_SET is not set here"),
    ],
)
def test_what_is_unknown_stops_before_anything_is_sent(
    cli: Cli, server: WireServer, qa: str, arguments: tuple[str, ...], told: str
) -> None:
    ended = cli(*arguments, "--env", qa)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: not sent.")
    assert told in ended.err
    assert ended.err.endswith(f"{LITERAL}\n")
    assert server.requests == []


def test_without_an_environment_there_are_only_those_built_in(
    cli: Cli, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GMS_WHO", "me")
    server.script(CREATED)
    ended = cli("send", "x", "--url", server.base_url, "-p", "a={{$env:GMS_WHO}} {{{{x}} {{open")
    assert ended.code == 0
    assert server.requests[0].body == b"a=me+%7B%7Bx%7D%7D+%7B%7Bopen"
    ended = cli("send", "x", "--url", server.base_url, "-p", "a={{x}}")
    assert ended.code == 2
    assert ended.err == (
        "Error: not sent.\n"
        f"Row 1 (a): {{{{x}}}} is not a variable of {server.base_url}/genesys; it has none\n"
        f"{LITERAL}\n"
    )
    assert len(server.requests) == 1
