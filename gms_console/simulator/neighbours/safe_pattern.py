"""Regular expressions of a configuration, of a kind that cannot take forever.

How long a match takes depends on how many ways there are to try. They are counted in bits, one for
each that doubles the time: `a?` is one. A repetition without limit of one character is five, as
measured. One of something that has a choice itself, such as `(a+)+`, has no bound.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import log2

VALUE_LIMIT = 128
"""Characters of a value that is matched."""

_LENGTH_LIMIT = 1000
_ENDLESS_BITS = 5.0
_BITS_LIMIT = 20.0
"""A match then takes a fraction of a second."""

_TOKEN = re.compile(
    r"""\\. | \[\^?\]?(?:\\.|[^\]\\])*\]              # a character, a set
    | (?P<opens>\((?:\?(?:P?<\w+>|[a-zA-Z-]*:|<?[=!]|>))?)
    | (?P<closes>\)) | (?P<or>\|)
    | (?:(?P<sign>[*+?]) | \{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\})[?+]?
    | .""",
    re.VERBOSE | re.DOTALL,
)


class PatternError(Exception):
    """A pattern that cannot be used; says why."""


@dataclass
class _Group:
    """The choices inside a pair of brackets: in bits, and between how many alternatives."""

    bits: float = 0.0
    branches: int = 1


@lru_cache(maxsize=256)
def compiled(text: str) -> re.Pattern[str]:
    """Return a pattern ready to match; raises PatternError for one that cannot be used."""
    if len(text) > _LENGTH_LIMIT:
        raise PatternError(f"it is longer than {_LENGTH_LIMIT} characters")
    try:
        pattern = re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(str(error)) from error
    if _bits(text) > _BITS_LIMIT:
        raise PatternError("it leaves too many choices, so that a match could take forever")
    return pattern


def _bits(text: str) -> float:
    """Return how many choices a pattern leaves; raises PatternError where there is no bound."""
    groups = [_Group()]
    last = _Group()
    for token in _TOKEN.finditer(text):
        if token["opens"]:
            groups.append(_Group())
        elif token["closes"]:
            last = groups.pop()
            groups[-1].bits += last.bits
            continue
        elif token["or"]:
            groups[-1].branches += 1
        elif token["sign"] or token["least"] or token["most"]:
            groups[-1].bits += _added(last, *_times(token))
        last = _Group()
    return groups[0].bits


def _times(token: re.Match[str]) -> tuple[int, int | None]:
    """Return how often a repetition repeats: at least, and at most."""
    if token["sign"]:
        return (1 if token["sign"] == "+" else 0), (1 if token["sign"] == "?" else None)
    least = int(token["least"] or 0)
    if not token["comma"]:
        return least, least
    return least, int(token["most"]) if token["most"] else None


def _added(repeated: _Group, least: int, most: int | None) -> float:
    """Return how many bits a repetition adds to those of what it repeats."""
    inside = repeated.bits + log2(repeated.branches)
    if most is None or most > VALUE_LIMIT:
        if inside:
            raise PatternError("a repetition without limit must not hold choices itself")
        return _ENDLESS_BITS
    own = min(log2(most - least + 1), _ENDLESS_BITS)
    return inside * max(most, 1) - repeated.bits + own
