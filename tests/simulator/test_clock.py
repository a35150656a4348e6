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
