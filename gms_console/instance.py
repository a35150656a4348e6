"""The Instance: a created service, with what is known of it and its own cookie jar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from gms_console.client.client import GmsClient
from gms_console.guard import check
from gms_console.model.answer import Access, Answer, read_answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Operation, OperationKind
from gms_console.model.form import Form
from gms_console.model.transfer import Transfer
from gms_console.wire.body import BodyKind
from gms_console.wire.request import (
    REQUEST_PATH,
    PreparedRequest,
    prepare_request,
    request_segments,
)


class Instance:
    """A created service. It stays on the Environment it was created in.

    `service` is empty for an instance that was reopened by its id alone.
    """

    def __init__(
        self,
        client: GmsClient,
        id: str,  # noqa: A002 - GMS calls it id
        service: str = "",
        on_change: Callable[[Instance], None] = lambda _: None,
    ) -> None:
        self.client = client
        self.id = id
        self.service = service
        self.since = datetime.now(UTC)
        self.access: Access | None = None
        self.state: str | None = None
        self.last_exchange: Exchange | None = None
        self.last_answer: Answer | None = None
        from gms_console.trail import Trail  # noqa: PLC0415 - dialogs come with the first instance

        self.trail = Trail()
        self._on_change = on_change

    @property
    def environment(self) -> Environment:
        """Where the instance lives."""
        return self.client.environment

    def prepare(
        self,
        request: str,
        form: Form | None = None,
        *,
        method: str = "POST",
        kind: BodyKind = BodyKind.AUTO,
        boundary: str | None = None,
        path: str = REQUEST_PATH,
        node: str = "",
    ) -> PreparedRequest:
        """Prepare a service-specific request, with the instance's cookies.

        `path` is where it goes below `/1/service/`, as the catalogue has it. An instance stays on
        its node; `node` sends this request to another one of the cluster.
        Raises FormRefusedError, PathSegmentError and KeyError for a node that is not there;
        nothing has been sent then.
        """
        place = self.environment.on_node(node) if node else self.environment
        operation = self._operation(request)
        return prepare_request(
            place,
            operation,
            form,
            method=method,
            kind=kind,
            boundary=boundary,
            path=path,
            cookie=self._cookie(place, operation, path),
        )

    def cookie_for(self, request: str, path: str = REQUEST_PATH) -> str | None:
        """Give the Cookie header that a request would have now. Raises PathSegmentError."""
        return self._cookie(self.environment, self._operation(request), path)

    def _operation(self, request: str) -> Operation:
        return Operation(
            kind=OperationKind.REQUEST,
            service=self.service,
            instance_id=self.id,
            request=request,
        )

    def _cookie(self, place: Environment, operation: Operation, path: str) -> str | None:
        if not self.client.has_cookies:
            return None
        return self.client.cookie_header(place.service_url(*request_segments(operation, path)))

    async def send(
        self,
        prepared: PreparedRequest,
        transfer: Transfer | None = None,
        *,
        within: float | None = None,
    ) -> tuple[Exchange, Answer]:
        """Send a prepared request, for `within` seconds at the most, and learn from its answer.

        Raises GuardError, with nothing sent, when the Environment is read-only and this is not.
        """
        check(self.environment, prepared)
        exchange = await self.client.send(prepared, transfer, within=within)
        answer = read_answer(exchange)
        self.learn(exchange, answer)
        return exchange, answer

    def show(self, exchange: Exchange, answer: Answer) -> None:
        """Take over the screen that an answer shows, and nothing else."""
        self.trail.learn(exchange, answer)
        self._on_change(self)

    def learn(self, exchange: Exchange, answer: Answer) -> None:
        """Take over what an answer says of this instance."""
        self.last_exchange, self.last_answer = exchange, answer
        if answer.access is not None:
            self.access = answer.access
        if answer.state is not None:
            self.state = answer.state
        self.trail.learn(exchange, answer)
        self._on_change(self)
