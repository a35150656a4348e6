"""Time zones by name."""

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo | None:
    """Return a zone such as Europe/Paris; UTC for no name, None for an unknown one."""
    if name.upper() in ("", "UTC", "GMT", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
