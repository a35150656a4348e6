"""The words of commands for cmd and PowerShell, as browsers copy them on Windows."""

from __future__ import annotations

import re

from gms_console.importing.marks import variable
from gms_console.importing.words import CONTINUED, Reader, Token, Tokens

_CMD_NAME = re.compile(r"%([A-Za-z_]\w*)%")
_HEXADECIMAL = re.compile("[0-9A-Fa-f]{2}")
"""What stands between two percent signs in a text that is percent-encoded."""

_POWERSHELL_NAME = re.compile(
    r"\$(?:env:([A-Za-z_]\w*)|\{env:(\w+)\}|([A-Za-z_]\w*))", re.IGNORECASE
)
_SLASHES = re.compile(r'(\\+)"')
_REMARK = re.compile(
    r"(?:@?rem(?=\s|$)|::|@echo\b|@?setlocal\b|@?endlocal\b|@?chcp\b)", re.IGNORECASE
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def cmd_words(text: str) -> list[Token]:
    r"""Give words and operators of cmd, read as it and the program's start code read them.

    `^` escapes a character outside of quotes and continues a line, `%%` is a percent sign, and
    within quotes `\"` and `""` are a quote.
    """
    reader = Reader(_without_carets(text))
    tokens = Tokens(reader)
    while reader:
        if not tokens.within and _at_line_start(tokens) and _REMARK.match(reader.text, reader.at):
            reader.skip_line()
        elif reader.next == "\n":
            tokens.operator("\n")
            reader.take()
        elif reader.next in " \t\r":
            tokens.end()
            reader.take()
        elif reader.takes(CONTINUED):
            continue
        elif reader.next in {"&", "|", "<", ">"}:
            tokens.operator(reader.take())
        else:
            _cmd_piece(reader, tokens)
    tokens.end()
    return tokens.done


def _at_line_start(tokens: Tokens) -> bool:
    return not tokens.done or getattr(tokens.done[-1], "text", "") == "\n"


_HIDDEN = dict(zip("&|<>\n%", "\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7", strict=True))
"""Stand for what a caret took the meaning from, until the words are parted."""

_SEEN = {hidden: seen for seen, hidden in _HIDDEN.items()}


def _without_carets(text: str) -> str:
    """Undo the carets of cmd: they count outside of quotes only, and `^"` opens none."""
    text = text.replace("\r\n", "\n")
    found: list[str] = []
    quoted, at = False, 0
    while at < len(text):
        one = text[at]
        if one == "^" and not quoted:
            escaped = text[at + 1 : at + 2]
            at += 2
            if escaped != "\n":
                found.append(_HIDDEN.get(escaped, escaped))
                continue
            found.append(CONTINUED)
            if text[at : at + 1] == "\n":
                # A caret at the end of a line takes the meaning from the line break after it.
                found.append(_HIDDEN["\n"])
                at += 1
            continue
        if one == '"':
            quoted = not quoted
        elif one == "\n":
            quoted = False
        found.append(_HIDDEN[one] if quoted and one in "&|<>" else one)
        at += 1
    return "".join(found)


def _cmd_piece(reader: Reader, tokens: Tokens) -> None:
    if not reader.takes('"'):
        _cmd_character(reader, tokens)
        return
    tokens.add("", quoted=True)
    while True:
        if reader.takes(CONTINUED):
            continue
        if reader.takes('""'):
            tokens.add('"')
        elif reader.takes('"'):
            return
        elif not reader or reader.next == "\n":
            raise reader.unreadable("the end of the line", '" at the end of a text in quotes')
        else:
            _cmd_character(reader, tokens)


def _cmd_character(reader: Reader, tokens: Tokens) -> None:
    name = _CMD_NAME.match(reader.text, reader.at)
    if reader.takes("%%"):
        tokens.add("%")
    elif name is not None and not _HEXADECIMAL.fullmatch(name[1]):
        reader.at = name.end()
        tokens.add(variable(name[1]))
    elif slashes := _SLASHES.match(reader.text, reader.at):
        # As the C start code reads it: backslashes count in pairs before a quote.
        tokens.add("\\" * (len(slashes[1]) // 2))
        reader.at = slashes.end() - 1
        if len(slashes[1]) % 2:
            tokens.add(reader.take())
    else:
        one = reader.plain()
        tokens.add(_SEEN.get(one[0], one[0]) + one[1:])


def powershell_words(text: str) -> list[Token]:
    """Give words and operators of PowerShell: `''` and a backtick escape, variables are marks."""
    reader = Reader(text.replace("\r\n", "\n"))
    tokens = Tokens(reader)
    while reader:
        if reader.takes("`\n"):
            continue
        if reader.next == "\n" or reader.next in {";", "|", "&"}:
            tokens.operator(reader.take())
        elif reader.next in " \t":
            tokens.end()
            reader.take()
        elif reader.next == "#" and not tokens.within:
            reader.skip_line()
        else:
            _powershell_piece(reader, tokens)
    tokens.end()
    return tokens.done


def _powershell_piece(reader: Reader, tokens: Tokens) -> None:
    tokens.begin()
    if reader.takes("'"):
        tokens.add("", quoted=True)
        while True:
            tokens.add(reader.until("'", "a text in quotes"))
            if not reader.takes("'"):
                return
            tokens.add("'")
    if not reader.takes('"'):
        _powershell_character(reader, tokens)
        return
    tokens.add("", quoted=True)
    while True:
        if reader.takes('""'):
            tokens.add('"')
        elif reader.takes('"'):
            return
        elif not reader:
            raise reader.unreadable("the end of the text", '" at the end of a text in quotes')
        else:
            _powershell_character(reader, tokens)


def _powershell_character(reader: Reader, tokens: Tokens) -> None:
    name = _POWERSHELL_NAME.match(reader.text, reader.at)
    if reader.takes("`"):
        one = reader.take()
        tokens.add(_SIMPLE.get(one, one))
    elif name is not None:
        reader.at = name.end()
        tokens.add(variable(name[1] or name[2] or name[3]))
    else:
        tokens.add(reader.plain())
