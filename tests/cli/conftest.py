"""Runs the command in this process or as a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gms_console.cli.app import run
from tests.support.wire_server import WireServer

COMMAND = [sys.executable, "-m", "gms_console"]


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that stands on standard output, as strict JSON."""
        data: dict[str, Any] = json.loads(self.out, parse_constant=pytest.fail)
        return data


Cli = Callable[..., Ended]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(autouse=True)
def _a_home_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("GMS_CONSOLE_URL", raising=False)
    monkeypatch.setenv("GMS_CONSOLE_HOME", str(tmp_path / "home"))


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as server:
        yield server


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run the command in this process."""

    def call(*arguments: object) -> Ended:
        code = run([str(argument) for argument in arguments])
        return Ended(code, *capsys.readouterr())

    return call


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the command as a process; whatever still runs at the end is killed."""
    with ExitStack() as ends:
        before = signal.getsignal(signal.SIGINT)
        if before is signal.SIG_IGN:  # a process would inherit that, and Ctrl+C do nothing
            signal.signal(signal.SIGINT, signal.default_int_handler)
            ends.callback(signal.signal, signal.SIGINT, before)

        def begin(*arguments: object, **options: Any) -> subprocess.Popen[str]:
            pipes = {"stdin": subprocess.DEVNULL} | dict.fromkeys(
                ("stdout", "stderr"), subprocess.PIPE
            )
            process = subprocess.Popen(
                [*COMMAND, *map(str, arguments)],
                **(pipes | options),
                encoding="utf-8",
                env={**os.environ, "PYTHONWARNINGS": "error"},
            )
            ends.enter_context(process)
            ends.callback(process.kill)
            return process

        yield begin


def finish(process: subprocess.Popen[str]) -> Ended:
    """Wait for a process to end."""
    out, err = process.communicate(timeout=20)
    return Ended(process.returncode, out or "", err or "")
