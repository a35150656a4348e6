"""The Problem: what is wrong with an Exchange, in GMS's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape

from gms_console.model.exchange import Exchange, FailureKind, OperationKind, Response
from gms_console.model.reading import JsonValue, as_json, body_text, text_of
from gms_console.model.slot import Slot, read_availability

_MOST_SAID = 2000
_FORBIDDEN = "forbidden"
_MOST_PAGE = 64 * 1024
_MOST_HEADING = 200
_PASSWORD_FIELD = re.compile(
    rb"""<input[^>]{1,500}type\s{0,9}=\s{0,9}["']?password""", re.IGNORECASE
)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,2000})", re.IGNORECASE)
_TAG = re.compile(r"<(script|style)\b.*?(</\1|$)|<[^>]*>?", re.IGNORECASE | re.DOTALL)


class ProblemKind(StrEnum):
    """On which level an Exchange went wrong."""

    TRANSPORT = "transport"
    HTTP = "http"
    ERROR_INSIDE = "error inside"
    BROKEN_JSON = "broken json"
    PAGE = "page for data"


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

    @property
    def transient(self) -> bool:
        """Whether it says nothing of the instance: transport, 5xx, or what cannot be read."""
        if self.kind is ProblemKind.HTTP:
            return (self.status or 0) >= 500
        return self.kind is not ProblemKind.ERROR_INSIDE


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
    if _is_page_for_data(exchange, response):
        return Problem(kind=ProblemKind.PAGE, said=_heading(response), status=response.status)
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
    """Give a body as words, such as a firewall's `Forbidden` or the title of a gateway's page.

    JSON without a message has none.
    """
    if _is_html(response) and (title := _title(_start_of_page(response))):
        return title
    text = body_text(response).strip()
    return "" if text in {"{}", "[]"} and not fields else text[:_MOST_SAID]


def _is_page_for_data(exchange: Exchange, response: Response) -> bool:
    """Whether a gateway's page came: HTML for a create, or a login form for any request."""
    if not _is_html(response):
        return False
    create = exchange.operation.kind is OperationKind.CREATE
    return create or _PASSWORD_FIELD.search(response.body[:_MOST_PAGE]) is not None


def _is_html(response: Response) -> bool:
    if "html" not in (response.header("content-type") or "text/html").lower():
        return False
    start = response.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _heading(response: Response) -> str:
    """Give the title of a page, or what it says first."""
    text = _start_of_page(response)
    return _title(text) or _words_of(_TAG.sub(" ", text))


def _start_of_page(response: Response) -> str:
    return body_text(replace(response, body=response.body[:_MOST_PAGE]))


def _title(page: str) -> str:
    found = _TITLE.search(page)
    return _words_of(found.group(1)) if found else ""


def _words_of(text: str) -> str:
    return " ".join(unescape(text).split())[:_MOST_HEADING]


def _is_refusal(response: Response) -> bool:
    """Whether a success is a firewall's plain `Forbidden` (a field client guards against it)."""
    if not len(_FORBIDDEN) <= len(response.body) < 64:
        return False
    return body_text(response).strip(" \t\r\n.\ufeff").lower() == _FORBIDDEN
