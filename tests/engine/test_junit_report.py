"""JUnit files, as junitparser and a CI server read them."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite

from gms_console.evidence.items import EvidenceItem, StepItem
from gms_console.evidence.junit_report import JunitReport
from gms_console.flow.types import Flow
from gms_console.model.exchange import FailureKind
from gms_console.poll import PollOutcome
from gms_console.runner.results import Case, StepResult, Verdict
from tests.engine.evidence_items import (
    CREATE,
    FLOW,
    HEAD,
    ID,
    broken,
    case_items,
    case_of,
    create,
    held,
    names,
    polled,
    status,
    step,
    summary,
    written,
)
from tests.engine.helpers import exchange_with, failure_of


def junit(items: Sequence[EvidenceItem], **ending: Any) -> str:
    stream = io.StringIO()
    written(JunitReport(None, stream), items, **ending)
    return stream.getvalue()


def suites(text: str) -> list[TestSuite]:
    return list(JUnitXml.fromstring(text.encode()))


def properties(suite: Any) -> dict[str, str]:
    return {prop.name: prop.value for prop in suite.properties()}


def only_case(result: StepResult) -> Any:
    """The test case of a step that has one."""
    (suite,) = suites(junit(case_items(case_of(), [result], result.verdict)))
    (case,) = suite
    return case


def test_a_run_has_a_suite_for_each_case_and_totals_on_every_level(tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    first = case_of(1, data=(("phone", "[phone-1]"),), row=1)
    second = case_of(2, data=(("phone", "[phone-2]"),), row=2)
    exchange = create(environment="qa", node="A")
    items = [
        *case_items(
            first,
            [
                step(0, checks=(held(), held("_id exists")), exchange=exchange),
                step(1, poll=polled(), exchange=status(), instance_id=ID),
                step(3),
            ],
        ),
        *case_items(
            second,
            [
                step(0, Verdict.FAILED, checks=(broken(), held("_id exists"))),
                step(1, Verdict.SKIPPED, message="a step before it failed", elapsed=0.0),
            ],
            Verdict.FAILED,
        ),
    ]
    written(JunitReport(file), items, ended=summary())
    assert names(tmp_path) == ["junit.xml"]
    root = JUnitXml.fromfile(str(file))
    assert (root.tests, root.failures, root.errors, root.skipped) == (7, 1, 0, 1)
    assert (root.name, root.time) == ("Inbound poll", 3.0)
    one, two = list(root)
    assert one.name == "Inbound v2.1, row 1"
    assert (one.tests, one.failures, one.errors, one.skipped) == (4, 0, 0, 0)
    assert (two.tests, two.failures, two.errors, two.skipped) == (3, 1, 0, 1)
    assert (one.time, one.timestamp) == (1.5, "2026-03-01T10:00:00.123+01:00")
    assert properties(one) == {
        "environment": "qa",
        "node": "A",
        "row.phone": "[phone-1]",
    }
    assert [case.name for case in one] == [
        "http 200",
        "_id exists",
        "poll status until status equals agent-ready",
        "waited",
    ]
    counted: Any = root
    counted.update_statistics()  # counted anew from the cases
    assert (root.tests, root.failures, root.errors, root.skipped) == (7, 1, 0, 1)


def test_a_class_name_is_the_same_on_every_host_and_row() -> None:
    assert only_case(step(0)).classname == "Inbound v2_1.create request-inbound-poll"
    assert only_case(step(1, poll=polled())).classname == "Inbound v2_1.poll status"
    assert only_case(step(2, poll=polled())).classname == "Inbound v2_1.poll status (2)"
    assert only_case(step(3)).classname == "Inbound v2_1.wait 0_5 s"


def test_what_ci_servers_need_stands_on_every_element() -> None:
    text = junit(case_items(case_of(), [step(0, checks=(held(), broken()))], Verdict.FAILED))
    root = ET.fromstring(text)
    for level in (root, *root.iter("testsuite")):
        for name in ("name", "tests", "failures", "errors", "skipped", "time", "timestamp"):
            assert level.get(name), name
    cases = list(root.iter("testcase"))
    assert len({(one.get("classname"), one.get("name")) for one in cases}) == len(cases) == 2
    for one in cases:
        assert re.fullmatch(r"\d+\.\d{3}", one.get("time", ""))
    assert [one.get("time") for one in cases] == ["0.250", "0.000"]
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')


def test_a_check_that_fails_says_what_was_expected_and_found() -> None:
    case = only_case(step(0, Verdict.FAILED, checks=(broken(found="503"),)))
    (failure,) = case.result
    assert isinstance(failure, Failure)
    assert (failure.message, failure.type) == ("expected http 200, found 503", "check")
    assert failure.text == "expected: http 200\nfound: 503"


def test_a_poll_is_one_test_case_however_often_it_asked() -> None:
    case = only_case(step(1, poll=polled(), exchange=status(), instance_id=ID))
    assert case.result == []
    assert "2 attempts: queued from 2026-03-01T09:00:01.123+00:00, agent-ready" in case.system_out
    late = polled(PollOutcome.OUT_OF_TIME, "not reached within 60 s")
    case = only_case(step(1, Verdict.NOT_REACHED, poll=late, message="still queued"))
    (failure,) = case.result
    assert isinstance(failure, Failure)
    assert failure.message == "out of time: not reached within 60 s"
    assert failure.type == "out of time"
    lost = polled(PollOutcome.TOO_MANY_ERRORS, "4 errors in a row")
    (error,) = only_case(step(1, Verdict.ERROR, poll=lost)).result
    assert isinstance(error, Error)


@pytest.mark.parametrize(
    ("verdict", "element"),
    [
        (Verdict.FAILED, Failure),
        (Verdict.ERROR, Error),
        (Verdict.REFUSED, Error),
        (Verdict.MISSING_FILE, Error),
        (Verdict.INTERRUPTED, Error),
        (Verdict.SKIPPED, Skipped),
    ],
)
def test_a_step_without_checks_is_seen_all_the_same(verdict: Verdict, element: type[Any]) -> None:
    case = only_case(step(0, verdict, message="why it did not pass"))
    (wrong,) = case.result
    assert isinstance(wrong, element)
    assert wrong.message == "why it did not pass"
    assert case.name == "answered"


def test_a_transport_error_names_its_kind_and_no_host_stands_in_the_evidence() -> None:
    failed = exchange_with(answered=False, failure=failure_of(FailureKind.REFUSED), total=12.4)
    case = only_case(step(0, Verdict.ERROR, exchange=failed, message="Nobody listens there"))
    (error,) = case.result
    assert isinstance(error, Error)
    assert error.type == "connection refused"
    line = "POST /genesys/1/service/x: none, connection refused, 12 ms"
    assert case.system_out == f"{line}\nexchange {failed.id}"


def test_a_capture_that_failed_stands_beside_checks_that_held() -> None:
    result = step(0, Verdict.FAILED, checks=(held(),), message="nothing is at _access_number")
    (suite,) = suites(junit(case_items(case_of(), [result], Verdict.FAILED)))
    good, bad = suite
    assert (good.name, good.result) == ("http 200", [])
    assert bad.name == "answered"
    assert bad.result[0].message == "nothing is at _access_number"
    assert bad.system_out is None or ID not in bad.system_out


def test_a_capture_that_failed_is_seen_beside_checks_that_failed() -> None:
    says = "http 200: found 500\ncapture number: nothing at _access_number"
    result = replace(
        step(0, Verdict.FAILED, checks=(broken(),), message=says, captured=(("id", ID),)),
        step=replace(CREATE, capture=(("id", "_id"), ("number", "_access_number"))),
    )
    (suite,) = suites(junit(case_items(case_of(), [result], Verdict.FAILED)))
    assert [(case.name, case.result[0].message) for case in suite] == [
        ("http 200", "expected http 200, found 500"),
        ("answered", "capture number: nothing at _access_number"),
    ]
    assert (suite.tests, suite.failures) == (2, 2)


def test_checks_of_one_text_have_names_of_their_own() -> None:
    (suite,) = suites(junit(case_items(case_of(), [step(0, checks=(held(), held()))])))
    assert [case.name for case in suite] == ["http 200", "http 200 (2)"]


def test_nothing_that_an_answer_holds_breaks_the_file() -> None:
    nasty = 'a <b> & "c" ]]> \x00\x0b\ud800\ufffe \r\n\t \u65e5 \U0001f600'
    flow = replace(FLOW, name=nasty)
    result = step(0, Verdict.FAILED, checks=(broken(nasty, nasty),), message=nasty)
    case = Case(number=1, flow=flow, data=((nasty, nasty),), row=1)
    text = junit(case_items(case, [result], Verdict.FAILED), head=replace(HEAD, title=nasty))
    clean = 'a <b> & "c" ]]>  \r\n\t \u65e5 \U0001f600'
    (suite,) = suites(text)
    assert suite.name == f"{clean}, row 1"
    (one,) = suite
    assert one.name == clean
    assert one.result[0].message == f"expected {clean}, found {clean}"
    assert properties(suite) == {f"row.{clean}": clean}


def test_cases_that_run_side_by_side_are_kept_apart() -> None:
    one, two = case_of(1, row=1), case_of(2, row=2)
    first, second = case_items(one, [step(0), step(3)]), case_items(two, [step(0), step(3)])
    mixed = [first[0], second[0], second[1], second[2], first[1], first[2]]
    read = suites(junit(mixed))
    assert [suite.name for suite in read] == ["Inbound v2.1, row 2", "Inbound v2.1, row 1"]
    assert [suite.tests for suite in read] == [2, 2]


def test_a_case_that_never_ended_is_written_with_what_there_is() -> None:
    (suite,) = suites(junit([StepItem(case_of(), step(0))], ended=summary(interrupted=True)))
    assert (suite.tests, suite.time) == (1, 0.25)


def test_a_run_without_cases_is_a_file_that_can_be_read() -> None:
    root = JUnitXml.fromstring(junit([]).encode())
    assert list(root) == []
    assert root.tests == 0


def test_a_case_without_steps_has_an_empty_suite() -> None:
    (suite,) = suites(junit(case_items(Case(number=1, flow=Flow(name="empty")), [])))
    assert (suite.name, suite.tests, suite.time) == ("empty", 0, 1.5)
    assert CREATE.title not in junit([])


def test_an_abandoned_report_leaves_nothing(tmp_path: Path) -> None:
    report = JunitReport(tmp_path / "a" / "junit.xml")
    report.begin(HEAD)
    for one in case_items(case_of(), [step(0)]):
        report.add(one)
    report.abandon()
    assert names(tmp_path) == []
