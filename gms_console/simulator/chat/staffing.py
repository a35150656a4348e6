"""Who serves a chat: an agent comes when one is free, and is given back at the end."""

import math
from typing import TYPE_CHECKING

from gms_console.simulator.chat.options import ChatOptions
from gms_console.simulator.chat.talk import Chat
from gms_console.simulator.world.staff import NAMES, Activity

if TYPE_CHECKING:
    from gms_console.simulator.world.instances import World


def begin(world: "World", chat: Chat) -> None:
    """Let a chat begin, and wait for an agent unless the agent of its callback serves it."""
    options = ChatOptions(world.config, chat.service)
    chat.alert_seconds = options.number("idle_alert_seconds")
    chat.close_seconds = options.number("idle_close_seconds")
    chat.joins_at = chat.began + options.number("join_seconds")
    chat.open()
    gone = world.chats.add(chat)
    if gone is not None and not gone.of_callback:
        world.staff.leave(gone.id, chat.began)
    if not chat.of_callback:
        unheard = chat.close_after() or math.inf
        chat.turn = world.staff.wait(chat.id, chat.began, chat.joins_at, unheard)


def settle(world: "World", chat: Chat) -> None:
    """Let everything happen in a chat that is due now."""
    now = world.clock.now()
    if chat.joined_at is None and not chat.ended:
        _let_in(world, chat, now)
    chat.settle(now)
    if chat.of_callback:
        chat.released = chat.ended
    elif chat.ended_at is None:
        _expect_end(chat, now)
    elif not chat.released:
        world.staff.leave(chat.id, now)
        chat.released = True


def settle_all(world: "World") -> None:
    """Let everything happen that is due in all chats, so that their agents are free in time."""
    for chat in world.chats.open():
        settle(world, chat)


def available(world: "World") -> bool:
    """Return whether agents take chats at all; that all are busy does not count."""
    agents = world.staff.agents(world.clock.now())
    return world.controls.agents_available and any(
        agent.state is not Activity.AWAY for agent in agents
    )


def _let_in(world: "World", chat: Chat, now: float) -> None:
    """Let the agent in who has time for this chat, if it is so far."""
    if chat.of_callback:
        if chat.joins_at <= now:
            chat.join(chat.joins_at, world.staff.assigned(chat.id, now) or NAMES[0])
    elif chat.turn is not None and (came := chat.turn.ready(now)) <= now:
        chat.join(came, chat.turn.agent)


def _expect_end(chat: Chat, now: float) -> None:
    """Tell the staff when the chat is going to end, if nothing more is said."""
    turn = chat.turn
    if turn is None or turn.over or chat.joined_at is None:
        return
    until = chat.ends_at()
    if turn.until != until:
        turn.hold(until, now)
