"""Reading a fault file."""

import json
import re
from pathlib import Path

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from gms_console.simulator.faults.plan import FOR_GOOD, Drop, Effect, Fault, FaultPlan
from gms_console.simulator.files.nodes import NodeReader, YamlFileError, compose, compose_text

__all__ = ["FaultFileError", "load_faults", "read_fault", "read_faults"]


class FaultFileError(YamlFileError):
    """A fault file that does not parse: file, line and column (from 1), found and expected."""


_FAULT_FIELDS = (
    *("service", "request", "nth", "every", "then"),
    *("node", "probability", "enabled"),
)
_SWITCHES = ("garbage", "reset", "ors_down", "session_lost", "pool_empty")
_KINDS = ("status", "error_in_200", "stall", "drop", "truncate", "node_down", *_SWITCHES)
_EFFECT_FIELDS = (*_KINDS, "delay", "jitter", "body", "headers")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_COMPUTED = ("content-length", "transfer-encoding")


def load_faults(path: str | Path) -> FaultPlan:
    """Read a fault file: YAML, UTF-8, one list `faults`, and a `seed` if chance shall repeat.

    Raises FaultFileError, which names file, line, column, what was found and what was
    expected, for a file that is wrong anywhere; OSError for one that cannot be read.
    """
    path = Path(path)
    return _plan(path, compose(path, FaultFileError))


def read_faults(text: str, source: str) -> FaultPlan:
    """Read the text of a fault file; `source` is what errors call it."""
    path = Path(source)
    return _plan(path, compose_text(text, path, FaultFileError))


def read_fault(text: str, source: str) -> Fault:
    """Read one fault, as an item of the list in a fault file."""
    path = Path(source)
    root = compose_text(text, path, FaultFileError)
    if root is None:
        raise FaultFileError(path, (1, 1), "nothing", "a fault")
    return _fault(NodeReader(path, FaultFileError), root)


def _plan(path: Path, root: Node | None) -> FaultPlan:
    if root is None:
        raise FaultFileError(path, (1, 1), "an empty file", "a mapping with the list faults")
    reader = NodeReader(path, FaultFileError)
    fields = reader.fields(root, ("faults", "seed"))
    if "faults" not in fields:
        raise reader.refuse(root, "the field faults", "a mapping without it")
    items = reader.items(fields["faults"], "a list of faults")
    seed = fields.get("seed")
    return FaultPlan(
        tuple(_fault(reader, item) for item in items),
        None if seed is None else reader.integer(seed, "a whole number", lambda _: True),
    )


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
        node=_glob(reader, fields.get("node")),
        probability=reader.fraction(fields["probability"]) if "probability" in fields else 1.0,
        enabled="enabled" not in fields or reader.flag(fields["enabled"]),
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
    for name, beside in (("body", "status"), ("headers", "status"), ("jitter", "delay")):
        if name in fields and beside not in fields:
            raise reader.refuse(fields[name], f"{name} only beside {beside}", f"{name} without it")
    if not kinds and "delay" not in fields:
        raise reader.refuse(node, "one of " + ", ".join((*_KINDS, "delay")), "none")
    return Effect(
        delay=reader.duration(fields["delay"]) if "delay" in fields else 0.0,
        jitter=reader.duration(fields["jitter"]) if "jitter" in fields else 0.0,
        status=_number(reader, fields.get("status"), "an HTTP status, 200 to 599", 200, 599),
        body=_text(reader, fields.get("body")),
        headers=_headers(reader, fields.get("headers")),
        error_in_200=_text(reader, fields.get("error_in_200")),
        stall=reader.duration(fields["stall"]) if "stall" in fields else None,
        drop=_drop(reader, fields.get("drop")),
        truncate=_number(reader, fields.get("truncate"), "a number of bytes, 0 or more", 0),
        node_down=_down(reader, fields.get("node_down")),
        **{name: reader.true(fields[name]) for name in _SWITCHES if name in fields},
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


def _down(reader: NodeReader, node: Node | None) -> float | None:
    """Return how long a node is down; `true` is until it is switched on again."""
    if node is None:
        return None
    if isinstance(node, ScalarNode) and node.value == "true":
        return FOR_GOOD
    return reader.duration(node)


def _headers(reader: NodeReader, node: Node | None) -> tuple[tuple[str, str], ...]:
    if node is None:
        return ()
    headers: list[tuple[str, str]] = []
    for key, value in reader.pairs(node, "a mapping of header names to texts"):
        name = reader.text(key, "a header name")
        if name in dict(headers):
            raise reader.refuse(key, "each header once", f"the header '{name}' again")
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _COMPUTED:
            raise reader.refuse(
                key, "a header name other than Content-Length and Transfer-Encoding"
            )
        text = reader.text(value, "a text (quote it)")
        if not _HEADER_VALUE.fullmatch(text) or text != text.strip():
            raise reader.refuse(value, "one line of Latin-1 text", json.dumps(text))
        headers.append((name, text))
    return tuple(headers)
