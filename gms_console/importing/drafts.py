"""Steps as they grow, from Calls: rows, variables, captures and the instances that they are on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from gms_console.flow.types import (
    DEFAULT_EVERY,
    DEFAULT_TOLERATE,
    DEFAULT_WITHIN,
    Check,
    StepKind,
    ValueCheck,
)
from gms_console.importing.address import Address
from gms_console.importing.bodies import read_urlencoded, shortened
from gms_console.importing.calls import Call, Notes
from gms_console.importing.marks import names_in, only_variable, variable, written
from gms_console.importing.targets import Made
from gms_console.model.form import Form, Row
from gms_console.model.reading import text_of
from gms_console.redaction import MASK, is_credential_name
from gms_console.variables import name_problem
from gms_console.wire.body import BodyKind
from gms_console.wire.encode import resolve_kind
from gms_console.wire.query import BODYLESS

_SHORTEST = 8
"""Characters of a value that is taken to come from an earlier answer when it is sent again."""

_TOLD = 4
"""Characters of a shorter one under another key: it is told, and stays."""

_WORDS = frozenset({"true", "false", "null", "none"})

_PSEUDONYM = re.compile(r"\[([a-z]+)-(\d+)\]")
"""What a report has in the place of a value, such as `[phone-1]`."""

_WITHIN = re.compile(r"\[(phone|email|cookie|token|key|value)-(\d+)\]")
"""The same within a value, where a word in brackets may be one that somebody wrote."""

ID_FIELDS = ("_id", "id", "chatId")
"""What an answer calls the id of its instance."""


@dataclass(eq=False, slots=True)
class Draft:
    """A step that is not finished: rows hold marks, and its instance may have no name yet."""

    kind: StepKind
    name: str = ""
    made: Made | None = None
    instance_id: str = ""
    method: str = "POST"
    encoding: BodyKind = BodyKind.AUTO
    form: Form = field(default_factory=Form)
    capture: dict[str, str] = field(default_factory=dict)
    expect: tuple[Check, ...] = ()
    note: str = ""
    seconds: float = 0.0
    until: tuple[ValueCheck, ...] = ()
    every: float = DEFAULT_EVERY
    within: float = DEFAULT_WITHIN
    fail_on: tuple[ValueCheck, ...] = ()
    tolerate: int = DEFAULT_TOLERATE
    call: Call | None = None


def content_of(call: Call, address: Address, notes: Notes) -> tuple[Form, BodyKind]:
    """Give the rows that a step sends, and its encoding: AUTO wherever that comes to the same."""
    query = call.query
    if query is None:
        query = read_urlencoded(address.query, call.where, notes)
    if call.method.upper() in BODYLESS and call.kind is BodyKind.NONE:
        return query, BodyKind.AUTO
    if len(query):
        names = ", ".join(shortened(row.key) for row in query)
        notes.add(
            f"{call.where}: a flow sends rows in the body here; left out of the address: {names}"
        )
    same = resolve_kind(call.form, BodyKind.AUTO) is call.kind and call.method not in BODYLESS
    return call.form, BodyKind.AUTO if same or call.kind is BodyKind.NONE else call.kind


class Values:
    """Where values come from: answers before, variables, or a person, who keeps the secrets."""

    def __init__(self, names: set[str], notes: Notes) -> None:
        self._names = set(names)
        self._notes = notes
        self.told: set[str] = set()
        self._answers: dict[str, tuple[Draft, str]] = {}
        self._of_key: dict[tuple[str, str], tuple[Draft, str]] = {}
        self._short: dict[str, str] = {}
        self._sent: set[str] = set()
        self._credentials: dict[tuple[str, str], str] = {}

    def learn(self, draft: Draft, answer: object) -> None:
        """Remember the texts of an answer, for requests that send one of them again."""
        for key, value in answer.items() if isinstance(answer, dict) else ():
            wanted = key in ID_FIELDS or (isinstance(value, str) and len(value) >= _SHORTEST)
            if isinstance(value, str) and value and wanted and value not in self._sent:
                self._answers.setdefault(value, (draft, key))
            text = "" if isinstance(value, bool) else text_of(value) or ""
            if text and text not in self._sent:
                self._of_key[key, text] = (draft, key)
                if len(text) >= _TOLD and text not in _WORDS:
                    self._short.setdefault(text, key)

    def form(self, form: Form, where: str) -> Form:
        """Give rows with captures where a value came from an answer, and without credentials."""
        return Form(tuple(self._row(row, where) for row in form))

    def _row(self, row: Row, where: str) -> Row:
        if row.value in self._answers:
            return replace(row, value=self._captured(*self._answers[row.value]))
        # Under its own key even a short value comes from the answer.
        if not row.is_file and (row.key, row.value) in self._of_key:
            return replace(row, value=self._captured(*self._of_key[row.key, row.value]))
        self._sent.add(row.value)
        if row.value in self._short:
            self._notes.add(
                f"{where}: {shortened(row.key)} was sent with what an earlier answer had as "
                f"{shortened(self._short[row.value])}; it stays as it is, so capture it if it came "
                "from there"
            )
        if row.is_file or not row.value or names_in(row.value):
            return row
        if is_credential_name(row.key):
            name = self._credential(row.key, row.value)
            self.told.add(name)
            self._notes.add(
                f"{where}: the value of {shortened(row.key)} is a credential, and is not written; "
                f"give it with --var {name}=..."
            )
            return replace(row, value=variable(name))
        return self._unmasked(row, where)

    def _credential(self, key: str, value: str) -> str:
        """Name the variable of a credential: one for equal values, and for different ones two."""
        if (key, value) not in self._credentials:
            name = self._free(key)
            self._names.add(name)
            self._credentials[key, value] = name
        return self._credentials[key, value]

    def _unmasked(self, row: Row, where: str) -> Row:
        """Give a row a variable where its value was masked before; equal ones stay equal."""
        pseudonym = _PSEUDONYM.fullmatch(row.value)
        if pseudonym is None and row.value != MASK:
            return self._unmasked_in_part(row, where)
        name = self._free(row.key) if pseudonym is None else "_".join(pseudonym.groups())
        self.told.add(name)
        self._notes.add(
            f"{where}: the value of {shortened(row.key)} was masked; give it with --var {name}=..."
        )
        return replace(row, value=variable(name))

    def _unmasked_in_part(self, row: Row, where: str) -> Row:
        def named(found: re.Match[str]) -> str:
            name = "_".join(found.groups())
            self.told.add(name)
            self._notes.add(
                f"{where}: a part of the value of {shortened(row.key)} was masked; give it with "
                f"--var {name}=..."
            )
            return variable(name)

        return replace(row, value=_WITHIN.sub(named, row.value))

    def _captured(self, draft: Draft, key: str) -> str:
        """Give the mark of a value of an earlier answer, which is captured there."""
        path = key if re.fullmatch(r"[A-Za-z_]\w*", key) else f'"{key}"'
        name = next((one for one, its in draft.capture.items() if its == path), "")
        if not name:
            name = self._free("instance_id" if key in ID_FIELDS else key)
            draft.capture[name] = path
            self._names.add(name)
        return variable(name)

    def _free(self, wish: str) -> str:
        """Give a name of a variable that nothing has."""
        wish = re.sub(r"[^\w-]+", "_", wish, flags=re.ASCII).strip("_") or "value"
        if name_problem(wish):
            wish = "value"
        name, number = wish, 1
        while name in self._names:
            number += 1
            name = f"{wish}{number}"
        return name


def finished_row(row: Row) -> Row:
    """Give a row as a Flow has it: variables in braces, and braces that were sent escaped."""
    return replace(
        row,
        key=written(row.key),
        value=written(row.value),
        file=None if row.file is None else Path(written(str(row.file))),
        content_type=None if row.content_type is None else written(row.content_type),
        filename=None if row.filename is None else written(row.filename),
    )


def captured_ids(call: Call) -> set[str]:
    """Give the marks of the variables that a request captures its instance's id in."""
    kept = [call.id_name] if call.id_name else []
    return {variable(name) for name in kept} | {
        variable(name) for name, path in call.capture if path in ID_FIELDS
    }


def is_variable(text: str) -> bool:
    """Whether a text is a variable and nothing else."""
    return bool(only_variable(text))
