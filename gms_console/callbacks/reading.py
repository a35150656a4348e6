"""Reads what GMS answers about callbacks: lists, counters, a check of a phone number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gms_console.callbacks.record import CallbackRecord, read_record, shown
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.model.reading import JsonValue, charset_of, json_type, known_charset, whole_body

LARGEST = 64 * 1024**2
"""Bytes of the largest list that is read; as records it takes some ten times as much."""


class UnreadableListError(ValueError):
    """An answer that is no list of callbacks; the text says what it is."""


@dataclass(frozen=True, slots=True)
class CallbackList:
    """The records of an answer. `left_out` counts entries that are no records."""

    records: tuple[CallbackRecord, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Watermarks:
    """How many callbacks are queued or further, by service. A scheduled one does not count."""

    services: tuple[tuple[str, str], ...] = ()
    total: str = ""


def is_in_file(exchange: Exchange) -> bool:
    """Whether an answer is so large that its whole data has to be read from its file."""
    return exchange.response is not None and exchange.response.stored is not None


def whole_data(exchange: Exchange) -> JsonValue:
    """Read all data of an answer that is in a file; it takes its time.

    Raises UnreadableListError.
    """
    response = exchange.response
    if response is None:
        raise UnreadableListError("No answer came.")
    if response.size > LARGEST:
        limit = LARGEST // 1024**2
        raise UnreadableListError(
            f"The answer has {response.size:,} bytes, and lists are read up to {limit} MiB. "
            "Ask for a shorter time, or for fewer callbacks."
        )
    charset = known_charset(charset_of(response) or "utf-8")
    try:
        return json.loads(whole_body(response).decode(charset, "replace").lstrip("\ufeff"))
    except OSError as error:
        why = error.strerror or str(error)
        raise UnreadableListError(f"The answer could not be read again: {why}.") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableListError(f"The answer is not JSON: {error}.") from None


def read_callbacks(data: JsonValue, service: str = "") -> CallbackList:
    """Read a list of callbacks in any of the shapes that GMS has for it.

    `service` is the one that was asked for, in case that records do not name it.

    A query answers an array, the admin's queues a map from service to array (domain 4.1), and a
    record may come alone. Raises UnreadableListError for anything else.
    """
    if isinstance(data, list):
        return _gathered((service, one) for one in data)
    if not isinstance(data, dict):
        found = "no JSON, or null" if data is None else json_type(data)
        raise UnreadableListError(f"A list of callbacks was expected; the answer is {found}.")
    if "_id" in data or "id" in data:
        return CallbackList((read_record(data, service),))
    if any(not isinstance(value, list) for value in data.values()):
        raise UnreadableListError(
            "A list of callbacks was expected; the answer is an object with "
            f"{', '.join(list(data)[:5])}."
        )
    return _gathered((name, one) for name, found in data.items() for one in found)


def _gathered(entries: Iterator[tuple[str, JsonValue]]) -> CallbackList:
    records, left_out = [], 0
    for service, entry in entries:
        if isinstance(entry, dict):
            records.append(read_record(entry, service))
        else:
            left_out += 1
    return CallbackList(tuple(records), left_out)


def read_watermarks(data: JsonValue) -> Watermarks | None:
    """Read the counters; None where the answer has none."""
    services = data.get("services") if isinstance(data, dict) else None
    if not isinstance(services, dict):
        return None
    counts = tuple((name, shown(count)) for name, count in services.items())
    return Watermarks(counts, shown(data.get("total")))


def read_facts(data: JsonValue) -> tuple[tuple[str, str], ...]:
    """Give the members of an answer as text, such as the 22 of a phone check, in their order."""
    return tuple((key, shown(value)) for key, value in data.items()) if _is_map(data) else ()


def was_refused(answer: Answer) -> bool:
    """Whether the way to ask was refused or is not known there, and another one may answer."""
    return answer.problem is not None and answer.problem.status in {401, 403, 404, 405, 501}


def _is_map(data: JsonValue) -> bool:
    return isinstance(data, Mapping)
