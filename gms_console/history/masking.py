"""What is masked in an Exchange before it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote_plus

from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, HeaderList
from gms_console.model.form import Form, Row
from gms_console.redaction import (
    MASK,
    Masker,
    answer_secrets,
    header_secrets,
    is_credential_name,
    secret_rows,
    secrets_of,
)

_REMEMBERED = 20
"""Secrets of rows that are looked for in what comes later."""

_is_credential = lru_cache(maxsize=1000)(is_credential_name)
"""The same few names come again and again."""

_PAIR = re.compile(r"(^|[?&])([^=&\s?]+)=([^&\s#]*)")


class KnownSecrets:
    """Knows the secrets that may stand in an Exchange, also those of rows that were sent before.

    An answer may repeat what another request has stored. Only the rows of the last requests are
    remembered, since each secret is looked for in many forms.
    """

    def __init__(self) -> None:
        # Replaced, never changed: more than one thread looks into it.
        self._of_rows: tuple[str, ...] = ()

    def masker_of(self, exchange: Exchange, environment: Environment) -> Masker:
        """Make what masks all secrets that are known to have to do with an Exchange."""
        found = {*secrets_of(environment), *header_secrets(exchange.request.headers)}
        if exchange.response is not None:
            found.update(header_secrets(exchange.response.headers))
        forms = [exchange.request.form, exchange.draft.form if exchange.draft else None]
        rows = {secret for form in forms if form is not None for secret in secret_rows(form)}
        if exchange.response is not None:
            # Later requests of a chat carry it, and their answers may repeat it.
            rows.update(answer_secrets(exchange.response.body))
        self._remember(rows)
        return _masker(frozenset({*found, *rows, *self._of_rows}))

    def masker_for(self, environment: Environment, form: Form) -> Masker:
        """Make what masks the secrets of an Environment and of a Form."""
        rows = set(secret_rows(form))
        self._remember(rows)
        return _masker(frozenset({*secrets_of(environment), *rows, *self._of_rows}))

    def also(self, masker: Masker) -> Masker:
        """Give what masks the secrets of rows that were sent before, too."""
        known = self._of_rows
        return masker.also(known) if known else masker

    def _remember(self, secrets: set[str]) -> None:
        if secrets:
            others = tuple(one for one in self._of_rows if one not in secrets)
            self._of_rows = (*others, *sorted(secrets))[-_REMEMBERED:]


@lru_cache(maxsize=64)
def _masker(secrets: frozenset[str]) -> Masker:
    return Masker(secrets)  # it takes some 0.2 ms for each secret


def kept_headers(headers: HeaderList, masker: Masker) -> HeaderList:
    """Give headers in order, without credentials; of cookies all is kept but their values."""
    return tuple((name, _kept_value(name, value, masker)) for name, value in headers)


def _kept_value(name: str, value: str, masker: Masker) -> str:
    kind = name.lower()
    if kind == "set-cookie":
        cookie, semicolon, attributes = value.partition(";")
        return _without_value(cookie) + semicolon + masker.mask(attributes)
    if kind == "cookie":
        return ";".join(_without_value(cookie) for cookie in value.split(";"))
    return MASK if _is_credential(name) else masker.mask(value)


def _without_value(cookie: str) -> str:
    name, equals, _ = cookie.partition("=")
    return f"{name}={MASK}" if equals else MASK


def kept_pairs(text: str, masker: Masker) -> str:
    """Mask a URL or an urlencoded body: known secrets, and values whose names say what they are.

    A value of few characters is only known by its name.
    """

    def kept(pair: re.Match[str]) -> str:
        before, name, _ = pair.groups()
        return f"{before}{name}={MASK}" if _is_credential(unquote_plus(name)) else pair[0]

    return _PAIR.sub(kept, masker.mask(text))


def kept_form(form: Form, masker: Masker) -> Form:
    """Mask the values of rows, those of credentials whatever they are."""
    return replace(form, rows=tuple(_kept_rows(form, masker)))


def _kept_rows(form: Form, masker: Masker) -> Iterator[Row]:
    for row in form:
        secret = bool(row.value) and _is_credential(row.key)
        yield replace(
            row,
            key=masker.mask(row.key),
            value=MASK if secret else masker.mask(row.value),
            filename=None if row.filename is None else masker.mask(row.filename),
            note=masker.mask(row.note),
        )
