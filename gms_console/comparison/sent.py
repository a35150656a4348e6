"""What was sent on both sides: rows of forms by key, or bodies line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from gms_console.comparison.alignment import Aligner
from gms_console.comparison.document import texts_of
from gms_console.comparison.types import Change, SentDifference
from gms_console.model.exchange import Exchange, SentRequest
from gms_console.model.form import Form, Row
from gms_console.redaction import MASK, Masker, header_secrets, is_credential_name, secret_rows

ASKED, KIND = "(request)", "(Content-Type)"
"""What the rows of method and path, and of the kind of body, are called; no key of a form is."""

MOST_LINES = 2_000
"""Lines of a body that are compared."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A row or line as it went out, and as it may be shown."""

    key: str
    value: str
    shown: str


def compare_sent(left: Exchange, right: Exchange) -> tuple[SentDifference, ...]:
    """Compare what was sent: method and path, and the rows of the forms in order.

    Rows of one key are paired in their order. Where a side had no rows, the bodies are compared
    line by line, as far as they are kept. Credentials are masked, and differ all the same where
    both are known.
    Never raises.
    """
    masker = _masker(left.request, right.request)
    with_rows = left.request.form is not None and right.request.form is not None
    heads = [_heads(one.request, masker, query=not with_rows) for one in (left, right)]
    found = [
        _difference(mine, theirs) for mine, theirs in zip(*heads, strict=True) if mine or theirs
    ]
    if left.request.form is not None and right.request.form is not None:
        found += _by_rows(left.request.form, right.request.form, masker)
    else:
        found += _by_lines(left.request, right.request, masker)
    return tuple(found)


def _masker(*requests: SentRequest) -> Masker:
    values = [value for one in requests for value in header_secrets(one.headers)]
    values += (value for one in requests if one.form is not None for value in secret_rows(one.form))
    return Masker(value for value in values if MASK not in value)


def _heads(request: SentRequest, masker: Masker, *, query: bool) -> tuple[_Sent, _Sent | None]:
    """Give method and path, and the kind of body; not the host, in which places differ anyway."""
    parts = urlsplit(request.url)
    path = f"{parts.path}?{parts.query}" if query and parts.query else parts.path
    asked = f"{request.method} {path}"
    # A boundary is made anew for each request.
    kind = next((v for name, v in request.headers if name.lower() == "content-type"), "")
    kind = kind.partition("; boundary=")[0]
    return (
        _Sent(ASKED, asked, masker.mask(asked)),
        _Sent(KIND, kind, masker.mask(kind)) if kind else None,
    )


def _by_rows(left: Form, right: Form, masker: Masker) -> Iterator[SentDifference]:
    mine, theirs = ([_sent(row, masker) for _, row in form.enabled()] for form in (left, right))
    found = Aligner().align(_numbered(mine), _numbered(theirs))
    for i, j in found.rows:
        moved = j is not None and j in found.moved
        yield _difference(
            None if i is None else mine[i], None if j is None else theirs[j], moved=moved
        )


def _numbered(rows: list[_Sent]) -> list[tuple[str, int]]:
    """Tell rows of one key apart by how many there are before."""
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        found.append((row.key, seen[row.key]))
        seen[row.key] += 1
    return found


def _sent(row: Row, masker: Masker) -> _Sent:
    value = row.value if row.file is None else f"file {row.sent_filename}, from {row.file}"
    if row.content_type is not None:
        value = f"{value} ({row.content_type})"
    secret = row.value and is_credential_name(row.key)
    return _Sent(row.key, value, MASK if secret else masker.mask(value))


def _by_lines(left: SentRequest, right: SentRequest, masker: Masker) -> Iterator[SentDifference]:
    mine, theirs = (
        [_Sent("", line, masker.mask(line)) for line in one.body_preview.splitlines()[:MOST_LINES]]
        for one in (left, right)
    )
    found = Aligner(find_moves=False).align(
        [one.value for one in mine], [one.value for one in theirs], lambda _i, _j: 0.0
    )
    for i, j in found.rows:
        yield _difference(None if i is None else mine[i], None if j is None else theirs[j])


def _difference(left: _Sent | None, right: _Sent | None, *, moved: bool = False) -> SentDifference:
    either = left or right
    key = "" if either is None else either.key
    if left is None:
        return SentDifference(key, None, None if right is None else right.shown, Change.ADDED)
    if right is None:
        return SentDifference(key, left.shown, None, Change.REMOVED)
    change = Change.MOVED if moved else Change.SAME
    # What was kept without its secret is not known to be another one.
    kept = MASK in left.value or MASK in right.value
    if left.shown != right.shown or (left.value != right.value and not kept):
        change = Change.CHANGED
    return SentDifference(key, *texts_of(left.shown, right.shown), change)
