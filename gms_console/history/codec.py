"""An Exchange as it is stored, but for its body: one JSON document, packed."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gms_console.history.masking import kept_form, kept_headers, kept_pairs
from gms_console.model.certificate import Certificate
from gms_console.model.draft import Draft
from gms_console.model.exchange import (
    Exchange,
    Failure,
    FailureKind,
    Operation,
    OperationKind,
    Response,
    SentRequest,
    StoredBody,
    Timing,
)
from gms_console.model.form import Form, Row
from gms_console.redaction import Masker, without_secret_rows

Record = dict[str, Any]
"""What JSON holds of an Exchange."""

_MOST_MEMBERS = 256 * 1024
"""Characters of the members of a large body that are stored; more are read from it again."""

_FAST = 1
"""What little is packed gets hardly smaller by more effort."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ROW = Row(key="")
_ROW_FIELDS = ("value", "content_type", "filename", "enabled", "note")


def pack(text: str) -> bytes:
    """Give a text as it is stored."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _FAST)


def unpack(data: bytes) -> str:
    """Give a text that was stored. Raises ValueError and zlib.error where it is none."""
    return zlib.decompress(data).decode("utf-8", "surrogatepass")


def to_number(moment: datetime) -> int:
    """Give a moment as microseconds since 1970, which sort and compare."""
    return (moment - _EPOCH) // _MICROSECOND


def to_moment(number: int) -> datetime:
    """Give the moment in UTC that `to_number` made a number of."""
    return _EPOCH + number * _MICROSECOND


def record_of(exchange: Exchange, masker: Masker) -> Record:
    """Give what is stored of an Exchange, with its secrets masked."""
    failure = exchange.failure
    return {
        "operation": {
            name: masker.mask(value) if isinstance(value, str) else value
            for name, value in _fields(exchange.operation)
        },
        "environment": exchange.environment,
        "node": exchange.node,
        "started": exchange.started.isoformat(),
        "request": _request(exchange.request, masker),
        "response": None if exchange.response is None else _response(exchange.response, masker),
        "timing": dict(_fields(exchange.timing)),
        "failure": None if failure is None else _failure(failure, masker),
        "draft": None if exchange.draft is None else _draft(exchange.draft, masker),
        "id": exchange.id,
    }


def _fields(one: Operation | Timing) -> list[tuple[str, Any]]:
    return [(name, getattr(one, name)) for name in one.__slots__]


def _request(request: SentRequest, masker: Masker) -> Record:
    urlencoded = any(
        name.lower() == "content-type" and "urlencoded" in value.lower()
        for name, value in request.headers
    )
    preview = request.body_preview
    return {
        "method": request.method,
        "url": kept_pairs(request.url, masker),
        "http_version": request.http_version,
        "headers": kept_headers(request.headers, masker),
        "body_preview": kept_pairs(preview, masker) if urlencoded else masker.mask(preview),
        "body_size": request.body_size,
        "form": None if request.form is None else _rows(kept_form(request.form, masker)),
    }


def _response(response: Response, masker: Masker) -> Record:
    record: Record = {
        "status": response.status,
        "reason": masker.mask(response.reason),
        "http_version": response.http_version,
        "headers": kept_headers(response.headers, masker),
        "wire_size": response.wire_size,
        "complete": response.complete,
        "surplus": response.surplus,
        "stored": None,
    }
    if response.stored is not None:
        record["stored"] = _stored(response.stored, masker) | {"held": len(response.body)}
    return record


def _stored(stored: StoredBody, masker: Masker) -> Record:
    members = None if stored.members is None else masker.mask_all(dict(stored.members), keys=True)
    known = members is None or len(json.dumps(members)) <= _MOST_MEMBERS
    return {
        "sha256": stored.sha256,
        "size": stored.size,
        "broken": masker.mask(stored.broken),
        "members": members if known else None,
        "known": known,
    }


def _failure(failure: Failure, masker: Masker) -> Record:
    certificate: Record | None = None
    if failure.certificate is not None:
        certificate = asdict(failure.certificate)
        for name in ("not_before", "not_after"):
            certificate[name] = certificate[name].isoformat()
    return {
        "kind": failure.kind.value,
        "message": masker.mask(failure.message),
        "phase": failure.phase,
        "certificate": certificate,
    }


def _draft(draft: Draft, masker: Masker) -> Record:
    return {
        "service": masker.mask(draft.service),
        "request": masker.mask(draft.request),
        "form": _rows(kept_form(without_secret_rows(draft.form), masker)),
        "body_kind": draft.body_kind,
        "method": draft.method,
    }


def _rows(form: Form) -> list[Record]:
    return [_row(row) for row in form]


def _row(row: Row) -> Record:
    record: Record = {"key": row.key}
    for name in _ROW_FIELDS:
        value = getattr(row, name)
        if value != getattr(_ROW, name):
            record[name] = value
    if row.file is not None:
        record["file"] = str(row.file)
    return record


# --- and back ----------------------------------------------------------------------------


def exchange_from(
    record: Record, body: bytes, stored: StoredBody | None, before: Exchange | None
) -> Exchange:
    """Make the Exchange again, of which `body` and `stored` are kept beside the record."""
    operation = record["operation"]
    return Exchange(
        operation=Operation(**{**operation, "kind": OperationKind(operation["kind"])}),
        environment=record["environment"],
        node=record["node"],
        started=datetime.fromisoformat(record["started"]),
        request=_request_from(record["request"]),
        response=_response_from(record["response"], body, stored),
        timing=Timing(**record["timing"]),
        failure=_failure_from(record["failure"]),
        redirected_from=before,
        draft=_draft_from(record["draft"]),
        id=record["id"],
    )


def _request_from(record: Record) -> SentRequest:
    form = record["form"]
    return SentRequest(
        method=record["method"],
        url=record["url"],
        http_version=record["http_version"],
        headers=_headers_from(record["headers"]),
        body_preview=record["body_preview"],
        body_size=record["body_size"],
        form=None if form is None else _form_from(form),
    )


def _response_from(
    record: Record | None, body: bytes, stored: StoredBody | None
) -> Response | None:
    if record is None:
        return None
    return Response(
        status=record["status"],
        reason=record["reason"],
        http_version=record["http_version"],
        headers=_headers_from(record["headers"]),
        body=body,
        wire_size=record["wire_size"],
        complete=record["complete"],
        surplus=record["surplus"],
        stored=stored,
    )


def _failure_from(record: Record | None) -> Failure | None:
    if record is None:
        return None
    certificate = record["certificate"]
    if certificate is not None:
        certificate = Certificate(
            **{
                **certificate,
                "names": tuple(certificate["names"]),
                "not_before": datetime.fromisoformat(certificate["not_before"]),
                "not_after": datetime.fromisoformat(certificate["not_after"]),
            }
        )
    return Failure(FailureKind(record["kind"]), record["message"], record["phase"], certificate)


def _draft_from(record: Record | None) -> Draft | None:
    return None if record is None else Draft(**{**record, "form": _form_from(record["form"])})


def _headers_from(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs)


def _form_from(rows: list[Record]) -> Form:
    return Form(tuple(_row_from(row) for row in rows))


def _row_from(record: Record) -> Row:
    file = record.get("file")
    return Row(**{**record, "file": None if file is None else Path(file)})
