"""The application: takes a request in, records it, answers it."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gms_console.simulator.faults.plan import Effect, FaultCounter
from gms_console.simulator.web import protocol
from gms_console.simulator.web.answers import Answer, GmsError
from gms_console.simulator.web.callers import check_host
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.delivery import ClientLeft, Wire, deliver, replacement
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.web.forms import Form, read_body, read_query
from gms_console.simulator.web.received import BODY_LIMIT, ReceivedLog, ReceivedRequest
from gms_console.simulator.web.routes import Place, endpoint, handler, locate
from gms_console.simulator.world.instances import World


def application(world: World, faults: FaultCounter, received: ReceivedLog) -> ASGIApp:
    """Return the simulator as an ASGI application.

    Starlette routes on the decoded path, where `a%2Fb` is no longer one segment; so all
    requests are answered before its router, by `Front`.
    """
    return Starlette(
        middleware=[Middleware(Front, world=world, faults=faults, received=received)],
        exception_handlers={Exception: _on_bug},
    )


class Front:
    """Answers every HTTP request; what is no HTTP passes on to the application behind."""

    def __init__(
        self,
        app: ASGIApp,
        world: World,
        faults: FaultCounter,
        received: ReceivedLog,
        node: str = "node1",
    ) -> None:
        self._app = app
        self._node = node
        self._world = world
        self._faults = faults
        self._received = received

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request through: record, answer, deliver."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wire = Wire(scope["method"], receive, send, scope[protocol.TRANSPORT])
        found = self._find(scope)
        about = NOWHERE if isinstance(found, GmsError) else found.endpoint
        effect = self._faults.next(about.service, about.operation)
        try:
            form = await self._take_in(scope, wire)
            answer = self._answer(scope, found, form, effect)
            if isinstance(form, Form):
                form.discard()
            await deliver(wire, answer, effect)
        except ClientLeft:
            return

    def _find(self, scope: Scope) -> "_Found | GmsError":
        try:
            check_host(_header(scope, b"host"))
            place = locate(scope["raw_path"])
            with self._world.lock:
                return _Found(place, endpoint(self._world, scope["method"], place))
        except GmsError as error:
            return error

    async def _take_in(self, scope: Scope, wire: Wire) -> Form | GmsError:
        """Read the body to its end and record the request; a bad body returns its refusal."""
        tap = _Tap(wire.body())
        complete = False
        try:
            form = await read_body(_header(scope, b"content-type"), tap.chunks(), self._world.files)
            complete = True
        except GmsError as error:
            complete = True
            return error
        finally:
            self._received.add(
                ReceivedRequest(
                    method=wire.method,
                    target=scope[protocol.TARGET],
                    headers=scope[protocol.HEADERS],
                    body=bytes(tap.kept),
                    size=tap.size,
                    complete=complete,
                )
            )
        form.rows[:0] = read_query(scope["query_string"])
        return form

    def _answer(
        self,
        scope: Scope,
        found: "_Found | GmsError",
        form: Form | GmsError,
        effect: Effect | None,
    ) -> Answer:
        if effect is not None and effect.prevents:
            return replacement(effect)
        try:
            if isinstance(found, GmsError):
                raise found
            carry_out = handler(scope["method"], found.endpoint)
            if isinstance(form, GmsError):
                raise form
            call = Call(
                self._world,
                form,
                root=found.place.root,
                origin=_origin(scope),
                service=found.endpoint.service,
                headers=scope["headers"],
                node=self._node,
            )
            with self._world.lock:
                answer = carry_out(call)
        except GmsError as error:
            answer = error.answer()
        if isinstance(found, _Found) and _begins(scope["method"], found.endpoint, answer):
            return self._with_session(scope, found.place, answer)
        return answer

    def _with_session(self, scope: Scope, place: Place, answer: Answer) -> Answer:
        """Add the session cookie of sticky load balancing (domain: documented) unless sent.

        What stands behind the dot names the node, by which a load balancer finds it again.
        """
        if "JSESSIONID=" in _header(scope, b"cookie"):
            return answer
        session = f"{secrets.token_hex(13)}.{self._node}"
        return answer.with_header(
            "Set-Cookie", f"JSESSIONID={session}; Path={place.root}; HttpOnly"
        )


@dataclass(frozen=True)
class _Found:
    place: Place
    endpoint: Endpoint


class _Tap:
    """Passes a body on, counts it and keeps its beginning."""

    def __init__(self, body: AsyncIterator[bytes]) -> None:
        self._body = body
        self.kept = bytearray()
        self.size = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield what comes."""
        async for chunk in self._body:
            self.size += len(chunk)
            self.kept += chunk[: BODY_LIMIT - len(self.kept)]
            yield chunk


def _header(scope: Scope, name: bytes) -> str:
    values: list[bytes] = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if values else ""


def _origin(scope: Scope) -> str:
    """Return scheme, host and port as the client named them."""
    host = _header(scope, b"host") or "{}:{}".format(*scope["server"])
    return f"{scope['scheme']}://{host}"


def _begins(method: str, found: Endpoint, answer: Answer) -> bool:
    """Return whether a request is a create, also a refused one; by GET a successful one."""
    return found.creates and (method == "POST" or answer.status == 200)


async def _on_bug(request: Request, error: Exception) -> Response:
    """Tell about a mistake in the simulator itself, so that nobody blames the client."""
    del request
    return Response(f"The simulator failed: {error!r}", 500, media_type="text/plain")
