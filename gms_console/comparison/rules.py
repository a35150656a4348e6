"""Which values always differ, and are not counted as a difference."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """Values and headers that are shown and not counted. Kept per service in the Workspace.

    `keys` are names of members, at whatever depth (`_id`), or paths from the root
    (`data.items[*].at`, where `[*]` is any element). `headers` are names in any casing.
    """

    keys: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


DEFAULT_RULES = IgnoreRules(
    keys=("_id", "id", "_expiration_time", "_access_number", "_access_code"),
    headers=("date", "set-cookie", "content-length"),
)
"""What GMS makes anew for each create; the rest of an answer should be the same on every node."""
