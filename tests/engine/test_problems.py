"""Every problem has an explanation of its own, in words that say what to try."""

import json

import pytest

from gms_console.model.answer import Problem, ProblemKind, read_answer
from gms_console.model.exchange import FailureKind
from gms_console.problems import Explanation, explain
from tests.engine.helpers import exchange_with, failure_of

ANYTHING = exchange_with()
CATCH_ALL = explain(Problem(kind=ProblemKind.HTTP, said="", status=299), ANYTHING)


def explained(
    status: int = 200,
    body: object = "",
    *,
    failure: FailureKind | None = None,
    service: str = "request-interaction",
) -> Explanation:
    """The explanation of what a person got."""
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    exchange = exchange_with(
        raw,
        status=status,
        failure=None if failure is None else failure_of(failure),
        service=service,
        answered=failure is None,
    )
    problem = read_answer(exchange).problem
    assert problem is not None
    return explain(problem, exchange)


def check(found: Explanation) -> None:
    """It is not the catch-all, and both parts say something."""
    assert found != CATCH_ALL
    assert len(found.means) > 15
    assert len(found.advice) > 10
    assert found.means.strip().endswith((".", "!"))
    assert found.advice.strip().endswith((".", "!"))


def test_the_catch_all_says_something_too() -> None:
    assert CATCH_ALL.means
    assert CATCH_ALL.advice


@pytest.mark.parametrize("kind", list(FailureKind))
def test_every_way_transport_can_fail(kind: FailureKind) -> None:
    check(explained(failure=kind))


def test_every_way_transport_can_fail_is_explained_apart() -> None:
    found = [explained(failure=kind) for kind in FailureKind]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "status",
    [301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 413, 415, 429, 500, 502, 503, 504],
)
def test_the_common_statuses(status: int) -> None:
    check(explained(status, "text"))
    check(explained(status, ""))
    check(explained(status, {"message": "x"}))


def test_an_error_inside_a_200_and_broken_json() -> None:
    check(explained(200, {"error": "no"}))
    check(explained(200, '{ "_id": "a", _access_code="7684" }'))
    assert explained(200, {"error": "no"}) != explained(200, "{broken")


CALLBACK = "com.genesyslab.gsg.services.callback.exceptions.CallbackException"
ORS = "com.genesyslab.gsg.services.ors.OrsServiceException"


@pytest.mark.parametrize(
    ("status", "exception", "said", "hint"),
    [
        (400, f"{CALLBACK}Number", "it's a premium number", "_disallow_premium_phone_numbers"),
        (400, f"{CALLBACK}Availability", "office is closed", "availability"),
        (500, ORS, "ORS request failed: cannot connect to ORS. IO issue.", "ORS runs"),
        (500, ORS, "ORS answered 404 Not Found", "new instance"),
        (503, f"{CALLBACK}ServiceUnavailable", "Limit of queued callbacks is reached.", "limits"),
    ],
)
def test_what_gms_itself_says(status: int, exception: str, said: str, hint: str) -> None:
    found = explained(status, {"exception": exception, "message": said})
    check(found)
    assert hint in found.advice


def test_a_404_of_a_match_is_no_misspelt_service() -> None:
    match = explained(404, service="match-interaction")
    check(match)
    assert match != explained(404)
    assert "match" in match.means
