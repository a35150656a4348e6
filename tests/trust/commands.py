"""Runs the command, here or as a process of its own, with folders of its own."""

import io
import os
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from gms_console.cli.app import run

_COMMAND = [sys.executable, "-m", "gms_console"]


@dataclass(frozen=True)
class Done:
    """How a command ended, and all that it wrote to its streams."""

    code: int
    out: str
    err: str


class Commands:
    """The command `gms-console` in a folder, with variables beside those of the test."""

    def __init__(self, folder: Path, variables: dict[str, str] | None = None) -> None:
        self.home, self.temp = folder / "home", folder / "temp"
        self.temp.mkdir()
        self.variables = variables or {}

    def run(self, *arguments: str) -> Done:
        """Run it to its end in this process, which takes a tenth of the time of one of its own."""
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, self._environment, clear=True),
            patch.object(tempfile, "tempdir", str(self.temp)),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = run(arguments)
        return Done(code, out.getvalue(), err.getvalue())

    def start(self, *arguments: str) -> Done:
        """Run it to its end as a process."""
        done = subprocess.run(
            [*_COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=40,
            env=self._environment,
            encoding="utf-8",
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def answer(self, *arguments: str, answers: dict[str, str]) -> Done:
        """Run it on a terminal and answer its questions, in order, each when it comes.

        `err` is all that the terminal showed.
        """
        reader, terminal = os.openpty()
        process = subprocess.Popen(
            [*_COMMAND, *arguments],
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=terminal,
            env=self._environment,
            encoding="utf-8",
            start_new_session=True,
        )
        os.close(terminal)
        seen = ""
        try:
            for question, text in answers.items():
                begin = len(seen)
                while question not in seen[begin:]:
                    seen += os.read(reader, 4096).decode()
                os.write(reader, f"{text}\n".encode())
            out, _ = process.communicate(timeout=40)
            seen += _rest(reader)
        finally:
            process.kill()
            process.wait()
            os.close(reader)
        return Done(process.returncode, out, seen)

    @property
    def _environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name != "GMS_CONSOLE_URL"},
            "GMS_CONSOLE_HOME": str(self.home),
            "TMPDIR": str(self.temp),
            "PYTHONWARNINGS": "error",
            **self.variables,
        }


def _rest(reader: int) -> str:
    """Read what a terminal still has; Linux says its end by an error."""
    seen = b""
    try:
        while piece := os.read(reader, 4096):
            seen += piece
    except OSError:
        pass
    return seen.decode()
