"""An Exchange as JSON: what `--format json` prints and what a report has a line for.

Scripts of users depend on its shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from gms_console.model.answer import Access, Problem, body_text, read_answer
from gms_console.model.exchange import Exchange, HeaderList, Response, Timing
from gms_console.model.timeline import StateSpan
from gms_console.problems import Explanation, explain
from gms_console.redaction import mask_headers

Explainer = Callable[[Problem, Exchange], Explanation]


def exchange_json(
    exchange: Exchange, explainer: Explainer = explain, *, redacted: bool = False
) -> dict[str, Any]:
    """Give the object; headers that carry credentials are masked, other secrets are not.

    `redacted`: the Exchange was redacted before, and its headers stay as they are.
    """
    answer, failure = read_answer(exchange), exchange.failure
    headers = _as_they_are if redacted else mask_headers
    data: dict[str, Any] = {
        "request": {
            "method": exchange.request.method,
            "url": exchange.request.url,
            "headers": headers(exchange.request.headers),
            "body_preview": exchange.request.body_preview,
        },
        "response": _response(exchange.response, headers),
        "answer": {
            "id": answer.id,
            "access": _access(answer.access),
            "state": answer.state,
            "dialog": answer.dialog,
            "problem": _problem(answer.problem, exchange, explainer),
            "notes": list(answer.notes),
        },
        "timing": _timing(exchange.timing),
        "error": failure and {"kind": failure.kind.value, "message": failure.message},
    }
    if exchange.redirected_from is not None:
        data["redirects"] = _redirects(exchange)
    return data


def json_line(data: object) -> str:
    """Write JSON as one line with its end, in ASCII. Raises RecursionError when nested too deep."""
    try:
        return json.dumps(data, allow_nan=False) + "\n"
    except ValueError:
        # Python reads NaN and Infinity, which JSON does not have: they are passed on as text.
        return json.dumps(json.loads(json.dumps(data), parse_constant=str)) + "\n"


def states_json(spans: Iterable[StateSpan]) -> list[dict[str, Any]]:
    """Give the states of a poll in order, with when they were seen."""
    return [
        {
            "state": span.state,
            "first": span.first.isoformat(),
            "last": span.last.isoformat(),
            "attempts": span.attempts,
        }
        for span in spans
    ]


def _redirects(exchange: Exchange) -> list[dict[str, Any]]:
    """Give the answers that led to this one, oldest first."""
    return [
        {
            "status": one.response.status,
            "url": one.request.url,
            "location": one.response.header("location"),
        }
        for one in exchange.hops[:-1]
        if one.response is not None
    ]


def _as_they_are(headers: HeaderList) -> HeaderList:
    return headers


def _response(
    response: Response | None, headers: Callable[[HeaderList], HeaderList]
) -> dict[str, Any] | None:
    if response is None:
        return None
    return {
        "status": response.status,
        "reason": response.reason,
        "headers": headers(response.headers),
        "body": body_text(response),
        "http_version": response.http_version,
    }


def _access(access: Access | None) -> dict[str, Any] | None:
    if access is None:
        return None
    return {
        "number": access.number,
        "code": access.code,
        "lifetime_s": access.lifetime,
        "expires": access.expires and access.expires.isoformat(),
    }


def _problem(
    problem: Problem | None, exchange: Exchange, explainer: Explainer
) -> dict[str, Any] | None:
    if problem is None:
        return None
    explanation = explainer(problem, exchange)
    return {
        "kind": problem.kind.value,
        "said": problem.said,
        "exception": problem.exception,
        "phrase": problem.phrase,
        "code": problem.code,
        "slots": [{"time": slot.time, "free": slot.free} for slot in problem.slots],
        "means": explanation.means,
        "look": explanation.look,
        "try": explanation.advice,
    }


def _timing(timing: Timing) -> dict[str, float | None]:
    phases: dict[str, float | None] = asdict(timing)
    return {name: None if ms is None else round(ms, 3) for name, ms in phases.items()}
