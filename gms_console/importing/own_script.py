"""The script for bash that an export of a flow is: its requests as plain commands of curl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from gms_console.importing.own_names import with_named_times

_MADE = re.compile(r"\A#!/usr/bin/env bash\n# [^\n]*: made by GMS Console from ")
_STEP = re.compile(r"(?ms)^step_(\d+)\(\) \{\n(.*?)^\}$")
_END = re.compile(r"(?m)^# clean_up: ")
_SETTING = re.compile(r"(?m)^(?:\[\[ -n \$\{\w+\+set\} \]\] \|\| )?(\w+)=(.*)$")
_BASE = re.compile(r"\$\{BASE:-(.*)\}")
_SEND = re.compile(r"(?m)^  send \w+ ")
_POLL = re.compile(r"(?ms)^  poll [^\n]*\\\n.*?\\\n\s+\w+ (?=\"\$BASE)")
_QUOTED = re.compile(r'\$\(\w+ "?(\$\{\w+\})"?\)')
_CAPTURE = re.compile(r"(?m)^  capture (\w+) (\S.*) \|\| (?:return|bad=1)$")
_ID = re.compile(r"(?m)^  (\w+)=\$\(answer id\)")
_JUDGED = re.compile(r"(?m)^  (?:http|check|in_time) ")
_NEEDED = re.compile(
    r"(?m)^\[\[ -n \$\{(\w+)\+set\} \]\] \|\| \{ echo '[^\n]*: the flow gives it no"
)
_ALWAYS = re.compile(r"(?m)^  \[\[ \$finished == [^\n]* \]\] \|\| run step_(\d+) ")
_KEEPS = re.compile(r"(?m)^run step_(\d+) [^\n]* keep$")
_WAIT = re.compile(r"(?m)^  sleep [\d.e-]+$")


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step of the script: its command, what it captures, and what is not read of it.

    `id_name` is the variable that the id of what it creates is kept in.
    """

    command: str
    line: int
    captures: tuple[tuple[str, str], ...] = ()
    id_name: str = ""
    unread: tuple[str, ...] = ()
    keep_going: bool = False
    always: bool = False


def is_own_script(text: str) -> bool:
    """Whether an export of a flow made a script."""
    return _MADE.match(text) is not None


def settings(text: str) -> str:
    """Give the values that the script begins with, as assignments; its folder is left out."""
    start = text.find("\nset -euo pipefail\n")
    end = text.find("\ncommon=(", start)
    kept = []
    for name, value in _SETTING.findall(text[start:end]):
        found = _BASE.fullmatch(value)
        if found is not None:
            kept.append(f"{name}={found[1]}")
        elif value not in {"''", "${BASE%/}"} and name not in {"here", "folder"}:
            kept.append(f"{name}={value}")
    return "\n".join(kept)


def own_steps(text: str) -> Iterator[OwnStep]:
    """Give the steps of the script, in their order."""
    end = _END.search(text)
    always = set(_ALWAYS.findall(text))
    # Scripts of before said keep of both.
    keeps = set(_KEEPS.findall(text)) - (always if " always\n" not in text else set())
    for found in _STEP.finditer(text, 0, end.start() if end is not None else len(text)):
        step = _step(found[2], text.count("\n", 0, found.start(2)) + 1)
        yield replace(step, keep_going=found[1] in keeps, always=found[1] in always)


def needed(text: str) -> set[str]:
    """Name the variables of the script that the flow gives no value."""
    return set(_NEEDED.findall(text))


def _step(block: str, line: int) -> OwnStep:
    wait = _WAIT.search(block)
    if wait is not None:
        return OwnStep(wait[0].strip(), line)
    unread = []
    if _POLL.search(block) is not None:
        unread.append("is sent once: its stop rule is not read from the script")
    if _JUDGED.search(block) is not None:
        unread.append("has checks, which are not read from the script")
    sent = _SEND.search(block) or _POLL.search(block)
    if sent is None:
        return OwnStep("", line)
    command, _, _ = block[sent.end() :].partition(" || return")
    command = _QUOTED.sub(r"\1", with_named_times(command)).replace("${folder}/", "")
    captures = [(name, path.strip("'")) for name, path in _CAPTURE.findall(block)]
    id_name = _ID.search(block)
    return OwnStep(
        f"curl {command}",
        line + block.count("\n", 0, sent.start()),
        tuple(captures),
        "" if id_name is None else id_name[1],
        tuple(unread),
    )
