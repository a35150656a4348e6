"""kill -9 at any moment loses nothing that was shown."""

import asyncio
import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from gms_console.history import HistoryQuery
from gms_console.model.reading import whole_body
from tests.engine.histories import DATABASE, open_history

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50
LONGEST_WAIT = 0.05
"""Seconds from the last Exchange that was waited for to the kill at most."""


class Consoles:
    """Starts consoles that write, and kills them."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.history_writer", folder],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def killed_at_random(self, seed: int) -> list[list[str]]:
        """Let one write, kill it, and give what it has shown: id, poll or `-`, SHA-256 of body."""
        chance = random.Random(seed)
        self._ask(str(seed))
        said = [self._line()]
        pid = int(said[0][1])
        # With none to wait for, it is killed while it opens the database.
        awaited = chance.choice((0, 0, 1, 2, 3, 4, 6, 8))
        said += [self._line() for _ in range(awaited)]
        self._wait(chance.uniform(0, LONGEST_WAIT))
        os.kill(pid, signal.SIGKILL)
        while said[-1] != ["ended"]:
            said.append(self._line())
        assert {words[0] for words in said} <= {"console", "shown", "ended"}
        return [words[1:] for words in said if words[0] == "shown"]

    def _wait(self, seconds: float) -> None:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        raise AssertionError("it ended by itself")

    def _ask(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _line(self) -> list[str]:
        assert self._process.stdout is not None
        return self._process.stdout.readline().split()

    def end(self) -> None:
        """Let it end."""
        self._process.communicate()


def all_killed(folder: Path) -> list[list[str]]:
    """Give what all consoles have shown, each of which was killed."""
    consoles = Consoles(folder)
    try:
        return [shown for seed in range(KILLS) for shown in consoles.killed_at_random(seed)]
    finally:
        consoles.end()


def check_whole(folder: Path) -> None:
    """See that SQLite finds nothing wrong."""
    connection = sqlite3.connect(folder / DATABASE)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for index in ("exchange_words", "body_words"):
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
    connection.close()
    assert list(folder.glob("history-damaged-*")) == []


@pytest.mark.timeout(180)  # where other programs are busy on the machine
@pytest.mark.skipif(sys.platform == "win32", reason="it has no such kill")
async def test_a_console_that_is_killed_loses_nothing_that_it_has_shown(tmp_path: Path) -> None:
    """It takes some ten seconds: fifty consoles are started, each of which writes a while."""
    shown = await asyncio.to_thread(all_killed, tmp_path)
    assert len(shown) > 2 * KILLS
    check_whole(tmp_path)
    async with open_history(tmp_path) as history:
        for exchange_id, poll, digest in shown:
            kept = await history.load(exchange_id)
            assert kept is not None, exchange_id
            assert kept.exchange.response is not None
            body = whole_body(kept.exchange.response)
            assert hashlib.sha256(body).hexdigest() == digest
            assert kept.row.key == (exchange_id if poll == "-" else poll)
            assert kept.row.outcome == ("" if poll == "-" else "interrupted")
        for poll in {poll for _, poll, _ in shown if poll != "-"}:
            attempts = await history.load_poll(poll)
            assert attempts is not None
            mine = [exchange_id for exchange_id, of, _ in shown if of == poll]
            # One more may have been written that was not shown any more.
            assert [one.exchange_id for one in attempts.attempts][: len(mine)] == mine
        assert await history.count(HistoryQuery(text="status")) > KILLS
    check_whole(tmp_path)
