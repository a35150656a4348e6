"""What plainly says in a test script of Postman what a check or a capture says in a flow."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from gms_console.flow.types import Check, HttpCheck, Operator, TimeCheck, ValueCheck
from gms_console.importing.calls import Notes
from gms_console.variables import name_problem

_COMMENT = re.compile(r"(^|\s)//[^\n]*|/\*.*?\*/", re.DOTALL)
_TEXT = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_CHAIN = r"""((?:\??\.[A-Za-z_$][\w$]*|\[(?:\d+|"[^"\n]*"|'[^'\n]*')\])+)"""
_ALIAS = re.compile(
    r"(?:const|let|var)\s+(\w+)\s*=\s*(?:pm\.response\.json\(\)|JSON\.parse\(responseBody\))\s*;?"
)
_STATUS = re.compile(r"pm\.response\.to\.have\.status\((\d{3})\)\s*;?")
_CODE = re.compile(
    r"pm\.expect\(pm\.response\.code\)\.to(?:\.be)?\.(?:equals?|eqls?|eq)\((\d{3})\)\s*;?"
)
_CODES = re.compile(
    r"pm\.expect\(pm\.response\.code\)\.to\.be\.oneOf\(\[(\s*\d{3}(?:\s*,\s*\d{3})*\s*)\]\)\s*;?"
)
_TIME = re.compile(
    r"pm\.expect\(pm\.response\.responseTime\)\.to\.be\.(?:below|lessThan)\((\d+)\)\s*;?"
)
_SET = re.compile(
    r"pm\.(?:environment|collectionVariables|globals|variables)\.set\("
    rf"\s*{_TEXT}\s*,\s*(pm\.response\.json\(\)|\w+){_CHAIN}\s*\)\s*;?"
)
_VALUE = re.compile(
    rf"pm\.expect\((pm\.response\.json\(\)|\w+){_CHAIN}\)\.to(?:\.be)?\.(equals?|eqls?|eq|include)"
    rf"\(\s*(?:{_TEXT}|(-?\d+(?:\.\d+)?|true|false))\s*\)\s*;?"
)
_FRAME = re.compile(
    rf"pm\.test\(\s*{_TEXT}\s*,\s*(?:function\s*\(\w*\)|\(\w*\)\s*=>|\w+\s*=>)\s*\{{|\}}\s*\)\s*;?"
)
_ANSWER = "pm.response.json()"


@dataclass(frozen=True, slots=True)
class Scripts:
    """The checks and captures of a script."""

    expect: tuple[Check, ...] = ()
    capture: tuple[tuple[str, str], ...] = ()


def read_script(text: str, where: str, notes: Notes) -> Scripts:
    """Read what can be read of a script; note that there was more."""
    reader = _Reader(_COMMENT.sub(lambda found: found[1] or "", text))
    found = reader.read()
    rest = _FRAME.sub("", reader.left).strip(" \t\r\n;{}")
    if rest:
        line = " ".join(rest.split())
        line = line if len(line) <= 80 else f"{line[:80]}…"
        notes.add(f"{where}: of its test script this is left out: {line}")
    return found


class _Reader:
    """A script of which one statement after the other is read and taken out."""

    def __init__(self, text: str) -> None:
        self.left = text
        self._aliases = {_ANSWER, *_ALIAS.findall(text)}
        self._expect: list[tuple[int, Check]] = []
        self._capture: dict[str, str] = {}
        self._text = text

    def read(self) -> Scripts:
        text = self._text
        for found in _STATUS.finditer(text):
            self._add(found, HttpCheck((int(found[1]),)))
        for found in _CODE.finditer(text):
            self._add(found, HttpCheck((int(found[1]),)))
        for found in _CODES.finditer(text):
            self._add(found, HttpCheck(tuple(int(code) for code in re.findall(r"\d+", found[1]))))
        for found in _TIME.finditer(text):
            self._add(found, TimeCheck(float(found[1])))
        for found in _VALUE.finditer(text):
            if found[1] in self._aliases:
                self._add(found, _value_check(found))
        for found in _SET.finditer(text):
            name = _unquoted(found[1])
            if found[2] in self._aliases and not name_problem(name):
                self._capture[name] = _path(found[3])
                self._take(found)
        for found in _ALIAS.finditer(text):
            self._take(found)
        self._expect.sort(key=lambda pair: pair[0])
        return Scripts(tuple(check for _, check in self._expect), tuple(self._capture.items()))

    def _add(self, found: re.Match[str], check: Check) -> None:
        self._expect.append((found.start(), check))
        self._take(found)

    def _take(self, found: re.Match[str]) -> None:
        self.left = self.left.replace(found[0], "", 1)


def _value_check(found: re.Match[str]) -> ValueCheck:
    operator = Operator.CONTAINS if found[3] == "include" else Operator.EQUALS
    operand = _unquoted(found[4]) if found[4] else json.loads(found[5])
    return ValueCheck(_path(found[2]), operator, operand)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _path(chain: str) -> str:
    """Write a chain of members as a JMESPath."""
    path = ""
    for name, index, quoted in re.findall(
        r"""\??\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\["?'?([^"'\]]*)["']?\]""", chain
    ):
        if index:
            path += f"[{index}]"
            continue
        member = name or quoted
        plain = re.fullmatch(r"[A-Za-z_]\w*", member, re.ASCII)
        path += f"{'.' if path else ''}{member if plain else json.dumps(member)}"
    return path
