"""The ChatRoom: one chat of the window, with what is typed, its files, and its task."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.chat.conversation import Conversation
from gms_console.chat.line import EVERY, REFUSED, ChatLine
from gms_console.chat.types import ChatApi, ChatFile, Delivery
from gms_console.history.standing import PollStanding
from gms_console.model.form import Form
from gms_console.model.reading import whole_body
from gms_console.model.transfer import Transfer

from .words import refusal_in

if TYPE_CHECKING:
    from gms_console.instance import Instance
    from gms_console.model.environment import Environment

    from ..console import Console

IDLE_MS = 4000
"""Milliseconds without a key after which the agent is told that nobody types any more."""


@dataclass(eq=False)
class FileErrand:
    """A file on its way: `trouble` says why it did not get there, and it stays in sight then."""

    text: str
    transfer: Transfer
    path: Path | None = None
    trouble: str = ""
    task: asyncio.Task[None] | None = None


class ChatRoom(QObject):
    """What the window does with one Conversation; it goes on whatever is shown.

    `draft` is what is typed and not sent. `unread` counts lines of others that came out of sight.
    The server is told of nothing that a person did not do: closing a room tells it nothing.
    """

    changed = Signal()

    def __init__(
        self,
        console: Console,
        chat: Conversation,
        parent: QObject,
        instance: Instance | None = None,
    ) -> None:
        super().__init__(parent)
        self._console = console
        self.chat = chat
        self.instance = instance
        self.line = ChatLine(chat, EVERY)
        self.draft = ""
        self.unread = 0
        self.seen = 0
        self.errands: list[FileErrand] = []
        self.tells_typing = True
        self._turn = asyncio.Lock()
        self._typing = False
        self._noted = -1
        self._task: asyncio.Task[None] | None = None
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self.stop_typing)
        chat.listen = lambda _: self._on_change()

    # --- its task ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for what is new from now on."""
        self._task = self._console.session.tasks.start(self._run(), name="chat", owner=self)

    async def _run(self) -> None:
        try:
            await self.line.run()
        finally:
            self._note(ended=True)
            await self._close_client()

    async def _close_client(self) -> None:
        """Close the connection, unless it is that of an instance, or a file still goes over it."""
        tasks = [one.task for one in self.errands if one.task is not None]
        others = [one for one in tasks if one is not asyncio.current_task()]
        if self.instance is None and all(one.cancelling() or one.done() for one in others):
            await self.chat.client.aclose()

    @property
    def environment(self) -> Environment:
        """Where it is held, by the settings as they are now."""
        return self.chat.client.environment

    @property
    def elsewhere(self) -> str:
        """Where it is held, if the console sends to another place by now; else empty."""
        here = self._console.environment
        same = here is not None and here.is_same_place(self.environment)
        return "" if same else self.environment.title

    @property
    def running(self) -> bool:
        """Whether it asks for what is new."""
        return self._task is not None and not self._task.done()

    def stop(self, why: str = "") -> None:
        """End its tasks; the server is not told. `why` is shown, for a room that stays."""
        self._idle.stop()
        self._console.session.tasks.cancel(self)
        if why and not self.chat.over:
            self.chat.trouble = why
            self.chat.end()
            self.chat.changed()

    def go(self) -> None:
        """End for good: its last tasks may outlive it in the list, and tell nobody any more."""
        self.chat.listen = lambda _: None
        self.changed.disconnect()
        self.stop()
        self.setParent(None)

    def _on_change(self) -> None:
        self._note()
        self.changed.emit()

    def _note(self, *, ended: bool = False) -> None:
        """Let the history show the refreshes as one row."""
        chat, history = self.chat, self._console.session.history
        count = len(chat.refreshes.attempts)
        if history is None or not count or (count == self._noted and not ended):
            return
        new = chat.refreshes.attempts[max(self._noted, 0) :]
        self._noted = count
        last = new[-1] if new else chat.refreshes.attempts[-1]
        history.note_standing(
            PollStanding(
                id=chat.poll,
                environment=self.environment,
                service=chat.protocol.service,
                instance_id=chat.chat_id,
                request="refresh" if chat.api is ChatApi.V2 else "ixn/chat/refresh",
                method="POST",
                form=Form(),
                every=self.line.every,
                until=(),
                started=chat.refreshes.attempts[0].started,
                ended=last.started if ended else None,
                outcome="" if not ended else "ended" if chat.over else "cancelled",
                reason=chat.trouble,
                attempts=tuple(new),
            )
        )

    # --- talking -------------------------------------------------------------------------------

    @property
    def can_say(self) -> bool:
        """Whether a message would go out."""
        return not self.chat.over and self.running

    def say(self, text: str) -> bool:
        """Send what is typed; False where there is nothing to send, or nobody to send it to."""
        if not text.strip() or not self.can_say:
            return False
        self.draft = ""
        self.line.say(text)
        if self._typing:
            self.stop_typing()
        return True

    def typed(self, text: str) -> None:
        """Take what is being typed; the agent is told once that the customer types."""
        self.draft = text
        if not self.can_say or not self.tells_typing:
            return
        if not text.strip():
            self.stop_typing()
            return
        if not self._typing:
            self._typing = True
            self.line.tell_typing(starts=True)
        self._idle.start()

    def stop_typing(self) -> None:
        """Tell the agent that the customer types no more, if it was told before."""
        self._idle.stop()
        if self._typing and self.can_say:
            self.line.tell_typing(starts=False)
        self._typing = False

    @property
    def failed(self) -> tuple[int, ...]:
        """The keys of messages that were not sent."""
        pending = self.chat.transcript.pending
        return tuple(one.key for one in pending if one.delivery is Delivery.FAILED)

    def say_again(self, keys: Iterable[int]) -> None:
        """Send messages once more that were not sent, in order."""
        for key in keys:
            self.line.say_again(key)

    def drop_failed(self, keys: Iterable[int]) -> None:
        """Give up messages that were not sent."""
        for key in set(keys).intersection(self.failed):
            self.chat.transcript.drop(key)
        self.chat.changed()

    def refresh(self) -> None:
        """Ask at once; a lost chat is taken up again."""
        self.line.refresh()

    def end(self) -> None:
        """End the chat."""
        self._typing = False
        self._idle.stop()
        self.line.leave(lambda why: self._say_if("The chat was not ended.", why))

    # --- files ---------------------------------------------------------------------------------

    def attach_all(self, paths: Iterable[Path]) -> None:
        """Put files into the chat."""
        for path in paths:
            self.attach(path)

    def attach(self, path: Path) -> None:
        """Put a file into the chat, once its limits are known and let it through."""
        errand = FileErrand(f"Sending {path.name} …", Transfer(), path)
        self._start(errand, self._put(errand, path))

    async def _put(self, errand: FileErrand, path: Path) -> None:
        # One at a time, in order: what the first uses up of the limits counts for the second.
        async with self._turn:
            errand.trouble = await self._why_not(path)
            if errand.trouble:
                return
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            errand.trouble = await self.line.put(path, kind, errand.transfer)
            if not errand.trouble:
                await self._ask_limits()

    async def _why_not(self, path: Path) -> str:
        """Say why a file cannot be sent; empty where it can, as far as is known here."""
        try:
            size = (await asyncio.to_thread(path.stat)).st_size
        except OSError as error:
            return f"It cannot be read: {error.strerror}."
        if not await asyncio.to_thread(path.is_file):
            return "It is no file."
        unknown = await self._known_limits()
        limits = self.chat.limits
        if unknown or limits is None:
            return unknown
        return limits.refusal(path.name, size, agent=self.chat.agent_there)

    async def _known_limits(self) -> str:
        """Ask for the limits if they are not known; give why they cannot be."""
        return "" if self.chat.limits is not None else await self._ask_limits()

    async def _ask_limits(self) -> str:
        """Ask for the limits and what is used up of them; give why they cannot be known."""
        if not self.running:
            return ""
        asked: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.line.ask_limits(lambda why: None if asked.done() else asked.set_result(why))
        why = await asked
        # Without limits GMS itself says what it does not take.
        return "" if not why or self.can_say else why

    def ask_limits(self) -> None:
        """Ask for the limits of files, to show them."""
        if self.chat.files is not None and self.can_say:
            self.line.ask_limits(lambda why: self._say_if("The limits did not come.", why))

    def _say_if(self, what: str, why: str) -> None:
        if why:
            self._console.message.emit(f"{what} {why}")

    def save(self, file: ChatFile, target: Path) -> None:
        """Fetch a file of the chat and write it to `target`."""
        errand = FileErrand(f"Fetching {file.name or file.id} …", Transfer(), target)
        self._start(errand, self._fetch(errand, file, target))

    async def _fetch(self, errand: FileErrand, file: ChatFile, target: Path) -> None:
        exchange = await self.line.fetch(file.id, errand.transfer)
        refusal = refusal_in(exchange)
        if refusal or exchange.response is None:
            errand.trouble = f"{file.name or file.id} was not fetched. {refusal}"
            return
        response = exchange.response
        try:
            body = await asyncio.to_thread(whole_body, response)
            await asyncio.to_thread(target.write_bytes, body)
        except OSError as error:
            errand.trouble = f"{target} cannot be written: {error.strerror}."
            return
        self._console.message.emit(f"Saved {target} ({len(body):,} bytes).")

    def delete(self, file: ChatFile) -> None:
        """Delete a file of the chat."""
        errand = FileErrand(f"Deleting {file.name or file.id} …", Transfer())
        self._start(errand, self._delete(errand, file))

    async def _delete(self, errand: FileErrand, file: ChatFile) -> None:
        errand.trouble = await self.line.delete(file.id)

    def _start(self, errand: FileErrand, work: Coroutine[object, object, None]) -> None:
        self.errands.append(errand)
        errand.task = self._console.session.tasks.start(
            self._carry(errand, work), name="chat file", owner=self
        )
        errand.task.add_done_callback(lambda _: self._carried(errand))
        self.changed.emit()

    async def _carry(self, errand: FileErrand, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except REFUSED as error:
            errand.trouble = str(error)
        finally:
            if not self.running:
                await self._close_client()

    def _carried(self, errand: FileErrand) -> None:
        errand.task = None
        if not errand.trouble:
            self.dismiss(errand)
        else:
            self.changed.emit()

    def cancel(self, errand: FileErrand) -> None:
        """Cancel a file that is under way, or take away what is said of one that failed."""
        if errand.task is not None:
            errand.task.cancel()
        else:
            self.dismiss(errand)

    def dismiss(self, errand: FileErrand) -> None:
        """Take away what is said of a file."""
        if errand in self.errands:
            self.errands.remove(errand)
            self.changed.emit()
