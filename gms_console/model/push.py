"""The Push: the message that wakes the app, and tells it what to ask for next.

Source: domain notes 3.2 (documented: CallbackPushNotifications; seen in the vendor's samples).
"""

from __future__ import annotations

from dataclasses import dataclass

from gms_console.model.reading import JsonValue, json_type, parse_json, text_of

_EXAMPLE = '{"_id": "…", "_action": "…"}'
_WRAPPERS = ("message", "data")
_MOST_WRAPPERS = 4


class PushError(ValueError):
    """A text that is no push message; it says what was found instead."""


@dataclass(frozen=True, slots=True)
class Push:
    """Ask the instance `id` for `action`; the answer is a dialog."""

    id: str
    action: str


def read_push(text: str) -> Push:
    """Read `{"_id", "_action"}`, alone or as the `message` of a notification.

    Raises PushError.
    """
    if not text.strip():
        raise PushError(f"The push is empty; paste a message such as {_EXAMPLE}")
    fields = _unwrapped(_parsed(text, "The push"))
    return Push(_field(fields, "_id"), _field(fields, "_action"))


def _parsed(text: str, what: str) -> JsonValue:
    data, broken = parse_json(text.lstrip("\ufeff"))
    if broken is not None:
        raise PushError(f"{what} is not JSON: {broken}.")
    return data


def _unwrapped(data: JsonValue) -> dict[str, JsonValue]:
    what = "The push"
    for _ in range(_MOST_WRAPPERS):
        if isinstance(data, str):
            data = _parsed(data, what)
        if not isinstance(data, dict):
            raise PushError(f"{what} is {json_type(data)}; it should be {_EXAMPLE}")
        if "_id" in data or "_action" in data:
            return data
        wrapper = next((name for name in _WRAPPERS if name in data), None)
        if wrapper is None:
            break
        data, what = data[wrapper], f"The {wrapper} of the push"
    found = ", ".join(list(data)[:8]) if isinstance(data, dict) else json_type(data)
    raise PushError(f"{what} has neither _id nor _action; it has: {found or 'nothing'}.")


def _field(fields: dict[str, JsonValue], name: str) -> str:
    if name not in fields:
        raise PushError(f"The push has no {name}; it has: {', '.join(list(fields)[:8])}.")
    value = fields[name]
    text = None if isinstance(value, bool) else text_of(value)
    if text is None or not text.strip():
        found = "empty" if isinstance(value, str) else f"{json_type(value)}, not a text"
        raise PushError(f"The {name} of the push is {found}.")
    return text.strip()
