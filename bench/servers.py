"""Starts the servers that are talked to, each in a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from bench.timing import ROOT, BenchError, Command, environment, python


@contextmanager
def simulator(speed: float = 1.0, *options: str) -> Iterator[str]:
    """Run the simulator; gives its base URL."""
    with _serving(python("gms_console", "simulate", "--speed", f"{speed:g}", *options)) as url:
        yield url


@contextmanager
def bare_service() -> Iterator[str]:
    """Run a server that has one answer to everything; gives its base URL."""
    with _serving(python("bench.children.bare_service")) as url:
        yield url


@contextmanager
def sink() -> Iterator[str]:
    """Run a server that reads bodies of any size and keeps none; gives its URL."""
    with _serving(python("bench.children.wire_sink")) as url:
        yield url


@contextmanager
def slow_sink() -> Iterator[str]:
    """Run a server that takes bodies in as a line of limited speed does; gives its URL."""
    with _serving(python("bench.children.slow_sink")) as url:
        yield url


@contextmanager
def answers(body: str) -> Iterator[str]:
    """Run a server that answers with a large body, see `children.answer_server`; gives its URL."""
    with _serving(python("bench.children.answer_server", body)) as url:
        yield url


@contextmanager
def _serving(command: Command) -> Iterator[str]:
    process = subprocess.Popen(
        command.arguments,
        cwd=ROOT,
        env=environment(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            url = process.stdout.readline().strip() if process.stdout is not None else ""
            if not url:
                raise BenchError(f"{' '.join(command.arguments)} did not start")
            yield url
        finally:
            process.terminate()
