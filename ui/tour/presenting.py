"""Chapter: demo mode, live and from a recording."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from gms_console.journey.recording import SUFFIX

from ..demo.flow import EXAMPLES
from .stage import Stage
from .step import Chapter, Step
from .waiting import TourError, until

_PACE = 0.5
"""Seconds between two steps of the example: nobody reads along."""

_NAME = f"A callback{SUFFIX}"


class Presenting:
    """The presenter layout: its start, a callback played live, and a replay of it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._demo = stage.window.demo
        self._passing: TemporaryDirectory[str] | None = None

    def chapter(self) -> Chapter:
        """Give the chapter."""
        return Chapter(
            "Show it to others",
            (
                Step("demo-start", "Demo mode offers how to begin.", self._start),
                Step(
                    "demo",
                    "The phone on the left, the story on the right; numbers are masked.",
                    self._play,
                    dark=True,
                    wide=True,
                ),
                Step("replay", "The same from a recording, half way through.", self._replay),
                Step("", "Back to the window.", self._leave),
            ),
        )

    async def _start(self) -> str:
        self._demo.enter()
        self._demo.desk.restart()
        await asyncio.sleep(0.2)
        return "on the stage"

    async def _play(self) -> str:
        desk = self._demo.desk
        desk.example.pace = _PACE
        desk.recorder.start(self._file())
        desk.play_example(0)
        await until(lambda: desk.example.runs.running, f"{EXAMPLES[0].title} to begin")
        simulator = self._stage.simulator

        def over() -> bool:
            simulator.clock.advance(0.25)
            return not desk.example.running

        await until(over, f"{EXAMPLES[0].title} to end")
        await asyncio.sleep(0.3)
        return f"{len(desk.journey.steps)} steps were told"

    def _file(self) -> Path:
        if self._passing is None:
            self._passing = TemporaryDirectory(prefix="gms-console-tour-")
        return Path(self._passing.name) / _NAME

    async def _replay(self) -> str:
        desk = self._demo.desk
        await desk.recorder.close()
        desk.replay.open(self._file())
        await until(lambda: desk.player is not None, "the recording to open")
        player = desk.player
        if player is None:
            raise TourError("the recording did not open")
        desk.replay.seek(player.marks[len(player.marks) // 2])
        await asyncio.sleep(0.3)
        return f"{len(player.recording.events)} events"

    async def _leave(self) -> str:
        self._demo.desk.replay.close()
        self._demo.leave()
        if self._passing is not None:
            self._passing.cleanup()
            self._passing = None
        await asyncio.sleep(0.1)
        return "as it was before"
