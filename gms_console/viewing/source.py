"""Where the bytes are that are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gms_console.model.exchange import Response
from gms_console.model.reading import charset_of, known_charset


@dataclass(frozen=True, slots=True)
class BodySource:
    """A body to look at: bytes in memory, or a file when `path` is set. `size` is in bytes."""

    size: int
    charset: str = "utf-8"
    data: bytes = field(default=b"", repr=False)
    path: Path | None = None


def source_of(response: Response) -> BodySource:
    """Give the body of a response, wherever it is."""
    charset = known_charset(charset_of(response) or "utf-8")
    if response.stored is not None:
        return BodySource(response.stored.size, charset, path=response.stored.path)
    return BodySource(len(response.body), charset, response.body)
