"""Simulators with a configuration of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gms_console.simulator import Simulator
from gms_console.simulator.files.nodes import YamlFileError

MONDAY = datetime(2025, 6, 2, 10, tzinfo=UTC)


@contextmanager
def configured(folder: Path, text: str) -> Iterator[Simulator]:
    """A simulator on a Monday at ten with such a file; its time moves only by `clock.advance`."""
    path = folder / "my simulator.yaml"
    path.write_text(text, "utf-8")
    with Simulator(speed=0.000001, start_time=MONDAY, config=path) as running:
        yield running


def check_refusal(error: YamlFileError, path: Path, at: tuple[int, int], *said: str) -> None:
    """Check that a file is refused where it is wrong, with what was found and expected there."""
    found, expected = said
    assert found in error.found
    assert expected in error.expected
    assert (error.line, error.column) == at
    assert str(error).startswith(f"{path}, line {at[0]}, column {at[1]}: found ")
