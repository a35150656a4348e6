"""Names what went wrong in transport, from the errors of httpx and what lies beneath."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

from gms_console.client.decoding import DecodingError
from gms_console.client.errors import ProxyTimeoutError, TransportError
from gms_console.client.garbled import failure_of_garbled
from gms_console.client.tls_words import why_tls_failed
from gms_console.model.exchange import Failure, FailureKind

_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.ENETDOWN}
_RESET = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED}

_WAITS = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""How a time-out looks from inside TLS."""

_TIMEOUTS = {
    "look-up": "No name server gave an address within {timeout:g} s",
    "connect": "No connection within {timeout:g} s",
    "tls": "The TLS handshake did not finish within {timeout:g} s",
    "send": "The server took nothing of the request for {timeout:g} s",
    "wait": "No answer within {timeout:g} s",
    "receive": "The answer stood still for {timeout:g} s",
}

_WHEN = {
    "connect": " at once",
    "tls": " inside the TLS handshake",
    "send": " while it was sent the request",
    "wait": " before its answer was whole",
    "receive": " inside its answer",
}


class BodyTooLargeError(Exception):
    """The answer's body is larger than the console keeps."""


def failure_from(
    error: BaseException,
    *,
    phase: str,
    timeout: float,
    host: str,
    first: bytes = b"",
    own_certificate: bool = False,
) -> Failure:
    """Name `error`; `phase` is where it happened and `timeout` the time-out in seconds.

    `first` are the first bytes that came while the head of the answer was awaited, and
    `own_certificate` says whether a client certificate was at hand.
    """
    chain = list(_chain(error))
    for found in chain:
        if isinstance(found, TransportError):
            return Failure(found.kind, str(found), phase, found.certificate)
        if isinstance(found, ssl.SSLError) and not isinstance(found, _WAITS):
            text = why_tls_failed(found, host, own=own_certificate)
            return Failure(FailureKind.TLS, text, phase)
        if isinstance(found, ProxyTimeoutError):
            text = f"{found} made no connection within {timeout:g} s"
            return Failure(FailureKind.TIMEOUT, text, phase)
        failure = _from_cause(found, phase, host)
        if failure is not None:
            return failure
    if any(isinstance(found, httpx.TimeoutException | TimeoutError) for found in chain):
        text = _TIMEOUTS.get(phase, "Nothing happened for {timeout:g} s").format(timeout=timeout)
        return Failure(FailureKind.TIMEOUT, text, phase)
    return _from_httpx(error, phase, first)


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
    if isinstance(error, _WAITS):
        return None
    if isinstance(error, socket.gaierror):
        unsure = error.errno == socket.EAI_AGAIN
        text = "No name server answered for" if unsure else "No address is known for the name"
        return Failure(FailureKind.NAME, f"{text} {host}", phase)
    if isinstance(error, ConnectionRefusedError):
        return Failure(FailureKind.REFUSED, f"{host} refuses connections on this port", phase)
    if isinstance(error, OSError) and error.errno in _UNREACHABLE:
        return Failure(FailureKind.UNREACHABLE, f"{host} cannot be reached from here", phase)
    if isinstance(error, ConnectionError) or (isinstance(error, OSError) and error.errno in _RESET):
        return Failure(
            FailureKind.RESET, f"{host} reset the connection{_WHEN.get(phase, '')}", phase
        )
    return None


def _from_httpx(error: BaseException, phase: str, first: bytes) -> Failure:
    text = str(error)
    if isinstance(error, httpx.RemoteProtocolError):
        return failure_of_garbled(text, phase, first, error.__cause__ or error)
    if isinstance(error, DecodingError):
        return Failure(FailureKind.DECODING, str(error), phase)
    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return Failure(FailureKind.RESET, "The connection broke", phase)
    if isinstance(error, OSError):
        return Failure(FailureKind.FILE, text, phase)
    return Failure(FailureKind.OTHER, text or type(error).__name__, phase)
