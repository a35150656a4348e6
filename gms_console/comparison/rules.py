"""Which values always differ, and are not counted as a difference."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from gms_console.comparison.paths import (
    ANY,
    PathError,
    Step,
    generalised,
    parse_path,
    path_text,
    quoted_name,
)
from gms_console.comparison.types import DiffNode

HEADER = "header:"
"""Begins a line whose rule is for a header."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class RuleError(ValueError):
    """A line that is no rule; the message says which line, where in it, and what to write."""

    def __init__(self, line: str, message: str, number: int = 0) -> None:
        """`number` counts lines from 1; 0 where there is one only."""
        self.line, self.reason, self.number = line, message, number
        place = f"Line {number}: " if number else ""
        super().__init__(f"{place}{message}")


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """Values and headers that are shown and not counted. Kept per service in the Workspace.

    `keys` are names of members, at whatever depth (`_id`), or paths from the root
    (`data.items[*].at`, where `[*]` is any element). A path of a single name begins with `@`
    (`@._id` is that of the outermost object alone), and a name with other characters than
    letters, digits, `_` and `-` stands in double quotes. What cannot be read ignores nothing.
    `headers` are names in any casing.
    """

    keys: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()

    @classmethod
    def from_lines(cls, lines: Iterable[str]) -> IgnoreRules:
        """Read rules as they are typed, one a line; blank lines count as none.

        A header's is `header: Date`. Raises RuleError.
        """
        keys: list[str] = []
        headers: list[str] = []
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            if not text:
                continue
            try:
                into, rule = (headers, _header(text)) if _is_header(text) else (keys, _key(text))
            except (PathError, RuleError) as error:
                reason = error.reason if isinstance(error, RuleError) else str(error)
                raise RuleError(text, reason, number) from None
            into.append(rule)
        return cls(_each_once(keys), _each_once(headers))

    @classmethod
    def kept(cls, lines: Iterable[str]) -> IgnoreRules:
        """Read what was kept; a line that is no rule is left out."""
        rules = cls()
        for line in lines:
            try:
                one = cls.from_lines([line])
            except RuleError:
                continue
            rules = cls(
                _each_once((*rules.keys, *one.keys)), _each_once((*rules.headers, *one.headers))
            )
        return rules

    def lines(self) -> tuple[str, ...]:
        """Write the rules as `from_lines` reads them."""
        return (*self.keys, *(f"{HEADER} {name}" for name in self.headers))

    def without(self, rule: str) -> IgnoreRules:
        """Give the rules without one of them, written as `lines` gives it."""
        return IgnoreRules(
            tuple(key for key in self.keys if key != rule),
            tuple(name for name in self.headers if f"{HEADER} {name}" != rule),
        )

    def ignores_header(self, name: str) -> bool:
        """Whether a header is not counted."""
        return name.lower() in {one.lower() for one in self.headers}

    def matching(self, path: str) -> tuple[str, ...]:
        """Give the keys by which what is at a path is ignored, or what it lies in.

        `path` is one of a DiffNode.
        """
        try:
            steps = parse_path(path, names_alone=False)
        except PathError:
            return ()
        return tuple(key for key in self.keys if _matches(key, steps))


DEFAULT_RULES = IgnoreRules(
    keys=("_id", "id", "_expiration_time", "_access_number", "_access_code"),
    headers=("date", "set-cookie", "content-length"),
)
"""What GMS makes anew for each create; the rest of an answer should be the same on every node."""


def name_rule(node: DiffNode) -> str:
    """Give the rule that ignores members of this name at whatever depth; empty for an element."""
    steps = parse_path(node.path, names_alone=False)
    return quoted_name(steps[-1]) if steps and isinstance(steps[-1], str) else ""


def path_rule(node: DiffNode) -> str:
    """Give the rule that ignores this place, in any element of the arrays on the way to it.

    Empty for the root, which is no member of anything.
    """
    return path_text(generalised(parse_path(node.path, names_alone=False)))


@dataclass(slots=True, eq=False)
class Place:
    """A place that paths of rules lead through; `ends`: one leads to it."""

    inner: dict[Step, Place] = field(default_factory=dict)
    ends: bool = False


class RuleTree:
    """The rules as a document is followed from its root on; None is a place of no rule.

    `names` are those of all members there are: a rule with another one is left out, so that a
    tree without any rule is False.
    """

    def __init__(self, rules: IgnoreRules, names: Container[Step]) -> None:
        self._names: set[str] = set()
        self.root = Place()
        for key in rules.keys:
            try:
                steps = parse_path(key)
            except PathError:
                continue
            if not all(step in names for step in steps if isinstance(step, str)):
                continue
            if len(steps) == 1 and not key.startswith("@") and isinstance(steps[0], str):
                self._names.add(steps[0])
            elif steps:
                place = self.root
                for step in steps:
                    place = place.inner.setdefault(step, Place())
                place.ends = True

    def __bool__(self) -> bool:
        return bool(self._names or self.root.inner)

    def member(self, place: Place | None, name: str) -> tuple[Place | None, bool]:
        """Give the place of a member, and whether it is ignored."""
        inner = place.inner.get(name) if place is not None else None
        return inner, name in self._names or (inner is not None and inner.ends)

    def element(self, place: Place | None) -> tuple[Place | None, bool]:
        """Give the place of an element, and whether it is ignored."""
        inner = place.inner.get(ANY) if place is not None else None
        return inner, inner is not None and inner.ends


def _matches(key: str, steps: tuple[Step, ...]) -> bool:
    tree = RuleTree(IgnoreRules((key,)), steps)
    place: Place | None = tree.root
    for step in steps:
        place, ignored = tree.member(place, step) if isinstance(step, str) else tree.element(place)
        if ignored:
            return True
    return False


def _is_header(text: str) -> bool:
    return text.lower().startswith(HEADER)


def _header(text: str) -> str:
    name = text[len(HEADER) :].strip()
    if not _TOKEN.fullmatch(name):
        shown = json.dumps(name, ensure_ascii=False)
        raise RuleError(text, f"{shown} is not the name of a header, such as Date")
    return name


def _key(text: str) -> str:
    """Give a rule in the one way in which it is written, so that none is there twice."""
    steps = parse_path(text)
    if not steps:
        raise PathError("It names nothing: write a name such as _id, or a path such as items[*].at")
    if any(isinstance(step, int) for step in steps):
        raise PathError("A rule is for every element of an array: write [*] in place of a number")
    single = len(steps) == 1 and not text.startswith("@")
    return quoted_name(steps[0]) if single and isinstance(steps[0], str) else path_text(steps)


def _each_once(rules: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rules))
