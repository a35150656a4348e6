"""What is wrong with a regular expression, in words."""

from __future__ import annotations

import re

_WORDS = (
    ("missing ), unterminated subpattern", "a ( that nothing closes"),
    ("unbalanced parenthesis", "a ) that nothing opens"),
    ("unterminated character set", "a [ that nothing closes"),
    ("nothing to repeat", "nothing stands before it to repeat"),
    ("multiple repeat", "two signs of repetition in a row"),
    ("min repeat greater than max repeat", "a repetition whose least is more than its most"),
    ("bad escape (end of pattern)", "a backslash with nothing behind it"),
    ("bad character range", "a range whose end comes before its begin"),
    ("bad escape", "a backslash before a letter that means nothing"),
    ("unknown extension", "(? with something unknown behind it"),
    ("look-behind requires fixed-width pattern", "a (?<= or (?<! of no fixed length"),
    ("invalid group reference", "a reference to a group that is not there"),
    ("the repetition number is too large", "a repetition that is too large"),
)


def regex_words(error: Exception) -> str:
    """Say why a text is no regular expression, and at which of its characters."""
    if not isinstance(error, re.error):
        return "too long or too deep"
    words = next((words for said, words in _WORDS if error.msg.startswith(said)), error.msg)
    return words if error.pos is None else f"{words}, at character {error.pos + 1}"
