r"""A Form as text, one row a line, for bulk editing and for pasting.

    _phone_number=6504669999        a text row; everything after the first = is the value
    # language=french               the same, switched off
    FileKey=@pics/MyPic.png         a file, as curl writes it
    {"key": "a=b", "value": "1\n2"} any row that the short forms cannot hold

The short forms have no escapes, so text pasted from elsewhere is taken as it is.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from gms_console.model.form import Form, Row

# What an editor takes for the end of a line, or does not show.
_UNSAFE = re.compile("[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029\ufdd0\ufdd1]")
_ROW_FIELDS = {"key", "value", "file", "content_type", "filename", "enabled", "note"}


class FormTextError(ValueError):
    """A line that is not a row. `line` counts from 1."""

    def __init__(self, line: int, found: str, expected: str) -> None:
        self.line = line
        super().__init__(f"Line {line}: found {found}, expected {expected}")


def form_to_text(form: Form) -> str:
    """Write `form` as text from which `form_from_text` makes the same Form again."""
    return "".join(f"{_line(row)}\n" for row in form)


def form_from_text(text: str) -> Form:
    """Read a Form from text; empty lines are skipped.

    Raises FormTextError at the first line that is not a row.
    """
    rows = [
        _row(number, line)
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        if line.strip()
    ]
    return Form(tuple(rows))


def _line(row: Row) -> str:
    plain = _plain_line(row)
    if plain is not None and _row(1, plain) == row:
        return plain
    found = _as_object(row)
    return json.dumps(found, ensure_ascii=any(_UNSAFE.search(str(v)) for v in found.values()))


def _plain_line(row: Row) -> str | None:
    """Write the short form, or None where the row has more than it can show."""
    text = row.value if row.file is None else f"@{row.file}"
    if _UNSAFE.search(row.key + text) or row.key.startswith(("#", "{")):
        return None
    return f"{'' if row.enabled else '# '}{row.key}={text}"


def _as_object(row: Row) -> dict[str, Any]:
    values = {
        "key": row.key,
        "value": row.value,
        "file": None if row.file is None else str(row.file),
        "content_type": row.content_type,
        "filename": row.filename,
        "note": row.note,
    }
    shown: dict[str, Any] = {name: value for name, value in values.items() if value}
    shown.setdefault("key", row.key)
    if row.filename == "":
        shown["filename"] = ""
    if row.content_type == "":
        shown["content_type"] = ""
    if not row.enabled:
        shown["enabled"] = False
    return shown


def _row(number: int, line: str) -> Row:
    stripped = line.lstrip()
    if stripped.startswith("{"):
        return _row_from_object(number, stripped)
    enabled = not stripped.startswith("#")
    if not enabled:
        stripped = stripped[1:].lstrip()
        if stripped.startswith("{"):
            return replace(_row_from_object(number, stripped), enabled=False)
    key, equals, value = stripped.partition("=")
    if not equals:
        raise FormTextError(number, repr(line.strip()), "key=value")
    if value.startswith("@") and len(value) > 1:
        return Row(key=key.strip(), file=Path(value[1:]), enabled=enabled)
    return Row(key=key.strip(), value=value, enabled=enabled)


def _row_from_object(number: int, text: str) -> Row:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormTextError(number, f"broken JSON ({error})", "a row as a JSON object") from None
    if not isinstance(found, dict) or not isinstance(found.get("key"), str):
        raise FormTextError(number, "JSON without a key", 'an object with "key"')
    unknown = sorted(set(found) - _ROW_FIELDS)
    if unknown:
        raise FormTextError(number, f"the field {unknown[0]!r}", ", ".join(sorted(_ROW_FIELDS)))
    enabled = found.pop("enabled", True)
    wrong = next((name for name, value in found.items() if not isinstance(value, str)), None)
    if wrong is not None or not isinstance(enabled, bool):
        raise FormTextError(number, f"a wrong type in {wrong or 'enabled'!r}", "text")
    file = found.pop("file", None)
    return Row(file=None if file is None else Path(file), enabled=enabled, **found)


def carry_over(text_form: Form, before: Form) -> Form:
    """Give rows read from text what the short forms cannot show.

    The n-th row of a key keeps the note, content type and file name of the n-th
    row of that key in `before`, as long as it still is the same sort of row.
    """
    spare = list(before.rows)
    rows: list[Row] = []
    for row in text_form:
        old = next((o for o in spare if o.key == row.key and o.is_file == row.is_file), None)
        if old is not None:
            spare.remove(old)
            row = replace(  # noqa: PLW2901
                row,
                note=row.note or old.note,
                content_type=row.content_type or old.content_type,
                filename=row.filename if row.filename is not None else old.filename,
            )
        rows.append(row)
    return Form(tuple(rows))
