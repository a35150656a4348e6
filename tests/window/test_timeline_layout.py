"""Where things stand on the state timeline, which part of it is shown, and how states look."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.catalogue import Tone
from gms_console.poll import Poll, PollPlan
from gms_console.ui.panes.state_looks import StateLooks
from gms_console.ui.panes.timeline_layout import (
    ALL,
    Axis,
    Lanes,
    Track,
    Zoom,
    lay_out,
    nearest,
    round_scale,
)
from gms_console.ui.panes.timeline_words import mark_text
from gms_console.ui.theme import DARK, LIGHT, Colours
from tests.window.test_accessibility import contrast
from tests.window.timelines import START, TEN, kind_of, poll_of

# --- places ---------------------------------------------------------------------------------


def test_times_are_placed_in_proportion() -> None:
    layout = lay_out(TEN, 10, 1000)
    assert [tick.x for tick in layout.ticks] == pytest.approx([10, 210, 410, 610, 810])
    assert [tick.attempt.number for tick in layout.ticks] == [1, 2, 3, 4, 5]
    assert [tick.latency for tick in layout.ticks] == pytest.approx([0.2, 0.8, 0.4, 0.4, 0.1])
    assert (layout.slowest, layout.scale) == (40, 50)


def test_a_state_lasts_until_the_next_one_is_seen() -> None:
    first, second = lay_out(TEN, 10, 1000).spans
    assert (first.state, first.left, first.right, first.seconds) == ("waiting", 10, 610, 6)
    assert (second.state, second.left, second.right, second.seconds) == ("ready", 610, 1010, 4)
    assert (first.attempts, second.attempts) == (2, 2)


def test_an_ended_poll_has_no_now_and_a_running_one_has() -> None:
    assert lay_out(TEN, 10, 1000).now is None
    poll = poll_of((0, 10, "waiting"))
    poll.started = datetime.now(UTC) - timedelta(seconds=20)
    now = lay_out(poll, 10, 1000).now
    assert now is not None
    assert 900 < now < 1010


def test_a_short_poll_does_not_fill_the_axis() -> None:
    layout = lay_out(poll_of((0, 1, "waiting"), ended=2), 0, 500)
    assert layout.spans[0].right == pytest.approx(200)


def test_a_state_seen_for_no_time_can_still_be_seen() -> None:
    layout = lay_out(poll_of((0, 1, "a"), (5, 1, "b"), (5, 1, "c"), ended=10), 0, 500)
    assert layout.spans[1].right - layout.spans[1].left == pytest.approx(3)


@pytest.mark.parametrize("width", [200, 500, 1500])
def test_the_state_that_ended_a_poll_has_room_for_its_name(width: float) -> None:
    layout = lay_out(poll_of((0, 1, "a"), (10, 1, "ready"), ended=10), 10, width)
    last = layout.spans[-1]
    assert last.right - last.left >= min(130, width * 0.3) - 0.01
    assert last.right <= 10 + width + 0.01


def test_a_poll_without_attempts_is_empty() -> None:
    layout = lay_out(poll_of(), 10, 500)
    assert (layout.spans, layout.ticks, layout.slowest) == ((), (), 0)
    never = Poll(cast("Any", None), PollPlan())
    assert lay_out(never, 10, 500).now is None


@given(
    seconds=st.lists(st.floats(0, 5000), min_size=1, max_size=40).map(sorted),
    states=st.lists(st.sampled_from(["a", "b", "c", None]), min_size=40, max_size=40),
    width=st.floats(180, 3000),
    after=st.floats(0, 100),
)
def test_whatever_was_seen_is_in_order_and_inside(
    seconds: list[float], states: list[str | None], width: float, after: float
) -> None:
    seen = [(at, 1.0, state) for at, state in zip(seconds, states, strict=False)]
    layout = lay_out(poll_of(*seen, ended=seconds[-1] + after), 10, width)
    places = [tick.x for tick in layout.ticks]
    assert places == sorted(places)
    assert all(10 <= x <= 10 + width + 0.01 for x in places)
    for one, following in pairwise(layout.spans):
        assert one.left <= following.left
        assert one.state != following.state or None in states
    marks = [x for x, _ in layout.marks]
    gaps = [right - left for left, right in pairwise(marks)]
    assert all(gap >= 69.9 for gap in gaps)
    assert marks[0] == 10
    assert marks[-1] <= 10 + width + 0.01


# --- zoom, without a widget -------------------------------------------------------------------


def axis_of(poll: Poll, zoom: Zoom = ALL) -> Axis:
    return lay_out(poll, 10, 1000, zoom=zoom).axis


@given(factor=st.floats(0.2, 20), x=st.floats(10, 1010))
def test_zoom_keeps_what_is_under_the_pointer(factor: float, x: float) -> None:
    long = poll_of(*((second, 10, "waiting") for second in range(100)), ended=100)
    begun = axis_of(long, Zoom(length=20, first=40, follows=False))
    zoom = begun.zoomed(factor, x)
    after = axis_of(long, zoom)
    at_edge = zoom.first == 0 or zoom.follows or zoom.length is None
    assert at_edge or after.seconds(x) == pytest.approx(begun.seconds(x), abs=0.01)
    assert after.first >= 0
    assert after.first + after.length <= after.whole + 0.01


def test_zooming_out_far_enough_shows_all_again() -> None:
    axis = axis_of(TEN)
    assert axis.zoomed(0.5, 400) == ALL
    close = axis_of(TEN, axis.zoomed(4, 400))
    assert close.length == pytest.approx(2.5)
    assert close.zoomed(1 / 4, 400) == ALL


def test_no_zoom_is_closer_than_half_a_second() -> None:
    assert axis_of(TEN).zoomed(1e6, 400).length == 0.5


def test_a_part_can_be_moved_to_both_ends_and_no_further() -> None:
    close = axis_of(TEN, Zoom(length=2, first=4, follows=False))
    assert close.panned(500) == Zoom(length=2, first=3, follows=False)
    assert close.panned(5000) == Zoom(length=2, first=0, follows=False)
    assert close.panned(-5000) == Zoom(length=2, first=8, follows=True)
    assert axis_of(TEN).panned(500) == ALL


def test_the_right_edge_follows_a_poll_that_runs() -> None:
    poll = poll_of(*((second, 10, "waiting") for second in range(30)))

    def now(second: float, zoom: Zoom) -> float | None:
        moment = START + timedelta(seconds=second)
        found: float | None = lay_out(poll, 10, 1000, zoom=zoom, now=moment).now
        return found

    follows = Zoom(length=5)
    assert now(30, follows) == pytest.approx(now(60, follows))
    assert now(30, follows) == pytest.approx(953.4, abs=0.1)
    held = Zoom(length=10, first=20.3, follows=False)
    assert now(30, held) == pytest.approx(980)
    assert now(60, held) is None


def test_only_what_can_be_seen_is_laid_out() -> None:
    poll = poll_of(*((second, 10, f"s{second // 10}") for second in range(1000)), ended=1000)
    layout = lay_out(poll, 0, 1000, zoom=Zoom(length=20, first=500, follows=False))
    assert [tick.attempt.number for tick in layout.ticks] == list(range(500, 523))
    assert [span.state for span in layout.spans] == ["s50", "s51", "s52"]
    assert [seconds for _, seconds in layout.marks] == list(range(500, 521, 2))


def test_ticks_closer_than_can_be_told_apart_are_one_and_a_fault_shows() -> None:
    seen = [(n / 10, 500.0 if n == 7 else 10.0, None if n == 8 else "a") for n in range(2000)]
    layout = lay_out(poll_of(*seen, ended=200), 0, 400)
    assert len(layout.ticks) <= 200
    assert sum(tick.count for tick in layout.ticks) == 2000
    assert layout.ticks[0].attempt.number == 9
    assert layout.ticks[0].latency == 1
    assert all(right.x - left.x >= 1.99 for left, right in pairwise(layout.ticks))


def test_states_too_short_to_tell_apart_are_one_box() -> None:
    seen = [(n / 10, 10.0, "ab"[n % 2]) for n in range(2000)] + [(200.0, 10.0, "end")]
    layout = lay_out(poll_of(*seen, ended=300), 0, 400)
    assert len(layout.spans) <= 200
    assert sum(span.count for span in layout.spans) == 2001
    assert (layout.spans[-1].state, layout.spans[-1].count) == ("end", 1)


def test_a_clock_that_was_set_back_turns_no_order_round() -> None:
    layout = lay_out(poll_of((0, 1, "a"), (9, 1, "a"), (3, 1, "b"), (10, 1, "b"), ended=10), 0, 500)
    places = [tick.x for tick in layout.ticks]
    assert places == sorted(places)


def test_a_track_grows_with_its_poll() -> None:
    poll = poll_of((0, 1, "a"), (1, 1, None))
    track = Track(poll)
    track.catch_up()
    grown = poll_of((0, 1, "a"), (1, 1, None), (2, 1, "b"))
    poll.timeline.add(grown.timeline.attempts[2])
    track.catch_up()
    track.catch_up()
    assert (track.at, track.faults, track.span_at) == ([0, 1, 2], [1], [0, 2])


def test_among_ticks_that_touch_the_fault_is_nearest() -> None:
    poll = poll_of(*((n / 10, 10.0, None if n == 50 else "a") for n in range(101)), ended=10)
    track = Track(poll)
    axis = lay_out(poll, 0, 200, track=track).axis
    fault = axis.x(5.0)
    assert nearest(track, axis, fault + 2) == 50
    assert nearest(track, axis, fault + 8) == 54
    assert nearest(track, axis, axis.x(10.0) + 20) == -1


@pytest.mark.parametrize(
    ("slowest", "scale"), [(0, 1), (1, 1), (1.5, 2), (4, 5), (40, 50), (51, 100), (31_000, 50_000)]
)
def test_the_scale_of_latency_is_round(slowest: float, scale: float) -> None:
    assert round_scale(slowest) == scale


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (0.2, "0.2 s"), (59.5, "59.5 s"), (60, "1:00"), (90.5, "1:30.5"),
     (3599, "59:59"), (3725, "1:02:05")],
)  # fmt: skip
def test_marks_of_the_axis(seconds: float, text: str) -> None:
    assert mark_text(seconds) == text


@pytest.mark.parametrize("height", [100, 170, 500])
def test_rows_stand_below_each_other(height: int) -> None:
    lanes = Lanes.of(height, 13)
    assert lanes.span_top + lanes.span_height < lanes.tick_top
    assert lanes.tick_top + lanes.tick_height < lanes.line_top
    assert lanes.line_height >= 15
    assert lanes.line_top + lanes.line_height < lanes.axis_top
    assert lanes.axis_top + 13 <= height


# --- how states look --------------------------------------------------------------------------


FIVE = kind_of(
    queued=Tone.WAITING, routing=Tone.BUSY, talking=Tone.BUSY, ready=Tone.GOOD, failed=Tone.BAD
)


def test_a_known_state_has_the_colour_of_its_tone() -> None:
    looks = StateLooks(FIVE)
    for name, tone in (("queued", "waiting"), ("ready", "good"), ("failed", "bad")):
        assert looks.look(name).ground == LIGHT.tones[tone][0]
    busy = [looks.look("routing").ground, looks.look("talking").ground]
    assert busy == list(LIGHT.tones["busy"][:2])


def test_colour_is_not_all_there_is_to_tell_tones_apart() -> None:
    looks = [StateLooks(FIVE).look(name) for name in ("queued", "routing", "ready", "failed", "?")]
    assert len({(look.pattern, look.mark) for look in looks}) == 5


def test_an_unknown_state_keeps_its_colour_and_shares_none() -> None:
    names = [f"own-state-{number}" for number in range(5)]
    looks = StateLooks(FIVE)
    grounds = [looks.look(name).ground for name in names]
    assert len(set(grounds)) == 5
    assert [looks.look(name).ground for name in names] == grounds
    assert StateLooks().look(names[0]).ground == grounds[0]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_white_can_be_read_on_every_tone(scheme: Colours) -> None:
    grounds = [ground for tone in scheme.tones.values() for ground in tone]
    assert [ground for ground in grounds if contrast("#ffffff", ground) < 4.5] == []
    assert len({*grounds, *scheme.states}) == len(grounds) + len(scheme.states)
