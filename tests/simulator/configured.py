"""Simulators with a configuration of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gms_console.simulator import Simulator

MONDAY = datetime(2025, 6, 2, 10, tzinfo=UTC)


@contextmanager
def configured(folder: Path, text: str) -> Iterator[Simulator]:
    """A simulator on a Monday at ten with such a file; its time moves only by `clock.advance`."""
    path = folder / "my simulator.yaml"
    path.write_text(text, "utf-8")
    with Simulator(speed=0.000001, start_time=MONDAY, config=path) as running:
        yield running
