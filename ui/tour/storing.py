"""Chapters: the storage of GMS, and what a site tells of itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gms_console.model.form import Form, Row

from .assets import example_picture
from .stage import Stage
from .step import Chapter, Step
from .waiting import TourError, until

if TYPE_CHECKING:
    from ..panes.site.window import SiteWindow


class Storing:
    """Rows and a file are kept for a while, and one of them is read."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def chapter(self) -> Chapter:
        """Give the chapter."""
        step = Step("storage", "What an app keeps at GMS, by id and key.", self._store, self._shown)
        return Chapter("Keep data", (step,))

    def _shown(self) -> QWidget | None:
        return self._stage.tool("storage")

    async def _store(self) -> str:
        from ..panes.storage.window import StorageWindow  # noqa: PLC0415 - when asked for

        window = await self._stage.show_tool("storage")
        if not isinstance(window, StorageWindow):
            raise TourError("the window of the storage did not open")
        rows = Form.of(("city", "Paris"), ("language", "french"), ("basket", '["shoes", "hat"]'))
        picture = Row(key="photo", file=example_picture(), content_type="image/png")
        window.desk.create("3600", "", Form((*rows, picture)))
        await until(lambda: window.desk.keys is not None, "the keys")
        window.keys.setCurrentIndex(window.model.index(window.model.row_of("photo"), 0))
        window.desk.read_key(binary=True)
        await until(lambda: window.desk.value is not None, "the value")
        await asyncio.sleep(0.3)
        return f"{len(window.desk.keys or ())} keys"


class Looking:
    """The nodes of a site, and when it is open."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def chapter(self) -> Chapter:
        """Give the chapter."""
        shown = self._shown
        return Chapter(
            "Nodes and calendar",
            (
                Step("nodes", "Each node of an environment, and how it is.", self._nodes, shown),
                Step("calendar", "When a service is open.", self._calendar, shown),
            ),
        )

    def _shown(self) -> QWidget | None:
        return self._stage.tool("site")

    async def _window(self) -> SiteWindow:
        from ..panes.site.window import SiteWindow  # noqa: PLC0415 - when asked for

        window = await self._stage.show_tool("site")
        if not isinstance(window, SiteWindow):
            raise TourError("the window of nodes and calendar did not open")
        return window

    async def _nodes(self) -> str:
        window = await self._window()
        window.tabs.setCurrentWidget(window.nodes)
        window.nodes.refresh()
        await until(lambda: not window.desk.busy, "the status of the node")
        await asyncio.sleep(0.1)
        return f"{window.nodes.view.topLevelItemCount()} node"

    async def _calendar(self) -> str:
        window = await self._window()
        window.tabs.setCurrentWidget(window.hours)
        window.hours.refresh()
        await until(lambda: window.hours.list.count() > 0, "the open periods")
        await asyncio.sleep(0.1)
        return f"{window.hours.list.count()} open periods"
