"""The CallbackRecord: one callback as GMS lists it, with every key that it told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gms_console.model.reading import JsonValue, as_json, text_of

COMPLETED = "COMPLETED"
"""The state of a callback that is over or was cancelled (seen in the vendor's tests)."""

STATES = ("SCHEDULED", "QUEUED", "PAUSED", "ROUTING", "PROCESSING", COMPLETED)
"""States in the order of a callback's life: seen in the vendor's tests, but for ROUTING."""

OPEN_STATES = STATES[:-1]
"""States of a callback that is not over."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "id": ("_id", "id"),
    "service": ("_service_name", "_serviceName", "service_name"),
    "state": ("_callback_state", "_callbackState", "callback_state"),
    "desired": ("_desired_time", "desiredTime", "_desiredTime"),
    "customer": ("_customer_number", "_customerNumber"),
    "reason": ("_callback_reason", "_callbackReason"),
}
"""What a record is read by: the key that is documented first, then those of older records."""

_KNOWN = frozenset(key for keys in KEYS.values() for key in keys)
_EPOCH_MS = 100_000_000_000
"""Numbers from here on are milliseconds since 1970; as seconds they would be far in the future."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRecord:
    """A callback as it was listed. A field is empty where the record does not tell it.

    `data` has all keys in their order, as they came. `desired_at` is `desired` read, in UTC where
    it names no zone.
    """

    id: str = ""
    service: str = ""
    state: str = ""
    desired: str = ""
    customer: str = ""
    reason: str = ""
    desired_at: datetime | None = None
    data: Mapping[str, JsonValue] = field(default_factory=dict, repr=False)

    @property
    def over(self) -> bool:
        """Whether it is completed, and can neither be cancelled nor moved."""
        return self.state == COMPLETED

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """All keys with their values as text, in the order in which they came."""
        return tuple((key, shown(value)) for key, value in self.data.items())

    def further(self, key: str) -> str:
        """Give the value of a key as text; empty for one that it does not have."""
        return shown(self.data[key]) if key in self.data else ""

    @property
    def title(self) -> str:
        """A short name for questions and lists."""
        return " · ".join(filter(None, (self.id, self.service, self.state, self.customer)))

    def as_json(self) -> str:
        """Give the record as indented JSON, as it came."""
        return json.dumps(self.data, ensure_ascii=False, indent=2)


def read_record(data: Mapping[str, JsonValue], service: str = "") -> CallbackRecord:
    """Read a record; `service` is the one that it was listed under, should it name none."""
    told = {name: _first(data, keys) for name, keys in KEYS.items()}
    return CallbackRecord(
        **{**told, "service": told["service"] or service},
        desired_at=moment_of(told["desired"]),
        data=dict(data),
    )


def further_keys(records: Iterable[CallbackRecord]) -> tuple[str, ...]:
    """Name the keys that records have beyond those every list shows, in their order."""
    found = dict.fromkeys(key for record in records for key in record.data)
    return tuple(key for key in found if key not in _KNOWN)


def moment_of(text: str) -> datetime | None:
    """Read a time: ISO 8601, UTC where it names no zone, or a number since 1970."""
    try:
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number >= _EPOCH_MS else number, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def shown(value: JsonValue) -> str:
    """Give a value of a record as text: nothing for null, JSON for what is nested."""
    if value is None:
        return ""
    return as_json(value) if isinstance(value, dict | list) else text_of(value) or ""


def _first(data: Mapping[str, JsonValue], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := shown(data.get(key)))), "")
