"""Shows what a redaction would mask, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from gms_console.evidence.items import Masking
from gms_console.evidence.pseudonyms import Hit
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.rules import RedactionRules, Rule
from gms_console.model.exchange import Exchange

MOST_ROWS = 1000
"""Values that are listed; of more only the count is told."""

_SHOWN = 40
_GIVEN_AWAY = 2
"""Characters of a credential that are shown, so that a person knows which one it is."""

_SECRET = frozenset({Rule.CREDENTIALS, Rule.COOKIES, Rule.TOKENS, Rule.SECURE_KEYS})


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """A value that would be masked: by which rule, where, how it reads now and then.

    `place` is in words, such as `row _phone_number`; `before` is shortened, a secret to its first
    characters; `places` counts how often it stands there.
    """

    rule: Rule
    place: str
    before: str
    after: str
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionPreview:
    """What would be masked in some Exchanges; `more` counts rows that are not listed."""

    rows: tuple[PreviewRow, ...]
    more: int
    masked: tuple[Masking, ...]


def preview(
    exchanges: Iterable[Exchange],
    rules: RedactionRules,
    secrets: Iterable[str] = (),
    *,
    most: int = MOST_ROWS,
) -> RedactionPreview:
    """Redact Exchanges for looking at it; takes the time that it takes, so it is for a thread.

    Raises OSError when a body in a file cannot be read.
    """
    found: dict[tuple[Rule, str, str, str], int] = {}

    def note(hit: Hit) -> None:
        key = hit.rule, hit.place, _shortened(hit), hit.pseudonym
        found[key] = found.get(key, 0) + 1

    redactor = Redactor(rules, secrets, note=note)
    try:
        for exchange in exchanges:
            redactor.exchange(exchange)
        masked = redactor.tally()
    finally:
        redactor.close()
    rows = tuple(
        PreviewRow(rule=rule, place=place, before=before, after=after, places=places)
        for (rule, place, before, after), places in islice(found.items(), most)
    )
    return RedactionPreview(rows=rows, more=len(found) - len(rows), masked=masked)


def _shortened(hit: Hit) -> str:
    value = " ".join(hit.value.split())
    if hit.rule in _SECRET:
        # Somebody may look over a shoulder.
        kept = value[:_GIVEN_AWAY] if len(value) > 4 * _GIVEN_AWAY else ""
        return f"{kept}… ({len(value):,} characters)"
    return value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
