"""`gms-console simulate`: the simulator alone."""

from __future__ import annotations

import math
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from gms_console.cli.exits import Exit
from gms_console.cli.output import write_err, write_out

if TYPE_CHECKING:
    from gms_console.simulator import FaultPlan


_EXAMPLE = """\b
Example:
  gms-console simulate --port 8080 --speed 10 --faults faults.yaml
"""


@click.command("simulate", epilog=_EXAMPLE)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The port on 127.0.0.1; a free one unless given.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    metavar="X",
    help="How fast the clock of the simulator runs: 10 is ten times as fast, ahead of {{$now}}.",
)
@click.option(
    "--faults",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A YAML file that says which requests go wrong, and how.",
)
def simulate(port: int, speed: float, faults: Path | None) -> int:
    """Play a GMS on this machine; the first line printed is its URL."""
    if not math.isfinite(speed):
        raise click.UsageError("--speed is not a number.")
    plan = None if faults is None else _faults(faults)
    if isinstance(plan, Exit):
        return plan
    return _serve(port, speed, plan)


def _faults(path: Path) -> FaultPlan | Exit:
    """Read the fault file; say what is wrong with it."""
    from gms_console.simulator import FaultFileError, load_faults  # noqa: PLC0415 - YAML on demand

    try:
        return load_faults(path)
    except FaultFileError as error:
        write_err(f"Error: {error}")
        return Exit.USAGE
    except OSError as error:
        write_err(f"Error: {path}: {error.strerror or error}")
        return Exit.MISSING_FILE


def _serve(port: int, speed: float, plan: FaultPlan | None) -> Exit:
    from gms_console.simulator import Simulator, SimulatorError  # noqa: PLC0415 - a web server

    simulator = Simulator(port=port, speed=speed, faults=plan)
    with _signals() as caught:
        try:
            simulator.start()
            write_out(f"{simulator.base_url}\n")
            if sys.stderr.isatty():
                write_err("Ctrl+C ends the simulator.")
            simulator.serve_forever()
        except SimulatorError as error:
            write_err(f"Error: {error}")
            return Exit.USAGE
        except KeyboardInterrupt:
            pass  # it came before or after serving
        finally:
            simulator.stop()
    return Exit.INTERRUPTED if signal.SIGINT in caught else Exit.OK


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Give a list that receives SIGINT and SIGTERM when they come; both interrupt."""
    caught: list[int] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        caught.append(number)
        raise KeyboardInterrupt

    found = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    # A shell that starts a command in the background has it ignore Ctrl+C; so it stays.
    before = {n: handler for n, handler in found.items() if handler not in {signal.SIG_IGN, None}}
    for number in before:
        signal.signal(number, interrupt)
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
