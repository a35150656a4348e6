"""`gms-console simulate`: the simulator alone."""

from __future__ import annotations

import gc
import math
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from gms_console.cli.exits import Exit
from gms_console.cli.output import write_err, write_out

if TYPE_CHECKING:
    from gms_console.simulator import Simulator


_EXAMPLE = """\b
Example:
  gms-console simulate --port 8080 --speed 10 --faults faults.yaml
  gms-console simulate --nodes 2 --config simulator.yaml --state demo.db
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
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A YAML file with the options of GMS by section; an edit comes into force by itself.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep instances, chats and stored data in this file, and go on from it.",
)
@click.option(
    "--nodes",
    type=click.IntRange(1, 8),
    default=1,
    show_default=True,
    metavar="N",
    help="So many nodes with one memory; each has a port, the next one if --port is given.",
)
def simulate(**options: Any) -> int:  # noqa: ANN401 - as click gives them
    """Play a GMS on this machine; the first line printed is its URL, one for each node."""
    chosen = _Chosen(**options)
    if not math.isfinite(chosen.speed):
        raise click.UsageError("--speed is not a number.")
    simulator = _prepared(chosen)
    return simulator if isinstance(simulator, Exit) else _serve(simulator)


@dataclass(frozen=True)
class _Chosen:
    """The options of the command, by their names."""

    port: int
    speed: float
    faults: Path | None
    config: Path | None
    state: Path | None
    nodes: int


def _prepared(chosen: _Chosen) -> Simulator | Exit:
    """Read the files that are named; say what is wrong with them."""
    # A web server and YAML, on demand.
    from gms_console.simulator import (  # noqa: PLC0415
        ConfigFileError,
        FaultFileError,
        Simulator,
        load_faults,
    )

    reading = chosen.faults
    try:
        plan = None if chosen.faults is None else load_faults(chosen.faults)
        reading = chosen.config
        return Simulator(
            port=chosen.port,
            speed=chosen.speed,
            faults=plan,
            config=chosen.config,
            nodes=chosen.nodes,
            state=chosen.state,
        )
    except (ConfigFileError, FaultFileError) as error:
        write_err(f"Error: {error}")
        return Exit.USAGE
    except OSError as error:
        write_err(f"Error: {reading}: {error.strerror or error}")
        return Exit.MISSING_FILE


def _serve(simulator: Simulator) -> Exit:
    from gms_console.simulator import SimulatorError  # noqa: PLC0415 - a web server

    reporter = _Reporter(simulator)
    with _signals() as caught:
        try:
            simulator.start()
            # What is loaded by now stays; to go through it again and again would delay answers.
            gc.freeze()
            write_out("".join(f"{url}\n" for url in simulator.node_urls))
            reporter.look()
            if sys.stderr.isatty():
                write_err("Ctrl+C ends the simulator.")
            simulator.serve_forever(watch=reporter.look)
        except SimulatorError as error:
            write_err(f"Error: {error}")
            return Exit.USAGE
        except KeyboardInterrupt:
            pass  # it came before or after serving
        finally:
            simulator.stop()
            reporter.look()
    return Exit.INTERRUPTED if signal.SIGINT in caught else Exit.OK


class _Reporter:
    """Tells each thing once on standard error that goes wrong with a file while it is served."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._told: set[str] = set()

    def look(self) -> None:
        """Tell what is new; what was set right meanwhile is told again when it comes back."""
        config = self._simulator.config
        now = {f"Note: {remark}": None for remark in config.warnings}
        for what in (self._simulator.state_note, self._simulator.state_error):
            now |= {what: None} if what else {}
        if config.error:
            now[f"{config.error}. The configuration before it stays in force."] = None
        for line in now:
            if line not in self._told:
                write_err(line)
        self._told = set(now)


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
