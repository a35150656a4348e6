"""Variables within what is being read, kept apart from braces that somebody really sent.

While a request is taken apart, a variable stands in its texts as a mark, which survives parting
and percent-decoding; `written` makes `{{name}}` of it, as a Flow has it, and escapes the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gms_console.variables import escape

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Two code points that are no characters, so that no text needs them; so are others near them."""

_NO_CHARACTERS = re.compile("[\ufdd0-\ufdd8]")
_LONGEST = 10_000
_BRACES = re.compile(r"\{\{([^{}\r\n]+)\}\}")
_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


def cleaned(text: str) -> str:
    """Give a text without the code points that marks are made of."""
    return _NO_CHARACTERS.sub("\ufffd", text)


def variable(name: str) -> str:
    """Give the mark of a variable."""
    return f"{_OPEN}{name}{_CLOSE}"


def with_variables(text: str) -> str:
    """Mark each `{{name}}` of a text in which that is a variable."""
    return _BRACES.sub(lambda found: variable(found[1].strip()), text)


def written(text: str) -> str:
    """Write a text as a Flow has it."""
    return _MARK.sub(r"{{\1}}", escape(text))


def shown(text: str) -> str:
    """Write a text for a message, in which nothing is escaped."""
    return _MARK.sub(r"{{\1}}", text)


def names_in(text: str) -> tuple[str, ...]:
    """Name the variables that are marked in a text, in order."""
    return tuple(dict.fromkeys(_MARK.findall(text)))


def only_variable(text: str) -> str:
    """Name the variable that a text is, and nothing else; empty for any other text."""
    found = _MARK.fullmatch(text)
    return found[1] if found is not None else ""


def filled_in(text: str, values: Mapping[str, str], depth: int = 5) -> str:
    """Put values in where they are known; they may hold variables themselves."""
    for _ in range(depth):
        if len(text) > _LONGEST:
            break  # values that hold others grow fast
        text = _MARK.sub(lambda found: values.get(found[1], found[0]), text)
    return text
