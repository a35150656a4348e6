"""The Answer: an Exchange read as GMS meant it. Lenient in reading, never repairing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gms_console.model.exchange import Exchange
from gms_console.model.notes import read_notes
from gms_console.model.problem import Problem, ProblemKind, read_problem
from gms_console.model.reading import JsonValue, body_json, body_text, text_of
from gms_console.model.slot import Slot, read_slots

__all__ = [
    "Access",
    "Answer",
    "JsonValue",
    "Problem",
    "ProblemKind",
    "Slot",
    "body_text",
    "read_answer",
]


ID_KEYS = ("_id", "id", "chatId")
"""Fields that may hold the id of an instance, the one that is meant first."""


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

    `id` reads `_id` and `id` (the reference page prints `id`, real answers have `_id`), and the
    `chatId` of chat version 2 (domain 7, A15);
    `state` reads `status`, and `_callback_state` of a callback's record. A query by id answers
    an array with that one record, which is read as if it came alone.
    `dialog` is a page path such as `/waitingforagent.html`, or a dialog object; `slots` are the
    times of an availability answer, or those that a refusal offers instead.
    `problem` is set for transport failures, HTTP errors, an `error` or `exception` inside
    an HTTP 200, a firewall's `Forbidden` with any status, and JSON that is broken; a body of
    another type is no problem, unless it is an HTML page where GMS would answer data.
    `notes` say what is odd about an answer that can be read all the same, in sentences.
    """

    data: JsonValue = None
    is_json: bool = False
    id: str | None = None
    access: Access | None = None
    state: str | None = None
    dialog: JsonValue = None
    slots: tuple[Slot, ...] = ()
    problem: Problem | None = None
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether GMS answered, and with no error."""
        return self.problem is None


def read_answer(exchange: Exchange) -> Answer:
    """Read an Exchange; never raises, whatever came back."""
    response = exchange.response
    data, json_problem = body_json(response) if response is not None else (None, None)
    fields = data if isinstance(data, dict) else {}
    record = _record(data)
    is_json = json_problem is None and data is not None
    return Answer(
        data=data,
        is_json=is_json,
        id=next((found for key in ID_KEYS if (found := text_of(record.get(key)))), None),
        access=_access(record, exchange),
        state=text_of(record.get("status")) or text_of(record.get("_callback_state")),
        dialog=_dialog(fields),
        slots=read_slots(data),
        problem=read_problem(exchange, fields, json_problem),
        notes=() if response is None else read_notes(response, is_json=is_json),
    )


def _record(data: JsonValue) -> dict[str, JsonValue]:
    """Give the object that an answer is about: itself, or the only one of its array."""
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    return data if isinstance(data, dict) else {}


def _access(fields: dict[str, JsonValue], exchange: Exchange) -> Access | None:
    number = text_of(fields.get("_access_number"))
    code = text_of(fields.get("_access_code"))
    lifetime = _seconds(fields.get("_expiration_time"))
    if number is None and code is None and (lifetime is None or "_callback_state" in fields):
        # A callback's record has an _expiration_time that is its own, not a booking's.
        return None
    answered = exchange.started + timedelta(milliseconds=exchange.timing.total)
    expires = None if lifetime is None else answered + timedelta(seconds=lifetime)
    return Access(number=number, code=code, lifetime=lifetime, expires=expires)


def _seconds(value: JsonValue) -> float | None:
    try:
        seconds = float(text_of(value) or "")
    except ValueError:
        return None
    # A thousand years is no booking, and would overflow a date.
    return seconds if 0 <= seconds < 3e10 else None


def _dialog(fields: dict[str, JsonValue]) -> JsonValue:
    if "dialog" in fields:
        return fields["dialog"]
    return fields if "_action" in fields or "_dialog_id" in fields else None
