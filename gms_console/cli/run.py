"""`gms-console run`: carries out flows, tells what comes of them, and writes reports."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from gms_console.cli import ctrl_c_ends
from gms_console.cli.exits import Exit, exit_of_run
from gms_console.cli.options import Place, fold_place, talk_options
from gms_console.cli.output import write_err
from gms_console.cli.values import report_target, variable

if TYPE_CHECKING:
    from gms_console.runner.plan import RunPlan

_F = TypeVar("_F", bound=Callable[..., object])

REPORTS = {"html": "HTML", "junit": "JUnit", "har": "HAR 1.2", "jsonl": "JSON lines"}
"""The kinds of reports, as options and as people call them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for. `reports` are a kind and a file each, `-` being standard output."""

    files: tuple[Path, ...]
    variables: tuple[tuple[str, str], ...]
    data: Path | None
    parallel: int
    repeat: int
    reports: tuple[tuple[str, str], ...]
    mask_keys: tuple[str, ...]
    unmasked: tuple[str, ...]
    confirmed: bool
    output: str


class RunCommand(click.Command):
    """Folds the options into `wanted` and `place`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, then fold them. Raises UsageError."""
        rest = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            place = fold_place(ctx)
            reports = {kind: ctx.params.pop(f"report_{kind}") for kind in REPORTS}
            wanted = Wanted(
                reports=tuple((kind, file) for kind, file in reports.items() if file is not None),
                **ctx.params,
            )
            _check_streams(ctx, wanted)
            ctx.params.clear()
            ctx.params.update(place=place, wanted=wanted)
        return rest


def _check_streams(ctx: click.Context, wanted: Wanted) -> None:
    """Refuse two outputs on standard output or in one file, and a report in place of an input."""
    targets = [file for _, file in wanted.reports]
    if wanted.output == "json":
        targets.append("-")
    twice = next((file for file in targets if targets.count(file) > 1), None)
    if twice == "-":
        raise click.UsageError("Only one output goes to standard output; give - once.", ctx)
    if twice is not None:
        raise click.UsageError(f"Two reports cannot be the same file: {twice}.", ctx)
    inputs = [*wanted.files, *filter(None, [wanted.data])]
    places = [os.path.realpath(file) for file in inputs]
    for _, file in wanted.reports:
        place = os.path.realpath(file)
        if file != "-" and place in places:
            raise click.UsageError(f"A report would take the place of {file}.", ctx)
        places.append(place)


def _report_options(function: _F) -> _F:
    for kind, name in reversed(REPORTS.items()):
        function = click.option(
            f"--report-{kind}",
            type=report_target,
            metavar="F",
            help=f"Write a report as {name}; - is standard output.",
        )(function)
    return function


_EXAMPLE = """\b
Example:
  gms-console run inbound.yaml --env qa --var phone=6504669999 \\
      --report-html report.html --report-junit junit.xml
"""


@click.command("run", cls=RunCommand, epilog=_EXAMPLE)
@click.argument("files", metavar="FLOW...", nargs=-1, required=True, type=Path)
@click.option(
    "--var",
    "variables",
    type=variable,
    multiple=True,
    metavar="K=V",
    help="A variable, before those of data, flow and environment; repeat it for more.",
)
@click.option("--data", type=Path, metavar="F", help="A CSV file: a run for each of its rows.")
@click.option(
    "--parallel",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    metavar="N",
    help="How many runs at a time; each has instances of its own.",
)
@click.option(
    "--repeat",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How often each flow, or row, is run.",
)
@_report_options
@click.option(
    "--mask",
    "mask_keys",
    multiple=True,
    metavar="KEY",
    help="A key whose values reports mask, beside what they mask anyway; repeat it for more.",
)
@click.option(
    "--unmasked",
    type=click.Choice(("phone-numbers", "e-mail-addresses")),
    multiple=True,
    help="Leave this readable in reports; credentials never are.",
)
@click.option(
    "--yes",
    "confirmed",
    is_flag=True,
    help="Confirm the creates that the environment's guard asks for.",
)
@talk_options
def run(place: Place, wanted: Wanted) -> int:
    """Carry out flows, one after the other, and say what came of each step.

    A flow runs in its own environment unless --env or --url names another one. Ctrl+C ends the
    run: clean-up steps still run, and reports are written.
    """
    with ctrl_c_ends():
        from gms_console.cli.run_plan import MissingInputError, make_plan  # noqa: PLC0415 - YAML

    try:
        plan = make_plan(wanted, place)
    except MissingInputError as error:
        write_err(f"Error: nothing was sent. {error}")
        return Exit.MISSING_FILE
    return _carry_out(plan, wanted)


def _carry_out(plan: RunPlan, wanted: Wanted) -> int:
    from gms_console.cli.interrupts import Interrupts  # noqa: PLC0415 - as above
    from gms_console.cli.run_confirming import confirming  # noqa: PLC0415 - as above
    from gms_console.cli.run_output import RunOutput  # noqa: PLC0415 - as above
    from gms_console.cli.run_reports import ReportError, Reports  # noqa: PLC0415 - as above
    from gms_console.cli.running import carry_out  # noqa: PLC0415 - as above

    confirm = confirming(plan, yes=wanted.confirmed)
    with Interrupts() as interrupts:
        try:
            reports = Reports(wanted, plan)
        except ReportError as error:
            raise click.ClickException(f"nothing was sent. {error}") from None
        try:
            with RunOutput(wanted, plan) as output:
                summary = carry_out(plan, confirm, (output.tell, reports.tell), interrupts)
        finally:
            interrupts.writing(told=bool(wanted.reports))
            # Of a run that did not come to its end no report is left.
            troubles = reports.finish()
            interrupts.writing(told=False)
        code = Exit.INTERRUPTED if interrupts.seen else exit_of_run(summary)
        if troubles and code is Exit.OK:
            code = Exit.GMS_ERROR
        output.end(summary, code)
    for trouble in (*troubles, *filter(None, [output.trouble])):
        write_err(f"Error: {trouble}")
    return Exit.GMS_ERROR if output.trouble and code is Exit.OK else code
