"""What is said of headers: they belong to the environment, and a flow has none."""

from __future__ import annotations

from collections.abc import Iterable

from gms_console.importing.bodies import utf8
from gms_console.importing.calls import Call, Notes
from gms_console.importing.marks import shown
from gms_console.redaction import is_credential_name


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MADE_ANEW = _words(
    """host content-length content-type connection keep-alive transfer-encoding expect accept
    accept-encoding te"""
)
"""What every client makes by itself, for the body that it sends."""

_OF_BROWSERS = _words(
    """accept-language cache-control dnt if-modified-since if-none-match origin pragma priority
    referer save-data user-agent upgrade-insecure-requests x-requested-with postman-token"""
)
_LONGEST = 80


def tell_headers(calls: Iterable[Call], notes: Notes) -> None:
    """Note the headers of requests that become steps; values of credentials are not told."""
    of_browsers: dict[str, None] = {}
    cookies: dict[str, None] = {}
    for call in calls:
        for name, value in call.headers:
            lower = name.lower()
            if lower in _MADE_ANEW or lower.startswith(":") or not name:
                continue
            if lower in _OF_BROWSERS or lower.startswith("sec-"):
                of_browsers.setdefault(name.title())
            elif lower == "cookie":
                pairs = (pair.partition("=")[0].strip() for pair in value.split(";"))
                cookies.update(dict.fromkeys(filter(None, pairs)))
            else:
                notes.add(_told(name, value, call))
    if cookies:
        notes.add(f"Cookies ({', '.join(cookies)}) are left out: each instance keeps its own")
    if of_browsers:
        notes.add(f"Headers of the browser or tool are left out: {', '.join(of_browsers)}")


def _told(name: str, value: str, call: Call) -> str:
    if is_credential_name(name):
        return (
            f"The header {name} is a credential, whose value is not written; set it in the "
            "environment"
        )
    text = shown(utf8(value, call.where, Notes()))
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"The header {name}: {text} is left out; set it in the environment"
