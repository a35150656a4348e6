"""Which step a request is: a create, or a request on an instance that an earlier one made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gms_console.catalogue.catalogue import Catalogue
from gms_console.catalogue.kinds import RequestKind
from gms_console.flow.types import StepKind
from gms_console.model.exchange import Operation, OperationKind
from gms_console.model.form import Form
from gms_console.wire.request import CALLBACK_PREFIX, REQUEST_PATH, request_segments


@dataclass(eq=False, slots=True)
class Made:
    """An instance that a create of the import makes, and all that it may be called by.

    `ids` are texts that stand for its id: the id itself, or the mark of a captured variable.
    `step` is the place of its create among the steps.
    """

    service: str
    step: int
    ids: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is. `made` is its instance, or `instance_id` where none made it."""

    kind: StepKind
    name: str
    made: Made | None = None
    instance_id: str = ""


class Targets:
    """Tells what requests are; the catalogue knows the paths that are not the usual one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.made: list[Made] = []
        self._by_id: dict[str, Made] = {}
        self._by_service: dict[str, Made] = {}

    def learn(self, made: Made) -> None:
        """Take in an instance that requests may be on from now."""
        self.made.append(made)
        self._by_id |= dict.fromkeys(made.ids, made)
        self._by_service[made.service] = made

    def target(self, method: str, segments: Sequence[str], form: Form) -> Target | str:
        """Give what a request is, or why no step can be made of it."""
        known = self._on_known(method, tuple(segments), form)
        if known is not None:
            return known
        service = self._service(segments)
        if service is not None:
            return Target(StepKind.CREATE, service)
        if len(segments) == 2 and segments[0]:
            return self._usual(segments[0], segments[1])
        return "no request of the catalogue goes there on an instance that was created before it"

    def _service(self, segments: Sequence[str]) -> str | None:
        """Give the service of an address that has nothing but a service.

        A path from the base path on is one as it stands, unless a slash hides in a segment.
        """
        if not segments[0]:
            return None if any("/" in one for one in segments) else "/".join(segments)
        if len(segments) == 1:
            return segments[0]
        callback = len(segments) == 2 and f"{segments[0]}/" == CALLBACK_PREFIX
        return f"{CALLBACK_PREFIX}{segments[1]}" if callback else None

    def _usual(self, instance_id: str, request: str) -> Target | str:
        made = self._by_id.get(instance_id)
        if made is not None and self._path(made.service, request) != REQUEST_PATH:
            return f"the catalogue sends {request} of {made.service} to another place"
        return Target(StepKind.REQUEST, request, made, "" if made is not None else instance_id)

    def _path(self, service: str, request: str) -> str:
        kind = self._catalogue.kind(service)
        found = kind.request(request) if kind is not None else None
        return found.path if found is not None else REQUEST_PATH

    def _on_known(self, method: str, segments: tuple[str, ...], form: Form) -> Target | None:
        texts = [*segments, *(row.value for row in form)]
        known = [self._by_id[text] for text in texts if text in self._by_id]
        for made in dict.fromkeys([*known, *self._by_service.values()]):
            kind = self._catalogue.kind(made.service)
            for request in kind.requests if kind is not None else ():
                if request.method == method and _fits(request, made, segments, form):
                    return Target(StepKind.REQUEST, request.name, made)
        return None


def _fits(request: RequestKind, made: Made, segments: tuple[str, ...], form: Form) -> bool:
    """Whether an address and rows are those of a request on just that instance."""
    by_row = {one.name for one in request.parameters if one.default == "{id}"}
    in_rows = any(row.key in by_row and row.value in made.ids for row in form)
    of_service = request.path.startswith("{service}/") and bool(
        made.ids or "{id}" not in request.path
    )
    if "{id}" not in request.path and not in_rows and not of_service:
        return False
    for instance_id in made.ids or {""}:
        if not instance_id and request.path.startswith("{id}"):
            continue
        operation = Operation(
            kind=OperationKind.REQUEST,
            service=made.service,
            instance_id=instance_id,
            request=request.name,
        )
        if request_segments(operation, request.path) == segments:
            return True
    return False
