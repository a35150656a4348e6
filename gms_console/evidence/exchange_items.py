"""Makes the item of an Exchange: redacted, with what is known of its files and of its body."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from gms_console.evidence.items import ExchangeItem, SentFile
from gms_console.evidence.log_search import log_strings
from gms_console.evidence.redaction import Redactor
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange, Response
from gms_console.model.form import Row

_SENT_SIZE = re.compile(r"«([\d,]+) bytes of ([^»]+)»")
"""What a preview shows in the place of a file's bytes; its size is the one that was sent."""

_CHUNK = 1024 * 1024


def exchange_item(
    exchange: Exchange,
    redactor: Redactor,
    *,
    section: str = "",
    step: str = "",
    poll: str = "",
    attempt: int | None = None,
    note: str = "",
) -> ExchangeItem:
    """Make the item of an Exchange; `section`, `step` and `note` come redacted already.

    Reads the files that were sent, so it takes the time of the disk. Raises OSError when a body in
    a file cannot be masked.
    """
    masked = redactor.exchange(exchange)
    answer = read_answer(masked)
    response = exchange.response
    return ExchangeItem(
        exchange=masked,
        answer=answer,
        section=section,
        step=step,
        poll=poll,
        attempt=attempt,
        note=note,
        log_strings=log_strings(masked, answer),
        files=tuple(_files(exchange, masked)),
        body_size=None if response is None else response.size,
        body_sha256="" if response is None else _sha256_of(response),
    )


def _files(exchange: Exchange, masked: Exchange) -> Iterator[SentFile]:
    form, shown = exchange.request.form, masked.request.form
    if form is None or shown is None:
        return
    sizes = [
        (int(size.replace(",", "")), name)
        for size, name in _SENT_SIZE.findall(exchange.request.body_preview)
    ]
    for row, shown_row in zip(form, shown, strict=True):
        if row.enabled and row.file is not None:
            place = next((at for at, one in enumerate(sizes) if one[1] == row.file.name), None)
            sent = None if place is None else sizes.pop(place)[0]
            yield _file(row, shown_row, sent, exchange.started)


def _file(row: Row, shown: Row, sent: int | None, started: datetime) -> SentFile:
    """Tell of a file; `sent` is its size in the request, where the preview has it."""
    size, digest, trouble = sent, None, ""
    assert row.file is not None  # noqa: S101 - asked before
    try:
        there = row.file.stat()
        changed = datetime.fromtimestamp(there.st_mtime, UTC) > started
        if changed or (sent is not None and sent != there.st_size):
            trouble = "changed since it was sent"
        else:
            size = there.st_size
            digest = _hash(row.file)
    except OSError as error:
        trouble = f"not there any more: {error.strerror or 'cannot be read'}"
    return SentFile(
        key=shown.key,
        name=shown.sent_filename,
        content_type=row.content_type or "",
        size=size,
        sha256=digest,
        trouble=trouble,
    )


def _hash(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _sha256_of(response: Response) -> str:
    if response.stored is not None:
        return response.stored.sha256
    return hashlib.sha256(response.body).hexdigest()
