"""The ChatDesk: the chats of the window, how they begin, and which one is shown."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.chat.conversation import Conversation
from gms_console.chat.line import REFUSED
from gms_console.chat.opening import adopt, conversation_of, open_v1, open_v2
from gms_console.chat.types import ChatApi, ChatStart
from gms_console.chat.v1 import ChatV1
from gms_console.chat.v2 import ChatV2
from gms_console.guard import CreateQuestion
from gms_console.instance import Instance
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.wire.request import PreparedRequest, prepare_create

from .room import ChatRoom

if TYPE_CHECKING:
    from ..console import Console


class ChatDesk(QObject):
    """Opens chats and holds their rooms, the latest first.

    `listed` comes when a room comes or goes or another is selected, `changed` with the room in
    which something happened. `trouble` is why the last chat was not opened, `trouble_exchange`
    the id of its Exchange, and `last` what was asked for, so that nothing is typed twice.
    """

    listed = Signal()
    changed = Signal(object)

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self.rooms: list[ChatRoom] = []
        self.selected: ChatRoom | None = None
        self.last: ChatStart | None = None
        self.opening = ""
        self._under_way = 0
        self.trouble = ""
        self.trouble_exchange = ""
        console.bridge.instance_removed.connect(self._on_instance_removed)
        console.environment_changed.connect(self._follow_settings)

    # --- beginning -----------------------------------------------------------------------------

    def instances(self) -> list[Instance]:
        """Give the instances whose chat may be opened: those at the place in use."""
        environment = self._console.environment
        return [
            one
            for one in self._console.session.instances
            if environment is not None
            and one.environment.is_same_place(environment)
            and not one.service.startswith("/")
        ]

    def start(
        self,
        start: ChatStart,
        instance: Instance | None = None,
        confirmed: CreateQuestion | None = None,
    ) -> bool:
        """Open a chat; on `instance` with API v1, else on a new one. False for nothing sent yet."""
        console, self.last = self._console, start
        place = console.environment
        if place is None:
            return self._fail(console.environment_error or "There is nothing to send to.")
        environment = place if instance is None else instance.environment

        def again(agreed: CreateQuestion | None) -> None:
            here = console.environment
            if here is not None and (instance or here.is_same_place(environment)):
                self.start(start, instance, agreed)
            else:
                self._fail(f"Not sent. The chat was for {environment.title}.")

        try:
            prepared = _prepare(environment, start, instance)
            if not console.guarding.lets_out(environment, prepared, again, confirmed):
                return False
            work = self._opening(environment, prepared, (start, instance), confirmed)
        except REFUSED as error:
            return self._fail(f"Not sent. {error}")
        self._begin_opening(work, prepared)
        return True

    def _opening(
        self,
        environment: Environment,
        prepared: PreparedRequest,
        wanted: tuple[ChatStart, Instance | None],
        confirmed: CreateQuestion | None,
    ) -> Coroutine[object, object, None]:
        start = wanted[0]
        if start.api is ChatApi.V2:
            # A create that no instance comes of: the guard is told as the Session would.
            self._console.session.guard.admit(environment, prepared, confirmed)
            return self._open_v2(environment, prepared, start)
        return self._open_v1(environment, prepared, wanted, confirmed)

    def _begin_opening(
        self, work: Coroutine[object, object, None], prepared: PreparedRequest
    ) -> None:
        self.trouble = self.trouble_exchange = ""
        self.opening = prepared.operation.title
        task = self._console.session.tasks.start(work, name="open a chat", owner=self)
        task.add_done_callback(lambda _: self._opened())
        self._under_way += 1
        self._console.message.emit(f"Sending {self.opening} …")
        self.listed.emit()

    async def _open_v2(
        self, environment: Environment, prepared: PreparedRequest, start: ChatStart
    ) -> None:
        client = self._console.session.client(environment)
        kept = False
        try:
            exchange, made = await open_v2(client, prepared, start, ChatV2(start.service))
            if isinstance(made, str):
                self._fail(f"The chat was not opened. {made[:1].upper()}{made[1:]}", exchange)
            else:
                self._add(ChatRoom(self._console, made, self))
                kept = True
        finally:
            if not kept:
                await client.aclose()

    async def _open_v1(
        self,
        environment: Environment,
        prepared: PreparedRequest,
        wanted: tuple[ChatStart, Instance | None],
        confirmed: CreateQuestion | None,
    ) -> None:
        start, instance = wanted
        try:
            if instance is None:
                created = await self._console.session.create(
                    environment, prepared, confirmed=confirmed
                )
                instance = created.instance
                if instance is None:
                    problem = created.answer.problem
                    why = problem.said if problem is not None else "The answer has no id."
                    self._fail(f"{start.service} was not created. {why}", created.exchange)
                    return
            exchange, made = await open_v1(instance, start)
        except REFUSED as error:
            self._fail(f"Not sent. {error}")
            return
        if isinstance(made, str):
            self._fail(f"The chat was not opened. {made[:1].upper()}{made[1:]}", exchange)
        else:
            self._take(made, instance)

    def open_on(self, instance: Instance, exchange: Exchange | None) -> ChatRoom:
        """Show the chat of an instance, which the phone has opened by `exchange`."""
        known = next((one for one in self.rooms if one.instance is instance), None)
        if known is not None and not _is_newer(exchange, known.chat):
            self.select(known)
            return known
        chat = conversation_of(instance) if exchange is None else adopt(instance, exchange)
        return self._take(chat, instance)

    def _take(self, chat: Conversation, instance: Instance) -> ChatRoom:
        """Show a chat of an instance, in the place of an older one of the same instance."""
        for room in [one for one in self.rooms if one.instance is instance]:
            self.close(room)
        return self._add(ChatRoom(self._console, chat, self, instance))

    def _add(self, room: ChatRoom) -> ChatRoom:
        room.changed.connect(lambda: self._on_room(room))
        self.rooms.insert(0, room)
        room.begin()
        self._console.message.emit(f"Chat open: {room.chat.title}")
        self.select(room)
        return room

    def _opened(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self.opening = ""
        self.listed.emit()

    def _fail(self, why: str, exchange: Exchange | None = None) -> bool:
        self.trouble = why
        self.trouble_exchange = exchange.id if exchange is not None else ""
        self._console.message.emit(why)
        self.listed.emit()
        return False

    def forget_trouble(self) -> None:
        """Say no more why a chat was not opened."""
        self.trouble = self.trouble_exchange = ""
        self.listed.emit()

    # --- what there is -------------------------------------------------------------------------

    def select(self, room: ChatRoom | None) -> None:
        """Show a room."""
        self.selected = room
        self.listed.emit()

    def close(self, room: ChatRoom) -> None:
        """Take a room away; GMS is not told, and the chat goes on there if it has not ended."""
        if room not in self.rooms:
            return
        place = self.rooms.index(room)
        self.rooms.remove(room)
        room.go()
        if self.selected is room:
            self.selected = self.rooms[min(place, len(self.rooms) - 1)] if self.rooms else None
        self.listed.emit()

    def _on_room(self, room: ChatRoom) -> None:
        if room in self.rooms:
            self.changed.emit(room)

    def _follow_settings(self) -> None:
        """Have chats go by the settings of their place as they are now: guard, login, times.

        Those on an instance follow with it.
        """
        here = self._console.environment
        for room in self.rooms:
            client = room.chat.client
            own = room.instance is None
            if here is not None and own and here.is_same_place(client.environment):
                client.use(here)

    def _on_instance_removed(self, instance: Instance) -> None:
        for room in self.rooms:
            if room.instance is instance:
                room.stop("Its instance was closed in the main window.")


def _is_newer(exchange: Exchange | None, chat: Conversation) -> bool:
    """Whether `exchange` opened another chat on the instance after this one had ended."""
    ended = chat.ended_at
    return exchange is not None and ended is not None and exchange.started > ended


def _prepare(
    environment: Environment, start: ChatStart, instance: Instance | None
) -> PreparedRequest:
    """Give the first request of a chat."""
    if start.api is ChatApi.V2:
        return ChatV2(start.service).open(environment, start)
    if instance is None:
        return prepare_create(environment, start.service)
    return ChatV1(instance.service).open(environment, conversation_of(instance), start)
