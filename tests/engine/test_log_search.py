"""What to search the logs of GMS and ORS for, for each Exchange."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gms_console.evidence.log_search import log_strings, log_window
from gms_console.model.answer import read_answer
from gms_console.model.exchange import (
    Exchange,
    FailureKind,
    Operation,
    OperationKind,
    Timing,
)
from tests.engine.helpers import exchange_with, failure_of

BASE = "http://gms.example:8080/genesys"


def asked(url: str, exchange: Exchange, **changes: object) -> Exchange:
    """The Exchange, to that address."""
    return replace(exchange, request=replace(exchange.request, url=BASE + url), **changes)  # type: ignore[arg-type]


def strings(exchange: Exchange) -> tuple[str, ...]:
    return log_strings(exchange, read_answer(exchange))


def test_a_create_on_ors_is_found_from_the_request_to_its_result() -> None:
    body = json.dumps({"_id": "0a1b-2c3d", "_ors_session_id": "ORS-7"}).encode()
    exchange = asked("/1/service/callback/night%20shift", exchange_with(body, service="callback/x"))
    assert strings(exchange) == (
        ">>> /1/service/callback/night shift",
        "(POST) Client IP Address",
        "Attempting to start session with url",
        "OrsService: response from ORS ORS-7",
        "0a1b-2c3d",
        "ORS-7",
        "<<<Create service result",
        "2025-05-01 11:59:57.000 to 12:00:03.000 UTC",
    )


def test_a_builtin_service_has_no_session_to_look_for() -> None:
    found = strings(asked("/1/service/request-interaction", exchange_with(b'{"_id": "7"}')))
    assert not any("session" in one or "Ors" in one for one in found)
    assert "<<<Create service result" in found


def test_a_request_is_found_by_its_instance() -> None:
    operation = Operation(kind=OperationKind.REQUEST, instance_id="0a1b", request="status")
    exchange = asked("/1/service/0a1b/status?x=1", exchange_with(b"{}"), operation=operation)
    assert strings(exchange)[:3] == (
        ">>> /1/service/0a1b/status",
        "(POST) Client IP Address",
        "0a1b",
    )
    assert "<<<Create service result" not in strings(exchange)


def test_an_exception_is_searched_by_its_class() -> None:
    body = json.dumps({"exception": "com.genesys.gms.OrsException", "message": "m"}).encode()
    found = strings(asked("/1/service/x", exchange_with(body, status=500)))
    assert "com.genesys.gms.OrsException" in found
    assert "ORS request failed:" in found
    refused = strings(asked("/1/service/x", exchange_with(b"", status=401)))
    assert "WebBasicAuthenticationFilter:" in refused
    assert "ORS request failed:" not in refused


def test_a_request_without_an_answer_is_found_by_its_address_and_time() -> None:
    failed = exchange_with(answered=False, failure=failure_of(FailureKind.TIMEOUT), total=15_000)
    found = strings(asked("/2/chat/support", failed, timing=Timing(total=15_000)))
    assert found[0] == "URI:/genesys/2/chat/support"
    assert found[-1] == "2025-05-01 11:59:57.000 to 12:00:18.000 UTC"


@pytest.mark.parametrize(
    ("started", "window"),
    [
        (
            datetime(2026, 1, 1, 1, 0, 1, tzinfo=timezone(timedelta(hours=1))),
            "2025-12-31 23:59:58.000 to 2026-01-01 00:00:04.000 UTC",
        ),
        (
            datetime(2026, 7, 1, 12, 0, 0, 5000, tzinfo=UTC),
            "2026-07-01 11:59:57.005 to 12:00:03.005 UTC",
        ),
    ],
)
def test_the_time_is_that_of_the_servers_in_utc(started: datetime, window: str) -> None:
    assert log_window(replace(exchange_with(), started=started)) == window


def test_what_was_masked_is_in_no_string_and_long_ones_are_cut() -> None:
    masked = asked("/1/service/callback/[phone-1]", exchange_with(b'{"_id": "***"}'))
    assert strings(masked)[0] == ">>> /1/service/callback/"
    assert not any("***" in one for one in strings(masked))
    long = strings(asked("/1/service/" + "x" * 5000, exchange_with(b"{}")))
    assert max(map(len, long)) == 200
    assert strings(masked) == strings(masked)
