"""What must not be shown of an Exchange: the one rule for output, window and reports."""

from __future__ import annotations

import re

from gms_console.model.exchange import HeaderList

MASK = "***"
"""Stands where a credential stood; plain ASCII, so that it survives every output."""

_CREDENTIAL_NAME = re.compile(
    r"authorization|authentication|cookie|token|secret|passw|credential|signature"
    r"|(api|access|subscription)[-_]?key|session[-_]?id"
    r"|(^|[-_])auth([-_]|$)",
    re.IGNORECASE,
)


def is_credential_header(name: str) -> bool:
    """Whether a header of that name carries a credential, judged by its name alone."""
    return _CREDENTIAL_NAME.search(name) is not None


def mask_headers(headers: HeaderList) -> HeaderList:
    """Give the headers in order, with the value of each credential header masked."""
    return tuple((name, MASK if is_credential_header(name) else text) for name, text in headers)
