"""JSON lines, as a script reads them while a Run goes on."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gms_console.cli.report_json import json_report
from gms_console.evidence.items import EvidenceItem, PollItem, ScreenItem, section_of
from gms_console.evidence.jsonl_report import JsonlReport
from gms_console.model.exchange import FailureKind, StoredBody
from gms_console.redaction import Masker
from gms_console.runner.results import Verdict
from tests.engine.evidence_items import (
    HEAD,
    ID,
    MASKED,
    STARTED,
    broken,
    case_items,
    case_of,
    create,
    held,
    item,
    names,
    polled,
    status,
    step,
    summary,
    written,
)
from tests.engine.helpers import exchange_with, failure_of


def lines(text: str) -> list[dict[str, Any]]:
    assert text.isascii()
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def jsonl(items: Sequence[EvidenceItem], **ending: Any) -> list[dict[str, Any]]:
    stream = io.StringIO()
    written(JsonlReport(None, stream), items, **ending)
    return lines(stream.getvalue())


def poll_item() -> PollItem:
    result = polled()
    return PollItem(
        title="poll status",
        section="Inbound v2.1",
        poll="p1",
        instance_id=ID,
        outcome=result.outcome.value,
        reason=result.reason,
        started=STARTED,
        elapsed=1234.5678,
        attempts=(*result.attempts, replace(result.attempts[0], number=3, fault="HTTP 503")),
        spans=result.spans,
    )


def test_a_run_reads_as_it_happened(tmp_path: Path) -> None:
    case = case_of(row=1, data=(("phone", "[phone-1]"),))
    checks = (held(), broken("_id exists", "nothing"))
    items = [
        item(create(), section=section_of(case), step="create request-inbound-poll"),
        *case_items(
            case,
            [
                step(0, Verdict.FAILED, checks=checks, captured=(("number", "7"),)),
                step(1, poll=polled(), exchange=status()),
            ],
            Verdict.FAILED,
        ),
    ]
    file = tmp_path / "run.jsonl"
    written(JsonlReport(file), items, ended=summary(passed=1), masked=MASKED)
    assert names(tmp_path) == ["run.jsonl"]
    read = lines(file.read_text("ascii"))
    assert [one["event"] for one in read] == [
        "run-started",
        "exchange",
        "step",
        "step",
        "case",
        "run-ended",
    ]
    begun, exchange, failed, polling, ended, last = read
    assert begun["started"] == "2026-03-01T10:00:00.123000+01:00"
    assert begun["zone"] == "Europe/Berlin"
    assert begun["versions"]["GMS Console"] == "0.2.0"
    assert exchange["case"] == failed["case"] == ended["case"] == "1. Inbound v2.1, row 1"
    assert exchange["instance"] == ID
    assert ID in exchange["log_search"]
    assert failed["verdict"] == "failed"
    assert failed["checks"] == [
        {"check": "http 200", "passed": True, "found": "200"},
        {"check": "_id exists", "passed": False, "found": "nothing"},
    ]
    assert failed["captured"] == {"number": "7"}
    assert polling["poll"] == {"outcome": "reached", "reason": "agent-ready"}
    assert (ended["row"], ended["data"]) == (1, {"phone": "[phone-1]"})
    assert (last["ok"], last["cases"], last["passed"], last["verdicts"]) == (
        False,
        2,
        1,
        {"passed": 2},
    )
    assert last["masked"][0]["rule"] == "phone numbers"


def test_a_line_says_when_it_has_only_a_part_of_a_body() -> None:
    whole = create()
    response = whole.response
    assert response is not None
    stored = StoredBody(Path("/nowhere/x"), 5_000_000, "ab" * 32)
    large = replace(whole, response=replace(response, body=b"[1, ", stored=stored))
    broken_off = replace(whole, response=replace(response, complete=False))
    none = exchange_with(answered=False, failure=failure_of(FailureKind.TIMEOUT))
    read = jsonl(
        [
            item(whole, body_size=response.size, body_sha256="cd" * 32),
            item(large, body_size=5_100_000, body_sha256="ab" * 32),
            item(broken_off, body_size=response.size),
            item(none),
        ]
    )[1:-1]
    assert [(one["body_size"], one["body_sha256"], one["body_cut"]) for one in read] == [
        (response.size, "cd" * 32, False),
        (5_100_000, "ab" * 32, True),
        (response.size, "", True),
        (None, "", False),
    ]


def test_an_exchange_has_the_shape_of_the_command_line() -> None:
    failure = failure_of(FailureKind.TIMEOUT)
    for one in (create(), status(), exchange_with(answered=False, failure=failure)):
        printed = json.loads(json_report(one, None, Masker()))
        (line,) = jsonl([item(one)])[1:-1]
        assert {name: line[name] for name in printed} == printed


def test_headers_keep_the_names_that_their_values_got() -> None:
    request = replace(create().request, headers=(("Cookie", "JSESSIONID=[cookie-1]"),))
    (line,) = jsonl([item(create(request=request))])[1:-1]
    assert line["request"]["headers"] == [["Cookie", "JSESSIONID=[cookie-1]"]]


def test_a_stream_has_each_line_as_it_comes() -> None:
    stream = io.StringIO()
    report = JsonlReport(None, stream)
    report.begin(HEAD)
    report.add(item(create()))
    assert [one["event"] for one in lines(stream.getvalue())] == ["run-started", "exchange"]
    report.abandon()
    assert len(lines(stream.getvalue())) == 2


def test_a_poll_is_one_line_with_its_states_and_faults() -> None:
    _, poll, _ = jsonl([poll_item()])
    assert (poll["outcome"], poll["elapsed_ms"], poll["attempts"]) == ("reached", 1234.568, 3)
    assert [one["state"] for one in poll["states"]] == ["queued", "agent-ready"]
    assert poll["faults"] == [{"attempt": 3, "fault": "HTTP 503"}]


def test_attempts_say_which_poll_they_belong_to() -> None:
    _, line, _ = jsonl([item(status(), poll="p1", attempt=2, note="here")])
    assert (line["poll"], line["attempt"], line["note"]) == ("p1", 2, "here")


def test_a_picture_is_named_and_not_written() -> None:
    _, line, _ = jsonl([ScreenItem(png=b"\x89PNG", caption="Dial", at=STARTED, section="A")])
    assert line == {
        "event": "screen",
        "case": "A",
        "caption": "Dial",
        "at": STARTED.isoformat(),
        "size": 4,
    }


def test_odd_answers_stay_lines_of_json() -> None:
    deep = b'{"_dialog": ' + b"[" * 900 + b"]" * 900 + b', "_id": "1", "_action": "x"}'
    nan = b'{"_dialog": [NaN], "_expiration_time": Infinity, "_id": "1"}'
    half = b'{"_id": "\\ud800", "status": "\\udfff"}'
    for body in (deep, nan, half, "\u65e5\u2028".encode()):
        _, line, _ = jsonl([item(exchange_with(body))])
        assert line["response"]["body"] == body.decode()


def test_a_session_ends_without_numbers_of_a_run() -> None:
    (begun, last) = jsonl([], ended=None)
    assert begun["event"] == "run-started"
    assert last == {"event": "run-ended", "masked": []}


def test_an_abandoned_file_leaves_nothing(tmp_path: Path) -> None:
    report = JsonlReport(tmp_path / "run.jsonl")
    report.begin(HEAD)
    report.abandon()
    assert names(tmp_path) == []
