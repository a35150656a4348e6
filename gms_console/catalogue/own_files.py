"""The files of own kinds, overrides and bindings, and the catalogue that they make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from gms_console.catalogue.catalogue import Catalogue
from gms_console.catalogue.kinds import Family, ServiceKind
from gms_console.catalogue.merge import Entry, merge, own_steps
from gms_console.catalogue.reading import CatalogueError, parse, read_text, refuse
from gms_console.mistakes import first_mistake
from gms_console.wire.request import execution_name
from gms_console.yaml_text import Steps

FOLDER = "catalogue"
"""The folder of the own files, below the configuration folder."""

OWN_NAME = "own.yaml"
"""The file that the console itself writes; it is read last, so that its bindings win."""

SUFFIXES = (".yaml", ".yml")


class Section(BaseModel):
    """A family of an own file with its kinds, which may be parts of kinds that exist."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str = "Own"
    icon: str = "custom"
    order: int = 100
    kinds: tuple[Entry, ...] | None = None


class _Content(Section):
    """The content of an own file: one section at its top level, or several, and bindings."""

    families: tuple[Section, ...] = ()
    bindings: dict[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class OwnFile:
    """An own file that was read. A binding to None takes another file's binding back."""

    name: str
    text: str
    content: _Content

    @property
    def bindings(self) -> dict[str, str | None]:
        """The kinds by execution name, which is without `callback/`."""
        given = self.content.bindings or {}
        return {execution_name(name): kind for name, kind in given.items()}

    @property
    def rest(self) -> _Content:
        """All but the bindings."""
        return self.content.model_copy(update={"bindings": None})

    def sections(self) -> Iterator[tuple[Steps, Section]]:
        """Yield the sections, each with the way to it."""
        yield (), self.content
        for index, section in enumerate(self.content.families):
            yield ("families", index), section

    def kinds(self) -> Iterator[tuple[Steps, Section, Entry]]:
        """Yield the kinds as they are written, each with the way to it and its section."""
        for steps, section in self.sections():
            for index, entry in enumerate(section.kinds or ()):
                yield (*steps, "kinds", index), section, entry

    def refusal(self, steps: Steps, problem: str) -> CatalogueError:
        """Make the error for a field of this file."""
        return refuse(self.name, self.text, steps, problem)


def own_paths(folder: Path) -> list[Path]:
    """Give the own files of a configuration folder in the order in which they are read."""
    place = folder / FOLDER
    try:
        found = [one for one in place.iterdir() if one.suffix.lower() in SUFFIXES]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CatalogueError(f"{place}: {error.strerror or error}") from None
    shown = (one for one in found if not one.name.startswith("."))
    return sorted(shown, key=lambda one: (one.name == OWN_NAME, _natural(one.stem), one.name))


def _natural(stem: str) -> list[int | str]:
    """Give a key that sorts `team`, `team-2` and `team-10` in this order."""
    return [int(one) if one.isdecimal() else one for one in re.split("([0-9]{1,9})", stem)]


def read_own(path: Path) -> OwnFile:
    """Read an own file; an empty one says nothing. Raises CatalogueError."""
    text = read_text(path)
    return own_from_text(path.name, text)


def own_from_text(name: str, text: str) -> OwnFile:
    """Check the text of an own file, as far as it can be checked alone. Raises CatalogueError."""
    data = parse(name, text)
    if data is not None and not isinstance(data, dict):
        raise CatalogueError(f"{name}, line 1, the file: must be a mapping, with kinds or bindings")
    try:
        own = OwnFile(name, text, _Content.model_validate({} if data is None else data))
    except ValidationError as error:
        raise refuse(name, text, *first_mistake(error)) from None
    _check_names(own)
    return own


def _check_names(own: OwnFile) -> None:
    """Refuse a kind without a name, a kind that comes twice, and a name that is bound twice."""
    seen: set[str] = set()
    for steps, _, entry in own.kinds():
        name = entry.get("name")
        if not isinstance(name, str) or not name.strip():
            problem = "is missing" if "name" not in entry else "must be text"
            raise own.refusal((*steps, "name"), problem)
        if name in seen:
            raise own.refusal((*steps, "name"), f"{name} is there twice")
        seen.add(name)
    bound: set[str] = set()
    for given in own.content.bindings or {}:
        name = execution_name(given)
        if name in bound or not name.strip():
            problem = f"{name} is bound twice" if name in bound else "a name is needed"
            raise own.refusal(("bindings", given), problem)
        bound.add(name)


class Assembly:
    """A catalogue to which own files are added, one after the other."""

    def __init__(self, base: Catalogue) -> None:
        self._families = {one.family: one for one in base.families}
        self._homes = {
            kind.name: family.family for family in base.families for kind in family.kinds
        }
        self._kinds = {kind.name: kind for kind in base}
        self._bindings: dict[str, str] = dict(base.bindings)

    def add(self, own: OwnFile) -> None:
        """Take a file's kinds, all or none. Raises CatalogueError."""
        made = [(section, self._made(own, steps, entry)) for steps, section, entry in own.kinds()]
        for section, kind in made:
            self._place(section, kind)

    def _place(self, section: Section, kind: ServiceKind) -> None:
        """Put a kind in the place of the one that it overrides, or at the end of its family."""
        home = self._homes.setdefault(kind.name, section.family)
        family = self._families.get(home)
        if family is None:
            family = Family(family=home, icon=section.icon, order=section.order, kinds=())
        elif home == section.family:
            given = section.model_dump(include={"icon", "order"}, exclude_unset=True)
            family = family.model_copy(update=given)
        kinds = {one.name: one for one in family.kinds} | {kind.name: kind}
        self._families[home] = family.model_copy(update={"kinds": tuple(kinds.values())})
        self._kinds[kind.name] = kind

    def bind(self, own: OwnFile) -> Iterator[CatalogueError]:
        """Take a file's bindings; yield what is wrong with those that cannot be taken."""
        for given, kind in (own.content.bindings or {}).items():
            name = execution_name(given)
            if kind is None:
                self._bindings.pop(name, None)
            elif kind in self._kinds:
                self._bindings[name] = kind
            else:
                yield own.refusal(("bindings", given), f"there is no kind {kind!r}")

    def catalogue(self) -> Catalogue:
        """Give the catalogue as it stands."""
        families = sorted(self._families.values(), key=lambda family: family.order)
        return Catalogue(tuple(families), self._bindings)

    def _made(self, own: OwnFile, steps: Steps, entry: Entry) -> ServiceKind:
        below = self._kinds.get(str(entry["name"]))
        base: dict[str, JsonValue] = (
            below.model_dump(mode="json", exclude_unset=True) if below is not None else {}
        )
        try:
            return ServiceKind.model_validate(merge(base, entry))
        except ValidationError as error:
            found, problem = first_mistake(error)
            raise own.refusal((*steps, *own_steps(base, entry, found)), problem) from None
