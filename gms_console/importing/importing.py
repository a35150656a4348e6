"""Makes a Flow of what other tools wrote: curl, HAR 1.2, Postman v2.1, or rows as text."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gms_console.importing.converting import converted
from gms_console.importing.curl import looks_like_curl, read_curl
from gms_console.importing.har import read_har
from gms_console.importing.marks import cleaned
from gms_console.importing.postman import read_postman
from gms_console.importing.raw_text import read_text
from gms_console.importing.types import Imported, UnreadableImportError

if TYPE_CHECKING:
    from gms_console.catalogue.catalogue import Catalogue


_OTHER_CODE = re.compile(
    r"(?:await\s+)?fetch\(|wget\s|Invoke-(?:WebRequest|RestMethod)\b|\$session\b|"
    r"(?:GET|POST|PUT|DELETE|PATCH|HEAD) \S+ HTTP/",
    re.IGNORECASE,
)
"""Begins what else browsers and tools make of a request, and what is not read."""


class Source(StrEnum):
    """What a text is; the value is what the command line calls it."""

    CURL = "curl"
    HAR = "har"
    POSTMAN = "postman"
    TEXT = "text"


def import_text(
    text: str,
    *,
    name: str = "",
    source: Source | None = None,
    service: str = "",
    catalogue: Catalogue | None = None,
) -> Imported:
    """Make a Flow of a text, recognising what it is unless `source` says it.

    `name` is what the flow is called where the text does not say; `service` the service of rows
    as text. The catalogue knows which requests have an address of their own; by default it is
    the built-in one. Nothing is read but the text: files stay places of files.
    Raises UnreadableImportError, with what was found and expected, and where.
    """
    text = text.removeprefix("\ufeff")
    source = source or recognised(text)
    if source is Source.TEXT:
        return read_text(text, name=name, service=service)
    if source is Source.CURL:
        reading = read_curl(cleaned(text))
    elif source is Source.HAR:
        reading = read_har(_json(text, "a HAR"))
    else:
        reading = read_postman(_json(text, "a Postman collection"))
    if service:
        reading.notes.add(f"The service {service} is not used: these requests name theirs")
    return converted(reading, catalogue or _builtin(), name)


def recognised(text: str) -> Source:
    """Say what a text is. Raises UnreadableImportError for JSON of another sort."""
    text = text.removeprefix("\ufeff")
    start = text.lstrip()
    if start.startswith(("{", "[")):
        found = _parsed(text)
        if isinstance(found, dict) and "log" in found:
            return Source.HAR
        if isinstance(found, dict) and "item" in found:
            return Source.POSTMAN
        if isinstance(found, list) or (isinstance(found, dict) and "key" not in found):
            raise _other_json(found)
        if found is None and '"key"' not in start.split("\n", 1)[0]:
            _json(text, "a HAR or a Postman collection")
    if looks_like_curl(text):
        return Source.CURL
    other = _OTHER_CODE.match(start)
    if other is not None:
        raise UnreadableImportError(
            f"1:1: found {other[0].strip(' (')!r}, expected curl; browsers copy a request as cURL "
            "(bash) or (cmd) too"
        )
    return Source.TEXT


def _other_json(found: dict[str, Any] | list[Any]) -> UnreadableImportError:
    what = "a list"
    if isinstance(found, dict):
        what = f"an object with {', '.join(map(repr, list(found)[:5])) or 'nothing'}"
        if {"requests", "order"} <= set(found):
            what = "a Postman collection of version 1, which Postman exports as version 2.1 too"
    return UnreadableImportError(
        f"$: found {what}, expected 'log' as HAR has it, or 'info' and 'item' as a Postman "
        "collection has them"
    )


def _parsed(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _json(text: str, what: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableImportError(
            f"{error.lineno}:{error.colno}: found broken JSON ({error.msg}), expected {what}"
        ) from None
    except (ValueError, RecursionError):
        raise UnreadableImportError(
            f"1:1: found JSON that cannot be read, expected {what}"
        ) from None


def _builtin() -> Catalogue:
    from gms_console.catalogue.load import builtin_catalogue  # noqa: PLC0415 - reads files

    return builtin_catalogue()
