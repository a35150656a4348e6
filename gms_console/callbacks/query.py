"""The CallbackQuery: which callbacks are looked for, and the requests that ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from gms_console.callbacks.record import COMPLETED, OPEN_STATES, CallbackRecord
from gms_console.model.environment import Environment
from gms_console.model.exchange import Operation, OperationKind
from gms_console.model.form import Form
from gms_console.wire.request import (
    CALLBACK_PREFIX,
    PreparedRequest,
    execution_name,
    prepare_request,
)

QUEUES = "/1/admin/callback/queues"
"""Where the callbacks of all services are listed (seen in the vendor's tests)."""

_RECORDS = "callback"
"""Where callbacks are found by their properties, of whatever service (documented)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackQuery:
    """Which callbacks are looked for; what is empty or None does not matter.

    `states` are wanted ones, any of them, a `!` in front negates one; `unfinished` wants all that
    are not completed instead. The desired time lies from `start` to `end`. `most` bounds what the
    admin's queues give.
    `properties` are further keys with their values, which a `!` in front negates; `operand` says
    how a query combines them, and is sent for one service only, as documented.
    """

    service: str = ""
    states: tuple[str, ...] = ()
    unfinished: bool = False
    customer: str = ""
    start: datetime | None = None
    end: datetime | None = None
    most: int = 0
    properties: tuple[tuple[str, str], ...] = ()
    operand: str = ""

    def fits(self, record: CallbackRecord) -> bool:
        """Whether a record is looked for, where the way to ask could not say it all."""
        at, name = record.desired_at, execution_name(self.service)
        # By OR one criterion is enough, which only GMS can tell.
        by_or = self.operand.upper() == "OR"
        return (
            (not name or name == execution_name(record.service))
            and (by_or or self._fits_state(record.state))
            and (by_or or _digits(self.customer) in _digits(record.customer))
            and (at is None or self.start is None or at >= self.start)
            and (at is None or self.end is None or at <= self.end)
        )

    def _fits_state(self, state: str) -> bool:
        if self.unfinished:
            return state != COMPLETED
        wanted = [state != one[1:] if one.startswith("!") else state == one for one in self.states]
        return not wanted or any(wanted)

    def fitting(self, records: Iterable[CallbackRecord]) -> tuple[CallbackRecord, ...]:
        """Give those that are looked for."""
        return tuple(record for record in records if self.fits(record))


def prepare_find(environment: Environment, query: CallbackQuery) -> PreparedRequest:
    """Prepare `GET /1/service/callback?…`, or of one service `…/callback/{name}?…`.

    Of several states each is a criterion of its own, all of which would have to hold; so they are
    asked for by OR where nothing else is, and left to `fits` otherwise.
    """
    criteria = [*query.properties]
    if query.customer:
        criteria.append(("_customer_number", query.customer))
    operand = query.operand
    if query.unfinished:
        criteria.append(("_callback_state", f"!{COMPLETED}"))
    elif len(query.states) == 1 or (query.states and query.service and not criteria):
        criteria += [("_callback_state", state) for state in query.states]
        operand = operand or ("OR" if len(query.states) > 1 else "")
    if query.service and operand:
        criteria.insert(0, ("operand", operand))
    operation = Operation(
        kind=OperationKind.REQUEST,
        service=service_text(query.service),
        request="find callbacks",
        label=f"find callbacks of {execution_name(query.service)}" if query.service else "",
    )
    path = "{service}" if query.service else _RECORDS
    return prepare_request(environment, operation, Form.of(*criteria), method="GET", path=path)


def prepare_queues(environment: Environment, query: CallbackQuery) -> PreparedRequest:
    """Prepare `GET /1/admin/callback/queues?…`: all services by state and time.

    Without a time GMS takes 15 minutes back to 24 hours ahead (a comment in the vendor's tests).
    """
    states = OPEN_STATES if query.unfinished else query.states
    wanted = (
        ("target", execution_name(query.service)),
        ("start_time", utc_text(query.start)),
        ("end_time", utc_text(query.end)),
        ("states", ",".join(states)),
        ("max", str(query.most or "")),
        *query.properties,
    )
    operation = Operation(kind=OperationKind.REQUEST, request="callback queues")
    form = Form.of(*(pair for pair in wanted if pair[1]))
    return prepare_request(environment, operation, form, method="GET", path=QUEUES)


def prepare_record(environment: Environment, callback_id: str) -> PreparedRequest:
    """Prepare `GET /1/service/callback?_id=…`, which answers an array with one record."""
    operation = Operation(
        kind=OperationKind.REQUEST, instance_id=callback_id, request="callback record"
    )
    form = Form.of(("_id", callback_id))
    return prepare_request(environment, operation, form, method="GET", path=_RECORDS)


def service_text(service: str) -> str:
    """Give a callback service as it stands in an address; empty for none."""
    return f"{CALLBACK_PREFIX}{execution_name(service)}" if service else ""


def utc_text(moment: datetime | None) -> str:
    """Write a time as GMS documents it: UTC, milliseconds, Z; empty for None."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{moment.microsecond // 1000:03}Z"
    )


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())
