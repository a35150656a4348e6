"""Part of exported shell scripts: looks at the answer that curl has put into a file."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from .reading import (
    captured_text,
    find,
    holds,
    id_of,
    is_transient,
    problem_of,
    read_json,
    rule_text,
    shown,
)


def attempt(file: Path, curl: list[str]) -> tuple[int, int, float]:
    """Send once; give curl's exit code, the HTTP status, and how many seconds it took."""
    file.write_bytes(b"")
    done = subprocess.run(curl, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    status, _, seconds = done.stdout.strip().partition(" ")
    if done.returncode:
        return done.returncode, 0, 0.0
    return 0, int(status), float(seconds.replace(",", "."))


def judge(body: bytes, data: Any, rules: dict[str, Any]) -> tuple[int, str] | None:
    """Give the exit code and a message where a poll has come to an end; 0 is reached."""
    if any(holds(data, *rule) for rule in rules["until"]):
        return 0, ""
    if any(holds(data, *rule) for rule in rules["fail_on"]):
        return 4, f"came to {body[:200].decode('utf-8', 'replace')}"
    return None


def poll(
    file: Path, every: float, within: float, tolerate: int, most: int, words: list[str]
) -> tuple[int, int, str]:
    """Repeat curl, `every` from start to start; give exit code, HTTP status and a message.

    `most` are the microseconds that an attempt may take; 0 is no limit.
    """
    rules, curl = json.loads(words[0]), words[1:]
    begun, errors = time.monotonic(), 0
    while True:
        started = time.monotonic()
        code, status, seconds = attempt(file, curl)
        if code in (2, 26):
            unsendable = "curl does not know how to send this"
            return (5, 0, "a file cannot be read") if code == 26 else (2, 0, unsendable)
        body = file.read_bytes()
        data = None if code else read_json(body)
        problem = f"no whole answer (curl says {code})"
        if not code:
            problem = problem_of(status, body, data)
        errors = errors + 1 if problem else 0
        if problem:
            if errors > tolerate or not is_transient(status, data, problem):
                return 3 if code else 1, status, problem
        elif most and seconds * 1e6 > most:
            return (
                1,
                status,
                f"an attempt took {seconds * 1e3:.0f} ms, wanted {most / 1e3:g} at most",
            )
        elif (end := judge(body, data, rules)) is not None:
            return end[0], status, end[1]
        time.sleep(max(0.0, min(started + every, begun + within) - time.monotonic()))
        if time.monotonic() >= begun + within:
            return 4, status, f"not reached within {within:g} s"


def stop(*_: object) -> NoReturn:
    """End, and curl with it."""
    sys.exit(130)


def main(file: str, code: str, command: str, *words: str) -> int:
    """Carry out `problem`, `id`, `value`, `check` or `poll`; 1 is no."""
    if command == "poll":
        signal.signal(signal.SIGTERM, stop)
        every, within, tolerate, most, *rest = words
        times = float(every), float(within), int(tolerate), int(most)
        result, status, said = poll(Path(file), *times, rest)
        print(status, " ".join(said.split()))
        return result
    body = Path(file).read_bytes()
    status, data = int(code), read_json(body)
    if command == "problem":
        problem = problem_of(status, body, data, json.loads(words[0]))
        print(problem)
        return 1 if problem else 0
    if command == "check":
        path, operator, wanted = words
        rule = json.loads(wanted)
        if holds(data, path, operator, rule):
            return 0
        print(f"{rule_text(path, operator, rule)}: found {shown(find(path, data))}")
        return 1
    value = id_of(data) if command == "id" else find(words[0], data)
    if value in (None, ""):
        return 1
    print(captured_text(value), end="")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except ImportError as error:
        print(f"{error}: pip install jmespath", file=sys.stderr)
        sys.exit(2)
