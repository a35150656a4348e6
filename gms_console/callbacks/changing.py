"""The requests that change callbacks: cancel, reschedule, cancel many at once."""

from __future__ import annotations

from collections.abc import Sequence

from gms_console.callbacks.query import service_text
from gms_console.callbacks.record import CallbackRecord
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import Operation, OperationKind
from gms_console.model.form import Form
from gms_console.wire.body import BodyKind
from gms_console.wire.request import PreparedRequest, prepare_document, prepare_request

BULK_CANCEL = "/1/admin/callback/cancel"
CANCELLED_REPORT = "/1/admin/callback/reportcancelled"

BY_ADMIN = "CANCELLED_BY_ADMIN"
"""The reason that the vendor's own page gives (seen in its tests)."""

TIME_KEYS = ("_new_desired_time", "_desired_time")
"""Keys of the new time: the vendor's app sends the first, its tests the second (domain 4.1)."""

_ONE = "{service}/{id}"


def prepare_cancel(
    environment: Environment, record: CallbackRecord, *, discard_ors_failure: bool = False
) -> PreparedRequest:
    """Prepare `DELETE /1/service/callback/{name}/{id}`.

    Raises PathSegmentError for a record that does not name its service.
    """
    operation = _operation(record, "cancel callback")
    rows = (("discard_ors_failure", "true"),) if discard_ors_failure else ()
    return prepare_request(environment, operation, Form.of(*rows), method="DELETE", path=_ONE)


def prepare_reschedule(
    environment: Environment, record: CallbackRecord, time: str, key: str = TIME_KEYS[0]
) -> PreparedRequest:
    """Prepare `PUT /1/service/callback/{name}/{id}` with the time as it was offered.

    Raises PathSegmentError for a record that does not name its service.
    """
    operation = _operation(record, "reschedule callback")
    form = Form.of((key, time))
    return prepare_request(
        environment, operation, form, method="PUT", kind=BodyKind.JSON, path=_ONE
    )


def prepare_bulk_cancel(
    environment: Environment, ids: Sequence[str], reason: str = BY_ADMIN
) -> PreparedRequest:
    """Prepare `POST /1/admin/callback/cancel` for all of these ids."""
    operation = Operation(kind=OperationKind.REQUEST, request="cancel callbacks")
    document = {"reason": reason, "ids": list(ids)}
    return prepare_document(environment, operation, BULK_CANCEL, document)


def prepare_cancelled_report(
    environment: Environment, reason: str, properties: Sequence[str]
) -> PreparedRequest:
    """Prepare `POST /1/admin/callback/reportcancelled`, which answers a table of cancelled ones."""
    operation = Operation(kind=OperationKind.REQUEST, request="report of cancelled callbacks")
    document = {"callback_reason": reason, "exported_properties": list(properties)}
    return prepare_document(environment, operation, CANCELLED_REPORT, document)


def _operation(record: CallbackRecord, request: str) -> Operation:
    if not record.service:
        raise PathSegmentError(f"The record of {record.id} does not name its service.")
    return Operation(
        kind=OperationKind.REQUEST,
        service=service_text(record.service),
        instance_id=record.id,
        request=request,
    )
