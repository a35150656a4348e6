"""Part of exported shell scripts: looks at the answer that curl has put into a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from .reading import captured_text, find, holds, id_of, is_transient, problem_of, read_json, text_of


def judge(data: Any, problem: str, status: int, rules: dict[str, Any]) -> str:
    """Say how a poll goes on: reached, failed, again, error (to be borne), or refused."""
    if problem:
        return "error" if is_transient(status, data, problem) else "refused"
    for word, name in (("reached", "until"), ("failed", "fail_on")):
        if any(holds(data, *rule) for rule in rules[name]):
            return word
    return "again"


def main(file: str, code: str, command: str, *words: str) -> int:
    """Carry out `problem`, `id`, `value`, `check` or `poll`; 1 is no."""
    body = Path(file).read_bytes()
    status, data = int(code), read_json(body)
    if command == "problem":
        problem = problem_of(status, body, data, json.loads(words[0]))
        print(problem)
        return 1 if problem else 0
    if command == "check":
        path, operator, wanted = words
        if holds(data, path, operator, json.loads(wanted)):
            return 0
        print(f"{path} is {text_of(find(path, data))}, wanted {operator} {wanted}")
        return 1
    if command == "poll":
        print(judge(data, problem_of(status, body, data), status, json.loads(words[0])))
        return 0
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
