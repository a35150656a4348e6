"""What GMS answers is read as it was meant, shown as it came, and never repaired."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gms_console.model.answer import (
    Answer,
    Problem,
    ProblemKind,
    body_text,
    read_answer,
)
from gms_console.model.exchange import FailureKind
from tests.engine.helpers import exchange_with, failure_of, send_create
from tests.support.wire_server import WireServer, body_answer, json_answer, text_answer

# The answer that the reference page prints, with its mistake.
REFERENCE_BROKEN = (
    '{ "_id": "39a98e24-b03b-4191-b756-1efe8f3b16b8", "_access_number": "8003449999",\n'
    '  _access_code="7684" }'
)


def read(data: object, **options: Any) -> Answer:
    """Read a JSON answer."""
    return read_answer(exchange_with(json.dumps(data).encode(), **options))


def problem(answer: Answer) -> Problem:
    """The problem of an answer that has one."""
    assert answer.problem is not None
    assert not answer.ok
    return answer.problem


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ({"_id": "a1"}, "a1"),
        ({"id": "a1"}, "a1"),
        ({"_id": "real", "id": "other"}, "real"),
        ({"id": "other", "_id": "real"}, "real"),
        ({"_id": "", "id": "other"}, "other"),
        ({"_id": 42}, "42"),
        ({"_id": 0}, "0"),
        ({"_id": None}, None),
        ({"_id": {"x": 1}}, None),
        ({"_id": ["a1"]}, None),
        ({"msg": "hello"}, None),
        ({}, None),
        (["_id"], None),
    ],
)
def test_the_id_is_read_from_either_name_or_is_missing(data: object, wanted: str | None) -> None:
    answer = read(data)
    assert answer.id == wanted
    assert answer.ok
    assert answer.data == data


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [
        (30, 30.0),
        ("30", 30.0),
        ("1.5", 1.5),
        (0, 0.0),
        (" 30 ", 30.0),
        (-1, None),
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
        ([30], None),
        (10**30, None),
        ("inf", None),
        ("nan", None),
    ],
)
def test_the_expiration_time_is_a_number_or_a_text(seconds: object, wanted: float | None) -> None:
    answer = read({"_access_number": "800", "_expiration_time": seconds}, total=2000.0)
    assert answer.access is not None
    assert answer.access.number == "800"
    assert answer.access.lifetime == wanted
    if wanted is None:
        assert answer.access.expires is None
    else:
        started = exchange_with().started
        assert answer.access.expires == started + timedelta(seconds=2 + wanted)


def test_access_information_may_be_numbers_or_missing() -> None:
    answer = read({"_id": "a", "_access_number": 8003449999, "_access_code": 7684})
    assert answer.access is not None
    assert (answer.access.number, answer.access.code) == ("8003449999", "7684")
    assert answer.access.lifetime is None
    assert read({"_id": "a"}).access is None
    only_code = read({"_access_code": "1"}).access
    assert only_code is not None
    assert only_code.number is None


def test_status_and_a_dialog_page() -> None:
    answer = read({"status": "waiting-for-agent", "dialog": "/waitingforagent.html"})
    assert (answer.state, answer.dialog) == ("waiting-for-agent", "/waitingforagent.html")
    assert read({"status": 3}).state == "3"
    assert read({"status": True}).state == "true"
    assert read({"status": None}).state is None
    assert read({"status": {"deep": 1}}).state is None


def test_a_dialog_object_inside_or_as_the_whole_answer() -> None:
    inside = {"_action": "DisplayMenu", "_dialog_id": "1"}
    assert read({"dialog": inside, "status": "x"}).dialog == inside
    whole = {
        "_dialog_id": "0",
        "_action": "ConfirmationDialog",
        "_text": "You will receive the call shortly",
        "_ok_title": "Ok",
        "_id": "a1",
    }
    answer = read(whole)
    assert (answer.dialog, answer.id) == (whole, "a1")
    assert read({"_id": "a1"}).dialog is None


@pytest.mark.parametrize(
    ("data", "said", "exception"),
    [
        ({"error": "no such service"}, "no such service", None),
        ({"error": {"code": 7}}, '{"code": 7}', None),
        ({"error": ["ü"]}, '["ü"]', None),
        ({"error": True, "message": "told"}, "told", None),
        ({"exception": "java.lang.X", "message": "it broke"}, "it broke", "java.lang.X"),
        ({"exception": "java.lang.X"}, "java.lang.X", "java.lang.X"),
        ({"_id": "a1", "error": "half"}, "half", None),
    ],
)
def test_an_error_inside_a_200_is_an_error(data: object, said: str, exception: str | None) -> None:
    found = problem(read(data))
    assert found.kind is ProblemKind.ERROR_INSIDE
    assert (found.said, found.exception, found.status) == (said, exception, 200)


@pytest.mark.parametrize(
    "data", [{"error": None}, {"error": ""}, {"error": False}, {"error": 0}, {"message": "hello"}]
)
def test_an_empty_error_field_is_none(data: object) -> None:
    assert read(data).ok


@pytest.mark.parametrize("body", [b"Forbidden", b" forbidden\r\n", b"\xef\xbb\xbfForbidden."])
@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "application/json", None])
def test_a_firewalls_forbidden_in_a_200_is_an_error(body: bytes, content_type: str | None) -> None:
    answer = read_answer(exchange_with(body, content_type=content_type))
    assert problem(answer).kind is ProblemKind.ERROR_INSIDE
    assert problem(answer).said.lower().startswith("\ufeffforbidden" if body[0] > 127 else "forbid")


def test_a_page_that_speaks_of_forbidden_things_is_none() -> None:
    for body in (b"Forbidden fruit", b"<html>Forbidden</html>", b'"Forbidden"'):
        assert read_answer(exchange_with(body, content_type="text/plain")).ok


def test_phrase_and_code_come_since_8_5_2() -> None:
    data = {"code": 400, "phrase": "Bad Request", "message": "no", "exception": "x.Y"}
    found = problem(read_answer(exchange_with(json.dumps(data).encode(), status=400)))
    assert (found.said, found.phrase, found.code, found.exception) == (
        *("no", "Bad Request", "400", "x.Y"),
    )
    assert problem(read({"phrase": "Gone", "exception": "x.Y"})).said == "Gone"
    bare = problem(read({"error": "no", "phrase": ["x"], "code": None}))
    assert (bare.phrase, bare.code, bare.slots) == (None, None, ())


def test_the_state_of_a_callback_is_in_its_record() -> None:
    record = {
        "_id": "c1",
        "_callback_state": "QUEUED",
        "_service_name": "callme",
        "_expiration_time": "86400",
        "_customer_number": "+1650",
    }
    for data in (record, [record]):
        answer = read(data)
        assert (answer.id, answer.state, answer.access) == ("c1", "QUEUED", None)
        assert answer.data == data
    assert read({"status": "x", "_callback_state": "y"}).state == "x"
    assert read([{"_access_number": "800", "_id": "a"}]).access is not None


@pytest.mark.parametrize("data", [[], [{"_id": "a"}, {"_id": "b"}], [["_id"]], ["_id"], [7]])
def test_an_array_of_anything_else_is_about_no_one(data: object) -> None:
    answer = read(data)
    assert (answer.id, answer.state, answer.access, answer.problem) == (None, None, None, None)


ORS_DOWN = {
    "exception": "com.genesyslab.gsg.services.ors.OrsServiceException",
    "message": "ORS request failed: cannot connect to ORS. IO issue.",
}


@pytest.mark.parametrize(
    ("status", "body", "content_type", "said", "exception"),
    [
        (500, json.dumps(ORS_DOWN), "application/json", ORS_DOWN["message"], ORS_DOWN["exception"]),
        (404, '{"error": "gone"}', "application/json", "gone", None),
        (404, '{"what": 1}', "application/json", '{"what": 1}', None),
        (403, "Forbidden", "text/plain", "Forbidden", None),
        (503, "  busy \n", None, "busy", None),
        (404, "", None, "Reason", None),
        (502, "<html>ü</html>", "text/html", "<html>ü</html>", None),
        (500, '{"broken', "application/json", '{"broken', None),
        (302, "", None, "Reason", None),
    ],
)
def test_an_http_error_says_what_gms_said(
    status: int, body: str, content_type: str | None, said: str, exception: str | None
) -> None:
    answer = read_answer(exchange_with(body.encode(), status=status, content_type=content_type))
    found = problem(answer)
    assert found.kind is ProblemKind.HTTP
    assert (found.status, found.said, found.exception) == (status, said, exception)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_an_empty_success_is_a_success(status: int) -> None:
    answer = read_answer(exchange_with(b"", status=status))
    assert answer.ok
    assert (answer.data, answer.is_json, answer.id) == (None, False, None)


async def test_the_reference_pages_own_broken_json_is_kept_and_flagged_not_repaired(
    wire: WireServer,
) -> None:
    wire.script(json_answer(REFERENCE_BROKEN))
    exchange = await send_create(wire)
    assert exchange.response is not None
    assert exchange.response.body == REFERENCE_BROKEN.encode()
    answer = read_answer(exchange)
    found = problem(answer)
    assert found.kind is ProblemKind.BROKEN_JSON
    assert "line 2, column 3" in found.said
    assert (answer.id, answer.access, answer.data, answer.is_json) == (None, None, None, False)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"_id": "a1"', "application/json"),
        ("{'_id': 'a1'}", "application/json"),
        ('{"_id": "a1",}', "application/json"),
        ("just text", "application/json"),
        ("{half", "text/plain"),
        ("[1, 2", None),
        ('{"a": 1} trailing', "application/json;charset=utf-8"),
        ("[" * 10_000 + "]" * 10_000, "application/json"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "application/json"),
        ('{"n": ' + "9" * 5000 + "}", "application/json"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_json_that_cannot_be_read_is_flagged(body: str, content_type: str | None) -> None:
    answer = read_answer(exchange_with(body.encode(), content_type=content_type))
    assert problem(answer).kind is ProblemKind.BROKEN_JSON
    assert problem(answer).said
    assert (answer.data, answer.is_json) == (None, False)


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", None, "image/png"])
def test_another_type_is_no_problem(content_type: str | None) -> None:
    answer = read_answer(exchange_with(b"ONLINE", content_type=content_type))
    assert answer.ok
    assert (answer.data, answer.is_json) == (None, False)


@pytest.mark.parametrize("content_type", ["text/plain", "text/html;charset=UTF-8", None])
def test_json_is_read_whatever_it_was_announced_as(content_type: str | None) -> None:
    assert read_answer(exchange_with(b' {"_id": "a1"}', content_type=content_type)).id == "a1"


@pytest.mark.parametrize("data", [[1, {"_id": "x"}], "text", 42, True, [], {}])
def test_json_that_is_no_object_has_no_fields(data: object) -> None:
    answer = read(data)
    assert answer.ok
    assert (answer.data, answer.is_json) == (data, True)
    assert (answer.id, answer.state, answer.access) == (None, None, None)


def test_a_bom_is_no_part_of_the_json() -> None:
    bom = b"\xef\xbb\xbf"
    assert read_answer(exchange_with(bom + b'{"_id": "a1"}')).id == "a1"
    assert read_answer(exchange_with(bom + b'{"_id": "a1"}', content_type=None)).id == "a1"
    utf16 = '{"_id": "ü"}'.encode("utf-16")
    found = read_answer(exchange_with(utf16, content_type="application/json; charset=utf-16"))
    assert found.id == "ü"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode("latin-1"), "text/plain;charset=ISO-8859-1", "é"),
        ("é".encode("latin-1"), 'text/plain; x=y; CHARSET="latin1"', "é"),
        ("é".encode(), "text/plain", "é"),
        ("é".encode(), None, "é"),
        ("é".encode(), "text/plain; charset=no-such", "é"),
        ("é".encode(), "text/plain; charset=", "é"),
        ("é".encode(), "text/plain; charset=hex", "é"),
        ("é".encode(), "text/plain; charset=\0", "é"),
        (b"a\xff\xfeb", "text/plain; charset=utf-8", "a\ufffd\ufffdb"),
        ("é".encode("latin-1"), "application/json; charset=utf-8", "\ufffd"),
        (b"a\xff", "text/plain; charset=ascii", "a\ufffd"),
    ],
)
def test_a_charset_is_followed_as_far_as_it_goes(
    body: bytes, content_type: str | None, text: str
) -> None:
    response = exchange_with(body, content_type=content_type).response
    assert response is not None
    assert body_text(response) == text


def test_bytes_that_are_no_utf_8_show_and_do_not_hide_the_rest() -> None:
    answer = read_answer(exchange_with(b'{"_id": "a1", "name": "J\xfcrgen"}'))
    assert answer.id == "a1"
    assert answer.data["name"] == "J\ufffdrgen"


@pytest.mark.parametrize("body", [b'{"status": NaN}', b'{"_expiration_time": NaN, "_id": "a"}'])
def test_nan_is_no_number_of_seconds(body: bytes) -> None:
    answer = read_answer(exchange_with(body))
    assert answer.access is None
    assert answer.id in {"a", None}


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 4000, "1e-999", "0." + "1" * 5000])
def test_huge_numbers_do_no_harm(number: str) -> None:
    body = f'{{"_expiration_time": {number}, "status": {number}, "_id": "a"}}'
    answer = read_answer(exchange_with(body.encode()))
    assert answer.id == "a"
    assert answer.state


def test_a_transport_failure_wins_over_what_came() -> None:
    failure = failure_of(FailureKind.CUT, "cut off", "receive")
    answer = read_answer(exchange_with(b'{"_id": "a1", ', failure=failure))
    found = problem(answer)
    assert (found.kind, found.failure, found.said) == (
        ProblemKind.TRANSPORT,
        FailureKind.CUT,
        "cut off",
    )
    assert found.status == 200
    assert answer.id is None
    nothing = problem(read_answer(exchange_with(answered=False, failure=failure)))
    assert nothing.status is None
    lost = problem(read_answer(exchange_with(answered=False)))
    assert lost.kind is ProblemKind.TRANSPORT


_json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_KNOWN = [
    *("_id", "id", "status", "dialog", "error", "exception", "message"),
    *("_expiration_time", "_access_number", "_access_code", "_action", "_dialog_id"),
]
_known = st.sampled_from(_KNOWN)
_bodies = (
    st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.dictionaries(_known, _json_values, max_size=6).map(lambda data: json.dumps(data).encode())
    | st.binary(max_size=50).map(lambda data: b"{" + data)
)
_charsets = ["utf-8", "latin-1", "utf-16", "utf-7", "idna", "punycode", "undefined", "hex", "x"]
_types = (
    st.none()
    | st.sampled_from(["application/json", "text/plain", "application/problem+json", "json", ";"])
    | st.sampled_from(_charsets).map("application/json; charset={}".format)
    | st.text(st.characters(max_codepoint=255), max_size=30)
    | st.text(st.characters(max_codepoint=255), max_size=12).map("a/json; charset={}".format)
)


@settings(max_examples=200)
@given(_bodies, _types, st.sampled_from([100, 200, 204, 302, 404, 500, 999]), st.booleans())
@example(b'{"_id": "\\ud800", "error": "\\udc00"}', "application/json", 200, False)
@example(b"[" * 20_000, "application/json", 200, True)
def test_reading_never_raises(
    body: bytes,
    content_type: str | None,
    status: int,
    failed: bool,
) -> None:
    failure = failure_of(FailureKind.CUT) if failed else None
    exchange = exchange_with(body, status=status, content_type=content_type, failure=failure)
    answer = read_answer(exchange)
    assert exchange.response is not None
    assert exchange.response.body == body
    assert answer.ok is (answer.problem is None)
    if failed:
        assert problem(answer).kind is ProblemKind.TRANSPORT
    elif not 200 <= status < 300:
        assert problem(answer).kind is ProblemKind.HTTP


async def test_plain_text_and_odd_charsets_over_the_wire(wire: WireServer) -> None:
    wire.script(
        text_answer("ONLINE", headers=[("Content-Type", "text/plain;charset=ISO-8859-1")]),
        body_answer('{"_id": "é"}'.encode("latin-1"), headers=[("Content-Type", "a/json")]),
    )
    first, second = await send_create(wire), await send_create(wire)
    assert read_answer(first).ok
    assert first.response is not None
    assert body_text(first.response) == "ONLINE"
    assert read_answer(second).id == "\ufffd"
