"""Masks JSON as text, piece by piece: layout, duplicate keys and other numbers stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gms_console.evidence.pseudonyms import is_masked
from gms_console.evidence.rules import Rule, is_access_number
from gms_console.evidence.text_redaction import TextRedactor
from gms_console.redaction import MASK

_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\],:]|[^\s{}\[\],:"]++|\s++',
    re.DOTALL,
)
_REST_OF_STRING = re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL)
_LONG = 1024 * 1024
"""Characters of a string after which it is not kept whole until its end comes."""

_DEEPEST_TEXT = 3
"""How often JSON within a string of JSON is looked into."""

_ANSWERS = frozenset({"true", "false"})
_WORDS = _ANSWERS | {"null"}

_NAMES = frozenset({"key", "name"})
_VALUES = frozenset({"value", "values"})
"""Members of an object that holds a pair: `{"key": "password", "value": ...}`."""


@dataclass(slots=True)
class _Level:
    """An object or array that is open: its current key, and the rule that holds all over it.

    `named` is the name of the value that stands beside it, where the object holds a pair.
    """

    is_object: bool
    inherited: Rule | None
    key: str = ""
    expects_key: bool = False
    named: str = ""

    @property
    def told(self) -> str:
        """The name by which the value that comes now is judged."""
        return self.named if self.named and self.key.lower() in _VALUES else self.key

    def rule(self, redactor: TextRedactor) -> Rule | None:
        """Give the rule of the value that comes now."""
        return (redactor.rules.of_key(self.told) if self.key else None) or self.inherited


class JsonRedactor:
    """Takes pieces of a JSON text, and gives them masked. What is no JSON goes through as words."""

    def __init__(self, redactor: TextRedactor, depth: int = 0) -> None:
        self._redactor = redactor
        self._depth = depth
        self._levels = [_Level(is_object=False, inherited=None)]
        self._held = ""
        self._passing = False
        self._swallowing = False

    def feed(self, piece: str) -> str:
        """Take the next piece, and give what is certain by now."""
        text = self._held + piece
        with self._redactor.within(text):
            return "".join(self._masked(text, last=False))

    def finish(self) -> str:
        """Give the rest, when no more comes."""
        with self._redactor.within(self._held):
            return "".join(self._masked(self._held, last=True))

    def _masked(self, text: str, *, last: bool) -> Iterator[str]:
        self._held = ""
        place = 0
        if self._passing:
            place, written = self._string_goes_on(text, last=last)
            yield written
        while place < len(text) and not self._passing:
            found = _TOKEN.match(text, place)
            if found is None:  # a lone quote at the end
                self._held = text[place:]
                break
            token, end = found[0], found.end()
            if end == len(text) and not last and not _is_closed(token):
                if len(token) < _LONG or token[0] != '"':
                    self._held = text[place:]
                    return
                yield self._begin_long(token)
                return
            yield self._token(token)
            place = end

    def _begin_long(self, token: str) -> str:
        """Begin a string that is too long to be kept; the end of its piece may be half a value."""
        self._passing = True
        level = self._levels[-1]
        rule = level.rule(self._redactor)
        self._swallowing = rule is not None and rule is not Rule.PHONES
        if self._swallowing:
            assert rule is not None  # noqa: S101 - said by the line before
            return f'"{self._redactor.names.mask(rule, token[1:1000])}'
        cut = len(token) - 1 if token.endswith("\\") else len(token)
        self._held = token[cut:]
        return '"' + self._redactor.words(token[1:cut])

    def _string_goes_on(self, text: str, *, last: bool) -> tuple[int, str]:
        found = _REST_OF_STRING.match(text)
        end = 0 if found is None else found.end()
        closed = text[end : end + 1] == '"'
        if not closed and not last:
            self._held = text[end:]
        inner = "" if self._swallowing else self._redactor.words(text[:end])
        if not closed:
            return len(text), inner
        self._passing = self._swallowing = False
        self._after_value()
        return end + 1, inner + '"'

    def _token(self, token: str) -> str:
        level = self._levels[-1]
        first = token[0]
        if first in "{[":
            self._levels.append(
                _Level(first == "{", level.rule(self._redactor), expects_key=first == "{")
            )
            return token
        if first in "}]":
            if len(self._levels) > 1:
                self._levels.pop()
            self._after_value()
            return token
        if first == ",":
            level.expects_key = level.is_object
            level.key = "" if level.is_object else level.key
            return token
        if first == ":" or first.isspace():
            return token
        if first == '"' and level.is_object and level.expects_key:
            return self._key(token, level)
        return self._string(token, level) if first == '"' else self._scalar(token, level)

    def _after_value(self) -> None:
        if self._levels[-1].is_object:
            self._levels[-1].key = ""

    def _key(self, token: str, level: _Level) -> str:
        level.expects_key = False
        level.key = _read(token)
        masked = self._redactor.words(level.key)
        return token if masked == level.key else json.dumps(masked, ensure_ascii=False)

    def _string(self, token: str, level: _Level) -> str:
        plain = _read(token)
        rule = level.rule(self._redactor)
        if level.key.lower() in _NAMES:
            level.named = plain
        masked = self._value(plain, level.told, rule)
        if masked == plain:
            return self._as_it_was(token)
        closed = len(token) > 1 and token[-1] == '"'
        written = json.dumps(masked, ensure_ascii=False)
        return written if closed else written[:-1]

    def _value(self, plain: str, key: str, rule: Rule | None) -> str:
        if rule is None and self._depth < _DEEPEST_TEXT and plain.lstrip()[:1] in {"{", "["}:
            inner = JsonRedactor(self._redactor, self._depth + 1)
            masked = inner.feed(plain) + inner.finish()
            return masked if is_json(plain) else self._redactor.text(masked)
        return self._redactor.value(key, plain, rule)

    def _as_it_was(self, token: str) -> str:
        """Give a string that needs no mask, unless a secret stands in it in another encoding."""
        masked = self._redactor.secrets(token[1:])
        if masked == token[1:]:
            return token
        whole = token[0] + masked
        return whole if is_json(whole) else f'"{MASK}"'

    def _scalar(self, token: str, level: _Level) -> str:
        rule = level.rule(self._redactor)
        answers = token in _ANSWERS and rule is Rule.OWN_KEYS
        if (token in _WORDS and not answers) or is_masked(token):
            return token
        if rule is None and not any(map(str.isdigit, token)):
            return self._redactor.words(token)
        if rule is None and is_access_number(level.told):
            self._redactor.names.show(token)
        masked = self._redactor.value(level.told, token, rule)
        return token if masked == token else json.dumps(masked, ensure_ascii=False)


def redacted_json(text: str, redactor: TextRedactor) -> str:
    """Mask a whole text that begins as JSON does; where it is broken, its words are masked too."""
    scanner = JsonRedactor(redactor)
    masked = scanner.feed(text) + scanner.finish()
    # Between tokens a secret can still stand, or across them.
    return redactor.secrets(masked) if is_json(text) else redactor.text(masked)


def is_json(text: str) -> bool:
    """Whether a text can be read as JSON."""
    try:
        json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True


def _is_closed(token: str) -> bool:
    """Whether no later text can belong to a token."""
    if token in set("{}[],:"):
        return True
    return token[0] == '"' and _TOKEN.fullmatch(token) is not None and _ends_quoted(token)


def _ends_quoted(token: str) -> bool:
    if len(token) < 2 or token[-1] != '"':
        return False
    before = len(token) - 1 - len(token[:-1].rstrip("\\"))
    return before % 2 == 0


def _read(token: str) -> str:
    inner = token[1:-1] if _ends_quoted(token) else token[1:]
    if "\\" not in inner:
        return inner
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner
