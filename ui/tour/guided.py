"""Chapter: the tour itself, as a person sees it who walks it."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QWidget

from .stage import Stage
from .step import Chapter, Step
from .waiting import TourError, until


class Guided:
    """The guide at its first chapter, and in a window beside the main one."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def chapter(self) -> Chapter:
        """Give the chapter."""
        return Chapter(
            "The guided tour",
            (
                Step("guide", "The guide says what to do, and where.", self._begin, dark=True),
                Step(
                    "guide-chat",
                    "It goes along into other windows.",
                    self._beside,
                    self._shown,
                    tidy=self._leave,
                ),
            ),
        )

    def _shown(self) -> QWidget | None:
        return self._stage.tool("chats")

    async def _begin(self) -> str:
        desk = self._stage.window.guide.desk
        desk.start(again=True)
        await until(lambda: desk.active, "the guide")
        await asyncio.sleep(0.3)
        return desk.said.heading

    async def _beside(self) -> str:
        desk = self._stage.window.guide.desk
        place = next(n for n, one in enumerate(desk.chapters) if "chat" in one.title.casefold())
        desk.go(place)
        await self._stage.show_tool("chats")
        if self._shown() is None:
            raise TourError("the window of chats did not open")
        desk.look()
        await asyncio.sleep(0.3)
        return desk.said.heading

    async def _leave(self) -> None:
        self._stage.window.guide.desk.leave()
        await self._stage.close_tool("chats")
