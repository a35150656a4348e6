"""The catalogue of ServiceKinds: what is known of GMS's services. It suggests, never forbids."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from gms_console.model.form import Form, Row


class Provenance(StrEnum):
    """How sure a fact of the catalogue is."""

    DOCUMENTED = "documented"
    SEEN = "seen in the field"
    UNVERIFIED = "unverified"


class ParameterType(StrEnum):
    """What sort of value a parameter takes; on the wire all values are text."""

    PHONE = "phone"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    TEXT = "text"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Parameter(_Entry):
    """A create parameter. `mandatory` is what the documentation says, not what GMS enforces."""

    name: str
    meaning: str
    type: ParameterType = ParameterType.TEXT
    mandatory: bool = False
    default: str = ""
    unit: str = ""
    provenance: Provenance


class AnswerField(_Entry):
    """A field of the create answer."""

    name: str
    meaning: str
    provenance: Provenance


class RequestKind(_Entry):
    """A service-specific request."""

    name: str
    meaning: str
    method: str = "POST"
    provenance: Provenance


class State(_Entry):
    """A state of an instance; a terminal one ends a poll."""

    name: str
    meaning: str
    terminal: bool = False
    provenance: Provenance


class ServiceKind(_Entry):
    """A catalogue entry: what a service does, takes and answers."""

    name: str
    meaning: str
    provenance: Provenance
    parameters: tuple[Parameter, ...] = ()
    answer: tuple[AnswerField, ...] = ()
    requests: tuple[RequestKind, ...] = ()
    states: tuple[State, ...] = ()

    @property
    def terminal_states(self) -> frozenset[str]:
        """Names of the states after which nothing more happens."""
        return frozenset(state.name for state in self.states if state.terminal)

    def missing_rows(self, form: Form) -> list[Row]:
        """Give rows for the parameters that `form` lacks: mandatory ones first and on."""
        have = {row.key for row in form}
        wanted = sorted(self.parameters, key=lambda one: not one.mandatory)
        return [
            Row(key=one.name, value=one.default, enabled=one.mandatory, note=one.meaning)
            for one in wanted
            if one.name not in have
        ]

    def parameter(self, name: str) -> Parameter | None:
        """Give the parameter of that name, if the kind knows it."""
        return next((one for one in self.parameters if one.name == name), None)


class Family(_Entry):
    """A group of kinds, one file of the catalogue."""

    family: str
    order: int = 0
    kinds: tuple[ServiceKind, ...]


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; the text names file, line and field."""


class Catalogue:
    """All families, in order."""

    def __init__(self, families: tuple[Family, ...]) -> None:
        self.families = families
        self._kinds = {kind.name: kind for kind in self}

    def __iter__(self) -> Iterator[ServiceKind]:
        return (kind for family in self.families for kind in family.kinds)

    def kind(self, service: str) -> ServiceKind | None:
        """Give the kind of a service by its execution name; None for a name of one's own."""
        return self._kinds.get(service)


@lru_cache(maxsize=1)
def builtin_catalogue() -> Catalogue:
    """Load the catalogue that comes with the console. Raises CatalogueError."""
    folder = files("gms_console.assets") / "catalogue"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    families = [load_family(folder / name) for name in names]
    return Catalogue(tuple(sorted(families, key=lambda family: family.order)))


def load_family(file: Traversable) -> Family:
    """Read one family's file. Raises CatalogueError."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - costs start-up time where no catalogue is used
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{file.name}: not UTF-8 at byte {error.start}") from None
    try:
        return Family.model_validate(YAML(typ="safe", pure=True).load(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 0
        raise CatalogueError(f"{file.name}, line {line}: {error.problem}") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CatalogueError(f"{file.name}, line {line}: {error.reason}") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"]) or "the file"
        # Only the round-trip loader knows lines, and it is too slow for every start.
        line = _line(YAML(typ="rt").load(text), first["loc"])
        raise CatalogueError(f"{file.name}, line {line}, {field}: {first['msg']}") from None


def _line(data: Any, path: tuple[int | str, ...]) -> int:  # noqa: ANN401 - a YAML tree
    """Find the line (from 1) of the innermost node on `path` that exists."""
    line = 1
    for step in path:
        marks = getattr(data, "lc", None)
        if marks is None:
            break
        position = (marks.data or {}).get(step)
        line = (position[0] if position is not None else marks.line) + 1
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
    return int(line)
