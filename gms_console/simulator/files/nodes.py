"""Reading YAML nodes with their positions, for files that are refused whole when wrong."""

import re
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?")
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_SHOWN = 40


class YamlFileError(Exception):
    """A file that does not parse: file, line and column (from 1), found and expected."""

    def __init__(self, path: Path, position: tuple[int, int], found: str, expected: str) -> None:
        self.path = path
        self.line, self.column = position
        self.found = found
        self.expected = expected
        super().__init__(
            f"{path}, line {self.line}, column {self.column}: found {found}, expected {expected}"
        )


def compose(path: Path, failed: type[YamlFileError]) -> Node | None:
    """Return the root of a YAML file in UTF-8; None for an empty one.

    Raises `failed` for broken text, OSError for a file that cannot be read.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        position = (data.count(b"\n", 0, error.start) + 1, error.start - line_start + 1)
        found = f"the byte 0x{data[error.start]:02x}"
        raise failed(path, position, found, "text in UTF-8") from error
    return compose_text(text, path, failed)


def compose_text(text: str, path: Path, failed: type[YamlFileError]) -> Node | None:
    """Return the root of YAML text, None for empty text; errors name `path`."""
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        raise failed(path, position, f"broken YAML ({error.problem})", "YAML") from error
    except YAMLError as error:
        raise failed(path, (1, 1), f"broken YAML ({error})", "YAML") from error
    except RecursionError as error:
        raise failed(path, (1, 1), "lists or mappings nested too deeply", "YAML") from error
    return node


class NodeReader:
    """Turns nodes of one file into values; every method raises the file's own kind of error."""

    def __init__(self, path: Path, error: type[YamlFileError] = YamlFileError) -> None:
        self._path = path
        self._error = error

    def refuse(self, node: Node, expected: str, found: str | None = None) -> YamlFileError:
        """Return the error that points at a node."""
        position = (node.start_mark.line + 1, node.start_mark.column + 1)
        return self._error(self._path, position, found or _describe(node), expected)

    def fields(self, node: Node, known: tuple[str, ...]) -> dict[str, Node]:
        """Return the fields of a mapping; an unknown or repeated one is refused."""
        if not isinstance(node, MappingNode):
            raise self.refuse(node, f"a mapping with {_one_of(known)}")
        fields: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else ""
            if name not in known:
                raise self.refuse(key, _one_of(known), f"the field {_describe(key)}")
            if name in fields:
                raise self.refuse(key, "each field once", f"the field '{name}' again")
            fields[name] = value
        return fields

    def named(self, node: Node, expected: str, what: str) -> dict[str, Node]:
        """Return the values of a mapping by their names, which are free; each stands once."""
        found: dict[str, Node] = {}
        for key, value in self.pairs(node, expected):
            name = str(key.value) if isinstance(key, ScalarNode) else ""
            if not name:
                raise self.refuse(key, f"the name of the {what}")
            if name in found:
                raise self.refuse(key, f"each {what} once", f"the {what} '{name}' again")
            found[name] = value
        return found

    def pairs(self, node: Node, expected: str) -> list[tuple[Node, Node]]:
        """Return the pairs of a mapping whose keys are free."""
        if not isinstance(node, MappingNode):
            raise self.refuse(node, expected)
        return list(node.value)

    def items(self, node: Node, expected: str) -> list[Node]:
        """Return the items of a list."""
        if not isinstance(node, SequenceNode):
            raise self.refuse(node, expected)
        return list(node.value)

    def text(self, node: Node, expected: str) -> str:
        """Return a text."""
        if not isinstance(node, ScalarNode) or node.tag != f"{_TAG}str":
            raise self.refuse(node, expected)
        return str(node.value)

    def integer(self, node: Node, expected: str, accept: Callable[[int], bool]) -> int:
        """Return a whole number that is accepted."""
        is_integer = isinstance(node, ScalarNode) and node.tag == f"{_TAG}int"
        if not is_integer or not _INTEGER.fullmatch(node.value) or len(node.value) > 15:
            raise self.refuse(node, expected)
        number = int(node.value)
        if not accept(number):
            raise self.refuse(node, expected)
        return number

    def fraction(self, node: Node) -> float:
        """Return a number above 0 and not above 1."""
        expected = "a number above 0, up to 1"
        is_number = isinstance(node, ScalarNode) and node.tag in (f"{_TAG}int", f"{_TAG}float")
        if not is_number or not _DECIMAL.fullmatch(node.value):
            raise self.refuse(node, expected)
        number = float(node.value)
        if not 0 < number <= 1:
            raise self.refuse(node, expected)
        return number

    def flag(self, node: Node) -> bool:
        """Return true or false."""
        is_flag = isinstance(node, ScalarNode) and node.tag == f"{_TAG}bool"
        if not is_flag or node.value not in ("true", "false"):
            raise self.refuse(node, "true or false")
        return bool(node.value == "true")

    def true(self, node: Node) -> bool:
        """Return true; nothing else is accepted."""
        if not isinstance(node, ScalarNode) or node.tag != f"{_TAG}bool" or node.value != "true":
            raise self.refuse(node, "true")
        return True

    def duration(self, node: Node) -> float:
        """Return a duration such as 500ms, 1.5s or 2m in seconds."""
        expected = "a duration such as 500ms, 1.5s or 2m"
        match = _DURATION.fullmatch(self.text(node, expected))
        if match is None:
            raise self.refuse(node, expected)
        return float(match[1]) * _UNITS[match[2]]


def _describe(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    text = str(node.value)
    if not text:
        return "nothing"
    return f"'{text if len(text) <= _SHOWN else text[:_SHOWN] + '...'}'"


def _one_of(known: tuple[str, ...]) -> str:
    return "one of " + ", ".join(known)
