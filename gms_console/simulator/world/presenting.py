"""What a presenter brings about: an agent is free now, the customer hangs up."""

from gms_console.simulator.callback.api import end
from gms_console.simulator.callback.state import HUNG_UP, State
from gms_console.simulator.chat import staffing
from gms_console.simulator.services.ors import CONNECTED, is_over, stage
from gms_console.simulator.world.instances import Instance, World
from gms_console.simulator.world.staff import Freed


def agent_free_now(world: World) -> Freed | None:
    """Give the longest waiting an agent at once; None when nobody waits.

    When all are busy, the agent who is busy longest ends the call for it, or no longer waits for
    a user who was asked to connect. Hold the lock of the world.
    """
    freed = world.staff.agent_free_now(world.clock.now())
    if freed is not None and freed.ended:
        _end(world, freed.ended)
    return freed


def hang_up(world: World, any_id: str) -> bool:
    """Let the customer of an instance or a chat hang up, and say whether that ended anything.

    A call or chat ends now. Who waits is out of the queue: the callback is completed with the
    reason HUNG_UP_BY_USER, a walk is cancelled. Raises GmsError 404 for an unknown id. Hold the
    lock of the world.
    """
    if world.chats.find(any_id) is None:
        world.get(any_id)
    return _end(world, any_id)


def _end(world: World, any_id: str) -> bool:
    now = world.clock.now()
    ended = _end_chat(world, any_id, now)
    instance = world.find(any_id)
    if instance is not None:
        ended = _end_instance(world, instance, now) or ended
    ended = ended or world.staff.turn(any_id) is not None
    world.staff.release(any_id, now)
    return ended


def _end_chat(world: World, chat_id: str, now: float) -> bool:
    chat = world.chats.find(chat_id)
    if chat is None:
        return False
    staffing.settle(world, chat)
    if chat.ended:
        return False
    chat.end(now)
    staffing.settle(world, chat)
    return True


def _end_instance(world: World, instance: Instance, now: float) -> bool:
    """End a callback or a walk, and what number is booked."""
    callback = instance.callback
    if callback is not None:
        state = callback.state(now, world.controls)
        if state is not State.COMPLETED:
            end(world, instance, callback, None if state is State.PROCESSING else HUNG_UP)
        return state is not State.COMPLETED
    booked = world.pool.held_by(instance.id) is not None
    world.pool.release_owner(instance.id)
    if not instance.walk or is_over(instance, now):
        return booked
    instance.completed = stage(instance, now).status == CONNECTED
    instance.cancelled = not instance.completed
    return True
