"""Texts as shells read them back: byte by byte in bash, word by word in cmd and PowerShell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_SAFE = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'", "\\": "\\\\"}
_SPLITTING = re.compile(r'[\s"]')
_NOT_IN_REM = str.maketrans(dict.fromkeys("%^&|<>"))
_CMD_SPECIAL = re.compile(r'[()%!^"<>&|]')
_POWERSHELL_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_POWERSHELL_QUOTES = re.compile("(['\u2018\u2019\u201a\u201b])")
"""All of these are single quotes to PowerShell."""


@dataclass(frozen=True, slots=True)
class Shell:
    """How a shell takes a command. `quoted` writes a text or bytes as one word of it.

    `curl` is the program's name there, `comment` begins a line that is not carried out,
    `continued` ends a line that goes on. `longest`: bytes that a word may have. `pipes`: whether
    the bytes of a body can be piped in as they are.
    """

    name: str
    curl: str
    comment: str
    continued: str
    quoted: Callable[[str | bytes], str]
    longest: int
    pipes: bool = False


def quoted(text: str | bytes) -> str:
    """Quote a text or bytes as one word of bash. Zero bytes, which no word can hold, are lost.

    What cannot be seen, or is no UTF-8, is written as bytes, whatever the locale.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    text = text.replace("\0", "")
    if _SAFE.fullmatch(text):
        return text
    if all(character.isprintable() for character in text):
        return "'" + text.replace("'", "'\\''") + "'"
    return "$'" + "".join(map(_escaped, text)) + "'"


def cmd_quoted(text: str | bytes) -> str:
    """Quote a text as one word at the prompt of cmd. Carriage returns, which cmd drops, are lost.

    The quotes themselves are escaped, so that cmd never takes what is between them for quoted.
    """
    escaped = _CMD_SPECIAL.sub(r"^\g<0>", windows_word(_as_text(text).replace("\r", "")))
    return escaped.replace("\n", "^\n\n")


def batch_quoted(text: str | bytes) -> str:
    """Quote a text as one word of a batch file, where a percent sign is doubled instead."""
    return cmd_quoted(text).replace("^%", "%%")


def powershell_quoted(text: str | bytes) -> str:
    """Quote a text as one word of PowerShell for a program that it starts.

    It is made for $PSNativeCommandArgumentPassing = 'Legacy', which is all that Windows
    PowerShell 5 knows: quotes within a word are escaped here, for PowerShell does not.
    """
    plain = _as_text(text)
    if _POWERSHELL_SAFE.fullmatch(plain):
        return plain
    # It puts quotes around words with blanks by itself, in every version.
    fits = plain and '"' not in plain and not plain.endswith("\\")
    return powershell_literal(plain if fits else windows_word(plain))


def powershell_literal(text: str) -> str:
    """Write a text as a literal of PowerShell, in which nothing is put in."""
    return "'" + _POWERSHELL_QUOTES.sub(r"\1\1", text) + "'"


def windows_word(text: str) -> str:
    """Quote a text as a program of Windows reads its command line."""
    if text and not _SPLITTING.search(text):
        return text
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', text)
    return '"' + re.sub(r"(\\+)\Z", r"\1\1", escaped) + '"'


def in_comment(text: str) -> str:
    """Write a text so that it stays on its line."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def in_remark(text: str) -> str:
    """Write a text so that it stays on its line, and does nothing there, after REM of cmd."""
    return in_comment(text).translate(_NOT_IN_REM)


def _as_text(text: str | bytes) -> str:
    """Windows takes command lines as text; what is no UTF-8 cannot be in one."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return plain.replace("\0", "").encode("utf-8", "replace").decode()


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))


BASH = Shell("bash", "curl", "# ", " \\\n  ", quoted, longest=100_000, pipes=True)
CMD = Shell("cmd", "curl", "REM ", " ^\n  ", cmd_quoted, longest=7_000)
POWERSHELL = Shell("PowerShell", "curl.exe", "# ", " `\n  ", powershell_quoted, longest=30_000)
