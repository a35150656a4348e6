"""Secrets that are known to a test, and a search for them that shares no code with the product."""

import secrets
from base64 import b64encode
from pathlib import Path

SEASONING = "/&+'ü"
"""Characters that every encoding writes in a way of its own."""


class Canaries:
    """A distinct random string for each place that takes a secret.

    The core of each is hexadecimal digits, which percent-encoding and JSON leave as they are, so
    that a search for the core finds those forms too. Base64 is searched for by the part of it
    that depends on nothing around the core.
    """

    def __init__(self, *places: str, seasoning: str = SEASONING) -> None:
        self._seasoning = seasoning
        self._cores = {place: secrets.token_hex(12) for place in places}

    def __getitem__(self, place: str) -> str:
        return f"{self._cores[place]}{self._seasoning}"

    def plain(self, place: str) -> str:
        """Give the string without characters that a cookie or token cannot have."""
        return self._cores[place]

    def found_in(self, text: str | bytes) -> list[str]:
        """Name the places whose secret stands in a text, plain or encoded."""
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        return [
            place
            for place, core in self._cores.items()
            if any(form in data for form in _forms(core))
        ]

    def found_below(self, *folders: Path) -> dict[str, list[str]]:
        """Name what is found in the files below folders, and in the names of these."""
        found = {}
        for folder in folders:
            for file in folder.rglob("*"):
                here = self.found_in(str(file))
                if file.is_file():
                    here += self.found_in(file.read_bytes())
                if here:
                    found[str(file)] = here
        return found


def _forms(core: str) -> list[bytes]:
    plain = core.encode()
    inner = [
        b64encode(bytes(before) + plain)[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6]
        for before in range(3)
    ]
    return [plain, plain.upper(), plain.hex().encode(), core.encode("utf-16-le"), *inner]
