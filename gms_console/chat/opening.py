"""Opens chats: by chat API v2, by v1 on an instance, and on a chat that somebody opened before."""

from __future__ import annotations

from gms_console.chat.answers import whole_answer
from gms_console.chat.conversation import Conversation
from gms_console.chat.types import ChatStart, Party
from gms_console.chat.v1 import ChatV1
from gms_console.chat.v2 import ChatV2
from gms_console.client.client import GmsClient
from gms_console.guard import check
from gms_console.instance import Instance
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange
from gms_console.wire.request import PreparedRequest

NOTHING_OPENED = "The answer opens no chat: it has no key of one."


async def open_v2(
    client: GmsClient, prepared: PreparedRequest, start: ChatStart, protocol: ChatV2
) -> tuple[Exchange, Conversation | str]:
    """Send a create that was let out; give the Conversation, or why there is none."""
    exchange = await client.send(prepared)
    news = protocol.read(exchange, await whole_answer(exchange), 0)
    if news.refusal:
        return exchange, news.refusal
    if news.key is None or not news.chat_id:
        return exchange, NOTHING_OPENED
    chat = Conversation(protocol, client, title_of(start))
    chat.take(news, exchange)
    return exchange, chat


async def open_v1(instance: Instance, start: ChatStart) -> tuple[Exchange, Conversation | str]:
    """Open the chat of an instance; give the Conversation, or why there is none.

    Raises FormRefusedError, PathSegmentError and GuardError; nothing has been sent then.
    """
    chat = conversation_of(instance, title_of(start))
    protocol = chat.protocol
    if not isinstance(protocol, ChatV1):
        raise TypeError(protocol)
    prepared = protocol.open(instance.environment, chat, start)
    check(instance.environment, prepared)
    exchange = await instance.client.send(prepared)
    answer = await whole_answer(exchange)
    instance.learn(exchange, answer)
    news = protocol.read(exchange, answer, 0)
    if news.refusal:
        return exchange, news.refusal
    chat.take(news, exchange)
    return exchange, chat


def conversation_of(instance: Instance, title: str = "") -> Conversation:
    """Make the Conversation of an instance whose chat is open, or is about to be opened."""
    protocol = ChatV1(instance.service)
    chat = Conversation(protocol, instance.client, title or f"instance {instance.id[:8]}")
    chat.chat_id = instance.id
    return chat


def adopt(instance: Instance, exchange: Exchange) -> Conversation:
    """Go on with a chat that another part of the console has opened by `exchange`."""
    chat = conversation_of(instance)
    news = chat.protocol.read(exchange, read_answer(exchange), 0)
    if not news.refusal:
        chat.take(news, exchange)
    names = (one.nickname for one in chat.participants.values() if one.party is Party.OWN)
    chat.title = next(names, "") or chat.title
    return chat


def title_of(start: ChatStart) -> str:
    """Name a chat by the customer, else by its service."""
    full = " ".join(part for part in (start.first_name, start.last_name) if part)
    return start.nickname or full or start.service
