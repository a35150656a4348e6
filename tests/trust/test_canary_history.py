"""Secrets are sent in every place, a server repeats them all, and the history holds none."""

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.environments.profile import Profile
from gms_console.environments.resolve import resolve
from gms_console.history import History, HistoryQuery, HistorySettings
from gms_console.instance import Instance
from gms_console.model.draft import Draft
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form, Row
from gms_console.model.stop_rule import StopRule
from gms_console.poll import PollPlan
from gms_console.session import Session
from gms_console.wire.body import BodyKind
from gms_console.wire.request import prepare_create
from tests.engine.helpers import open_session
from tests.engine.histories import look, open_history
from tests.support.wire_server import WireServer, garbage, raw_answer
from tests.trust.canaries import Canaries
from tests.trust.echo import echo
from tests.trust.profiles import STORED, bearer, profile, values

ROWS = ("password row", "secureKey row", "row switched off")
HEADERS = ("typed authorization", "typed token")
SESSION = "session cookie"

COMMON = ("api key", "header of the store", "key passphrase")
BASIC = (*COMMON, "server password", "service password")
BEARER = (*COMMON, "bearer")

LARGE = 1_100_000


@pytest.fixture
def canaries() -> Canaries:
    return Canaries(*STORED, *ROWS, *HEADERS, SESSION, "other cookie")


def form(canaries: Canaries) -> Form:
    return Form(
        (
            Row(key="password", value=canaries["password row"]),
            Row(key="secureKey", value=canaries["secureKey row"]),
            Row(key="api_token", value=canaries["row switched off"], enabled=False),
            Row(key="plain", value="stays"),
        )
    )


def place(
    wire: WireServer, canaries: Canaries, change: Callable[[Profile], Profile]
) -> Environment:
    """An Environment with the secrets of its profile, and with headers that were typed."""
    known = resolve(change(profile(wire.base_url)), values(canaries))
    typed = (("X-Auth-Token", canaries.plain("typed token")),)
    return replace(known, headers=(*known.headers, *typed))


async def exchanged(
    history: History, environment: Environment, rows: Form, kind: BodyKind, method: str
) -> list[Exchange]:
    """Create an instance, ask for its state, and poll it."""
    sent: list[Exchange] = []
    async with open_session(history) as session:
        session.subscribe(
            lambda event: sent.append(event.exchange) if hasattr(event, "exchange") else None
        )
        prepared = replace(
            prepare_create(environment, "callback/callme", rows, kind=kind, method=method),
            draft=Draft(service="callback/callme", form=rows),
        )
        instance = (await session.create(environment, prepared)).instance
        assert instance is not None
        await instance.send(instance.prepare("status", Form()))
        await polled(session, instance, rows)
        assert await history.count(HistoryQuery()) == 3
    return sent


def unpacked(folder: Path) -> bytes:
    """All that the tables of the database hold, as plain text."""
    rows = look(folder, "SELECT record, words FROM exchanges")
    rows += look(folder, "SELECT data, words FROM bodies")
    return b"".join(_plain(one) for row in rows for one in row if one)


def _plain(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


async def polled(session: Session, instance: Instance, rows: Form) -> None:
    until = (StopRule.parse("nothing=that"),)
    plan = PollPlan(every=0.01, attempts=1, form=rows, until=until)
    poll = session.start_poll(instance, plan)
    # As long as it takes: secrets are looked for in all forms of all of them.
    await asyncio.wait(list(session.tasks._tasks))
    assert poll.outcome is not None


@pytest.mark.parametrize("size", [0, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("change", "kind", "method"),
    [
        (lambda one: one, BodyKind.MULTIPART, "POST"),
        (bearer, BodyKind.URLENCODED, "POST"),
        (lambda one: one, BodyKind.JSON, "POST"),
        (bearer, BodyKind.AUTO, "GET"),
    ],
    ids=["multipart", "urlencoded", "json", "query"],
)
async def test_no_file_of_the_history_holds_a_secret(
    wire: WireServer,
    canaries: Canaries,
    tmp_path: Path,
    change: Callable[[Profile], Profile],
    kind: BodyKind,
    method: str,
    size: int,
) -> None:
    sent_rows = tuple(one for one in ROWS if one != "row switched off")
    known = BEARER if change is bearer else BASIC
    wire.script(echo(canaries, (*known, *ROWS), SESSION, filler=size))
    environment = place(wire, canaries, change)
    async with open_history(tmp_path) as history:
        sent = await exchanged(history, environment, form(canaries), kind, method)
        assert canaries.found_below(tmp_path) == {}
    assert canaries.found_below(tmp_path) == {}
    # It was no idle talk: the server got them and sent them back.
    got = canaries.found_in(b"".join(request.raw for request in wire.requests))
    assert {*sent_rows, "typed token", SESSION, "api key"} <= set(got)
    assert all(one.response is not None for one in sent)
    if not size:
        assert set(canaries.found_in(sent[0].response.body)) >= {*known, *ROWS}  # type: ignore[union-attr]
    assert bool(list((tmp_path / "bodies").glob("*"))) is bool(size)
    if not size:
        # The search sees what is packed only when it is unpacked.
        assert canaries.found_in(unpacked(tmp_path)) == []
        assert b"stays" in unpacked(tmp_path)


async def test_a_failure_names_no_secret(
    wire: WireServer, canaries: Canaries, tmp_path: Path
) -> None:
    said = canaries.plain("bearer")
    environment = resolve(bearer(profile(wire.base_url)), {**values(canaries), "bearer": said})
    wire.script(garbage(f"NOHTTP {said}\r\n".encode()))
    async with open_history(tmp_path) as history, open_session(history) as session:
        prepared = prepare_create(environment, "callback/callme", form(canaries))
        failure = (await session.create(environment, prepared)).exchange.failure
        assert failure is not None
        assert failure.kind is FailureKind.GARBLED
    assert canaries.found_below(tmp_path) == {}


async def test_cookies_keep_all_but_their_values(
    wire: WireServer, canaries: Canaries, tmp_path: Path
) -> None:
    session_id, other = canaries.plain(SESSION), canaries.plain("other cookie")
    wire.script(
        raw_answer(
            (
                "HTTP/1.1 200 OK\r\n"
                f"Set-Cookie: JSESSIONID={session_id}.n1; Path=/; HttpOnly\r\n"
                f"Set-Cookie: route={other}; Secure\r\n"
                'Content-Length: 12\r\nContent-Type: application/json\r\n\r\n{"_id": "a"}'
            ).encode()
        )
    )
    environment = Environment.parse(wire.base_url)
    async with open_history(tmp_path) as history, open_session(history) as session:
        created = await session.create(environment, prepare_create(environment, "a"))
        assert created.instance is not None
        again, _ = await created.instance.send(created.instance.prepare("status", Form()))
        kept = await history.load(created.exchange.id)
        asked = await history.load(again.id)
        assert kept is not None
        assert asked is not None
        assert kept.exchange.response is not None
        assert [
            value for name, value in kept.exchange.response.headers if name == "Set-Cookie"
        ] == [
            "JSESSIONID=***; Path=/; HttpOnly",
            "route=***; Secure",
        ]
        headers = dict(asked.exchange.request.headers)
        assert headers["Cookie"] == "JSESSIONID=***"
    assert canaries.found_below(tmp_path) == {}


async def test_rows_of_credentials_come_back_empty_and_off(
    wire: WireServer, canaries: Canaries, tmp_path: Path
) -> None:
    environment = Environment.parse(wire.base_url)
    rows = form(canaries).inserted(0, Row(key="pin", value="12"))
    prepared = prepare_create(environment, "a", rows, method="GET")
    async with open_history(tmp_path) as history, open_session(history) as session:
        sent = await session.create(
            environment, replace(prepared, draft=Draft(service="a", form=rows))
        )
        kept = await history.load(sent.exchange.id)
        assert kept is not None
        assert kept.exchange.draft is not None
        assert kept.exchange.request.form is not None
        restored = [(row.key, row.value, row.enabled) for row in kept.exchange.draft.form]
        assert restored == [
            ("pin", "", False), ("password", "", False), ("secureKey", "", False),
            ("api_token", "", False), ("plain", "stays", True),
        ]  # fmt: skip
        assert kept.exchange.request.form.rows[0].value == "***"
        # Too short to be looked for, but its name says what it is.
        assert "pin=***&password=***" in kept.exchange.request.url
        assert "plain=stays" in kept.exchange.request.url
        assert "pin=***&password=***" in kept.row.url


async def test_what_was_typed_before_is_masked_in_what_comes_later(
    wire: WireServer, canaries: Canaries, tmp_path: Path
) -> None:
    """A storage service gives back what another request has stored in it."""
    environment = Environment.parse(wire.base_url)
    wire.script(echo(canaries, ROWS, SESSION))
    async with open_history(tmp_path) as history, open_session(history) as session:
        await session.create(environment, prepare_create(environment, "a", form(canaries)))
        await session.create(environment, prepare_create(environment, "b"))
        await asyncio.sleep(0)
    assert look(tmp_path, "SELECT count(*) FROM exchanges") == [(2,)]
    assert canaries.found_below(tmp_path) == {}


async def test_private_mode_and_its_end_leave_no_secret(
    wire: WireServer, canaries: Canaries, tmp_path: Path
) -> None:
    wire.script(echo(canaries, (*BEARER, *ROWS), SESSION, filler=LARGE))
    environment = place(wire, canaries, bearer)
    async with (
        open_history(tmp_path, private=True) as history,
        open_session(history) as session,
    ):
        prepared = prepare_create(environment, "callback/callme", form(canaries))
        sent = (await session.create(environment, prepared)).exchange
        await history.use(HistorySettings())
        await history.add(sent, environment)
        assert await history.load(sent.id) is not None
    assert canaries.found_below(tmp_path) == {}
