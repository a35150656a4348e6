"""The whole of a problem as one text."""

from dataclasses import replace
from datetime import UTC, datetime

from gms_console.model.answer import read_answer
from gms_console.model.certificate import Certificate
from gms_console.model.exchange import Exchange, Failure, FailureKind
from gms_console.problem_text import HEADINGS, problem_text
from gms_console.problems import Explanation, explain
from tests.engine.test_set_cookie import exchange

REFUSED = (
    b'{"exception": "com.genesyslab.CallbackExceptionAvailability", "message": "Office is closed.",'
    b' "phrase": "Bad Request", "code": 400, "availability": {"2026-11-25T09:00:00.000Z": 3}}'
)


def answered(body: bytes, status: int = 200, *, kind: str = "application/json") -> Exchange:
    made = exchange()
    assert made.response is not None
    response = replace(
        made.response,
        body=body,
        status=status,
        reason="",
        headers=(("Content-Type", kind),),
    )
    return replace(made, response=response, environment="qa", node="node1")


def parts(exchanged: Exchange, explanation: Explanation | None = None) -> dict[str, str]:
    text = problem_text(exchanged, read_answer(exchanged), explanation)
    found: dict[str, str] = {}
    heading = ""
    for line in text.splitlines():
        if line in HEADINGS:
            heading = line
        elif line:
            found[heading] = f"{found.get(heading, '')}{line}\n"
    return found


def test_a_refusal_with_all_that_belongs_to_it() -> None:
    refused = answered(REFUSED, 400)
    problem = read_answer(refused).problem
    assert problem is not None
    explained = explain(problem, refused)
    found = parts(refused, explained)
    assert list(found) == [
        "What was said",
        "Facts",
        "Probably",
        *(["Look at"] if explained.look else []),
        "Try",
        "Offered instead",
    ]
    assert found["What was said"] == "Office is closed.\n"
    assert "com.genesyslab.CallbackExceptionAvailability\n" in found["Facts"]
    assert "Bad Request\n" in found["Facts"]
    assert "400 Bad Request\n" in found["Facts"]
    assert "qa / node1\n" in found["Facts"]
    assert found["Try"].strip() == explained.advice
    assert "3 free" in found["Offered instead"]


def test_what_is_odd_is_told_without_a_problem_too() -> None:
    odd = answered(b'{"a": 1, "a": 2}')
    assert read_answer(odd).problem is None
    assert list(parts(odd)) == ["What is odd"]
    assert problem_text(answered(b"{}"), read_answer(answered(b"{}")), None) == ""


def test_a_certificate_that_is_not_trusted_is_shown_whole() -> None:
    certificate = Certificate(
        subject="gms.example.com",
        names=("gms.example.com",),
        issuer="Own CA",
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2027, 1, 1, tzinfo=UTC),
        fingerprint="AB:CD",
    )
    failure = Failure(FailureKind.TLS, "It is signed by an unknown one.", "tls", certificate)
    failed = replace(exchange(), response=None, failure=failure)
    found = parts(failed)
    assert found["What was said"] == "It is signed by an unknown one.\n"
    assert "TLS failed, in the phase tls\n" in found["Facts"]
    for text in ("Own CA", "AB:CD", "2026-01-01 to 2027-01-01"):
        assert text in found["Certificate of the server"]
