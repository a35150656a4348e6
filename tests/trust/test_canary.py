"""Known secrets are put in every place that takes one, and are then looked for everywhere."""

import json
import logging
import traceback
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import ValidationError

from gms_console.client.client import GmsClient
from gms_console.environments.keeper import SecretStoreError, open_keeper
from gms_console.environments.profile import Profile
from gms_console.environments.resolve import MissingSecretsError, resolve
from gms_console.model.environment import Environment, HeaderError
from gms_console.model.exchange import Exchange
from gms_console.model.form import Form
from gms_console.session import Session
from gms_console.wire.request import PreparedRequest, prepare_create
from tests.support.wire_server import (
    WireServer,
    json_answer,
)
from tests.trust.canaries import Canaries
from tests.trust.profiles import STORED, bearer, profile, values

TYPED = ("password row", "secureKey row", "typed authorization", "typed cookie")
OTHERS = ("file passphrase", "session cookie", "wrong guess")


@pytest.fixture
def canaries() -> Canaries:
    return Canaries(*STORED, *TYPED, *OTHERS)


def test_the_search_finds_what_it_is_for() -> None:
    """A search that finds nothing would let every test here pass."""
    canaries = Canaries("a", "b")
    for written in (
        canaries["a"],
        json.dumps(canaries["a"]),
        quote(canaries["a"], safe=""),
        b64encode(f"user:{canaries['a']}".encode()).decode(),
        b64encode(f"u:{canaries['a']}".encode()).decode(),
        b64encode(canaries["a"].encode()).decode(),
        canaries["a"].encode().hex(),
    ):
        assert canaries.found_in(f"before {written} after") == ["a"]
    assert canaries.found_in("nothing") == []


# --- what is printed by a mistake: reprs, texts of errors, tracebacks, logs -----------------


def rows(canaries: Canaries) -> Form:
    return Form.of(("password", canaries["password row"]), ("secureKey", canaries["secureKey row"]))


async def exchanged(environment: Environment, prepared: PreparedRequest) -> list[object]:
    """Create an instance and ask for its state; give all objects that come of it."""
    seen: list[object] = []
    session = Session(lambda _, error: seen.append(error))
    session.subscribe(seen.append)
    created = await session.create(environment, prepared)
    seen += [session, created.exchange, session.exchanges, GmsClient(environment, lambda _: None)]
    if created.instance is not None:
        again = created.instance.prepare("status", Form())
        exchange, answer = await created.instance.send(again)
        seen += [again, exchange, answer, created.instance, created.instance.client]
        seen += [*exchange.hops, exchange.request, exchange.response]
    await session.close()
    return seen


@pytest.mark.parametrize("change", [lambda one: one, bearer], ids=["basic", "bearer"])
async def test_no_object_shows_a_secret_in_its_repr(
    wire: WireServer,
    canaries: Canaries,
    change: Callable[[Profile], Profile],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    wire.script(json_answer({"_id": "a", "status": "x"}))
    kept = change(profile(wire.base_url))
    environment = resolve(kept, values(canaries))
    for service in ("request-interaction", "callback/callme"):
        for method in ("POST", "GET"):
            prepared = prepare_create(environment, service, rows(canaries), method=method)
            objects = [kept, environment, environment.credentials, environment.tls, prepared]
            objects += [
                prepared.body,
                prepared.shown_headers,
                prepared.head()[prepared.head().find("\n") :],
            ]
            objects += await exchanged(environment, prepared)
            for one in objects:
                assert canaries.found_in(repr(one)) == [], type(one)
                assert canaries.found_in(str(one)) == [], type(one)
    # It was no idle talk: the server did get them.
    got = canaries.found_in(b"".join(request.raw for request in wire.requests))
    assert {"api key", "header of the store", "password row", "secureKey row"} <= set(got)
    assert ("bearer" in got) == (kept.credentials.bearer is not None)
    assert ("server password" in got) == (kept.credentials.bearer is None)
    assert caplog.records
    assert canaries.found_in(caplog.text) == []


async def test_an_exchange_keeps_no_secret_of_the_store(
    wire: WireServer, canaries: Canaries
) -> None:
    wire.script(json_answer({"_id": "a"}))
    for kept in (profile(wire.base_url), bearer(profile(wire.base_url))):
        environment = resolve(kept, values(canaries))
        prepared = prepare_create(environment, "callback/callme")
        seen = await exchanged(environment, prepared)
        exchanges = [one for one in seen if isinstance(one, Exchange)]
        assert exchanges
        for exchange in exchanges:
            kept_of_it = (exchange.request.headers, exchange.request.url, exchange.failure)
            assert canaries.found_in(str(kept_of_it)) == []
        assert canaries.found_in(prepared.preview()) == []


def refused(action: Callable[[], object], *kinds: type[Exception]) -> str:
    """Give the whole traceback of the error that an action ends with."""
    try:
        action()
    except kinds:
        return traceback.format_exc()
    raise AssertionError(f"no {kinds}")


def test_errors_and_their_tracebacks_hold_no_secret(canaries: Canaries, tmp_path: Path) -> None:
    known = values(canaries)
    kept = profile("http://127.0.0.1:1")
    broken = {name: f"{value}\r\nX-More: 1" for name, value in known.items()}
    some = {name: value for name, value in known.items() if name != "server password"}
    written_out = {"credentials": {"user": "u", "password": canaries["server password"]}}
    header = {"headers": [{"name": "Authorization", "value": canaries["bearer"]}]}
    keeper = open_keeper(tmp_path)
    keeper.choose("file")
    keeper.unlock(canaries["file passphrase"])
    again = open_keeper(tmp_path)
    texts = [
        refused(lambda: resolve(kept, broken), HeaderError),
        refused(lambda: resolve(bearer(kept), broken), HeaderError),
        refused(lambda: resolve(kept, some), MissingSecretsError),
        refused(lambda: kept.changed(**written_out), ValidationError),
        refused(lambda: kept.changed(**header), ValidationError),
        refused(lambda: again.unlock(canaries["wrong guess"]), SecretStoreError),
        refused(lambda: again.set("x", canaries["bearer"]), SecretStoreError),
    ]
    for text in texts:
        assert canaries.found_in(text) == [], text


# --- the encrypted file ---------------------------------------------------------------------


def test_the_encrypted_file_holds_neither_values_nor_its_passphrase(
    canaries: Canaries, tmp_path: Path
) -> None:
    keeper = open_keeper(tmp_path)
    keeper.choose("file")
    keeper.unlock(canaries["file passphrase"])
    for name, value in values(canaries).items():
        keeper.set(name, value)
    assert (tmp_path / "secrets.enc").stat().st_size > 500
    assert canaries.found_below(tmp_path) == {}
