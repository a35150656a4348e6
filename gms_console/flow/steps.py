"""Reads the steps of a flow file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from gms_console.flow.checks import CheckReader
from gms_console.flow.judging import path_problem
from gms_console.flow.keys import ROW_KEYS, STEP_KEYS
from gms_console.flow.nodes import Field, NodeReader, describe
from gms_console.flow.types import Step, StepKind, is_method
from gms_console.model.form import Form, Row
from gms_console.variables import name_problem
from gms_console.wire.body import BodyKind

_KINDS = tuple(kind.value for kind in StepKind)
_INSTANCE_ID = re.compile(r"(?=.*[0-9])[0-9A-Za-z._~:-]{16,}")
"""A UUID, or an id of ORS such as `FCBFY8J84GZA4VLIYMC503BNGE612EHH`, without a dash."""

_MOST_NAMES = 20
"""Of instances, that a message lists."""

_NAMES = {
    StepKind.CREATE: "the name of a service",
    StepKind.REQUEST: "the name of a request",
    StepKind.POLL: "the name of a request, such as status",
    StepKind.FOLLOW: "the label of what is chosen on the phone",
}


def is_instance_id(text: str) -> bool:
    """Whether a text looks like the id of an instance rather than like a name of a flow."""
    return _INSTANCE_ID.fullmatch(text) is not None


class StepReader:
    """Reads steps in their order, and remembers which instances have a name by then."""

    def __init__(self, reader: NodeReader) -> None:
        self._reader = reader
        self._checks = CheckReader(reader)
        self._names: dict[str, None] = {}
        self._created = False

    def variables(self, node: Node) -> tuple[tuple[str, str], ...]:
        """Read names and their values."""
        return tuple(
            (name, self._reader.text(value, "a text", empty=True))
            for name, value in self._named(node, "names and values of variables")
        )

    def steps(self, node: Node) -> tuple[Step, ...]:
        """Read the list of steps."""
        items = self._reader.items(node, "a list of steps")
        if not items and describe(node) == "an empty list":
            self._reader.wrong(node, "one step at least")
        steps = (self._step(item) for item in items)
        return tuple(step for step in steps if step is not None)

    def _step(self, node: Node) -> Step | None:
        expected = f"a step that begins with one of {', '.join(_KINDS)}"
        fields = self._reader.pairs(node, expected)
        kinds = [field for field in fields if field.name in _KINDS]
        if not kinds:
            self._no_kind(node, fields, expected)
            return None
        for extra in kinds[1:]:
            first, second = kinds[0].name, extra.name
            self._reader.wrong(extra.key, "one kind in a step", f"both {first} and {second}")
        kind = StepKind(kinds[0].name)
        known = STEP_KEYS[kind]
        for field in fields:
            if field.name not in known and field.name not in _KINDS:
                self._reader.unknown(field, known)
        there = {field.name: field for field in fields if field.name in known}
        step = Step(kind=kind, **self._values(kind, there))
        self._check_instance(kind, node, there)
        missing = kind is StepKind.POLL and "until" not in there
        if missing and not self._reader.misspelt(node, "until"):
            example = "until, such as until: {path: status, equals: agent-ready}"
            self._reader.wrong(node, example, "a poll without until")
        return step

    def _no_kind(self, node: Node, fields: list[Field], expected: str) -> None:
        """Say that a step has no kind; what it names is no mistake later on."""
        misspelt = [field for field in fields if get_close_matches(field.name.lower(), _KINDS)]
        if misspelt:
            self._reader.unknown(misspelt[0], _KINDS)
        elif fields:
            keys = ", ".join(field.name for field in fields)
            self._reader.wrong(node, expected, f"a step with {keys[:60]} only")
        elif isinstance(node, MappingNode):
            self._reader.wrong(node, expected)
        for field in fields:
            if field.name == "as" and isinstance(field.node, ScalarNode):
                self._names[str(field.node.value)] = None
        self._created = True

    def _values(self, kind: StepKind, there: dict[str, Field]) -> dict[str, Any]:
        """Give the fields of a Step that stand in the file."""
        values: dict[str, Any] = {}
        reader = self._reader
        for name, (_, _, node) in there.items():
            if name == "wait":
                values["seconds"] = reader.duration(node)
            elif name == kind.value:
                values["name"] = reader.text(node, _NAMES[kind])
            elif name in {"as", "on"}:
                values["instance"] = reader.text(node, "the name of an instance")
            elif name == "note":
                values["note"] = reader.text(node, "a text", empty=True)
            elif name in {"every", "within"}:
                values[name] = reader.duration(node)
            elif name in {"until", "fail_on"}:
                values[name] = self._checks.conditions(node)
            elif name in {"keep_going", "always"}:
                values[name] = reader.boolean(node)
            else:
                values[name] = self._other(name, node)
        return values

    def _other(self, name: str, node: Node) -> object:
        if name == "method":
            return self._method(node)
        if name == "encoding":
            return self._encoding(node)
        if name == "form":
            return self._form(node)
        if name == "tolerate":
            expected = "a whole number from 0 on"
            return self._reader.whole(node, expected, lambda one: one >= 0)
        if name == "expect":
            return self._checks.checks(node)
        return self._captures(node)

    def _check_instance(self, kind: StepKind, node: Node, there: dict[str, Field]) -> None:
        """Check that a name is new where it is given, and known where it is used."""
        if kind is StepKind.WAIT:
            return
        field = there.get("as" if kind is StepKind.CREATE else "on")
        if field is not None and not isinstance(field.node, ScalarNode):
            return
        name = "" if field is None else str(field.node.value)
        if kind is StepKind.CREATE:
            if field is not None and name in self._names:
                self._reader.wrong(field.node, "a name that no earlier step has", f"{name!r} again")
            self._names[name] = None
            self._created = True
        elif field is None:
            if not self._created:
                self._reader.wrong(
                    node, "a create before it, or on with the id of one", "no instance"
                )
        elif not (name in self._names or "{{" in name or is_instance_id(name)):
            self._reader.wrong(field.node, self._expected_names())

    def _expected_names(self) -> str:
        names = list(islice((name for name in self._names if name), _MOST_NAMES + 1))
        if not names:
            return "an instance that an earlier create names with as, or its id"
        known = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
        return f"the id of an instance, or a name that an earlier create gave: {known}"

    def _method(self, node: Node) -> str:
        text = self._reader.text(node, "a method such as GET or POST")
        if text and not is_method(text) and "{{" not in text:
            self._reader.wrong(node, "a method such as GET or POST")
        return text if "{{" in text else text.upper()

    def _encoding(self, node: Node) -> BodyKind:
        expected = f"one of {', '.join(BodyKind)}"
        text = self._reader.text(node, expected)
        if text and text not in set(BodyKind):
            self._reader.wrong(node, expected)
        return BodyKind(text) if text in set(BodyKind) else BodyKind.AUTO

    def _captures(self, node: Node) -> tuple[tuple[str, str], ...]:
        captures = []
        for name, value in self._named(node, "names and the JMESPaths of their values"):
            path = self._reader.text(value, "a JMESPath such as _access_number")
            problem = path_problem(path) if path else ""
            if problem:
                self._reader.problem(value, problem)
            captures.append((name, path))
        return tuple(captures)

    def _named(self, node: Node, expected: str) -> Iterable[tuple[str, Node]]:
        """Give the pairs of a mapping whose keys are names of variables."""
        for name, key, value in self._reader.pairs(node, expected):
            if name_problem(name):
                self._reader.wrong(key, "a name without blanks around it, braces or $ before it")
            yield name, value

    def _form(self, node: Node) -> Form:
        if isinstance(node, MappingNode):
            pairs = self._reader.pairs(node, "rows")
            return Form(tuple(self._pair(field) for field in pairs))
        expected = "a list of rows such as {key: language, value: french}, or a mapping"
        return Form(tuple(self._row(item) for item in self._reader.items(node, expected)))

    def _pair(self, field: Field) -> Row:
        value = self._reader.text(field.node, "a text", empty=True)
        return Row(key=field.name, value=value)

    def _row(self, node: Node) -> Row:
        reader = self._reader
        fields = reader.fields(node, ROW_KEYS, "a row such as {key: language, value: french}")
        without = isinstance(node, MappingNode) and "key" not in fields
        if without and not reader.misspelt(node, "key"):
            reader.wrong(node, "a key", "a row without a key")
        if "value" in fields and "file" in fields:
            reader.wrong(fields["file"].key, "one of them", "both value and file")

        def text(name: str, expected: str = "a text", *, empty: bool = True) -> str | None:
            return reader.text(fields[name].node, expected, empty=empty) if name in fields else None

        file = text("file", "the path of a file", empty=False)
        return Row(
            key=text("key") or "",
            value=text("value") or "",
            file=Path(file) if file else None,
            content_type=text("type", "a type such as image/png"),
            filename=text("filename"),
            enabled=reader.boolean(fields["enabled"].node) if "enabled" in fields else True,
            note=text("note") or "",
        )
