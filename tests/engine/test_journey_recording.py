"""A session is recorded as it goes on, and played again from any place, with no server."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gms_console.catalogue import builtin_catalogue
from gms_console.journey.events import Captioned, Noted, Placed, Sent
from gms_console.journey.player import SNAPSHOT_EVERY, Player
from gms_console.journey.recording import (
    MOST_BODY,
    Head,
    Recorder,
    Recording,
    RecordingError,
    Timed,
    read_recording,
)
from gms_console.model.form import Form
from tests.engine.helpers import exchange_with
from tests.engine.journeys import CODE, COOKIE, MAIL, NUMBER, PASSWORD, callback_story, story
from tests.support.wire_server import WireServer

STARTED = datetime(2026, 11, 27, 10, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def recorded(wire: WireServer, file: Path, *, masked: bool = True) -> list[object]:
    """Record a callback, five seconds to a request; give the steps as they were told live."""
    clock = Clock()
    recorder = Recorder(file, Head(STARTED, "Lab", "one", masked), [PASSWORD], clock=clock)
    try:
        async with story(wire) as told:

            def write(event: object) -> None:
                clock.now += 5
                recorder.add(event)  # type: ignore[arg-type]

            told.listeners.append(write)
            told.take(Captioned("She taps the button"))
            await callback_story(told, wire)
            told.take(Noted("The agent picks up", STARTED))
    finally:
        await asyncio.to_thread(recorder.close)
    assert recorder.trouble == ""
    return [(one.actor, one.caption, one.detail, one.state) for one in told.journey.steps]


async def test_what_was_recorded_is_told_again_and_holds_no_secret(
    wire: WireServer, tmp_path: Path
) -> None:
    file = tmp_path / "one.gms-recording"
    live = await recorded(wire, file)
    text = file.read_text("utf-8")
    assert [one for one in (NUMBER, "6504669999", MAIL, PASSWORD, COOKIE) if one in text] == []
    assert "[phone-1]" in text
    recording = read_recording(file)
    assert (recording.head.environment, recording.head.masked, recording.note) == ("Lab", True, "")
    assert "Recording of 27 Nov 2026" in recording.head.title
    assert [one.at for one in recording.events] == [5.0 * n for n in range(1, 9)]
    player = Player(recording, builtin_catalogue())
    player.seek(player.duration)
    journey = player.journey
    assert [(one.actor, one.caption, one.detail, one.state) for one in journey.steps] == live
    assert journey.current is not None
    assert journey.current.screen is not None
    # Its events stand for what was sent: with its bytes, headers in order, and times.
    sent = [one.event.exchange for one in recording.events if isinstance(one.event, Sent)]
    assert [one.request.method for one in sent] == ["POST"] * 6
    assert all(one.response is not None and one.response.status == 200 for one in sent)
    # Customer data is kept only where a person said so; secrets never.
    plain = tmp_path / "plain.gms-recording"
    await recorded(wire, plain, masked=False)
    text = plain.read_text("utf-8")
    assert NUMBER in text
    assert MAIL in text
    assert [one for one in (PASSWORD, COOKIE) if one in text] == []
    assert CODE in text  # an access code ends with its booking, and opens nothing else


async def test_a_player_goes_by_its_clock_and_to_any_place(
    wire: WireServer, tmp_path: Path
) -> None:
    file = tmp_path / "one.gms-recording"
    await recorded(wire, file)
    clock = Clock()
    player = Player(read_recording(file), builtin_catalogue(), clock)
    assert (player.position, player.journey.count, player.playing) == (0.0, 0, False)
    assert list(player.marks) == [10.0, 15.0, 25.0, 30.0, 35.0, 40.0]
    player.play()
    clock.now += 10
    assert player.advance()
    assert (player.position, player.journey.count) == (10.0, 1)
    player.set_speed(4)
    clock.now += 1.5
    player.advance()
    assert (player.position, player.journey.count) == (16.0, 2)
    player.faster(-1)
    assert player.speed == 2
    player.pause()
    clock.now += 100
    assert not player.advance()
    assert player.position == 16.0
    # From step to step, forth and back.
    player.step(1)
    assert (player.position, player.journey.count) == (25.0, 3)
    player.step(-1)
    assert (player.position, player.journey.count) == (15.0, 2)
    player.seek(-3)
    assert (player.position, player.journey.count) == (0.0, 0)
    # No wait is longer than two seconds: the whole takes sixteen.
    player.set_speed(1)
    player.set_short_waits(on=True)
    player.play()
    clock.now += 15.9
    player.advance()
    assert player.playing
    assert 39 < player.position < 40
    clock.now += 0.2
    player.advance()
    assert (player.position, player.playing, player.at_end) == (40.0, False, True)
    # Played from its end, it begins anew.
    player.play()
    assert (player.position, player.playing) == (0.0, True)


def test_a_seek_goes_on_from_a_snapshot() -> None:
    count = SNAPSHOT_EVERY * 3 + 5
    notes = tuple(Timed(n * 0.5, Noted(f"note {n}", STARTED)) for n in range(count))
    player = Player(Recording(Head(STARTED, "Lab"), notes))
    for place in (count - 1, 3, SNAPSHOT_EVERY, SNAPSHOT_EVERY * 2 + 1, SNAPSHOT_EVERY - 1, 0):
        player.seek(place * 0.5)
        assert player.journey.count == place + 1
        assert player.journey.steps[-1].caption == f"note {place}"


def test_a_recording_of_many_customers_stays_small_and_can_be_about_one(tmp_path: Path) -> None:
    file = tmp_path / "many.gms-recording"
    clock = Clock()
    recorder = Recorder(file, Head(STARTED, "Lab", "many"), clock=clock)
    for number in range(SNAPSHOT_EVERY + 10):
        if number == 1:
            clock.now += 0.5
            recorder.add(Placed("Simulator"))
            clock.now -= 0.5
        answer = json.dumps({"_id": f"C-{number % 70}", "status": f"s{number}"}).encode()
        clock.now += 1
        recorder.add(Sent(exchange_with(answer, service="own")))
    recorder.close()
    recording = read_recording(file)
    player = Player(recording, builtin_catalogue())
    assert len(player.customers) == 70
    # Where nothing happens to a customer, two journeys have the same one.
    player.seek(player.duration)
    assert player.journey.customers["C-69"] is player.customers["C-69"]
    assert player.journey.customers["C-60"] is not player.customers["C-60"]
    assert player.journey.place == "Simulator"
    assert recording.head.title_at(player.journey.place).endswith(" · Simulator · many")
    player.seek(1.0)
    assert (player.journey.place, player.journey.count) == ("", 2)
    assert recording.head.title_at("").endswith(" · Lab · many")
    # Followed, a customer has marks of its own, and the keys go from one to the next.
    player.follow("C-3")
    assert list(player.marks) == [4.0, 74.0]
    player.seek(0.0)
    player.step(1)
    player.step(1)
    assert (player.position, player.journey.customers["C-3"].state) == (74.0, "s73")
    player.follow("")
    assert len(player.marks) == SNAPSHOT_EVERY + 10


def test_a_long_recording_keeps_a_bounded_number_of_journeys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gms_console.journey.player.MOST_SNAPSHOTS", 2)
    count = SNAPSHOT_EVERY * 5
    notes = tuple(Timed(n * 0.5, Noted(f"note {n}", STARTED)) for n in range(count))
    player = Player(Recording(Head(STARTED, "Lab"), notes))
    assert len(player._snapshots) == 2
    for place in (count - 1, 3, count // 2, count // 2 - 1, 0):
        player.seek(place * 0.5)
        assert player.journey.steps[-1].caption == f"note {place}"
    # What cannot be opened again is not written: the file ends while it can.
    monkeypatch.setattr("gms_console.journey.recording.MOST_FILE", 1024 * 1024)
    troubles: list[str] = []
    file = tmp_path / "full.gms-recording"
    recorder = Recorder(file, Head(STARTED, "Lab"), on_trouble=troubles.append)
    for number in range(5):
        recorder.add(Noted(f"{number}{'x' * 300_000}", STARTED))
    recorder.close()
    assert troubles == ["full.gms-recording is 1 MiB long, and takes no more."]
    assert len(read_recording(file).events) == 3
    # So it is with a disk that is full, where there is a file that stands for one.
    if Path("/dev/full").exists():
        recorder = Recorder(Path("/dev/full"), Head(STARTED, "Lab"), on_trouble=troubles.append)
        recorder.add(Noted("more", STARTED))
        recorder.close()
        assert len(troubles) == 2
        assert "full could not be written on" in troubles[-1]


def test_a_long_body_is_cut_but_its_answer_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = MOST_BODY * 2
    monkeypatch.setattr("gms_console.journey.recording.MOST_LINE", longest)
    file = tmp_path / "long.gms-recording"
    body = json.dumps({"_id": "A-9", "status": "queued", "rest": ["x" * 50] * 20_000}).encode()
    recorder = Recorder(file, Head(STARTED, "Lab"))
    recorder.add(Sent(exchange_with(body, service="own")))
    long = exchange_with(b"{}")
    rows = Form.of(("text", "y" * longest))
    recorder.add(Sent(replace(long, request=replace(long.request, form=rows))))
    recorder.close()
    assert recorder.trouble == ""
    assert file.stat().st_size < MOST_BODY * 2
    player = Player(read_recording(file))
    player.seek(player.duration)
    assert player.journey.steps[-1].caption == "A request that is too long for a recording was sent"
    player.seek(player.duration)
    assert player.journey.current is not None
    assert (player.journey.current.id, player.journey.current.state) == ("A-9", "queued")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda _: [], "is no recording of GMS Console"),
        (lambda lines: ["{}", *lines[1:]], "is no recording of GMS Console"),
        (lambda _: ['{"gms-recording": 9}'], "made by a later version"),
        (lambda _: ['{"gms-recording": 1, "started": "x"}'], "line 1: it is damaged"),
        (lambda lines: [*lines[:2], "{oops", *lines[2:]], "line 3: it is damaged"),
        (lambda lines: [lines[0], '{"at": -1, "note": "x"}', ""], "The time -1 is none"),
        (lambda lines: [lines[0], '{"at": 1}', ""], "neither an exchange nor a caption"),
        (lambda lines: [lines[0], '{"at": 1, "exchange": {}}', ""], "It has no operation"),
        (lambda lines: [lines[0], "[]", ""], "line 2: it is damaged"),
    ],
    ids=["empty", "other", "later", "head", "middle", "time", "nothing", "exchange", "list"],
)
def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path, damage: object, said: str) -> None:
    file = tmp_path / "bad.gms-recording"
    recorder = Recorder(file, Head(STARTED, "Lab"))
    for number in range(3):
        recorder.add(Noted(f"note {number}", STARTED))
    recorder.close()
    lines = file.read_text("utf-8").split("\n")
    file.write_text("\n".join(damage(lines)), "utf-8")  # type: ignore[operator]
    with pytest.raises(RecordingError, match=r"bad\.gms-recording") as caught:
        read_recording(file)
    assert said in str(caught.value)


def test_a_crash_loses_no_more_than_the_line_that_was_being_written(tmp_path: Path) -> None:
    file = tmp_path / "cut.gms-recording"
    recorder = Recorder(file, Head(STARTED, "Lab"))
    for number in range(3):
        recorder.add(Noted(f"note {number}", STARTED))
    recorder.close()
    file.write_bytes(file.read_bytes()[:-9])
    recording = read_recording(file)
    assert len(recording.events) == 2
    assert "cut off" in recording.note
