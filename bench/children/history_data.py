"""What the benchmark of the history keeps: Exchanges as testers make them in some months."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from gms_console.model.environment import Environment
from gms_console.model.exchange import (
    Exchange,
    Operation,
    OperationKind,
    Response,
    SentRequest,
    Timing,
)
from gms_console.model.form import Form

PLACE = Environment.parse("http://gms.example:8080", name="qa")

POLLED = 5
"""One of so many Exchanges is an attempt of a Poll."""

_ATTEMPTS = 100
_SERVICES = ("request-interaction", "request-chat", "callback/callme", "request-inbound-delay")
_STATES = ("waiting-for-agent", "queued", "agent-ready", "connected")
_NAMES = ("Ann", "Bela", "Chidi", "Dana", "Emre", "Fatou", "Goran", "Hana")
_REQUEST_HEADERS = (
    ("Host", "gms.example:8080"),
    ("Accept", "*/*"),
    ("User-Agent", "gms-console"),
    ("gms_user", "tester"),
    ("Content-Type", "multipart/form-data; boundary=b0d7c1"),
)
_HEADERS = (
    ("Content-Type", "application/json;charset=UTF-8"),
    ("Server", "Jetty(9.4)"),
    ("Cache-Control", "no-cache"),
    ("X-Frame-Options", "SAMEORIGIN"),
)


def exchanges(count: int) -> Iterator[Exchange]:
    """Make them, the same ones each time."""
    chance = random.Random(7)
    started = datetime.now(UTC) - timedelta(days=60)
    for number in range(count):
        started += timedelta(seconds=chance.expovariate(count / (59 * 86_400)))
        poll = f"poll-{number // POLLED // _ATTEMPTS}" if number % POLLED == 0 else ""
        yield _exchange(chance, number, started, poll)


def _exchange(chance: random.Random, number: int, started: datetime, poll: str) -> Exchange:
    instance = f"{chance.randrange(1000)}-{chance.getrandbits(64):016x}"
    service = chance.choice(_SERVICES)
    create = not poll and chance.random() < 0.5
    state = chance.choice(_STATES)
    data = {"_id": instance, "status": state, "_dialog_id": f"{number % 7}", "position": number % 9}
    if create:
        data |= {"_access_number": f"+1555{number:07}", "_access_code": f"{number % 9999:04}"}
    body = json.dumps(data if not poll else {"status": state}).encode()
    name = f"{chance.choice(_NAMES)} {chance.getrandbits(24):x}"
    form = Form.of(("_phone_number", f"650{number:07}"), ("name", name), ("language", "fr"))
    path = service if create else f"{instance}/status"
    return Exchange(
        operation=Operation(
            kind=OperationKind.CREATE if create else OperationKind.REQUEST,
            service=service,
            instance_id="" if create else instance,
            request="" if create else "status",
            poll=poll,
        ),
        environment="qa",
        node=f"node{number % 3}",
        started=started,
        request=SentRequest(
            method="POST",
            url=f"http://gms.example:8080/genesys/1/service/{path}",
            http_version="HTTP/1.1",
            headers=_REQUEST_HEADERS,
            body_preview="",
            body_size=400,
            form=form if create else Form(),
        ),
        response=Response(
            status=200,
            reason="OK",
            http_version="HTTP/1.1",
            headers=(*_HEADERS, ("Date", f"{started:%a, %d %b %Y %H:%M:%S} GMT")),
            body=body,
            wire_size=len(body),
            complete=True,
        ),
        timing=Timing(connect=1.0, send=0.1, wait=chance.uniform(3, 90), receive=0.2, total=95.0),
    )
