"""The simulator as whoever drives it sees it: one picture of all, which never changes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ClockView:
    """The simulator's time; `speed` is its factor, which a pause leaves as it is."""

    now: datetime
    speed: float
    paused: bool


@dataclass(frozen=True)
class AgentView:
    """An agent. `state` is `free`, `busy` or `away`; `seconds` is how long already.

    `instance` is the id of what keeps the agent busy, empty for nothing; `left` the seconds until
    the agent is through with it, None where nobody knows.
    """

    name: str
    state: str
    seconds: float
    instance: str = ""
    left: float | None = None


@dataclass(frozen=True)
class InstanceView:
    """A live instance. `state` is what its status or record says; `agent` who serves it.

    `place` is its place in the queue from 1, 0 where it waits for no agent.
    """

    id: str
    service: str
    state: str
    created: datetime
    customer: str = ""
    agent: str = ""
    place: int = 0
    over: bool = False


@dataclass(frozen=True)
class FaultView:
    """A fault of the plan in force, in words; `seen` requests matched it, `hits` were hit."""

    number: int
    where: str
    when: str
    what: str
    enabled: bool
    seen: int
    hits: int


@dataclass(frozen=True)
class NodeView:
    """A node of the cluster: where it listens, and whether it does."""

    name: str
    url: str
    up: bool
    online: bool


@dataclass(frozen=True)
class SimulatorView:
    """All of it at one moment. `waiting` counts who waits for an agent; `pushes` are pending."""

    clock: ClockView
    nodes: tuple[NodeView, ...]
    agents: tuple[AgentView, ...]
    instances: tuple[InstanceView, ...]
    faults: tuple[FaultView, ...]
    waiting: int
    free_numbers: int
    pushes: int
    received: int
    config_error: str = ""
    state_error: str = ""
