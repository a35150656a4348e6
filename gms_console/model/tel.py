"""A `tel:` address taken apart: the number to dial, and the code to key in afterwards."""

from __future__ import annotations

import re
from urllib.parse import unquote

_SCHEME = re.compile(r"tel:/*", re.IGNORECASE)
_DIALLED = re.compile(r"(?P<number>\+?[0-9*#(][0-9*#()./ -]*)(?P<rest>[,;pw].*)?", re.IGNORECASE)
_PAUSES = ",;pw "
# RFC 3966 has parameters where phones have pauses; these two carry digits to key in.
_CODE_PARAMETERS = ("ext=", "postd=")


def read_tel(url: str) -> tuple[str, str]:
    """Give (number, code), each empty where there is none.

    The code stands behind pauses (`,` `;` `p` `w`), as phones dial it (domain 3.1: inferred).
    The number keeps its separators. What is not a `tel:` address of digits has no number.
    """
    scheme = _SCHEME.match(url.strip())
    if scheme is None:
        return "", ""
    match = _DIALLED.fullmatch(unquote(url.strip()[scheme.end() :]).strip())
    if match is None or not re.search("[0-9]", match["number"]):
        return "", ""
    return match["number"].strip(), _code(match["rest"] or "")


def _code(rest: str) -> str:
    kept = []
    for part in rest.split(";"):
        name = part.strip().lower()
        parameter = next((one for one in _CODE_PARAMETERS if name.startswith(one)), None)
        if parameter is not None:
            kept.append(part.strip()[len(parameter) :])
        elif "=" not in part:
            kept.append(part)
    code = ";".join(kept).strip().strip(_PAUSES + _PAUSES.upper())
    return code if re.fullmatch(r"[0-9*#a-d,;pw ]*", code, re.IGNORECASE) else ""
