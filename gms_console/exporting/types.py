"""What an export gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exported:
    """A script or file as text, and what could not be carried over, a sentence each.

    What is left out also stands in the text, as comments where the format has them.
    """

    text: str
    left_out: tuple[str, ...] = ()


class ExportError(ValueError):
    """A Flow that cannot be exported at all; the text says why."""
