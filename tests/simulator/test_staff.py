"""The agents: who is served when, however far the clock jumps."""

import heapq
import math
import random

import pytest

from gms_console.simulator.config.sections import Sections
from gms_console.simulator.world.clock import Clock
from gms_console.simulator.world.controls import Controls
from gms_console.simulator.world.staff import Activity, Freed, Staff, agent_names


@pytest.fixture
def clock() -> Clock:
    stopped = Clock()
    stopped.pause()
    return stopped


@pytest.fixture
def controls(clock: Clock) -> Controls:
    return Controls(clock)


def staff_of(controls: Controls, *names: str) -> Staff:
    return Staff(controls, names, 0.0)


def test_one_who_waits_is_served_in_turn_by_whoever_is_free_longest(controls: Controls) -> None:
    staff = staff_of(controls, "Kim", "Sam")
    turns = {key: staff.wait(key, since, since + 10, 30) for since, key in enumerate("abcd")}
    assert [turn.key for turn in staff.queue(3)] == ["a", "b", "c", "d"]
    assert [staff.place_of(key, 3) for key in "abcd"] == [1, 2, 3, 4]
    assert staff.place_of("x", 3) == 0
    # Two agents: a at 10, b at 11, then c and d as these end.
    assert [turns[key].seconds_left(3) for key in "ab"] == [7, 8]
    assert turns["c"].ready(9.9) == math.inf
    far = 1000.0
    assert [turns[key].ready(far) for key in "abcd"] == [10, 11, 40, 41]
    assert [turns[key].agent for key in "abcd"] == ["Kim", "Sam", "Kim", "Sam"]
    assert staff.queue(far) == []
    assert {agent.state for agent in staff.agents(far)} == {Activity.FREE}
    assert [agent.since for agent in staff.agents(far)] == [70, 71]


def test_of_those_who_are_due_at_once_the_longest_waiting_comes_first(controls: Controls) -> None:
    staff = staff_of(controls, "Kim")
    later = staff.wait("later", 5, 10, 30)
    first = staff.wait("first", 1, 10, 30)
    assert (first.ready(100), later.ready(100)) == (10, 40)


def test_who_leaves_makes_room_and_who_is_held_keeps_the_agent(controls: Controls) -> None:
    staff = staff_of(controls, "Kim")
    first, second, third = (staff.wait(key, 0, 0, 20) for key in "abc")
    assert (first.ready(0), staff.assigned("a", 0), staff.assigned("b", 0)) == (0, "Kim", "")
    first.hold(100, 5)
    assert second.ready(99) == math.inf
    assert second.seconds_left(99) == 1
    staff.leave("b", 99)
    assert (second.over, staff.place_of("c", 99)) == (True, 1)
    staff.release("a", 99.5)
    assert third.ready(100) == 99.5
    # One with an end of its own leaves the queue by itself.
    fourth = staff.wait("d", 100, 100, 20)
    fourth.hold(110, 100)
    assert staff.waiting(109) == 1
    assert (staff.waiting(111), fourth.ready(500)) == (0, math.inf)
    assert staff.wait("c", 500, 500, 1).ready(500) == 500


def test_agent_free_now_serves_the_longest_waiting_at_once(controls: Controls) -> None:
    staff = staff_of(controls, "Kim", "Sam")
    assert staff.agent_free_now(0) is None
    for since, key in enumerate("abcd"):
        staff.wait(key, since, since + 100, 1000)
    staff.wait("later", 50, 60, 10)
    assert staff.agent_free_now(5) == Freed("a")
    staff.set_away("Sam", True, 6)
    # Kim is the only one there, and busy: the call with a ends.
    assert staff.agent_free_now(7) == Freed("b", ended="a")
    assert [agent.state for agent in staff.agents(7)] == [Activity.BUSY, Activity.AWAY]
    staff.leave("b", 8)
    staff.set_away("Kim", True, 8)
    assert staff.agent_free_now(9) == Freed("c")
    assert staff.assigned("c", 9) == "Sam"
    assert [turn.key for turn in staff.queue(9)] == ["d"]
    left = staff.turn("d")
    assert left is not None
    assert left.seconds_left(9) == 1009 - 9
    with pytest.raises(KeyError):
        staff.set_away("Nobody", True, 9)


def test_who_goes_away_ends_the_turn_first(controls: Controls) -> None:
    staff = staff_of(controls, "Kim")
    staff.wait("a", 0, 0, 20)
    waits = staff.wait("b", 1, 1, 20)
    staff.set_away("Kim", True, 10)
    assert staff.agents(10)[0].state is Activity.BUSY
    assert waits.ready(30) == math.inf
    assert staff.agents(30)[0].state is Activity.AWAY
    assert waits.seconds_left(30) is None
    staff.set_away("Kim", False, 31)
    assert waits.ready(31) == 31


def test_a_suspended_service_is_passed_over_until_it_goes_on(
    clock: Clock, controls: Controls
) -> None:
    staff = staff_of(controls, "Kim")
    early = staff.wait("early", 0, 10, 100, group="callme")
    other = staff.wait("other", 5, 15, 100, group="chat")
    clock.advance(4)
    controls.suspend("callme")
    clock.advance(46)
    assert (early.ready(50), other.ready(50)) == (math.inf, 15)
    assert early.seconds_left(50) is None
    assert staff.agent_free_now(50) is None
    clock.advance(10)
    controls.resume("callme")
    # 56 seconds of pause put the tenth second off to the 66th; then Kim is busy until 115.
    assert early.seconds_left(60) == 55
    assert early.ready(1000) == 115


def test_another_configuration_has_other_agents(controls: Controls) -> None:
    assert agent_names(Sections({"agents": {"names": "Ann, Bob, Ann"}})) == ("Ann", "Bob")
    assert agent_names(Sections({}))[:2] == ("Kim", "Alex")
    assert agent_names(Sections({"agents": {"count": "21"}}))[-2:] == ("Zoe", "Agent 21")
    staff = staff_of(controls, "Kim", "Sam")
    staff.wait("a", 0, 0, 20)
    staff.wait("b", 0, 30, 20)
    staff.employ(("Sam", "Ann"), 10)
    assert {agent.name for agent in staff.agents(10)} == {"Kim", "Sam", "Ann"}
    assert [agent.name for agent in staff.agents(25)] == ["Sam", "Ann"]
    assert staff.assigned("b", 30) == "Sam"


def test_turns_outlast_a_restart(controls: Controls) -> None:
    staff = staff_of(controls, "Kim", "Sam")
    turns = [staff.wait(key, 0, 0, 50) for key in "abc"]
    staff.settle(10)
    again = staff_of(controls, "Kim", "Sam")
    for turn in turns:
        again.take_back(turn)
    assert [again.assigned(key, 10) for key in "abc"] == ["Kim", "Sam", ""]
    assert turns[2].ready(60) == 50


def test_a_thousand_waiting_are_served_as_a_plain_queue_would(controls: Controls) -> None:
    chance = random.Random(7)
    staff = Staff(controls, now=0.0)
    arrivals = sorted(chance.uniform(0, 2000) for _ in range(1000))
    lengths = [chance.uniform(5, 60) for _ in arrivals]
    turns = [
        staff.wait(str(index), since, since, seconds)
        for index, (since, seconds) in enumerate(zip(arrivals, lengths, strict=True))
    ]
    free = [0.0] * 20
    expected = []
    for since, seconds in zip(arrivals, lengths, strict=True):
        start = max(since, heapq.heappop(free))
        heapq.heappush(free, start + seconds)
        expected.append(start)
    assert [turn.ready(1e6) for turn in turns] == pytest.approx(expected)
    assert expected != arrivals
