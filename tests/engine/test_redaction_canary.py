"""Secrets and numbers go out in every place, a server repeats them, and no report holds one."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from gms_console.environments.profile import Profile
from gms_console.environments.resolve import resolve
from gms_console.evidence.har_report import HarReport
from gms_console.evidence.html_report import HtmlReport
from gms_console.evidence.items import EvidenceWriter
from gms_console.evidence.jsonl_report import JsonlReport
from gms_console.evidence.junit_report import JunitReport
from gms_console.evidence.redaction import RedactionRules, Redactor
from gms_console.evidence.run_evidence import RunEvidence
from gms_console.flow.file import parse_flow
from gms_console.runner.faces import own_sessions
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.results import RunSummary
from gms_console.runner.runner import Runner
from gms_console.wire.request import REQUEST_PATH
from tests.engine.evidence_items import HEAD
from tests.support.wire_server import WireServer
from tests.trust.canaries import Canaries
from tests.trust.echo import echo
from tests.trust.profiles import STORED, bearer, profile, values

ROWS = ("password row", "secureKey row", "own key row")
SESSION = "session cookie"
BASIC = ("api key", "header of the store", "key passphrase", "server password", "service password")
BEARER = ("api key", "header of the store", "key passphrase", "bearer")

PHONE = "+1 650-466-9999"
WAYS = (PHONE, "+16504669999", "16504669999", "6504669999", "%2B16504669999", "650-466-9999")
MAIL = "ada.lovelace@example.com"
LARGE = 1_100_000

FLOW = """\
gms: 1
name: Everything that is nobody's business
steps:
  - create: callback/callme
    as: call
    encoding: %(kind)s
    method: %(method)s
    form:
      - {key: password, value: "{{password row}}"}
      - {key: secureKey, value: "{{secureKey row}}"}
      - {key: loyalty_card, value: "{{own key row}}"}
      - {key: _customer_number, value: "{{phone}}"}
      - {key: contact, value: "write to {{mail}} or call +16504669999"}
    expect:
      - {path: _text, equals: "no such text {{password row}}"}
    capture: {said: _text}
    keep_going: true
  - poll: status
    on: call
    every: 10ms
    until: {path: status, equals: waiting}
    form:
      - {key: password, value: "{{password row}}"}
"""


@pytest.fixture
def canaries() -> Canaries:
    return Canaries(*STORED, *ROWS, SESSION)


def writers_in(folder: Path) -> list[EvidenceWriter]:
    return [
        HtmlReport(folder / "run.html"),
        HarReport(folder / "run.har"),
        JunitReport(folder / "run.xml"),
        JsonlReport(folder / "run.jsonl"),
    ]


async def run(
    wire: WireServer, canaries: Canaries, change: Callable[[Profile], Profile], flow: str, out: Path
) -> RunSummary:
    """Carry the flow out, with all reports."""
    place = resolve(change(profile(wire.base_url)), values(canaries))
    variables = {name: canaries[name] for name in ROWS} | {"phone": PHONE, "mail": MAIL}
    plan = RunPlan(flows=(PlannedFlow(parse_flow(flow, "flow.yaml"), place),), variables=variables)
    redactor = Redactor(RedactionRules(own_keys=("loyalty_card",)))
    evidence = RunEvidence(writers_in(out), redactor, HEAD)
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


def no_customer_in(folder: Path) -> None:
    """No file holds the number or the address, and those that hold bodies say what was there."""
    for file in folder.rglob("*"):
        if file.is_file():
            text = file.read_text()
            assert [way for way in (*WAYS, MAIL, MAIL.replace("@", "%40")) if way in text] == []
            if file.suffix in {".html", ".har", ".jsonl"}:
                assert "[phone-1]" in text
                assert "[email-1]" in text


@pytest.mark.parametrize(
    ("change", "kind", "method", "size"),
    [
        (lambda one: one, "multipart", "POST", 0),
        (bearer, "urlencoded", "POST", 0),
        (lambda one: one, "json", "POST", 0),
        (bearer, "auto", "GET", 0),
        (lambda one: one, "multipart", "POST", LARGE),
    ],
    ids=["multipart", "urlencoded", "json", "query", "large"],
)
async def test_no_report_holds_a_secret_or_a_number(
    wire: WireServer,
    canaries: Canaries,
    tmp_path: Path,
    change: Callable[[Profile], Profile],
    kind: str,
    method: str,
    size: int,
) -> None:
    known = BEARER if change is bearer else BASIC
    wire.script(echo(canaries, (*known, *ROWS), SESSION, filler=size))
    summary = await run(wire, canaries, change, FLOW % {"kind": kind, "method": method}, tmp_path)
    assert summary.requests == 2
    assert canaries.found_below(tmp_path) == {}
    no_customer_in(tmp_path)
    # It was no idle talk: the server got them, and sent them back.
    got = canaries.found_in(b"".join(request.raw for request in wire.requests))
    assert {*ROWS, "api key"} <= set(got)
    assert bool(list((tmp_path / "run-files").glob("*.json"))) is bool(size)


def test_the_search_for_secrets_sees_what_a_report_would_hold(canaries: Canaries) -> None:
    said = canaries["bearer"]
    assert canaries.found_in(json.dumps({"a": said})) == ["bearer"]
    assert canaries.found_in(zlib.compress(said.encode())) == []
