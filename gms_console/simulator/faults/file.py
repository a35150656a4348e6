"""Reading a fault file."""

import json
import re
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node, SequenceNode

from gms_console.simulator.faults.nodes import FaultFileError, NodeReader
from gms_console.simulator.faults.plan import Drop, Effect, Fault, FaultPlan

__all__ = ["FaultFileError", "load_faults"]

_FAULT_FIELDS = ("service", "request", "nth", "every", "then")
_KINDS = ("status", "error_in_200", "stall", "drop", "truncate", "garbage")
_EFFECT_FIELDS = (*_KINDS, "delay", "body", "headers")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_COMPUTED = ("content-length", "transfer-encoding")


def load_faults(path: str | Path) -> FaultPlan:
    """Read a fault file: YAML, UTF-8, one list `faults`.

    Raises FaultFileError, which names file, line, column, what was found and what was
    expected, for a file that is wrong anywhere; OSError for one that cannot be read.
    """
    path = Path(path)
    root = _compose(path)
    if root is None:
        raise FaultFileError(path, (1, 1), "an empty file", "a mapping with the list faults")
    reader = NodeReader(path)
    fields = reader.fields(root, ("faults",))
    if "faults" not in fields:
        raise reader.refuse(root, "the field faults", "a mapping without it")
    items = reader.items(fields["faults"], "a list of faults")
    return FaultPlan(tuple(_fault(reader, item) for item in items))


def _compose(path: Path) -> Node | None:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        position = (data.count(b"\n", 0, error.start) + 1, error.start - line_start + 1)
        found = f"the byte 0x{data[error.start]:02x}"
        raise FaultFileError(path, position, found, "text in UTF-8") from error
    try:
        node: Node | None = YAML().compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        raise FaultFileError(path, position, f"broken YAML ({error.problem})", "YAML") from error
    except YAMLError as error:
        raise FaultFileError(path, (1, 1), f"broken YAML ({error})", "YAML") from error
    return node


def _fault(reader: NodeReader, node: Node) -> Fault:
    fields = reader.fields(node, _FAULT_FIELDS)
    if "then" not in fields:
        raise reader.refuse(node, "the field then", "a fault without it")
    if "nth" in fields and "every" in fields:
        raise reader.refuse(fields["every"], "nth or every", "both")
    every: int | None = None
    if "every" in fields:
        every = _counting(reader, fields["every"])
    return Fault(
        service=_glob(reader, fields.get("service")),
        request=_glob(reader, fields.get("request")),
        nth=_nth(reader, fields.get("nth")),
        every=every,
        then=_effect(reader, fields["then"]),
    )


def _glob(reader: NodeReader, node: Node | None) -> str:
    return "*" if node is None else reader.text(node, "a name or a glob such as request-*")


def _nth(reader: NodeReader, node: Node | None) -> tuple[int, ...]:
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        return (_counting(reader, node),)
    numbers = tuple(_counting(reader, item) for item in reader.items(node, "a list"))
    if not numbers:
        raise reader.refuse(node, "one number at least", "an empty list")
    return numbers


def _counting(reader: NodeReader, node: Node) -> int:
    return reader.integer(node, "a whole number from 1", lambda number: number >= 1)


def _effect(reader: NodeReader, node: Node) -> Effect:
    fields = reader.fields(node, _EFFECT_FIELDS)
    kinds = [name for name in fields if name in _KINDS]
    if len(kinds) > 1:
        raise reader.refuse(
            fields[kinds[1]], "one of them at most", f"{kinds[0]} and {kinds[1]} together"
        )
    if not kinds and "delay" not in fields:
        raise reader.refuse(node, "one of " + ", ".join((*_KINDS, "delay")), "none")
    for name in ("body", "headers"):
        if name in fields and "status" not in fields:
            raise reader.refuse(fields[name], f"{name} only beside status", f"{name} without it")
    return Effect(
        delay=reader.duration(fields["delay"]) if "delay" in fields else 0.0,
        status=_number(reader, fields.get("status"), "an HTTP status, 200 to 599", 200, 599),
        body=_text(reader, fields.get("body")),
        headers=_headers(reader, fields.get("headers")),
        error_in_200=_text(reader, fields.get("error_in_200")),
        stall=reader.duration(fields["stall"]) if "stall" in fields else None,
        drop=_drop(reader, fields.get("drop")),
        truncate=_number(reader, fields.get("truncate"), "a number of bytes, 0 or more", 0),
        garbage="garbage" in fields and reader.true(fields["garbage"]),
    )


def _number(
    reader: NodeReader, node: Node | None, expected: str, low: int, high: int = 10**15
) -> int | None:
    if node is None:
        return None
    return reader.integer(node, expected, lambda number: low <= number <= high)


def _text(reader: NodeReader, node: Node | None) -> str | None:
    return None if node is None else reader.text(node, "a text (quote it)")


def _drop(reader: NodeReader, node: Node | None) -> Drop | None:
    if node is None:
        return None
    expected = "one of " + ", ".join(Drop)
    name = reader.text(node, expected)
    if name not in list(Drop):
        raise reader.refuse(node, expected)
    return Drop(name)


def _headers(reader: NodeReader, node: Node | None) -> tuple[tuple[str, str], ...]:
    if node is None:
        return ()
    headers = []
    for key, value in reader.pairs(node, "a mapping of header names to texts"):
        name = reader.text(key, "a header name")
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _COMPUTED:
            raise reader.refuse(
                key, "a header name other than Content-Length and Transfer-Encoding"
            )
        text = reader.text(value, "a text (quote it)")
        if not _HEADER_VALUE.fullmatch(text) or text != text.strip():
            raise reader.refuse(value, "one line of Latin-1 text", json.dumps(text))
        headers.append((name, text))
    return tuple(headers)
