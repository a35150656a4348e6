"""Create here, match there: the second request, and what its answer says of the cluster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gms_console.model.answer import Access, Answer
from gms_console.model.draft import Draft
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import Exchange, OperationKind
from gms_console.model.form import Form, Row
from gms_console.variables import VariableError, escape, expand, expand_form
from gms_console.wire.body import BodyKind
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest, prepare_create

from .desk import Verdict

if TYPE_CHECKING:
    from ..console import Console

MATCH_SERVICE = "match-interaction"
"""The service by which the routing side finds an instance (domain 2.2); sites may rename it."""

NUMBER, CODE = "_access_number", "_access_code"


class NotMatchedError(Exception):
    """Why no match can be sent, in a sentence."""


@dataclass(frozen=True, slots=True)
class MatchPlan:
    """Which service matches, and whether the access code goes along where there is one."""

    service: str = MATCH_SERVICE
    with_code: bool = False


def match_draft(console: Console, service: str) -> Draft:
    """Give the rows that were typed for the matching service, without number and code."""
    create = console.drafts[OperationKind.CREATE]
    drafts = (create.saved(), *create.saved_others())
    found = next((one for one in drafts if one.service == service), Draft(service=service))
    own = tuple(row for row in found.form if row.key not in {NUMBER, CODE})
    return replace(found, form=Form(own))


def prepare_match(
    console: Console, place: Environment, plan: MatchPlan, created: Answer | None
) -> PreparedRequest:
    """Prepare the match of what was created; before that, with no number in it.

    Raises NotMatchedError.
    """
    draft = match_draft(console, plan.service)
    found = () if created is None else _found(created, plan)
    scope = console.variables.scope(place)
    try:
        # What an answer said is never expanded: it could read the variables of the system.
        form = Form((*found, *expand_form(draft.form, scope)))
        prepared = prepare_create(
            place,
            expand(draft.service, scope),
            form,
            method=draft.method,
            kind=BodyKind(draft.body_kind),
        )
    except (FormRefusedError, PathSegmentError, VariableError) as error:
        raise NotMatchedError(f"{plan.service or 'The match'} cannot be sent: {error}") from None
    literal = tuple(replace(row, value=escape(row.value)) for row in found)
    return replace(prepared, draft=replace(draft, form=Form((*literal, *draft.form))))


def _found(created: Answer, plan: MatchPlan) -> tuple[Row, ...]:
    """Give the rows that the answer to the create fills in. Raises NotMatchedError."""
    access = created.access or Access()
    if created.problem is not None:
        raise NotMatchedError(f"The create was answered with a problem: {created.problem.said}")
    if access.number is None:
        raise NotMatchedError("The answer has no access number to match.")
    rows: tuple[Row, ...] = (Row(key=NUMBER, value=access.number),)
    if plan.with_code and access.code is not None:
        rows = (*rows, Row(key=CODE, value=access.code))
    return rows


def judge(created: Answer, exchange: Exchange, matched: Answer, place: str) -> Verdict:
    """Say whether the other place found what was created here, and what it means if not."""
    response = exchange.response
    if response is not None and response.status == 404:
        return Verdict(
            f"Not matched: {place} answered 404, so no live service holds this number there. "
            "Either the nodes do not share their services, or the number was released meanwhile: "
            "it expired, or an earlier match took it.",
            "error",
        )
    if matched.problem is not None:
        return Verdict(f"Not matched: {place} answered {matched.problem.said}", "error")
    if matched.id is None:
        return Verdict(
            f"{place} answered without an id, so nothing says what was matched.", "error"
        )
    if matched.id == created.id:
        return Verdict(
            f"Matched: {place} found the same id, {matched.id}. Its number is released "
            "now: the time left that its card still counts down holds no more."
        )
    return Verdict(
        f"Another service was matched: {place} found {matched.id}, not {created.id}. "
        "Two services may hold the same number.",
        "error",
    )
