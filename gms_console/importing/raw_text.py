"""Rows as plain text: one create, whose service a person names."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from gms_console.flow.types import Flow, Step, StepKind
from gms_console.importing.bodies import read_urlencoded
from gms_console.importing.calls import Notes
from gms_console.importing.drafts import Values, finished_row
from gms_console.importing.marks import cleaned, with_variables
from gms_console.importing.types import Imported, UnreadableImportError
from gms_console.model.form import Form, Row
from gms_console.model.form_text import FormTextError, form_from_text

SERVICE = "{{service}}"
"""Stands where a service has to be named; a run stops there before it sends anything."""

_URLENCODED = re.compile(r"\S*=\S*&\S*")


def read_text(text: str, *, name: str = "", service: str = "") -> Imported:
    """Read `k=v` or `k: v`, a row a line, or one urlencoded line, as one create.

    Variables `{{name}}` stay what they are. Raises UnreadableImportError.
    """
    notes = Notes()
    form = _form(cleaned(text), notes)
    if not len(form):
        raise UnreadableImportError("1:1: found nothing, expected rows such as language=french")
    values = Values(set(), notes)
    rows = values.form(Form(tuple(_marked(row) for row in form)), "text")
    if not service:
        notes.add(
            "The text does not name its service: put it into the step, or give it with "
            "--var service=..."
        )
    step = Step(
        kind=StepKind.CREATE,
        name=service or SERVICE,
        form=Form(tuple(finished_row(row) for row in rows)),
    )
    return Imported(flow=Flow(name=name, steps=(step,)), left_out=notes.texts)


def _form(text: str, notes: Notes) -> Form:
    lines = text.strip().splitlines()
    if len(lines) == 1 and _URLENCODED.fullmatch(lines[0].strip()):
        return read_urlencoded(lines[0].strip(), "line 1", notes)
    try:
        form = form_from_text("\n".join(map(_with_equals, text.replace("\r\n", "\n").split("\n"))))
    except FormTextError as error:
        message = str(error)
        raise UnreadableImportError(
            f"{error.line}:1: {message.partition(': ')[2]}, or a command of curl, HAR or a "
            "Postman collection"
        ) from None
    for number, row in enumerate(form, start=1):
        if not row.key:
            notes.add(f"row {number}: a value has no name, and no row can hold it")
    return Form(tuple(row for row in form if row.key))


def _with_equals(line: str) -> str:
    """Write `key: value` as `key=value`; other lines stay."""
    key, colon, value = line.partition(":")
    bare = key.strip().removeprefix("#").strip()
    if not colon or not bare or "=" in key or bare.startswith("{"):
        return line
    if value.strip() and value[0] not in " \t":
        return line
    return f"{key.rstrip()}={value.strip()}"


def _marked(row: Row) -> Row:
    return replace(
        row,
        key=with_variables(row.key),
        value=with_variables(row.value),
        file=None if row.file is None else Path(with_variables(str(row.file))),
    )
