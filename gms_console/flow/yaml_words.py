"""What is wrong with a text that is no YAML, in words for who wrote it by hand."""

from __future__ import annotations

import re

_INDENT = "each step and key indented like those beside it"
_QUOTE = "quotes around a text with `: ` in it or with [ or { at its begin"

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        r"mapping values are not allowed here",
        "`: ` where no key can stand",
        f"{_INDENT}, and {_QUOTE}",
    ),
    (
        r"sequence entries are not allowed here",
        "`- ` where no list can begin",
        "a list on lines of its own below its key, or quotes around the text",
    ),
    (
        r"expected <block end>, but found '<scalar>'",
        "more text behind the end of a value",
        "quotes around the whole of a text that begins with a quote, [ or { (a ' within '…' is "
        "written twice)",
    ),
    (
        r"expected <block end>, but found .*",
        "a line that is indented otherwise than those above it",
        _INDENT,
    ),
    (
        r"expected ',' or '([\]}])', but got ':'",
        "`: ` within a text, or within what \\1 was to close",
        "quotes around a text with `: ` in it, or \\1 at the end of what was opened",
    ),
    (
        r"expected ',' or '([\]}])', but got .*",
        "something behind a value within brackets",
        "a comma, or \\1, or quotes around a text with brackets in it",
    ),
    (
        r"character '(\\t|\t)' that cannot start any token",
        "a tab at the begin of a line",
        "blanks: YAML takes no tabs to indent",
    ),
    (
        r"character '(.)' that cannot start any token",
        "a text that begins with \\1",
        "quotes around it",
    ),
    (r"unexpected end of stream", "the end of the file within quotes", "the quote that closes"),
    (
        r"unknown escape character '(.)'",
        "\\\\\\1 within double quotes",
        "single quotes around a text with a backslash in it",
    ),
    (
        r"could not find expected ':'",
        "a line before it that is no `key: value`",
        "`: ` behind each key",
    ),
    (
        r"undefined alias '?(.*?)'?",
        "*\\1, which nothing before it names with &\\1",
        "quotes around a text that begins with *",
    ),
    (
        r"expected chomping or indentation indicators, but found .*",
        "a text that begins with | or >",
        "quotes around it, or a line end behind | or >",
    ),
)
"""What the parser says, and what is told in its place: what was found, what was expected."""


def yaml_words(problem: str) -> tuple[str, str]:
    """Give what was found and what was expected, of what a YAML parser says."""
    said = problem.removeprefix("but ").removeprefix("found ")
    for pattern, found, expected in _WORDS:
        match = re.fullmatch(pattern, said)
        if match is not None:
            return match.expand(found), match.expand(expected)
    return said, "YAML"
