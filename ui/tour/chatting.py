"""Chapter: a chat with an agent."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from gms_console.chat.types import ChatApi, ChatStart, Delivery, EntryKind, Party

from .stage import Stage, front_dialog
from .step import Chapter, Move, Spot, Step
from .waiting import TourError, until

if TYPE_CHECKING:
    from ..chat.room import ChatRoom
    from ..panes.chat.window import ChatWindow

SERVICE = "customer-support"
_SAID = ("I was charged twice this month.", "Thank you, that helps.")


class Chatting:
    """The customer opens a chat, says something, and the agent answers."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def chapter(self) -> Chapter:
        """Give the chapter."""
        key = self._stage.key("chats")
        back = f"The chat has a window of its own; {key} in the main window shows it."
        return Chapter(
            "Chat with an agent",
            (Step("chat", "A chat, as the customer sees it.", self._chat, self._shown, dark=True),),
            "An app chats through GMS as well. The conversation is shown as people read it, "
            "and each line has its request.",
            (
                Move(
                    f"Press {key}: chats have a window of their own.",
                    self._stage.menu,
                    lambda _: self._window() is not None,
                ),
                Move(
                    "Press Ctrl+N in the window of chats.",
                    self._new_spot,
                    lambda since: self._opening_button() is not None or self._is_open(since),
                    back,
                ),
                Move(
                    "Give the customer a nickname, and open the chat.",
                    self._opening_spot,
                    self._is_open,
                    "Ctrl+N in the window of chats opens a new one.",
                ),
                Move(
                    "Write something and press Enter.",
                    self._input_spot,
                    lambda since: self._said(since) > 0,
                    back,
                ),
                Move(
                    "Wait for the agent, who joins as soon as one is free, and answers.",
                    self._transcript_spot,
                    self._answered,
                    back,
                ),
            ),
        )

    # --- what a person has done ------------------------------------------------------------------

    def _window(self) -> ChatWindow | None:
        made = self._stage.tool("chats")
        if made is None:
            return None
        from ..panes.chat.window import ChatWindow  # noqa: PLC0415 - not before it is asked for

        return made if isinstance(made, ChatWindow) else None

    def _room(self, since: datetime) -> ChatRoom | None:
        """Give the last chat that was opened since then."""
        window = self._window()
        rooms = window.desk.rooms if window is not None else []
        return next((room for room in rooms if _begun(room, since)), None)

    def _said(self, since: datetime) -> int:
        """Count what the customer said that has reached the transcript."""
        room = self._room(since)
        entries = room.chat.transcript.entries if room is not None else ()
        return sum(
            one.own and one.heard.kind is EntryKind.MESSAGE and one.delivery is Delivery.THERE
            for one in entries
        )

    def _answered(self, since: datetime) -> bool:
        """Whether the agent said something after the customer did."""
        room = self._room(since)
        texts = [
            one
            for one in (room.chat.transcript.entries if room is not None else ())
            if one.heard.kind is EntryKind.MESSAGE
        ]
        asked = next((place for place, one in enumerate(texts) if one.own), len(texts))
        return any(one.heard.party is Party.AGENT for one in texts[asked:])

    def _new_spot(self) -> Spot | None:
        window = self._window()
        if window is None:
            return None
        return Spot(window.bar.widgetForAction(window.actions_by_name["newChat"]))

    def _opening_button(self) -> QPushButton | None:
        """Give the button that opens a chat, while its dialog is in front."""
        dialog = front_dialog()
        found = dialog.findChild(QPushButton, "openChatButton") if dialog is not None else None
        return found if isinstance(found, QPushButton) else None

    def _opening_spot(self) -> Spot | None:
        button = self._opening_button()
        return None if button is None else Spot(button)

    def _is_open(self, since: datetime) -> bool:
        return self._room(since) is not None

    def _input_spot(self) -> Spot | None:
        window = self._window()
        return None if window is None else Spot(window.view.input)

    def _transcript_spot(self) -> Spot | None:
        window = self._window()
        return None if window is None else Spot(window.view.transcript)

    # --- doing it --------------------------------------------------------------------------------

    def _shown(self) -> ChatWindow | None:
        return self._window()

    async def _chat(self) -> str:
        await self._stage.show_tool("chats")
        window = self._window()
        if window is None:
            raise TourError("the window of chats did not open")
        before = len(window.desk.rooms)
        window.desk.start(
            ChatStart(api=ChatApi.V2, service=SERVICE, nickname="Customer", subject="A bill")
        )
        await until(lambda: len(window.desk.rooms) > before, "the chat to open")
        room = window.desk.rooms[0]
        self._stage.simulator.control.agent_free_now()
        for count, text in enumerate(_SAID, start=1):
            await self._stage.pause()
            room.say(text)
            await self._agent(room, count)
        await asyncio.sleep(0.3)
        return f"{len(room.chat.transcript.entries)} lines"

    async def _agent(self, room: ChatRoom, count: int) -> None:
        """Wait until the agent has answered so many times; nobody waits for a simulator."""
        clock = self._stage.simulator.clock

        def texts() -> int:
            return sum(
                one.heard.party is Party.AGENT and one.heard.kind is EntryKind.MESSAGE
                for one in room.chat.transcript.entries
            )

        clock.advance(3)
        room.refresh()
        await until(lambda: texts() > count, "the agent's answer")


def _begun(room: ChatRoom, since: datetime) -> bool:
    first = room.chat.refreshes.attempts[:1]
    return bool(first) and first[0].started >= since
