"""How sizes are written."""

from __future__ import annotations


def size_text(size: int) -> str:
    """Write a size in bytes up to 10 KiB, and rounded above."""
    if size < 10 * 1024:
        return f"{size:,} B"
    return f"{size / 1024:,.0f} KiB" if size < 1024**2 else f"{size / 1024**2:,.1f} MiB"
