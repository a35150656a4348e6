"""What is asked beside the list: free times, counters, and whether a number can be called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from gms_console.callbacks.query import service_text, utc_text
from gms_console.model.environment import Environment
from gms_console.model.exchange import Operation, OperationKind
from gms_console.model.form import Form
from gms_console.model.slot import Slot
from gms_console.wire.request import PreparedRequest, execution_name, prepare_request

WATERMARKS = "/1/admin/callback/watermarks"
PHONE_NUMBER = "/1/phonenumber"

_AVAILABILITY = {1: "/1/service/{service}/availability", 2: "/2/service/{service}/availability"}


def prepare_availability(
    environment: Environment, service: str, start: datetime, end: datetime, version: int = 2
) -> PreparedRequest:
    """Prepare `GET /{1 or 2}/service/callback/{name}/availability?start=…&end=…`.

    Version 2 answers more of each slot; nodes before it know version 1 only (domain 4.1).
    """
    operation = Operation(
        kind=OperationKind.REQUEST,
        service=service_text(service),
        request="availability",
        label=f"availability of {execution_name(service)}",
    )
    form = Form.of(("start", utc_text(start)), ("end", utc_text(end)))
    path = _AVAILABILITY[version]
    return prepare_request(environment, operation, form, method="GET", path=path)


def slots_by_day(slots: Iterable[Slot]) -> tuple[tuple[date | None, tuple[Slot, ...]], ...]:
    """Group slots by the day that they are on for the reader, earliest first.

    Those whose time cannot be read stand in a group of None at the end.
    """
    days: dict[date | None, list[Slot]] = {}
    for slot in slots:
        day = slot.at.astimezone().date() if slot.at is not None else None
        days.setdefault(day, []).append(slot)
    order = sorted(days, key=lambda day: (day is None, day or date.min))
    return tuple((day, tuple(sorted(days[day], key=_moment))) for day in order)


def _moment(slot: Slot) -> float:
    return slot.at.timestamp() if slot.at is not None else 0.0


def prepare_watermarks(environment: Environment, services: Sequence[str] = ()) -> PreparedRequest:
    """Prepare `GET /1/admin/callback/watermarks`: counts of services, of all where none is named.

    Only callbacks that are queued or further count (seen in the vendor's tests).
    """
    operation = Operation(kind=OperationKind.REQUEST, request="callback counters")
    form = Form.of(*(("service_name", execution_name(one)) for one in services))
    return prepare_request(environment, operation, form, method="GET", path=WATERMARKS)


def prepare_phone_check(
    environment: Environment, number: str, country: str = "", locale: str = ""
) -> PreparedRequest:
    """Prepare `GET /1/phonenumber?number=…`, which tells what GMS makes of a number."""
    operation = Operation(kind=OperationKind.REQUEST, request="check number")
    rows = (("number", number), ("country", country), ("geocodingLocale", locale))
    form = Form.of(*(pair for pair in rows if pair[1]))
    return prepare_request(environment, operation, form, method="GET", path=PHONE_NUMBER)
