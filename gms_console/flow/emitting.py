"""Writes plain data as the YAML of a flow file.

Short entries stand in one line, and texts are so quoted that they are read as they were.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

WIDTH = 96
"""Columns that an entry in one line may take."""

_PLAIN = re.compile(r"[^\W\d][\w ./()@+=~<>^;'!?$%*&|-]*|\./[\w./-]*|[0-9]+(\.[0-9]+)?(ms|s|m)")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"})
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def entry(key: str, value: Any, column: int, *, block: bool = False) -> str:  # noqa: ANN401 - data
    """Give `key: value`; lines after the first are indented for a key at `column`.

    `block`: a list or a mapping gets a line for each of its entries however short it is.
    """
    head = f"{_key(key)}:"
    if isinstance(value, str):
        literal = _literal(value, column + 2)
        return f"{head} {literal if literal is not None else inline(value)}"
    if isinstance(value, dict | list) and value:
        short = inline(value)
        if block or _has_lines(value) or _is_list_of_mappings(value):
            return f"{head}\n{_indent(column + 2)}{_block(value, column + 2)}"
        if column + len(head) + 1 + len(short) > WIDTH:
            return f"{head}\n{_indent(column + 2)}{_block(value, column + 2)}"
        return f"{head} {short}"
    return f"{head} {inline(value)}"


def item(value: Any, column: int, *, block: bool = False) -> str:  # noqa: ANN401 - any data
    """Give `- value` for a dash at `column`."""
    if isinstance(value, dict) and value:
        short = inline(value)
        if block or _has_lines(value) or column + 2 + len(short) > WIDTH:
            return f"- {mapping(value, column + 2)}"
        return f"- {short}"
    return f"- {inline(value)}"


def mapping(value: dict[str, Any], column: int) -> str:
    """Give the entries of a mapping, one below the other."""
    entries = (entry(key, one, column) for key, one in value.items())
    return f"\n{_indent(column)}".join(entries)


def inline(value: Any) -> str:  # noqa: ANN401 - any data
    """Give a value in one line, so that it may stand in braces."""
    if isinstance(value, dict):
        pairs = (f"{_key(key)}: {inline(one)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, str):
        return value if _is_plain(value) else _quoted(value)
    return json.dumps(value)


def _key(key: str) -> str:
    """Give a key; `on` is a text for readers of YAML 1.2, and stands so in every flow."""
    return key if key == "on" else inline(key)


def _block(value: Any, column: int) -> str:  # noqa: ANN401 - any data
    if isinstance(value, dict):
        return mapping(value, column)
    return f"\n{_indent(column)}".join(item(one, column) for one in value)


def _is_plain(text: str) -> bool:
    """Whether a text may stand without quotes, for readers of YAML 1.1 too."""
    return (
        _PLAIN.fullmatch(text) is not None
        and not text.endswith(" ")
        and text.isprintable()
        and text.lower() not in _WORDS
    )


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _literal(text: str, column: int) -> str | None:
    """Give a text of several lines as they are; None for one that would not come back."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if "\n" not in body or not all(map(_is_line, lines)):
        return None
    if not lines[0] or lines[0][0] in " \t" or not lines[-1]:
        return None
    mark = "|" if text.endswith("\n") else "|-"
    indented = (f"{_indent(column)}{line}" if line else "" for line in lines)
    return "\n".join((mark, *indented))


def _is_line(line: str) -> bool:
    return line == "" or (line.replace("\t", " ").isprintable() and bool(line.strip()))


def _has_lines(value: Any) -> bool:  # noqa: ANN401 - any data
    """Whether a text with several lines stands in it, which reads better below its key."""
    return any(_literal(text, 0) is not None for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any data
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _is_list_of_mappings(value: Any) -> bool:  # noqa: ANN401 - any data
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _indent(column: int) -> str:
    return " " * column
