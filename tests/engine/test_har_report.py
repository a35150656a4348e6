"""HAR files: valid by the specification, whatever was sent and came back, and nothing lost."""

import base64
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gms_console.evidence.har_report import HarReport
from gms_console.evidence.items import EvidenceItem, SentFile, section_of
from gms_console.model.exchange import (
    Exchange,
    Failure,
    FailureKind,
    Operation,
    OperationKind,
    Response,
    SentRequest,
    StoredBody,
    Timing,
)
from gms_console.model.form import Form, Row
from gms_console.runner.results import Verdict
from tests.engine.evidence_items import (
    HEAD,
    ID,
    MASKED,
    case_items,
    case_of,
    create,
    item,
    names,
    status,
    step,
    summary,
    written,
)
from tests.engine.helpers import exchange_with, failure_of, send_create
from tests.engine.strategies import keys, texts
from tests.support.wire_server import WireServer, json_answer

SCHEMA = Path(__file__).parents[1] / "support" / "har.schema.json"


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def har(items: Sequence[EvidenceItem], **ending: Any) -> dict[str, Any]:
    """The log of a HAR file that is valid."""
    stream = io.StringIO()
    written(HarReport(None, stream), items, **ending)
    data = json.loads(stream.getvalue())
    validator().validate(data)
    for entry in data["log"]["entries"]:
        known = (ms for name, ms in entry["timings"].items() if ms > 0 and name != "ssl")
        assert entry["time"] == pytest.approx(sum(known))
    log: dict[str, Any] = data["log"]
    return log


def entry(exchange: Exchange, **fields: Any) -> dict[str, Any]:
    """The entry of one Exchange."""
    (found,) = har([item(exchange, **fields)])["entries"]
    assert isinstance(found, dict)
    return found


def sent(content_type: str, **changes: Any) -> SentRequest:
    """A request with a body of that type."""
    request = exchange_with().request
    return replace(request, headers=(("Content-Type", content_type),), body_size=9, **changes)


def test_a_session_that_was_sent_to_a_server_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "run.har"
    items = [
        item(create(), section="Inbound poll", step="create request-inbound-poll"),
        item(status("queued"), section="Inbound poll", poll="p1", attempt=1),
        item(status(), section="Inbound poll", poll="p1", attempt=2, note="an agent came"),
    ]
    written(HarReport(file), items, masked=MASKED, ended=summary(interrupted=True))
    log = json.loads(file.read_text("utf-8"))["log"]
    validator().validate({"log": log})
    assert names(tmp_path) == ["run.har"]
    assert log["creator"] == {"name": "GMS Console", "version": "0.2.0"}
    assert log["_zone"] == "Europe/Berlin"
    (page,) = log["pages"]
    assert page["title"] == f"Inbound poll: {ID}"
    assert [one["pageref"] for one in log["entries"]] == [page["id"]] * 3
    assert [one.get("_pollAttempt") for one in log["entries"]] == [None, 1, 2]
    assert [one.get("_gmsState") for one in log["entries"]] == [None, "queued", "agent-ready"]
    assert log["entries"][2]["_note"] == "an agent came"
    assert {one["_instance"] for one in log["entries"]} == {ID}
    assert "phone numbers (3)" in log["comment"]
    assert log["_redacted"][0]["values"] == 2
    assert log["_interrupted"] is True


def test_each_instance_has_its_page_also_of_one_case() -> None:
    other = replace(status().operation, instance_id="other")
    items = [
        item(create(), section="A"),
        item(status(operation=other), section="A"),
        item(status(), section="A"),
        item(status(), section="B"),
        item(exchange_with(status=500), section="A"),
    ]
    log = har(items)
    assert [page["title"] for page in log["pages"]] == [
        f"A: {ID}",
        "A: other",
        f"B: {ID}",
        "A",
    ]
    places = [one["pageref"] for one in log["entries"]]
    assert places == ["page_1", "page_2", "page_1", "page_3", "page_4"]


def test_a_report_forgets_the_instances_of_cases_that_have_ended() -> None:
    report = HarReport(None, io.StringIO())
    report.begin(HEAD)
    for number in range(1, 300):
        case = case_of(number, row=number)
        report.add(item(create(), section=section_of(case)))
        for one in case_items(case, [step(0)], Verdict.PASSED):
            report.add(one)
    assert report._ids == {}
    report.end(None, ())


async def test_a_form_stands_as_rows_with_its_files(wire: WireServer, tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x89PNG")
    wire.script(json_answer({"_id": "1"}))
    form = Form(
        (
            Row(key="_phone_number", value="650 466"),
            Row(key="a", value="1", content_type="text/plain"),
            Row(key="off", value="x", enabled=False),
            Row(key="FileKey", file=picture, content_type="image/png", filename="My\u65e5.png"),
        )
    )
    post = entry(await send_create(wire, form))["request"]["postData"]
    assert post["mimeType"].startswith("multipart/form-data; boundary=")
    assert post["params"] == [
        {"name": "_phone_number", "value": "650 466"},
        {"name": "a", "value": "1", "contentType": "text/plain"},
        {"name": "FileKey", "fileName": "My\u65e5.png", "contentType": "image/png"},
    ]


def test_files_and_bodies_are_told_as_they_were_before_masking() -> None:
    form = Form(
        (
            Row(key="a", file=Path("x/gone.png")),
            Row(key="t", value="text"),
            Row(key="b", file=Path("x/p.png")),
        )
    )
    files = (
        SentFile(key="a", name="gone.png", size=7, trouble="not there any more"),
        SentFile(key="b", name="p.png", size=5, sha256="cd" * 32),
    )
    request = sent("multipart/form-data; boundary=x", form=form)
    made = entry(create(request=request), files=files, body_size=99, body_sha256="ef" * 32)
    gone, _, there = made["request"]["postData"]["params"]
    assert (gone["_size"], gone["comment"]) == (7, "not there any more")
    assert (there["_size"], there["_sha256"]) == (5, "cd" * 32)
    content = made["response"]["content"]
    assert (content["size"], content["_sha256"]) == (99, "ef" * 32)


async def test_a_urlencoded_form_keeps_order_and_duplicates(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "1"}))
    exchange = await send_create(wire, Form.of(("a", "1"), ("b", ""), ("a", "\u00e9&")))
    made = entry(exchange)
    assert made["request"]["postData"] == {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [
            {"name": "a", "value": "1"},
            {"name": "b", "value": ""},
            {"name": "a", "value": "\u00e9&"},
        ],
    }
    assert made["request"]["bodySize"] == exchange.request.body_size
    assert made["response"]["status"] == 200
    assert json.loads(made["response"]["content"]["text"]) == {"_id": "1"}


def test_other_bodies_stand_as_text_and_say_when_they_are_a_part() -> None:
    json_request = sent("application/json", body_preview='{"a": 1}\n', form=Form.of(("a", "1")))
    post = entry(create(request=json_request))["request"]["postData"]
    assert post == {"mimeType": "application/json", "text": '{"a": 1}\n'}
    post = entry(create(request=sent("text/plain", body_preview="abc")))["request"]["postData"]
    assert post["comment"] == "As it was shown and masked; 9 bytes were sent."
    assert "postData" not in entry(create())["request"]


def test_without_an_answer_the_entry_says_why() -> None:
    failure = failure_of(FailureKind.TLS, "certificate has expired", "tls")
    timing = Timing(connect=10.0, total=40.0)
    made = entry(replace(exchange_with(answered=False, failure=failure), timing=timing))
    assert made["response"]["status"] == 0
    assert made["response"]["_error"] == "TLS failed: certificate has expired"
    assert made["response"]["_failedIn"] == "tls"
    assert made["timings"]["connect"] == 40.0
    assert made["timings"]["blocked"] == -1


def test_times_follow_the_specification() -> None:
    timing = Timing(connect=12.5, tls=7.25, send=0.5, wait=30, receive=1.0004, total=60)
    made = entry(create(timing=timing))
    assert made["timings"] == {
        "blocked": 8.75,
        "dns": -1,
        "connect": 19.75,
        "ssl": 7.25,
        "send": 0.5,
        "wait": 30,
        "receive": 1.0,
    }
    assert made["time"] == 60
    assert made["startedDateTime"] == "2025-05-01T12:00:00.000+00:00"
    kept = entry(create(timing=Timing(send=1.0, wait=2.0, receive=3.0, total=6.0)))
    assert [kept["timings"][name] for name in ("blocked", "connect", "ssl")] == [-1, -1, -1]


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"", "application/json", ""),
        ("\u65e5".encode(), "text/plain", "\u65e5"),
        (b"caf\xe9", "text/plain; charset=ISO-8859-1", "caf\u00e9"),
        (b"caf\xe9", "text/plain", None),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png", None),
        (b"<svg/>", "image/svg+xml", "<svg/>"),
        (b"plain", None, "plain"),
        (b"a", "text/plain; charset=unknown", "a"),
    ],
)
def test_a_body_is_text_only_where_nothing_is_lost(
    body: bytes, content_type: str | None, text: str | None
) -> None:
    content = entry(exchange_with(body, content_type=content_type))["response"]["content"]
    assert content["size"] == len(body)
    assert content["mimeType"] == (content_type or "x-unknown")
    if text is None:
        assert base64.b64decode(content["text"], validate=True) == body
        assert content["encoding"] == "base64"
    else:
        assert content["text"] == text
        assert "encoding" not in content


def test_a_large_body_stands_with_its_first_part_and_its_digest() -> None:
    response = create().response
    assert response is not None
    stored = StoredBody(Path("/nowhere/x"), 5_000_000, "ab" * 32)
    part = "\u65e5".encode()[:2]
    content = entry(create(response=replace(response, body=b"[1, " + part, stored=stored)))
    assert content["response"]["content"] == {
        "size": 5_000_000,
        "mimeType": "application/json",
        "text": "[1, ",
        "comment": "Only the first 6 of 5,000,000 bytes, as masked.",
        "_sha256": "ab" * 32,
    }


def test_compression_headers_and_cookies_are_told() -> None:
    response = create().response
    assert response is not None
    headers = (
        ("Content-Encoding", "gzip"),
        ("Set-Cookie", "JSESSIONID=abc.node1; Path=/genesys; HttpOnly"),
        ("Set-Cookie", "a=1; Domain=gms.example; Max-Age=60; Secure"),
        ("Location", "/elsewhere"),
    )
    request = replace(
        create().request, headers=(("Cookie", "x=1; y=2"),), url="http://h/p?a=1&b=&a=%C3%A9"
    )
    answered = replace(response, headers=headers, body=b"x" * 100, wire_size=20, status=302)
    made = entry(create(request=request, response=answered))
    assert made["response"]["content"]["compression"] == 80
    assert made["response"]["bodySize"] == 20
    assert made["response"]["redirectURL"] == "/elsewhere"
    first, second = made["response"]["cookies"]
    assert first == {
        "name": "JSESSIONID",
        "value": "abc.node1",
        "path": "/genesys",
        "httpOnly": True,
        "secure": False,
    }
    assert (second["domain"], second["expires"]) == (
        "gms.example",
        "2025-05-01T12:01:00.000+00:00",
    )
    assert made["request"]["cookies"] == [
        {"name": "x", "value": "1"},
        {"name": "y", "value": "2"},
    ]
    assert [one["value"] for one in made["request"]["queryString"]] == ["1", "", "\u00e9"]


def test_an_empty_report_is_valid_and_an_abandoned_one_leaves_nothing(tmp_path: Path) -> None:
    log = har([])
    assert log["entries"] == log["pages"] == []
    assert log["comment"] == "Nothing was masked."
    report = HarReport(tmp_path / "run.har")
    report.begin(HEAD)
    report.add(item(create()))
    report.abandon()
    HarReport(tmp_path / "other.har").abandon()
    assert names(tmp_path) == []


odd = texts | st.text(max_size=20) | st.just("\ud800 half")
headers = st.lists(
    st.tuples(
        st.sampled_from(["Set-Cookie", "Cookie", "Content-Type", "Location", "X"]) | keys, odd
    ),
    max_size=5,
).map(tuple)
ms = st.none() | st.floats(0, 1e6)
moments = st.datetimes(
    datetime(1970, 1, 1),
    datetime(2200, 1, 1),
    timezones=st.just(UTC),
)
exchanges = st.builds(
    Exchange,
    operation=st.builds(
        Operation,
        kind=st.sampled_from(OperationKind),
        service=odd,
        instance_id=st.sampled_from(["", "1", "2"]) | odd,
        request=odd,
        poll=st.sampled_from(["", "p"]),
    ),
    environment=odd,
    node=odd,
    started=moments,
    request=st.builds(
        SentRequest,
        method=st.sampled_from(["GET", "POST"]),
        url=st.sampled_from(["http://h/genesys/1/service/x?a=1", "http://[bad", "http://h/?=&;#f"])
        | odd.map(lambda text: f"http://h/{text}"),
        http_version=odd,
        headers=headers,
        body_preview=odd,
        body_size=st.integers(0, 10**9),
        form=st.none()
        | st.lists(
            st.builds(Row, key=keys, value=odd, file=st.none() | st.just(Path("/x/f"))), max_size=3
        ).map(lambda rows: Form(tuple(rows))),
    ),
    response=st.none()
    | st.builds(
        Response,
        status=st.integers(100, 999),
        reason=odd,
        http_version=odd,
        headers=headers,
        body=st.binary(max_size=50) | odd.map(lambda text: text.encode("utf-8", "replace")),
        wire_size=st.integers(0, 100),
        complete=st.booleans(),
    ),
    timing=st.builds(
        Timing, connect=ms, tls=ms, send=ms, wait=ms, receive=ms, total=st.floats(0, 1e6)
    ),
    failure=st.none() | st.builds(Failure, st.sampled_from(FailureKind), odd, odd),
    draft=st.none(),
    redirected_from=st.none(),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(exchanges, odd, odd), max_size=4))
def test_whatever_came_the_file_is_valid(made: list[tuple[Exchange, str, str]]) -> None:
    log = har([item(one, section=section, note=note) for one, section, note in made])
    assert len(log["entries"]) == len(made)
    pages = {page["id"] for page in log["pages"]}
    assert {one["pageref"] for one in log["entries"]} == pages
    for written_entry, (one, _, _) in zip(log["entries"], made, strict=True):
        content = written_entry["response"]["content"]
        if content.get("encoding") == "base64":
            assert one.response is not None
            assert base64.b64decode(content["text"]) == one.response.body
