"""Consoles that write into a history until they are killed, and tell what they have shown.

Run as a program, it forks a console for each seed that it reads, which saves the time in which
fifty of them would load the same modules.
"""

import asyncio
import hashlib
import os
import random
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import gms_console.history.engine  # noqa: F401 - so that each console that is forked has it
from gms_console.client.client import GmsClient
from gms_console.history import History, HistorySettings
from gms_console.instance import Instance
from gms_console.model.exchange import Exchange, StoredBody
from gms_console.model.reading import whole_body
from gms_console.model.timeline import Attempt
from gms_console.poll import Poll, PollPlan
from gms_console.redaction import Masker
from tests.engine.histories import PLACE, exchange

AT_ONCE = 3
"""Requests that are under way at the same time."""


def main(folder: Path) -> None:
    """Fork a console for each seed on the standard input; say its id, and when it has ended."""
    for seed in sys.stdin:
        pid = os.fork()
        if not pid:
            asyncio.run(_write(folder, int(seed)))
        _say("console", str(pid))
        os.waitpid(pid, 0)
        _say("ended")


def _say(*words: str) -> None:
    # One call: a kill leaves no half line.
    os.write(1, f"{' '.join(words)}\n".encode())


async def _write(folder: Path, seed: int) -> None:
    history = History(folder, HistorySettings(), lambda text: _say("told", text))
    opening = asyncio.create_task(history.open())
    writers = [_go_on(history, random.Random(f"{seed} {n}")) for n in range(AT_ONCE)]
    await asyncio.gather(opening, *writers)


async def _go_on(history: History, chance: random.Random) -> None:
    poll = Poll(Instance(GmsClient(PLACE, lambda _: None), "a1"), PollPlan())
    poll.started = datetime.now(UTC)
    history.note_poll(poll)
    while True:
        sent = _exchange(history, chance)
        of_poll = chance.random() < 0.3
        if of_poll:
            sent = replace(sent, operation=replace(sent.operation, poll=poll.id))
        await history.add(sent, PLACE)
        if sent.response is None:
            raise AssertionError("an answer was made")
        digest = hashlib.sha256(whole_body(sent.response)).hexdigest()
        _say("shown", sent.id, poll.id if of_poll else "-", digest)
        if of_poll:
            number = len(poll.timeline.attempts) + 1
            poll.timeline.add(
                Attempt(number=number, started=sent.started, elapsed=1.0, exchange_id=sent.id)
            )
            history.note_poll(poll)


def _exchange(history: History, chance: random.Random) -> Exchange:
    """Make one with a small answer, or one with a file for it."""
    kind = chance.random()
    if kind < 0.7:
        return exchange(f'{{"status": "{chance.random()}"}}'.encode() * chance.randint(1, 40))
    if kind < 0.9:
        return exchange(os.urandom(chance.randint(70_000, 300_000)))
    stored = _stored(history, os.urandom(1_200_000))
    return exchange(b"", stored=stored)


def _stored(history: History, body: bytes) -> StoredBody:
    file = history.files.begin(Masker())
    file.write(body)
    return file.finish()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
