"""From the options of `gms-console run` to the plan of a run; whatever is wrong ends it here."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gms_console.cli.options import Place, where_to_send
from gms_console.cli.output import write_err
from gms_console.flow.file import read_flow
from gms_console.flow.types import Flow, FlowError
from gms_console.model.environment import Environment
from gms_console.runner.data_rows import DataError, read_rows
from gms_console.runner.plan import PlannedFlow, RunPlan
from gms_console.runner.unused import unused
from gms_console.yaml_text import place_of

if TYPE_CHECKING:
    from gms_console.cli.run import Wanted


class MissingInputError(Exception):
    """An input file that is not there, or cannot be read; the text names it."""


def make_plan(wanted: Wanted, place: Place) -> RunPlan:
    """Read flows and data, and find the environments.

    Raises MissingInputError, and ClickException for what cannot be run as asked; nothing has been
    sent then.
    """
    flows = _flows(wanted.files)
    data = () if wanted.data is None else _data(wanted.data)
    _check_files(flows)
    environments = _Environments(place)
    plan = RunPlan(
        flows=tuple(PlannedFlow(flow, environments.of(flow)) for flow in flows),
        variables=dict(wanted.variables),
        data=data,
        repeat=wanted.repeat,
        parallel=wanted.parallel,
        advice="give it with --var NAME=VALUE, or as a column of --data",
    )
    _tell_unused(plan)
    return plan


def _tell_unused(plan: RunPlan) -> None:
    """Say once which values that were given are asked for nowhere; a name may be a mistake."""
    names, columns = unused(plan)
    told = [*(f"--var {name}" for name in names), *(f"column {name}" for name in columns)]
    if told:
        whose = "the flow" if len(plan.flows) == 1 else "the flows"
        write_err(f"Note: not used in {whose}: {', '.join(told)}")


def _flows(files: tuple[Path, ...]) -> tuple[Flow, ...]:
    """Read all flows; tell the mistakes of all before the first one is run."""
    flows: list[Flow] = []
    refused: list[str] = []
    for file in files:
        try:
            flows.append(read_flow(file))
        except FlowError as error:
            refused.append(str(error))
        except OSError as error:
            raise MissingInputError(f"{file}: {error.strerror or error}") from None
    if refused:
        raise click.ClickException("nothing was sent.\n" + "\n".join(refused))
    return tuple(flows)


def _data(file: Path) -> list[dict[str, str]]:
    try:
        return read_rows(file)
    except DataError as error:
        raise click.ClickException(f"nothing was sent. {error}") from None
    except OSError as error:
        raise MissingInputError(f"{file}: {error.strerror or error}") from None


def _check_files(flows: tuple[Flow, ...]) -> None:
    """Miss files before anything is sent, where no variable has to say which they are."""
    for flow in flows:
        for number, step in enumerate(flow.steps, start=1):
            for index, row in step.form.enabled():
                if row.file is None or "{{" in str(row.file):
                    continue
                trouble = _trouble(flow.folder / row.file)
                if trouble:
                    raise MissingInputError(
                        f"{_place(flow, number - 1, index)}: {trouble}: {row.file}, looked for in "
                        f"{flow.folder.absolute()} (step {number}, {step.title}, row {row.key})"
                    )


def _place(flow: Flow, step: int, row: int) -> str:
    """Name the line and column where the file of a row is named."""
    if flow.file is None:
        return flow.title
    try:
        text = flow.file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):  # it went in the meantime
        return str(flow.file)
    place = place_of(text, ("steps", step, "form", row, "file"))
    return f"{flow.file}:{place.line}:{place.column}"


def _trouble(file: Path) -> str:
    """Say why a file cannot be sent; empty when it can."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return "Not a file"
        with file.open("rb"):
            pass
    except OSError as error:
        return error.strerror or str(error)
    except ValueError:
        return "No file can have this name"
    return ""


class _Environments:
    """Finds the environment of each flow; one that several flows name is opened once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._known: dict[str, Environment] = {}

    def of(self, flow: Flow) -> Environment:
        """Give the environment of a flow. Raises ClickException."""
        if flow.env not in self._known:
            environment = self._place.environment(flow.env)
            if environment is not None and self._place.node is not None and not environment.name:
                raise click.UsageError("--node is a node of an environment, and --url is none.")
            if environment is None:
                raise click.UsageError(
                    f"{flow.file} names no environment of its own (env: NAME). {where_to_send()}"
                )
            self._known[flow.env] = environment
        return self._known[flow.env]
