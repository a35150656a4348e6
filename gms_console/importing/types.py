"""What an import gives."""

from __future__ import annotations

from dataclasses import dataclass

from gms_console.flow.types import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A Flow, what could not be carried over (a sentence each), and where it was sent to.

    `base_urls` are the places that the requests went to, in order; a Flow has none of its own.
    """

    flow: Flow
    left_out: tuple[str, ...] = ()
    base_urls: tuple[str, ...] = ()


class UnreadableImportError(ValueError):
    """A text that cannot be read as what it seems to be; says what was found and expected."""
