"""What leaves the window for a mail or a ticket: the same text, with known secrets masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gms_console.redaction import Masker, answer_secrets, header_secrets, secret_rows, secrets_of

if TYPE_CHECKING:
    from .console import Console


def masked(console: Console, text: str) -> str:
    """Give a text with the secrets masked that a Masker of the console knows, see there."""
    return masker_of(console).mask(text)


def masker_of(console: Console) -> Masker:
    """Make what masks secrets of environments in use, of the rows, and of the session shown.

    Values of less than four characters are left alone, see Masker. To be made in the window's
    thread; it may mask in another.
    """
    return Masker(known_secrets(console))


def known_secrets(console: Console) -> list[str]:
    """Give the values of the secrets that `masker_of` masks."""
    session = console.session
    places = [one.environment for one in session.instances]
    if console.environment is not None:
        places.append(console.environment)
    values = [value for place in dict.fromkeys(places) for value in secrets_of(place)]
    values += (
        value for draft in console.drafts.values() for value in secret_rows(draft.form_model.form)
    )
    values += console.captures.secrets
    for exchange in console.exchange.hops if console.exchange is not None else ():
        came = exchange.response.headers if exchange.response is not None else ()
        values += header_secrets((*exchange.request.headers, *came))
        values += secret_rows(exchange.request.form) if exchange.request.form is not None else ()
        values += answer_secrets(exchange.response.body) if exchange.response is not None else ()
    return values
