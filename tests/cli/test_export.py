"""`gms-console export`: what it writes, what it says, and how it ends."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Start, finish
from tests.engine.exports import carry_out, gms
from tests.support.wire_server import WireServer

FLOW = """\
gms: 1
name: Ask and cancel
vars: {phone: "1"}
steps:
  - create: request-interaction
    form: {phone: "{{phone}}"}
    expect: [{http: 200}]
  - poll: status
    every: 10ms
    until: {path: status, equals: ready}
  - request: cancel
"""

PROFILE = """\
name: qa
nodes:
  - {name: a, url: "URL"}
credentials: {user: tester, password: {secret: qa-password}}
headers:
  - {name: X-Api-Key, secret: qa-key}
variables: {site: "42", api_token: "not-to-be-seen"}
"""


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    file = tmp_path / "flow.yaml"
    file.write_text(FLOW, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("to", "command"),
    [
        ("curl", ["bash", "out"]),
        ("httpx", [sys.executable, "out"]),
    ],
)
def test_what_is_written_runs(
    server: WireServer, flow: Path, start: Start, to: str, command: list[str]
) -> None:
    done = finish(start("export", flow, "--to", to, "--url", server.base_url, "--var", "phone=7"))
    assert (done.code, done.err) == (0, "")
    (flow.parent / "out").write_text(done.out, encoding="utf-8")
    server.default = gms("waiting", "ready")
    ended = carry_out(command, flow.parent)
    assert ended.returncode == 0, ended.stderr
    assert server.requests[0].body == b"phone=7"
    assert server.requests[-1].target.endswith("/cancel")


@pytest.mark.parametrize("shell", ["bash", "cmd", "powershell"])
def test_curl_for_each_shell(cli: Cli, flow: Path, shell: str) -> None:
    done = cli("export", flow, "--to", "curl", "--shell", shell, "--url", "http://gms.example")
    assert done.code == 0
    starts = {"bash": "#!/usr/bin/env bash", "cmd": "@echo off", "powershell": "# Ask and cancel"}
    assert done.out.startswith(starts[shell])
    said = done.err.splitlines()
    assert all(one.startswith("Not carried over: ") for one in said)
    assert bool(said) is (shell == "cmd")


def test_to_a_file_which_is_not_replaced_unasked(cli: Cli, flow: Path) -> None:
    output = flow.parent / "flow.json"
    arguments = ("export", flow, "--to", "postman", "--output", output)
    done = cli(*arguments)
    assert (done.code, done.out) == (0, "")
    assert json.loads(output.read_text())["info"]["name"] == "Ask and cancel"
    again = cli(*arguments)
    assert again.code == 2
    assert "--force" in again.err
    assert cli(*arguments, "--force").code == 0


@pytest.mark.parametrize("to", ["curl", "httpx", "locust", "postman"])
@pytest.mark.parametrize("shell", ["bash", "cmd", "powershell"])
def test_no_secret_of_an_environment_is_read_or_written(
    cli: Cli, flow: Path, to: str, shell: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if shell != "bash" and to != "curl":
        return
    folder = tmp_path / "home" / "environments"
    folder.mkdir(parents=True)
    text = PROFILE.replace("URL", "http://gms.example/genesys")
    (folder / "qa.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_PASSWORD", "hunter2-canary")
    source = flow.read_text().replace('"{{phone}}"', '"{{phone}} {{api_token}}"')
    flow.write_text(f"{source}    form: {{password: typed-canary}}\n")
    more = ["--shell", shell] if to == "curl" else []
    done = cli("export", flow, "--to", to, "--env", "qa", *more)
    assert done.code == 0, done.err
    assert "http://gms.example" in done.out
    for secret in ("hunter2-canary", "not-to-be-seen", "typed-canary", "the-secret-"):
        assert secret not in done.out + done.err
    for name in ("GMS_PASSWORD", "GMS_HEADER_X_API_KEY", "GMS_API_TOKEN"):
        assert name in done.out


def test_secrets_come_from_the_environment_of_the_script(
    server: WireServer, cli: Cli, flow: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / "environments"
    folder.mkdir(parents=True)
    (folder / "qa.yaml").write_text(PROFILE.replace("URL", f"{server.base_url}/genesys"))
    server.default = gms("ready")
    given = {"GMS_PASSWORD": "s3cret ü", "GMS_HEADER_X_API_KEY": "k$y"}
    for to, command in (("curl", "bash"), ("httpx", sys.executable)):
        (tmp_path / "out").write_text(cli("export", flow, "--to", to, "--env", "qa").out)
        without = carry_out([command, "out"], tmp_path)
        assert without.returncode != 0
        assert "GMS_" in without.stderr
        done = carry_out([command, "out"], tmp_path, env=given)
        assert done.returncode == 0, done.stderr
    first, second = (one for one in server.requests if one.target.endswith("request-interaction"))
    assert first.values("authorization") == second.values("authorization")
    assert first.values("x-api-key") == second.values("x-api-key") == ["k$y"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("gone.yaml", "--to", "curl"), 5, "gone.yaml: No such file"),
        (("wrong.yaml", "--to", "curl"), 2, "wrong.yaml:2:"),
        (("lost.yaml", "--to", "curl"), 2, "found no instance"),
        (("round.yaml", "--to", "curl"), 2, "{{a}} holds itself"),
        (("flow.yaml", "--to", "httpx", "--shell", "cmd"), 2, "--shell is for curl"),
        (("flow.yaml", "--to", "curl", "--env", "none"), 2, "no environment none"),
        (("flow.yaml", "--to", "curl", "--node", "a"), 2, "--env"),
        (("flow.yaml", "--to", "perl"), 2, "perl"),
        (("flow.yaml",), 2, "--to"),
    ],
)
def test_how_it_ends(
    cli: Cli,
    flow: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(flow.parent)
    (flow.parent / "wrong.yaml").write_text("gms: 1\nsteps: [{creat: x}]\n")
    (flow.parent / "lost.yaml").write_text("gms: 1\nsteps: [{request: x}]\n")
    own = 'gms: 1\nvars: {a: "{{a}}"}\nsteps: [{create: "{{a}}"}]\n'
    (flow.parent / "round.yaml").write_text(own)
    done = cli("export", *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


WITH_FILE = """\
gms: 1
steps:
  - create: x
    form:
      - {key: a, file: pictures/a.bin}
      - {key: b, file: FOLDER/pictures/a.bin}
"""


@pytest.mark.parametrize(("to", "program"), [("curl", "bash"), ("httpx", sys.executable)])
@pytest.mark.parametrize("place", ["beside", "elsewhere", "moved", "said"])
def test_files_are_found_from_where_the_script_lies(
    server: WireServer, cli: Cli, tmp_path: Path, to: str, program: str, place: str
) -> None:
    flows = tmp_path / "flows $x"
    (flows / "pictures").mkdir(parents=True)
    (flows / "pictures" / "a.bin").write_bytes(b"contents")
    (flows / "flow.yaml").write_text(WITH_FILE.replace("FOLDER", str(flows)))
    server.default = gms("ready")
    output = (tmp_path / "out" / "of" if place == "elsewhere" else flows) / "script"
    done = cli(
        "export", flows / "flow.yaml", "--to", to, "--url", server.base_url, "--output", output
    )
    assert done.code == 0, done.err
    assert str(tmp_path) not in output.read_text()
    env = {}
    if place == "moved":
        output = flows.rename(tmp_path / "other machine") / "script"
    elif place == "said":
        env["GMS_FOLDER"] = str(flows)
        output = output.rename(tmp_path / "script")
    ended = carry_out([program, str(output)], tmp_path, env=env)
    assert ended.returncode == 0, ended.stderr
    assert server.requests[0].body.count(b"contents") == 2


def test_the_variable_for_the_place_is_heeded(
    cli: Cli, flow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GMS_CONSOLE_URL", "http://gms.example:81")
    done = cli("export", flow, "--to", "curl")
    assert (done.code, done.err) == (0, "")
    assert "http://gms.example:81/genesys" in done.out
    given = cli("export", flow, "--to", "curl", "--url", "http://other.example")
    assert "gms.example" not in given.out
    monkeypatch.setenv("GMS_CONSOLE_URL", "ftp://x")
    assert cli("export", flow, "--to", "curl").code == 2


@pytest.mark.parametrize(("to", "program"), [("curl", "bash"), ("httpx", sys.executable)])
def test_without_a_place_the_script_has_to_be_told(
    server: WireServer, cli: Cli, flow: Path, to: str, program: str
) -> None:
    output = flow.parent / "script"
    done = cli("export", flow, "--to", to, "--output", output)
    assert "Nothing says where to send: set BASE" in done.err
    assert "localhost" not in output.read_text()
    ended = carry_out([program, "script"], flow.parent)
    assert ended.returncode == 2
    assert "BASE" in ended.stderr
    server.default = gms("ready")
    env = {"BASE": f"{server.base_url}/genesys"}
    assert carry_out([program, "script"], flow.parent, env=env).returncode == 0
