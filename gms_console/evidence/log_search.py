"""What to search the logs of GMS and ORS for, to find an Exchange in them.

The lines are those that GMS 8.5 writes at its usual log level; a string is the part of a line
that names this request, or the part that stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange, OperationKind
from gms_console.redaction import MASK

_AROUND = timedelta(seconds=3)
"""How far the clocks of a server and of this computer may be apart."""

_SERVICE_PATH = re.compile(r"/\d+/(?:service|services)/.*")
_BUILT_IN = frozenset({"request-interaction", "match-interaction", "request-access"})
_BUILT_IN |= {"request-chat"}
_SESSION_NAMES = ("_ors_session_id", "ors_session_id", "orsSessionId", "_session_id")
_MASKED = re.compile(rf"{re.escape(MASK)}|\[[a-z]+-\d+\]")
_MOST = 200
"""Characters of a string; a longer one is cut, as it was in no log whole."""


def log_strings(exchange: Exchange, answer: Answer) -> tuple[str, ...]:
    """Give the strings in the order in which their lines stand in a log, each once.

    `exchange` and `answer` are redacted: a string ends before what is masked in it, which no log
    has like that. The last one is no text but the time to look at, in UTC.
    """
    found = (*_of_request(exchange), *_of_answer(exchange, answer), log_window(exchange))
    plain = (_MASKED.split(one, 1)[0].rstrip()[:_MOST] for one in found)
    return tuple(dict.fromkeys(one for one in plain if one))


def log_window(exchange: Exchange) -> str:
    """Give the time in which the lines of an Exchange stand, some seconds around it, in UTC."""
    started = exchange.started.astimezone(UTC)
    try:
        since = started - _AROUND
        until = started + timedelta(milliseconds=max(exchange.timing.total, 0.0)) + _AROUND
    except OverflowError:
        since = until = started
    last = _clock(until) if since.date() == until.date() else f"{until:%Y-%m-%d} {_clock(until)}"
    return f"{since:%Y-%m-%d} {_clock(since)} to {last} UTC"


def _clock(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")[11:23]


def _of_request(exchange: Exchange) -> Iterator[str]:
    path = _path(exchange.request.url)
    service = _SERVICE_PATH.search(path)
    yield f">>> {service.group()}" if service else f"URI:{path}"
    yield f"({exchange.request.method}) Client IP Address"
    if exchange.response is not None and exchange.response.status == 401:
        yield "WebBasicAuthenticationFilter:"


def _of_answer(exchange: Exchange, answer: Answer) -> Iterator[str]:
    operation = exchange.operation
    create = operation.kind is OperationKind.CREATE and not operation.instance_id
    session = _session(answer)
    if create and operation.service.rpartition("/")[2] not in _BUILT_IN:
        yield "Attempting to start session with url"
        yield f"OrsService: response from ORS {session or answer.id or ''}".rstrip()
    yield answer.id or operation.instance_id
    yield session
    problem = answer.problem
    if problem is not None:
        yield problem.exception or ""
        if (problem.status or 0) >= 500:
            yield "ORS request failed:"
    if create:
        yield "<<<Create service result"


def _session(answer: Answer) -> str:
    """Give the id of the ORS session where the answer has one apart from its own id."""
    data = answer.data if isinstance(answer.data, dict) else {}
    found = (data.get(name) for name in _SESSION_NAMES)
    return next((one for one in found if isinstance(one, str) and one), "")


def _path(url: str) -> str:
    """Give the path as the log has it: without host and query, escapes undone."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return url
