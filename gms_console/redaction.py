"""What is a credential: the one rule for output, files, window and reports."""

from __future__ import annotations

import re

from gms_console.model.exchange import HeaderList

MASK = "***"
"""Stands where a credential stood; plain ASCII, so that it survives every output."""

_CREDENTIAL_NAME = re.compile(
    r"authorization|authentication|cookie|token|secret|passw|passphrase|passcode|pwd|credential|signature"
    r"|(api|access|subscription|private|secure)[-_]?key|session[-_]?id"
    r"|(^|[-_])(auth|pin)([-_]|$)",
    re.IGNORECASE,
)


def is_credential_name(name: str) -> bool:
    """Whether a header or row of that name carries a credential, judged by its name alone."""
    return _CREDENTIAL_NAME.search(name) is not None


def mask_headers(headers: HeaderList) -> HeaderList:
    """Give the headers in order, with the value of each credential header masked."""
    return tuple((name, MASK if is_credential_name(name) else text) for name, text in headers)
