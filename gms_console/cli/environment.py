"""A named environment for a command: its file, its node and the values of its secrets.

Imported only where an environment is named: it loads pydantic and YAML.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from gms_console.cli.output import write_err
from gms_console.environments.folder import Folder, Stored, environments_folder, load_folder
from gms_console.environments.keeper import SecretKeeper, open_keeper, variable_of
from gms_console.environments.profile import Profile
from gms_console.environments.resolve import resolve
from gms_console.environments.secrets import SecretStoreError
from gms_console.model.environment import Environment, HeaderError
from gms_console.workspace import WorkspaceError, config_folder, load_workspace

_TRIES = 3


def named_environment(name: str, node: str = "") -> Environment:
    """Give the environment of that name at a node, the first unless one is named.

    Raises ClickException, which ends the command with 2, when it cannot be used.
    """
    stored = find(name)
    profile = stored.profile
    names = [one.name for one in profile.nodes]
    if node and node not in names:
        raise click.ClickException(f"{name} has no node {node}; it has: {', '.join(names)}.")
    values = _secrets(profile)
    try:
        return resolve(profile, values, node=node, folder=stored.file.parent)
    except HeaderError as error:
        raise click.ClickException(f"not sent. {name} cannot be used: {error}.") from None


def environments() -> Folder:
    """Read the folder of environments, where the workspace says that it is."""
    try:
        setting = load_workspace(config_folder()).environments_folder
    except WorkspaceError as error:
        raise click.ClickException(f"The folder of environments is not known. {error}") from None
    return load_folder(environments_folder(setting))


def find(name: str) -> Stored:
    """Give a stored environment by its name; say why there is none. Raises ClickException."""
    folder = environments()
    for stored in folder.profiles:
        if stored.profile.name == name:
            return stored
    for mistake in folder.mistakes:
        if name in {mistake.name, mistake.file.stem}:
            raise click.ClickException(f"{name} cannot be used. {mistake}")
    tell_mistakes(folder)
    known = ", ".join(stored.profile.name for stored in folder.profiles)
    there = f"There are: {known}." if known else "There are none yet."
    raise click.ClickException(f"There is no environment {name}. {there}")


def tell_mistakes(folder: Folder) -> None:
    """Say which files were left out, and why."""
    for mistake in folder.mistakes:
        write_err(f"Left out: {mistake}")


def on_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _secrets(profile: Profile) -> dict[str, str]:
    """Give the values of all secrets of a profile. Raises ClickException where one is missing."""
    names = profile.secret_names
    values = {
        name: os.environ[variable_of(name)] for name in names if variable_of(name) in os.environ
    }
    rest = [name for name in names if name not in values]
    if rest:
        values |= _kept(rest)
    missing = [name for name in names if name not in values]
    if missing:
        raise click.ClickException(
            f"not sent. The value of {', '.join(missing)} is not known.\n{_how_to_set(missing)}"
        )
    return values


def _kept(names: list[str]) -> dict[str, str]:
    keeper = open_keeper(config_folder())
    try:
        if keeper.locked and not keeper.is_new:
            if not on_terminal():
                raise click.ClickException(
                    f"not sent. {keeper.label[0].upper()}{keeper.label[1:]} is locked, and there "
                    f"is no terminal to ask for its passphrase.\n{_how_to_set(names)}"
                )
            unlock(keeper)
        return {} if keeper.locked else keeper.values(names)
    except SecretStoreError as error:
        raise click.ClickException(f"not sent. {error}") from None


def unlock(keeper: SecretKeeper) -> None:
    """Ask for the passphrase of the encrypted file, or for a new one to make it with.

    Raises ClickException after too many wrong ones, and SecretStoreError.
    """
    from gms_console.environments.keeper import WrongPassphraseError  # noqa: PLC0415

    new = keeper.is_new
    prompt = f"{'New passphrase' if new else 'Passphrase'} of {keeper.label}"
    for _ in range(_TRIES):
        given = click.prompt(prompt, hide_input=True, err=True, confirmation_prompt=new)
        try:
            keeper.unlock(given)
        except WrongPassphraseError as error:
            write_err(str(error))
        else:
            return
    raise click.ClickException("The passphrase is not known; nothing was sent or changed.")


def _how_to_set(names: Iterable[str]) -> str:
    return "\n".join(
        f"Set it with: gms-console env set-secret {_quoted(name)}\n"
        f"or give it in the variable {variable_of(name)}."
        for name in names
    )


def _quoted(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else f'"{name}"'
