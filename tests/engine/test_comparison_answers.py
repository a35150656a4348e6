"""Two exchanges side by side: status, bodies that are no JSON, headers and times."""

import asyncio
import hashlib
import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.body_files import BodyFiles
from gms_console.client.client import GmsClient
from gms_console.client.keeping import Keeping
from gms_console.comparison import DEFAULT_RULES, Change, IgnoreRules, compare
from gms_console.comparison import bodies as limits
from gms_console.model.exchange import Exchange, FailureKind, StoredBody, Timing
from tests.engine.helpers import (
    create,
    environment,
    exchange_with,
    failure_of,
    send_create,
)
from tests.support.wire_server import WireServer, body_answer, json_answer, text_answer


async def test_the_same_create_on_two_nodes_differs_in_nothing_but_what_gms_makes_anew(
    wire: WireServer,
) -> None:
    answer = {"_id": "a-1", "_access_number": "650", "_expiration_time": 30, "text": "ok"}
    wire.script(json_answer(answer), json_answer(answer | {"_id": "b-2", "_access_number": "651"}))
    found = compare(await send_create(wire), await send_create(wire))
    assert (found.differences, found.ignored, found.note) == (0, 2, "")
    assert found.status == ("200 OK", "200 OK")


async def test_another_status_is_a_difference(wire: WireServer) -> None:
    wire.script(json_answer({"a": 1}), json_answer({"a": 2}, 404))
    found = compare(await send_create(wire), await send_create(wire))
    assert found.status == ("200 OK", "404 Not Found")
    assert found.differences == 2


async def test_headers_whatever_their_order_with_duplicates_in_theirs(wire: WireServer) -> None:
    wire.script(
        body_answer(b"{}", headers=[("X-A", "1"), ("X-B", "1"), ("X-B", "2"), ("Date", "then")]),
        body_answer(
            b"{}",
            headers=[("x-b", "1"), ("X-New", "1"), ("x-b", "3"), ("X-A", "1"), ("Date", "now")],
        ),
    )
    found = compare(await send_create(wire), await send_create(wire))
    told = [(h.name, h.left, h.right, h.change) for h in found.headers if h.name[:2] != "Co"]
    assert told == [
        ("X-A", "1", "1", Change.SAME),
        ("X-B", "1", "1", Change.SAME),
        ("X-B", "2", "3", Change.CHANGED),
        ("Date", "then", "now", Change.IGNORED),
        ("X-New", None, "1", Change.ADDED),
    ]
    assert (found.differences, found.ignored) == (2, 1)


async def test_phases_are_told_by_name_and_count_for_nothing(wire: WireServer) -> None:
    left = await send_create(wire)
    right = replace(left, timing=Timing(wait=9.0, total=9.5))
    found = compare(left, right)
    assert [one.name for one in found.phases] == [
        "connect",
        "TLS",
        "send",
        "wait for first byte",
        "receive",
        "total",
    ]
    assert (found.phases[0].left, found.phases[0].right) == (left.timing.connect, None)
    assert (found.phases[3].right, found.phases[5].right) == (9.0, 9.5)
    assert found.differences == 0


async def test_texts_are_compared_line_by_line(wire: WireServer) -> None:
    wire.script(text_answer("one\ntwo\nthree"), text_answer("zero\none\nTWO\nthree"))
    found = compare(await send_create(wire), await send_create(wire))
    assert found.body is None
    assert found.lines == (
        (Change.ADDED, None, "zero"),
        (Change.SAME, "one", "one"),
        (Change.CHANGED, "two", "TWO"),
        (Change.SAME, "three", "three"),
    )
    assert (found.differences, found.note) == (2, "")


@pytest.mark.parametrize(
    ("left", "right", "note"),
    [
        pytest.param(b'{"a": 1', b'{"a": 1}', "The left body is broken JSON", id="broken"),
        pytest.param(b'{"a": 1}', b"<html>", "The right body is broken JSON", id="a page"),
        pytest.param(b"", b'{"a": 1}', "The left body is empty", id="an empty one"),
        pytest.param(b"[1] [2]", b"[1]", "from line 1, column 5", id="two documents"),
        pytest.param(b'["a\nb"]', b"[]", "The left body is broken JSON", id="a line end in a text"),
    ],
)
def test_where_one_is_no_json_it_says_why(left: bytes, right: bytes, note: str) -> None:
    found = compare(exchange_with(left), exchange_with(right))
    assert found.body is None
    assert note in found.note
    assert found.differences >= 1


def test_lines_that_are_the_same_with_other_ends() -> None:
    left = exchange_with(b"a\r\nb", content_type="text/plain")
    right = exchange_with(b"a\nb", content_type="text/plain")
    found = compare(left, right)
    assert found.differences == 1
    assert "line ends" in found.note
    assert compare(left, left).differences == 0


def test_pictures_are_compared_by_size_and_hash() -> None:
    left, right = b"\x89PNG\0\1", b"\x89PNG\0\1\2"
    found = compare(
        exchange_with(left, content_type="image/png"),
        exchange_with(right, content_type="image/png"),
    )
    assert found.lines == (
        (Change.CHANGED, "6 bytes", "7 bytes"),
        (
            Change.CHANGED,
            f"SHA-256 {hashlib.sha256(left).hexdigest()}",
            f"SHA-256 {hashlib.sha256(right).hexdigest()}",
        ),
    )
    assert found.differences == 1
    assert "no text" in found.note


def test_an_encoding_is_no_difference_in_json() -> None:
    left = exchange_with(
        '{"a": "é"}'.encode("latin-1"), content_type="application/json; charset=latin-1"
    )
    right = exchange_with('\ufeff{"a": "é"}'.encode())
    found = compare(left, right, IgnoreRules(headers=("content-type",)))
    assert found.differences == 0


def test_what_has_no_answer_is_told_by_its_failure() -> None:
    lost = exchange_with(failure=failure_of(FailureKind.TIMEOUT), answered=False)
    found = compare(exchange_with(b"{}"), lost)
    assert found.status == ("200 Reason", "Timed out")
    assert found.note == "The right one has no answer, so there is no body to compare."
    assert [one.change for one in found.headers] == [Change.REMOVED]
    assert compare(lost, lost).note == "Neither has an answer to compare."
    assert compare(lost, lost).differences == 0
    cut = exchange_with(b'{"a', failure=failure_of(FailureKind.CUT))
    assert compare(cut, cut).status[0] == "Answer cut off (200 Reason)"


# --- bodies in files ----------------------------------------------------------------------


async def stored(wire: WireServer, folder: Path, *answers: object) -> list[Exchange]:
    wire.script(*(json_answer(one) for one in answers))
    async with GmsClient(environment(wire), lambda _: None, Keeping(BodyFiles(folder))) as client:
        return [await client.send(create(wire)) for _ in answers]


ROWS = [{"id": n, "text": "x" * 200} for n in range(8_000)]


async def test_large_answers_are_compared_by_structure_from_their_files(
    wire: WireServer, tmp_path: Path
) -> None:
    changed = [*ROWS[:5000], ROWS[5000] | {"text": "y"}, *ROWS[5001:]]
    left, right = await stored(wire, tmp_path, ROWS, changed)
    assert left.response is not None
    assert isinstance(left.response.stored, StoredBody)
    found = compare(left, right, DEFAULT_RULES)
    assert found.differences == 1
    for one in (left, right):
        assert one.response is not None
        assert one.response.stored is not None
        one.response.stored.path.unlink()
    found = compare(left, right)
    assert "The left body cannot be read any more: No such file" in found.note


async def test_what_is_too_large_is_compared_by_size_and_hash(
    wire: WireServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1024**2)
    left, right = await stored(wire, tmp_path, ROWS, [*ROWS, 1])
    found = compare(left, right)
    assert found.body is None
    assert found.differences == 1
    assert found.note == (
        "Bodies of more than 1.0 MiB are compared by size and SHA-256 only. "
        "To see what differs, save both answers and compare the files."
    )
    assert compare(left, left).differences == 0


async def test_the_window_goes_on_while_large_answers_are_compared() -> None:
    """Other threads get their turn all the time: here each is timed between two of its steps."""
    body = json.dumps([{"n": n, "at": [n, {"a": str(n)}]} for n in range(1_500)]).encode()
    exchange, other = exchange_with(body), exchange_with(body.replace(b'"a"', b'"b"'))
    turns = 0
    done = threading.Event()

    def work() -> None:
        compare(exchange, other)
        done.set()

    thread = threading.Thread(target=work)
    began = time.perf_counter()
    thread.start()
    while not done.is_set():
        await asyncio.sleep(0.001)
        turns += 1
    seconds = time.perf_counter() - began
    thread.join()
    assert turns > seconds * 20, f"{turns} turns in {seconds:.1f} s"
