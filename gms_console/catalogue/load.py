"""Reads the catalogue that comes with the console."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import ValidationError

from gms_console.catalogue.catalogue import Catalogue
from gms_console.catalogue.kinds import Family
from gms_console.catalogue.reading import parse, read_text, refuse
from gms_console.mistakes import first_mistake


@lru_cache(maxsize=1)
def builtin_catalogue() -> Catalogue:
    """Load the catalogue that comes with the console. Raises CatalogueError."""
    folder = files("gms_console.assets") / "catalogue"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    families = [load_family(folder / name) for name in names]
    return Catalogue(tuple(sorted(families, key=lambda family: family.order)))


def load_family(file: Traversable) -> Family:
    """Read one family's file. Raises CatalogueError, which names file, line and field."""
    text = read_text(file)
    data = parse(file.name, text)
    try:
        return Family.model_validate(data)
    except ValidationError as error:
        steps, problem = first_mistake(error)
        raise refuse(file.name, text, steps, problem) from None
