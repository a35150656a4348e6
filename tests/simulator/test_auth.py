from base64 import b64encode
from pathlib import Path

import pytest

from gms_console.simulator import Simulator
from tests.simulator.configured import configured
from tests.simulator.wire import JSON, SERVICE, call

SERVER, OWN = ("default", "password"), ("back", "secret")
BACK = "service.back: {{_service: callback{}}}\n"
CHAT = "service.talk: {{_service: request-chat{}}}\n"


def status(simulator: Simulator, path: str, pair: tuple[str, str] | None = None) -> int:
    headers = dict(JSON)
    if pair is not None:
        headers["Authorization"] = "Basic " + b64encode(":".join(pair).encode()).decode()
    body = '{"_customer_number": "+16504669999"}'
    return call(simulator, "POST", f"{SERVICE}/{path}", body, headers).status


def config(server: str, own: str) -> str:
    return f"server: {{{server}}}\n" + BACK.format(f", {own}") + CHAT.format(f", {own}")


@pytest.mark.parametrize(
    ("server", "own", "right", "wrong"),
    [
        # The pair of the server.
        (
            "username: default, password: password",
            "_x: 1",
            [SERVER],
            [None, ("default", "no"), ("no", "password"), ("DEFAULT", "password"), OWN],
        ),
        # The pair of the service: that of the server is refused then.
        (
            "username: default, password: password",
            "username: back, password: secret",
            [OWN],
            [None, SERVER, ("back", "password"), ("default", "secret")],
        ),
        # Mixed pairs.
        (
            "username: default",
            "password: secret",
            [("default", "secret")],
            [None, OWN, SERVER, ("", "secret")],
        ),
        (
            "username: default, password: password",
            "username: back",
            [("back", "password")],
            [SERVER],
        ),
        (
            "username: default, password: password",
            "password: secret",
            [("default", "secret")],
            [SERVER, None],
        ),
        # A name alone asks for nothing; a password alone for itself.
        ("username: default", "_x: 1", [None, SERVER], []),
        ("_x: 1", "username: back", [None, OWN], []),
        ("password: password", "_x: 1", [("anyone", "password")], [None, ("anyone", "no")]),
        ("_x: 1", "password: secret", [("anyone", "secret")], [None]),
        ("username: '', password: ''", "_x: 1", [None], []),
    ],
)
def test_each_half_is_looked_for_by_itself(
    tmp_path: Path,
    server: str,
    own: str,
    right: list[tuple[str, str] | None],
    wrong: list[tuple[str, str] | None],
) -> None:
    with configured(tmp_path, config(server, own)) as simulator:
        for path in ("callback/back", "talk"):
            assert {status(simulator, path, pair) for pair in right} == {200}
            assert {status(simulator, path, pair) for pair in wrong} <= {401}


def test_one_odd_configuration_is_an_error_of_callbacks_alone(tmp_path: Path) -> None:
    pair = ("back", "password")
    with configured(tmp_path, config("password: password", "username: back")) as simulator:
        assert status(simulator, "callback/back", pair) == 500
        assert status(simulator, "talk", pair) == 200
        assert status(simulator, "talk") == 401


def test_what_belongs_to_a_service_asks_for_its_pair(tmp_path: Path) -> None:
    text = f"""\
server: {{username: default, password: password}}
service.hold: {{_service: request-inbound-poll, username: back, password: secret}}
service.open: {{_service: hello}}
{BACK.format(", username: back, password: secret")}
"""
    with configured(tmp_path, text) as simulator:

        def asked(method: str, path: str, pair: tuple[str, str] | None) -> int:
            headers = {}
            if pair is not None:
                headers["Authorization"] = "basic " + b64encode(":".join(pair).encode()).decode()
            return call(simulator, method, path, headers=headers).status

        own = b64encode(b"back:secret").decode()
        target = f"{SERVICE}/hold"
        reply = call(simulator, "POST", target, headers={"Authorization": f"Basic {own}"})
        made = reply.json["_id"]
        for path in (f"{made}/status", f"{made}/storage"):
            assert asked("GET", f"{SERVICE}/{path}", OWN) == 200
            assert asked("GET", f"{SERVICE}/{path}", SERVER) == 401
        # The query over all services, what is unknown and the Storage API have the server's pair.
        for path in (f"{SERVICE}/callback", f"{SERVICE}/nobody/status", "/genesys/1/storage/30"):
            assert asked("GET", path, SERVER) != 401
            assert asked("GET", path, OWN) == asked("GET", path, None) == 401
        # A page is for anyone, and a wrong method is told only to whom it concerns.
        assert asked("GET", "/genesys/waitingforagent.html", None) == 200
        assert (asked("PUT", f"{SERVICE}/open", None), asked("PUT", f"{SERVICE}/open", SERVER)) == (
            401,
            405,
        )


@pytest.mark.parametrize(
    "sent", ["", "Basic", "Basic !", "Basic ZGVmYXVsdA==", "Bearer x", "Basic /w=="]
)
def test_a_refusal_tells_how_to_authenticate(tmp_path: Path, sent: str) -> None:
    text = "server: {username: default, password: password}\nservice.open: {_service: hello}\n"
    with configured(tmp_path, text) as simulator:
        reply = call(simulator, "POST", f"{SERVICE}/open", headers={"Authorization": sent})
        assert reply.status == 401
        assert reply.all("WWW-Authenticate") == ['Basic realm="Genesys Mobile Services"']
        assert list(reply.json) == ["exception", "message"]
        assert "password" not in reply.body.decode()
