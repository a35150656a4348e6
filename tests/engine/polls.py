"""What the tests of polls have in common: fast plans, and a poll that is run to its end."""

from gms_console.events import ExchangeRecorded
from gms_console.model.stop_rule import StopRule
from gms_console.poll import Poll, PollPlan
from tests.engine.helpers import Watch, environment, open_session
from tests.support.wire_server import (
    Answer,
    WireServer,
    json_answer,
)

WAITING = json_answer({"status": "waiting-for-agent", "dialog": "/waitingforagent.html"})
READY = json_answer({"status": "agent-ready"})
UNTIL_READY = (StopRule.parse("status=agent-ready"),)
FAST = 0.01


def state(name: object) -> Answer:
    """A status answer."""
    return json_answer({"status": name})


def plan(**options: object) -> PollPlan:
    """A fast plan that waits for agent-ready."""
    return PollPlan(**{"every": FAST, "until": UNTIL_READY, **options})  # type: ignore[arg-type]


async def run(server: WireServer, wanted: PollPlan, *, patience: float = 5) -> Poll:
    """Run a poll on an instance that was reopened by its id, to its end."""
    async with open_session() as session:
        instance = session.attach(environment(server, timeout=patience), "a1", "request-inbound-x")
        watch = Watch(session)
        poll = session.start_poll(instance, wanted)
        await watch.until(lambda: poll.outcome is not None)
        assert not poll.running
        assert poll.ended is not None
        assert poll.started is not None
        assert poll.started <= poll.ended
        assert poll.next_attempt is None
        assert session.running_polls() == []
        recorded = [e.exchange for e in watch.events if isinstance(e, ExchangeRecorded)]
        numbers = [attempt.number for attempt in poll.timeline.attempts]
        assert numbers == list(range(1, len(numbers) + 1))
        stored = [attempt.exchange_id for attempt in poll.timeline.attempts]
        assert stored == [exchange.id for exchange in recorded][: len(stored)]
        assert all(session.exchanges.get(one) is not None for one in stored)
    return poll
