"""The application: takes a request in, records it, answers it."""

import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gms_console.simulator.control.http import ControlFront, is_control
from gms_console.simulator.faults.live import LiveFaults
from gms_console.simulator.faults.plan import Effect
from gms_console.simulator.web import auth, protocol
from gms_console.simulator.web.answers import Answer, GmsError
from gms_console.simulator.web.asked import asked
from gms_console.simulator.web.callers import check_host
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.delivery import ClientLeft, Wire, deliver, replacement
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.web.forms import Form, read_body, read_query
from gms_console.simulator.web.received import BODY_LIMIT, ReceivedLog, ReceivedRequest
from gms_console.simulator.web.routes import PAGE, Place, endpoint, handler, locate
from gms_console.simulator.world.instances import World


@dataclass(frozen=True)
class Played:
    """What the application of one node plays with.

    `take_down` switches that node off for so many real seconds; `control` is the way in for
    whoever drives the simulator.
    """

    world: World
    faults: LiveFaults
    received: ReceivedLog
    control: ControlFront
    take_down: Callable[[float], None]
    node: str


def application(played: Played) -> ASGIApp:
    """Return a node of the simulator as an ASGI application.

    Starlette routes on the decoded path, where `a%2Fb` is no longer one segment; so all
    requests are answered before its router, by `Front`.
    """
    return Starlette(
        middleware=[Middleware(Front, played=played)],
        exception_handlers={Exception: _on_bug},
    )


class Front:
    """Answers every HTTP request; what is no HTTP passes on to the application behind."""

    def __init__(self, app: ASGIApp, played: Played) -> None:
        self._app = app
        self._played = played
        self._node = played.node
        self._world = played.world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request through: record, answer, deliver."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wire = Wire(
            scope["method"], receive, send, scope[protocol.TRANSPORT], self._played.take_down
        )
        try:
            if is_control(scope["raw_path"]):
                await self._played.control.answer(scope, wire)
            else:
                await self._play(scope, wire)
        except ClientLeft:
            return

    async def _play(self, scope: Scope, wire: Wire) -> None:
        found = self._find(scope)
        about = NOWHERE if isinstance(found, GmsError) else found.endpoint
        effect = self._played.faults.next(asked(self._world, about, self._node))
        form = await self._take_in(scope, wire)
        answer = self._answer(scope, found, form, effect)
        if isinstance(form, Form):
            form.discard()
        await deliver(wire, answer, effect)

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
            self._played.received.add(
                ReceivedRequest(
                    method=wire.method,
                    target=scope[protocol.TARGET],
                    headers=scope[protocol.HEADERS],
                    body=bytes(tap.kept),
                    size=tap.size,
                    complete=complete,
                    node=self._node,
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
        error_format = self._world.config.text("server", "error_format")
        if effect is not None and _prevents(effect, found, form):
            return replacement(effect, error_format)
        try:
            if isinstance(found, GmsError):
                raise found
            if found.endpoint.operation != PAGE and not found.endpoint.public:
                authorization = _header(scope, b"authorization")
                auth.require(self._world.config, found.endpoint.service, authorization)
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
            empty = effect is not None and effect.pool_empty
            with self._world.lock, self._world.pool.withheld(empty):
                # Also what is refused may have changed something.
                self._world.changes += 1
                answer = carry_out(call)
        except GmsError as error:
            answer = error.answer(error_format)
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


def _prevents(effect: Effect, found: "_Found | GmsError", form: Form | GmsError) -> bool:
    """Return whether a fault keeps a request from being carried out.

    A cancel with `discard_ors_failure` does without Orchestration Server; that GMS knows the
    parameter is seen in the vendor's iOS library.
    """
    cancels = isinstance(found, _Found) and found.endpoint.operation == "cancel"
    if cancels and isinstance(form, Form) and form.flag("discard_ors_failure"):
        effect = replace(effect, ors_down=False, session_lost=False)
    return effect.prevents


def _begins(method: str, found: Endpoint, answer: Answer) -> bool:
    """Return whether a request is a create, also a refused one; by GET a successful one."""
    return found.creates and (method == "POST" or answer.status == 200)


async def _on_bug(request: Request, error: Exception) -> Response:
    """Tell about a mistake in the simulator itself, so that nobody blames the client."""
    del request
    return Response(f"The simulator failed: {error!r}", 500, media_type="text/plain")
