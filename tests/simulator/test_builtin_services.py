import re

import pytest

from gms_console.simulator import Simulator
from tests.simulator.wire import SERVICE, call, create, get, post

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GSG = "com.genesyslab.gsg.GSGException"


def test_request_interaction_answers_strings_as_seen(simulator: Simulator) -> None:
    reply = post(simulator, "request-interaction", [("_provide_code", "true")])
    assert (reply.status, reply.reason) == (200, "OK")
    assert list(reply.json) == ["_id", "_access_number", "_access_code", "_expiration_time"]
    assert UUID.fullmatch(reply.json["_id"])
    assert reply.json["_access_number"] == "8003449999"
    assert re.fullmatch(r"[0-9]{4}", reply.json["_access_code"])
    assert reply.json["_expiration_time"] == "30"


def test_request_interaction_without_a_body_has_no_code(simulator: Simulator) -> None:
    reply = call(simulator, "POST", f"{SERVICE}/request-interaction")
    assert reply.status == 200
    assert list(reply.json) == ["_id", "_access_number", "_expiration_time"]


def test_json_answers_carry_the_documented_headers(simulator: Simulator) -> None:
    reply = post(simulator, "request-interaction")
    assert reply.all("Content-Type") == ["application/json;charset=utf-8"]
    assert reply.all("Cache-Control") == ["no-cache", "no-store"]
    assert reply.all("Pragma") == ["no-cache"]


@pytest.mark.parametrize("root", ["/genesys", "/GMS-web/gms"])
def test_a_create_sets_the_session_cookie_of_its_root(simulator: Simulator, root: str) -> None:
    target = f"{root}/1/service/request-interaction"
    [cookie] = call(simulator, "POST", target).all("Set-Cookie")
    assert re.fullmatch(rf"JSESSIONID=[0-9a-z]+\.node1; Path={root}; HttpOnly", cookie)
    sent = {"Cookie": "a=1; JSESSIONID=x.node1"}
    assert call(simulator, "POST", target, headers=sent).all("Set-Cookie") == []
    refused = call(simulator, "POST", f"{root}/1/service/nobody")
    assert len(refused.all("Set-Cookie")) == 1


def test_only_a_create_sets_a_cookie(simulator: Simulator) -> None:
    made = create(simulator, "request-inbound-poll")
    assert post(simulator, f"{made}/status").all("Set-Cookie") == []


def test_both_roots_share_their_state(simulator: Simulator) -> None:
    made = create(simulator, "request-inbound-poll")
    other = call(simulator, "POST", f"/GMS-web/gms/1/service/{made}/status")
    assert other.json == {"status": "waiting-for-agent", "dialog": "/waitingforagent.html"}


@pytest.mark.parametrize("path", ["/", "/genesys/2/service/hello", "/gms/1/service/hello", "//"])
def test_other_roots_are_unknown(simulator: Simulator, path: str) -> None:
    reply = call(simulator, "POST", path)
    assert (reply.status, reply.json["exception"]) == (404, GSG)


@pytest.mark.parametrize(
    ("asked", "given"),
    [("60", "60"), ("1", "5"), ("99999", "1800"), ("soon", "30"), ("nan", "30"), ("7.6", "8")],
)
def test_the_booking_time_is_kept_within_its_bounds(
    simulator: Simulator, asked: str, given: str
) -> None:
    reply = post(simulator, "request-interaction", [("_booking_expiration_timeout", asked)])
    assert reply.json["_expiration_time"] == given


def test_the_last_of_duplicate_parameters_counts(simulator: Simulator) -> None:
    rows = [("_booking_expiration_timeout", "60"), ("_booking_expiration_timeout", "90")]
    assert post(simulator, "request-interaction", rows).json["_expiration_time"] == "90"


def test_an_unknown_resource_group_is_an_error(simulator: Simulator) -> None:
    reply = post(simulator, "request-interaction", [("_resource_group", "GOLD")])
    assert (reply.status, reply.json["exception"]) == (500, GSG)
    assert "GOLD" in reply.json["message"]
    assert post(simulator, "request-interaction", [("_resource_group", "DNIS")]).status == 200


def test_an_empty_pool_fills_again_when_bookings_expire() -> None:
    with Simulator(pool=["1", "2"], booking_seconds=20) as simulator:
        assert post(simulator, "request-interaction").json["_access_number"] == "1"
        simulator.clock.advance(10)
        assert post(simulator, "request-interaction").json["_access_number"] == "2"
        empty = post(simulator, "request-interaction")
        assert (empty.status, empty.json["exception"]) == (500, GSG)
        simulator.clock.advance(10)
        again = post(simulator, "request-interaction")
        assert (again.json["_access_number"], again.json["_expiration_time"]) == ("1", "20")
        assert post(simulator, "request-interaction").status == 500


def test_a_request_can_hold_its_number_longer() -> None:
    with Simulator(pool=["1"]) as simulator:
        create(simulator, "request-interaction", [("_booking_expiration_timeout", "100")])
        simulator.clock.advance(99)
        assert post(simulator, "request-interaction").status == 500
        simulator.clock.advance(1)
        assert post(simulator, "request-interaction").status == 200


def test_the_default_pool_counts_down_ten_numbers(simulator: Simulator) -> None:
    numbers = [post(simulator, "request-interaction").json["_access_number"] for _ in range(10)]
    assert numbers == [str(8003449999 - step) for step in range(10)]
    assert post(simulator, "request-interaction").status == 500


def test_a_match_finds_the_service_and_releases_its_number(simulator: Simulator) -> None:
    made = post(simulator, "request-interaction", [("language", "french")]).json
    rows = [("_access_number", made["_access_number"])]
    match = post(simulator, "match-interaction", rows)
    assert list(match.json) == ["_id", "_data_id"]
    assert match.json["_id"] == made["_id"]
    assert get(simulator, f"{match.json['_data_id']}/storage").json == {"language": "french"}
    second = post(simulator, "match-interaction", rows)
    assert (second.status, second.reason) == (404, "Not Found")
    assert second.json["exception"] == GSG


def test_a_match_returns_user_data_on_request(simulator: Simulator) -> None:
    made = post(simulator, "request-interaction", [("a", "1"), ("b", ""), ("_phone", "x")]).json
    rows = [("_access_number", made["_access_number"]), ("_return_user_data", "TRUE")]
    match = post(simulator, "match-interaction", rows).json
    assert list(match) == ["_id", "_data_id", "a", "b"]
    assert (match["a"], match["b"]) == ("1", "")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ([], 200),
        ([("_access_code", "CODE")], 200),
        ([("_access_code", "wrong")], 404),
        ([("_phone_number", "650")], 200),
        ([("_phone_number", "651")], 404),
        ([("_access_code", ""), ("_phone_number", "")], 200),
    ],
)
def test_a_match_compares_what_both_sides_have(
    simulator: Simulator, given: list[tuple[str, str]], status: int
) -> None:
    rows = [("_provide_code", "true"), ("_phone_number", "650")]
    made = post(simulator, "request-interaction", rows).json
    sent = [(key, made["_access_code"] if value == "CODE" else value) for key, value in given]
    match = post(
        simulator, "match-interaction", [("_access_number", made["_access_number"]), *sent]
    )
    assert match.status == status


def test_a_match_after_the_booking_expired_finds_nothing(simulator: Simulator) -> None:
    number = post(simulator, "request-interaction").json["_access_number"]
    simulator.clock.advance(30)
    assert post(simulator, "match-interaction", [("_access_number", number)]).status == 404


def test_a_match_needs_a_number(simulator: Simulator) -> None:
    reply = post(simulator, "match-interaction")
    assert reply.status == 400
    assert "_access_number" in reply.json["message"]


@pytest.mark.parametrize("service", ["request-interaction", "request-inbound-poll"])
def test_request_access_books_for_a_living_service(simulator: Simulator, service: str) -> None:
    owner = create(simulator, service)
    rows = [("_id", owner), ("_provide_code", "true"), ("_resource_group", "DNIS")]
    access = post(simulator, "request-access", rows).json
    assert list(access) == ["_access_number", "_access_code", "_expiration_time"]
    assert re.fullmatch(r"[0-9]{6}", access["_access_code"])
    match = post(simulator, "match-interaction", [("_access_number", access["_access_number"])])
    assert match.json["_id"] == owner


@pytest.mark.parametrize(("asked", "digits"), [("4", 4), ("0", 6), ("x", 6), ("20", 20)])
def test_request_access_takes_a_code_length(simulator: Simulator, asked: str, digits: int) -> None:
    owner = create(simulator, "request-interaction")
    rows = [("_id", owner), ("_provide_code", "true"), ("_access_code_length", asked)]
    assert len(post(simulator, "request-access", rows).json["_access_code"]) == digits


def test_request_access_refuses_what_is_not_active(simulator: Simulator) -> None:
    over = create(simulator, "request-inbound-poll")
    assert post(simulator, f"{over}/cancel").status == 200
    for rows in ([], [("_id", "nobody")], [("_id", over)]):
        reply = post(simulator, "request-access", rows)
        assert (reply.status, reply.json["exception"]) == (400, GSG)


def test_hello_has_no_id(simulator: Simulator) -> None:
    assert post(simulator, "hello").json == {"msg": "hello"}


def test_an_unknown_service_is_not_found(simulator: Simulator) -> None:
    reply = post(simulator, "request-pizza")
    assert (reply.status, reply.json["exception"]) == (404, GSG)
    assert "[request-pizza]" in reply.json["message"]


def test_segments_are_split_before_they_are_decoded(simulator: Simulator) -> None:
    reply = post(simulator, "a%2Fb%20%C3%BC")
    assert reply.status == 404
    assert "[a/b ü]" in reply.json["message"]


def test_a_percent_encoded_known_name_is_known(simulator: Simulator) -> None:
    assert post(simulator, "h%65llo").json == {"msg": "hello"}


def test_a_builtin_refuses_service_specific_requests(simulator: Simulator) -> None:
    made = create(simulator, "request-interaction")
    reply = post(simulator, f"{made}/status")
    assert (reply.status, reply.json["exception"]) == (400, GSG)
    assert "request-inbound-... or request-outbound-..." in reply.json["message"]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "request-interaction", "DELETE, POST"),
        ("PUT", "some-id/status", "GET, POST"),
        ("DELETE", "some-id/storage", "GET, POST"),
        ("POST", "some-id/storage/key", "DELETE, GET"),
        ("POST", "some-id/storage/binary/key", "GET"),
        ("HEAD", "request-interaction", "DELETE, POST"),
    ],
)
def test_a_wrong_method_is_refused(
    simulator: Simulator, method: str, path: str, allow: str
) -> None:
    reply = call(simulator, method, f"{SERVICE}/{path}")
    assert (reply.status, reply.reason) == (405, "Method Not Allowed")
    assert reply.all("Allow") == [allow]


@pytest.mark.parametrize("path", ["", "a/", "a/b/c", "a/storage/b/c", "a/storage/binary/c/d"])
def test_a_path_of_no_known_form_is_unknown(simulator: Simulator, path: str) -> None:
    assert call(simulator, "POST", f"{SERVICE}/{path}").status == 404
