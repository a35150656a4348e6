"""Every problem has an explanation of its own, in words that say what to try."""

import json
from dataclasses import replace

import pytest

from gms_console.model.answer import Problem, ProblemKind, read_answer
from gms_console.model.exchange import FailureKind, Operation, OperationKind
from gms_console.problems import Explanation, explain
from tests.engine.helpers import exchange_with, failure_of, send_create
from tests.support.wire_server import WireServer, json_answer

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


def gms(status: int, name: str, said: str, **more: object) -> Explanation:
    """The explanation of an error body; `name` ends the exception's class."""
    return explained(status, {"exception": name, "message": said, **more})


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


CLASSES = [
    ("com.genesyslab.gsg.GSGException", 500, "it broke", "log"),
    (ORS, 500, "ORS request failed: cannot connect to ORS. IO issue.", "_ors_lb_strategy"),
    (ORS, 500, "no ORS after 3 attempts with strategy circular", "max_ors_request_attempts"),
    (ORS, 500, "SCXML says no", "OrsService: response from ORS"),
    (ORS, 400, "ORS answered 404 Not Found", "QUEUED"),
    (f"{CALLBACK}Number", 400, "[+1900] ... because it's a premium number.", "_disallow_premium"),
    (f"{CALLBACK}Number", 400, "missing default country", "_default_country"),
    (f"{CALLBACK}Number", 400, "not a number", "_default_country"),
    (f"{CALLBACK}NotFound", 400, "Contact Center Id is not configured", "ContactCenterId"),
    (f"{CALLBACK}NotFound", 400, "no such callback", "its id"),
    (f"{CALLBACK}ServiceUnavailable", 503, "Limit of queued callbacks for x", "watermarks"),
    (f"{CALLBACK}ServiceUnavailable", 503, "suspended", "watermarks"),
    (f"{CALLBACK}Resource", 400, "no office hours", "service.<name>"),
    (f"{CALLBACK}Availability", 400, "office is closed", "office hours"),
    ("com.genesyslab.gsg.services.capacity.CapacityException", 500, "x", "_service = capacity"),
    ("java.lang.IllegalArgumentException", 500, "bad prefix", "access_code_prefix"),
    ("java.lang.NumberFormatException", 500, 'For input string: "a-"', "access_code_prefix"),
    ("java.lang.NumberFormatException", 400, 'For input string: "x"', "row"),
    ("java.rmi.AccessException", 403, "Requires permission", "permissions"),
]


@pytest.mark.parametrize(("name", "status", "said", "look"), CLASSES)
def test_every_known_exception_class_says_where_to_look(
    name: str, status: int, said: str, look: str
) -> None:
    found = gms(status, name, said)
    check(found)
    assert look in found.look
    plain = explained(status, {"message": "x"})
    assert found != plain


def test_an_exception_inside_a_200_is_explained_by_its_class() -> None:
    for name, _, said, look in CLASSES:
        if "IllegalArg" not in name and "NumberFormat" not in name and "GSG" not in name:
            assert look in gms(200, name, said).look
    check(gms(200, "com.genesyslab.gsg.GSGException", "x"))


def test_a_lost_session_is_told_from_an_ors_that_is_down() -> None:
    lost = gms(500, ORS, "ORS answered HTTP/1.1 404 Not Found")
    assert "lost" in lost.means
    assert "lost" in explained(500, "ORS: 404 Not Found at /scxml/session").means
    assert "lost" not in gms(500, ORS, "cannot connect to ORS. IO issue.").means


def test_times_that_are_offered_are_pointed_to() -> None:
    times = {"2026-03-02T09:00:00.000Z": 3}
    for found in (
        gms(400, f"{CALLBACK}Availability", "closed", availability=times),
        explained(400, {"message": "closed", "availability": times}),
        explained(400, {"phrase": "closed", "code": 400, "availability": times}),
    ):
        assert "offers other times" in found.means
        assert "availability" in found.advice


def test_a_401_tells_the_rule_of_precedence() -> None:
    found = explained(401, "Unauthorized")
    assert "service's own value wins" in found.means
    for word in ("username", "password", "service.<name>", "server", "WebBasicAuth"):
        assert word in found.look


def test_forbidden_with_any_status() -> None:
    inside, outside = explained(200, "Forbidden"), explained(403, "Forbidden")
    check(inside)
    assert "gateway" in inside.means.lower()
    assert "port_restrictions" in outside.look


def test_a_404_of_a_create_is_a_name_and_of_a_request_an_instance() -> None:
    problem = Problem(kind=ProblemKind.HTTP, said="x", status=404)
    request = replace(
        ANYTHING, operation=Operation(kind=OperationKind.REQUEST, instance_id="a", request="status")
    )
    assert "no service" in explain(problem, ANYTHING).means
    assert "no instance or request" in explain(problem, request).means


def test_chat_without_an_agent_and_after_its_end() -> None:
    assert "agent" in explained(503, "x", service="request-chat").means
    ended = Operation(kind=OperationKind.REQUEST, instance_id="a", request="ixn/chat/refresh")
    problem = Problem(kind=ProblemKind.HTTP, said="x", status=400)
    found = explain(problem, replace(ANYTHING, operation=ended))
    assert "_chat_400_response_on_disconnected" in found.look


@pytest.mark.parametrize("status", [401, 403, 404, 405, 415, 500, 503])
def test_the_statuses_of_gms_say_where_to_look(status: int) -> None:
    assert explained(status, "x").look


def test_an_empty_pool_and_limits() -> None:
    assert "GMS_Resources" in explained(500, {"message": "No access number available"}).look
    assert "limit" in explained(503, {"message": "Throttled"}).means
    assert "limit" in explained(503, {"message": "limit reached"}).means


async def test_fixtures_a5_a8_and_a9_over_the_wire(wire: WireServer) -> None:
    fixtures = [
        (500, ORS, "ORS request failed: cannot connect to ORS. IO issue.", "ORS runs"),
        (
            400,
            f"{CALLBACK}Number",
            "Customer Number [+19005551234] is disallowed, because it's a premium number. "
            "Check option _disallow_premium_phone_numbers",
            "premium",
        ),
        (
            503,
            f"{CALLBACK}ServiceUnavailable",
            "Limit of queued callbacks for x is reached.",
            "lim",
        ),
    ]
    wire.script(*(json_answer({"message": m, "exception": e}, s) for s, e, m, _ in fixtures))
    for status, name, said, hint in fixtures:
        exchange = await send_create(wire)
        problem = read_answer(exchange).problem
        assert problem is not None
        assert (problem.status, problem.exception, problem.said) == (status, name, said)
        assert hint in explain(problem, exchange).advice
