"""The folder of environments: one file each; it may be a Git checkout that a team shares."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gms_console.environments.profile import Profile
from gms_console.environments.profile_file import (
    ProfileChangedError,
    ProfileError,
    content_with,
    profile_from,
    read_bytes,
    stamp_of,
    write_bytes,
)
from gms_console.folders import config_folder

__all__ = [
    "FOLDER_NAME",
    "Folder",
    "ProfileChangedError",
    "ProfileError",
    "Stored",
    "delete",
    "duplicate",
    "environments_folder",
    "load_folder",
    "save",
]

FOLDER_NAME = "environments"
"""The folder below the configuration folder, where no other one was chosen."""

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Stored:
    """A profile as it was read from its file. `stamp` tells whether the file is still that one."""

    profile: Profile
    file: Path
    stamp: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder has: profiles sorted by name, and the files that cannot be used."""

    profiles: tuple[Stored, ...] = ()
    mistakes: tuple[ProfileError, ...] = ()


def environments_folder(setting: str) -> Path:
    """Give the folder that was chosen, or the usual one where `setting` is empty."""
    return Path(setting).expanduser() if setting else config_folder() / FOLDER_NAME


def load_folder(folder: Path) -> Folder:
    """Read all profiles of a folder. One that is missing is empty.

    A file that is wrong is left out, and so are files with the same name in them, since nobody
    can say which one is meant; each is a mistake.
    """
    found: list[Stored] = []
    mistakes: list[ProfileError] = []
    try:
        files = _files(folder)
    except OSError as error:
        problem = f"the folder cannot be read: {error.strerror or error}"
        return Folder(mistakes=(ProfileError(folder, problem),))
    for file in files:
        try:
            found.append(_read(file))
        except ProfileError as error:
            mistakes.append(error)
    single: list[Stored] = []
    for stored in found:
        same = [one for one in found if _key(one.profile.name) == _key(stored.profile.name)]
        if len(same) == 1:
            single.append(stored)
        elif stored is same[0]:
            mistakes.append(_doubled(same))
    single.sort(key=lambda one: (_key(one.profile.name), one.profile.name))
    return Folder(tuple(single), tuple(mistakes))


def save(folder: Path, profile: Profile, old: Stored | None = None) -> Stored:
    """Write a profile, a new one or in the place of `old`; a new name moves the file.

    Raises ProfileChangedError when the file is not the one that `old` was read from, and
    ProfileError when another one has that name, or nothing can be written.
    """
    content = None if old is None else _unchanged(old)
    renamed = old is not None and old.profile.name != profile.name
    if old is not None and not renamed:
        file = old.file
    else:
        suffix = ".yaml" if old is None else old.file.suffix
        file = (folder if old is None else old.file.parent) / f"{profile.name}{suffix}"
        _check_free(file, profile.name, old)
    new = content_with(file, content, profile)
    write_bytes(file, new)
    if old is not None and renamed and not _is_same(file, old.file):
        _unlink(old.file)
    return Stored(profile, file, stamp_of(new))


def delete(stored: Stored) -> None:
    """Delete a profile's file. Raises ProfileChangedError when it is not the one read."""
    _unchanged(stored)
    _unlink(stored.file)


def duplicate(folder: Path, stored: Stored) -> Stored:
    """Copy a profile with its comments under a name that is free. Raises ProfileError."""
    content = _unchanged(stored)
    taken = {_key(one.profile.name) for one in load_folder(folder).profiles}
    for number in range(1, 1000):
        copy = " copy" if number == 1 else f" copy {number}"
        name = f"{stored.profile.name[: 80 - len(copy)]}{copy}"
        file = folder / f"{name}.yaml"
        if _key(name) in taken or os.path.lexists(file):
            continue
        profile = stored.profile.changed(name=name)
        new = content_with(file, content, profile)
        write_bytes(file, new)
        return Stored(profile, file, stamp_of(new))
    raise ProfileError(stored.file, "there are too many copies already")


def _files(folder: Path) -> list[Path]:
    try:
        entries = list(folder.iterdir())
    except FileNotFoundError:
        return []
    shown = (one for one in entries if not one.name.startswith("."))
    return sorted(one for one in shown if one.suffix.lower() in SUFFIXES)


def _read(file: Path) -> Stored:
    content = read_bytes(file)
    return Stored(profile_from(file, content), file, stamp_of(content))


def _unchanged(old: Stored) -> bytes:
    """Give the content of a file that is still the one that was read."""
    if not old.file.exists():
        raise ProfileChangedError(old.file, "was deleted or moved since it was read")
    content = read_bytes(old.file)
    if stamp_of(content) != old.stamp:
        raise ProfileChangedError(old.file, "was changed on the disk since it was read")
    return content


def _check_free(file: Path, name: str, old: Stored | None) -> None:
    mine = old.file if old is not None else None
    if os.path.lexists(file) and not _is_same(file, mine):
        raise ProfileError(file, "is there already; choose another name", name=name)
    for other in load_folder(file.parent).profiles:
        if _key(other.profile.name) == _key(name) and other.file != mine:
            raise ProfileError(other.file, f"has the name {name} already", name=name)


def _is_same(file: Path, other: Path | None) -> bool:
    """Whether both are one file, as where upper and lower case make no difference."""
    with suppress(OSError):
        return other is not None and file.samefile(other)
    return False


def _unlink(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise ProfileError(file, f"cannot be deleted: {error.strerror or error}") from None


def _key(name: str) -> str:
    """Give what makes two names the same, as file names are on Windows."""
    return name.casefold()


def _doubled(same: Iterable[Stored]) -> ProfileError:
    first, *others = same
    names = ", ".join(one.file.name for one in others)
    problem = f"{names} has the same name, {first.profile.name}; neither is used"
    return ProfileError(first.file, problem, field="name", name=first.profile.name)
