"""What is a credential: the one rule for output, files, window and reports."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from gms_console.model.exchange import HeaderList

if TYPE_CHECKING:
    from gms_console.model.environment import Environment
    from gms_console.model.form import Form, Row

MASK = "***"
"""Stands where a credential stood; plain ASCII, so that it survives every output."""

_CREDENTIAL_NAME = re.compile(
    r"authorization|authentication|cookie|token|secret|passw|passphrase|passcode|pwd|credential|signature"
    r"|(api|access|subscription|private|secure)[-_]?key|sess(ion)?[-_]?id"
    r"|(^|[-_])(auth|pin)([-_]|$)",
    re.IGNORECASE,
)


def is_credential_name(name: str) -> bool:
    """Whether a header or row of that name carries a credential, judged by its name alone."""
    return _CREDENTIAL_NAME.search(name) is not None


def mask_headers(headers: HeaderList) -> HeaderList:
    """Give the headers in order, with the value of each credential header masked."""
    return tuple((name, MASK if is_credential_name(name) else text) for name, text in headers)


_SECURE_KEY = re.compile(rb'"secureKey"\s{0,9}:\s{0,9}"([!#-\[\]-~]{4,400})"')
_MOST_OF_ANSWER = 256 * 1024

SHORTEST = 4
"""Characters of the shortest value that a Masker masks; a shorter one stands everywhere."""


_WIDE = ("utf-16-le", "utf-16-be")
"""Charsets in which every character of ASCII has a NUL beside it."""

_MOST_MOVES = 100
"""Secrets that overlap each other at a cut, after which data is cut all the same."""

_GSON = {ord(one): f"\\u{ord(one):04x}" for one in "<>&='"}
_NET = {one: f"\\u{ord(one):04X}" for one in "<>&'+`\""}
"""What some writers of JSON escape besides, for a page that it may stand in."""

_HTML = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_HTML_QUOTES = {ord('"'): "&quot;", ord("'"): "&#x27;"}


class Masker:
    """Masks known secrets by their values, wherever they stand and however they are written.

    For what is handed on: reports and exports. An answer may echo a password in a field whose
    name says nothing. Values of less than SHORTEST characters are left alone. A value is found as
    it is, percent-encoded, escaped as in JSON or HTML, and in base64, alone or within more
    (`user:password` of basic authentication); in bytes, in UTF-8, Latin-1 and UTF-16.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values = frozenset(value for value in values if len(value) >= SHORTEST)
        forms = {form for value in self._values for form in _forms(value)}
        # The longest first: a secret may be part of another one.
        self._forms = tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def __repr__(self) -> str:
        return f"<Masker: {len(self._forms)} forms>"

    def __bool__(self) -> bool:
        return bool(self._forms)

    @classmethod
    def of(cls, environment: Environment, form: Form | None = None) -> Masker:
        """Make what masks the secrets of an Environment, and of rows named as credentials are."""
        return cls((*secrets_of(environment), *(secret_rows(form) if form is not None else ())))

    def also(self, values: Iterable[str]) -> Masker:
        """Give what masks further secrets too."""
        return Masker((*self._values, *values))

    def mask(self, text: str) -> str:
        """Give the text with each secret replaced by MASK."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def mask_bytes(self, data: bytes) -> bytes:
        """Give the bytes of a text, in UTF-8, Latin-1 or UTF-16, with secrets replaced by MASK."""
        for form in self.byte_forms:
            data = data.replace(form, MASK.encode("ascii"))
        if b"\0" in data:
            for form, mask in self.wide_forms:
                data = data.replace(form, mask)
        return data

    @cached_property
    def byte_forms(self) -> tuple[bytes, ...]:
        """The ways in which the secrets may be written in bytes, the longest first."""
        forms = {form.encode("utf-8", "surrogatepass") for form in self._forms}
        forms |= {form.encode("latin-1", "ignore") for form in self._forms if not form.isascii()}
        return tuple(sorted(forms, key=lambda form: (-len(form), form)))

    @cached_property
    def wide_forms(self) -> tuple[tuple[bytes, bytes], ...]:
        """The secrets in UTF-16, each with the MASK for it; the longest first."""
        forms = {
            form.encode(charset, "surrogatepass"): MASK.encode(charset)
            for form in self._forms
            for charset in _WIDE
        }
        return tuple(sorted(forms.items(), key=lambda pair: (-len(pair[0]), pair[0])))

    @property
    def longest(self) -> int:
        """Bytes that a secret may take in whatever charset, at most."""
        return 4 * max(map(len, self._forms), default=0)

    def cut_before(self, data: bytes, place: int) -> int:
        """Give a place, at most `place`, at which data can be cut without cutting a secret."""
        wide = self.wide_forms if b"\0" in data else ()
        forms = (*self.byte_forms, *(form for form, _ in wide))
        for _ in range(_MOST_MOVES):
            found = (
                data.find(one, max(0, place - len(one) + 1), place + len(one) - 1) for one in forms
            )
            before = min((at for at in found if at != -1), default=place)
            if before == place:
                break
            place = before
        return place

    def mask_all(self, data: object, *, keys: bool = False) -> object:
        """Mask the texts and numbers of a JSON document, as lists, tuples and dicts hold them.

        `keys`: mask names of members too, as of a document that a server made.
        """
        if isinstance(data, str):
            return self.mask(data)
        if isinstance(data, dict):
            return {
                self.mask(key) if keys and isinstance(key, str) else key: self.mask_all(
                    value, keys=keys
                )
                for key, value in data.items()
            }
        if isinstance(data, list | tuple):
            return [self.mask_all(value, keys=keys) for value in data]
        if isinstance(data, int | float) and str(data) in self._forms:
            return MASK
        return data


class StreamMasker:
    """Masks what comes piece by piece; a secret may be cut by the end of a piece.

    What is held back is as it came: a secret that is the beginning of another one must not be
    masked before it is known whether the other one goes on.
    """

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Take a piece; give what no later piece can change."""
        if not self._masker:
            return data
        data = self._held + data
        cut = self._masker.cut_before(data, max(0, len(data) - self._masker.longest + 1))
        self._held = data[cut:]
        return self._masker.mask_bytes(data[:cut])

    def end(self) -> bytes:
        """Give what is left."""
        left, self._held = self._held, b""
        return self._masker.mask_bytes(left)


def secrets_of(environment: Environment) -> tuple[str, ...]:
    """Give the values of all secrets that an Environment holds, each once."""
    own = environment.credentials
    found = [
        environment.proxy.password,
        environment.tls.passphrase,
        own.bearer,
        *(login.password or "" for login in (own.server, *(pair for _, pair in own.services))),
    ]
    stored = tuple(
        (name, value)
        for name, value in environment.headers
        if name.lower() in environment.secret_headers
    )
    found += (part for _, value in stored for part in _of_header(value))
    return tuple(dict.fromkeys((*filter(None, found), *header_secrets(environment.headers))))


def header_secrets(headers: HeaderList) -> tuple[str, ...]:
    """Give the values of headers that carry a credential; of cookies those of sessions."""
    found: list[str] = []
    for name, value in headers:
        if name.lower() in {"cookie", "set-cookie"}:
            found += _of_cookies(value if name.lower() == "cookie" else value.partition(";")[0])
        elif is_credential_name(name) and MASK not in value:
            found += _of_header(value)
    return tuple(dict.fromkeys(filter(None, found)))


def _of_cookies(text: str) -> Iterator[str]:
    """Give the values of session cookies, also without the node that they end with."""
    for pair in text.split(";"):
        name, _, value = pair.strip().partition("=")
        if is_credential_name(name):
            yield value
            yield value.rpartition(".")[0]


def secret_rows(form: Form) -> tuple[str, ...]:
    """Give the values of rows that carry a credential, judged by their keys."""
    return tuple(row.value for row in form if row.value and is_credential_name(row.key))


def answer_secrets(body: bytes) -> tuple[str, ...]:
    """Give the secure keys in an answer of a chat, which let their reader write in it."""
    found = _SECURE_KEY.findall(body[:_MOST_OF_ANSWER])
    return tuple(dict.fromkeys(one.decode("ascii") for one in found))


def without_secret_rows(form: Form) -> Form:
    """Give what may be written to a file: a row that carries a credential loses its value.

    Such a row is off until it is typed again, and its note says so.
    """
    return replace(form, rows=tuple(_without_secret(row) for row in form))


def _without_secret(row: Row) -> Row:
    if row.value and is_credential_name(row.key):
        return replace(row, value="", enabled=False, note=row.note or "not kept; type it again")
    return row


def _of_header(value: str) -> Iterator[str]:
    """Give a header's value, what follows its scheme, and the password of basic authentication."""
    yield value
    scheme, blank, rest = value.partition(" ")
    if not blank:
        return
    yield rest
    if scheme.lower() == "basic":
        try:
            yield b64decode(rest, validate=True).decode().partition(":")[2]
        except (Error, UnicodeDecodeError):
            return


def written_forms(value: str) -> tuple[str, ...]:
    """Give the ways in which a value may be written, the longest first."""
    return tuple(sorted(set(_forms(value)), key=lambda form: (-len(form), form)))


def _forms(value: str) -> Iterator[str]:
    """Give the ways in which a value may be written, by those too who mistake its encoding."""
    encoded = {value.encode("utf-8", "surrogatepass")}
    if all(ord(character) <= 0xFF for character in value):
        encoded.add(value.encode("latin-1"))  # as headers go out
    texts = {value}
    for data in encoded:
        texts |= {data.decode("latin-1"), data.decode("utf-8", "replace")}
        yield from _base64_forms(data)
        for percent in (quote(data, safe=""), quote_plus(data), quote(data), quote(data, "!'()*")):
            yield percent
            yield re.sub("%[0-9A-F]{2}", lambda one: one[0].lower(), percent)
    for text in texts:
        if len(text.replace("\ufffd", "")) < SHORTEST:
            continue  # what stands for any character would mask too much
        yield from (text, text.translate(_HTML), text.translate(_HTML | _HTML_QUOTES))
        for escaped in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
            yield from (escaped, escaped.replace("/", "\\/"))
            yield escaped.translate(_GSON)
        yield "".join(map(_as_net, text))


def _as_net(character: str) -> str:
    """Escape a character as .NET does, with its hexadecimal digits in capitals."""
    escaped = _NET.get(character) or json.dumps(character)[1:-1]
    return escaped.upper().replace("\\U", "\\u") if escaped.startswith("\\u") else escaped


def _base64_forms(data: bytes) -> Iterator[str]:
    """Give the part of its base64 that does not depend on what stands before and after it."""
    for before in range(3):
        text = b64encode(bytes(before) + data).rstrip(b"=").decode("ascii")
        first = -(-before * 8 // 6)
        last = (before + len(data)) * 8 // 6
        inner = text[first:last]
        if len(inner) >= SHORTEST:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")
