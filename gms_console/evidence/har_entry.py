"""An Exchange as an entry of a HAR 1.2 file."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gms_console.evidence.items import ExchangeItem, SentFile
from gms_console.model.exchange import Exchange, HeaderList, Response, SentRequest, Timing
from gms_console.model.form import Row
from gms_console.model.reading import charset_of, known_charset
from gms_console.set_cookie import sent_cookies, set_cookies

_UNKNOWN = -1
_NO_TYPE = "x-unknown"
_PHASES = {"look-up": "dns", "connect": "connect", "send": "send", "wait": "wait"}
_PHASES |= {"tls": "connect", "receive": "receive"}
_LONE = re.compile("[\ud800-\udfff]")
_ROWS = ("multipart/form-data", "application/x-www-form-urlencoded")


def har_entry(item: ExchangeItem, page: str) -> dict[str, Any]:
    """Give the entry, which belongs to the page of that id; empty for none."""
    exchange = item.exchange
    timings = _timings(exchange)
    entry: dict[str, Any] = {
        "pageref": page,
        "startedDateTime": har_time(exchange.started),
        "time": _sum(timings),
        "request": _request(exchange, item.files),
        "response": _response(item),
        "cache": {},
        "timings": timings,
    }
    if not page:
        del entry["pageref"]
    entry |= _own(item)
    return entry


def har_time(moment: datetime) -> str:
    """Write a time as HAR has it: ISO 8601 with its zone; UTC where it knows none."""
    known = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return known.isoformat(timespec="milliseconds")


def har_json(data: object) -> str:
    """Write JSON that can go out as UTF-8: halves of characters are replaced."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return _LONE.sub("\N{REPLACEMENT CHARACTER}", text)


def _own(item: ExchangeItem) -> dict[str, Any]:
    """Give the fields that HAR does not have; what is empty is left out."""
    exchange, answer = item.exchange, item.answer
    instance = exchange.operation.instance_id or answer.id or ""
    own: dict[str, Any] = {
        "_id": exchange.id,
        "_environment": exchange.environment,
        "_node": exchange.node,
        "_section": item.section,
        "_instance": instance,
        "_step": item.step,
        "_poll": item.poll,
        "_pollAttempt": item.attempt,
        "_gmsState": answer.state,
        "_problem": answer.problem and answer.problem.said,
        "_note": item.note,
        "_logSearch": list(item.log_strings),
    }
    return {name: value for name, value in own.items() if value}


def _request(exchange: Exchange, files: Sequence[SentFile]) -> dict[str, Any]:
    sent = exchange.request
    data: dict[str, Any] = {
        "method": sent.method,
        "url": sent.url.partition("#")[0],
        "httpVersion": sent.http_version,
        "cookies": [{"name": one.name, "value": one.value} for one in sent_cookies(exchange)],
        "headers": _headers(sent.headers),
        "queryString": _query(sent.url),
        "headersSize": _UNKNOWN,
        "bodySize": sent.body_size,
    }
    if sent.body_size or sent.body_preview:
        data["postData"] = _post_data(sent, files)
    return data


def _post_data(sent: SentRequest, files: Sequence[SentFile]) -> dict[str, Any]:
    """Give the rows of a form, else the text: HAR forbids both together."""
    types = (value for name, value in sent.headers if name.lower() == "content-type")
    mime = next(types, "")
    kind = mime.partition(";")[0].strip().lower()
    if sent.form is not None and kind in _ROWS:
        of_rows = iter(files)
        rows = [_param(row, of_rows, multipart=kind == _ROWS[0]) for _, row in sent.form.enabled()]
        return {"mimeType": mime, "params": rows}
    data: dict[str, Any] = {"mimeType": mime, "text": sent.body_preview}
    if len(sent.body_preview.encode("utf-8", "replace")) != sent.body_size:
        data["comment"] = f"As it was shown and masked; {sent.body_size:,} bytes were sent."
    return data


def _param(row: Row, files: Iterator[SentFile], *, multipart: bool) -> dict[str, Any]:
    """Give a row; `files` has the next one that was sent, where the evidence knows it."""
    data: dict[str, Any] = {"name": row.key}
    if row.is_file:
        data["fileName"] = row.sent_filename
        data |= _of_file(next(files, None))
    else:
        data["value"] = row.value
    if row.content_type is not None and multipart:
        data["contentType"] = row.content_type
    return data


def _of_file(file: SentFile | None) -> dict[str, Any]:
    """Give what is known of a file that was sent: HAR has no place for its content."""
    if file is None:
        return {}
    data = {"_size": file.size, "_sha256": file.sha256, "comment": file.trouble}
    return {name: value for name, value in data.items() if value}


def _response(item: ExchangeItem) -> dict[str, Any]:
    exchange = item.exchange
    response, failure = exchange.response, exchange.failure
    if response is None:
        data = _nothing()
    else:
        data = {
            "status": response.status,
            "statusText": response.reason,
            "httpVersion": response.http_version,
            "cookies": _set_cookies(exchange),
            "headers": _headers(response.headers),
            "content": _content(response, item),
            "redirectURL": response.header("location") or "",
            "headersSize": _UNKNOWN,
            "bodySize": response.wire_size,
        }
    if failure is not None:
        data["_error"] = f"{failure.kind.value}: {failure.message}"
        data["_failedIn"] = failure.phase
    elif response is None:
        data["_error"] = "no answer came"
    return data


def _nothing() -> dict[str, Any]:
    """Give what stands for a response that never came."""
    return {
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": _NO_TYPE},
        "redirectURL": "",
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }


def _content(response: Response, item: ExchangeItem) -> dict[str, Any]:
    """Give the body: as text where its charset gives it exactly, else in base64.

    Its size and its digest are those of the body as it came, before anything was masked.
    """
    size = response.size if item.body_size is None else item.body_size
    data: dict[str, Any] = {
        "size": size,
        "mimeType": response.header("content-type") or _NO_TYPE,
    }
    saved = size - response.wire_size
    if saved > 0 and response.complete and response.header("content-encoding"):
        data["compression"] = saved
    text = _exact_text(response)
    if text is None:
        data |= {"text": b64encode(response.body).decode("ascii"), "encoding": "base64"}
    else:
        data["text"] = text
    digest = item.body_sha256 or (response.stored.sha256 if response.stored is not None else "")
    if digest:
        data["_sha256"] = digest
    if response.stored is not None:
        data["comment"] = (
            f"Only the first {len(response.body):,} of {response.size:,} bytes, as masked."
        )
    elif not response.complete:
        data["comment"] = "Only a part of the answer is here: it was cut off, or is not kept."
    return data


def _exact_text(response: Response) -> str | None:
    """Decode a body; None where that would lose something. A part may end within a character."""
    charset = known_charset(charset_of(response) or "utf-8")
    cut = response.stored is not None or not response.complete
    try:
        text = getincrementaldecoder(charset)("strict").decode(response.body, final=not cut)
    except (UnicodeError, LookupError):
        return None
    return None if _LONE.search(text) else text


def _set_cookies(exchange: Exchange) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    try:
        lines = set_cookies(exchange)
    except ValueError:  # an address that is none
        return found
    for one in lines:
        cookie: dict[str, Any] = {"name": one.name, "value": one.value, "path": one.path}
        if one.domain:
            cookie["domain"] = one.domain
        if one.expires is not None:
            cookie["expires"] = har_time(one.expires)
        found.append(cookie | {"httpOnly": one.http_only, "secure": one.secure})
    return found


def _headers(headers: HeaderList) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _query(url: str) -> list[dict[str, str]]:
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []
    return [{"name": name, "value": value} for name, value in pairs]


def _timings(exchange: Exchange) -> dict[str, float]:
    """Give the phases in ms. HAR counts TLS within `connect`, and has no -1 for the last three.

    What belongs to no phase stands in the one that failed, else in `blocked`.
    """
    timing, failure = exchange.timing, exchange.failure
    found: dict[str, float] = {
        "blocked": _UNKNOWN,
        "dns": _UNKNOWN,
        "connect": _connect(timing),
        "ssl": _UNKNOWN if timing.tls is None else round(timing.tls, 3),
        "send": round(timing.send or 0.0, 3),
        "wait": round(timing.wait or 0.0, 3),
        "receive": round(timing.receive or 0.0, 3),
    }
    rest = round(timing.total - _sum(found), 3)
    if rest > 0:
        phase = _PHASES.get(failure.phase, "blocked") if failure is not None else "blocked"
        found[phase] = round(max(found[phase], 0.0) + rest, 3)
    return found


def _connect(timing: Timing) -> float:
    if timing.connect is None and timing.tls is None:
        return _UNKNOWN
    return round((timing.connect or 0.0) + (timing.tls or 0.0), 3)


def _sum(timings: dict[str, float]) -> float:
    """Add up what is known; `ssl` is in `connect` already."""
    return round(sum(ms for name, ms in timings.items() if name != "ssl" and ms > 0), 3)
