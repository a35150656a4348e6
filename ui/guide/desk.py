"""The GuideDesk: where a person is on the guided tour, and what is asked next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ..tour.script import guided_chapters
from ..tour.stage import Stage
from ..tour.step import Chapter, Move, Spot
from ..tour.waiting import TourError

if TYPE_CHECKING:
    from ..window import MainWindow

LOOK_MS = 150
"""How often it looks at what a person has done."""

TICK_MS = 900
"""How long a chapter that is done says so before the next begins."""

PACE = 0.7
"""Seconds between two things that are shown."""

_LAST = (
    "F11 is demo mode, for showing it to others. {flows} opens flows, which run again what was "
    "done once. {environments} adds an environment of yours. F1 lists all keys."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the guide says: `tone` is that of `note`, as labels have it."""

    heading: str = ""
    do: str = ""
    why: str = ""
    note: str = ""
    tone: str = "muted"


class GuideDesk(QObject):
    """Goes along the chapters that have moves; progress is kept for this start.

    `changed` comes when it says something else, `pointed` when it points at something else, or
    at nothing. Chapters are on the simulator only. What a person does besides is never hindered.
    """

    changed = Signal()
    pointed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._console = window.console
        self.stage = Stage(window, pace=PACE)
        self.chapters: tuple[Chapter, ...] = guided_chapters(self.stage)
        self.active = False
        self.place = 0
        self.done: set[int] = set()
        self.said = Said()
        self.spot: Spot | None = None
        self._since = datetime.now(UTC)
        self._waiting = False
        self._trouble = ""
        self._showing: asyncio.Task[None] | None = None
        self._again = QTimer(self, interval=LOOK_MS)
        self._again.timeout.connect(self.look)
        self._next = QTimer(self, interval=TICK_MS, singleShot=True)
        self._next.timeout.connect(self._go_on)
        self._console.environment_changed.connect(self._on_place)
        self._console.switching.settled.connect(self._on_settled)

    # --- how it stands ---------------------------------------------------------------------------

    @property
    def chapter(self) -> Chapter | None:
        """The chapter at hand; None at the end."""
        return self.chapters[self.place] if self.place < len(self.chapters) else None

    @property
    def showing(self) -> bool:
        """Whether the chapter is being shown rather than walked."""
        return self._showing is not None

    @property
    def on_simulator(self) -> bool:
        """Whether the window sends to its simulator, which alone the tour is for."""
        return self._console.place.on_simulator

    @property
    def ticked(self) -> bool:
        """Whether the chapter at hand was done, now or before."""
        return self.place in self.done

    # --- beginning and leaving -------------------------------------------------------------------

    def start(self, *, again: bool = False) -> None:
        """Go on where it was left, or begin anew; switch to the simulator if need be.

        Who asks a person before the switch is the window.
        """
        if again or self.chapter is None:
            self.place, self.done = 0, set()
        self._waiting = not self.on_simulator
        if self._waiting:
            self._console.use_simulator()
        else:
            self._begin()

    def _on_place(self) -> None:
        if self._waiting and self.on_simulator:
            self._begin()

    def _on_settled(self) -> None:
        """Do not begin where a person chose to stay at another place."""
        if not self.on_simulator:
            self._waiting = False

    def _begin(self) -> None:
        self._waiting = False
        self.active = True
        self._again.start()
        self.go(self.place)

    def leave(self) -> None:
        """Say no more; the next start of it goes on here."""
        self.stop()
        self.active = self._waiting = False
        self._again.stop()
        self._next.stop()
        self._point(None)
        self.said = Said()
        self.changed.emit()

    # --- from chapter to chapter -----------------------------------------------------------------

    def go(self, place: int) -> None:
        """Go to a chapter; what was done before it does not count for it."""
        self.stop()
        self._next.stop()
        self.place = max(0, min(place, len(self.chapters)))
        self._since = datetime.now(UTC)
        self._trouble = ""
        self.look()

    def back(self) -> None:
        """Go to the chapter before."""
        self.go(self.place - 1)

    def skip(self) -> None:
        """Go to the next chapter, done or not."""
        self.go(self.place + 1)

    def _go_on(self) -> None:
        self.go(self.place + 1)

    # --- showing a chapter -----------------------------------------------------------------------

    def show_me(self) -> None:
        """Do the chapter by itself, or stop doing so; at another place go to the simulator first.

        At the end the tour begins again.
        """
        if self._showing is not None:
            self.stop()
            self.look()
            return
        chapter = self.chapter
        if not self.on_simulator:
            self._console.use_simulator()
            return
        if chapter is None:
            self.start(again=True)
            return
        self._trouble = ""
        self._since = datetime.now(UTC)
        self._showing = self._console.session.tasks.start(
            self._show(chapter), name="show the tour", owner=self
        )
        self.look()

    async def _show(self, chapter: Chapter) -> None:
        try:
            for step in (one for one in chapter.steps if not one.pictured_only):
                await step.run()
                if step.tidy is not None:
                    await step.tidy()
        except (TourError, OSError) as error:
            self._trouble = f"That did not work out: {error}."
        else:
            self.done.add(self.place)
            self._next.start()
        finally:
            # One that was stopped may end after the next was begun.
            if self._showing is asyncio.current_task():
                self._showing = None
        self.look()

    def stop(self) -> None:
        """Show no more of the chapter."""
        if self._showing is not None:
            self._showing.cancel()
            self._showing = None

    # --- looking ---------------------------------------------------------------------------------

    def look(self) -> None:
        """See what was done, and say what comes next."""
        if not self.active:
            return
        chapter = self.chapter
        if chapter is None:
            self._point(None)
            self._say(self._last_words())
            return
        move = self._move(chapter)
        if move is None and not self.showing and not self._next.isActive():
            self.done.add(self.place)
            self._next.start()
        # Of what is ticked already nothing is asked; a person looks at it until it goes on.
        finished = self._next.isActive()
        spot = move.spot() if move is not None and not finished else None
        spot = spot if spot is not None and in_sight(spot) else None
        self._point(None if self.showing or not self.on_simulator else spot)
        self._say(self._words(chapter, None if finished else move, lost=spot is None))

    def _move(self, chapter: Chapter) -> Move | None:
        """Give the first move that is not done; None where the last one is."""
        if chapter.moves[-1].done(self._since):
            return None
        return next(one for one in chapter.moves if not one.done(self._since))

    def _words(self, chapter: Chapter, move: Move | None, *, lost: bool) -> Said:
        heading = f"Step {self.place + 1} of {len(self.chapters)}: {chapter.title}"
        if not self.on_simulator:
            return Said(
                heading,
                "The tour is for the simulator, and the window sends to another place now.",
                chapter.why,
            )
        if move is None:
            return Said(heading, "Done.", chapter.why, "✓ On to the next step", "good")
        number, count = chapter.moves.index(move) + 1, len(chapter.moves)
        if count > 1:
            heading = f"{heading} · {number} of {count}"
        if self.showing:
            return Said(heading, "Watch how it is done.", chapter.why)
        if self._trouble:
            return Said(heading, move.do, chapter.why, self._trouble, "error")
        return Said(heading, move.do, chapter.why, move.back if lost else _where(self.spot))

    def _last_words(self) -> Said:
        count, done = len(self.chapters), len(self.done)
        heading = "That was the tour" if done == count else "That was the tour, or most of it"
        flows, environments = (self.stage.key(one) for one in ("flows", "environmentSettings"))
        note = f"✓ {done} of {count} steps done"
        where = _LAST.format(flows=flows, environments=environments)
        return Said(heading, "Where to go from here", where, note, "good")

    def _say(self, said: Said) -> None:
        if said != self.said or self._buttons() != self._shown:
            self.said, self._shown = said, self._buttons()
            self.changed.emit()

    _shown: tuple[object, ...] = ()

    def _buttons(self) -> tuple[object, ...]:
        """Give what the buttons beside the words depend on."""
        return (self.place, self.showing, self.ticked, self.on_simulator, self._windows())

    def _windows(self) -> int:
        """Count the windows that can be seen, as a new one wants the guide as well."""
        return sum(one.isVisible() for one in QApplication.topLevelWidgets())

    def _point(self, spot: Spot | None) -> None:
        if spot != self.spot:
            self.spot = spot
            self.pointed.emit()


def in_sight(spot: Spot) -> bool:
    """Whether what is pointed at can be seen, but for what other windows cover."""
    widget = spot.widget
    if not widget.isVisible():
        return False
    shown = widget.visibleRegion().boundingRect()
    return shown.intersects(spot.part) if spot.part is not None else not shown.isEmpty()


def _where(spot: Spot | None) -> str:
    """Say in which window it is, where that is not the one in front."""
    active = QApplication.activeWindow()
    if spot is None or active is None or active is spot.widget.window():
        return ""
    return f"In the window “{spot.widget.window().windowTitle()}”."
