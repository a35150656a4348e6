"""The command line: the second face of the engine."""

from __future__ import annotations


def main() -> int:
    """Carry out the command line of this process and give its exit code."""
    from gms_console.cli.app import run  # noqa: PLC0415 - importing the package costs nothing

    return run()
