"""The HTML report: one page that loads nothing, holds all, and lets no data become markup."""

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from gms_console.evidence.html_report import HtmlReport
from gms_console.evidence.items import EvidenceItem, ExchangeItem, PollItem, ScreenItem, SentFile
from gms_console.model.exchange import FailureKind, StoredBody, Timing
from gms_console.model.form import Form, Row
from gms_console.model.timeline import Attempt
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

SECTION = "1. Inbound v2.1"
LARGE = json.dumps({"_id": ID, "rows": [{"n": n} for n in range(9000)]}).encode()


class Page(HTMLParser):
    """What a browser without scripts makes of a page: elements, and the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self._open):
            self.words.append(data)

    @property
    def text(self) -> str:
        """All words."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """The attributes of all elements of a name that have these attributes."""
        return [
            attributes
            for name, attributes in self.elements
            if name == tag
            and all(attributes.get(key.rstrip("_")) == one for key, one in wanted.items())
        ]


def poll_item(**changes: object) -> PollItem:
    made = polled()
    fault = Attempt(
        number=3, started=STARTED + timedelta(seconds=3), elapsed=5, exchange_id="f",
        fault="500 Server Error",
    )  # fmt: skip
    fields: dict[str, object] = {
        "title": "poll status",
        "section": SECTION,
        "poll": "p1",
        "instance_id": ID,
        "outcome": "reached",
        "reason": "status is agent-ready",
        "wanted": (("until", "status equals agent-ready"), ("within", "77s")),
        "started": STARTED,
        "elapsed": 4000.0,
        "attempts": (*made.attempts, fault),
        "spans": made.spans,
    }
    return PollItem(**fields | changes)  # type: ignore[arg-type]


def page_of(folder: Path, items: list[EvidenceItem], **how: object) -> Page:
    written(HtmlReport(folder / "run.html"), items, masked=MASKED, **how)  # type: ignore[arg-type]
    return Page((folder / "run.html").read_text())


def a_run() -> list[EvidenceItem]:
    """A case whose first step fails a check, and whose second polls."""
    form = Form(
        (
            Row(key="_phone_number", value="[phone-1]"),
            Row(key="FileKey", file=Path("MyPic.png"), content_type="image/png"),
            Row(key="note", value="later", enabled=False),
        )
    )
    made = create(timing=Timing(connect=2, send=1, wait=12, receive=3, total=18))
    made = replace(made, request=replace(made.request, form=form, body_size=4000))
    sent = item(made, section=SECTION, step="create", body_size=42, body_sha256="ab" * 32)
    file = SentFile(key="FileKey", name="MyPic.png", size=2991, sha256="cd" * 32)
    first = replace(sent, files=(file,))
    attempts = [item(status(), section=SECTION, poll="p1", attempt=n) for n in (1, 2)]
    failed = step(0, Verdict.FAILED, checks=(held(), broken()), message="http 200: found 500")
    rest = case_items(case_of(), [failed, step(1)], Verdict.FAILED)
    return [first, rest[0], *attempts, poll_item(), *rest[1:]]


def test_a_run_is_told_whole(tmp_path: Path) -> None:
    page = page_of(tmp_path, a_run(), ended=summary(passed=1, verdicts=((Verdict.FAILED, 1),)))
    for words in (
        "Inbound poll", "Europe/Berlin", "http://gms-a.example:8080/genesys", "0.2.0", "3.12",
        "1 of 2 cases passed", "http 200: found 500", "✗ failed", "Found",
        "2,991 bytes", "cd" * 32, "ab" * 32, "(off, not sent)", "MyPic.png", "image/png",
        "queued", "status equals agent-ready", "77s", "agent-ready",
        "500 Server Error", "What was masked, and why",
        "personal data", "attempt 2", "wait for first byte", "Search the logs of GMS for",
    ):  # fmt: skip
        assert words in page.text, words
    assert len(page.all("details", class_="x")) == 3
    (section,) = page.all("details", class_="sec")
    assert section["data-ok"] == "0"
    assert [one["data-ok"] for one in page.all("section", class_="step")] == ["0", "1"]


def test_a_timeline_can_be_read_without_seeing_it(tmp_path: Path) -> None:
    page = page_of(tmp_path, [poll_item()])
    (picture,) = page.all("svg", class_="states")
    assert picture["role"] == "img"
    named = {one["id"] for tag, one in page.elements if tag in {"title", "desc"} and "id" in one}
    assert set(picture["aria-labelledby"].split()) <= named
    assert "queued from 10:00:01.123 for 1,000 ms, 1 attempt" in page.text
    assert "1 of 3 attempts went wrong" in page.text
    assert len(page.all("g", class_="fault")) == 1


def test_a_poll_of_a_session_that_missed_its_state_is_a_problem(tmp_path: Path) -> None:
    missed = poll_item(outcome="out of time", reason="not reached within 2 s")
    page = page_of(tmp_path, [missed, poll_item(section="b", outcome="cancelled")])
    assert [one["data-ok"] for one in page.all("details", class_="sec")] == ["0", "1"]
    assert "not reached within 2 s" in page.text


def test_nothing_is_loaded_and_no_other_script_is_allowed(tmp_path: Path) -> None:
    page_of(tmp_path, a_run())
    text = (tmp_path / "run.html").read_text()
    page = Page(text)
    (policy,) = [
        one["content"] for one in page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    ]
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
        assert "http" not in content
    for _, attributes in page.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        for name in ("src", "href", "action", "data", "poster"):
            assert not re.match("(https?:)?//", attributes.get(name, ""))


def test_no_data_becomes_markup(tmp_path: Path) -> None:
    bad = "</noscript></script><script>alert(1)</script><img src=http://x.example onerror=a>\"'&"
    made = exchange_with(bad.encode(), content_type="text/plain")
    assert made.response is not None
    made = replace(
        made,
        request=replace(
            made.request, url=f"http://h/{bad}", headers=((bad, bad),), body_preview=bad,
            body_size=9, form=Form.of((bad, bad)),
        ),
        response=replace(made.response, reason=bad, headers=((bad, bad),)),
    )  # fmt: skip
    hostile = item(made, section=bad, step=bad, note=bad)
    page = page_of(tmp_path, [hostile, poll_item(title=bad, section=bad, reason=bad)])
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert page.text.count("alert(1)") > 8
    text = (tmp_path / "run.html").read_text()
    assert text.count("<noscript>") == text.count("</noscript>")


def test_a_large_body_is_put_beside_and_linked(tmp_path: Path) -> None:
    made = exchange_with(LARGE)
    page = page_of(tmp_path, [item(made, section="a")])
    (link,) = [one["href"] for one in page.all("a") if "files" in one.get("href", "")]
    assert link == "run-files/answer-1.json"
    assert (tmp_path / link).read_bytes() == LARGE
    assert f"The first 64 KiB of {len(LARGE) // 1024} KiB" in page.text
    assert len((tmp_path / "run.html").read_text()) < 600_000


def test_a_link_leads_to_its_file_whatever_the_report_is_called(tmp_path: Path) -> None:
    file = tmp_path / "run #1 50%.html"
    report = HtmlReport(file)
    report.begin(HEAD)
    report.add(item(exchange_with(LARGE), section="a"))
    report.end(None, ())
    (found,) = re.findall('href="([^"#]*files/[^"]*)"', file.read_text())
    assert (tmp_path / unquote(found)).read_bytes() == LARGE
    assert not {"#", " "} & set(found)


def test_a_body_in_a_file_is_copied_beside(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(LARGE)
    made = exchange_with(LARGE[:1000])
    assert made.response is not None
    stored = StoredBody(kept, len(LARGE), "0" * 64, {"_id": ID})
    made = replace(made, response=replace(made.response, stored=stored))
    out = tmp_path / "out"
    page_of(out, [item(made, section="a")])
    assert (out / "run-files" / "answer-1.json").read_bytes() == LARGE


def test_a_page_of_html_is_put_beside_as_text(tmp_path: Path) -> None:
    body = b"<html><script>alert(1)</script>" + b"<p>long</p>" * 9000
    page_of(tmp_path, [item(exchange_with(body, content_type="text/html"), section="a")])
    assert [one for one in names(tmp_path / "run-files") if not one.startswith(".")] == [
        "answer-1.txt"
    ]


def test_a_stream_gets_the_page_and_nothing_beside() -> None:
    stream = io.StringIO()
    written(HtmlReport(None, stream), [item(exchange_with(LARGE), section="a")])
    page = Page(stream.getvalue())
    assert "a report to a stream has no files beside it" in page.text
    assert stream.getvalue().rstrip().endswith("</html>")


def test_an_exchange_that_failed_says_why(tmp_path: Path) -> None:
    failure = failure_of(FailureKind.REFUSED, "nobody listens on port 8080", "connect")
    page = page_of(tmp_path, [item(exchange_with(answered=False, failure=failure), section="a")])
    assert "Connection refused: nobody listens on port 8080" in page.text
    assert "1 exchange with a problem" in page.text
    assert page.all("details", class_="x")[0]["data-ok"] == "0"


def test_pictures_are_in_the_page(tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\n0"
    screen = ScreenItem(png=png, caption="The menu <1>", at=STARTED, section="phone")
    page = page_of(tmp_path, [screen])
    (picture,) = page.all("img")
    assert picture["src"] == f"data:image/png;base64,{base64.b64encode(png).decode()}"
    assert picture["alt"] == "The menu <1>"


def test_cases_stand_in_the_order_of_their_numbers_however_they_ended(tmp_path: Path) -> None:
    items: list[EvidenceItem] = []
    for number in (3, 1, 2):
        case = case_of(number)
        items += [item(create(), section=f"{number}. {case.title}"), *case_items(case, [step(0)])]
    page = page_of(tmp_path, items, ended=summary(cases=3))
    titles = [f"{number}. {case_of(number).title}" for number in (1, 2, 3)]
    for start in (page.text.index("Contents"), page.text.rindex(titles[0])):
        places = [page.text.index(title, start) for title in titles]
        assert places == sorted(places)
    assert [one["id"] for one in page.all("details", class_="sec")] == ["s1", "s2", "s3"]


def test_why_a_step_was_skipped_is_no_alarm(tmp_path: Path) -> None:
    skipped = step(1, Verdict.SKIPPED, message="step 1 did not pass")
    case = case_items(case_of(), [step(0), skipped])
    page_of(tmp_path, [item(create(), section=SECTION), *case], ended=summary(not_begun=2))
    text = (tmp_path / "run.html").read_text()
    assert '<p class="message plain">step 1 did not pass' in text
    assert "cases not begun" in text


@pytest.mark.parametrize("parallel", [1, 2], ids=["one by one", "side by side"])
def test_cases_that_run_side_by_side_stand_apart(tmp_path: Path, parallel: int) -> None:
    cases = [case_of(number) for number in (1, 2)]
    told: list[list[EvidenceItem]] = [
        [
            item(create(), section=f"{case.number}. {case.title}", note=f"note {case.number}"),
            *case_items(case, [step(0)]),
        ]
        for case in cases
    ]
    mixed = [one for pair in zip(*told, strict=True) for one in pair]
    if parallel == 1:
        mixed = [*told[0], *told[1]]
    page = page_of(tmp_path, mixed, ended=summary())
    first, second = page.text.split("2. Inbound v2.1", 2)[-2:]
    assert "note 1" in first
    assert "note 2" not in first
    assert "note 2" in second


def test_a_long_report_keeps_what_is_closed_out_of_the_browsers_way(tmp_path: Path) -> None:
    items: list[EvidenceItem] = []
    for number in range(1, 302):
        case = case_of(number)
        items.append(item(create(), section=f"{number}. {case.title}"))
        verdict = Verdict.FAILED if number == 7 else Verdict.PASSED
        items += case_items(case, [step(0, verdict)], verdict)
    page = page_of(tmp_path, items, ended=summary(cases=301))
    text = (tmp_path / "run.html").read_text()
    # One for each section, and the one that says what needs the script.
    assert text.count("<noscript>") == text.count("</noscript>") == 302
    assert len(page.all("details", class_="sec")) == 301
    assert "7. Inbound v2.1 failed" in page.text
    assert "300 more are not listed here." in page.text


def test_an_abandoned_report_leaves_nothing(tmp_path: Path) -> None:
    report = HtmlReport(tmp_path / "run.html")
    report.begin(HEAD)
    report.add(item(exchange_with(LARGE), section="a"))
    report.abandon()
    assert names(tmp_path) == []


def test_sections_of_a_session_follow_each_other_with_their_polls(tmp_path: Path) -> None:
    items: list[EvidenceItem] = [
        item(create(), section="callback a"),
        item(create(), section="chat b", note="in between"),
        *(item(status(), section="callback a", poll="p1", attempt=n) for n in (1, 2)),
        poll_item(section="callback a"),
    ]
    assert all(isinstance(one, ExchangeItem) for one in items[:4])
    page = page_of(tmp_path, items)
    assert [one["id"] for one in page.all("details", class_="sec")] == ["s1", "s2"]
    assert page.text.index("Exchanges of this poll") < page.text.index("attempt 1 ·")
    assert page.text.rindex("attempt 2 ·") < page.text.index("in between")
    assert "No problems" in page.text
