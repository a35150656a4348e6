"""Who serves a chat: an agent comes when one is free, and is given back at the end."""

import math
from typing import TYPE_CHECKING

from gms_console.simulator.chat.options import ChatOptions
from gms_console.simulator.chat.talk import Chat
from gms_console.simulator.world.staff import NAMES, Activity

if TYPE_CHECKING:
    from gms_console.simulator.world.instances import World


_ROUNDING = 1e-6
"""Seconds by which the end of a callback, kept as a length, can miss that of its chat."""


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
    if chat.of_callback:
        _settle_with_callback(world, chat, now)
        return
    _proceed(world, chat, now)
    if chat.ended_at is None:
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


def _settle_with_callback(world: "World", chat: Chat, now: float) -> None:
    """Let a callback end with its chat, and the chat with its callback."""
    instance = world.find(chat.id)
    callback = None if instance is None else instance.callback
    if callback is None or callback.begun_at is None:
        _proceed(world, chat, now)
    else:
        _proceed(world, chat, min(now, callback.ends_at + _ROUNDING))
        if now >= callback.ends_at:
            chat.end(callback.ends_at)
        else:
            latest = callback.begun_at + callback.times.chat
            ended = chat.ended_at
            callback.end_at(min(_expected_end(chat), latest) if ended is None else ended, now)
    chat.released = chat.ended


def _proceed(world: "World", chat: Chat, now: float) -> None:
    """Let everything happen in the chat itself that is due."""
    if chat.joined_at is None and not chat.ended:
        _let_in(world, chat, now)
    chat.settle(now)


def _expected_end(chat: Chat) -> float:
    """Return when a chat that has not ended will, if the customer says no more."""
    return chat.ends_after(chat.joins_at) if chat.joined_at is None else chat.ends_at()


def _let_in(world: "World", chat: Chat, now: float) -> None:
    """Let the agent in who has time for this chat, if it is so far."""
    if chat.of_callback:
        if chat.joins_at <= now:
            chat.join(chat.joins_at, _agent_of_callback(world, chat, now) or NAMES[0])
    elif chat.turn is not None and (came := chat.turn.ready(now)) <= now:
        chat.join(came, chat.turn.agent)


def _agent_of_callback(world: "World", chat: Chat, now: float) -> str:
    """Return who serves the callback of a chat when it is time to join; empty for nobody yet."""
    instance = world.find(chat.id)
    turn = instance.callback.turn if instance and instance.callback else None
    return turn.agent if turn is not None and turn.ready(now) <= chat.joins_at else ""


def _expect_end(chat: Chat, now: float) -> None:
    """Tell the staff when the chat is going to end, if nothing more is said."""
    turn = chat.turn
    if turn is None or turn.over:
        return
    if chat.joined_at is None:
        turn.seconds = chat.ends_after(0.0)
    elif turn.until != (until := chat.ends_at()):
        turn.hold(until, now)
