"""Masks texts: a value whose key is known, a URL, an urlencoded body, or any words."""

from __future__ import annotations

import contextlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from urllib.parse import quote_plus, unquote, unquote_plus

from gms_console.evidence import pair_shapes as pairs
from gms_console.evidence import shapes
from gms_console.evidence.pseudonyms import Pseudonyms, is_masked
from gms_console.evidence.rules import RedactionRules, Rule, is_access_number
from gms_console.model.tel import read_tel
from gms_console.redaction import MASK, SHORTEST, Masker

MOST_SECRETS = 40
"""Secrets that are looked for besides those given at the start: those named last."""

_SHORT, _MOST_SHORT = 200, 5000
"""Characters of texts that are remembered as free of secrets, and how many of them."""

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)

_USER = re.compile(r"""(?<![\w+.\-])([a-zA-Z][\w+.\-]{0,20}://)([^/?#\s"'<>\\]+)@""")
_WORKER = re.compile(r"(?P<id>.{8,})(?P<worker>\.[A-Za-z0-9_-]{1,16})")
_SCHEME = re.compile(r"(?i)(basic|bearer|digest|negotiate|ntlm|token)(\s+)(.+)", re.DOTALL)
_TEL = "tel"
"""The scheme of an address to dial, which reads as a key and its value."""

_QUERY = re.compile(r"[?#]")
_SCHEMES = frozenset({"basic", "bearer", "digest", "negotiate", "ntlm", "token"})
_BEHIND_SCHEME = re.compile(r"[ \t]+([^\s,;\"'<>]+)")
_ANSWERS = frozenset({"true", "false"})
_NOTHING = _ANSWERS | {"", "null", "none", "undefined"}


class TextRedactor:
    """Masks texts of one report by its rules; `names` keeps equal values equal."""

    def __init__(
        self, rules: RedactionRules, names: Pseudonyms, secrets: Iterable[str] = ()
    ) -> None:
        self.rules = rules
        self.names = names
        self._fixed = tuple(dict.fromkeys(one for one in secrets if len(one) >= SHORTEST))
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._masker = Masker(self._fixed)
        self._clean = False
        self._without: set[str] = set()
        """Short texts that hold no secret: names, and values that come again and again."""
        self._phones = rules.holds(Rule.PHONES)

    @property
    def masker(self) -> Masker:
        """What masks the secrets that are known by their values."""
        return self._masker

    def also(self, secrets: Iterable[str]) -> None:
        """Look for these secrets too from now on."""
        fresh = False
        for one in secrets:
            if len(one) < SHORTEST or one in self._fixed or MASK in one or is_masked(one):
                continue
            fresh = fresh or one not in self._recent
            self._recent[one] = None
            self._recent.move_to_end(one)
        if fresh:
            while len(self._recent) > MOST_SECRETS:
                self._recent.popitem(last=False)
            self._masker = Masker((*self._fixed, *self._recent))
            self._without.clear()

    def value(self, key: str, value: str, rule: Rule | None = None) -> str:
        """Mask a whole value that is plain text, by its key; `rule` is one that holds anyway."""
        own = self.rules.of_key(key)
        # A person who chose a key wants none of its values shown; `true` may be what is secret.
        chosen = Rule.OWN_KEYS in {own, rule} and value.lower() in _ANSWERS
        if (value.lower() in _NOTHING and not chosen) or is_masked(value):
            return value
        if own is None and is_access_number(key):
            self.names.show(read_tel(value)[0] or value)
        if key.lower() == _TEL and self.names.is_shown(value):
            return value
        rule = own or rule
        if rule is Rule.PHONES:
            return self._phone_value(value)
        if rule is Rule.COOKIES:
            return self._cookie_value(key, value)
        if rule is Rule.CREDENTIALS:
            return self._credential(value)
        if rule is not None:
            return self.names.mask(rule, value, learn=rule is not Rule.EMAILS and not chosen)
        return self.text(value)

    def text(self, text: str) -> str:
        """Mask what stands within any text: secrets by value, pairs by key, the rest by shape."""
        if not text or text.isspace():
            return text
        if "://" in text:
            text = _USER.sub(self._user, text)
        return self.words(self._by_key(text))

    def words(self, text: str) -> str:
        """Mask by value and by shape alone, for a text that has no keys in it."""
        text = self.secrets(text)
        if self.rules.holds(Rule.TOKENS):
            text = shapes.JWT.sub(lambda one: self.names.mask(Rule.TOKENS, one[0]), text)
            text = shapes.SCHEME.sub(self._scheme, text)
        text = self.names.learnt(text)
        if self.rules.holds(Rule.EMAILS) and _may_hold_email(text):
            text = shapes.EMAIL.sub(lambda one: self.names.mask(Rule.EMAILS, one[0]), text)
        return self._numbers(text) if self._phones else text

    def secrets(self, text: str) -> str:
        """Mask the secrets that are known by their values, in whatever encoding."""
        if self._clean or not self._masker:
            return text
        if text in self._without:
            return text
        masked = self._masker.mask(text)
        if masked != text:
            places = max(1, masked.count(MASK) - text.count(MASK))
            self.names.count(Rule.CREDENTIALS, "a secret that is known", MASK, places)
        elif len(text) <= _SHORT and len(self._without) < _MOST_SHORT:
            self._without.add(text)
        return masked

    @contextlib.contextmanager
    def within(self, text: str) -> Iterator[None]:
        """Mask parts of a text; where it holds no secret as a whole, none is looked for in them.

        Each secret is looked for in some fifty encodings, and a body may have thousands of parts.
        """
        before = self._clean
        self._clean = before or not self._may_hold_secret(text)
        try:
            yield
        finally:
            self._clean = before

    def _may_hold_secret(self, text: str) -> bool:
        if not self._masker:
            return False
        readings = [text]
        if "%" in text:
            readings.append(unquote_plus(text))
        if "\\" in text:
            readings.append(_ESCAPE.sub(_read_escape, text))
            readings.append(_ESCAPE.sub(_read_escape, readings[-1]))
        return any(self._masker.mask(one) != one for one in readings)

    def url(self, url: str) -> str:
        """Mask a URL: its login, values of its query by their keys, parts of its path by shape."""
        url = _USER.sub(self._user, url)
        head, mark, query = url.partition("?")
        start = head.find("://")
        path = head.find("/", start + 3) if start >= 0 else 0
        if path >= 0:
            place, rest = head[:path], head[path:]
            head = self.secrets(place) + "/".join(map(self._segment, rest.split("/")))
        return self.secrets(f"{head}{mark}{self.pairs(query)}")

    def pairs(self, text: str) -> str:
        """Mask an urlencoded text; what is not masked stays as it was encoded."""
        return self.secrets(pairs.QUERY_PAIR.sub(self._query_pair, text)) if text else text

    def cookies(self, value: str) -> str:
        """Mask the values of a Cookie header."""
        return ";".join(map(self._cookie_pair, value.split(";")))

    def set_cookie(self, value: str) -> str:
        """Mask the value of a Set-Cookie header; its attributes stay."""
        cookie, mark, attributes = value.partition(";")
        return f"{self._cookie_pair(cookie)}{mark}{self.secrets(attributes)}"

    def _by_key(self, text: str) -> str:
        if ":" in text:
            text = pairs.HEADER.sub(self._header_line, text)
        if "=" in text or ":" in text:
            text = self._pairs_in(text)
        if "%3" in text or "%253" in text:
            text = pairs.NESTED.sub(self._element, text)
        if "<" in text and "value" in text:
            text = pairs.TAG.sub(self._tag, text)
        return pairs.ELEMENT.sub(self._element, text) if "</" in text else text

    def _pairs_in(self, text: str) -> str:
        """Mask the values of `key=value` and `"key": "value"`, wherever they stand in a text."""
        parts: list[str] = []
        done = 0
        for found in pairs.KEY.finditer(text):
            if found.start() < done:
                continue
            key = unquote_plus(found["key"])
            if self.rules.of_key(key) is None and not is_access_number(key):
                continue
            value = pairs.VALUE.match(text, found.end())
            if value is None or value.lastgroup is None:
                continue
            begin, end = value.span(value.lastgroup)
            begin, end = self._narrowed(text, key, begin, end)
            plain = _unescaped(text[begin:end])
            masked = self.value(key, plain)
            if masked != plain:
                parts += (text[done:begin], masked)
                done = end
        return "".join((*parts, text[done:])) if parts else text

    def _narrowed(self, text: str, key: str, begin: int, end: int) -> tuple[int, int]:
        """Give where the value really is: behind a scheme, or before the query of a URL."""
        rule = self.rules.of_key(key)
        if rule is Rule.COOKIES:
            query = _QUERY.search(text, begin, end)
            return begin, end if query is None else query.start()
        if rule is Rule.CREDENTIALS and text[begin:end].lower() in _SCHEMES:
            behind = _BEHIND_SCHEME.match(text, end)
            return (begin, end) if behind is None else behind.span(1)
        return begin, end

    def _element(self, found: re.Match[str]) -> str:
        if self.rules.of_key(found["key"]) is None:
            return found[0]
        begin, end = (place - found.start() for place in found.span("value"))
        plain = _unescaped(found["value"])
        masked = self.value(found["key"], plain)
        if masked == plain:
            return found[0]
        return f"{found[0][:begin]}{masked}{found[0][end:]}"

    def _tag(self, found: re.Match[str]) -> str:
        """Mask the `value` of an element whose `name`, `key` or `id` says what it is."""
        attributes = list(pairs.ATTRIBUTE.finditer(found[0]))
        keys = [one[3] for one in attributes if one[1].lower() != "value"]
        key = next((one for one in keys if self.rules.of_key(one) is not None), "")
        value = next((one for one in attributes if one[1].lower() == "value"), None)
        if not key or value is None:
            return found[0]
        masked = self.value(key, value[3])
        return f"{found[0][: value.start(3)]}{masked}{found[0][value.end(3) :]}"

    def _header_line(self, found: re.Match[str]) -> str:
        return f"{found['key']}{found['sep']}{self.header(found['key'], found['value'])}"

    def header(self, name: str, value: str) -> str:
        """Mask the value of a header."""
        kind = name.lower()
        rule = self.rules.of_key(name)
        if kind in {"cookie", "set-cookie"} and rule is not Rule.OWN_KEYS:
            if not self.rules.holds(Rule.COOKIES):
                return self.secrets(value)
            return self.cookies(value) if kind == "cookie" else self.set_cookie(value)
        if rule is not None:
            return self.secrets(self.value(name, value))
        if "://" in value or value.startswith("/"):
            return self.words(self.url(value))
        return self.text(value)

    def _query_pair(self, found: re.Match[str]) -> str:
        raw_key, raw = found[1], found[2]
        key = unquote_plus(raw_key)
        plain = unquote_plus(raw)
        masked = self.value(key, plain)
        if masked == plain:
            return f"{self.words(raw_key)}={raw}"
        return f"{self.words(raw_key)}={_encoded(masked)}"

    def _segment(self, segment: str) -> str:
        """Mask a part of a path, or the session that stands behind it (`;jsessionid=`)."""
        path, mark, parameters = segment.partition(";")
        if mark:
            parameters = pairs.QUERY_PAIR.sub(self._query_pair, parameters)
        plain = unquote(path)
        masked = self.words(plain)
        if self._phones and masked == plain and self._is_known(plain):
            masked = self.names.phone(plain)
        return f"{path if masked == plain else _encoded(masked)}{mark}{parameters}"

    def _is_known(self, text: str) -> bool:
        return shapes.is_number_like(text) and self.names.known_phone(shapes.digits_of(text))

    def _user(self, found: re.Match[str]) -> str:
        if found[2] == MASK or not self.rules.holds(Rule.CREDENTIALS):
            return found[0]
        name, _, password = found[2].partition(":")
        masked = self.names.mask(Rule.CREDENTIALS, unquote(password or name), learn=True)
        return f"{found[1]}{f'{name}:' if password else ''}{masked}@"

    def _phone_value(self, value: str) -> str:
        if not self._phones or not shapes.is_number_like(value):
            return self.text(value)
        before = "!" if value.startswith("!") else ""  # a query may be negated
        return before + self.names.phone(value)

    def _cookie_pair(self, cookie: str) -> str:
        name, equals, value = cookie.partition("=")
        return f"{name}={self._cookie(value)}" if equals else self.secrets(cookie)

    def _cookie_value(self, key: str, value: str) -> str:
        """Mask a whole header, as an echo has it, or one cookie."""
        if "cookie" not in key.lower() or "=" not in value:
            return self._cookie(value)
        return self.set_cookie(value) if "set" in key.lower() else self.cookies(value)

    def _cookie(self, value: str) -> str:
        """Mask a cookie, but for the node that a sticky session ends with."""
        found = _WORKER.fullmatch(value)
        if found is None:
            return self.names.mask(Rule.COOKIES, value, learn=True)
        return self.names.mask(Rule.COOKIES, found["id"], learn=True) + found["worker"]

    def _credential(self, value: str) -> str:
        found = _SCHEME.fullmatch(value)
        if found is None:
            return self.names.mask(Rule.CREDENTIALS, value, learn=True)
        return f"{found[1]}{found[2]}{self.names.mask(Rule.CREDENTIALS, found[3], learn=True)}"

    def _scheme(self, found: re.Match[str]) -> str:
        if is_masked(found[3]):
            return found[0]
        return f"{found[1]}{found[2]}{self.names.mask(Rule.TOKENS, found[3])}"

    def _numbers(self, text: str) -> str:
        """Mask numbers by shape, and digits that are known to be a phone number."""
        if len(text) < 6 or shapes.DIGITS.search(text) is None:
            return text
        text = shapes.INTERNATIONAL.sub(self._number, text)
        text = shapes.NATIONAL.sub(self._number, text)
        if " " in text:
            text = shapes.BARE.sub(self._number, text)
        return shapes.DIGITS.sub(self._known_digits, text) if self.names.knows_phones else text

    def _number(self, found: re.Match[str]) -> str:
        number = found[0]
        if shapes.is_decimal(number) or self.names.is_shown(number):
            return number
        return self.names.phone(number)

    def _known_digits(self, found: re.Match[str]) -> str:
        """Mask the groups of a run of digits that together are a known number."""
        run = found[0]
        groups = list(shapes.groups_in(run))
        parts: list[str] = []
        begin = place = 0
        while place < len(groups):
            last = self._known_from(groups, place)
            if last is None:
                place += 1
                continue
            start, end = groups[place][0], groups[last][1]
            start = _before_number(run, begin, start)
            parts += (run[begin:start], self.names.phone(run[start:end]))
            begin, place = end, last + 1
        return "".join((*parts, run[begin:])) if parts else run

    def _known_from(self, groups: list[tuple[int, int, str]], first: int) -> int | None:
        """Give the last of the groups that make a known number, the longest there is."""
        digits, found = "", None
        for place in range(first, min(first + 8, len(groups))):
            digits += groups[place][2]
            if self.names.known_phone(digits):
                found = place
        return found


def _before_number(run: str, begin: int, start: int) -> int:
    """Give where the `+` or the bracket of a number begins, which go with it."""
    found = re.search(
        r"(?:\+|%2[Bb]|&#43;|&#[xX]2[Bb];|\\u002[Bb])?(?:\(|%28)?\Z", run[begin:start]
    )
    return begin + found.start() if found is not None else start


def _encoded(masked: str) -> str:
    """Write a value for a URL; a pseudonym stays as it reads, so that it can be searched for."""
    return quote_plus(masked, safe="[]*@:!,/-._~")


def _unescaped(raw: str) -> str:
    """Read a value as it stands within a text: percent-encoded, or escaped as in JSON."""
    if "%" in raw:
        raw = unquote_plus(raw)
    if "\\" in raw:
        with contextlib.suppress(ValueError):
            return str(json.loads(f'"{raw}"'))
    return raw


def _read_escape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]


def _may_hold_email(text: str) -> bool:
    return "@" in text or "40" in text
