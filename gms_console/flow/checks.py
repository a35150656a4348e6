"""Reads the checks of a flow file: what a step expects, and what a poll waits for."""

from __future__ import annotations

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from gms_console.flow.judging import operand_problem, path_problem
from gms_console.flow.keys import CHECK_KEYS, OPERATORS
from gms_console.flow.nodes import Field, NodeReader
from gms_console.flow.types import Check, HttpCheck, Operator, TimeCheck, ValueCheck
from gms_console.model.reading import JsonValue

_EXAMPLE = "a check such as {path: status, equals: agent-ready}"


class CheckReader:
    """Reads checks; what is wrong in them goes to the mistakes of a NodeReader."""

    def __init__(self, reader: NodeReader) -> None:
        self._reader = reader

    def checks(self, node: Node) -> tuple[Check, ...]:
        """Read what a step expects: a list of checks, or one of them."""
        entries = self._reader.one_or_more(node, "a list of checks")
        checks = (self._check(entry) for entry in entries)
        return tuple(check for check in checks if check is not None)

    def conditions(self, node: Node) -> tuple[ValueCheck, ...]:
        """Read what a poll waits for: one check of a value, or a list of which any will do."""
        entries = self._reader.one_or_more(node, f"{_EXAMPLE}, or a list of such")
        if isinstance(node, SequenceNode) and not entries:
            self._reader.wrong(node, _EXAMPLE)
        checks = (self._value_check(entry, ("path", *OPERATORS)) for entry in entries)
        return tuple(check for check in checks if check is not None)

    def _check(self, node: Node) -> Check | None:
        keys = {key.value for key, _ in node.value} if isinstance(node, MappingNode) else set()
        special = next((name for name in ("http", "max_ms") if name in keys), None)
        if special is None:
            return self._value_check(node, CHECK_KEYS)
        fields = self._reader.fields(node, CHECK_KEYS, _EXAMPLE)
        for name, field in fields.items():
            if name != special:
                found = f"both {special} and {name}"
                self._reader.wrong(field.key, "an entry of its own for each check", found)
        value = fields[special].node
        if special == "max_ms":
            return TimeCheck(self._reader.number(value, "a number of ms above 0"))
        return HttpCheck(self._statuses(value))

    def _statuses(self, node: Node) -> tuple[int, ...]:
        expected = "an HTTP status from 100 to 599, or a list of them"
        if not isinstance(node, SequenceNode):
            return (self._reader.whole(node, expected, _is_status),)
        if not node.value:
            self._reader.wrong(node, expected)
        return tuple(self._reader.whole(one, expected, _is_status) for one in node.value)

    def _value_check(self, node: Node, known: tuple[str, ...]) -> ValueCheck | None:
        fields = self._reader.fields(node, known, _EXAMPLE)
        if not fields:
            if isinstance(node, MappingNode) and not node.value:
                self._reader.wrong(node, _EXAMPLE)
            return None
        path = self._path(node, fields)
        found = [field for name, field in fields.items() if name in OPERATORS]
        for extra in found[1:]:
            both = f"both {found[0].name} and {extra.name}"
            self._reader.wrong(extra.key, "an entry of its own for each check", both)
        if not found:
            expected = f"what the value should be, with one of {', '.join(OPERATORS)}"
            # An operator that is unknown is a mistake already.
            if len(fields) == len(node.value):
                self._reader.wrong(node, expected, "a path alone")
            return None
        operator = Operator(found[0].name)
        return ValueCheck(path, operator, self._operand(operator, found[0].node))

    def _path(self, node: Node, fields: dict[str, Field]) -> str:
        if "path" not in fields:
            if not self._reader.misspelt(node, "path"):
                self._reader.wrong(node, "a path such as status", "a check without a path")
            return ""
        path = self._reader.text(fields["path"].node, "a JMESPath such as status")
        problem = path_problem(path) if path else ""
        if problem:
            self._reader.problem(fields["path"].node, problem)
        return path

    def _operand(self, operator: Operator, node: Node) -> JsonValue:
        if operator is Operator.MATCHES:
            operand: JsonValue = self._reader.text(node, "a regular expression")
            problem = operand_problem(operator, operand) if operand else ""
        elif operator is Operator.EXISTS:
            return self._reader.boolean(node)
        else:
            operand = self._reader.value(node)
            problem = operand_problem(operator, operand)
        if problem:
            self._reader.problem(node, problem)
        return operand


def _is_status(number: int) -> bool:
    return 100 <= number <= 599
