from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from gms_console.simulator import Simulator


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture
def still() -> Iterator[Simulator]:
    """A simulator on a Monday at ten, whose time moves only by `clock.advance`."""
    with Simulator(speed=0.000001, start_time=datetime(2025, 6, 2, 10, tzinfo=UTC)) as running:
        yield running
