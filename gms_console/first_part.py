"""What of a body can be shown at once: all of a small one, the first part of a large one."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from gms_console.json_text.indent import indented
from gms_console.json_text.shortening import LONGEST_LINE, characters_more
from gms_console.model.answer import Answer, ProblemKind
from gms_console.model.exchange import Response
from gms_console.model.reading import TOO_DEEP, body_json
from gms_console.sizes import size_text

BYTES = 64 * 1024
"""Bytes that are shown at once: to indent and lay out more would hold a window up."""

LINES = 4000
"""Lines that are shown at once; a text widget pays for each."""

_BOM = "\ufeff"
_BLANKS = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class FirstPart:
    """A text to begin with. `whole`: nothing follows it; else `extent` says how much it is.

    `cuts` has, by line (from 0), how many of its characters are the body's own; what follows
    says what was left out of that line.
    """

    text: str
    whole: bool
    extent: str
    cuts: dict[int, int]


def reads_as_json(response: Response, answer: Answer) -> bool:
    """Whether a body can be shown as JSON: also where it is too large or too deep to be read."""
    if answer.is_json:
        return True
    if response.body.lstrip(_BLANKS)[:1] not in {b"{", b"["}:
        return False
    if response.stored is not None:
        return not response.stored.broken
    broken = answer.problem is not None and answer.problem.kind is ProblemKind.BROKEN_JSON
    return broken and body_json(response)[1] == TOO_DEEP


def first_part(head: bytes, size: int, charset: str, *, pretty: bool) -> FirstPart:
    """Give what can be shown at once of a body of `size` bytes that begins with `head`.

    `pretty` indents it as JSON.
    """
    taken = head[:BYTES]
    whole = len(taken) == size
    decoder = codecs.getincrementaldecoder(charset)("replace")
    text = decoder.decode(taken, final=whole)
    if pretty:
        text = indented(text.lstrip(_BOM))  # of a beginning it gives the beginning
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    extent = size_text(len(taken))
    if len(lines) > LINES:
        lines, whole, extent = lines[:LINES], False, f"{LINES:,} lines"
    shown, cuts = _shortened(lines)
    return FirstPart("\n".join(shown), whole, extent, cuts)


def _shortened(lines: list[str]) -> tuple[list[str], dict[int, int]]:
    shown, cuts = [], {}
    for place, line in enumerate(lines):
        over = len(line) - LONGEST_LINE
        shown.append(line if over <= 0 else line[:LONGEST_LINE] + cut_mark(characters_more(over)))
        if over > 0:
            cuts[place] = LONGEST_LINE
    return shown, cuts


def cut_mark(words: str) -> str:
    """Write what was left out as it stands at the end of a line; nothing for no words."""
    return f" «{words}»" if words else ""
