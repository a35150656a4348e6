"""The agents of the played contact center, and who waits for them.

That one group of agents serves callbacks, the request-inbound/outbound services and chats alike
is this simulator's choice, as are their names and number.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gms_console.simulator.config.sections import Sections
from gms_console.simulator.world.controls import Controls
from gms_console.simulator.world.line import Line, Turn

COUNT = 20
"""How many agents there are unless configured."""

NAMES = (
    "Kim", "Alex", "Sam", "Robin", "Jo", "Chris", "Dana", "Lee", "Max", "Nicky",
    "Pat", "Quinn", "Ray", "Sasha", "Toni", "Uli", "Val", "Whit", "Yael", "Zoe",
)  # fmt: skip
"""What they are called unless configured; further ones are numbered."""

SECTION = "agents"

_MOST = 10_000
_DUE, _END = 0, 1


class Activity(StrEnum):
    """What an agent does."""

    FREE = "free"
    BUSY = "busy"
    AWAY = "away"


@dataclass
class Agent:
    """An agent, `since` when in this state, and whose turn it is.

    One who is `leaving` goes away at the end of the turn, and one who is `dismissed` for good.
    """

    name: str
    order: int
    state: Activity = Activity.FREE
    since: float = 0.0
    turn: Turn | None = None
    leaving: bool = False
    dismissed: bool = False


@dataclass(frozen=True)
class Freed:
    """What "agent free now" did: who is served, and whose turn ended for it, empty for none."""

    served: str
    ended: str = ""


class Staff:
    """Gives each who waits an agent: the longest waiting first, by whoever is free longest.

    Nothing happens by itself: whoever asks settles what the clock has made due meanwhile, event by
    event in order of time, so that answers are exact however far the clock jumped. All is to be
    called under the lock of the world.
    """

    def __init__(self, controls: Controls, names: Sequence[str] = NAMES, now: float = 0.0) -> None:
        self._controls = controls
        self._changes = controls.changes
        self._time = now
        self._agents: dict[str, Agent] = {}
        self._free: list[tuple[float, int, str]] = []
        self._turns: dict[str, Turn] = {}
        self._line = Line()
        self._due: list[tuple[float, int, Turn]] = []
        self._events: list[tuple[float, int, int, Turn, float]] = []
        self._held_back: dict[str, Turn] = {}
        self._count = 0
        self._ended = 0
        self._ended_seconds = 0.0
        self.employ(names, now)

    def employ(self, names: Sequence[str], now: float) -> None:
        """Have these agents from now on; others who are busy go at the end of their turn."""
        self.settle(now)
        before, self._agents = self._agents, {}
        for order, name in enumerate(names):
            agent = before.pop(name, None) or Agent(name, order, since=now)
            agent.order, agent.dismissed = order, False
            self._agents[name] = agent
            if agent.state is Activity.FREE:
                heapq.heappush(self._free, (agent.since, order, name))
        for agent in before.values():
            if agent.turn is not None:
                agent.dismissed = True
                self._agents[agent.name] = agent
        self._assign(now)

    # Waiting and being served

    def wait(
        self, key: str, since: float, earliest: float, seconds: float, group: str = ""
    ) -> Turn:
        """Let `key` wait from `since` on for an agent, who comes at `earliest` or later.

        The agent is busy for `seconds` then, unless `hold` or `leave` says otherwise. Takes the
        place of an earlier turn of the key.
        """
        self.leave(key, self._time)
        turn = Turn(key, group, since, earliest, seconds)
        self.take_back(turn)
        return turn

    def take_back(self, turn: Turn) -> None:
        """Take a turn in as it is: a new one, or one that was kept over a restart."""
        if turn.over:
            return
        self._count += 1
        turn.number = self._count
        turn.keeper = self
        self._turns[turn.key] = turn
        if turn.at is None:
            self._line.add(turn)
            self._event(turn.earliest, _DUE, turn)
            if turn.until is not None:
                self._event(turn.until, _END, turn)
            return
        agent = self._agents.get(turn.agent)
        if agent is None or agent.turn is not None:
            agent = next((each for each in self._agents.values() if each.turn is None), None)
        if agent is None:
            self._finish(turn)
            return
        self._occupy(agent, turn, turn.at)

    def hold(self, turn: Turn, until: float, now: float) -> None:
        """Let the turn last until then, be it served or still waiting."""
        self.settle(now)
        if not turn.over:
            turn.until = until
            self._event(until, _END, turn)

    def leave(self, key: str, now: float) -> None:
        """End the turn of `key`, be it waiting or served; without effect when there is none."""
        self.settle(now)
        turn = self._turns.get(key)
        if turn is not None:
            self._end(turn, now)
            self._assign(now)

    def release(self, key: str, now: float) -> None:
        """Free the agent of `key`: the customer has hung up. The same as `leave`."""
        self.leave(key, now)

    def turn(self, key: str) -> Turn | None:
        """Return the turn of `key` that is not over."""
        return self._turns.get(key)

    def assigned(self, key: str, now: float) -> str:
        """Return who serves `key` now; empty for nobody."""
        self.settle(now)
        turn = self._turns.get(key)
        return "" if turn is None else turn.agent

    # What an onlooker sees

    def agents(self, now: float) -> list[Agent]:
        """Return all agents as they are now; not to be changed."""
        self.settle(now)
        return list(self._agents.values())

    def queue(self, now: float) -> list[Turn]:
        """Return who waits now, the longest waiting first; not who has a time later on."""
        self.settle(now)
        return self._line.come(now)

    def waiting(self, now: float, group: str | None = None) -> int:
        """Return how many wait now; of one group, or of all."""
        self.settle(now)
        return self._line.length(now, group)

    def served(self, now: float) -> list[Turn]:
        """Return the turns that agents are busy with."""
        return [agent.turn for agent in self.agents(now) if agent.turn is not None]

    def place_of(self, key: str, now: float) -> int:
        """Return the place in the queue, from 1; 0 for one who does not wait, or not yet."""
        self.settle(now)
        turn = self._turns.get(key)
        if turn is None or not turn.waits or turn.since > now:
            return 0
        return self._line.before(turn) + 1

    def seconds_left(self, turn: Turn, now: float) -> float | None:
        """Estimate how long a turn waits yet; None while nobody knows.

        Those before it get the agents as they become free, each for as long as turns lasted on
        average.
        """
        self.settle(now)
        if not turn.waits:
            return 0.0
        due = self._controls.put_off(turn.group, turn.since, turn.earliest)
        due = self._controls.resumes(turn.group, max(due, now))
        mean = self._ended_seconds / self._ended if self._ended else turn.seconds
        ends = sorted(
            now if agent.turn is None else self._end_of(agent.turn, now + mean)
            for agent in self._agents.values()
            if agent.state is not Activity.AWAY and not agent.leaving and not agent.dismissed
        )
        if not ends or math.isinf(due):
            return None
        rounds, place = divmod(self._line.before(turn), len(ends))
        return max(due, ends[place] + rounds * mean) - now

    # What a presenter does

    def agent_free_now(self, now: float) -> Freed | None:
        """Serve the longest waiting at once, whatever their earliest time says.

        Nobody waits: nothing happens. All are busy: the agent who is busy longest ends that turn.
        All are away: the one who is away longest comes back.
        """
        self.settle(now)
        turn = next((each for each in self._line.come(now) if self._may_go(each, now)), None)
        agent = (
            self._longest(Activity.FREE)
            or self._longest(Activity.BUSY)
            or self._longest(Activity.AWAY)
        )
        if turn is None or agent is None:
            return None
        ended = ""
        if agent.turn is not None:
            ended = agent.turn.key
            dismissed, agent.dismissed, agent.leaving = agent.dismissed, False, False
            self._end(agent.turn, now)
            agent.dismissed = dismissed
        self._serve(agent, turn, now)
        return Freed(turn.key, ended)

    def set_away(self, name: str, away: bool, now: float) -> None:
        """Send an agent away, at the end of the turn if busy, or call one back.

        Raises KeyError for a name that nobody has.
        """
        self.settle(now)
        agent = self._agents[name]
        if agent.turn is not None:
            agent.leaving = away
        elif away != (agent.state is Activity.AWAY):
            self._rest(agent, now, away=away)
            self._assign(now)

    # The course of events

    def settle(self, now: float) -> None:
        """Let everything happen that is due by now, in order of time."""
        if self._changes != self._controls.changes:
            self._look_again()
        while self._events and self._events[0][0] <= now:
            at, _, kind, turn, mark = heapq.heappop(self._events)
            self._time = max(self._time, at)
            if kind == _DUE:
                self._become_due(turn)
            elif not turn.over and turn.until == mark:
                self._end(turn, self._time)
            # Of those who are due at the same moment, the longest waiting comes first.
            if not self._events or self._events[0][0] > self._time:
                self._assign(self._time)
        self._time = max(self._time, now)

    def _look_again(self) -> None:
        """Give those another time whose suspended service goes on."""
        self._changes = self._controls.changes
        held_back, self._held_back = self._held_back, {}
        for turn in held_back.values():
            self._event(turn.earliest, _DUE, turn)

    def _become_due(self, turn: Turn) -> None:
        if turn.waits:
            due = self._controls.put_off(turn.group, turn.since, turn.earliest)
            if due > self._time:
                self._put_back(turn, due)
            else:
                heapq.heappush(self._due, (turn.since, turn.number, turn))

    def _assign(self, now: float) -> None:
        """Bring together who is due and who is free."""
        while self._due and (agent := self._longest(Activity.FREE)) is not None:
            turn = heapq.heappop(self._due)[2]
            if not turn.waits:
                continue
            goes_on = self._controls.resumes(turn.group, now)
            if goes_on > now:
                self._put_back(turn, goes_on)
            else:
                self._serve(agent, turn, now)

    def _put_back(self, turn: Turn, due: float) -> None:
        if math.isinf(due):
            self._held_back[turn.key] = turn
        else:
            self._event(due, _DUE, turn)

    def _serve(self, agent: Agent, turn: Turn, now: float) -> None:
        self._line.remove(turn)
        turn.at = now
        self._occupy(agent, turn, now)

    def _occupy(self, agent: Agent, turn: Turn, now: float) -> None:
        agent.state, agent.since, agent.turn = Activity.BUSY, now, turn
        turn.agent = agent.name
        if turn.until is None:
            turn.until = now + turn.seconds
        self._event(turn.until, _END, turn)

    def _end(self, turn: Turn, now: float) -> None:
        """Take a turn out of the line, or from its agent, who rests."""
        agent = self._agents.get(turn.agent) if turn.at is not None else None
        if turn.waits:
            self._line.remove(turn)
        self._finish(turn)
        if agent is not None and agent.turn is turn:
            self._ended += 1
            self._ended_seconds += now - agent.since
            self._rest(agent, now, away=agent.leaving)

    def _finish(self, turn: Turn) -> None:
        turn.over = True
        self._held_back.pop(turn.key, None)
        if self._turns.get(turn.key) is turn:
            del self._turns[turn.key]

    def _rest(self, agent: Agent, now: float, *, away: bool) -> None:
        agent.state = Activity.AWAY if away else Activity.FREE
        agent.since, agent.turn, agent.leaving = now, None, False
        if agent.dismissed:
            del self._agents[agent.name]
        elif not away:
            heapq.heappush(self._free, (now, agent.order, agent.name))

    def _longest(self, state: Activity) -> Agent | None:
        """Return who has been in a state longest."""
        if state is not Activity.FREE:
            found = [agent for agent in self._agents.values() if agent.state is state]
            return min(found, key=lambda agent: (agent.since, agent.order), default=None)
        while self._free:
            since, _, name = self._free[0]
            agent = self._agents.get(name)
            if agent is not None and agent.state is Activity.FREE and agent.since == since:
                return agent
            heapq.heappop(self._free)
        return None

    def _may_go(self, turn: Turn, now: float) -> bool:
        return self._controls.resumes(turn.group, now) <= now

    def _end_of(self, turn: Turn, unknown: float) -> float:
        return unknown if turn.until is None or math.isinf(turn.until) else turn.until

    def _event(self, at: float, kind: int, turn: Turn) -> None:
        if math.isinf(at):
            return
        self._count += 1
        mark = at if kind == _END else 0.0
        heapq.heappush(self._events, (max(at, self._time), self._count, kind, turn, mark))


def agent_names(config: Sections) -> tuple[str, ...]:
    """Return the agents' names as configured: those that are listed, else so many of our own."""
    listed = tuple(dict.fromkeys(config.items(SECTION, "names")))
    if listed:
        return listed
    number = int(config.number(SECTION, "count", COUNT))
    numbered = tuple(f"Agent {each}" for each in range(len(NAMES) + 1, min(number, _MOST) + 1))
    return (*NAMES, *numbered)[: max(number, 0)]
