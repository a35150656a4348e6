"""The way in for scripts that drive the simulator: JSON below `/simulator` on every node.

It is no part of GMS: no fault hits it, it is not recorded, and no web page of another origin may
use it.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qs, unquote

from starlette.types import Scope

from gms_console.simulator.control import bodies
from gms_console.simulator.control.control import Control, UnknownNameError
from gms_console.simulator.control.faults_http import FAULTS, answer_faults
from gms_console.simulator.control.refusals import Refused
from gms_console.simulator.control.showing import clock_fields, request_fields, view_fields
from gms_console.simulator.errors import SimulatorError
from gms_console.simulator.faults.file import FaultFileError
from gms_console.simulator.faults.live import UnknownFaultError
from gms_console.simulator.faults.plan import FOR_GOOD
from gms_console.simulator.web.answers import Answer, GmsError, json_answer
from gms_console.simulator.web.callers import check_host
from gms_console.simulator.web.delivery import Wire, deliver
from gms_console.simulator.web.serving import Serving
from gms_console.simulator.world.clock import check_speed, check_step

ROOT = b"/simulator"
BODY_LIMIT = 1024 * 1024


def is_control(raw_path: bytes) -> bool:
    """Return whether a path belongs to the control and not to GMS."""
    return raw_path == ROOT or raw_path.startswith(ROOT + b"/")


@dataclass(frozen=True)
class Order:
    """A request to the control: method, path below `/simulator`, query and text of the body."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str]
    text: str

    def fields(self) -> dict[str, object]:
        """Return the JSON object of the body; raises Refused for anything else."""
        loaded = bodies.read_json(self.text or "{}")
        if not isinstance(loaded, dict):
            raise Refused(400, "the body must be a JSON object")
        return loaded


class ControlFront:
    """Answers what comes to `/simulator` on one node."""

    def __init__(self, control: Control, serving: Serving, node: str) -> None:
        self._control = control
        self._serving = serving
        self._node = node

    async def answer(self, scope: Scope, wire: Wire) -> None:
        """Carry out an order and deliver what came of it."""
        goes_down = False
        try:
            order = await _order(scope, wire)
            if order.method == "POST" and len(order.path) == 2 and order.path[0] == "nodes":
                answer, goes_down = await self._switch(order)
            elif order.method == "GET" and not order.path:
                # A large picture takes a while, in which requests are answered.
                answer = await asyncio.to_thread(self._shown)
            else:
                answer = self._carry_out(order)
        except Refused as error:
            answer = error.answer()
        except (UnknownNameError, UnknownFaultError) as error:
            answer = Refused(404, str(error)).answer()
        except (FaultFileError, ValueError) as error:
            answer = Refused(400, str(error)).answer()
        except SimulatorError as error:
            answer = Refused(409, str(error)).answer()
        await deliver(wire, answer, None)
        if goes_down:
            self._serving.take_down(self._node)(FOR_GOOD)

    def _shown(self) -> Answer:
        return json_answer(view_fields(self._control.view()))

    async def _switch(self, order: Order) -> tuple[Answer, bool]:
        """Switch a node; this one itself goes down once its answer has left."""
        name, fields = order.path[1], order.fields()
        self._control.check_node(name)
        bodies.only(fields, ("up", "online"))
        wanted = {field: bodies.flag(fields, field) for field in fields}
        if "online" in wanted:
            self._control.set_node_online(name, wanted["online"])
        if "up" not in wanted:
            return _done(), False
        if name == self._node and not wanted["up"]:
            return _done(), True
        await self._serving.switch(name, up=wanted["up"])
        return _done(), False

    def _carry_out(self, order: Order) -> Answer:
        control = self._control
        match order.method, order.path:
            case "GET", ("received",):
                since = bodies.whole(order.query.get("since", "0"), "since")
                return json_answer([request_fields(each) for each in control.received(since)])
            case _, (first, *_) if first in FAULTS:
                return answer_faults(control.faults, order.method, order.path, order.text)
            case "POST", _:
                return self._push_on(order)
            case "DELETE", ("instances", instance_id):
                control.end(instance_id)
                return _done()
            case _:
                raise _unknown(order)

    def _push_on(self, order: Order) -> Answer:
        """Carry out what moves the played contact center on."""
        control = self._control
        match order.path:
            case ("clock",):
                return self._clock(order.fields())
            case ("agents", "free"):
                return json_answer({"served": control.agent_free_now()})
            case ("agents", name):
                control.set_away(name, bodies.flag(order.fields(), "away"))
            case ("instances", instance_id, "hangup"):
                control.hang_up(instance_id)
            case ("chats", chat_id, "say"):
                control.agent_says(chat_id, bodies.text(order.fields(), "text"))
            case ("chats", chat_id, "leave"):
                control.agent_leaves(chat_id)
            case ("pushes",):
                return json_answer(control.take_pushes())
            case _:
                raise _unknown(order)
        return _done()

    def _clock(self, fields: dict[str, object]) -> Answer:
        """Carry out what a body wants of the clock, all of it or nothing."""
        control = self._control
        bodies.only(fields, ("pause", "resume", "step", "speed"))
        for carry_out in [_clock_order(control, name, fields) for name in fields]:
            carry_out()
        return json_answer(clock_fields(control.clock()))


async def _order(scope: Scope, wire: Wire) -> Order:
    """Read an order; raises Refused for one that no program of this machine sends so."""
    headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
    taken = bytearray()
    async for chunk in wire.body():
        taken += chunk
        if len(taken) > BODY_LIMIT:
            raise Refused(413, f"the body is larger than {BODY_LIMIT} bytes")
    _check_caller(headers)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    # A form of a web page could send any other kind.
    if kind != "application/json" and (taken or kind):
        raise Refused(415, "the body must be application/json")
    try:
        text = taken.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, f"the body is no UTF-8: {error}") from error
    below = scope["raw_path"].removeprefix(ROOT).decode("latin-1").strip("/")
    path = tuple(unquote(part) for part in below.split("/")) if below else ()
    query = {key: values[-1] for key, values in parse_qs(scope["query_string"].decode()).items()}
    return Order(wire.method, path, query, text)


def _check_caller(headers: Mapping[str, str]) -> None:
    """Refuse what a web page of another origin sends."""
    host = headers.get("host", "")
    try:
        check_host(host)
    except GmsError as error:
        raise Refused(403, error.message) from error
    origin = headers.get("origin")
    if origin is not None and origin.removeprefix("http://") != host:
        raise Refused(403, f"a page of {origin} may not drive the simulator")
    if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise Refused(403, "a page of another origin may not drive the simulator")


def _clock_order(control: Control, name: str, fields: Mapping[str, object]) -> Callable[[], None]:
    """Return what carries out one field of an order to the clock; refuses a wrong one."""
    if name in ("pause", "resume"):
        if fields[name] is not True:
            raise Refused(400, f"{name} must be true")
        return control.pause if name == "pause" else control.resume
    number = bodies.number(fields, name)
    if name == "step":
        check_step(number)
        return partial(control.step, number)
    check_speed(number)
    return partial(control.set_speed, number)


def _unknown(order: Order) -> Refused:
    path = "/".join(("", "simulator", *order.path))
    return Refused(404, f"{order.method} {path} is nothing that the control knows")


def _done() -> Answer:
    return json_answer({"done": True})
