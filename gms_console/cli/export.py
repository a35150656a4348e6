"""`gms-console export`: a flow as a script or a collection of another tool."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gms_console.cli.exits import Exit
from gms_console.cli.options import URL_VARIABLE
from gms_console.cli.output import write_err, write_out
from gms_console.cli.values import base_url, variable

if TYPE_CHECKING:
    from gms_console.exporting.planning import RequestPath
    from gms_console.exporting.types import Exported
    from gms_console.model.environment import Environment

_EXAMPLE = """\b
Example:
  gms-console export inbound.yaml --to curl --env qa --output inbound.sh
  gms-console export inbound.yaml --to locust > locustfile.py
"""


_NOWHERE = (
    "Nothing says where to send: set BASE before the script runs (--host for Locust, base_url in "
    f"Postman), or export it with --env, --url or {URL_VARIABLE}."
)


@click.command("export", epilog=_EXAMPLE)
@click.argument("file", metavar="FLOW", type=Path)
@click.option(
    "--to",
    type=click.Choice(("curl", "httpx", "locust", "postman")),
    required=True,
    help="A script with curl, a Python program with httpx, a Locust file, a Postman collection.",
)
@click.option(
    "--shell",
    type=click.Choice(("bash", "cmd", "powershell")),
    default=None,
    help="The shell that curl is written for; bash unless given.",
)
@click.option(
    "--output",
    type=Path,
    metavar="FILE",
    help="Where to write it; standard output unless given.",
)
@click.option("--force", is_flag=True, help="Replace the file of --output if it is there.")
@click.option("--env", metavar="NAME", help="The environment to send to; the flow's unless given.")
@click.option("--node", metavar="NAME", help="A node of the environment; the first unless given.")
@click.option(
    "--url",
    type=base_url,
    metavar="URL",
    help="Where to send, in place of an environment: http://host:port/base. Where neither that nor "
    f"--env nor the flow says it, {URL_VARIABLE} does.",
)
@click.option(
    "--var",
    "variables",
    type=variable,
    multiple=True,
    metavar="K=V",
    help="A variable, before those of flow and environment; repeat it for more.",
)
def export(  # noqa: PLR0913, PLR0917 - one for each option
    file: Path,
    to: str,
    shell: str | None,
    output: Path | None,
    force: bool,
    env: str | None,
    node: str | None,
    url: Environment | None,
    variables: tuple[tuple[str, str], ...],
) -> int:
    """Write FLOW as a script that does the same.

    Secrets never stand in it: the script names the environment variables that it takes them from.
    Files are looked for from where it lies: FILE of --output, or else the folder of FLOW.
    What cannot be carried over is listed on standard error, and as comments in the script.
    """
    if env is not None and url is not None:
        raise click.UsageError("--env and --url exclude each other: give one of them.")
    if shell is not None and to != "curl":
        raise click.UsageError("--shell is for curl: give --to curl too.")
    if output is not None and output.exists() and not force:
        raise click.ClickException(f"{output} is there already; --force replaces it.")
    try:
        exported = _exported(file, to, shell or "bash", (env, node, url), dict(variables), output)
    except OSError as error:
        write_err(f"Error: {file}: {error.strerror or error}")
        return Exit.MISSING_FILE
    _write(exported.text, output)
    for what in exported.left_out:
        write_err(f"Not carried over: {what}")
    return Exit.OK


def _exported(
    file: Path,
    to: str,
    shell: str,
    place: tuple[str | None, str | None, Environment | None],
    variables: dict[str, str],
    output: Path | None,
) -> Exported:
    """Read a flow and write it. Raises OSError, and ClickException for what cannot be exported."""
    from gms_console.exporting.export import export_flow  # noqa: PLC0415 - YAML on demand
    from gms_console.exporting.types import ExportError  # noqa: PLC0415 - as above
    from gms_console.flow.file import read_flow  # noqa: PLC0415 - as above
    from gms_console.flow.types import FlowError  # noqa: PLC0415 - as above

    env, node, url = place
    try:
        flow = read_flow(file)
    except FlowError as error:
        raise click.ClickException(str(error)) from None
    name = env or ("" if url is not None else flow.env)
    if node is not None and not name:
        raise click.UsageError("--node is a node of an environment: give --env too.")
    environment = _named(name, node or "") if name else url or _of_variable()
    if environment is None:
        write_err(_NOWHERE)
    try:
        return export_flow(
            flow,
            to,
            environment=environment,
            shell=shell,
            variables=variables,
            request_path=_paths(),
            beside=None if output is None else output.parent,
        )
    except ExportError as error:
        raise click.ClickException(f"{file}: {error}") from None


def _of_variable() -> Environment | None:
    """Give the place that the variable for it names, as for other commands."""
    text = os.environ.get(URL_VARIABLE)
    try:
        return base_url(text) if text else None
    except (click.ClickException, ValueError) as error:
        raise click.UsageError(f"{URL_VARIABLE}: {error}") from None


def _paths() -> RequestPath:
    from gms_console.catalogue import load_catalogue  # noqa: PLC0415 - it takes a while
    from gms_console.runner.faces import catalogue_paths  # noqa: PLC0415 - as above
    from gms_console.workspace import config_folder  # noqa: PLC0415 - as above

    return catalogue_paths(load_catalogue(config_folder()).catalogue)


def _named(name: str, node: str) -> Environment:
    """Give an environment with words in the place of its secrets: none of them is read."""
    from gms_console.cli.environment import find  # noqa: PLC0415 - YAML on demand
    from gms_console.environments.resolve import resolve  # noqa: PLC0415 - as above

    stored = find(name)
    profile = stored.profile
    names = [one.name for one in profile.nodes]
    if node and node not in names:
        raise click.ClickException(f"{name} has no node {node}; it has: {', '.join(names)}.")
    words = {secret: f"the-secret-{number}" for number, secret in enumerate(profile.secret_names)}
    return resolve(profile, words, node=node, folder=stored.file.parent)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        write_out(text)
        return
    from gms_console.whole_file import write_whole  # noqa: PLC0415 - not for standard output

    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_whole(output, text.encode())
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from None
