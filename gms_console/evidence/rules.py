"""What is masked in evidence, and why; each rule can be switched off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache

from gms_console.redaction import is_credential_name


class Rule(StrEnum):
    """A rule of redaction, by the name that a report and a window call it."""

    CREDENTIALS = "credentials"
    COOKIES = "cookies"
    TOKENS = "tokens"
    SECURE_KEYS = "secure keys"
    PHONES = "phone numbers"
    EMAILS = "e-mail addresses"
    OWN_KEYS = "own keys"

    @property
    def reason(self) -> str:
        """Why values of this kind are masked, in a sentence."""
        return _REASONS[self]

    @property
    def pseudonym(self) -> str:
        """What a value becomes: `phone` makes `[phone-1]`; empty for one that becomes `***`."""
        return _PSEUDONYMS[self]


_REASONS = {
    Rule.CREDENTIALS: "Who reads a password, an API key or an Authorization header can use it.",
    Rule.COOKIES: "A session cookie lets its reader go on in the same session.",
    Rule.TOKENS: "A token stands for a login; a push token reaches one customer's device.",
    Rule.SECURE_KEYS: "The secure key of a chat lets its reader join and write in it.",
    Rule.PHONES: "A phone number is personal data. Access numbers are the contact centre's own.",
    Rule.EMAILS: "An e-mail address is personal data.",
    Rule.OWN_KEYS: "Chosen by the person who made this.",
}

_PSEUDONYMS = {
    Rule.CREDENTIALS: "",
    Rule.COOKIES: "cookie",
    Rule.TOKENS: "token",
    Rule.SECURE_KEYS: "key",
    Rule.PHONES: "phone",
    Rule.EMAILS: "email",
    Rule.OWN_KEYS: "value",
}


@dataclass(frozen=True, slots=True)
class RedactionRules:
    """Which rules hold: all but those in `off`, and keys that a person has added.

    An own key is the name of a row, header or JSON member in any casing; `*` stands for any
    characters. Secrets that an Environment holds are masked whatever the rules say.
    """

    off: frozenset[Rule] = frozenset()
    own_keys: tuple[str, ...] = ()

    def holds(self, rule: Rule) -> bool:
        """Whether a rule is on."""
        return rule not in self.off

    def switched(self, rule: Rule, *, on: bool) -> RedactionRules:
        """Give the same rules with one of them on or off."""
        return RedactionRules(self.off - {rule} if on else self.off | {rule}, self.own_keys)

    def as_data(self) -> dict[str, list[str]]:
        """Give what can be written as JSON, for `from_data` to read."""
        return {"off": sorted(self.off), "own_keys": list(self.own_keys)}

    @classmethod
    def from_data(cls, data: object) -> RedactionRules:
        """Read what `as_data` gave; what cannot be read is left out, so that more is masked."""
        fields = data if isinstance(data, Mapping) else {}
        known = {rule.value: rule for rule in Rule}
        return cls(
            frozenset(known[name] for name in _texts(fields.get("off")) if name in known),
            tuple(
                dict.fromkeys(key.strip() for key in _texts(fields.get("own_keys")) if key.strip())
            ),
        )

    def of_key(self, key: str) -> Rule | None:
        """Give the rule that masks the values of a key, None where none does."""
        folded = key.lower()
        if self.holds(Rule.OWN_KEYS) and any(
            fnmatchcase(folded, own) for own in _folded(self.own_keys)
        ):
            return Rule.OWN_KEYS
        rule = rule_of_key(key)
        return rule if rule is not None and self.holds(rule) else None


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


@lru_cache(maxsize=16)
def _folded(keys: tuple[str, ...]) -> tuple[str, ...]:
    # A bracket is part of a name such as `userData[email]`, no pattern.
    return tuple(key.lower().replace("[", "[[]") for key in keys)


_COOKIE = re.compile(r"cookie|jsessionid", re.IGNORECASE)
_SECURE = re.compile(r"secure[-_]?key|chat[-_]?session[-_]?id", re.IGNORECASE)
_TOKEN = re.compile(
    r"token|bearer|(^|[^a-z])jwt($|[^a-z])|notification[-_]?(device)?[-_]?id|device[-_]?id|registration[-_]?id",
    re.IGNORECASE,
)
_ORS_SESSION = re.compile(r"ors[-_]?session[-_]?id", re.IGNORECASE)
"""What finds a request in the logs; nothing can be done with it alone."""

_PHONE = re.compile(
    r"phone|customer[-_]?number|msisdn|mobile|(^|[^a-z])(ani|tel|fax|gsm)($|[^a-z])|telephone"
    r"|caller[-_]?id|call(er|back|ing)[-_]?number|contact[-_]?number"
    r"|number[-_]?(e164|international|national)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(^|[^a-z])e?[-_]?mail([-_]?address)?($|[^a-z])", re.IGNORECASE)
_ACCESS_NUMBER = re.compile(
    r"access[-_]?number|tel[-_]?url|(^|[^a-z])dnis($|[^a-z])", re.IGNORECASE
)


@lru_cache(maxsize=2000)
def rule_of_key(key: str) -> Rule | None:
    """Give the rule that a name belongs to, judged by the name alone."""
    if _COOKIE.search(key):
        return Rule.COOKIES
    if _SECURE.search(key):
        return Rule.SECURE_KEYS
    if _TOKEN.search(key):
        return Rule.TOKENS
    if is_credential_name(key) and not _ORS_SESSION.search(key):
        return Rule.CREDENTIALS
    if is_access_number(key):
        return None
    if _PHONE.search(key):
        return Rule.PHONES
    return Rule.EMAILS if _EMAIL.search(key) else None


@lru_cache(maxsize=2000)
def is_access_number(key: str) -> bool:
    """Whether a key holds a number of the contact centre, which customers dial; it is shown."""
    return _ACCESS_NUMBER.search(key) is not None
