"""`gms-console env`: the environments that there are, and the values of their secrets."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from gms_console.cli.output import write_err, write_out

if TYPE_CHECKING:
    from gms_console.environments.folder import Stored
    from gms_console.environments.keeper import SecretKeeper
    from gms_console.environments.profile import Profile
    from gms_console.model.environment import Environment

_EXAMPLE = """\b
Example:
  gms-console env show qa
  gms-console env set-secret qa-password
  gms-console send request-interaction --env qa -p _phone_number=6504669999
"""

_format = click.option(
    "--format",
    "output",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="json: one JSON object on standard output.",
)


@click.group("env", epilog=_EXAMPLE)
def env() -> None:
    """List environments, show one, and keep the values of secrets."""


@env.command("list")
@_format
def list_all(output: str) -> None:
    """List the environments: name, guard, nodes and first URL."""
    from gms_console.cli.environment import environments, tell_mistakes  # noqa: PLC0415 - YAML

    folder = environments()
    tell_mistakes(folder)
    places = [(stored, _place(stored.profile)) for stored in folder.profiles]
    if output == "json":
        data = {
            "environments": [_summary(stored, place) for stored, place in places],
            "mistakes": [str(mistake) for mistake in folder.mistakes],
        }
        write_out(json.dumps(data) + "\n")
        return
    rows = [_row(place) for _, place in places]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        write_out("  ".join([*cells, row[-1]]) + "\n")
    if not rows:
        write_err("There are no environments yet.")


@env.command("show")
@click.argument("name")
@_format
def show(name: str, output: str) -> None:
    """Show all settings of an environment, and which of its secrets are known.

    The value of a secret is never shown.
    """
    from gms_console.cli.environment import find  # noqa: PLC0415 - YAML only for those who ask
    from gms_console.environments.profile_text import full_text, profile_data  # noqa: PLC0415

    stored = find(name)
    keeper = _keeper() if stored.profile.secret_names else None
    known = _known(stored.profile, keeper)
    label = keeper.label if keeper is not None else None
    if output == "json":
        data: dict[str, Any] = profile_data(stored.profile)
        secrets = [{"name": one, "known": is_known} for one, is_known in known.items()]
        data |= {"file": str(stored.file), "secrets": secrets, "secrets_kept_in": label}
        write_out(json.dumps(data) + "\n")
        return
    write_out(f"# {stored.file}\n{full_text(stored.profile)}")
    if known:
        lines = [f"# {one}: {_KNOWN[is_known]}\n" for one, is_known in known.items()]
        write_out(f"# Secrets, kept in {label}:\n{''.join(lines)}")


_KNOWN = {True: "known", False: "not known", None: "locked"}


@env.command("set-secret")
@click.argument("name")
def set_secret(name: str) -> None:
    """Keep the value of the secret NAME, which files of environments refer to.

    The value is asked for without being shown, or read as one line of standard input. It is kept
    in the keychain of this system, or in an encrypted file where there is none.
    """
    from gms_console.environments.keeper import SecretStoreError, variable_of  # noqa: PLC0415

    if not name.strip():
        raise click.UsageError("The name of the secret is empty.")
    keeper = _keeper()
    try:
        _make_ready(keeper, name)
        keeper.set(name, _value(name))
    except SecretStoreError as error:
        raise click.ClickException(f"{name} was not kept. {error}") from None
    write_out(f"{name} is kept in {keeper.label}.\n")
    if variable_of(name) in os.environ:
        write_err(f"The variable {variable_of(name)} is set, and is used in its place.")


def _keeper() -> SecretKeeper:
    from gms_console.environments.keeper import open_keeper  # noqa: PLC0415 - keyring on demand
    from gms_console.workspace import config_folder  # noqa: PLC0415

    return open_keeper(config_folder())


def _make_ready(keeper: SecretKeeper, name: str) -> None:
    """See that there is a store, and that it is open. Raises SecretStoreError."""
    from gms_console.cli.environment import on_terminal, unlock  # noqa: PLC0415 - as above
    from gms_console.environments.keeper import StoreKind, variable_of  # noqa: PLC0415

    asking = on_terminal()
    if not keeper.keeps:
        reason = next((one.reason for one in keeper.kinds if one.kind is StoreKind.KEYCHAIN), "")
        reason = reason or "Secrets are asked for in each start, as was chosen."
        if not asking:
            raise click.ClickException(
                f"{name} was not kept. {reason} Give its value in the variable "
                f"{variable_of(name)}, or run this on a terminal to make an encrypted file."
            )
        if not click.confirm(f"{reason} Keep secrets in an encrypted file?", err=True):
            raise click.ClickException(f"{name} was not kept.")
        keeper.choose(StoreKind.FILE)
    if keeper.locked:
        if not asking:
            raise click.ClickException(
                f"{name} was not kept: there is no terminal to ask for the passphrase of "
                f"{keeper.label}."
            )
        unlock(keeper)


def _value(name: str) -> str:
    if sys.stdin.isatty():
        given: str = click.prompt(f"Value of {name}", hide_input=True, err=True)
        return given
    line = sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    if not line:
        raise click.UsageError("Standard input has no value; expected one line.")
    return line


def _known(profile: Profile, keeper: SecretKeeper | None) -> dict[str, bool | None]:
    """Say of each secret whether its value is known; None: the encrypted file is locked."""
    from gms_console.environments.keeper import SecretStoreError  # noqa: PLC0415 - as above

    if keeper is None:
        return {}
    try:
        values = keeper.values(profile.secret_names)
    except SecretStoreError as error:
        raise click.ClickException(str(error)) from None
    unknown = None if keeper.locked and not keeper.is_new else False
    return {name: True if name in values else unknown for name in profile.secret_names}


def _place(profile: Profile) -> Environment:
    """Make the environment with empty secrets, for what does not depend on them."""
    from gms_console.environments.resolve import resolve  # noqa: PLC0415 - pydantic is there now

    return resolve(profile, dict.fromkeys(profile.secret_names, ""))


def _row(place: Environment) -> tuple[str, str, str, str]:
    count = len(place.nodes)
    nodes = "1 node" if count == 1 else f"{count} nodes"
    return (place.name, place.guard.value, nodes, place.base_url)


def _summary(stored: Stored, place: Environment) -> dict[str, Any]:
    return {
        "name": place.name,
        "guard": place.guard.value,
        "nodes": [
            {"name": node.name, "url": node.url, "worker": node.worker_name} for node in place.nodes
        ],
        "file": str(stored.file),
    }
