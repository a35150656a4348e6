"""The command `gms-console`: its group, and how errors become exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from gms_console import __version__
from gms_console.cli.env import env
from gms_console.cli.exits import Exit
from gms_console.cli.export import export
from gms_console.cli.import_ import import_
from gms_console.cli.output import OutputError, prepare_streams, write_err
from gms_console.cli.request import request
from gms_console.cli.run import run as run_flows
from gms_console.cli.send import send
from gms_console.cli.simulate import simulate
from gms_console.cli.window import open_demo, open_replay, open_window
from gms_console.guard import GuardError
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import PathSegmentError
from gms_console.model.stop_rule import StopRuleError
from gms_console.wire.refusal import FormRefusedError

_NAME = "gms-console"
_EPILOG = """\b
Example:
  gms-console send request-interaction --url http://localhost:8080/genesys \\
      -p _phone_number=6504669999

\b
Exit codes:
  0    all well
  1    a check failed, or GMS answered with an error
  2    wrong usage, a file that does not parse, or a form that cannot be sent as asked
  3    no connection, or no whole answer
  4    a poll ended without the wanted state
  5    an input file is missing
  130  interrupted
"""
_DEMO_EXAMPLE = """\b
Example:
  gms-console demo
  gms-console demo --replay monday.gms-recording
  gms-console demo --tour ./tour
"""


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line, by default that of this process, and give its exit code."""
    prepare_streams()
    # Passed on rather than left to click, which would expand * in values on Windows.
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = group.main(given, prog_name=_NAME, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except FormRefusedError as error:
        write_err(f"Error: not sent.\n{error}")
        return Exit.MISSING_FILE if error.missing_file else Exit.USAGE
    except (PathSegmentError, BaseUrlError, StopRuleError, GuardError) as error:
        write_err(f"Error: not sent. {error}")
        return Exit.USAGE
    except OutputError as error:
        write_err(f"Error: {error}")
        return Exit.GMS_ERROR
    return code if isinstance(code, int) else Exit.OK


@click.group(
    invoke_without_command=True,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name=_NAME, message="%(prog)s %(version)s")
@click.pass_context
def group(ctx: click.Context) -> int | None:
    """Test Genesys Mobile Services; without a command, the window opens."""
    return open_window() if ctx.invoked_subcommand is None else None


@group.command("demo", epilog=_DEMO_EXAMPLE)
@click.option(
    "--tour",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Walk the guided tour without a person and write its pictures and report to DIR.",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Play a recording of a session; nothing is sent.",
)
def demo(tour: Path | None, replay: Path | None) -> int:
    """Open the window in demo mode, on the built-in simulator."""
    if replay is None:
        return open_demo(tour)
    if tour is not None:
        raise click.UsageError("--tour and --replay are two things; give one of them.")
    if not replay.is_file():
        write_err(f"Error: {replay}: no such file")
        return Exit.MISSING_FILE
    return open_replay(replay)


group.add_command(send)
group.add_command(request)
group.add_command(run_flows)
group.add_command(simulate)
group.add_command(export)
group.add_command(import_)
group.add_command(env)
