"""JMESPaths that languages without a library for them can follow."""

from __future__ import annotations

import re

_STEP = re.compile(r'([A-Za-z_]\w*)|"([^"\\]+)"|\[(-?\d+)\]')
_SIMPLE = re.compile(
    r'(?:[A-Za-z_]\w*|"[^"\\]+")(?:\.(?:[A-Za-z_]\w*|"[^"\\]+")|\[-?\d+\])*', re.ASCII
)


def simple_path(path: str) -> list[str | int] | None:
    """Give the steps of a JMESPath of names and places alone; None for any other."""
    if _SIMPLE.fullmatch(path) is None:
        return None
    return [int(index) if index else name or text for name, text, index in _STEP.findall(path)]
