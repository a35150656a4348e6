"""Callbacks as a table in CSV: of the list that is shown, or as GMS reported them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence

from gms_console.callbacks.record import KEYS, CallbackRecord, further_keys

Mask = Callable[[str, str], str]
"""Takes a key and its value; gives what stands in the table for it."""

_COLUMNS = tuple((name, keys[0]) for name, keys in KEYS.items())
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s.()/-]*$)")
"""What a program for tables would carry out rather than show; a phone number is none of it."""


def unmasked(key: str, value: str) -> str:
    """Give a value as it is."""
    del key
    return value


def csv_of(records: Iterable[CallbackRecord], mask: Mask = unmasked) -> str:
    """Write records as CSV, one column for each key, named as documented."""
    heads, lines = _cells(records)
    return _written(heads, lines, mask)


def tabbed(records: Iterable[CallbackRecord]) -> str:
    """Write records with tabs between the columns, as programs for tables take it when pasted."""
    heads, lines = _cells(records)
    return "\n".join("\t".join(" ".join(one.split()) for one in line) for line in [heads, *lines])


def masked_csv(text: str, mask: Mask) -> str:
    """Write a report that came as CSV anew, its columns masked by their names."""
    lines = list(csv.reader(io.StringIO(text)))
    return _written(lines[0], lines[1:], mask) if lines else text


def _cells(records: Iterable[CallbackRecord]) -> tuple[list[str], list[list[str]]]:
    """Give the heads of the columns and the rows below them."""
    rows = tuple(records)
    further = further_keys(rows)
    lines = [
        [getattr(row, name) for name, _ in _COLUMNS] + [row.further(key) for key in further]
        for row in rows
    ]
    return [key for _, key in _COLUMNS] + list(further), lines


def _written(heads: Sequence[str], lines: Iterable[Sequence[str]], mask: Mask) -> str:
    into = io.StringIO()
    writer = csv.writer(into, lineterminator="\r\n")
    writer.writerow(heads)
    for line in lines:
        keyed = zip([*heads, *[""] * (len(line) - len(heads))], line, strict=False)
        writer.writerow([_harmless(mask(key, value)) for key, value in keyed])
    return into.getvalue()


def _harmless(value: str) -> str:
    """Put a quote before what a program for tables would take for a formula."""
    return f"'{value}" if _FORMULA.match(value) else value
