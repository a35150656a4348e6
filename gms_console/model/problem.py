"""The Problem: what is wrong with an Exchange, in GMS's own words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gms_console.model.exchange import Exchange, FailureKind, Response
from gms_console.model.reading import JsonValue, as_json, body_text, text_of
from gms_console.model.slot import Slot, read_availability

_MOST_SAID = 2000
_FORBIDDEN = "forbidden"


class ProblemKind(StrEnum):
    """On which level an Exchange went wrong."""

    TRANSPORT = "transport"
    HTTP = "http"
    ERROR_INSIDE = "error inside"
    BROKEN_JSON = "broken json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with an Exchange. `said` is verbatim: GMS's words, or the transport's.

    `exception` is the Java class that GMS names; `phrase` and `code` come with it since 8.5.2,
    and `slots` are the times that it offers instead (its `availability`).
    """

    kind: ProblemKind
    said: str
    status: int | None = None
    exception: str | None = None
    failure: FailureKind | None = None
    phrase: str | None = None
    code: str | None = None
    slots: tuple[Slot, ...] = ()


def read_problem(
    exchange: Exchange, fields: dict[str, JsonValue], json_problem: str | None
) -> Problem | None:
    """Read what went wrong, from the transport up to an error inside a 200; None for nothing."""
    response, failure = exchange.response, exchange.failure
    if failure is not None:
        return Problem(
            kind=ProblemKind.TRANSPORT,
            said=failure.message,
            failure=failure.kind,
            status=response.status if response is not None else None,
        )
    if response is None:
        return Problem(kind=ProblemKind.TRANSPORT, said="No answer came", failure=FailureKind.OTHER)
    inside = _words(fields)
    if not 200 <= response.status < 300:
        said = inside or _plain_words(response, fields) or response.reason
        return _told(ProblemKind.HTTP, said, response, fields)
    if fields.get("error") or text_of(fields.get("exception")):
        said = inside or as_json(fields.get("error"))
        return _told(ProblemKind.ERROR_INSIDE, said, response, fields)
    if _is_refusal(response):
        return _told(ProblemKind.ERROR_INSIDE, body_text(response).strip(), response, fields)
    if json_problem is not None:
        return Problem(kind=ProblemKind.BROKEN_JSON, said=json_problem, status=response.status)
    return None


def _told(
    kind: ProblemKind, said: str, response: Response, fields: dict[str, JsonValue]
) -> Problem:
    return Problem(
        kind=kind,
        said=said,
        status=response.status,
        exception=text_of(fields.get("exception")),
        phrase=text_of(fields.get("phrase")),
        code=text_of(fields.get("code")),
        slots=read_availability(fields.get("availability")),
    )


def _words(fields: dict[str, JsonValue]) -> str:
    names = ("message", "error", "phrase", "exception")
    return next((text for name in names if (text := text_of(fields.get(name)))), "")


def _plain_words(response: Response, fields: dict[str, JsonValue]) -> str:
    """Give a body as words, such as a firewall's `Forbidden`; JSON without a message has none."""
    text = body_text(response).strip()
    return "" if text in {"{}", "[]"} and not fields else text[:_MOST_SAID]


def _is_refusal(response: Response) -> bool:
    """Whether a success is a firewall's plain `Forbidden` (a field client guards against it)."""
    if not len(_FORBIDDEN) <= len(response.body) < 64:
        return False
    return body_text(response).strip(" \t\r\n.\ufeff").lower() == _FORBIDDEN
