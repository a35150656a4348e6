"""Gives equal values equal names, and counts what was masked."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from gms_console.evidence.items import Masking
from gms_console.evidence.rules import Rule
from gms_console.evidence.shapes import address_of, digits_of
from gms_console.redaction import MASK, written_forms

SHORTEST_LEARNT = 6
"""Characters of the shortest value that is looked for elsewhere; a shorter one may be any word."""

MOST_ODD = 20
"""Values with blanks or signs that are looked for in all their encodings: those learnt last.

Others are found as whole words, however many there are.
"""

_WORD = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{4,}[A-Za-z0-9_])")
_PARTS = re.compile(r"[.\-]")
_MASKED = re.compile(r"\*{3}|\[(?:phone|email|cookie|token|key|value)-\d+\]")
_COMMON = frozenset({"string", "undefined", "unknown", "default", "enabled", "disabled"})

_TAIL = 8
"""Last digits by which phone numbers are found; numbers of fewer have to be equal."""

_MOST_BEFORE = 4
"""Digits that one way to write a number may have before those of another: a country code."""

_SHORTEST_NUMBER, _LONGEST_NUMBER = 6, 17
"""Digits of numbers that are looked for within texts."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A value that was masked: by which rule, where, and what it became."""

    rule: Rule
    place: str
    value: str
    pseudonym: str


class Pseudonyms:
    """The names that values have got in one report. Not for more than one thread.

    It grows with the number of different values, by some hundred bytes each.
    """

    def __init__(self, note: Callable[[Hit], None] | None = None) -> None:
        self.place = ""
        """Where masking goes on just now, in words."""
        self._note = note
        self._names: dict[tuple[Rule, str], str] = {}
        self._next: Counter[Rule] = Counter()
        self._places: Counter[Rule] = Counter()
        self._values: dict[Rule, set[int]] = {rule: set() for rule in Rule}
        self._phones: dict[str, str] = {}
        self._by_tail: dict[str, list[str]] = {}
        self._shown: set[str] = set()
        self._learnt = 0
        self._words: dict[str, tuple[Rule, str]] = {}
        self._odd: OrderedDict[str, tuple[Rule, str, tuple[str, ...]]] = OrderedDict()

    def mask(self, rule: Rule, value: str, *, learn: bool = False) -> str:
        """Give what stands for a value; with `learn` it is masked wherever else it stands."""
        if not value or is_masked(value):
            return value
        name = self._name(rule, value)
        if learn:
            self._learn(rule, value, name)
        self.count(rule, value, name)
        return name

    def count(self, rule: Rule, value: str, name: str, places: int = 1) -> None:
        """Take note that a value was masked."""
        self._places[rule] += places
        # What has one name is one value, in whatever way it was written.
        self._values[rule].add(hash(value if name == MASK else name))
        if self._note is not None:
            self._note(Hit(rule, self.place, value, name))

    def phone(self, text: str) -> str:
        """Give what stands for a phone number, however it is written here."""
        digits = digits_of(text)
        name = self._known(digits)
        if name is None:
            name = self._new(Rule.PHONES)
            self._phones[digits] = name
            if len(digits) >= _TAIL:
                self._by_tail.setdefault(digits[-_TAIL:], []).append(digits)
        self.count(Rule.PHONES, text, name)
        return name

    @property
    def known(self) -> int:
        """How many values have got a name that are masked wherever else they stand."""
        return len(self._phones) + self._learnt

    @property
    def knows_phones(self) -> bool:
        """Whether any phone number has a name."""
        return bool(self._phones)

    def known_phone(self, digits: str) -> bool:
        """Whether digits are those of a phone number that has a name; few digits may be an id."""
        if not _SHORTEST_NUMBER <= len(digits) <= _LONGEST_NUMBER:
            return False
        return self._known(digits.lstrip("0") or digits) is not None

    def show(self, number: str) -> None:
        """Take note of an access number: it looks like a customer's, and is shown all the same."""
        digits = digits_of(number)
        if digits:
            self._shown.add(digits)

    def is_shown(self, text: str) -> bool:
        """Whether a number is an access number, and not known to be a customer's."""
        digits = digits_of(text)
        return digits in self._shown and self._known(digits) is None

    def learnt(self, text: str) -> str:
        """Mask values in a text that were learnt elsewhere."""
        for rule, name, forms in self._odd.values():
            for form in forms:
                if form in text:
                    self.count(rule, form, name, text.count(form))
                    text = text.replace(form, name)
        return _WORD.sub(self._word, text) if self._words else text

    def tally(self) -> tuple[Masking, ...]:
        """Say what was masked so far, in the order of the rules."""
        return tuple(
            Masking(
                rule=rule.value,
                reason=rule.reason,
                places=self._places[rule],
                values=len(self._values[rule]),
            )
            for rule in Rule
            if self._places[rule]
        )

    def _known(self, digits: str) -> str | None:
        name = self._phones.get(digits)
        if name is not None or len(digits) < _TAIL:
            return name
        for other in self._by_tail.get(digits[-_TAIL:], ()):
            apart = len(other) - len(digits)
            shorter, longer = (digits, other) if apart > 0 else (other, digits)
            if abs(apart) <= _MOST_BEFORE and longer.endswith(shorter):
                return self._phones[other]
        return None

    def _name(self, rule: Rule, value: str) -> str:
        if not rule.pseudonym:
            return MASK
        key = rule, address_of(value) if rule is Rule.EMAILS else value
        if key not in self._names:
            self._names[key] = self._new(rule)
        return self._names[key]

    def _new(self, rule: Rule) -> str:
        self._next[rule] += 1
        return f"[{rule.pseudonym}-{self._next[rule]}]"

    def _learn(self, rule: Rule, value: str, name: str) -> None:
        if len(value) < SHORTEST_LEARNT or value.lower() in _COMMON:
            return
        if _WORD.fullmatch(value):
            self._learnt += value not in self._words
            self._words[value] = rule, name
        else:
            if value not in self._odd:
                self._learnt += 1
                self._odd[value] = rule, name, written_forms(value)
            self._odd.move_to_end(value)
            while len(self._odd) > MOST_ODD:
                self._odd.popitem(last=False)

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        known = self._words.get(word)
        if known is not None:
            self.count(known[0], word, known[1])
            return known[1]
        if "." not in word and "-" not in word:
            return word
        parts = set(_PARTS.split(word)) & self._words.keys()
        for part in sorted(parts, key=len, reverse=True):
            rule, name = self._words[part]
            self.count(rule, part, name)
            word = word.replace(part, name)
        return word


def is_masked(value: str) -> bool:
    """Whether a value is one that stands for another already."""
    return _MASKED.fullmatch(value) is not None
