"""The marks beside facts of the catalogue: how sure each is, told by shape and by word."""

from __future__ import annotations

MARKS = {"documented": "●", "seen in the field": "◐", "unverified": "○"}
"""The mark of each provenance; the word stands in the tooltip and is read out."""

SOURCES = {
    "documented": "Documented by Genesys",
    "seen in the field": "Seen in the field, not documented",
    "unverified": "Unverified: a suggestion",
}
"""What each provenance means, in words."""


def mark_role(provenance: str) -> str:
    """Give the colour of a mark, as a label's role."""
    return {"documented": "good", "seen in the field": "accent"}.get(provenance, "warning")
