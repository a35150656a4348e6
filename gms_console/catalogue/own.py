"""Own kinds, overrides and bindings: they live in the user's folder and survive updates."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gms_console.catalogue.binding_text import with_binding, without_binding
from gms_console.catalogue.catalogue import Catalogue
from gms_console.catalogue.load import builtin_catalogue
from gms_console.catalogue.merge import Entry, merge
from gms_console.catalogue.own_files import (
    FOLDER,
    OWN_NAME,
    Assembly,
    OwnFile,
    own_from_text,
    own_paths,
    read_own,
)
from gms_console.catalogue.reading import CatalogueError, read_text
from gms_console.wire.request import execution_name


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """The built-in catalogue with what is one's own, and what of that could not be used."""

    catalogue: Catalogue
    problems: tuple[str, ...] = ()


def load_catalogue(folder: Path | None) -> LoadedCatalogue:
    """Load the built-in catalogue and the own files of a configuration folder.

    An own file that is wrong is left out, a binding to an unknown kind likewise; each is a
    problem that names file, line and field. Raises CatalogueError for the built-in files alone.
    """
    assembly, _, errors = _load(folder)
    return LoadedCatalogue(assembly.catalogue(), tuple(str(error) for error in errors))


def bind(folder: Path, name: str, kind: str) -> None:
    """Say which kind an execution name is of, and keep that. Raises CatalogueError.

    `name` may have the `callback/` of its URL, which does not count.
    """
    if load_catalogue(folder).catalogue.named(kind) is None:
        raise CatalogueError(f"There is no kind {kind!r} in the catalogue.")
    bare = _bare(name)
    before = _own_text(folder)
    _save_binding(folder, before, with_binding(before, bare, kind), bare, kind)


def unbind(folder: Path, name: str) -> None:
    """Forget which kind an execution name is of. Raises CatalogueError.

    Where another own file binds it, `own.yaml` says that it is not bound.
    """
    bare = _bare(name)
    before = _own_text(folder)
    text = without_binding(before, bare)
    others = _load(folder)[1]
    if any(bare in one.bindings for one in others if one.name != OWN_NAME):
        text = with_binding(text, bare, None)
    elif text == before:
        return
    _save_binding(folder, before, text, bare, None)


def export_own(folder: Path, target: Path) -> None:
    """Write all that is one's own into one file, for the team. Raises CatalogueError.

    A single own file is copied with its comments; several are put together.
    """
    _, files, errors = _load(folder)
    if errors:
        raise errors[0]
    used = [one for one in files if one.bindings or any(one.kinds())]
    if not used:
        raise CatalogueError("There are no own kinds, overrides or bindings to export.")
    _write(target, used[0].text if len(used) == 1 else _together(used))


def import_own(folder: Path, source: Path) -> str:
    """Copy a file of own kinds in, and give the name that it has there. Raises CatalogueError.

    It is checked first, together with what is there. No other file is overwritten.
    """
    own = read_own(source)
    assembly, _, _ = _load(folder)
    assembly.add(own)
    for error in assembly.bind(own):
        raise error
    stem = source.stem.lstrip(".") or "imported"
    for number in range(1, 1000):
        name = f"{stem}.yaml" if number == 1 else f"{stem}-{number}.yaml"
        file = folder / FOLDER / name
        if file.exists():
            with suppress(CatalogueError):
                if read_text(file) == own.text:
                    return name
        elif name != OWN_NAME:
            _write(file, own.text)
            return name
    raise CatalogueError(f"{source.name}: there are too many files of that name already")


def _load(folder: Path | None) -> tuple[Assembly, list[OwnFile], list[CatalogueError]]:
    """Put the catalogue together; also give the own files that are good, and what is wrong."""
    assembly = Assembly(builtin_catalogue())
    files: list[OwnFile] = []
    errors: list[CatalogueError] = []
    try:
        paths = own_paths(folder) if folder is not None else []
    except CatalogueError as error:
        return assembly, [], [error]
    for path in paths:
        try:
            own = read_own(path)
            assembly.add(own)
            files.append(own)
        except CatalogueError as error:
            errors.append(error)
    for own in files:
        errors.extend(assembly.bind(own))
    return assembly, files, errors


def _bare(name: str) -> str:
    bare = execution_name(name.strip())
    if not bare:
        raise CatalogueError("An execution name is needed, such as callme.")
    return bare


def _own_text(folder: Path) -> str:
    """Give the text of own.yaml, empty while there is none; one with a mistake is refused."""
    file = folder / FOLDER / OWN_NAME
    if not file.exists():
        return ""
    return read_own(file).text


def _save_binding(folder: Path, before: str, text: str, name: str, kind: str | None) -> None:
    """Write own.yaml, if the changed text says what it should and nothing else has changed."""
    old = own_from_text(OWN_NAME, before)
    wanted = {one: bound for one, bound in old.bindings.items() if one != name}
    try:
        new = own_from_text(OWN_NAME, text)
    except CatalogueError:
        new = None
    given = {} if new is None else dict(new.bindings)
    if new is None or given.pop(name, None) != kind or given != wanted or new.rest != old.rest:
        raise CatalogueError(
            f"{OWN_NAME}: its bindings are written in a way that only you can edit"
        )
    _write(folder / FOLDER / OWN_NAME, text)


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all. Raises CatalogueError."""
    target = file.resolve()
    new = target.with_name(f"{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(text.encode("utf-8"))
        new.replace(target)
    except (OSError, UnicodeEncodeError) as error:
        raise CatalogueError(f"{file}: {getattr(error, 'strerror', None) or error}") from None


def _together(files: list[OwnFile]) -> str:
    """Give one file's text for several: kinds of the same name laid over each other."""
    sections: dict[str, tuple[dict[str, str | int], dict[str, Entry]]] = {}
    homes: dict[str, str] = {}
    bindings: dict[str, str | None] = {}
    for own in files:
        for _, section, entry in own.kinds():
            name = str(entry["name"])
            home = homes.setdefault(name, section.family)
            head, kinds = sections.setdefault(home, ({"family": home}, {}))
            if home == section.family:
                head.update(section.model_dump(include={"icon", "order"}, exclude_unset=True))
            kinds[name] = merge(kinds.get(name, {}), entry)
        bindings.update(own.bindings)
    families = [{**head, "kinds": list(kinds.values())} for head, kinds in sections.values()]
    data: dict[str, object] = {"families": families} if families else {}
    kept = {name: kind for name, kind in bindings.items() if kind is not None}
    return _yaml({**data, "bindings": kept} if kept else data)


def _yaml(data: dict[str, object]) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 - needed for an export only

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 100
    text = io.StringIO()
    yaml.dump(data, text)
    return text.getvalue()
