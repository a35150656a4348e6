"""From an Exchange of the past back to the form that made it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.model.draft import Draft
from gms_console.model.exchange import Exchange, OperationKind
from gms_console.model.form import Form, Row
from gms_console.variables import escape

from ..comparison.desk import place_of

if TYPE_CHECKING:
    from gms_console.model.environment import Environment

    from ..console import Console


def restore(console: Console, exchange: Exchange) -> str:
    """Put a request of the past into the form, as it was typed; say what a person has to know.

    What is in the form is put away under its own service, or comes back with an undo. Nothing is
    sent, and the environment stays the one that is in use.
    """
    first = exchange.hops[0]
    draft, operation = draft_of(first), first.operation
    model = console.drafts[operation.kind]
    before = model.form_model, model.form_model.undo_stack.index()
    if operation.kind is OperationKind.CREATE:
        model.restore(draft, console.services.kind_of(draft.service))
    else:
        _select(console, first)
        model.restore(draft, None)
        model.instance_id = escape(operation.instance_id)
        model.node = ""
    console.set_target(operation.kind)
    # Also where the target is the same one: its service and method may be others.
    console.target_changed.emit()
    console.refresh_preview()
    restored = f"{operation.title} is in the form again; nothing was sent."
    lost = []
    if model.form_model is not before[0]:
        lost.append("What was in the form is kept under its own name.")
    elif model.form_model.undo_stack.index() != before[1]:
        lost.append("Ctrl+Z brings back what was in the form.")
    return " ".join((restored, *lost, *_notes(console, first)))


def draft_of(exchange: Exchange) -> Draft:
    """Give what was typed; for what a card, the phone or a poll sent, what it would have been."""
    operation, request = exchange.operation, exchange.request
    if exchange.draft is not None:
        draft = exchange.draft
        service = draft.service or escape(operation.service)
        name = draft.request or escape(operation.request)
        return replace(draft, service=service, request=name)
    rows = request.form.rows if request.form is not None else ()
    return Draft(
        service=escape(operation.service),
        request=escape(operation.request),
        form=Form(tuple(_literal(row) for row in rows)),
        method=request.method,
    )


def _literal(row: Row) -> Row:
    """Write a row that was sent so that its braces stay what they are; one that was off is."""
    if not row.enabled:
        return row
    file = Path(escape(str(row.file))) if row.file is not None else None
    name = escape(row.filename) if row.filename is not None else None
    kind = escape(row.content_type) if row.content_type is not None else None
    return replace(
        row,
        key=escape(row.key),
        value=escape(row.value),
        file=file,
        filename=name,
        content_type=kind,
    )


def _select(console: Console, exchange: Exchange) -> None:
    """Select the instance of a request, where it is still on the list."""
    here = console.environment
    found = console.session.find(here, exchange.operation.instance_id) if here is not None else None
    if found is not None:
        console.live.select(found)


def _notes(console: Console, exchange: Exchange) -> list[str]:
    notes = []
    lost = [row for row in draft_of(exchange).form if "not kept" in row.note and not row.value]
    if lost:
        notes.append("What was secret was not kept: type it again.")
    kind = exchange.operation.kind
    here = console.request_place if kind is OperationKind.REQUEST else console.environment
    if here is not None and _is_elsewhere(exchange, here):
        same = here.name == exchange.environment or not exchange.environment
        there = place_of(exchange) if same else exchange.environment
        if console.simulator.has(exchange.request.url):
            there = "the simulator"
        notes.append(f"It was sent to {there}; you are sending to {here.title}.")
    return notes


def _is_elsewhere(exchange: Exchange, here: Environment) -> bool:
    """Whether it was sent to another environment, another node of it, or another typed URL."""
    if here.name != exchange.environment:
        return True
    if not here.name:
        return not exchange.request.url.startswith(here.base_url)
    known = {node.name for node in here.nodes}
    return exchange.node in known and exchange.node != here.node
