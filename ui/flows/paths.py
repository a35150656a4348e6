"""Paths into the answer of a step, to be offered where one is typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gms_console.flow.types import Step, StepKind
from gms_console.model.exchange import Exchange, OperationKind

if TYPE_CHECKING:
    from gms_console.catalogue import RequestKind, ServiceKind
    from gms_console.session import Session

_LARGEST = 256 * 1024
_MOST = 200
_DEEPEST = 4
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def paths_for(
    step: Step, session: Session, kind: ServiceKind | None, request: RequestKind | None
) -> tuple[str, ...]:
    """Give paths that the step's answer has: as it came last in this start, then as is known."""
    known: list[str] = []
    if step.kind is StepKind.CREATE:
        known = [one.name for one in kind.answer] if kind is not None else []
        known = ["_id", *known]
    elif step.kind in {StepKind.REQUEST, StepKind.POLL}:
        known = [one.name for one in request.answer] if request is not None else []
        if step.name in {"status", kind.poll if kind is not None else ""}:
            known.append(kind.state_field if kind is not None else "status")
    written = [one if _BARE.fullmatch(one) else json.dumps(one) for one in known]
    return tuple(dict.fromkeys((*_came(step, session), *written)))


def _came(step: Step, session: Session) -> Iterator[str]:
    """Give the paths of the latest answer to the like of a step."""
    wanted = OperationKind.CREATE if step.kind is StepKind.CREATE else OperationKind.REQUEST
    for exchange in reversed(session.exchanges.all()):
        operation = exchange.operation
        if operation.kind is not wanted:
            continue
        if wanted is OperationKind.CREATE:
            name = operation.service
        else:
            name = operation.label if step.kind is StepKind.FOLLOW else operation.request
        if name and name == step.name and (found := paths_in(exchange)):
            yield from found
            return


def paths_in(exchange: Exchange) -> tuple[str, ...]:
    """Give the paths of values in an answer, those of a JSON object of modest size."""
    response = exchange.response
    if response is None or response.stored is not None or len(response.body) > _LARGEST:
        return ()
    try:
        data = json.loads(response.body)
    except (ValueError, RecursionError):
        return ()
    found: list[str] = []
    for path in _walk(data, "", 0):
        found.append(path)
        if len(found) == _MOST:
            break
    return tuple(found)


def _walk(data: object, above: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            name = key if _BARE.fullmatch(key) else json.dumps(key)
            path = f"{above}.{name}" if above else name
            yield path
            yield from _walk(value, path, depth + 1)
    elif isinstance(data, list) and data and above:
        yield from _walk(data[0], f"{above}[0]", depth + 1)
