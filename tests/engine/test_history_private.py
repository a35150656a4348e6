"""In private mode nothing is kept, and what was kept before stays."""

import asyncio
import json
import threading
from pathlib import Path

from gms_console.history import HistorySettings
from gms_console.session import Session
from tests.engine.helpers import create, environment, open_session, until
from tests.engine.histories import (
    DATABASE,
    PLACE,
    exchange,
    files_with,
    names,
    open_history,
    titles,
)
from tests.support.wire_server import WireServer, json_answer, slow_body

LARGE = {"rows": ["privateword"] * 100_000}


async def sent_large(wire: WireServer, session: Session) -> Path:
    wire.script(json_answer(LARGE))
    response = (await session.create(environment(wire), create(wire))).exchange.response
    assert response is not None
    assert response.stored is not None
    return response.stored.path


async def test_in_private_mode_nothing_is_written(wire: WireServer, tmp_path: Path) -> None:
    async with (
        open_history(tmp_path, private=True) as history,
        open_session(history) as session,
    ):
        path = await sent_large(wire, session)
        assert path.exists()
        assert tmp_path not in path.parents
        assert await titles(history) == []
        assert (await history.facts()).rows == 0
    assert not path.exists()
    assert names(tmp_path, "**/*.*") == []


async def test_private_mode_leaves_what_was_there(wire: WireServer, tmp_path: Path) -> None:
    async with open_history(tmp_path) as history, open_session(history) as session:
        await history.add(exchange(service="before"), PLACE)
        await history.use(HistorySettings(private=True))
        await history.add(exchange(service="hidden"), PLACE)
        private = await sent_large(wire, session)
        assert await titles(history) == ["before"]
        assert files_with(tmp_path, "privateword") == []
        await history.set_note(1, "can still be noted")
        await history.use(HistorySettings())
        # The file of then is in a folder of this start; now it is kept as well.
        kept = await sent_large(wire, session)
        assert (private.name, private.parent == kept.parent) == (kept.name, False)
        assert await titles(history) == ["request-interaction", "before"]
    assert files_with(tmp_path, "privateword") == [kept.name]


async def test_what_still_comes_when_private_mode_begins_is_not_left_there(
    wire: WireServer, tmp_path: Path
) -> None:
    gate = threading.Event()
    async with open_history(tmp_path) as history, open_session(history) as session:
        wire.script(slow_body(json.dumps(LARGE)[:-1].encode(), gate))
        task = asyncio.ensure_future(session.create(environment(wire), create(wire)))
        await until(lambda: names(tmp_path / "bodies") != [])
        await history.use(HistorySettings(private=True))
        gate.set()
        response = (await task).exchange.response
        assert response is not None
        assert response.stored is not None
        assert response.stored.path.read_bytes() == json.dumps(LARGE).encode()
        assert response.stored.path.stat().st_mode & 0o077 == 0
        assert names(tmp_path / "bodies") == []
    assert files_with(tmp_path, "privateword") == []


async def test_what_came_before_private_mode_ended_is_kept_with_its_file(
    wire: WireServer, tmp_path: Path
) -> None:
    async with (
        open_history(tmp_path, private=True) as history,
        open_session(history) as session,
    ):
        wire.script(json_answer(LARGE))
        sent = (await session.create(environment(wire), create(wire))).exchange
        await history.use(HistorySettings())
        await history.add(sent, environment(wire))
        kept = await history.load(sent.id)
        assert kept is not None
        assert kept.exchange.response is not None
        assert kept.exchange.response.stored is not None
        assert kept.exchange.response.stored.path.parent == tmp_path / "bodies"
    assert (tmp_path / DATABASE).exists()
