"""Commands of curl, alone or in a script: what each would send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from gms_console.importing.bash_words import COMMAND, as_statements, bash_words
from gms_console.importing.calls import Call, Pause, Reading
from gms_console.importing.curl_options import options_of
from gms_console.importing.curl_request import CurlRequest
from gms_console.importing.marks import names_in, only_variable, shown, variable
from gms_console.importing.own_names import of_bash
from gms_console.importing.own_script import is_own_script, needed, own_steps, settings
from gms_console.importing.types import UnreadableImportError
from gms_console.importing.windows_words import cmd_words, powershell_words
from gms_console.importing.words import Token, Word
from gms_console.model.form import Form, Row

_CURL = {"curl", "curl.exe"}
_BEFORE = {"$", "%", "sudo", "time", "command", "exec", "env", "call", "@curl"}
_SILENT = {
    *(
        "set",
        "echo",
        "echo.",
        "@echo",
        "setlocal",
        "endlocal",
        "cd",
        "true",
        ":",
        "unset",
        "exit",
        "shopt",
        "trap",
        "wait",
    ),
    *("fi", "done", "esac", "title", "pause", "chcp", "umask"),
}
"""Commands that send nothing and change nothing of what is sent."""

_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=")
_CONTROL = {"for", "while", "until", "if", "case", "do", "then", "else", "elif", "function"}
_JQ = re.compile(r"\.?((?:[A-Za-z_]\w*|\[\d+\])(?:\.[A-Za-z_]\w*|\[\d+\])*)")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_ESCAPES = re.compile(r"\\(?:0([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


_CALL = re.compile(
    r"""(?m)(?:^|[;|&(`])[ \t]*(?:[$>%][ \t]+|(?:sudo|time|then|do|call|&)[ \t]+)?"""
    r"""["']?(?:[^\s"'=]{0,300}[/\\])?curl(?:\.exe)?["']?(?=\s|$)"""
)


def looks_like_curl(text: str) -> bool:
    """Whether a text calls curl, rather than names it."""
    return _CALL.search(text) is not None


def read_curl(text: str) -> Reading:
    """Read all commands of curl in a text. Raises UnreadableImportError."""
    if re.search(r"(?im)^\s*Invoke-(WebRequest|RestMethod)\b", text):
        raise UnreadableImportError(
            "1:1: found a command of PowerShell, expected curl; copy it as cURL (bash) or (cmd)"
        )
    if re.match(_OWN_POWERSHELL, text):
        raise UnreadableImportError(
            "1:1: found a script for PowerShell that was exported from a flow, expected one for "
            "bash or cmd"
        )
    script = _Script()
    if is_own_script(text):
        script.carry_out_own(text)
    else:
        words_of = _words_of(text)
        script.is_for_windows = words_of is not bash_words
        # The folder of an exported script is that of its flow.
        own = re.match(_OWN_CMD, text) is not None
        script.carry_out(words_of(text.replace("%folder%\\", "") if own else text))
    if not script.curls:
        raise UnreadableImportError("1:1: found no command of curl, expected at least one")
    return script.finished()


_OWN_POWERSHELL = r"\ufeff?# [^\n]*: made by GMS Console from "
_OWN_CMD = r"@echo off\r?\nREM [^\n]*: made by GMS Console from "
_BASH = re.compile(r"(?m)\A#!|\\\r?$")
_CONTINUED = re.compile(r"(?m)\^[ \t]*\r?$")
_POWERSHELL = re.compile(r"(?m)\s`[ \t]*\r?$|^\s*(&\s+)?curl\.exe\s|^\s*\$(env:)?\w+\s*=")
_SINGLE_QUOTED = re.compile(r"\s\$?'")
_CMD = re.compile(r'(?im)\^[ \t]*\r?$|\^"|^\s*(@echo|@?rem|::|@?setlocal|set\s+"?\w+=)')


def _words_of(text: str) -> Callable[[str], list[Token]]:
    """Tell which shell a text is for, by what only that shell has."""
    if _BASH.search(text):
        return bash_words
    if _POWERSHELL.search(text) and not _CONTINUED.search(text):
        return powershell_words
    if _SINGLE_QUOTED.search(text) or not _CMD.search(text):
        return bash_words
    return cmd_words


@dataclass(slots=True)
class _Script:
    """A script as it is gone through."""

    reading: Reading = field(default_factory=Reading)
    assigned: dict[str, str] = field(default_factory=dict)
    captured: set[str] = field(default_factory=set)
    curls: int = 0
    is_for_windows: bool = False
    is_own: bool = False

    def carry_out(self, tokens: list[Token]) -> None:
        for pipeline in as_statements(tokens):
            self._pipeline(pipeline)

    def carry_out_own(self, text: str) -> None:
        """Go through a script that an export made."""
        self.is_own = True
        self.captured |= needed(text)
        self.carry_out(bash_words(settings(text)))
        for step in own_steps(text):
            before = len(self.reading.calls)
            self.carry_out(bash_words(step.command, step.line))
            last = self.reading.calls[-1] if len(self.reading.calls) > before else None
            if isinstance(last, Call):
                self.reading.calls[-1] = replace(
                    last,
                    capture=step.captures,
                    id_name=step.id_name,
                    keep_going=step.keep_going,
                    always=step.always,
                )
                self.captured |= {step.id_name, *(name for name, _ in step.captures)}
            elif last is not None and step.always:
                self.reading.notes.add("a wait was a clean-up step, and is a plain one", step.line)
            for sentence in step.unread:
                self.reading.notes.add(f"the step {sentence}", step.line)

    def _pipeline(self, pipeline: list[list[Word]]) -> None:
        piped: str | None = None
        for command in pipeline:
            before = self.curls
            piped = self._command(command, piped)
            if self.curls > before:
                return  # what follows only reads what curl writes

    def _command(self, words: list[Word], piped: str | None) -> str | None:
        """Take a command; give what it writes into the one after it, where that is known."""
        words = self._without_assignments(words)
        while words and _program(words[0]) in _BEFORE | {"do", "then", "else", "{", "("}:
            self._control(words[0])
            words = words[1:]
        if not words:
            return None
        program = _program(words[0])
        if program in _CURL:
            self._curl(words, piped)
        elif program == "printf":
            return _printed(words[1:])
        elif program == "sleep" and len(words) == 2:
            self._sleep(words[1])
        elif program == "timeout" and len(words) > 2 and words[1].text.lower() == "/t":
            self._sleep(words[2])
        elif program == "if" and _is_of_cmd(words):
            return self._command(_unless_defined(words), None)
        elif program in _CONTROL:
            self._control(words[0])
        elif program not in _SILENT and program != "}":
            self.reading.notes.add(f"{shown(program)} is not curl, and is left out", words[0].line)
        return None

    def _control(self, word: Word) -> None:
        if word.text in _CONTROL - {"do", "then"}:
            self.reading.notes.add(
                f"{word.text} is left out; each command is a step once", word.line
            )

    def _curl(self, words: list[Word], piped: str | None) -> None:
        self.curls += 1
        request = CurlRequest(words[0].line, self.reading.notes, piped)
        for option in options_of(words[1:], self.reading.notes):
            if option.name == "next":
                self.reading.calls += request.calls()
                request = CurlRequest(option.line, self.reading.notes)
            else:
                request.add(option)
        self.reading.calls += request.calls()

    def _sleep(self, word: Word) -> None:
        found = _DURATION.fullmatch(word.text)
        if found is None:
            self.reading.notes.add(f"line {word.line}: sleep {shown(word.text)} is left out")
        else:
            self.reading.calls.append(Pause(float(found[1]) * _SECONDS[found[2]]))

    # --- variables

    def _without_assignments(self, words: list[Word]) -> list[Word]:
        if len(words) == 3 and words[1].text == "=" and only_variable(words[0].text):
            self._assign(only_variable(words[0].text), words[2].text, words[2])
            return []
        export = bool(words) and words[0].text in {"export", "set", "readonly", "local", "declare"}
        rest = words[1:] if export else words
        while rest and (found := _ASSIGNED.match(rest[0].text)) is not None:
            self._assign(found[1], rest[0].text[found.end() :], rest[0])
            rest = rest[1:]
        return [] if export else rest

    def _assign(self, name: str, value: str, word: Word) -> None:
        if word.script and looks_like_curl(word.script):
            self._capture(name, word)
        else:
            self.assigned[name] = value

    def _capture(self, name: str, word: Word) -> None:
        """Take `NAME=$(curl … | jq -r .path)` as a request with a capture."""
        calls = self.reading.calls
        before = len(calls)
        tokens = bash_words(word.script, word.line)
        pipelines = as_statements(tokens)
        path = _jq_path(pipelines[-1][-1]) if pipelines else ""
        for pipeline in pipelines:
            self._pipeline(pipeline)
        last = calls[-1] if len(calls) > before else None
        if isinstance(last, Call) and path:
            calls[-1] = replace(last, capture=(*last.capture, (name, path)))
            self.captured.add(name)
        else:
            self.reading.notes.add(
                f"line {word.line}: {name} is taken from an answer; capture it in its step"
            )

    def finished(self) -> Reading:
        """Name the variables as a Flow knows them."""
        names: dict[str, str] = {}
        texts = [*self.assigned.values()]
        for call in self.reading.calls:
            texts += list(_texts(call)) if isinstance(call, Call) else []
        for name in dict.fromkeys(name for text in texts for name in names_in(text)):
            names[name] = self._flow_name(name, len(names) + 1)
        self.reading.calls = [
            self._finished(call, names) if isinstance(call, Call) else call
            for call in self.reading.calls
        ]
        self.reading.variables = {name: _put(value, names) for name, value in self.assigned.items()}
        return self.reading

    def _finished(self, call: Call, names: dict[str, str]) -> Call:
        call = _renamed(call, names)
        if self.is_for_windows:
            rows = tuple(map(_with_slashes, call.form))
            call = replace(call, form=Form(rows))
        return call

    def _flow_name(self, name: str, number: int) -> str:
        if self.is_own and (mine := of_bash(name)):
            return mine
        if name.startswith(COMMAND):
            mine = f"command{number}"
            self.reading.notes.add(
                f"{name.removeprefix(COMMAND)}: the command in $( ) is carried out by the shell, "
                f"not by a flow: give its value with --var {mine}=..."
            )
            return mine
        known = name in self.assigned or name in self.captured
        return name if known else f"$env:{name}"


def _with_slashes(row: Row) -> Row:
    """Write the place of a file so that every system finds it."""
    if row.file is None:
        return row
    file = Path(str(row.file).replace("\\", "/"))
    return replace(row, file=file, filename=None if row.filename == file.name else row.filename)


def _is_of_cmd(words: list[Word]) -> bool:
    return len(words) > 1 and words[1].text.lower() in {"not", "defined", "errorlevel", "exist"}


def _unless_defined(words: list[Word]) -> list[Word]:
    """Give the assignment of `if not defined NAME set "NAME=value"`; of any other `if` nothing."""
    there = [word.text.lower() for word in words[1:3]] == ["not", "defined"]
    return words[4:] if there and len(words) > 4 and words[4].text.lower() == "set" else []


def _texts(call: Call) -> Iterator[str]:
    yield call.url
    for row in call.form:
        yield from (row.key, row.value, row.content_type or "", row.filename or "")
        yield str(row.file or "")


def _renamed(call: Call, names: dict[str, str]) -> Call:
    rows = tuple(
        replace(
            row,
            key=_put(row.key, names),
            value=_put(row.value, names),
            file=None if row.file is None else type(row.file)(_put(str(row.file), names)),
            filename=None if row.filename is None else _put(row.filename, names),
            content_type=None if row.content_type is None else _put(row.content_type, names),
        )
        for row in call.form
    )
    return replace(call, url=_put(call.url, names), form=replace(call.form, rows=rows))


def _put(text: str, names: dict[str, str]) -> str:
    for name in names_in(text):
        text = text.replace(variable(name), variable(names.get(name, name)))
    return text


def _program(word: Word) -> str:
    return PurePosixPath(word.text.replace("\\", "/")).name.lower() if word.text else ""


def _jq_path(words: list[Word]) -> str:
    """Give the JMESPath of a simple filter of jq; empty for anything else."""
    if _program(words[0]) != "jq":
        return ""
    filters = [word.text for word in words[1:] if not word.text.startswith("-")]
    found = _JQ.fullmatch(filters[0].strip()) if len(filters) == 1 else None
    return found[1].removeprefix(".") if found is not None else ""


def _printed(words: list[Word]) -> str | None:
    """Give what a simple `printf` writes: `%s` or `%b` with one text."""
    if len(words) != 2 or words[0].text not in {"%s", "%b"}:
        return None
    return _ESCAPES.sub(_unescaped, words[1].text) if words[0].text == "%b" else words[1].text


def _unescaped(found: re.Match[str]) -> str:
    octal, hexadecimal, letter = found.groups()
    if letter is not None:
        return _NAMED.get(letter, letter if letter == "\\" else f"\\{letter}")
    value = int(octal, 8) & 0xFF if octal else int(hexadecimal, 16)
    return chr(value) if value < 0x80 else chr(0xDC00 + value)
