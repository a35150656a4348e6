"""From the options of `gms-console run` to the plan of a run; whatever is wrong ends it here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gms_console.cli.options import Place, where_to_send
from gms_console.flow.file import read_flow
from gms_console.flow.types import Flow, FlowError
from gms_console.model.environment import Environment
from gms_console.runner.data_rows import DataError, read_rows
from gms_console.runner.plan import PlannedFlow, RunPlan

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
    return RunPlan(
        flows=tuple(PlannedFlow(flow, environments.of(flow)) for flow in flows),
        variables=dict(wanted.variables),
        data=data,
        repeat=wanted.repeat,
        parallel=wanted.parallel,
    )


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
            for _, row in step.form.enabled():
                if row.file is None or "{{" in str(row.file):
                    continue
                file = flow.folder / row.file
                if not _is_file(file):
                    raise MissingInputError(
                        f"{flow.file}: step {number} ({step.title}), row {row.key}: "
                        f"{file} is not a file that can be read."
                    )


def _is_file(file: Path) -> bool:
    """Whether a file is there; a name that no file can have is none either."""
    try:
        return file.is_file()
    except OSError:
        return False


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
