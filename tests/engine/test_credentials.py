"""Credentials by the precedence of GMS: user and password are resolved apart (domain 1.8)."""

from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gms_console.client.client import GmsClient
from gms_console.environments.profile_file import read_profile
from gms_console.environments.resolve import resolve
from gms_console.model.credentials import Credentials, Login
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Operation, OperationKind
from gms_console.wire.request import prepare_create, prepare_request
from tests.engine.helpers import send
from tests.engine.profiles import put
from tests.support.wire_server import Answer, WireRequest, WireServer, by_request, json_answer

Pair = tuple[str | None, str | None]

SECRETS = {"server": "server-pw", "service": "service-pw", "other": "other-pw", "token": "t0ken"}


def gms(server: Pair, service: Pair) -> Answer:
    """A GMS whose sections have these options; every service but storage is `request-chat`."""

    def answer(request: WireRequest) -> Answer:
        own: Pair = (None, None) if "/storage" in request.target else service
        user = own[0] if own[0] is not None else server[0]
        password = own[1] if own[1] is not None else server[1]
        if password is None:
            return json_answer({"_id": "7"})
        given = request.values("authorization")
        right = given == [f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"]
        return json_answer({"_id": "7"}) if user is not None and right else json_answer({}, 401)

    return by_request(answer)


def file_text(url: str, server: Pair, service: Pair) -> str:
    own = "\n".join(f"      {line}" for line in login_lines(service, "service"))
    return (
        f"name: qa\nnodes: [{{name: a, url: '{url}'}}]\ncredentials:\n  bearer: null\n"
        + "".join(f"  {line}\n" for line in login_lines(server, "server"))
        + (f"  services:\n    request-chat:\n{own}\n" if own else "")
    )


def login_lines(pair: Pair, secret: str) -> list[str]:
    user, password = pair
    return [
        *([f"user: {user}"] if user else []),
        *([f"password: {{secret: {secret}}}"] if password else []),
    ]


def environment_of(
    folder: Path, server: WireServer, of_server: Pair, of_service: Pair
) -> Environment:
    text = file_text(server.url(), of_server, of_service)
    return resolve(read_profile(put(folder, "qa.yaml", text)), SECRETS)


NONE: Pair = (None, None)
SERVER: Pair = ("admin", "server-pw")
SERVICE: Pair = ("chat", "service-pw")


@pytest.mark.parametrize(
    ("of_server", "of_service", "sent"),
    [
        (NONE, NONE, None),
        (SERVER, NONE, "admin:server-pw"),
        (NONE, SERVICE, "chat:service-pw"),
        (SERVER, SERVICE, "chat:service-pw"),
        (("admin", None), (None, "service-pw"), "admin:service-pw"),
        ((None, "server-pw"), ("chat", None), "chat:server-pw"),
        (SERVER, ("chat", None), "chat:server-pw"),
        (SERVER, (None, "service-pw"), "admin:service-pw"),
        (("admin", None), SERVICE, "chat:service-pw"),
        # Only a user name anywhere: GMS asks for nothing, and takes what comes.
        (("admin", None), NONE, "admin:"),
        (NONE, ("chat", None), "chat:"),
    ],
)
async def test_the_same_options_here_and_there_let_a_create_in(
    tmp_path: Path, wire: WireServer, of_server: Pair, of_service: Pair, sent: str | None
) -> None:
    wire.script(gms(of_server, of_service))
    place = environment_of(tmp_path, wire, of_server, of_service)
    exchange = await send(place, prepare_create(place, "request-chat"))
    assert status(exchange) == 200
    given = [b64decode(one.removeprefix("Basic ")).decode() for one in authorization(wire, 0)]
    assert given == ([] if sent is None else [sent])


def status(exchange: Exchange) -> int:
    assert exchange.response is not None
    return exchange.response.status


def authorization(wire: WireServer, number: int) -> list[str]:
    return wire.requests[number].values("authorization")


@pytest.mark.parametrize(
    ("of_server", "of_service", "here"),
    [
        (SERVER, NONE, NONE),
        (SERVER, NONE, ("somebody", "server-pw")),
        # A service with both of its own refuses the server's pair.
        (SERVER, SERVICE, NONE),
        # Only a password anywhere: nobody can be let in.
        ((None, "server-pw"), NONE, NONE),
    ],
)
async def test_other_pairs_are_refused(
    tmp_path: Path, wire: WireServer, of_server: Pair, of_service: Pair, here: Pair
) -> None:
    wire.script(gms(of_server, of_service))
    server: Pair = SERVER if of_service == SERVICE else NONE
    place = environment_of(tmp_path, wire, server, here)
    assert status(await send(place, prepare_create(place, "request-chat"))) == 401


async def test_other_services_and_requests_of_unknown_ones_take_the_servers_pair(
    tmp_path: Path, wire: WireServer
) -> None:
    place = environment_of(tmp_path, wire, SERVER, SERVICE)
    chat = Operation(
        kind=OperationKind.REQUEST, service="request-chat", instance_id="7", request="x"
    )
    unknown = Operation(kind=OperationKind.REQUEST, instance_id="7", request="x")
    async with GmsClient(place, lambda _: None) as client:
        for prepared in (
            prepare_create(place, "request-interaction"),
            prepare_request(place, chat),
            prepare_request(place, unknown),
        ):
            await client.send(prepared)
    pairs = [b64decode(authorization(wire, n)[0].removeprefix("Basic ")) for n in range(3)]
    assert pairs == [b"admin:server-pw", b"chat:service-pw", b"admin:server-pw"]


async def test_a_callback_service_goes_by_its_execution_name(wire: WireServer) -> None:
    place = with_credentials(wire, services=(("callme", Login(user="cb", password="cb-pw")),))
    await send(place, prepare_create(place, "callback/callme"))
    assert b64decode(authorization(wire, 0)[0].removeprefix("Basic ")) == b"cb:cb-pw"


def with_credentials(wire: WireServer, **values: Any) -> Environment:
    return replace(Environment.parse(wire.base_url), credentials=Credentials(**values))


async def test_an_empty_value_of_a_service_is_a_value(wire: WireServer) -> None:
    server = Login(user="admin", password="server-pw")
    place = with_credentials(wire, server=server, services=(("s", Login(user="", password="")),))
    await send(place, prepare_create(place, "s"))
    assert authorization(wire, 0) == ["Basic Og=="]


async def test_names_beyond_ascii_go_as_utf_8(wire: WireServer) -> None:
    place = with_credentials(wire, server=Login(user="jürg", password="p:ä"))
    await send(place, prepare_create(place, "s"))
    assert b64decode(authorization(wire, 0)[0].removeprefix("Basic ")).decode() == "jürg:p:ä"


async def test_a_bearer_token_takes_the_place_of_the_pairs(
    tmp_path: Path, wire: WireServer
) -> None:
    text = file_text(wire.url(), SERVER, SERVICE).replace("bearer: null", "bearer: {secret: token}")
    place = resolve(read_profile(put(tmp_path, "qa.yaml", text)), SECRETS)
    exchange = await send(place, prepare_create(place, "request-chat"))
    assert authorization(wire, 0) == ["Bearer t0ken"]
    assert dict(exchange.request.headers)["Authorization"] == "Bearer ***"


async def test_a_header_of_the_same_name_wins_and_secrets_do_not_show(
    tmp_path: Path, wire: WireServer
) -> None:
    text = file_text(wire.url(), SERVER, NONE)
    text += "headers: [{name: authorization, secret: token}, {name: apikey, secret: other}]\n"
    place = resolve(read_profile(put(tmp_path, "qa.yaml", text)), SECRETS)
    prepared = prepare_create(place, "request-interaction")
    exchange = await send(place, prepared)
    assert authorization(wire, 0) == ["t0ken"]
    assert wire.requests[0].values("apikey") == ["other-pw"]
    shown = [dict(exchange.request.headers), dict(prepared.shown_headers)]
    assert [(one["authorization"], one["apikey"]) for one in shown] == [("***", "***")] * 2
    everything = f"{place!r} {prepared!r} {exchange!r} {prepared.preview()}"
    assert not any(value in everything for value in SECRETS.values())
