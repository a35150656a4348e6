"""The words of a script for bash and its kin."""

from __future__ import annotations

import re

from gms_console.importing.marks import variable
from gms_console.importing.words import Operator, Reader, Token, Tokens, Word

_NAME = re.compile(r"[A-Za-z_]\w*")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_BRACED = re.compile(r"\{([A-Za-z_]\w*)(?::?[-=?][^{}]*)?\}")
COMMAND = "$()"
"""Begins the name of a variable that stands for what a command gives; its place follows."""

_OPERATORS = ("&&", "||", ";;", "&>", ">>", ">&", "<<<", "<<", "<(", ">(", *"|;&()<>")
_SIMPLE = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "v": "\v",
}
_NUMBER = re.compile(r"x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})")


def bash_words(text: str, first_line: int = 1) -> list[Token]:
    """Give words and operators. Raises UnreadableImportError for a quote that nothing closes."""
    reader = Reader(text, first_line)
    tokens = Tokens(reader)
    while reader:
        if reader.takes("\\\r\n") or reader.takes("\\\n"):
            continue
        if reader.next in "\r\n" or (reader.next in " \t"):
            if reader.next == "\n":
                tokens.operator("\n")
            tokens.end()
            reader.take()
        elif reader.next == "#" and not tokens.within:
            reader.skip_line()
        elif not _operator(reader, tokens):
            _piece(reader, tokens)
    tokens.end()
    return tokens.done


def _operator(reader: Reader, tokens: Tokens) -> bool:
    """Take an operator, with the number of the stream before it."""
    found = next((one for one in _OPERATORS if reader.sees(one)), None)
    if found is None:
        return False
    if found in {"<<", "<<<"}:
        raise reader.unreadable(f"the text that {found} gives", "a command without one")
    tokens.operator(found)
    last = tokens.done[-2] if len(tokens.done) > 1 else None
    if found[0] in "<>" and isinstance(last, Word) and re.fullmatch("[0-9]", last.text):
        del tokens.done[-2]
    reader.take(len(found))
    return True


def _piece(reader: Reader, tokens: Tokens) -> None:
    """Take a quoted text, an escape, a variable or a plain character."""
    tokens.begin()
    if reader.takes("$'"):
        tokens.add(_ansi(reader), quoted=True)
    elif reader.takes("'"):
        tokens.add(reader.until("'", "a text in quotes"), quoted=True)
    elif reader.takes('"') or reader.takes('$"'):
        _double(reader, tokens)
    elif reader.takes("\\"):
        tokens.add(reader.take(), quoted=True)
    elif not _variable(reader, tokens):
        tokens.add(reader.plain())


def _double(reader: Reader, tokens: Tokens) -> None:
    tokens.add("", quoted=True)
    while not reader.takes('"'):
        if not reader:
            raise reader.unreadable("the end of the text", '" at the end of a text in quotes')
        if reader.takes("\\\r\n") or reader.takes("\\\n"):
            continue
        if reader.sees("\\") and reader.text[reader.at + 1 : reader.at + 2] in {*'$`"\\'}:
            reader.take()
            tokens.add(reader.take())
        elif not _variable(reader, tokens):
            tokens.add(reader.plain())


def _variable(reader: Reader, tokens: Tokens) -> bool:
    """Take `$NAME`, `${NAME}` or what a command gives, if that comes next."""
    if reader.sees("`") or reader.sees("$("):
        word = tokens.begin()
        place = f"{reader.line}:{reader.column}"
        script = _substitution(reader)
        before = tokens.so_far
        word.script = script if not before or _ASSIGNMENT.fullmatch(before) else ""
        # Named by its place: what it says may hold a credential.
        tokens.add(variable(f"{COMMAND}{place}"))
        return True
    if not reader.sees("$"):
        return False
    name = _BRACED.match(reader.text, reader.at + 1) or _NAME.match(reader.text, reader.at + 1)
    if name is None:
        return False
    reader.at = name.end()
    tokens.add(variable(name[1] if name.re is _BRACED else name[0]))
    return True


def _substitution(reader: Reader) -> str:
    """Take `$(…)` or what stands between backticks; give the script in it."""
    if reader.takes("`"):
        return reader.until("`", "a command in backticks")
    reader.take(2)
    start, depth, quote = reader.at, 1, ""
    while depth:
        if not reader:
            raise reader.unreadable("the end of the text", ") at the end of a command")
        one = reader.take()
        if one == "\\" and quote != "'":
            reader.take()
        elif quote:
            quote = "" if one == quote else quote
        elif one in "'\"":
            quote = one
        else:
            depth += {"(": 1, ")": -1}.get(one, 0)
    return reader.text[start : reader.at - 1]


def _ansi(reader: Reader) -> str:
    """Take the rest of `$'…'` and undo its escapes."""
    found = ""
    while not reader.takes("'"):
        if not reader:
            raise reader.unreadable("the end of the text", "' at the end of a text in quotes")
        if not reader.takes("\\"):
            found += reader.plain()
            continue
        number = _NUMBER.match(reader.text, reader.at)
        if number is not None:
            reader.at = number.end()
            found += _numbered(number)
        elif reader.takes("c"):
            found += chr(ord(reader.take() or "@") & 0x1F)
        else:
            one = reader.take()
            found += _SIMPLE.get(one, one if one in "\\'\"?" else f"\\{one}")
    return found


def _numbered(number: re.Match[str]) -> str:
    byte, short, long, octal = number.groups()
    if short or long:
        code = int(short or long, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    value = int(byte, 16) if byte else int(octal, 8) & 0xFF
    # A byte above ASCII is half a character, which its neighbours make whole.
    return chr(value) if value < 0x80 else chr(0xDC00 + value)


def as_statements(tokens: list[Token]) -> list[list[list[Word]]]:
    """Part tokens into pipelines, and these into commands; what redirects streams is dropped."""
    statements: list[list[list[Word]]] = [[[]]]
    skip = False
    for token in tokens:
        if isinstance(token, Operator):
            skip = token.text[0] in "<>" or token.text == "&>"
            if skip:
                continue
            if token.text == "|":
                statements[-1].append([])
            else:
                statements.append([[]])
        elif skip:
            skip = False
        else:
            statements[-1][-1].append(token)
    return [found for one in statements if (found := [command for command in one if command])]
