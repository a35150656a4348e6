"""From an answer's bytes to text and JSON values: lenient in reading, never repairing."""

from __future__ import annotations

import json
from typing import Any

from gms_console.model.exchange import Response

JsonValue = Any
"""What json.loads gives: dict, list, str, int, float, bool or None."""


def body_text(response: Response) -> str:
    """Decode a body for reading: by its charset, else UTF-8; undecodable bytes show as U+FFFD."""
    charset = "utf-8"
    for part in (response.header("content-type") or "").split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.lower() == "charset" and value:
            charset = value.strip("\"'")
    try:
        return response.body.decode(charset, "replace")
    except (LookupError, ValueError):
        return response.body.decode("utf-8", "replace")


def body_json(response: Response) -> tuple[JsonValue, str | None]:
    """Give (data, None), or (None, what is broken); (None, None) where no JSON was meant."""
    text = body_text(response).lstrip("\ufeff")
    announced = "json" in (response.header("content-type") or "").lower()
    if not text.strip() or not (announced or text.lstrip()[:1] in {"{", "["}):
        return None, None
    return parse_json(text)


def parse_json(text: str) -> tuple[JsonValue, str | None]:
    """Give (data, None), or (None, what is broken and where)."""
    try:
        return json.loads(text), None
    except json.JSONDecodeError as error:
        return None, f"{error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        return None, "nested too deeply to be read"
    except ValueError as error:
        return None, str(error)


def text_of(value: JsonValue) -> str | None:
    """Read a string, number or boolean as text; GMS sends either, all mean the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value) or None
    return None


def as_json(value: JsonValue) -> str:
    """Write a value as JSON, for showing it; what is nested too deeply shows as dots."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "…"


def json_type(value: JsonValue) -> str:
    """Name what a value is, as in `a list`."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return "null" if value is None else "a text"
