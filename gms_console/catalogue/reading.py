"""From the text of a catalogue file to plain data, and from a mistake in it to its line."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from pydantic import ValidationError

from gms_console.catalogue.checks import MISFIT

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from ruamel.yaml.nodes import Node

Steps = tuple[int | str, ...]
"""The way to a field: names of mappings and indices of lists."""

_MERGE = "tag:yaml.org,2002:merge"
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be text; put it in quotes",
}


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; the text names file, line and field."""


def read_text(file: Traversable) -> str:
    """Read a file of the catalogue. Raises CatalogueError."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{file.name}: not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise CatalogueError(f"{file.name}: {error.strerror or error}") from None


def parse(name: str, text: str) -> object:
    """Give the plain data of a YAML text. Raises CatalogueError with the line."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - costs start-up time where no catalogue is used
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    try:
        data: object = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        # ruamel adds advice for its own callers below the first line.
        problem = (error.problem or "cannot be read").partition("\n")[0]
        raise CatalogueError(f"{name}, line {line}: {problem}") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CatalogueError(f"{name}, line {line}: {error.reason}") from None
    except RecursionError:
        raise CatalogueError(f"{name}: nested too deeply") from None
    except ValueError as error:
        # A number or a date that has the right shape and no value, such as 2026-13-45.
        raise CatalogueError(f"{name}: {error}") from None
    return data


def refuse(name: str, text: str, steps: Steps, problem: str) -> CatalogueError:
    """Make the error for a field of a text that parses."""
    field = ".".join(str(step) for step in steps) or "the file"
    return CatalogueError(f"{name}, line {line_of(text, steps)}, {field}: {problem}")


def first_mistake(error: ValidationError) -> tuple[Steps, str]:
    """Give the way to the first mistake that a check found, and what is wrong there."""
    first: ErrorDetails = error.errors(include_url=False)[0]
    steps = first["loc"]
    if first["type"] == MISFIT:
        steps = (*steps, *first["ctx"]["at"])
    return steps, _WORDS.get(first["type"], first["msg"])


def line_of(text: str, steps: Steps) -> int:
    """Find the line (from 1) of the innermost node on the way that exists.

    What came by an alias or a merge key has its line where it is written.
    """
    # Only the tree of nodes knows lines, and it is needed only when there is a mistake.
    from ruamel.yaml import YAML  # noqa: PLC0415

    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    line = 1
    for index, step in enumerate(steps):
        found = _child(node, step)
        if found is None:
            if index and node is not None:
                # A field that is missing: the line where its entry begins.
                line = node.start_mark.line + 1
            break
        line, node = found
    return line


def _child(node: Node | None, step: int | str) -> tuple[int, Node] | None:
    """Give the line and the node of one step down."""
    from ruamel.yaml.nodes import MappingNode, SequenceNode  # noqa: PLC0415

    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        entry: Node = node.value[step]
        return entry.start_mark.line + 1, entry
    if isinstance(node, MappingNode):
        for key, value in _pairs(node):
            if key.value == str(step):
                return key.start_mark.line + 1, value
    return None


def _pairs(node: Node, depth: int = 0) -> Iterator[tuple[Node, Node]]:
    """Give the pairs of a mapping; its own come before those of its merge keys."""
    from ruamel.yaml.nodes import SequenceNode  # noqa: PLC0415

    merged: list[Node] = []
    for key, value in node.value:
        if key.tag != _MERGE:
            yield key, value
        elif isinstance(value, SequenceNode):
            merged.extend(value.value)
        else:
            merged.append(value)
    for other in merged if depth < 20 else ():
        yield from _pairs(other, depth + 1)
