"""From what is typed to the request that Send would send, or to why it would send none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gms_console.instance import Instance
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import OperationKind
from gms_console.variables import LITERAL_HINT, Scope, VariableError, expand, expand_rows
from gms_console.wire.refusal import FormRefusedError, RowProblem
from gms_console.wire.request import REQUEST_PATH, PreparedRequest, prepare_create

if TYPE_CHECKING:
    from gms_console.model.form import Form

    from .console import Console
    from .models.draft import DraftModel


@dataclass(frozen=True, slots=True)
class Preview:
    """The request that Send would send, or why it would not.

    `rows` is the reason by row, `fields` by field of the target (`service`, `instance_id`,
    `request`). `refusal`: why the environment's guard would not let it out, though it could be
    sent.
    """

    prepared: PreparedRequest | None
    reason: str = ""
    rows: tuple[tuple[int, str], ...] = ()
    refusal: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def make_preview(console: Console, draft: DraftModel, at: Environment | None = None) -> Preview:
    """Prepare the request of a draft as it is now.

    `at` is another place than the one that is sent to, with the variables that it has.
    """
    environment = console.environment if at is None else at
    if environment is None:
        return Preview(None, console.environment_error or "There is no base URL to send to.")
    typed = _Typed(draft, console.variables.scope(environment))
    node = draft.node if at is None else at.node
    try:
        prepared = _prepare(console, environment, draft, typed, node)
    except FormRefusedError as error:
        return typed.refused(error.problems)
    except (BaseUrlError, PathSegmentError) as error:
        return Preview(None, str(error)) if typed.sound else typed.refused(())
    if not typed.sound:
        return typed.refused(())
    prepared = replace(prepared, draft=draft.saved())
    return Preview(prepared, refusal=console.guarding.refusal(environment, prepared))


def instance_of(console: Console, environment: Environment, instance_id: str) -> Instance:
    """Give the instance that a request goes to; it is listed once something was sent."""
    found = console.session.find(environment, instance_id)
    return found or console.session.detached(environment, instance_id)


def other_node(environment: Environment, name: str) -> str:
    """Give the name of a node if it is another one of the cluster, else an empty text."""
    others = {node.name for node in environment.nodes} - {environment.node}
    return name if name in others else ""


class _Typed:
    """What is typed in a draft, with its variables put in where that can be done."""

    def __init__(self, draft: DraftModel, scope: Scope) -> None:
        self._scope = scope
        self._fields: dict[str, str] = {}
        create = draft.kind is OperationKind.CREATE
        self.service = self._expand("service", draft.service) if create else ""
        self.instance_id = "" if create else self._expand("instance_id", draft.instance_id)
        self.request = "" if create else self._expand("request", draft.request)
        self.form: Form
        self.form, self._problems = expand_rows(draft.form_model.form, scope)

    def _expand(self, field: str, text: str) -> str:
        try:
            return expand(text, self._scope)
        except VariableError as error:
            self._fields[field] = str(error)
            return text

    @property
    def sound(self) -> bool:
        """Whether all variables could be put in."""
        return not self._fields and not self._problems

    def refused(self, problems: Iterable[RowProblem]) -> Preview:
        """Say why nothing is sent: for variables, and for other problems of the rows."""
        mine = {problem.index for problem in self._problems}
        # What a row with an unknown variable would be refused for besides is not known.
        others = [problem for problem in problems if problem.index not in mine]
        found = [*self._problems, *others]
        if mine:
            found.sort(key=lambda problem: problem.index)
        lines = [*self._fields.values(), *(str(problem) for problem in found)]
        if not self.sound:
            lines.append(LITERAL_HINT)
        rows: dict[int, str] = {}
        for problem in found:
            before = rows.get(problem.index)
            rows[problem.index] = f"{before}; {problem.message}" if before else problem.message
        return Preview(
            None, "\n".join(lines), tuple(rows.items()), fields=tuple(self._fields.items())
        )


def _prepare(
    console: Console, environment: Environment, draft: DraftModel, typed: _Typed, node: str
) -> PreparedRequest:
    if not (draft.method.isascii() and draft.method.isalpha()):
        raise PathSegmentError(f"{draft.method!r} is no HTTP method; GMS takes POST mostly.")
    if draft.kind is OperationKind.CREATE:
        if not typed.service:
            raise PathSegmentError("Choose a service, or type its name.")
        known = console.services.kind_of(typed.service)
        return prepare_create(
            environment,
            typed.service,
            typed.form,
            method=draft.method,
            kind=draft.body_kind,
            boundary=draft.boundary,
            asks=known is not None and known.method == "GET",
        )
    if not typed.instance_id:
        raise PathSegmentError("Choose an instance in the list, or type its id.")
    if not typed.request:
        raise PathSegmentError("Type the name of the request, such as status.")
    instance = instance_of(console, environment, typed.instance_id)
    request = console.services.request_of(instance.service, typed.request)
    return instance.prepare(
        typed.request,
        typed.form,
        method=draft.method,
        kind=draft.body_kind,
        boundary=draft.boundary,
        path=request.path if request is not None else REQUEST_PATH,
        node=other_node(instance.environment, node),
    )
