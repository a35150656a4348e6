"""Names what went wrong in transport, from the errors of httpx and what lies beneath."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

from gms_console.client.decoding import DecodingError
from gms_console.model.exchange import Failure, FailureKind

_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.ENETDOWN}
_RESET = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED}

_TIMEOUTS = {
    "connect": "No connection within {timeout:g} s",
    "tls": "The TLS handshake did not finish within {timeout:g} s",
    "send": "The server took nothing of the request for {timeout:g} s",
    "wait": "No answer within {timeout:g} s",
    "receive": "The answer stood still for {timeout:g} s",
}


class BodyTooLargeError(Exception):
    """The answer's body is larger than the console keeps."""


def failure_from(error: BaseException, *, phase: str, timeout: float, host: str) -> Failure:
    """Name `error`; `phase` is where it happened and `timeout` the time-out in seconds."""
    chain = list(_chain(error))
    for found in chain:
        failure = _from_cause(found, phase, host)
        if failure is not None:
            return failure
    if any(isinstance(found, httpx.TimeoutException | TimeoutError) for found in chain):
        text = _TIMEOUTS.get(phase, "Nothing happened for {timeout:g} s").format(timeout=timeout)
        return Failure(FailureKind.TIMEOUT, text, phase)
    return _from_httpx(error, phase)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk an error, its causes and the members of exception groups, deepest last."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        found = pending.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, BaseExceptionGroup):
            pending.extend(found.exceptions)
        pending.extend(e for e in (found.__cause__, found.__context__) if e is not None)


def _from_cause(error: BaseException, phase: str, host: str) -> Failure | None:
    if isinstance(error, BodyTooLargeError):
        return Failure(FailureKind.TOO_LARGE, str(error), phase)
    if isinstance(error, ssl.SSLWantReadError | ssl.SSLWantWriteError):
        return None  # how a time-out looks from inside TLS
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "verify_message", "") or error.reason or str(error)
        return Failure(FailureKind.TLS, f"TLS with {host} failed: {reason}", phase)
    if isinstance(error, socket.gaierror):
        return Failure(FailureKind.NAME, f"No address is known for the name {host}", phase)
    if isinstance(error, ConnectionRefusedError):
        return Failure(FailureKind.REFUSED, f"{host} refuses connections on this port", phase)
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return Failure(FailureKind.UNREACHABLE, f"{host} cannot be reached from here", phase)
    if isinstance(error, ConnectionError) or (isinstance(error, OSError) and error.errno in _RESET):
        return Failure(FailureKind.RESET, f"{host} reset the connection", phase)
    return None


def _from_httpx(error: BaseException, phase: str) -> Failure:
    text = str(error)
    if isinstance(error, httpx.RemoteProtocolError):
        if "incomplete" in text or "peer closed" in text:
            return Failure(FailureKind.CUT, "The connection closed inside the answer", phase)
        if "without sending" in text:
            return Failure(FailureKind.NO_ANSWER, "The connection closed with no answer", phase)
        return Failure(FailureKind.GARBLED, f"What came back is not HTTP: {text}", phase)
    if isinstance(error, DecodingError):
        return Failure(FailureKind.DECODING, str(error), phase)
    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return Failure(FailureKind.RESET, "The connection broke", phase)
    if isinstance(error, OSError):
        return Failure(FailureKind.FILE, text, phase)
    return Failure(FailureKind.OTHER, text or type(error).__name__, phase)
