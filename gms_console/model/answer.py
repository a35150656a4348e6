"""The Answer: an Exchange read as GMS meant it. Lenient in reading, never repairing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gms_console.model.exchange import Exchange, FailureKind, Response

JsonValue = Any
"""What json.loads gives: dict, list, str, int, float, bool or None."""


class ProblemKind(StrEnum):
    """On which level an Exchange went wrong."""

    TRANSPORT = "transport"
    HTTP = "http"
    ERROR_INSIDE = "error inside"
    BROKEN_JSON = "broken json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with an Exchange. `said` is verbatim: GMS's words, or the transport's."""

    kind: ProblemKind
    said: str
    status: int | None = None
    exception: str | None = None
    failure: FailureKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Access information: what a customer dials, and until when it is held.

    `lifetime` is `_expiration_time` in seconds, counted from the answer; None when the
    answer gave none that can be read as a number.
    """

    number: str | None = None
    code: str | None = None
    lifetime: float | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An Exchange as GMS meant it; every field is None where the answer does not say it.

    `id` reads `_id` and `id` (the reference page prints `id`, real answers have `_id`);
    `dialog` is a page path such as `/waitingforagent.html`, or a dialog object.
    `problem` is set for transport failures, HTTP errors, an `error` or `exception` inside
    an HTTP 200, and JSON that is broken; a body of another type is no problem.
    """

    data: JsonValue = None
    is_json: bool = False
    id: str | None = None
    access: Access | None = None
    state: str | None = None
    dialog: JsonValue = None
    problem: Problem | None = None

    @property
    def ok(self) -> bool:
        """Whether GMS answered, and with no error."""
        return self.problem is None


def read_answer(exchange: Exchange) -> Answer:
    """Read an Exchange; never raises, whatever came back."""
    response = exchange.response
    data, json_problem = _parse(response) if response is not None else (None, None)
    fields = data if isinstance(data, dict) else {}
    return Answer(
        data=data,
        is_json=json_problem is None and data is not None,
        id=_text(fields.get("_id")) or _text(fields.get("id")),
        access=_access(fields, exchange),
        state=_text(fields.get("status")),
        dialog=_dialog(fields),
        problem=_problem(exchange, fields, json_problem),
    )


def body_text(response: Response) -> str:
    """Decode a body for reading: by its charset, else UTF-8; undecodable bytes show as U+FFFD."""
    charset = "utf-8"
    for part in (response.header("content-type") or "").split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.lower() == "charset" and value:
            charset = value.strip("\"'")
    try:
        return response.body.decode(charset, "replace")
    except (LookupError, ValueError):
        return response.body.decode("utf-8", "replace")


def _parse(response: Response) -> tuple[JsonValue, str | None]:
    """Give (data, None), or (None, what is broken); (None, None) where no JSON was meant."""
    text = body_text(response).lstrip("\ufeff")
    announced = "json" in (response.header("content-type") or "").lower()
    if not text.strip() or not (announced or text.lstrip()[:1] in {"{", "["}):
        return None, None
    try:
        return json.loads(text), None
    except json.JSONDecodeError as error:
        return None, f"{error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        return None, "nested too deeply to be read"
    except ValueError as error:
        return None, str(error)


def _text(value: JsonValue) -> str | None:
    """Read a string, number or boolean as text; GMS sends either, all mean the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value) or None
    return None


def _access(fields: dict[str, JsonValue], exchange: Exchange) -> Access | None:
    number = _text(fields.get("_access_number"))
    code = _text(fields.get("_access_code"))
    lifetime = _seconds(fields.get("_expiration_time"))
    if number is None and code is None and lifetime is None:
        return None
    answered = exchange.started + timedelta(milliseconds=exchange.timing.total)
    expires = None if lifetime is None else answered + timedelta(seconds=lifetime)
    return Access(number=number, code=code, lifetime=lifetime, expires=expires)


def _plain_words(response: Response, fields: dict[str, JsonValue]) -> str:
    """Give a body as words, such as a firewall's `Forbidden`; JSON without a message has none."""
    text = body_text(response).strip()
    return "" if text in {"{}", "[]"} and not fields else text[:2000]


def _seconds(value: JsonValue) -> float | None:
    try:
        seconds = float(_text(value) or "")
    except ValueError:
        return None
    # A thousand years is no booking, and would overflow a date.
    return seconds if 0 <= seconds < 3e10 else None


def _dialog(fields: dict[str, JsonValue]) -> JsonValue:
    if "dialog" in fields:
        return fields["dialog"]
    return fields if "_action" in fields or "_dialog_id" in fields else None


def _problem(
    exchange: Exchange, fields: dict[str, JsonValue], json_problem: str | None
) -> Problem | None:
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
    exception = _text(fields.get("exception"))
    inside = next((t for k in ("message", "error", "exception") if (t := _text(fields.get(k)))), "")
    if not 200 <= response.status < 300:
        said = inside or _plain_words(response, fields) or response.reason
        return Problem(
            kind=ProblemKind.HTTP, said=said, status=response.status, exception=exception
        )
    if fields.get("error") or exception:
        said = inside or json.dumps(fields.get("error"), ensure_ascii=False)
        return Problem(
            kind=ProblemKind.ERROR_INSIDE, said=said, status=response.status, exception=exception
        )
    if json_problem is not None:
        return Problem(kind=ProblemKind.BROKEN_JSON, said=json_problem, status=response.status)
    return None
