"""From the text of a catalogue file to plain data, and from a mistake in it to its line."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from gms_console import yaml_text
from gms_console.yaml_text import Steps, YamlTextError, place_of


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; the text names file, line and field."""


def read_text(file: Traversable) -> str:
    """Read a file of the catalogue. Raises CatalogueError."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{file.name}: not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise CatalogueError(f"{file.name}: {error.strerror or error}") from None


def parse(name: str, text: str) -> object:
    """Give the plain data of a YAML text. Raises CatalogueError with the line."""
    try:
        return yaml_text.parse(text)
    except YamlTextError as error:
        where = name if error.place is None else f"{name}, line {error.place.line}"
        raise CatalogueError(f"{where}: {error.problem}") from None


def refuse(name: str, text: str, steps: Steps, problem: str) -> CatalogueError:
    """Make the error for a field of a text that parses."""
    field = ".".join(str(step) for step in steps) or "the file"
    return CatalogueError(f"{name}, line {place_of(text, steps).line}, {field}: {problem}")
