"""An Exchange as one JSON object; scripts of users depend on its shape."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gms_console.cli.explaining import explained
from gms_console.model.answer import Access, Problem, body_text, read_answer
from gms_console.model.exchange import Exchange, Response, Timing
from gms_console.redaction import Masker, mask_headers

if TYPE_CHECKING:
    from gms_console.poll import Poll


def json_report(exchange: Exchange, poll: Poll | None, masker: Masker) -> str:
    """Give the object as one line; with `poll`, the Exchange is the last one of it.

    What `masker` knows is masked in all values, and in the dialog's names too.
    """
    data = _exchange(exchange)
    if exchange.redirected_from is not None:
        data["redirects"] = _redirects(exchange)
    if poll is not None:
        data["poll"] = _poll(poll)
    try:
        return _line(_masked(data, masker))
    except RecursionError:
        # A dialog may be nested as deeply as can just be read; the body still holds it.
        data["answer"]["dialog"] = None
        return _line(_masked(data, masker))


def _masked(data: dict[str, Any], masker: Masker) -> object:
    if not masker:
        return data
    dialog = masker.mask_all(data["answer"]["dialog"], keys=True)
    return masker.mask_all(data | {"answer": data["answer"] | {"dialog": dialog}})


def _line(data: object) -> str:
    try:
        return json.dumps(data, allow_nan=False) + "\n"
    except ValueError:
        # Python reads NaN and Infinity, which JSON does not have: they are passed on as text.
        return json.dumps(json.loads(json.dumps(data), parse_constant=str)) + "\n"


def _exchange(exchange: Exchange) -> dict[str, Any]:
    answer, failure = read_answer(exchange), exchange.failure
    return {
        "request": {
            "method": exchange.request.method,
            "url": exchange.request.url,
            "headers": mask_headers(exchange.request.headers),
            "body_preview": exchange.request.body_preview,
        },
        "response": _response(exchange.response),
        "answer": {
            "id": answer.id,
            "access": _access(answer.access),
            "state": answer.state,
            "dialog": answer.dialog,
            "problem": _problem(answer.problem, exchange),
            "notes": list(answer.notes),
        },
        "timing": _timing(exchange.timing),
        "error": failure and {"kind": failure.kind.value, "message": failure.message},
    }


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


def _response(response: Response | None) -> dict[str, Any] | None:
    if response is None:
        return None
    return {
        "status": response.status,
        "reason": response.reason,
        "headers": mask_headers(response.headers),
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


def _problem(problem: Problem | None, exchange: Exchange) -> dict[str, Any] | None:
    if problem is None:
        return None
    explanation = explained(problem, exchange)
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


def _poll(poll: Poll) -> dict[str, Any]:
    return {
        "outcome": poll.outcome and poll.outcome.value,
        "reason": poll.reason,
        "attempts": len(poll.timeline.attempts),
        "states": [
            {
                "state": span.state,
                "first": span.first.isoformat(),
                "last": span.last.isoformat(),
                "attempts": span.attempts,
            }
            for span in poll.timeline.spans
        ],
    }
