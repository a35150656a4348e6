"""Named environments on the command line: which are there, their secrets, and what they send."""

import json
import os
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked

from gms_console.workspace import Workspace, save_workspace
from tests.cli.conftest import COMMAND, Cli, Ended, Start, finish
from tests.engine.profiles import FULL, put
from tests.support.wire_server import WireServer, hold, json_answer

posix = pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
PASSWORD = "s3cr3t-of-qa"


class MemoryKeychain(KeyringBackend):
    """A keychain that holds what it is given, in this process alone."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("it is locked")
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("it is locked")
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture(autouse=True)
def keychain(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeychain]:
    for name in [name for name in os.environ if name.startswith("GMS_CONSOLE_SECRET_")]:
        monkeypatch.delenv(name)
    before = keyring.get_keyring()
    chain = MemoryKeychain()
    keyring.set_keyring(chain)
    yield chain
    keyring.set_keyring(before)


@pytest.fixture
def no_keychain(keychain: MemoryKeychain, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server without a desktop; commands that run as processes have none either."""
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture
def home() -> Path:
    return Path(os.environ["GMS_CONSOLE_HOME"])


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "environments"


def text_of(*urls: str, name: str = "qa", more: str = "") -> str:
    nodes = "".join(f"  - {{name: node{n}, url: {url}}}\n" for n, url in enumerate(urls, 1))
    return f"name: {name}\nnodes:\n{nodes}{more}"


WITH_SECRETS = """\
headers:
  - {name: ContactCenterId, value: "4711"}
  - {name: apikey, secret: qa key}
gms_user: tester
credentials:
  user: default
  password: {secret: qa-password}
  services:
    request-chat: {user: chat}
"""


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


# --- sending -------------------------------------------------------------------------------------


def test_a_send_has_all_that_the_environment_says(
    cli: Cli, server: WireServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "qa.yaml", text_of(server.url(), more=WITH_SECRETS + "api_version: 2\n"))
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_PASSWORD", PASSWORD)
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_KEY", "k-1234")
    # Ignored, as an environment is named; it does not even have to be a URL.
    monkeypatch.setenv("GMS_CONSOLE_URL", "ftp://nowhere")
    server.script(json_answer({"_id": "7", "echo": PASSWORD}))
    ended = cli("send", "request-interaction", "--env", "qa", "--format", "json")
    [request] = server.requests
    assert request.target == "/genesys/2/service/request-interaction"
    assert request.values("authorization") == [basic("default", PASSWORD)]
    assert request.values("apikey") == ["k-1234"]
    assert request.values("contactcenterid") == ["4711"]
    assert request.values("gms_user") == ["tester"]
    assert PASSWORD not in ended.out + ended.err
    assert "k-1234" not in ended.out
    assert ended.code == 0


def test_a_service_has_its_own_user_and_the_password_of_the_server(
    cli: Cli, server: WireServer, folder: Path, keychain: MemoryKeychain
) -> None:
    put(folder, "qa.yaml", text_of(server.url(), more=WITH_SECRETS))
    keychain.held = {
        ("gms-console", "qa-password"): PASSWORD,
        ("gms-console", "qa key"): "k-1234",
    }
    assert cli("send", "request-chat", "--env", "qa").code == 0
    assert cli("request", "7", "status", "--env", "qa").code == 0
    assert cli("request", "7", "status", "--env", "qa", "--service", "request-chat").code == 0
    pairs = [request.values("authorization")[0] for request in server.requests]
    assert pairs == [basic(user, PASSWORD) for user in ("chat", "default", "chat")]


def test_options_change_the_environment_for_this_call(
    cli: Cli, server: WireServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "qa.yaml", text_of(server.url(), more=WITH_SECRETS))
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_PASSWORD", PASSWORD)
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_KEY", "k-1234")
    given = ["--header", "contactcenterid: 1", "--header", "X-A: 2", "--header", "APIKEY: other"]
    ended = cli("send", "s", "--env", "qa", "--format", "json", *given)
    [request] = server.requests
    assert request.values("contactcenterid") == ["1"]
    assert request.values("apikey") == ["other"]
    assert request.values("x-a") == ["2"]
    assert ["APIKEY", "***"] in ended.json["request"]["headers"]


def test_the_timeout_is_the_environments_unless_given(
    cli: Cli, folder: Path, server: WireServer
) -> None:
    put(folder, "qa.yaml", text_of(server.url(), more="timeouts: {read: 100ms}\n"))
    server.script(hold(), hold())
    ended = cli("send", "s", "--env", "qa", "--format", "json")
    assert ended.json["error"]["message"] == "No answer within 0.1 s"
    ended = cli("send", "s", "--env", "qa", "--format", "json", "--timeout", "200ms")
    assert ended.json["error"]["message"] == "No answer within 0.2 s"


def test_a_node_is_picked_by_its_name(cli: Cli, server: WireServer, folder: Path) -> None:
    with WireServer() as second:
        put(folder, "qa.yaml", text_of(server.url(), second.url("/gms")))
        assert cli("send", "s", "--env", "qa").code == 0
        assert cli("request", "7", "status", "--env", "qa", "--node", "node2").code == 0
        assert [one.target for one in second.requests] == ["/gms/1/service/7/status"]
    assert len(server.requests) == 1
    ended = cli("send", "s", "--env", "qa", "--node", "node3")
    assert (ended.code, ended.out) == (2, "")
    assert "qa has no node node3; it has: node1, node2." in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--env", "qa", "--url", "http://127.0.0.1:1"], "--env and --url exclude each other"),
        (["--url", "http://127.0.0.1:1", "--node", "a"], "give --env too"),
        (["--env", "QA"], "There is no environment QA. There are: qa."),
        (["--env", ""], "There is no environment . There are: qa."),
    ],
)
def test_what_names_no_place_ends_with_2(
    cli: Cli, server: WireServer, folder: Path, arguments: list[str], said: str
) -> None:
    put(folder, "qa.yaml", text_of(server.url()))
    ended = cli("send", "s", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert server.connections == 0


def test_the_folder_is_the_one_that_the_workspace_names(
    cli: Cli, server: WireServer, home: Path, tmp_path: Path
) -> None:
    put(tmp_path / "checkout", "team.yml", text_of(server.url(), name="team"))
    save_workspace(home, Workspace(environments_folder=str(tmp_path / "checkout")))
    assert cli("send", "s", "--env", "team").code == 0
    (home / "workspace.json").write_text("{")
    ended = cli("send", "s", "--env", "team")
    assert ended.code == 2
    assert "The folder of environments is not known." in ended.err
    assert len(server.requests) == 1


def test_a_broken_file_stands_in_the_way_of_no_other(
    cli: Cli, server: WireServer, folder: Path
) -> None:
    put(folder, "qa.yaml", text_of(server.url()))
    put(folder, "prod.yaml", text_of(server.url(), name="prod", more="guard: closed\n"))
    put(folder, "x.yaml", text_of(server.url(), name="test", more="credentials: {password: pw}\n"))
    assert cli("send", "s", "--env", "qa").code == 0
    for name, said in (
        ("prod", "prod.yaml, line 4, column 1, guard: found 'closed', expected 'open'"),
        ("test", "x.yaml, line 4, column 15, credentials.password: is written out here"),
    ):
        ended = cli("send", "s", "--env", name)
        assert (ended.code, ended.out) == (2, "")
        assert f"Error: {name} cannot be used. {said}" in ended.err
    assert "Left out: prod.yaml" in cli("send", "s", "--env", "other").err
    assert len(server.requests) == 1


# --- secrets -------------------------------------------------------------------------------------


def test_a_missing_secret_is_named_with_how_to_set_it(
    cli: Cli, server: WireServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "qa.yaml", text_of(server.url(), more=WITH_SECRETS))
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_PASSWORD", PASSWORD)
    ended = cli("send", "s", "--env", "qa")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "Error: not sent. The value of qa key is not known.\n"
        'Set it with: gms-console env set-secret "qa key"\n'
        "or give it in the variable GMS_CONSOLE_SECRET_QA_KEY.\n"
    )
    assert server.connections == 0


def test_a_secret_that_no_header_can_carry_is_not_repeated(
    cli: Cli, server: WireServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "qa.yaml", text_of(server.url(), more="headers: [{name: apikey, secret: k}]\n"))
    monkeypatch.setenv("GMS_CONSOLE_SECRET_K", f"{PASSWORD}\nX: y")
    ended = cli("send", "s", "--env", "qa")
    assert ended.code == 2
    assert "qa cannot be used: apikey holds a line break" in ended.err
    assert PASSWORD not in ended.err
    assert server.connections == 0


def test_a_locked_keychain_ends_with_2(
    cli: Cli, server: WireServer, folder: Path, keychain: MemoryKeychain
) -> None:
    put(folder, "qa.yaml", text_of(server.url(), more=WITH_SECRETS))
    keychain.locked = True
    ended = cli("send", "s", "--env", "qa")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: not sent. ")
    assert server.connections == 0


def test_a_secret_is_kept_from_one_line_of_standard_input(
    cli: Cli,
    folder: Path,
    keychain: MemoryKeychain,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for given, value in ((b"p w\r\nnext\n", "p w"), (b" no end", " no end"), (b"\n", None)):
        file = tmp_path / "line"
        file.write_bytes(given)
        with file.open(newline="") as stream:
            monkeypatch.setattr("sys.stdin", stream)
            ended = cli("env", "set-secret", "qa-password")
        if value is None:
            assert ended.code == 2
            assert "no value; expected one line" in ended.err
            continue
        assert keychain.held == {("gms-console", "qa-password"): value}
        assert ended.out.startswith("qa-password is kept in the keychain of this system (")
        assert value not in ended.out + ended.err
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_PASSWORD", "x")
    file.write_bytes(b"again\n")
    with file.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        ended = cli("env", "set-secret", "qa-password")
    assert "GMS_CONSOLE_SECRET_QA_PASSWORD is set, and is used in its place" in ended.err


def test_the_value_is_never_taken_from_the_command_line(cli: Cli) -> None:
    ended = cli("env", "set-secret", "qa-password", PASSWORD)
    assert ended.code == 2
    assert cli("env", "set-secret", " ").code == 2


@pytest.mark.usefixtures("no_keychain")
def test_without_keychain_and_terminal_nothing_is_kept_and_it_is_said(
    start: Start, home: Path
) -> None:
    process = start("env", "set-secret", "qa-password", stdin=subprocess.PIPE)
    out, err = process.communicate(f"{PASSWORD}\n", timeout=20)
    assert (process.returncode, out) == (2, "")
    assert "qa-password was not kept. " in err
    assert "GMS_CONSOLE_SECRET_QA_PASSWORD" in err
    assert not (home / "secrets.enc").exists()


class Terminal:
    """A command on a terminal of its own: what it asks is read, what a person types is written."""

    def __init__(self, start: Start, *arguments: object) -> None:
        self._reader, terminal = os.openpty()
        self.seen = ""
        self.process = start(*arguments, stdin=terminal, stderr=terminal, start_new_session=True)
        os.close(terminal)

    def type(self, asked: str, answer: str) -> None:
        """Wait for a question and answer it."""
        begin = len(self.seen)
        while asked not in self.seen[begin:]:
            self.seen += os.read(self._reader, 1000).decode()
        os.write(self._reader, f"{answer}\n".encode())

    def end(self) -> Ended:
        """Wait for the end; `err` is all that the terminal showed."""
        ended = finish(self.process)
        try:
            while piece := os.read(self._reader, 1000):
                self.seen += piece.decode()
        except OSError:
            pass  # the other end is closed
        os.close(self._reader)
        return Ended(ended.code, ended.out, self.seen)


@posix
@pytest.mark.usefixtures("no_keychain")
def test_on_a_terminal_an_encrypted_file_is_made_and_unlocked(
    start: Start, home: Path, folder: Path, server: WireServer
) -> None:
    more = "credentials: {user: me, password: {secret: qa-password}}\n"
    put(folder, "qa.yaml", text_of(server.url(), more=more))
    asked = Terminal(start, "env", "set-secret", "qa-password")
    asked.type("Keep secrets in an encrypted file? [y/N]", "y")
    asked.type("New passphrase", "correct horse")
    asked.type("Repeat for confirmation", "correct horse")
    asked.type("Value of qa-password", PASSWORD)
    ended = asked.end()
    assert ended.code == 0
    assert "qa-password is kept in the encrypted file" in ended.out
    assert PASSWORD not in ended.err + ended.out
    assert "horse" not in ended.err

    locked = finish(start("send", "s", "--env", "qa"))
    assert locked.code == 2
    assert "is locked, and there is no terminal to ask for its passphrase" in locked.err
    assert "GMS_CONSOLE_SECRET_QA_PASSWORD" in locked.err
    shown = finish(start("env", "show", "qa", "--format", "json"))
    assert shown.json["secrets"] == [{"name": "qa-password", "known": None}]

    sent = Terminal(start, "send", "s", "--env", "qa")
    sent.type("Passphrase of the encrypted file", "wrong")
    sent.type("Passphrase of the encrypted file", "correct horse")
    assert sent.end().code == 0
    assert [one.values("authorization") for one in server.requests] == [[basic("me", PASSWORD)]]
    assert PASSWORD not in (home / "secrets.enc").read_text("utf-8")


# --- the guard -----------------------------------------------------------------------------------


def test_read_only_lets_status_out_and_no_create(
    cli: Cli, server: WireServer, folder: Path
) -> None:
    put(folder, "prod.yaml", text_of(server.url(), name="prod", more="guard: read-only\n"))
    for arguments in (
        ["send", "s", "--yes"],
        ["send", "office-hours", "--method", "GET"],
        ["request", "7", "cancel"],
        ["request", "7", "cancel", "--method", "GET"],
    ):
        ended = cli(*arguments, "--env", "prod")
        assert (ended.code, ended.out) == (2, "")
        assert "Error: not sent. prod is read-only" in ended.err
    poll = ["--poll", "--until", "status=x"]
    assert cli("request", "7", "cancel", "--env", "prod", *poll).code == 2
    assert server.connections == 0
    assert cli("request", "7", "status", "--env", "prod").code == 0


@pytest.mark.parametrize("guard", ["confirm-first", "confirm-every"])
def test_without_a_terminal_a_create_is_confirmed_by_an_option(
    cli: Cli, server: WireServer, folder: Path, guard: str
) -> None:
    put(folder, "prod.yaml", text_of(server.url(), name="prod", more=f"guard: {guard}\n"))
    ended = cli("send", "s", "--env", "prod")
    assert (ended.code, ended.out) == (2, "")
    assert "Give --yes to confirm it." in ended.err
    assert server.connections == 0
    assert cli("send", "s", "--env", "prod", "--yes").code == 0
    assert cli("request", "7", "cancel", "--env", "prod").code == 0


@posix
@pytest.mark.parametrize(
    ("guard", "asked", "answer", "code"),
    [
        ("confirm-first", "Create s in prod? Asked once in each start. [y/N]", "y", 0),
        ("confirm-first", "Create s in prod?", "", 2),
        ("confirm-every", "Create s in prod? Type its name to confirm.", "prod", 0),
        ("confirm-every", "Create s in prod?", "yes", 2),
    ],
)
def test_on_a_terminal_a_create_is_asked_about(
    start: Start, server: WireServer, folder: Path, guard: str, asked: str, answer: str, code: int
) -> None:
    put(folder, "prod.yaml", text_of(server.url(), name="prod", more=f"guard: {guard}\n"))
    person = Terminal(start, "send", "s", "--env", "prod")
    person.type(asked, answer)
    ended = person.end()
    assert ended.code == code
    assert len(server.requests) == (1 if code == 0 else 0)
    assert ("not confirmed" in ended.err) == (code == 2)


# --- listing and showing -------------------------------------------------------------------------


def test_list(cli: Cli, folder: Path) -> None:
    ended = cli("env", "list")
    assert (ended.code, ended.out, ended.err) == (0, "", "There are no environments yet.\n")
    put(folder, "qa.yaml", FULL)
    put(folder, "local.yaml", text_of("localhost", name="a local one"))
    put(folder, "broken.yaml", "name: [\n")
    ended = cli("env", "list")
    assert ended.out == (
        "a local one  open           1 node   http://localhost/genesys\n"
        "qa           confirm-first  2 nodes  http://127.0.0.1:8080/genesys\n"
    )
    assert ended.err.startswith("Left out: broken.yaml, line 2, column 1: ")
    assert ended.code == 0
    data = cli("env", "list", "--format", "json").json
    assert [one["name"] for one in data["environments"]] == ["a local one", "qa"]
    assert data["environments"][1]["nodes"][0] == {
        "name": "node1",
        "url": "http://127.0.0.1:8080/genesys",
        "worker": "w1",
    }
    assert len(data["mistakes"]) == 1


def test_show_has_all_settings_and_no_secret(
    cli: Cli, folder: Path, keychain: MemoryKeychain
) -> None:
    file = put(folder, "qa.yaml", FULL)
    keychain.held = {("gms-console", "qa-password"): PASSWORD}
    ended = cli("env", "show", "qa")
    lines = ended.out.splitlines()
    assert lines[0] == f"# {file}"
    assert {
        "name: qa",
        "  read: 20s",
        "max_body: 256 MiB",
        "  password: {secret: qa-password}",
    } <= {*lines}
    assert "# qa-password: known" in lines
    assert "# qa-apikey: not known" in lines
    assert PASSWORD not in ended.out
    data = cli("env", "show", "qa", "--format", "json").json
    assert data["credentials"]["password"] == {"secret": "qa-password"}
    assert data["timeouts"] == {"connect": "5s", "read": "20s", "total": None}
    assert data["secrets"] == [
        {"name": "qa-apikey", "known": False},
        {"name": "qa-password", "known": True},
        {"name": "qa-callme", "known": False},
    ]
    assert PASSWORD not in json.dumps(data)
    assert cli("env", "show", "nothing").code == 2


def test_show_without_secrets_asks_no_keychain(
    cli: Cli, folder: Path, keychain: MemoryKeychain
) -> None:
    put(folder, "qa.yaml", text_of("localhost"))
    keychain.locked = True
    data = cli("env", "show", "qa", "--format", "json").json
    assert (data["secrets"], data["secrets_kept_in"]) == ([], None)


def test_the_command_is_there_as_a_process(start: Start, folder: Path) -> None:
    put(folder, "qa.yaml", text_of("localhost"))
    assert COMMAND[-1] == "gms_console"
    ended = finish(start("env", "list"))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "qa  open  1 node  http://localhost/genesys\n"
