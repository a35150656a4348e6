"""Writing to standard output and standard error, whatever they are connected to."""

from __future__ import annotations

import errno
import os
import sys
from typing import TextIO

_GONE = {errno.EPIPE, errno.EINVAL}
"""What writing says when the reader has gone; EINVAL is how Windows says it."""

_ESCAPES = {
    code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"
}


class OutputError(Exception):
    """Standard output cannot take what is written; the text says why."""


def prepare_streams() -> None:
    """Let no character that the encoding of a stream lacks end a command, nor a closed stream."""
    # A stream that was closed before the start is None; its number would go to the next file.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nothing, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def write_out(text: str) -> None:
    """Write to standard output. A reader that has gone is no error.

    Raises OutputError, as when the disk is full.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        _silence(sys.stdout)
        if error.errno not in _GONE:
            raise OutputError(f"Standard output: {error.strerror}") from None


def write_err(text: str) -> None:
    """Write a line to standard error; what it cannot take is lost."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)


def printable(text: str, stream: TextIO) -> str:
    """Give the text as it is; for a terminal, with control characters made visible.

    What a server answers must not steer the terminal of the person who reads it.
    """
    return text.translate(_ESCAPES) if stream.isatty() else text


def _silence(stream: TextIO) -> None:
    """Lead a stream into nothing, so that closing it says nothing either."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, stream.fileno())
    finally:
        os.close(nothing)
