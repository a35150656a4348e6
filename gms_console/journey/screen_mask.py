"""Masks what an audience must not read off a screen: secrets, numbers to call, access codes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gms_console.evidence import shapes
from gms_console.evidence.redaction import Redactor
from gms_console.evidence.rules import RedactionRules, Rule, is_access_number, rule_of_key
from gms_console.model.answer import Answer
from gms_console.model.dialog import AccessDialog, DialNumber, read_dialog
from gms_console.model.exchange import Exchange
from gms_console.redaction import MASK, answer_secrets, header_secrets, secret_rows

DOT = "•"
"""Stands where a digit stood."""

LEFT = 2
"""Last digits of a number that stay, so that people see that it is the same one."""

_SHORTEST = 6
"""Digits of the shortest number of which the last ones stay."""

_MOST_LEARNT = 20_000

_MOST_OTHER = 200
"""Codes with more in them than letters and digits: each is looked for in each text."""

_MOST_DONE = 1000
"""Masked texts that are remembered: what is on a screen is painted again and again."""

_ALONE = re.compile(r"(?<![\w.:/#-])\+?\d{7,15}(?![\w:/-]|\.\d)")
"""Digits alone: on a screen that many are rather a number to call than anything else."""

_TEL = re.compile(r"(?i)\b(tel:[^\s\"'<>,;pw]*)([^\s\"'<>]*)")
"""A number to dial, and what is keyed in behind it, which is a code."""

_DIGIT = re.compile(r"\d")
_CHARACTER = re.compile(r"\w")
_PSEUDONYM = re.compile(r"\[(?:token|cookie|key|value)-\d+\]")
_CODE = re.compile(r"\w{3,16}")
_OTHER_CODE = re.compile(r"(?=.*\w)\S(?:.{1,38}\S)")
"""A code with more in it than letters and digits, such as `82-54` or `8254#`."""

_CODE_KEY = re.compile(r"access[-_]?code", re.IGNORECASE)


class ScreenMask:
    """Masks texts for a screen that many people see; the same text is always masked alike.

    It goes by the rules of evidence for what a secret is. Numbers of the contact center are
    hidden, too: whoever reads one off a wall could call it. Numbers and codes are found by their
    shape, and by their values once `learn` has seen them.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        off = frozenset({Rule.PHONES, Rule.EMAILS})
        self._redactor = Redactor(RedactionRules(off=off), secrets)
        self._numbers: dict[str, None] = {}
        self._codes: dict[str, None] = {}
        self._other_codes: dict[str, None] = {}
        self._secrets: dict[str, None] = {}
        self._done: dict[str, str] = {}

    def also(self, secrets: Iterable[str]) -> None:
        """Mask these values too from now on."""
        self._redactor.also(secrets)
        self._done.clear()

    def learn(self, exchange: Exchange, answer: Answer) -> None:
        """Know the secrets, numbers and codes of an exchange wherever they stand from now on."""
        before = self._known_so_far()
        self._learn_secrets(exchange)
        for row in exchange.request.form or ():
            if rule_of_key(row.key) is Rule.PHONES or is_access_number(row.key):
                _keep(self._numbers, shapes.digits_of(row.value), _SHORTEST)
            elif _CODE_KEY.search(row.key):
                self._keep_code(row.value)
        dialog = read_dialog(answer)
        if answer.access is not None:
            self._keep_number(answer.access.number, answer.access.code)
        if isinstance(dialog, DialNumber):
            self._keep_number(dialog.number, dialog.code)
        elif isinstance(dialog, AccessDialog):
            self._keep_number(dialog.access.number, dialog.access.code)
        if before != self._known_so_far():
            self._done.clear()

    def _learn_secrets(self, exchange: Exchange) -> None:
        request, response = exchange.request, exchange.response
        found = (
            *header_secrets(
                tuple(one for one in request.headers if "cookie" not in one[0].lower())
            ),
            *(secret_rows(request.form) if request.form is not None else ()),
            *(answer_secrets(response.body) if response is not None else ()),
        )
        new = [one for one in found if one not in self._secrets]
        for one in new:
            _keep(self._secrets, one)
        if new:
            self._redactor.also(new)

    def text(self, text: str) -> str:
        """Give a text as an audience may read it."""
        if not text or text.isspace():
            return text
        known = self._done.get(text)
        if known is None:
            if len(self._done) >= _MOST_DONE:
                self._done.clear()
            known = self._done[text] = self._masked(text)
        return known

    def _masked(self, text: str) -> str:
        text = _PSEUDONYM.sub(MASK, self._redactor.text(text))
        for code in self._other_codes:
            text = text.replace(code, _CHARACTER.sub(DOT, code))
        text = _TEL.sub(lambda one: dotted(one[1]) + _DIGIT.sub(DOT, one[2]), text)
        text = shapes.EMAIL.sub(lambda one: _address(one[0]), text)
        for shape in (shapes.INTERNATIONAL, shapes.NATIONAL, _ALONE):
            text = shape.sub(lambda one: dotted(one[0]), text)
        if self._numbers:
            text = shapes.DIGITS.sub(self._known, text)
        return _CODE.sub(self._code, text) if self._codes else text

    def _known_so_far(self) -> list[tuple[int, str]]:
        known = (self._numbers, self._codes, self._other_codes, self._secrets)
        return [(len(one), next(reversed(one), "")) for one in known]

    def _keep_number(self, number: str | None, code: str | None) -> None:
        if number:
            _keep(self._numbers, shapes.digits_of(number), _SHORTEST)
        if code:
            self._keep_code(code)

    def _keep_code(self, code: str) -> None:
        if _CODE.fullmatch(code):
            _keep(self._codes, code)
        elif _OTHER_CODE.fullmatch(code):
            _keep(self._other_codes, code, most=_MOST_OTHER)

    def _known(self, found: re.Match[str]) -> str:
        digits = shapes.digits_of(found[0])
        return dotted(found[0]) if digits in self._numbers else found[0]

    def _code(self, found: re.Match[str]) -> str:
        return DOT * len(found[0]) if found[0] in self._codes else found[0]


def dotted(number: str) -> str:
    """Give a number with all but its last digits hidden; separators stay.

    One that is hidden already stays as it is.
    """
    count = sum(one.isdigit() or one == DOT for one in number)
    left = LEFT if count >= _SHORTEST else 0
    made = []
    for character in number:
        if character.isdigit() or character == DOT:
            made.append(character if count <= left else DOT)
            count -= 1
        else:
            made.append(character)
    return "".join(made)


def _address(email: str) -> str:
    """Give an e-mail address of which its owner alone knows the name."""
    name, mark, host = email.partition("@")
    return f"{name[:1]}{DOT * 3}{mark}{host}" if mark else DOT * 3


def _keep(known: dict[str, None], value: str, shortest: int = 1, most: int = _MOST_LEARNT) -> None:
    if len(value) >= shortest:
        known[value] = None
        while len(known) > most:
            del known[next(iter(known))]
