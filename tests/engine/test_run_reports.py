"""The reports of a whole Run: carried out against a server, each format read by what reads it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml

from gms_console.evidence.har_report import HarReport
from gms_console.evidence.heads import head_of
from gms_console.evidence.jsonl_report import JsonlReport
from gms_console.evidence.junit_report import JunitReport
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.run_evidence import RunEvidence
from gms_console.flow.file import parse_flow
from gms_console.runner.faces import own_sessions
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.results import RunSummary
from gms_console.runner.runner import Runner
from gms_console.wire.request import REQUEST_PATH
from tests.engine.evidence_items import names
from tests.engine.helpers import environment
from tests.support.wire_server import (
    Answer,
    WireServer,
    close_before_answer,
    json_answer,
    text_answer,
)

FLOW = """\
gms: 1
name: Callback v1.0
steps:
  - create: callback/soon
    as: call
    form: {_customer_number: "{{phone}}"}
    expect:
      - {http: 200}
      - {path: _id, exists: true}
    capture: {place: position}
  - poll: status
    on: call
    every: 10ms
    until: {path: status, equals: agent-ready}
    within: 5s
  - request: check
    on: call
    expect: [{path: ok, equals: true}]
  - request: cancel
    on: call
    always: true
"""
ROWS = ({"phone": "+16504669999"}, {"phone": "+16504660000"})


def answers(number: int, *, ok: bool) -> list[Answer]:
    """What the server answers to one case."""
    rest = [] if ok else [text_answer("lost", status=500)]
    return [
        json_answer({"_id": f"id-{number}", "position": 3}),
        json_answer({"status": "queued"}),
        *rest,
        json_answer({"status": "agent-ready"}),
        json_answer({"ok": ok}),
        json_answer({"gone": ROWS[number - 1]["phone"]}),
    ]


async def run(wire: WireServer, folder: Path, script: Sequence[Answer]) -> RunSummary:
    """Carry the flow out for two rows, with all three reports in `folder`."""
    wire.script(*script)
    place = environment(wire)
    plan = RunPlan(flows=(PlannedFlow(parse_flow(FLOW, "callback.yaml"), place),), data=ROWS)
    writers = (
        JunitReport(folder / "run.xml"),
        HarReport(folder / "run.har"),
        JsonlReport(folder / "run.jsonl"),
    )
    evidence = RunEvidence(writers, Redactor(), head_of("Callback", [("local", place.base_url)]))
    runner = Runner(
        plan,
        evidence,
        sessions=own_sessions(),
        confirm=lambda _: True,
        request_path=lambda _service, _request: REQUEST_PATH,
    )
    summary = await runner.run()
    assert evidence.finish() == ()
    return summary


def log_of(folder: Path) -> dict[str, Any]:
    data = json.loads((folder / "run.har").read_text("utf-8"))
    schema = json.loads((Path(__file__).parents[1] / "support/har.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(data)
    log: dict[str, Any] = data["log"]
    return log


async def test_each_report_tells_the_same_run(wire: WireServer, tmp_path: Path) -> None:
    summary = await run(wire, tmp_path, [*answers(1, ok=True), *answers(2, ok=False)])
    assert names(tmp_path) == ["run.har", "run.jsonl", "run.xml"]
    root = JUnitXml.fromfile(str(tmp_path / "run.xml"))
    good: Any
    good, bad = root
    assert (good.tests, good.failures, good.errors) == (5, 0, 0)
    assert [case.name for case in good] == [case.name for case in bad]
    assert [case.name for case in good][2:] == [
        "poll status until status equals agent-ready",
        "ok equals true",
        "answered",
    ]
    places = {one.name: one.value for one in good.properties()}
    assert places["environment"] == wire.base_url.removesuffix("/genesys")
    (failed,) = (case for case in bad if case.result)
    assert failed.classname == "Callback v1_0.request check"
    assert isinstance(failed.result[0], Failure)
    assert "row 2" in bad.name
    log = log_of(tmp_path)
    assert len(log["entries"]) == summary.requests == 11
    assert [page["title"].partition(": ")[2] for page in log["pages"]] == ["id-1", "id-2"]
    attempts = [one["_pollAttempt"] for one in log["entries"] if "_pollAttempt" in one]
    assert attempts == [1, 2, 1, 2, 3]
    lines = [json.loads(one) for one in (tmp_path / "run.jsonl").read_text("ascii").splitlines()]
    events = [one["event"] for one in lines]
    assert events[0] == "run-started"
    assert events[-1] == "run-ended"
    counted = {name: events.count(name) for name in ("exchange", "poll", "step", "case")}
    assert counted == {"exchange": 11, "poll": 2, "step": 8, "case": 2}
    assert [one["verdict"] for one in lines if one["event"] == "case"] == ["passed", "failed"]
    assert lines[-1]["requests"] == 11
    sections = {one["case"] for one in lines if one["event"] in {"exchange", "step", "case"}}
    assert len(sections) == 2
    for name in names(tmp_path):
        text = (tmp_path / name).read_text("utf-8")
        assert "[phone-1]" in text
        assert "6504669999" not in text
        assert "6504660000" not in text


async def test_a_server_that_is_gone_is_an_error_in_each_report(
    wire: WireServer, tmp_path: Path
) -> None:
    summary = await run(wire, tmp_path, [close_before_answer(), close_before_answer()])
    assert not summary.ok
    root = JUnitXml.fromfile(str(tmp_path / "run.xml"))
    assert root.failures == 0
    for suite in root:
        first = next(iter(suite))
        assert isinstance(first.result[0], Error)
        assert first.classname == "Callback v1_0.create callback/soon"
    for entry in log_of(tmp_path)["entries"]:
        assert entry["response"]["status"] == 0
        assert entry["response"]["_error"]
    lines = [json.loads(one) for one in (tmp_path / "run.jsonl").read_text("ascii").splitlines()]
    errors = [one["error"] for one in lines if one["event"] == "exchange"]
    assert len(errors) == 2
    assert all(error["kind"] for error in errors)
