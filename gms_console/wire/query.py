"""Rows of a Form in the address, as requests by GET and DELETE carry them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from gms_console.model.form import Form, Row
from gms_console.wire.refusal import FormRefusedError, RowProblem

BODYLESS = frozenset({"GET", "HEAD", "DELETE"})
"""Methods whose rows go into the address unless a body kind was chosen by hand."""


def encode_query(form: Form, method: str) -> str:
    """Encode the enabled rows as a query, in order and with duplicates.

    Raises FormRefusedError, with every problem found, when a row cannot be sent so.
    """
    rows = list(form.enabled())
    problems = [
        RowProblem(index, row.key, message)
        for index, row in rows
        for message in _row_messages(row, method)
    ]
    if problems:
        raise FormRefusedError(problems)
    return urlencode([(row.key, row.value) for _, row in rows])


def _row_messages(row: Row, method: str) -> Iterator[str]:
    if not row.key:
        yield "the key is empty; type one or switch the row off"
    if row.is_file:
        yield f"{method} sends rows in the address, which carries no file; choose POST"
    if row.content_type and not row.is_file:
        yield f"{method} sends rows in the address, which gives no row a content type; clear it"
    try:
        (row.key + row.value).encode()
    except UnicodeEncodeError:
        yield "it holds half of a surrogate pair, which UTF-8 cannot carry"
