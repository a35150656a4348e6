"""From a YAML text to plain data, and from the way to a field to its place in the text."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

Steps = tuple[int | str, ...]
"""The way to a field: names of mappings and indices of lists."""

_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text; both count from 1. `column` is 0 where it is not known."""

    line: int
    column: int = 0


class YamlTextError(ValueError):
    """A text that is no YAML; `place` is where, if that is known."""

    def __init__(self, problem: str, place: Place | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.place = place


def parse(text: str) -> object:
    """Give the plain data of a YAML text. Raises YamlTextError."""
    return _read(text, "load")


def read_nodes(text: str) -> Node | None:
    """Give the tree of nodes of a YAML text, for who wants places. Raises YamlTextError."""
    node: Node | None = _read(text, "compose")
    return node


def _read(text: str, how: Literal["load", "compose"]) -> Any:  # noqa: ANN401 - as the text has it
    from ruamel.yaml import YAML  # noqa: PLC0415 - costs start-up time where no file is read
    from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    # YAML allows that an anchor is given anew; nobody who reads a file is to be told.
    warnings.filterwarnings("ignore", category=ReusedAnchorWarning)
    try:
        return getattr(YAML(typ="safe", pure=True), how)(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(0) if mark is None else Place(mark.line + 1, mark.column + 1)
        # ruamel adds advice for its own callers below the first line.
        problem = (error.problem or "cannot be read").partition("\n")[0]
        # A key that is there twice is told with both values, and one may be a password.
        raise YamlTextError(problem.partition(" with value ")[0], place) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        raise YamlTextError(error.reason, Place(line, column)) from None
    except RecursionError:
        raise YamlTextError("nested too deeply") from None
    except ValueError as error:
        # A number or a date that has the right shape and no value, such as 2026-13-45.
        raise YamlTextError(str(error)) from None


def compose(text: str) -> Node | None:
    """Give the tree of nodes of a text that parses; nodes know their places."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    return node


def place_of(text: str, steps: Steps) -> Place:
    """Find the innermost node on the way that exists.

    What came by an alias or a merge key has its place where it is written.
    """
    # Only the tree of nodes knows places, and it is needed only when there is a mistake.
    node = compose(text)
    place = Place(1)
    for index, step in enumerate(steps):
        found = _child(node, step)
        if found is None:
            if index and node is not None:
                # A field that is missing: the place where its entry begins.
                place = _begin(node)
            break
        place, node = found
    return place


def _child(node: Node | None, step: int | str) -> tuple[Place, Node] | None:
    """Give the place and the node of one step down."""
    from ruamel.yaml.nodes import MappingNode, SequenceNode  # noqa: PLC0415

    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        entry: Node = node.value[step]
        return _begin(entry), entry
    if isinstance(node, MappingNode):
        for key, value in _pairs(node):
            if key.value == str(step):
                return _begin(key), value
    return None


def _begin(node: Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


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
