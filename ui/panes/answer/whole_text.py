"""All of a text of which a view has a part: what is copied when all of it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gms_console.redaction import Masker
    from gms_console.viewing.source import BodySource

MOST_CHARACTERS = 64 * 1024 * 1024
"""Characters that are made at most: indented, a body can become many times as long."""


_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class WholeText:
    """A body as a text that was not made yet. `pretty` indents it as JSON."""

    source: BodySource
    pretty: bool

    def read(self, masker: Masker | None) -> tuple[str, str]:
        """Give the text, and with its secrets masked; for a thread. Raises OSError.

        Of one that is longer than MOST_CHARACTERS it gives more than that, but not all.
        """
        from gms_console.json_text.indent import indented_pieces  # noqa: PLC0415 - rarely needed

        source = self.source
        data = source.data if source.path is None else source.path.read_bytes()
        text = data.decode(source.charset, "replace")
        if self.pretty:
            text = _joined(indented_pieces(_pieces_of(text.lstrip("\ufeff"))))
        if masker is None or len(text) > MOST_CHARACTERS:
            return text, text
        return text, masker.mask(text)


def _pieces_of(text: str) -> Iterator[str]:
    return (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))


def _joined(pieces: Iterable[str]) -> str:
    taken, length = [], 0
    for piece in pieces:
        taken.append(piece)
        length += len(piece)
        if length > MOST_CHARACTERS:
            break
    return "".join(taken)
