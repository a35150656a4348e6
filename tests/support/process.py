"""Programs of the system that a test starts on loopback, and ends again."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PATIENCE = 10.0
"""Seconds within which a program has to listen."""


def program(name: str, package: str) -> str:
    """Find a program; skip the test where it is not installed."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        pytest.skip(f"needs {name} (Debian package {package})")
    return found


@contextmanager
def running(
    command: list[str], ports: tuple[int, ...], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program that listens on these ports until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        for port in ports:
            _wait_for(process, port, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def lives_on(process: subprocess.Popen[bytes], seconds: float = 0.01) -> bool:
    """Whether a program still runs after a moment; its end is told at once."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert lives_on(process), log.read_text(errors="replace")
            assert time.monotonic() < deadline, log.read_text(errors="replace")
        else:
            return
