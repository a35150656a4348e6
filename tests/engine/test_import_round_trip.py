"""What a flow is exported to is imported again, and sends the same."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.exporting.export import export_flow
from gms_console.flow.file import parse_flow
from gms_console.flow.types import Step, StepKind
from gms_console.importing.importing import import_text
from gms_console.importing.types import UnreadableImportError
from gms_console.model.environment import Environment
from gms_console.model.form import Form
from tests.engine.helpers import body_bytes, file_with
from tests.engine.imports import BASE, imported, prepared, rows_of

PLACE = Environment.parse(BASE)
VALUES = {"phone": "650 466&9999", "number": "800=1"}
FLOW = """
gms: 1
name: Inbound
vars: {phone: "650 466&9999"}
steps:
  - create: request-inbound-poll
    form:
      - {key: _phone_number, value: "{{phone}}"}
      - {key: name, value: "O'Neil & Söhne, \\"quoted\\" 100% $HOME ^ `x`"}
      - {key: FileKey, file: MyPic.png, type: image/png}
      - {key: FileKey, file: MyPic.png, filename: "other name.bin", type: application/x-own}
      - {key: note, value: later, enabled: false}
    expect:
      - {http: [200, 201]}
      - {max_ms: 2000}
      - {path: _access_number, matches: "^[0-9]+$"}
    capture: {number: _access_number}
  - poll: status
    every: 500ms
    until: {path: status, in: [agent-ready, connected]}
    fail_on: {path: status, equals: failed}
    within: 30s
    tolerate: 1
  - wait: 2s
  - request: cancel
    form: {reason: "{{number}}", text: "two words + a=b&c%20d"}
    keep_going: true
  - create: callback/callme
    as: other
    encoding: json
    form: {_customer_number: "{{phone}}", quote: 'a "b" \\\\ c'}
  - create: office-hours
    as: hours
    method: GET
    form: {start: "2026-11-27T10:00:00.000Z", "two words": "a&b"}
  - create: s
    as: plain
    encoding: multipart
    form: {a: "1", b: "@home;x"}
"""


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Step, ...]:
    """The steps of the flow, in a folder that has its file."""
    monkeypatch.chdir(tmp_path)
    file_with(tmp_path, "MyPic.png", b"\x89PNG\r\n")
    return parse_flow(FLOW, "flow").steps


def exported(to: str, shell: str = "bash") -> str:
    flow = parse_flow(FLOW, "flow", Path("flow.yaml").absolute())
    return export_flow(flow, to, environment=PLACE, shell=shell).text


def sent(step: Step) -> tuple[str, str, bytes]:
    """What a step sends: method, target, body."""
    request = prepared(replace(step, instance="id" if step.instance else ""), PLACE, VALUES)
    return request.method, request.target, asyncio.run(body_bytes(request.body))


def check_the_same(back: tuple[Step, ...], steps: tuple[Step, ...]) -> None:
    assert [step.name for step in back] == [step.name for step in steps]
    assert [step.seconds for step in back] == [step.seconds for step in steps]
    for mine, theirs in zip(back, steps, strict=True):
        if theirs.kind is StepKind.WAIT:
            continue
        enabled = Form(tuple(row for row in theirs.form if row.enabled))
        assert rows_of(mine)[: len(enabled)] == rows_of(replace(theirs, form=enabled))
        if theirs.kind is StepKind.CREATE:
            assert sent(mine) == sent(theirs)


def test_a_postman_collection_comes_back_whole(steps: tuple[Step, ...]) -> None:
    found = imported(exported("postman"))
    # A collection has no names for files but their own, which the export tells.
    rows = tuple(replace(row, filename=None) for row in steps[0].form)
    check_the_same(found.flow.steps, (replace(steps[0], form=Form(rows)), *steps[1:]))
    assert {step.note for step in found.flow.steps} == {""}
    assert found.flow.name == "Inbound"
    assert found.flow.vars == (("phone", "650 466&9999"),)
    assert found.base_urls == (BASE,)
    for mine, theirs in zip(found.flow.steps, steps, strict=True):
        assert mine.kind is theirs.kind
        assert mine.expect == theirs.expect
        assert (mine.capture, mine.keep_going) == (theirs.capture, theirs.keep_going)
        assert (mine.every, mine.within, mine.tolerate) == (
            theirs.every,
            theirs.within,
            theirs.tolerate,
        )
        assert (mine.until, mine.fail_on) == (theirs.until, theirs.fail_on)
        assert [row.enabled for row in mine.form] == [row.enabled for row in theirs.form]
    assert {step.instance for step in found.flow.steps[:4]} == {"request-inbound-poll", ""}


def test_a_script_for_bash_comes_back_with_its_rows(steps: tuple[Step, ...]) -> None:
    found = imported(exported("curl"))
    check_the_same(found.flow.steps, steps)
    assert found.flow.vars == (("phone", "650 466&9999"),)
    assert found.flow.steps[0].capture == (("number", "_access_number"),)
    assert found.flow.steps[3].instance == found.flow.steps[0].instance
    said = "\n".join(found.left_out)
    assert "the step has checks, which are not read" in said
    assert "the step is sent once: its stop rule is not read" in said


def test_a_batch_file_comes_back_with_its_rows(steps: tuple[Step, ...]) -> None:
    found = imported(exported("curl", "cmd"))
    wanted = tuple(
        replace(
            step,
            form=Form(
                tuple(
                    replace(row, value=row.value.replace("{{number}}", "{{$env:number}}"))
                    for row in step.form
                )
            ),
        )
        for step in steps
    )
    check_the_same(found.flow.steps, wanted)


def test_a_script_for_powershell_is_refused_by_name() -> None:
    with pytest.raises(UnreadableImportError, match="expected one for bash or cmd"):
        import_text(exported("curl", "powershell"))


OWN_NAMES = """
gms: 1
steps:
  - create: x
    form: {u: "{{$uuid}}", c: "a {{$counter}}", n: "{{$now}}", l: "{{$now+15m}}", p: "{{phone}}"}
  - wait: 1s
  - request: later
    form: {t: "{{$now-1500ms}}"}
    keep_going: true
  - request: cancel
    always: true
  - request: away
    always: true
    keep_going: true
"""


def test_a_wait_that_cleans_up_is_told() -> None:
    text = "gms: 1\nsteps:\n  - create: x\n  - wait: 1s\n    always: true\n"
    flow = parse_flow(text, "flow", Path("flow.yaml").absolute())
    found = imported(export_flow(flow, "curl", environment=PLACE).text)
    assert "a wait was a clean-up step" in "\n".join(found.left_out)


@pytest.mark.parametrize("to", ["postman", "curl"])
def test_names_and_clean_up_steps_come_back(to: str) -> None:
    flow = parse_flow(OWN_NAMES, "flow", Path("flow.yaml").absolute())
    found = imported(export_flow(flow, to, environment=PLACE).text)
    for mine, theirs in zip(found.flow.steps, flow.steps, strict=True):
        assert rows_of(mine) == rows_of(theirs)
        assert (mine.always, mine.keep_going) == (theirs.always, theirs.keep_going)
    assert found.flow.vars == ()
    said = "\n".join(found.left_out)
    assert "no value in the flow: phone;" in said
    assert "script is left out" not in said
    assert "command" not in said
