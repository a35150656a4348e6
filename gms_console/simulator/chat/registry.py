"""What a presenter sees of chats and does to them. All under the lock of the world."""

from dataclasses import dataclass

from gms_console.simulator.chat import staffing
from gms_console.simulator.chat.talk import Chat
from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.world.instances import World

WAITING = "waiting-for-agent"
TALKING = "talking"
ENDED = "ended"


@dataclass(frozen=True)
class ChatRow:
    """A chat of API v2 by its `chatId`, or of API v1 by the id of its instance."""

    id: str
    service: str
    version: int
    state: str
    nickname: str
    agent: str
    began: float


def chats(world: World) -> list[ChatRow]:
    """Return all chats in order of their beginning."""
    staffing.settle_all(world)
    return [row_of(each) for each in world.chats.all()]


def row_of(chat: Chat) -> ChatRow:
    """Return what is to be seen of a chat."""
    return ChatRow(
        id=chat.id,
        service=chat.service,
        version=chat.version,
        state=state_of(chat),
        nickname=chat.nickname,
        agent=chat.agent,
        began=chat.began,
    )


def state_of(chat: Chat) -> str:
    """Return where a chat stands."""
    if chat.ended:
        return ENDED
    return WAITING if chat.joined_at is None else TALKING


def agent_says(world: World, chat_id: str, text: str) -> None:
    """Let the agent say something now.

    Raises GmsError 404 for an unknown id, 400 for a chat that has no agent or has ended.
    """
    chat = _served(world, chat_id)
    chat.agent_says(world.clock.now(), text)
    staffing.settle(world, chat)


def agent_leaves(world: World, chat_id: str) -> None:
    """Let the agent leave now, which ends the chat. Raises what `agent_says` raises."""
    chat = _served(world, chat_id)
    chat.agent_leaves(world.clock.now())
    staffing.settle(world, chat)


def _served(world: World, chat_id: str) -> Chat:
    chat = world.chats.find(chat_id)
    if chat is None:
        raise GmsError(404, f"Chat [{chat_id}] is not found.")
    staffing.settle(world, chat)
    if chat.ended or chat.joined_at is None:
        state = "has ended" if chat.ended else "has no agent yet"
        raise GmsError(400, f"Chat [{chat_id}] {state}.")
    return chat


def end(world: World, chat_id: str) -> None:
    """Let the customer leave, and forget the chat. Raises GmsError 404 for an unknown id."""
    chat = world.chats.find(chat_id)
    if chat is None:
        raise GmsError(404, f"Chat [{chat_id}] is not found.")
    staffing.settle(world, chat)
    chat.end(world.clock.now())
    staffing.settle(world, chat)
    world.chats.drop(chat_id)
