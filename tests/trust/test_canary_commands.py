"""Secrets that the command line is given stand in nothing that it prints or writes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gms_console.environments.folder import save
from gms_console.environments.keeper import variable_of
from gms_console.environments.profile import Profile
from tests.support.certificates import Authority
from tests.support.wire_server import Answer as WireAnswer
from tests.support.wire_server import (
    WireRequest,
    WireServer,
    by_request,
    json_answer,
    refused_port,
    text_answer,
)
from tests.trust.canaries import Canaries
from tests.trust.commands import Commands, Done
from tests.trust.echo import echo
from tests.trust.profiles import STORED, bearer, behind_proxy, profile

TYPED = ("typed authorization", "typed api key", "typed cookie", "password row", "secureKey row")
COOKIE = "session cookie"
PASSPHRASE = "file passphrase"


@pytest.fixture
def canaries() -> Canaries:
    return Canaries(*TYPED, COOKIE)


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.fixture
def server(canaries: Canaries) -> Iterator[WireServer]:
    """A server that repeats every secret in its answers, in all forms that it knows."""
    with WireServer(echo(canaries, TYPED, COOKIE)) as running:
        yield running


def typed(canaries: Canaries) -> list[str]:
    """Give a secret in each option that takes one."""
    return [
        *("--header", f"Authorization: Bearer {canaries['typed authorization']}"),
        *("--header", f"X-Api-Key:{canaries['typed api key']}"),
        *("--header", f"Cookie: a=b; JSESSIONID={canaries.plain('typed cookie')}.node1"),
        *("-p", f"password={canaries['password row']}"),
        *("-p", f"secureKey={canaries['secureKey row']}"),
    ]


def check(canaries: Canaries, commands: Commands, done: Done) -> None:
    """Look for all secrets in what was printed and written."""
    assert canaries.found_in(done.out) == [], done.out
    assert canaries.found_in(done.err) == [], done.err
    assert canaries.found_below(commands.home, commands.temp) == {}
    assert "Traceback" not in done.err


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_create_whose_answer_repeats_all(
    canaries: Canaries, commands: Commands, server: WireServer, output: str, method: str
) -> None:
    options = ["--url", server.base_url, "--format", output, "--method", method]
    begin = commands.start if method == "POST" else commands.run
    done = begin("send", "request-interaction", *options, *typed(canaries))
    assert done.code == 0
    assert set(canaries.found_in(server.requests[0].raw)) == set(TYPED)
    assert "instance-1" in done.out
    assert "***" in done.out
    check(canaries, commands, done)


@pytest.mark.parametrize("output", ["text", "json"])
def test_a_poll(canaries: Canaries, commands: Commands, server: WireServer, output: str) -> None:
    poll = ["--poll", "--every", "20ms", "--within", "5s", "--until", "status=waiting"]
    options = ["--url", server.base_url, "--format", output, *poll]
    done = commands.run("request", "instance-1", "status", *options, *typed(canaries))
    assert done.code == 0
    check(canaries, commands, done)


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("status", [401, 302])
def test_a_refusal_that_repeats_all(
    canaries: Canaries, commands: Commands, output: str, status: int
) -> None:
    said = " ".join(canaries[name] for name in TYPED)
    error = {"exception": said, "message": said, "phrase": said, "code": said}
    cookie = f"JSESSIONID={canaries.plain(COOKIE)}; Path=/"
    headers = [("Set-Cookie", cookie), ("WWW-Authenticate", 'Basic realm="GMS"')]
    with WireServer(json_answer(error, status, headers=headers)) as server:
        options = ["--url", server.base_url, "--format", output]
        done = commands.run("send", "request-interaction", *options, *typed(canaries))
    assert done.code == 1
    check(canaries, commands, done)


@pytest.mark.parametrize("output", ["text", "json"])
def test_no_connection_and_no_tls(
    canaries: Canaries, commands: Commands, server: WireServer, output: str
) -> None:
    with refused_port() as port:
        options = ["--url", f"http://127.0.0.1:{port}", "--format", output]
        done = commands.run("send", "request-interaction", *options, *typed(canaries))
    assert done.code == 3
    check(canaries, commands, done)
    with WireServer() as plain:
        options = ["--url", f"https://127.0.0.1:{plain.port}", "--format", output]
        options += ["--timeout", "300ms"]
        done = commands.run("send", "request-interaction", *options, *typed(canaries))
        plain.problems.clear()  # it was sent the start of TLS
    assert done.code == 3
    check(canaries, commands, done)


@pytest.mark.parametrize(
    "broken",
    [
        ["--header", "Authorization: {secret}\r\nX: y"],
        ["--header", "Authorization {secret}"],
        ["--header", "Authorization: \u20ac{secret}"],
        ["--url", "http://user:{secret}@127.0.0.1/"],
    ],
)
def test_wrong_usage_does_not_repeat_it(
    canaries: Canaries, commands: Commands, broken: list[str]
) -> None:
    secret = canaries["typed authorization"]
    options = ["--url", "http://127.0.0.1:1", *(one.format(secret=secret) for one in broken)]
    done = commands.run("send", "request-interaction", *options)
    assert done.code == 2
    check(canaries, commands, done)


# --- environments ----------------------------------------------------------------------------


@pytest.fixture
def stored() -> Canaries:
    return Canaries(*STORED, COOKIE, PASSPHRASE)


@pytest.fixture
def named(stored: Canaries, tmp_path: Path) -> Commands:
    """The command with the values of all secrets in variables."""
    return Commands(tmp_path, {variable_of(name): stored[name] for name in STORED})


def keep(commands: Commands, one: Profile) -> None:
    """Write the file of an environment."""
    save(commands.home / "environments", one)


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("change", [lambda one: one, bearer], ids=["basic", "bearer"])
def test_an_environment_whose_server_repeats_all(
    stored: Canaries, named: Commands, output: str, change: Callable[[Profile], Profile]
) -> None:
    # A server can repeat what it was told or could know; not the secrets of other environments.
    names = change(profile("http://127.0.0.1:1")).secret_names
    with WireServer(echo(stored, names, COOKIE)) as server:
        keep(named, change(profile(server.base_url)))
        options = ["--env", "qa", "--format", output]
        poll = ["--poll", "--every", "20ms", "--within", "5s", "--until", "status=waiting"]
        for service in ("request-interaction", "callback/callme"):
            begin = named.start if output == "json" else named.run
            done = begin("send", service, *options)
            assert done.code == 0
            check(stored, named, done)
        done = named.run("request", "i", "status", "--service", "callme", *options, *poll)
        assert done.code == 0
        check(stored, named, done)
        came = [set(stored.found_in(one.raw)) for one in server.requests]
    assert len(came) == 3
    always = {"api key", "header of the store"}
    if change is bearer:
        assert came == [always | {"bearer"}] * 3
    else:
        own = always | {"service password"}
        assert came == [always | {"server password"}, own, own]


@pytest.mark.parametrize("output", ["text", "json"])
def test_what_fails_in_an_environment(stored: Canaries, named: Commands, output: str) -> None:
    said = " ".join(stored[name] for name in profile("http://127.0.0.1:1").secret_names)
    options = ["send", "request-interaction", "--env", "qa", "--format", output]
    refusal = json_answer({"message": said}, 401, headers=[("WWW-Authenticate", "Basic")])
    with WireServer(refusal) as server, refused_port() as nobody:
        keep(named, profile(server.base_url))
        codes = [(done := named.run(*options)).code]
        check(stored, named, done)
        (named.home / "environments" / "qa.yaml").unlink()
        keep(named, profile(f"http://127.0.0.1:{nobody}"))
        codes.append((done := named.run(*options)).code)
        check(stored, named, done)
        (named.home / "environments" / "qa.yaml").unlink()
        keep(named, behind_proxy(profile(server.base_url), f"http://127.0.0.1:{nobody}"))
        codes.append((done := named.start(*options)).code)
        check(stored, named, done)
    assert codes == [1, 3, 3]


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_repeats_what_it_was_given(
    stored: Canaries, named: Commands, output: str, scheme: str
) -> None:
    def answer(request: WireRequest) -> WireAnswer:
        page = f"<h1>407</h1>{request.raw.decode('latin-1')} {stored['proxy password']}"
        headers = [("Content-Type", "text/html"), ("Proxy-Authenticate", "Basic realm=x")]
        return text_answer(page, 407, headers=headers)

    with WireServer(by_request(answer)) as proxy:
        one = profile(f"{scheme}://gms.invalid/genesys")
        keep(named, behind_proxy(one, proxy.base_url))
        done = named.run("send", "request-interaction", "--env", "qa", "--format", output)
        first = stored.found_in(proxy.requests[0].raw)
        proxy.problems.clear()
    assert "proxy password" in first
    assert done.code in {1, 3}
    check(stored, named, done)


@pytest.mark.parametrize("right", [True, False])
def test_a_client_key_and_its_passphrase(
    stored: Canaries, named: Commands, tmp_path: Path, right: bool
) -> None:
    pair = Authority(tmp_path).issue()
    locked = pair.locked(stored["key passphrase"] if right else "another one")
    tls = {
        "certificate": str(pair.certificate),
        "key": str(locked),
        "passphrase": {"secret": "key passphrase"},
    }
    with WireServer(tls=pair.files) as server:
        keep(named, profile(server.base_url, tls=tls))
        done = named.run("send", "request-interaction", "--env", "qa", "--format", "json")
    assert done.code in {3, 5}  # nobody knows the authority; a key that does not open is a file
    check(stored, named, done)


def test_showing_an_environment(stored: Canaries, named: Commands) -> None:
    keep(named, behind_proxy(profile("http://127.0.0.1:1"), "http://127.0.0.1:2"))
    for arguments in (["list"], ["show", "qa"], ["show", "qa", "--format", "json"]):
        done = named.run("env", *arguments)
        assert done.code == 0
        assert "qa" in done.out
        check(stored, named, done)


def test_a_secret_that_no_header_can_carry(stored: Canaries, named: Commands) -> None:
    keep(named, profile("http://127.0.0.1:1"))
    named.variables[variable_of("api key")] = f"{stored['api key']}\r\nX-More: 1"
    done = named.run("send", "request-interaction", "--env", "qa")
    assert done.code == 2
    check(stored, named, done)


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_secrets_typed_on_a_terminal(stored: Canaries, tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    name = "server password"
    new = {
        "in an encrypted file?": "y",
        "New passphrase": stored[PASSPHRASE],
        "Repeat for confirmation": stored[PASSPHRASE],
        f"Value of {name}": stored[name],
    }
    done = commands.answer("env", "set-secret", name, answers=new)
    assert done.code == 0
    check(stored, commands, done)
    only = {"user": "admin", "password": {"secret": name}}
    with WireServer(echo(stored, STORED[:1], COOKIE)) as server:
        keep(commands, profile(server.base_url, headers=[], tls={}, credentials=only))
        asked = {"Passphrase of": "a wrong guess", "Passphrase of ": stored[PASSPHRASE]}
        send = ["send", "request-interaction", "--env", "qa"]
        done = commands.answer(*send, answers=asked)
        assert done.code == 0
        assert name in stored.found_in(server.requests[0].raw)
    check(stored, commands, done)
