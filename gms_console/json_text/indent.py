"""Indents JSON as it streams by, without changing a character of its values.

To write it anew from what was read would merge duplicate keys and round numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

DEEPEST = 64
"""Levels after which lines are indented no further: 10,000 levels would be mostly blanks."""

_PIECE = 64 * 1024
"""Characters of one step."""

_BLANKS = " \t\r\n"
_TOKEN = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
    r"|[{}\[\],:]"
    r'|[^ \t\r\n{}\[\],:"]++(?:[ \t\r\n]++[^ \t\r\n{}\[\],:"]++)*+',
    re.DOTALL,
)
"""Words with blanks between them are no JSON, and one token: they go through as they are."""

_ONE_VALUE = re.compile(r'[ \t\r\n]*+:[ \t\r\n]*+([^ \t\r\n{}\[\],:"]++)[ \t\r\n]*+,[ \t\r\n]*+')
_REST_OF_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_HIDDEN = "\0\x01"
"""Stands for an escaped quote while a text is taken apart at its quotes; twice the first
character stands for an escaped backslash. JSON has neither."""

_MOST_KNOWN = 500
_LONGEST_KNOWN = 200
"""How much is kept of what stands between strings, for each depth."""

_OPENERS = "{["
_CLOSERS = "}]"


def _written_at(depth: int) -> dict[str, str]:
    """Give how each mark is written that stands within `depth` levels."""
    line, inner, outer = (
        "\n" + "  " * min(max(level, 0), DEEPEST) for level in (depth, depth + 1, depth - 1)
    )
    marks = {opener: opener + inner for opener in _OPENERS}
    marks |= {closer: outer + closer for closer in _CLOSERS}
    return marks | {",": "," + line, ":": ": "}


# The last is for all that is deeper than that: nothing in it grows any more.
_WRITTEN = tuple(_written_at(depth) for depth in range(DEEPEST + 2))


class _Known(dict[str, tuple[str, int]]):
    """What stands between two strings, as it is written at one depth, and the depth after it."""

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._comma = _WRITTEN[min(depth, DEEPEST + 1)][","]

    def __missing__(self, part: str) -> tuple[str, int]:
        value = _ONE_VALUE.fullmatch(part)
        if value is not None:  # numbers are seldom the same again
            return f": {value[1]}{self._comma}", self._depth
        written, depth, opened = _joined(_TOKEN.findall(part), self._depth, "")
        found = written + opened, depth
        if len(self) < _MOST_KNOWN and len(part) < _LONGEST_KNOWN:
            self[part] = found
        return found


class Indenter:
    """Takes pieces of a JSON text, and gives pieces of it indented; needs little memory.

    What is given for the beginning of a text is the beginning of what is given for all of it.
    What is no JSON goes through as far as it can be followed.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._held = ""
        """The end of what came: it may go on."""
        self._opened = ""
        """How an opening mark would be written that has nothing behind it yet."""
        self._in_string = False
        self._known: dict[int, _Known] = {}

    def feed(self, piece: str) -> str:
        """Take the next piece, and give what is certain by now."""
        text = self._held + piece
        self._held = ""
        place = self._string_goes_on(text) if self._in_string else 0
        if self._in_string:
            return text[:place]
        strings = text.count('"', place)
        if strings < 4 or _HIDDEN[0] in text or _HIDDEN[1] in text:
            return text[:place] + self._indented(text[place:])
        return text[:place] + self._part_by_part(text[place:])

    def finish(self) -> str:
        """Give the rest, when no more comes."""
        held, self._held = self._held.rstrip(_BLANKS), ""
        opened, self._opened = self._opened, ""
        return (opened if held else opened[:1]) + held

    def _string_goes_on(self, text: str) -> int:
        """Give where the string ends that began in an earlier piece; the end of the text if not."""
        found = _REST_OF_STRING.match(text)
        end = 0 if found is None else found.end()
        if text[end : end + 1] == '"':
            self._in_string = False
            return end + 1
        self._held = text[end:]  # a backslash whose other half is to come, or nothing
        return end

    def _part_by_part(self, text: str) -> str:
        """Indent a text that begins outside of strings by what stands between them.

        Much of that is the same again and again, and need not be gone through token by token.
        """
        escapes = "\\" in text
        if escapes:
            text = text.replace("\\\\", _HIDDEN[0] * 2).replace('\\"', _HIDDEN)
        parts = text.split('"')
        last = parts.pop() if len(parts) % 2 else None
        parts[0] = self._indented(parts[0] + '""')[:-2]
        between = parts[2::2]
        parts[2::2] = self._written_between(between)
        if last is None:
            self._in_string = True
            if parts[-1].endswith("\\"):
                parts[-1], self._held = parts[-1][:-1], "\\"
        else:
            parts.append("")
        written = '"'.join(parts)
        if escapes:
            written = written.replace(_HIDDEN, '\\"').replace(_HIDDEN[0] * 2, "\\\\")
            last = last and last.replace(_HIDDEN, '\\"').replace(_HIDDEN[0] * 2, "\\\\")
        return written + self._indented(last) if last else written

    def _written_between(self, between: list[str]) -> list[str]:
        depth = self._depth
        written: list[str] = []
        write = written.append
        known = self._known_at(depth)
        for part in between:
            text, after = known[part]
            write(text)
            if after != depth:
                depth = after
                known = self._known_at(depth)
        self._depth = depth
        return written

    def _known_at(self, depth: int) -> _Known:
        if depth > DEEPEST:
            return _Known(depth)
        if depth not in self._known:
            self._known[depth] = _Known(depth)
        return self._known[depth]

    def _indented(self, text: str) -> str:
        """Indent a text that begins outside of strings token by token."""
        tokens = _TOKEN.findall(text)
        if not tokens:
            return ""
        self._hold_back(tokens, text)
        written, self._depth, self._opened = _joined(tokens, self._depth, self._opened)
        return written

    def _hold_back(self, tokens: list[str], text: str) -> None:
        """Take out the last token if more of it may come; a string is let go bit by bit."""
        last = tokens[-1]
        if last[0] == '"':
            if _is_closed(last):
                return
            self._in_string = True
            backslashes = len(last) - len(last.rstrip("\\"))
            if backslashes % 2:
                tokens[-1], self._held = last[:-1], "\\"
        elif last not in _WRITTEN[0] and len(last) < _PIECE:
            self._held = text[len(text.rstrip(_BLANKS)) - len(last) :]
            tokens.pop()


def _joined(tokens: list[str], depth: int, opened: str) -> tuple[str, int, str]:
    """Write tokens at a depth; `opened` is an opening mark before them.

    Gives what is written, the depth after it, and an opening mark that has nothing behind it yet.
    """
    marks = _WRITTEN[min(depth, DEEPEST + 1)]
    written = [opened] if opened else []
    write = written.append
    for token in tokens:
        text = marks.get(token)
        if text is None:
            write(token)
        elif token in _OPENERS:
            write(text)
            depth += 1
            marks = _WRITTEN[min(depth, DEEPEST + 1)]
        elif token in _CLOSERS:
            if written and written[-1][:1] in _OPENERS and written[-1][1:2] == "\n":
                written[-1] = written[-1][0]
                text = token
            write(text)
            depth = max(0, depth - 1)
            marks = _WRITTEN[min(depth, DEEPEST + 1)]
        else:
            write(text)
    last = written[-1] if written else ""
    opened = written.pop() if last[:1] in _OPENERS and last[1:2] == "\n" else ""
    return "".join(written), depth, opened


def _is_closed(string: str) -> bool:
    body = string[:-1]
    backslashes = len(body) - len(body.rstrip("\\"))
    return len(string) > 1 and string[-1] == '"' and backslashes % 2 == 0


def indented(text: str) -> str:
    """Indent a whole text."""
    return "".join(indented_pieces(text[at : at + _PIECE] for at in range(0, len(text), _PIECE)))


def indented_pieces(pieces: Iterable[str]) -> Iterator[str]:
    """Indent a text that comes in pieces."""
    indenter = Indenter()
    for piece in pieces:
        yield indenter.feed(piece)
    yield indenter.finish()
