"""What whoever drives the simulator sees of it and can do to it, from any thread."""

from collections.abc import Callable
from dataclasses import replace

from gms_console.simulator.chat import registry
from gms_console.simulator.control import picture
from gms_console.simulator.control.run import Run
from gms_console.simulator.control.view import ClockView, SimulatorView
from gms_console.simulator.errors import SimulatorError
from gms_console.simulator.faults.live import LiveFaults
from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.web.received import ReceivedLog, ReceivedRequest
from gms_console.simulator.world import presenting, pushes
from gms_console.simulator.world.clock import Clock
from gms_console.simulator.world.instances import World


class UnknownNameError(Exception):
    """There is no agent, instance or node of that name."""


class Control:
    """The presenter's hand on the simulator. Safe to use from any thread.

    Nothing here is a request: it is not recorded, and no fault hits it. What needs a running
    simulator raises SimulatorError while it does not run.
    """

    def __init__(
        self,
        clock: Clock,
        faults: LiveFaults,
        received: ReceivedLog,
        run: Callable[[], Run | None],
        state_error: Callable[[], str],
    ) -> None:
        self.faults = faults
        """The faults in force: look at them with `views`, edit them by number."""
        self._clock = clock
        self._received = received
        self._run = run
        self._state_error = state_error

    def view(self) -> SimulatorView:
        """Return what there is at this moment."""
        view = picture.taken(self._running(), self._clock, self.faults, self._received)
        return replace(view, state_error=self._state_error())

    def clock(self) -> ClockView:
        """Return the clock alone."""
        return picture.clock_view(self._clock)

    def received(self, since: int = 0) -> list[ReceivedRequest]:
        """Return the requests that came after the one of that number, as far as they are kept."""
        return self._received.since(since)

    def pause(self) -> None:
        """Let the clock stand still."""
        self._clock.pause()

    def resume(self) -> None:
        """Let the clock go on."""
        self._clock.resume()

    def step(self, seconds: float) -> None:
        """Move the clock ahead; raises ValueError for a step back."""
        self._clock.step(seconds)

    def set_speed(self, speed: float) -> None:
        """Change the factor of the clock; raises ValueError unless it is above zero."""
        self._clock.speed = speed

    def agent_free_now(self) -> str:
        """Give the longest waiting an agent at once; return its id, empty when nobody waits."""
        world = self._running().world
        with world.lock:
            world.changes += 1
            freed = presenting.agent_free_now(world)
        return "" if freed is None else freed.served

    def set_away(self, name: str, away: bool) -> None:
        """Send an agent away, or call one back; raises UnknownNameError."""
        world = self._running().world
        with world.lock:
            world.changes += 1
            try:
                world.staff.set_away(name, away, self._clock.now())
            except KeyError as error:
                raise UnknownNameError(f"there is no agent {name}") from error

    def hang_up(self, instance_id: str) -> bool:
        """Let the customer of an instance or a chat hang up or give up.

        Says whether that ended anything; raises UnknownNameError.
        """
        world = self._running().world
        with world.lock:
            world.changes += 1
            try:
                return presenting.hang_up(world, instance_id)
            except GmsError as error:
                raise UnknownNameError(error.message) from error

    def end(self, instance_id: str) -> None:
        """End an instance or a chat with its data, as a delete does; raises UnknownNameError."""
        world = self._running().world
        with world.lock:
            if world.find(instance_id) is not None:
                world.end(instance_id)
            elif world.chats.find(instance_id) is not None:
                registry.end(world, instance_id)
            else:
                raise UnknownNameError(f"there is no instance {instance_id}")
            world.changes += 1

    def agent_says(self, chat_id: str, text: str) -> None:
        """Let the agent of a chat say something now.

        Raises UnknownNameError, and ValueError for a chat that has no agent or is over.
        """
        self._in_chat(chat_id, lambda world: registry.agent_says(world, chat_id, text))

    def agent_leaves(self, chat_id: str) -> None:
        """Let the agent of a chat leave, which ends it; raises what `agent_says` raises."""
        self._in_chat(chat_id, lambda world: registry.agent_leaves(world, chat_id))

    def take_pushes(self) -> list[dict[str, str]]:
        """Return the pushes that are due, as `{"_id", "_action"}`, and count them as delivered."""
        world = self._running().world
        with world.lock:
            world.changes += 1
            return pushes.pending(world, take=True)

    def check_node(self, name: str) -> None:
        """Raise UnknownNameError unless there is a node of that name."""
        if not self._running().world.nodes.has(name):
            raise UnknownNameError(f"there is no node {name}")

    def set_node_up(self, name: str, up: bool) -> None:
        """Switch a node on, or off so that it refuses connections.

        Raises UnknownNameError, and SimulatorError when its port was taken meanwhile.
        """
        self.check_node(name)
        self._running().serving.set_up(name, up)

    def set_node_online(self, name: str, online: bool) -> None:
        """Change what the status of a node says; raises UnknownNameError."""
        self.check_node(name)
        world = self._running().world
        with world.lock:
            if online:
                world.offline_nodes.discard(name)
            else:
                world.offline_nodes.add(name)

    def _in_chat(self, chat_id: str, carry_out: Callable[[World], None]) -> None:
        world = self._running().world
        with world.lock:
            if world.chats.find(chat_id) is None:
                raise UnknownNameError(f"there is no chat {chat_id}")
            try:
                carry_out(world)
            except GmsError as error:
                raise ValueError(error.message) from error
            world.changes += 1

    def _running(self) -> Run:
        run = self._run()
        if run is None:
            raise SimulatorError("the simulator is not running")
        return run
