"""Where a request went: the base URL, and what stands after `/1/service/` or beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gms_console.importing.bodies import percent_decoded
from gms_console.importing.calls import Call, Notes
from gms_console.importing.marks import filled_in, shown

_SERVICE = re.compile(r"(.*?)/(\d{1,3})/service/+([^?#]*)", re.DOTALL)
_BESIDE = re.compile(
    r"(.*?)/(\d{1,3})/((?:storage|chat|chat-ntf|email|notification|admin|node|patterns|statistic"
    r"|internal_statistic|phonenumber)(?:/[^?#]*)?)(?=[?#]|$)",
    re.DOTALL,
)
"""The APIs beside services (domain 4), each below a version of its own."""
_LOGIN = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@")
"""Up to the last @ before the path: a password may have one in it."""


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address of a service. `segments` are percent-decoded.

    An empty one in front means that they start at the base path, the version among them.
    """

    base_url: str
    version: int
    segments: tuple[str, ...]
    query: str


def service_address(call: Call, values: Mapping[str, str], notes: Notes) -> Address | None:
    """Take the address of a Call apart; None where it is of nothing that GMS has."""
    for url in (call.url, filled_in(call.url, values)):
        plain = without_login(url)
        found = _SERVICE.match(plain)
        beside = None if found is not None else _BESIDE.match(plain)
        found = found or beside
        if found is None:
            continue
        segments = [
            percent_decoded(one, call.where, notes, plus=False)
            for one in found[3].split("/")
            if one
        ]
        if not segments or {".", ".."} & set(segments):
            continue
        if plain != url:
            notes.add(
                f"{call.where}: user name and password of the address are not written; "
                "set them in the environment"
            )
        query = plain.partition("#")[0].partition("?")[2]
        base = shown(filled_in(found[1], values)) or "/"
        if beside is not None:
            segments = ["", found[2], *segments]
        return Address(base, int(found[2]), tuple(segments), query)
    return None


def without_login(url: str) -> str:
    """Give an address without the user name and password that it may begin with."""
    return _LOGIN.sub(r"\1", url)


def told(url: str) -> str:
    """Give an address for a message: without credentials, query and fragment."""
    plain = shown(without_login(re.split(r"[?#]", url, maxsplit=1)[0]))
    return plain if len(plain) <= 100 else f"{plain[:100]}…"
