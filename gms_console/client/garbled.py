"""Says what is wrong with an answer that breaks the rules of HTTP/1.1, and which part of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from gms_console.client.received import EndlessHeadError, NotHttpError, printable
from gms_console.model.exchange import Failure, FailureKind

_QUOTED = re.compile(r"(?:bytearray\()?(b(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))\)?")
_COUNTS = re.compile(r"received (\d+) bytes, expected (\d+)")
_HTTP2_ERRORS = ("StreamReset", "ConnectionTerminated")

_GREETINGS = (
    (b"SSH-", "an SSH server listens on this port"),
    (b"\x15\x03", "this port speaks TLS, so the base URL needs https"),
    (b"\x16\x03", "this port speaks TLS, so the base URL needs https"),
    (b"\x00\x00", "this port speaks HTTP/2 without TLS, or no HTTP at all"),
    (b"220 ", "a mail or FTP server listens on this port"),
    (b"220-", "a mail or FTP server listens on this port"),
    (b"<", "a page came without any status and headers"),
    (b"{", "JSON came without any status and headers"),
    (b"\r\n", "an empty line came before the status line"),
)

_PLAIN = {
    "conflicting Content-Length headers": "The answer has several Content-Lengths that differ",
    "bad Content-Length": "The answer's Content-Length is no number of bytes",
    "multiple Transfer-Encoding headers": "The answer has several Transfer-Encodings",
    "Only Transfer-Encoding: chunked is supported": (
        "The answer has a Transfer-Encoding other than chunked, which the console does not read"
    ),
    "continuation line at start of headers": "The answer's first header begins with a blank",
    "Received server _SWITCH": (
        "The server switches to another protocol (101), which nobody asked for"
    ),
    "no response line received": "The answer has an empty line where its status line should be",
}

_QUOTING: dict[str, Callable[[bytes], str]] = {
    "illegal status line": lambda line: (
        f"The status line of the answer is not one of HTTP: “{printable(line)}”"
    ),
    "illegal header line": lambda line: (
        f"The answer's head holds {_header_fault(line)}: “{printable(line)}”"
    ),
    "illegal chunk header": lambda line: (
        f"Where the answer's next chunk should say its size stands “{printable(line)}”"
    ),
    "malformed chunk footer": lambda line: (
        f"A chunk of the answer is longer than the size it gave: “{printable(line)}” follows"
    ),
}


def failure_of_garbled(text: str, phase: str, first: bytes, error: BaseException) -> Failure:
    """Name what is wrong; `text` is what the library says, `first` what came first of the head."""
    if isinstance(error, NotHttpError):
        return Failure(FailureKind.GARBLED, _not_http(first), phase)
    if isinstance(error, EndlessHeadError) or "buffer too long" in text:
        return Failure(FailureKind.TOO_LARGE, _too_large(error, phase, first), phase)
    if any(name in text for name in _HTTP2_ERRORS):
        return Failure(FailureKind.RESET, f"The server ended the HTTP/2 stream: {text}", phase)
    if "disconnected without sending" in text:
        return _closed(phase, first)
    if "incomplete" in text or "peer closed" in text or "unexpectedly closed" in text:
        return Failure(FailureKind.CUT, _cut(text), phase)
    return Failure(FailureKind.GARBLED, _garbled(text, first), phase)


def _not_http(first: bytes) -> str:
    guess = next((words for start, words in _GREETINGS if first.startswith(start)), "")
    shown = f"What came back is not HTTP; it begins with “{printable(first)}”"
    return f"{shown}: {guess}" if guess else shown


def _too_large(error: BaseException, phase: str, first: bytes) -> str:
    begins = f"it begins with “{printable(first)}”"
    if isinstance(error, EndlessHeadError):
        return f"128 KiB of interim answers (1xx) or headers came, and no whole head; {begins}"
    if phase == "receive":
        return "A chunk's size line, or what follows the last chunk, is longer than 100 KiB"
    return f"The head of the answer is larger than 100 KiB, so reading stopped; {begins}"


def _closed(phase: str, first: bytes) -> Failure:
    if not first:
        return Failure(FailureKind.NO_ANSWER, "The connection closed with no answer", phase)
    text = f"The connection closed inside the head of the answer, after “{printable(first)}”"
    return Failure(FailureKind.CUT, text, phase)


def _cut(text: str) -> str:
    counts = _COUNTS.search(text)
    if counts is not None:
        came, wanted = (int(count) for count in counts.groups())
        return f"The connection closed inside the answer, after {came:,} of its {wanted:,} bytes"
    return "The connection closed inside the answer, before its last chunk"


def _garbled(text: str, first: bytes) -> str:
    quoted = _QUOTED.search(text)
    for start, words in _QUOTING.items():
        if text.startswith(start) and quoted is not None:
            return words(ast.literal_eval(quoted.group(1)))
    plain = next((words for start, words in _PLAIN.items() if text.startswith(start)), None)
    if plain is not None:
        return plain
    return f"What came back is not HTTP ({text}); it begins with “{printable(first)}”"


def _header_fault(line: bytes) -> str:
    if b"\0" in line:
        return "a header with a NUL byte"
    if b":" not in line:
        return "a line that is no header"
    name = line.partition(b":")[0]
    return "a header with a blank in its name" if b" " in name else "a header that is not allowed"
