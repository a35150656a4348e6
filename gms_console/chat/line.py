"""The ChatLine: what goes out for a Conversation, one request at a time, sends before refreshes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gms_console.chat.answers import whole_answer
from gms_console.chat.conversation import ChatState, Conversation
from gms_console.chat.protocol import NotInThisApiError
from gms_console.chat.types import ChatNews, Delivery
from gms_console.chat.v2 import ChatV2
from gms_console.guard import GuardError, check
from gms_console.model.environment import PathSegmentError
from gms_console.model.exchange import Exchange
from gms_console.model.timeline import Attempt
from gms_console.model.transfer import Transfer
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest

EVERY = 1.5
"""Seconds between two refreshes; clients in the field have one to two (domain 4.3)."""

LONGEST_PAUSE = 15.0
"""Seconds between two refreshes at most, however often nothing came."""

PATIENCE = 10.0
"""Seconds after which a refresh is given up, so that what is to be said need not wait for it."""

NO_FILES = "Chat API v1 has no files."

REFUSED = (FormRefusedError, PathSegmentError, GuardError, NotInThisApiError)
"""Why nothing was sent, in words."""


@dataclass(frozen=True, slots=True)
class _Errand:
    """Something that is to go out. `done` is told why it was not done; empty when it was.

    `prepare` gives None for what nobody wants any more. `within` bounds what nobody waits for,
    and `onward` is asked once it is sent: whether its answer leaves out no line.
    """

    prepare: Callable[[], PreparedRequest | None]
    done: Callable[[str, Exchange | None], None]
    within: float | None = None
    onward: Callable[[], bool] = lambda: False
    leaves: bool = False


class ChatLine:
    """Speaks for a Conversation. `run` is its one task; the methods only say what is to be done.

    Files go beside it, since they take their time. `every` may be set at any moment.
    """

    def __init__(self, conversation: Conversation, every: float = EVERY) -> None:
        self.conversation = conversation
        self._every = every
        self._errands: deque[_Errand] = deque()
        self._wake = asyncio.Event()
        self._refresh_now = False
        self._leaving = False
        self._cut_off = False

    @property
    def every(self) -> float:
        """The seconds from one refresh to the next; what is set holds at once."""
        return self._every

    @every.setter
    def every(self, seconds: float) -> None:
        if seconds != self._every:
            self._every = seconds
            self._wake.set()

    # --- what is to be done ----------------------------------------------------------------

    def say(self, text: str) -> None:
        """Send a message; it stands in the transcript at once, on its way."""
        self._send(self.conversation.transcript.say(text).key, text)

    def say_again(self, key: int) -> None:
        """Send a message once more that was not sent."""
        entry = next((one for one in self.conversation.transcript.pending if one.key == key), None)
        if entry is not None and entry.delivery is Delivery.FAILED:
            self.conversation.transcript.mark(key, Delivery.SENDING)
            self._send(key, entry.heard.text)

    def _send(self, key: int, text: str) -> None:
        chat = self.conversation

        def done(why: str, exchange: Exchange | None) -> None:
            delivery = Delivery.FAILED if why else Delivery.ACCEPTED
            chat.transcript.mark(key, delivery, why, "" if exchange is None else exchange.id)
            chat.changed()

        asked = ""

        def prepare() -> PreparedRequest | None:
            nonlocal asked
            if all(one.key != key for one in chat.transcript.pending):
                # It has come meanwhile, or was given up: nothing is to be said twice.
                return None
            asked = chat.position
            return chat.protocol.send(chat.client.environment, chat, text, asked)

        if chat.over:
            done("The chat has ended.", None)
            return
        from_there = chat.protocol.sends_from_position
        self._add(_Errand(prepare, done, onward=lambda: from_there and bool(asked)))
        chat.changed()

    def tell_typing(self, *, starts: bool) -> None:
        """Tell that the customer types, or no more; nobody waits for the answer."""
        chat = self.conversation
        self._add(
            _Errand(
                lambda: chat.protocol.typing(chat.client.environment, chat, starts=starts),
                lambda _why, _exchange: None,
                within=PATIENCE,
            )
        )

    def ask_limits(self, done: Callable[[str], None]) -> None:
        """Ask for the limits of files."""
        chat, files = self.conversation, self.conversation.files
        if files is None:
            done(NO_FILES)
            return
        self._add(
            _Errand(
                lambda: files.limits(chat.client.environment, chat),
                lambda why, _exchange: done(why),
                within=PATIENCE,
            )
        )

    def leave(self, told: Callable[[str], None]) -> None:
        """End the chat, and stop asking once that was answered; `told` hears why it was not."""
        chat = self.conversation

        def done(why: str, _exchange: Exchange | None) -> None:
            self._leaving = False
            if not why:
                chat.end()
                chat.changed()
            told(why)

        if not self._leaving and not chat.over:
            self._leaving = True
            self._add(
                _Errand(
                    lambda: chat.protocol.disconnect(chat.client.environment, chat),
                    done,
                    leaves=True,
                )
            )

    def refresh(self) -> None:
        """Ask at once, and take up a chat again that was lost."""
        if self.conversation.over:
            return
        if self.conversation.state is ChatState.LOST:
            self.conversation.state = ChatState.OPEN
        self._refresh_now = True
        self._wake.set()

    def _add(self, errand: _Errand) -> None:
        self._errands.append(errand)
        self._wake.set()

    # --- doing it ----------------------------------------------------------------------------

    async def run(self) -> None:
        """Do what is to be done, and refresh in between, until the chat is over.

        A lost chat is not refreshed by itself, but what a person wants done is tried.
        """
        try:
            await self._talk()
            await self._ask_for_the_rest()
        finally:
            why = "The chat has ended." if self.conversation.over else "The chat was closed here."
            while self._errands:
                self._errands.popleft().done(why, None)

    async def _talk(self) -> None:
        loop = asyncio.get_running_loop()
        begun, pause = loop.time(), 0.0
        while not self.conversation.over:
            self._wake.clear()
            lost = self.conversation.state is ChatState.LOST
            left = begun + min(pause, self._pause()) - loop.time()
            if self._errands:
                await self._do(self._errands.popleft())
            elif self._refresh_now or (not lost and left <= 0):
                self._refresh_now = False
                begun = loop.time()
                await self._refresh()
                pause = self._pause()
                self._tell_next(max(begun + pause - loop.time(), 0))
            else:
                await self._sleep(None if lost else left)

    async def _ask_for_the_rest(self) -> None:
        """Ask once more where the chat ended by an answer that may not have its last lines."""
        chat = self.conversation
        if not (self._cut_off or chat.behind):
            return
        try:
            exchange, news = await self._ask(self._prepare_refresh(), within=PATIENCE)
        except REFUSED:
            return
        self._note(exchange, news)
        if not news.refusal:
            chat.take(news, exchange, onward=True)

    def _tell_next(self, seconds: float) -> None:
        chat = self.conversation
        if chat.state is ChatState.OPEN:
            chat.next_refresh = datetime.now(UTC) + timedelta(seconds=seconds)
            chat.changed()

    def _pause(self) -> float:
        """Give the seconds from one refresh to the next; longer while nothing comes."""
        longer: float = self.every * 2.0 ** min(self.conversation.failures, 8)
        return max(self.every, min(longer, LONGEST_PAUSE))

    async def _sleep(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _do(self, errand: _Errand) -> None:
        try:
            prepared = errand.prepare()
            if prepared is None:
                return
            exchange, news = await self._ask(prepared, within=errand.within)
        except REFUSED as error:
            errand.done(f"Not sent. {error}", None)
            return
        except asyncio.CancelledError:
            errand.done("The chat was closed here before GMS answered; it may have it.", None)
            raise
        if news.refusal:
            gone = errand.leaves and news.ended
            errand.done("" if gone else _sentence(news.refusal), exchange)
            if news.ended:
                self._cut_off = True
                self.conversation.end()
                self.conversation.changed()
            return
        errand.done("", exchange)
        self.conversation.take(news, exchange, onward=errand.onward())

    async def _refresh(self) -> None:
        chat = self.conversation
        try:
            exchange, news = await self._ask(self._prepare_refresh(), within=PATIENCE)
        except REFUSED as error:
            chat.lose(f"Not sent. {error}")
            return
        self._note(exchange, news)
        if not news.refusal:
            chat.take(news, exchange, onward=True)
        elif news.ended:
            chat.end()
            chat.changed()
        elif news.passing:
            chat.stumble(_sentence(news.refusal))
        else:
            chat.lose(_sentence(news.refusal))

    def _prepare_refresh(self) -> PreparedRequest:
        chat = self.conversation
        return chat.protocol.refresh(chat.client.environment, chat, chat.position, chat.poll)

    def _note(self, exchange: Exchange, news: ChatNews) -> None:
        state = news.state or ("ended" if news.ended else "open")
        refreshes = self.conversation.refreshes
        refreshes.add(
            Attempt(
                number=len(refreshes.attempts) + 1,
                started=exchange.started,
                elapsed=exchange.timing.total,
                exchange_id=exchange.id,
                state=None if news.refusal else state,
                fault=news.refusal or None,
            )
        )

    async def _ask(
        self,
        prepared: PreparedRequest,
        transfer: Transfer | None = None,
        within: float | None = None,
    ) -> tuple[Exchange, ChatNews]:
        chat = self.conversation
        check(chat.client.environment, prepared)
        exchange = await chat.client.send(prepared, transfer, within=within)
        answer = await whole_answer(exchange)
        return exchange, chat.protocol.read(exchange, answer, chat.transcript.highest)

    # --- files -------------------------------------------------------------------------------

    async def put(self, path: Path, content_type: str, transfer: Transfer) -> str:
        """Put a file into the chat; give why it was not taken, empty where it was.

        Raises what REFUSED holds, with nothing sent then.
        """
        chat, files = self.conversation, self._files()
        prepared = files.upload(chat.client.environment, chat, path, content_type)
        return await self._carry(prepared, transfer)

    async def delete(self, file_id: str) -> str:
        """Delete a file of the chat; gives and raises as `put` does."""
        chat, files = self.conversation, self._files()
        prepared = files.file(chat.client.environment, chat, file_id, "delete")
        return await self._carry(prepared, Transfer())

    async def fetch(self, file_id: str, transfer: Transfer) -> Exchange:
        """Ask for a file; its bytes are the body of the answer. Raises what REFUSED holds."""
        chat, files = self.conversation, self._files()
        prepared = files.file(chat.client.environment, chat, file_id, "download")
        check(chat.client.environment, prepared)
        return await chat.client.send(prepared, transfer)

    async def _carry(self, prepared: PreparedRequest, transfer: Transfer) -> str:
        exchange, news = await self._ask(prepared, transfer)
        if news.refusal:
            return _sentence(news.refusal)
        self.conversation.take(news, exchange)
        self.refresh()
        return ""

    def _files(self) -> ChatV2:
        if self.conversation.files is None:
            raise NotInThisApiError(NO_FILES)
        return self.conversation.files


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
