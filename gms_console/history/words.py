"""The words by which an Exchange and its body are found, and what a person types to find them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from gms_console.history.codec import Record
from gms_console.history.numbers import typed_numbers
from gms_console.model.exchange import Response
from gms_console.model.reading import charset_of, known_charset

MOST_TEXT = 256 * 1024
"""Bytes at the start of a body that can be found by their words."""

_MOST_WORDS = 20
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\([bfnrt\"\\/])")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a]")


def words_of(record: Record, state: str, title: str) -> str:
    """Give the text that an Exchange is found by, its body aside."""
    return "\n".join(filter(None, _parts(record, state, title)))


def _parts(record: Record, state: str, title: str) -> Iterator[str]:
    operation, request, response = record["operation"], record["request"], record["response"]
    yield from (title, operation["service"], operation["instance_id"], operation["request"])
    yield from (record["environment"], record["node"], state, request["method"])
    yield request["url"]
    if (plain := unquote_plus(request["url"])) != request["url"]:
        yield plain
    yield from (f"{name} {value}" for name, value in request["headers"])
    if request["form"]:
        for row in request["form"]:
            if not row.get("enabled", True):
                continue  # it was not sent
            names = (row.get("value", ""), row.get("filename") or "", row.get("file") or "")
            yield " ".join((row["key"], *names))
    else:
        yield request["body_preview"][:MOST_TEXT]
    if response is not None:
        yield f"{response['status']} {response['reason']}"
        yield from (f"{name} {value}" for name, value in response["headers"])
    if record["failure"] is not None:
        yield f"{record['failure']['kind']} {record['failure']['message']}"


def body_words(start: bytes, response: Response) -> str:
    """Give the text that a body is found by; empty for pictures and the like."""
    start = start[:MOST_TEXT]
    charset = known_charset(charset_of(response) or "utf-8")
    if charset in {"utf-8", "ascii", "latin-1", "iso8859-1"} and _BINARY.search(start[:1024]):
        return ""
    text = start.decode(charset, "replace")
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["} and "\\" in text:
        # In JSON the n of a line end would become the first letter of the word behind it.
        text = _ESCAPE.sub(lambda one: chr(int(one[1], 16)) if one[1] else " ", text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def as_bound(text: str) -> str:
    """Give a text as a database takes it: half surrogates and NULs have no place there."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def patterns(text: str) -> list[str]:
    """Give what is searched for, for each word that was typed: it may be the start of a word.

    What stands for a word with punctuation in it is a phrase. Punctuation alone finds all. A
    number such as `+1 650-466-9999` is one word, and also found by its digits alone.
    """
    numbers, rest = typed_numbers(as_bound(text))
    words = [word for word in rest.split() if any(one.isalnum() for one in word)]
    found = {_pattern(word): None for word in words[:_MOST_WORDS]}
    for number, digits in list(numbers.items())[:_MOST_WORDS]:
        written = " AND ".join(_pattern(word) for word in number.split())
        found[f"({written}) OR {_pattern(digits)}"] = None
    return list(found)


def _pattern(word: str) -> str:
    return '"{}"*'.format(word.replace('"', '""'))
