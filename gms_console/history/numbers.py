"""Numbers such as those of phones: found by their endings, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORTEST = 7
"""Digits of the shortest number that is found by its endings."""

_LONGEST = 15
"""Digits of the longest phone number there is."""

_MOST_DIGITS = 20
"""Digits at the end of what is longer, such as an id."""

_SHORTEST_ENDING = 4
_MOST_NUMBERS = 500
"""Different numbers of one text; a body full of figures must not hold up the writing."""

_BLANKS = " \u00a0\u202f"
_WRITTEN = re.compile(rf"[0-9](?:[-+(). /\u00a0\u202f]{{0,3}}[0-9]){{{SHORTEST - 1},}}")
_RUN = re.compile(rf"[0-9]{{{SHORTEST},}}")
_BETWEEN = re.compile(rf"[{_BLANKS}]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_TYPED = re.compile(
    rf"(?<!\S)[+(]{{0,2}}[0-9](?:[-+(). /\u00a0\u202f]{{0,3}}[0-9]){{{SHORTEST - 1},}}\)?(?!\S)"
)


def with_numbers(text: str) -> str:
    """Give a text with the endings of its numbers behind it, as it is put into an index."""
    endings = " ".join(_endings(text))
    return f"{text}\n{endings}" if endings else text


def typed_numbers(text: str) -> tuple[dict[str, str], str]:
    """Give the numbers in what was typed, each with its digits alone, and the rest of it."""
    numbers = {one[0]: digits_of(one[0]) for one in _TYPED.finditer(text)}
    return numbers, _TYPED.sub(" ", text)


def digits_of(text: str) -> str:
    """Give the digits of a text."""
    return _NO_DIGITS.sub("", text)


def _endings(text: str) -> dict[str, None]:
    numbers: dict[str, None] = {}
    for number in (one for written in _WRITTEN.finditer(text) for one in _numbers(written[0])):
        numbers[number] = None
        if len(numbers) >= _MOST_NUMBERS:
            break
    return {
        number[place:]: None
        for number in numbers
        for place in range(len(number) - _SHORTEST_ENDING + 1)
    }


def _numbers(written: str) -> Iterator[str]:
    """Give what may be one number: all of it, each part between blanks, each run of digits."""
    whole = digits_of(written)
    if len(whole) <= _LONGEST:
        yield whole
    for part in _BETWEEN.split(written):
        digits = digits_of(part)
        if SHORTEST <= len(digits) <= _LONGEST:
            yield digits
    for run in _RUN.findall(written):
        yield run[-_MOST_DIGITS:]
