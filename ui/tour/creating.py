"""Chapters: the start, a service that is created, and one that is polled."""

from __future__ import annotations

from datetime import datetime

from gms_console.model.form import Row
from gms_console.poll import Poll, PollOutcome

from ..live import poll_result
from .assets import example_picture
from .stage import NUMBER, Stage
from .step import Chapter, Move, Spot, Step
from .waiting import TourError, until

CREATED, POLLED = "request-interaction", "request-inbound-poll"
_SEEN_WAITING = 4
"""Attempts of the poll that are shown: an agent is free some seconds after the create."""


class Opening:
    """The window as it is at the first start."""

    def __init__(self, stage: Stage) -> None:
        self._console = stage.console

    def chapter(self) -> Chapter:
        """Give the chapter."""
        step = Step("empty", "The console opens on the simulator.", self._open)
        return Chapter("The first start", (step,))

    async def _open(self) -> str:
        console = self._console
        await until(
            lambda: console.services.catalogue is not None and console.environment is not None,
            "the simulator to start",
        )
        return f"sending to {console.base_url_text}"


class Creating:
    """A service is chosen, its rows are filled in, and it is sent."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._console = stage.console

    def chapter(self) -> Chapter:
        """Give the chapter."""
        stage = self._stage
        send = stage.key("send")
        return Chapter(
            "Create a service",
            (
                Step(
                    "service",
                    f"Choose {CREATED}; its card tells what it is for.",
                    self._choose,
                    dark=True,
                    wide=True,
                ),
                Step("filled", "Fill in its rows, attach a picture.", self._fill, dark=True),
                Step("answered", "Send it; an access number is booked.", self._send, dark=True),
            ),
            "An app begins like this: GMS books a number for the customer and waits for the call.",
            (
                stage.choosing(CREATED),
                stage.filling("_phone_number"),
                stage.sending(
                    f"Press {send}. The preview below the rows is exactly what goes out.", CREATED
                ),
            ),
        )

    async def _choose(self) -> str:
        await self._stage.choose(CREATED)
        return f"{len(self._console.draft.form_model.form)} rows that the catalogue knows"

    async def _fill(self) -> str:
        model = self._console.draft.form_model
        await self._stage.fill("_phone_number", NUMBER)
        self._console.draft.set_value(("_provide_code",), "true")
        pairs = {
            "language": "french",
            "current_location_latitude": "48.8583",
            "current_location_longitude": "2.2944",
        }
        there = {row.key for row in model.form}
        model.add_rows([Row(key=key, value=pairs[key]) for key in pairs if key not in there])
        if not any(row.is_file for row in model.form):
            self._stage.window.request_pane.file_editor.attach([example_picture()])
        self._console.refresh_preview()
        await self._stage.pause()
        return f"{len(model.form)} rows, one of them a file"

    async def _send(self) -> str:
        await self._stage.send()
        access = self._stage.selected.access
        if access is None or access.number is None:
            raise TourError("no access number in the answer")
        return f"{self._stage.status}; call {access.number}"


class Polling:
    """A service whose status is asked for again and again until an agent is ready."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._console = stage.console

    def chapter(self) -> Chapter:
        """Give the chapter."""
        stage, pane = self._stage, self._stage.window.poll_pane
        return Chapter(
            "Poll it",
            (
                Step("polling", f"Create {POLLED} and poll its status.", self._poll),
                Step(
                    "agent-ready",
                    "The poll ends when an agent is ready.",
                    self._reach,
                    dark=True,
                    wide=True,
                ),
            ),
            "An app asks for the status again and again; here that is one row, not 80 requests.",
            (
                stage.choosing(POLLED),
                stage.filling("_phone_number"),
                Move(
                    f"Press {stage.key('sendPoll')}: it is created, and its status is polled. "
                    f"Or send it with {stage.key('send')}, then press {stage.key('poll')}.",
                    self._starting_spot,
                    lambda since: self._polled(since) is not None,
                    f"The poll is at the bottom; {stage.key('pollFields')} goes there.",
                ),
                Move(
                    "Watch its states. Some seconds later an agent is free, and the poll ends.",
                    lambda: Spot(pane.timeline),
                    self._reached,
                    f"The timeline is at the bottom; {stage.key('timeline')} goes there.",
                ),
            ),
        )

    def _starting_spot(self) -> Spot:
        """Point at what sends, or at what polls where that was sent already."""
        selected = self._console.live.selected
        if selected is not None and selected.service == POLLED:
            return Spot(self._stage.window.poll_pane.button)
        return Spot(self._stage.window.request_pane.target_bar.send_button)

    def _polled(self, since: datetime) -> Poll | None:
        """Give the last poll of such a service since then."""
        found = [
            poll
            for instance, polls in self._console.session.polls.items()
            for poll in polls
            if instance.service == POLLED and poll.started is not None and poll.started >= since
        ]
        return found[-1] if found else None

    def _reached(self, since: datetime) -> bool:
        poll = self._polled(since)
        return poll is not None and poll.outcome is PollOutcome.REACHED

    async def _poll(self) -> str:
        stage = self._stage
        await stage.choose(POLLED)
        await stage.fill("_phone_number", NUMBER)
        stage.window.poll_pane.interval_spin.setValue(0.5)
        stage.window.send_poll()
        await until(
            lambda: (
                (poll := self._console.live.poll) is not None
                and poll.timeline.state == "waiting-for-agent"
                and len(poll.timeline.attempts) >= _SEEN_WAITING
            ),
            "some attempts of the poll",
        )
        return "waiting-for-agent"

    async def _reach(self) -> str:
        poll = self._console.live.poll
        if poll is None:
            raise TourError("no poll")
        await until(lambda: not poll.running, "the poll to end")
        if poll.outcome is not PollOutcome.REACHED:
            raise TourError(poll_result(poll))
        await self._stage.pause()
        return poll_result(poll)
