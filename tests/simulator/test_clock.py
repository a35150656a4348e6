from datetime import UTC, datetime

import pytest

from gms_console.simulator.world.clock import Clock


def test_a_paused_clock_moves_by_steps_alone_and_goes_on_from_there() -> None:
    clock = Clock(speed=1000, start=datetime(2025, 6, 2, 10, tzinfo=UTC))
    while clock.now() < 5:
        pass
    clock.pause()
    clock.pause()
    stands = clock.now()
    assert (clock.paused, clock.speed) == (True, 1000)
    clock.step(2.5)
    clock.advance(1)
    clock.speed = 500
    assert clock.now() == stands + 3.5
    assert clock.at(clock.utc()) == pytest.approx(stands + 3.5, abs=1e-5)
    clock.resume()
    assert (clock.paused, clock.speed) == (False, 500)
    assert clock.now() >= stands + 3.5
    while clock.now() < stands + 10:
        pass
    for seconds in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="advance"):
            clock.step(seconds)


def test_a_clock_never_shows_what_nobody_can_reckon_with() -> None:
    clock = Clock(start=datetime(2025, 6, 2, 10, tzinfo=UTC))
    clock.pause()
    clock.restore(datetime(2025, 6, 3, tzinfo=UTC), 7.0)
    for start, reading in (
        (clock.moment(0), float("nan")),
        (clock.moment(0), float("inf")),
        (clock.moment(0), -1.0),
        (datetime.max.replace(tzinfo=UTC), 1.0),
    ):
        with pytest.raises(ValueError, match="a clock cannot"):
            clock.restore(start, reading)
    assert (clock.moment(0), clock.now()) == (datetime(2025, 6, 3, tzinfo=UTC), 7)
    for _ in range(2):
        clock.step(1.7e308)
    assert clock.now() == 1e15
    assert clock.utc().year == 3024
