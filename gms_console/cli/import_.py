"""`gms-console import`: what another tool wrote becomes a flow."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gms_console.cli.exits import Exit
from gms_console.cli.output import write_err, write_out

if TYPE_CHECKING:
    from gms_console.importing.types import Imported

_EXAMPLE = """\b
Example:
  gms-console import callback.har --output callback.yaml
  gms-console run callback.yaml --env qa
"""
_SOURCES = ("curl", "har", "postman", "text")
_LARGEST = 512 * 1024**2
"""Bytes of the largest file that is read; a browser's recording of a day is smaller."""


@click.command("import", epilog=_EXAMPLE)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--from",
    "source",
    type=click.Choice(_SOURCES),
    help="What FILE is; without it that is recognised.",
)
@click.option("--service", metavar="NAME", default="", help="Service of rows as text.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FLOW",
    help="Write the flow to this file rather than to standard output.",
)
@click.option("--force", is_flag=True, help="Replace the file of --output if it is there.")
def import_(file: Path, source: str | None, service: str, output: Path | None, force: bool) -> int:
    """Make a flow of commands of curl, a HAR 1.2, a Postman v2.1 collection, or rows as text.

    FILE is - for standard input. What could not be carried over is told on standard error, and
    stands as comments at the top of the flow. Nothing is sent.
    """
    if output is not None and output.exists() and not force:
        raise click.ClickException(f"{output} is there already; --force replaces it.")
    try:
        content = _content(file)
    except FileNotFoundError:
        write_err(f"Error: {file} is not there.")
        return Exit.MISSING_FILE
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    imported = _imported(content, file, source, service)
    return _put(imported, file, output)


def _imported(content: bytes, file: Path, source: str | None, service: str) -> Imported:
    # Reads the catalogue, and knows the formats of four tools.
    from gms_console.importing.importing import Source, import_text  # noqa: PLC0415
    from gms_console.importing.types import UnreadableImportError  # noqa: PLC0415

    where = _called(file)
    try:
        text = _decoded(content)
        name = "" if where == _STDIN else file.stem
        as_source = None if source is None else Source(source)
        return import_text(text, name=name, source=as_source, service=service)
    except UnreadableImportError as error:
        blank = "" if str(error)[:1] in _PLACES else " "
        raise click.ClickException(f"{where}:{blank}{error}") from None


def _put(imported: Imported, file: Path, output: Path | None) -> int:
    from gms_console.importing.written import imported_text  # noqa: PLC0415 - YAML on demand
    from gms_console.shell_text import in_comment  # noqa: PLC0415

    text = imported_text(imported, _called(file))
    if output is None:
        write_out(text)
    else:
        from gms_console.whole_file import write_whole  # noqa: PLC0415

        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            write_whole(output, text.encode())
        except OSError as error:
            raise click.ClickException(f"{output}: {error.strerror}") from None
    for url in imported.base_urls:
        write_err(f"Went to {in_comment(url)}; name an environment with --env, or give --url.")
    for sentence in imported.left_out:
        write_err(f"Note: {sentence}")
    return Exit.OK


_PLACES = (*"0123456789$",)
"""What a message begins with that names a line, or a place in JSON."""

_STDIN = "standard input"


def _called(file: Path) -> str:
    return _STDIN if str(file) == "-" else str(file)


def _content(file: Path) -> bytes:
    """Read a file, or standard input. Raises OSError."""
    if str(file) == "-":
        return sys.stdin.buffer.read(_LARGEST + 1)
    with file.open("rb") as stream:
        return stream.read(_LARGEST + 1)


def _decoded(content: bytes) -> str:
    """Give the text of a file. Raises UnreadableImportError."""
    from gms_console.importing.types import UnreadableImportError  # noqa: PLC0415

    if len(content) > _LARGEST:
        raise UnreadableImportError(f"found more than {_LARGEST // 1024**2} MB, expected less")
    # What Windows tools write by themselves begins with a byte order mark.
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        coding = "UTF-16" if wide else "UTF-8"
        raise UnreadableImportError(
            f"{line}:1: found the byte 0x{content[error.start]:02x}, expected a text in {coding}"
        ) from None
