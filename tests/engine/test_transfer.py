"""How far a request has come can be asked at any time, and is what has really gone and come."""

import asyncio
import gzip
import itertools
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.model.form import Form, Row
from gms_console.model.transfer import Counts, Progress, Transfer
from gms_console.progress import progress_text, spoken_text
from gms_console.wire.body import CHUNK
from gms_console.wire.request import prepare_create
from tests.engine.helpers import (
    create,
    environment,
    file_with,
    full_listener,
    open_session,
    send,
    until,
)
from tests.support.slow_reader import SlowReader
from tests.support.wire_server import (
    WireServer,
    body_answer,
    chunked_answer,
    hold,
    self_signed_certificate,
    slow_body,
    slow_headers,
)

MIB = 1024 * 1024


async def values_while(transfer: Transfer, task: asyncio.Task[Exchange]) -> list[int]:
    """Look every few milliseconds at what has been sent, as long as the send goes on."""
    seen: list[int] = []
    while not task.done():
        seen.append(transfer.look().counts.sent)
        await asyncio.sleep(0.005)
    return seen


async def test_a_slow_upload_is_counted_in_steps_far_smaller_than_its_pieces(
    tmp_path: Path,
) -> None:
    path = file_with(tmp_path, "big", bytes(8 * MIB))
    with SlowReader(step=128 * 1024, every=0.005) as server:
        place = Environment.parse(server.base_url)
        prepared = prepare_create(place, "x", Form((Row(key="FileKey", file=path),)))
        assert not Transfer().under_way
        transfer = Transfer()
        task = asyncio.create_task(send(place, prepared, transfer))
        await until(lambda: server.received > 2 * MIB)
        server.stopped.set()
        standing = 0
        # What the kernels still take in between is little; then it stands, far from the end.
        while standing != transfer.counts.sent:
            standing = transfer.counts.sent
            await asyncio.sleep(0.05)
        assert server.received <= standing < prepared.body.size
        assert transfer.under_way
        server.stopped.clear()
        seen = await values_while(transfer, task)
        exchange = await task
    assert exchange.failure is None
    assert seen == sorted(seen)
    steps = {after - before for before, after in itertools.pairwise(seen)} - {0}
    assert len(set(seen)) > 10
    assert max(steps) < CHUNK / 2
    assert transfer.counts.sent == transfer.counts.to_send == prepared.body.size
    assert not transfer.under_way


async def test_over_tls_too_only_what_has_left_counts(tmp_path: Path) -> None:
    pair = self_signed_certificate(tmp_path)
    from tests.support.wire_server import early  # noqa: PLC0415 - used here alone

    path = file_with(tmp_path, "big", bytes(24 * MIB))
    gate = threading.Event()
    with WireServer(early(hold(gate)), tls=pair) as server:
        place = Environment.parse(server.base_url, verify_tls=False)
        prepared = prepare_create(place, "x", Form((Row(key="FileKey", file=path),)))
        transfer = Transfer()
        async with GmsClient(place, lambda _: None) as client:
            task = asyncio.create_task(client.send(prepared, transfer))
            await until(lambda: transfer.counts.phase == "send" and transfer.counts.sent > MIB)
            assert transfer.counts.sent <= server.bytes_received + 12 * MIB
            gate.set()
            await task
    assert transfer.counts.sent <= prepared.body.size


async def test_a_download_is_counted_by_its_bytes_on_the_wire(wire: WireServer) -> None:
    gate = threading.Event()
    wire.script(slow_body(b"x" * 1000, gate, rest=b"y" * 500))
    transfer = Transfer()
    task = asyncio.create_task(send(environment(wire), create(wire), transfer))
    await until(lambda: transfer.counts.received == 1000)
    seen = transfer.look()
    assert (seen.counts.phase, seen.counts.moving) == ("receive", (1000, 1500))
    gate.set()
    await task
    assert transfer.counts.moving == (1500, 1500)


async def test_a_compressed_answer_counts_as_it_comes_and_a_chunked_one_has_no_size(
    wire: WireServer,
) -> None:
    packed = gzip.compress(b"x" * 100_000)
    wire.script(
        body_answer(packed, headers=[("Content-Encoding", "gzip")]), chunked_answer([b"ab", b"c"])
    )
    transfer = Transfer()
    await send(environment(wire), create(wire), transfer)
    assert transfer.counts.moving == (len(packed), len(packed))
    transfer = Transfer()
    await send(environment(wire), create(wire), transfer)
    assert transfer.counts.moving == (3, None)


async def test_the_phases_are_told_one_after_the_other(wire: WireServer) -> None:
    gate = threading.Event()
    wire.script(slow_headers(gate))
    transfer = Transfer()
    task = asyncio.create_task(send(environment(wire), create(wire), transfer))
    await until(lambda: transfer.counts.phase == "wait")
    first = transfer.look()
    await asyncio.sleep(0.01)
    later = transfer.look()
    assert later.in_phase > first.in_phase
    assert later.elapsed > later.in_phase
    gate.set()
    await task
    assert transfer.counts.phase == "receive"


async def test_a_host_that_does_not_answer_the_call_is_being_connected_to() -> None:
    with full_listener() as port:
        place = Environment.parse(f"http://127.0.0.1:{port}", timeout=0.2)
        transfer = Transfer()
        task = asyncio.create_task(send(place, prepare_create(place, "x"), transfer))
        await until(lambda: transfer.under_way)
        assert transfer.counts.phase == "connect"
        await task


async def test_a_session_and_an_instance_tell_it_too(wire: WireServer) -> None:
    from tests.support.wire_server import json_answer  # noqa: PLC0415 - used here alone

    wire.script(json_answer({"_id": "i1"}), json_answer({}))
    async with open_session() as session:
        transfer, second = Transfer(), Transfer()
        place = environment(wire)
        result = await session.create(place, create(wire, Form.of(("a", "1"))), transfer)
        assert transfer.counts.sent == 3
        assert result.instance is not None
        await result.instance.send(result.instance.prepare("status"), second)
        assert (second.counts.sent, second.counts.received) == (0, 2)


async def test_a_slow_line_is_no_silence(tmp_path: Path) -> None:
    """A piece of the body may take longer than the time-out, as long as it moves."""
    path = file_with(tmp_path, "big", bytes(4 * MIB))
    patience = 0.15
    with SlowReader(step=64 * 1024, every=0.02) as server:
        place = Environment.parse(server.base_url, timeout=patience)
        prepared = prepare_create(place, "x", Form((Row(key="FileKey", file=path),)))
        exchange = await send(place, prepared)
    assert exchange.failure is None, exchange.failure
    assert exchange.timing.send is not None
    assert exchange.timing.send / 1000 > patience * 2


# --- rate, remaining and words ----------------------------------------------------------------


def watched(*looks: tuple[float, Counts]) -> Progress:
    """Look at a transfer at these moments, in seconds; give the last look."""
    counts = iter([counts for _, counts in looks])
    transfer = Transfer()
    transfer.follow(lambda: next(counts))
    begun = transfer.began
    return [transfer.look(begun + moment) for moment, _ in looks][-1]


UPLOAD = Counts(phase="send", to_send=100 * MIB)


def test_the_rate_is_that_of_the_last_two_seconds() -> None:
    looks = [(0.0, replace(UPLOAD, sent=0)), (10.0, replace(UPLOAD, sent=1 * MIB))]
    looks += [(10.0 + n / 10, replace(UPLOAD, sent=(1 + n) * MIB)) for n in range(1, 31)]
    last = watched(*looks)
    assert last.rate == pytest.approx(10 * MIB, rel=0.01)
    assert last.remaining == pytest.approx(6.9, rel=0.01)
    assert last.elapsed == pytest.approx(13)


def test_a_rate_needs_two_looks_and_begins_anew_with_the_direction() -> None:
    assert watched((0.0, UPLOAD)).rate is None
    assert watched((0.0, UPLOAD), (0.01, UPLOAD)).rate is None
    still = watched((0.0, UPLOAD), (1.0, UPLOAD))
    assert (still.rate, still.remaining) == (0, None)
    down = Counts(phase="receive", to_send=9, sent=9, to_receive=30, received=20)
    turned = watched((0.0, UPLOAD), (1.0, replace(down, received=0)))
    assert turned.rate is None
    assert watched((0.0, replace(down, received=0)), (1.0, down)).remaining == pytest.approx(0.5)


def test_more_than_was_announced_has_no_remaining_time() -> None:
    down = Counts(phase="receive", to_receive=10, received=20)
    assert watched((0.0, replace(down, received=0)), (1.0, down)).remaining is None


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (
            Progress(
                replace(UPLOAD, sent=int(12.3 * MIB), to_send=200 * MIB), 0, 3, 3, 48 * MIB, 4.2
            ),
            "Uploading 12.3 of 200.0 MiB, 48.0 MiB/s, 4 s left",
        ),
        (
            Progress(replace(UPLOAD, sent=MIB), 0, 3, 3, 0.0),
            "Uploading 1.0 of 100.0 MiB, stands still",
        ),
        (Progress(replace(UPLOAD, sent=MIB), 0, 0, 0), "Uploading 1.0 of 100.0 MiB"),
        (
            Progress(Counts(phase="send", to_send=1000, sent=20), 0, 1, 1, 10.0, 198.0),
            "Uploading 20 of 1,000 B, 10 B/s, 3 min 18 s left",
        ),
        (Progress(Counts(phase="send"), 0, 1.04, 1), "Sending, 1.0 s"),
        (Progress(Counts(phase="wait"), 0, 3.21, 5), "Waiting for the answer, 3.2 s"),
        (
            Progress(Counts(phase="receive", received=int(1.2 * MIB)), 0, 1, 1, 2 * MIB),
            "Receiving 1.2 MiB, 2.0 MiB/s",
        ),
        (
            Progress(
                Counts(phase="receive", received=MIB, to_receive=3 * MIB), 0, 1, 1, 2 * MIB, 1.0
            ),
            "Receiving 1.0 of 3.0 MiB, 2.0 MiB/s, 1 s left",
        ),
        (Progress(Counts(phase="receive"), 0, 2, 2), "Receiving 0 B"),
        (Progress(Counts(phase="look-up"), 0, 2, 2), "Looking up the name, 2.0 s"),
        (Progress(Counts(phase="connect"), 0, 2, 2), "Connecting, 2.0 s"),
        (Progress(Counts(phase="tls"), 0, 2, 2), "TLS handshake, 2.0 s"),
        (Progress(Counts(phase="redirect"), 1, 2, 2), "Redirect 1: Going on, 2.0 s"),
        (Progress(Counts(phase="wait"), 2, 1, 5), "Redirect 2: Waiting for the answer, 1.0 s"),
    ],
)
def test_what_a_face_says(progress: Progress, words: str) -> None:
    assert progress_text(progress) == words


def test_what_is_read_out_changes_with_the_phase_and_each_quarter() -> None:
    """A screen reader would speak ten times a second otherwise."""
    said = {
        spoken_text(Progress(replace(UPLOAD, sent=share * MIB), 0, 1, 1, share, 1.0))
        for share in range(100)
    }
    assert said == {f"Uploading, {share} %" for share in (0, 25, 50, 75)}
    waits = {spoken_text(Progress(Counts(phase="wait"), 0, n / 10, 1)) for n in range(99)}
    assert waits == {"Waiting for the answer"}
