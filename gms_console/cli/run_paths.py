"""Where the requests of a run go: the catalogue is loaded only where it may say more."""

from __future__ import annotations

from gms_console.flow.types import StepKind
from gms_console.runner.plan import RequestPath, RunPlan
from gms_console.wire.request import REQUEST_PATH
from gms_console.workspace import config_folder

_COMMON = frozenset({"status", "cancel"})
"""Requests that the shipped catalogue has at no other place; it takes half a second to load."""


def paths_for(plan: RunPlan) -> RequestPath:
    """Give where each request of a plan goes below `/1/service/`.

    Own kinds that cannot be read are left out, as in the window.
    """
    requests = {
        step.name
        for planned in plan.flows
        for step in planned.flow.steps
        if step.kind in {StepKind.REQUEST, StepKind.POLL}
    }
    folder = config_folder()
    if requests <= _COMMON and not (folder / "catalogue").is_dir():
        return _common_path
    from gms_console.catalogue import load_catalogue  # noqa: PLC0415 - as said
    from gms_console.runner.faces import catalogue_paths  # noqa: PLC0415 - beside it

    return catalogue_paths(load_catalogue(folder).catalogue)


def _common_path(service: str, request: str) -> str:
    del service, request
    return REQUEST_PATH
