"""Groups of access numbers, and access codes, as the configuration has them."""

import re
import secrets
from collections import deque
from collections.abc import Container, Mapping, Sequence

from gms_console.simulator.config.sections import Sections, items_of
from gms_console.simulator.web.answers import GmsError

RESOURCES = "resources"
"""The section of the groups (domain: documented); what begins with _ in it is an option."""

_PREFIX = re.compile(r"([0-9]+)(?:-([0-9]+))?")


class NumberGroups:
    """The free numbers of each group, the one that rested longest first."""

    def __init__(self, groups: Mapping[str, Sequence[str]], but: Container[str] = ()) -> None:
        self._group_of = {number: name for name, group in groups.items() for number in group}
        self._free = {
            name: deque(number for number in group if number not in but)
            for name, group in groups.items()
        }

    def has(self, group: str) -> bool:
        """Return whether there is such a group."""
        return group in self._free

    def take(self, group: str) -> str | None:
        """Take a number out of a group; None when none is free."""
        free = self._free[group]
        return free.popleft() if free else None

    def free(self) -> int:
        """Return how many numbers are free in all groups."""
        return sum(map(len, self._free.values()))

    def without(self, number: str) -> None:
        """Take a number out wherever it is free."""
        free = self._free.get(self._group_of.get(number, ""))
        if free is not None and number in free:
            free.remove(number)

    def put_back(self, number: str) -> None:
        """Let a number be free again, if its group still has it."""
        free = self._free.get(self._group_of.get(number, ""))
        if free is not None:
            free.append(number)


def groups_of(config: Sections) -> dict[str, tuple[str, ...]]:
    """Return the configured groups; a number belongs to the first group that lists it."""
    groups: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    for name, numbers in config.section(RESOURCES).items():
        if not name.startswith("_"):
            own = dict.fromkeys(number for number in items_of(numbers) if number not in seen)
            groups[name] = tuple(own)
            seen.update(own)
    return groups


def new_code(config: Sections, length: int) -> str:
    """Return an access code of so many digits, beginning with `access_code_prefix`.

    The prefix is digits, or a range such as 7-9 of which one is taken; it is part of the code.
    Raises GmsError 500 for one that leaves no room (domain: seen in the vendor's tests) and for
    one that is no digits.
    """
    prefix = _prefix(config.text("server", "access_code_prefix").strip())
    left = length - len(prefix)
    if prefix and left < 1:
        raise GmsError(
            500, f"Access code prefix [{prefix}] leaves no room in a code of {length} digits."
        )
    return f"{prefix}{secrets.randbelow(10**left):0{left}d}"


def _prefix(text: str) -> str:
    if not text:
        return ""
    found = _PREFIX.fullmatch(text)
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if found is None or low > high or len(found[1]) > len(found[2] or found[1]):
        raise GmsError(500, f"Option [access_code_prefix] is no digits and no range: [{text}]")
    return f"{low + secrets.randbelow(high - low + 1):0{len(found[1])}d}"
