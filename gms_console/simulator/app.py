"""The application: takes a request in, records it, answers it."""

import secrets
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gms_console.simulator import protocol
from gms_console.simulator.answers import Answer, GmsError
from gms_console.simulator.callers import check_host
from gms_console.simulator.calls import Call
from gms_console.simulator.delivery import ClientLeft, Wire, deliver, replacement
from gms_console.simulator.faults import Effect, FaultCounter
from gms_console.simulator.forms import Form, read_body, read_query
from gms_console.simulator.instances import World
from gms_console.simulator.received import BODY_LIMIT, ReceivedLog, ReceivedRequest
from gms_console.simulator.routes import CREATE, Place, handler, locate, operation, service_of


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
        self, app: ASGIApp, world: World, faults: FaultCounter, received: ReceivedLog
    ) -> None:
        self._app = app
        self._world = world
        self._faults = faults
        self._received = received

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request through: record, answer, deliver."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wire = Wire(scope["method"], receive, send, scope[protocol.TRANSPORT])
        place = _place(scope)
        effect = self._effect(wire.method, place)
        try:
            form = await self._take_in(scope, wire)
            answer = self._answer(scope, place, form, effect)
            if isinstance(form, Form):
                form.discard()
            await deliver(wire, answer, effect)
        except ClientLeft:
            return

    def _effect(self, method: str, place: Place | GmsError) -> Effect | None:
        if isinstance(place, GmsError):
            return self._faults.next("", "")
        return self._faults.next(service_of(self._world, place), operation(method, place))

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
        self, scope: Scope, place: Place | GmsError, form: Form | GmsError, effect: Effect | None
    ) -> Answer:
        if effect is not None and effect.prevents:
            return replacement(effect)
        method = scope["method"]
        try:
            if isinstance(place, GmsError):
                raise place
            carry_out = handler(method, place)
            if isinstance(form, GmsError):
                raise form
            with self._world.lock:
                answer = carry_out(Call(self._world, form, place.root, _origin(scope)))
        except GmsError as error:
            answer = error.answer()
        if isinstance(place, Place) and _creates(method, place, answer):
            return _with_session(scope, place, answer)
        return answer


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


def _place(scope: Scope) -> Place | GmsError:
    try:
        check_host(_header(scope, b"host"))
        return locate(scope["raw_path"])
    except GmsError as error:
        return error


def _header(scope: Scope, name: bytes) -> str:
    values: list[bytes] = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if values else ""


def _origin(scope: Scope) -> str:
    """Return scheme, host and port as the client named them."""
    host = _header(scope, b"host") or "{}:{}".format(*scope["server"])
    return f"{scope['scheme']}://{host}"


def _creates(method: str, place: Place, answer: Answer) -> bool:
    """Return whether a request is a create, also a refused one; by GET a successful one."""
    known = method == "POST" or (method == "GET" and answer.status == 200)
    return known and operation(method, place) == CREATE


def _with_session(scope: Scope, place: Place, answer: Answer) -> Answer:
    """Add the session cookie of sticky load balancing (domain: documented) unless sent."""
    if "JSESSIONID=" in _header(scope, b"cookie"):
        return answer
    session = secrets.token_hex(13)
    return answer.with_header(
        "Set-Cookie", f"JSESSIONID={session}.node1; Path={place.root}; HttpOnly"
    )


async def _on_bug(request: Request, error: Exception) -> Response:
    """Tell about a mistake in the simulator itself, so that nobody blames the client."""
    del request
    return Response(f"The simulator failed: {error!r}", 500, media_type="text/plain")
