"""Checks of a catalogue entry that a type alone cannot say; each names the field that is wrong."""

from __future__ import annotations

from collections.abc import Container, Iterable

from gms_console.mistakes import misfit

SERVICE = "{service}"
PLACEHOLDERS = (SERVICE, "{id}", "{request}")
"""What may stand for a whole segment of a path; the console fills it in."""


def check_path(path: str, allowed: Container[str] = PLACEHOLDERS) -> None:
    """Refuse a path that could not be filled in. Raises PydanticCustomError.

    One that begins with `/` starts at the base path, any other below `/1/service/`.
    """
    for segment in path.removeprefix("/").split("/"):
        if segment in {"", ".", ".."}:
            raise misfit(f"{path!r} has a segment that is empty or only dots", "path")
        if segment in PLACEHOLDERS and segment not in allowed:
            raise misfit(f"{segment} has no value when a service is created", "path")
        if segment not in PLACEHOLDERS and ("{" in segment or "}" in segment):
            raise misfit(
                f"{segment!r} is no placeholder; only {', '.join(PLACEHOLDERS)} are filled in, "
                "each between slashes",
                "path",
            )


def check_names(names: Iterable[str], *at: str, field: str = "name") -> None:
    """Refuse a list of entries in which a name is empty or comes twice. Raises as above."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if not name.strip():
            raise misfit("is empty", *at, index, field)
        if name in seen:
            raise misfit(f"{name} is there twice", *at, index, field)
        seen.add(name)
