"""Taking the picture of a running simulator."""

import math
from dataclasses import replace
from heapq import merge
from itertools import islice

from gms_console.simulator.breathing import breathe
from gms_console.simulator.callback.state import State
from gms_console.simulator.chat import registry
from gms_console.simulator.chat.options import SERVICE_SECTION
from gms_console.simulator.chat.registry import ChatRow
from gms_console.simulator.control.run import Run
from gms_console.simulator.control.view import (
    AgentView,
    ClockView,
    InstanceView,
    NodeView,
    SimulatorView,
)
from gms_console.simulator.faults.live import LiveFaults
from gms_console.simulator.services import ors
from gms_console.simulator.web.received import ReceivedLog
from gms_console.simulator.web.serving import LOOPBACK
from gms_console.simulator.world import pushes
from gms_console.simulator.world.clock import Clock
from gms_console.simulator.world.instances import Instance, World

MOST = 2000
"""The picture shows so many instances, the newest."""

_PART = 50
"""So many instances are looked at under one hold of the world's lock."""

_CREATED = "created"


def taken(run: Run, clock: Clock, faults: LiveFaults, received: ReceivedLog) -> SimulatorView:
    """Return what there is now; requests are answered between two parts of a large picture."""
    world = run.world
    with world.lock:
        now = clock.now()
        # What is due in chats frees agents.
        chats = registry.chats(world)
        staff = world.staff
        places = {turn.key: place for place, turn in enumerate(staff.queue(now), start=1)}
        busy = {turn.key: turn.agent for turn in staff.served(now)}
        newest = list(islice(reversed(world.instances()), MOST))
        view = SimulatorView(
            clock=clock_view(clock),
            nodes=_nodes(world),
            agents=_agents(world, now),
            instances=(),
            faults=faults.views(),
            waiting=len(places),
            free_numbers=world.pool.free(),
            pushes=len(pushes.pending(world, take=False)),
            received=received.total,
            config_error=world.config_error,
        )
    instances: list[InstanceView] = []
    for start in range(0, len(newest), _PART):
        with world.lock:
            instances += [
                _instance(world, clock, each, now, busy.get(each.id, ""), places.get(each.id, 0))
                for each in newest[start : start + _PART]
            ]
        breathe()
    talks = [
        _chat(clock, row, busy.get(row.id, ""), places.get(row.id, 0))
        for row in reversed(chats)
        if row.version == 2
    ]
    return replace(view, instances=_newest(instances, talks))


def clock_view(clock: Clock) -> ClockView:
    """Return what a clock shows."""
    return ClockView(clock.utc(), clock.speed, clock.paused)


def _nodes(world: World) -> tuple[NodeView, ...]:
    nodes = world.nodes
    return tuple(
        NodeView(
            name=name,
            url=f"http://{LOOPBACK}:{nodes.port(name)}/genesys",
            up=nodes.up(name),
            online=name not in world.offline_nodes,
        )
        for name in nodes.names()
    )


def _agents(world: World, now: float) -> tuple[AgentView, ...]:
    views = []
    for agent in world.staff.agents(now):
        turn = agent.turn
        until = math.inf if turn is None or turn.until is None else turn.until
        left = None if math.isinf(until) else max(until - now, 0.0)
        views.append(
            AgentView(
                name=agent.name,
                state=str(agent.state),
                seconds=max(now - agent.since, 0.0),
                instance="" if turn is None else turn.key,
                left=left,
            )
        )
    return tuple(views)


def _instance(
    world: World, clock: Clock, instance: Instance, now: float, agent: str, place: int
) -> InstanceView:
    state, over = _state(world, instance, now)
    return InstanceView(
        id=instance.id,
        service=instance.service,
        state=state,
        created=clock.moment(instance.created),
        customer=_customer(instance),
        agent=agent,
        place=place,
        over=over,
    )


def _chat(clock: Clock, row: ChatRow, agent: str, place: int) -> InstanceView:
    """Return a chat of API v2, which is no instance of GMS, as one."""
    return InstanceView(
        id=row.id,
        service=f"{SERVICE_SECTION}{row.service}",
        state=row.state,
        created=clock.moment(row.began),
        customer=row.nickname,
        agent=agent,
        place=place,
        over=row.state == registry.ENDED,
    )


def _newest(instances: list[InstanceView], chats: list[InstanceView]) -> tuple[InstanceView, ...]:
    """Return both kinds together, the newest first."""
    if not chats:
        return tuple(instances)
    merged = merge(instances, chats, key=lambda each: each.created, reverse=True)
    return tuple(islice(merged, MOST))


def _state(world: World, instance: Instance, now: float) -> tuple[str, bool]:
    """Return what the status or the record of an instance says, and whether it is over."""
    callback = instance.callback
    if callback is not None:
        state = callback.state(now, world.controls)
        return str(state), state is State.COMPLETED
    if instance.walk:
        found = ors.stage(instance, now)
        return found.status, found in (ors.COMPLETED, ors.CANCELLED)
    chat = world.chats.find(instance.id)
    return (_CREATED, False) if chat is None else (registry.state_of(chat), chat.ended)


def _customer(instance: Instance) -> str:
    """Return the number of the customer, as far as it was sent."""
    return (instance.callback.customer_number if instance.callback is not None else "") or ""
