"""The guided tour: walks the console's main job without a person, and keeps pictures of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import Qt

from gms_console import __version__
from gms_console.model.form import Row
from gms_console.poll import PollOutcome
from gms_console.presentation import status_line

from .console import poll_result
from .window import MainWindow

_SCHEMES = (Qt.ColorScheme.Light, Qt.ColorScheme.Dark)
_PATIENCE = 20.0
"""Seconds that one step may take before the tour gives up."""


class TourError(Exception):
    """A step of the tour did not come to its end."""


@dataclass(slots=True)
class _Step:
    title: str
    story: str
    run: Callable[[], Awaitable[str]]
    pictures: list[str] = field(default_factory=list)
    result: str = ""


async def walk_tour(window: MainWindow, folder: Path) -> int:
    """Walk the tour on `window`; write numbered pictures and `report.md` into `folder`.

    Returns 0, or 1 when a step failed; the report says which and why.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    tour = _Tour(window)
    code = 0
    walked: list[_Step] = []
    for number, step in enumerate(tour.steps(), start=1):
        walked.append(step)
        try:
            step.result = await step.run()
        except (TourError, OSError) as error:
            step.result = f"FAILED: {error}"
            code = 1
        step.pictures = await _pictures(window, folder, number, step.title)
        print(f"{number}. {step.title}: {step.result}")  # noqa: T201 - the tour's own report
        if code:
            break
    report = folder / "report.md"
    await asyncio.to_thread(report.write_text, _report(walked), "utf-8")
    print(f"Pictures and report: {await asyncio.to_thread(report.absolute)}")  # noqa: T201
    return code


class _Tour:
    """The steps; each does what a person would, through the window's own actions."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._console = window.console

    def steps(self) -> tuple[_Step, ...]:
        return (
            _Step("empty", "The console opens on the simulator.", self._open),
            _Step("filled", "Choose request-interaction, type rows, attach a picture.", self._fill),
            _Step("answered", "Send it; an access number is booked.", self._send),
            _Step("polling", "Create request-inbound-poll and poll its status.", self._poll),
            _Step("agent-ready", "The poll ends when an agent is ready.", self._reach),
            _Step("missing file", "A file that is gone stops the send.", self._miss),
            _Step("error", "A service that GMS does not know is explained.", self._err),
        )

    async def _open(self) -> str:
        await _until(
            lambda: self._console.catalogue is not None and self._console.environment is not None,
            "the simulator to start",
        )
        return f"sending to {self._console.base_url_text}"

    async def _fill(self) -> str:
        self._console.choose_service("request-interaction")
        model = self._console.draft.form_model
        pairs = {
            "_phone_number": "6504669999",
            "_provide_code": "true",
            "language": "french",
            "current_location_latitude": "48.8583",
            "current_location_longitude": "2.2944",
        }
        model.add_rows([Row(key=key, value=value) for key, value in pairs.items()])
        self._window.request_pane.file_editor.attach([example_picture()])
        await _until(lambda: self._console.preview.prepared is not None, "the preview")
        return f"{len(model.form)} rows, one of them a file"

    async def _send(self) -> str:
        await self._sent()
        access = self._console.selected.access if self._console.selected is not None else None
        if access is None or access.number is None:
            raise TourError("no access number in the answer")
        return f"{self._status()}; call {access.number}"

    async def _poll(self) -> str:
        self._console.choose_service("request-inbound-poll")
        model = self._console.draft.form_model
        model.edit(model.form.removed(range(3, len(model.form))), "remove rows")
        self._window.poll_pane.interval_spin.setValue(0.5)
        self._window.send_poll()
        await _until(
            lambda: (
                self._console.poll is not None
                and self._console.poll.timeline.state == "waiting-for-agent"
                and len(self._console.poll.timeline.attempts) >= 5
            ),
            "five attempts of the poll",
        )
        return "waiting-for-agent"

    async def _reach(self) -> str:
        poll = self._console.poll
        if poll is None:
            raise TourError("no poll")
        await _until(lambda: not poll.running, "the poll to end")
        if poll.outcome is not PollOutcome.REACHED:
            raise TourError(poll_result(poll))
        return poll_result(poll)

    async def _miss(self) -> str:
        self._console.choose_service("request-interaction")
        model = self._console.draft.form_model
        place = model.attach([Path("Holiday.png")])
        self._window.send()
        if self._console.sending or not self._console.preview.rows:
            raise TourError("a form with a missing file was sent")
        result = f"not sent: {self._console.preview.reason}"
        await asyncio.sleep(0)
        model.set_problems(dict(self._console.preview.rows))
        self._missing_place = place
        return result

    async def _err(self) -> str:
        model = self._console.draft.form_model
        model.edit(model.form.removed([self._missing_place]), "remove rows")
        self._console.choose_service("app-to-connect")
        await self._sent()
        answer = self._console.answer
        if answer is None or answer.ok:
            raise TourError("the unknown service was accepted")
        return self._status()

    async def _sent(self) -> None:
        self._window.send()
        await _until(lambda: not self._console.sending, "the answer")

    def _status(self) -> str:
        exchange, answer = self._console.exchange, self._console.answer
        return status_line(exchange, answer) if exchange is not None and answer is not None else ""


def example_picture() -> Path:
    """Give the path of the example picture that comes with the console."""
    return Path(str(files("gms_console.assets") / "examples" / "MyPic.png"))


async def _until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition; raises TourError when it does not come."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while not condition():
        if loop.time() > end:
            raise TourError(f"waited {_PATIENCE:g} s for {what}")
        await asyncio.sleep(0.02)


async def _pictures(window: MainWindow, folder: Path, number: int, title: str) -> list[str]:
    """Take the window in light and in dark."""
    names = []
    for scheme in _SCHEMES:
        window.use_scheme(scheme)
        # Never processEvents(): it would enter other tasks from within this one.
        await asyncio.sleep(0.05)
        name = f"{number:02}-{title.replace(' ', '-')}-{scheme.name.lower()}.png"
        if not window.grab().save(str(folder / name)):
            raise OSError(f"{folder / name} could not be written")
        names.append(name)
    window.use_scheme(None)
    return names


def _report(steps: list[_Step]) -> str:
    lines = [f"# GMS Console {__version__}: the tour", ""]
    for number, step in enumerate(steps, start=1):
        lines += [f"## {number}. {step.title}", "", step.story, "", f"Result: {step.result}", ""]
        lines += [f"![{name}]({name})" for name in step.pictures]
        lines.append("")
    return "\n".join(lines)
