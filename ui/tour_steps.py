"""The steps of the guided tour: each does what a person would, through the window's actions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from gms_console.instance import Instance
from gms_console.model.dialog import DialNumber, DisplayMenu
from gms_console.model.form import Row
from gms_console.poll import PollOutcome
from gms_console.presentation import status_line

from .live import poll_result
from .panes.answer.body_part import TREE
from .panes.answer.pane import BODY, TIMING
from .tour_flows import FlowTour
from .tour_waiting import TourError, until
from .window import MainWindow

_LIVE = (
    "request-interaction",
    "request-inbound-delay",
    "VOICE-NOW-USERTERM",
    "request-outbound-delay",
)


@dataclass(slots=True)
class Step:
    """One step; `wide`: it is also pictured on a large screen.

    `dialog`: its dialog is pictured, `beside`: the window of that object name.
    """

    title: str
    story: str
    run: Callable[[], Awaitable[str]]
    wide: bool = False
    dialog: bool = False
    beside: str = ""
    pictures: list[str] = field(default_factory=list)
    result: str = ""


class Tour:
    """The main job of the console from the empty start to a customer's phone."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._console = window.console
        self._flows = FlowTour(window)
        self._missing_place = 0
        self._menu_exchange = ""

    def steps(self) -> tuple[Step, ...]:
        """Give the steps in order; each builds on those before it."""
        return (
            Step("empty", "The console opens on the simulator.", self._open),
            Step("service", "Choose request-interaction; its card tells.", self._choose, wide=True),
            Step("filled", "Fill its rows in, add one, attach a picture.", self._fill),
            Step("answered", "Send it; an access number is booked.", self._send),
            Step("polling", "Create request-inbound-poll and poll its status.", self._poll),
            Step("agent-ready", "The poll ends when an agent is ready.", self._reach, wide=True),
            Step("phone menu", "A callback's push brings a menu to the phone.", self._push),
            Step("phone number", "A choice on it sends the next request.", self._pick, wide=True),
            Step("live services", "Several instances live side by side.", self._live, wide=True),
            Step("missing file", "A file that is gone stops the send.", self._miss),
            Step("error", "A service that GMS does not know is explained.", self._err),
            Step("environment", "An environment frames the window.", self._frame, wide=True),
            Step("settings", "Its settings, with a test of the way.", self._settings, dialog=True),
            Step("confirm", "A create there is confirmed by its name.", self._confirm, dialog=True),
            Step("history", "What was sent is found, and sent again.", self._history, wide=True),
            Step("tree", "The answer with the phone's menu, as a tree.", self._tree, wide=True),
            Step("timing", "Where the time went.", self._timing),
            Step(
                "comparison",
                "Two answers of two polls, side by side.",
                self._compare,
                beside="comparisonWindow",
            ),
            Step(
                "timelines",
                "The polls that they are of, over each other.",
                self._overlay,
                beside="comparisonWindow",
            ),
            Step(
                "flow",
                "What was done once is a flow, and runs again.",
                self._flows.run,
                beside="flowsWindow",
                wide=True,
            ),
            Step("evidence", "What it sent, for a defect.", self._flows.evidence, dialog=True),
        )

    async def _open(self) -> str:
        await until(
            lambda: (
                self._console.services.catalogue is not None
                and self._console.environment is not None
            ),
            "the simulator to start",
        )
        return f"sending to {self._console.base_url_text}"

    async def _choose(self) -> str:
        self._console.services.choose("request-interaction")
        await until(lambda: self._console.preview.prepared is not None, "the preview")
        return f"{len(self._console.draft.form_model.form)} rows that the catalogue knows"

    async def _fill(self) -> str:
        draft = self._console.draft
        draft.set_value(("_phone_number",), "6504669999")
        draft.set_value(("_provide_code",), "true")
        model = draft.form_model
        pairs = {
            "language": "french",
            "current_location_latitude": "48.8583",
            "current_location_longitude": "2.2944",
        }
        model.add_rows([Row(key=key, value=value) for key, value in pairs.items()])
        self._window.request_pane.file_editor.attach([example_picture()])
        await until(lambda: self._console.preview.prepared is not None, "the preview")
        return f"{len(model.form)} rows, one of them a file"

    async def _send(self) -> str:
        await self._sent()
        access = self._selected().access
        if access is None or access.number is None:
            raise TourError("no access number in the answer")
        return f"{self._status()}; call {access.number}"

    async def _poll(self) -> str:
        self._console.services.choose("request-inbound-poll")
        self._console.draft.set_value(("_phone_number",), "6504669999")
        self._window.poll_pane.interval_spin.setValue(0.5)
        self._window.send_poll()
        await until(
            lambda: (
                (poll := self._console.live.poll) is not None
                and poll.timeline.state == "waiting-for-agent"
                and len(poll.timeline.attempts) >= 5
            ),
            "five attempts of the poll",
        )
        return "waiting-for-agent"

    async def _reach(self) -> str:
        poll = self._console.live.poll
        if poll is None:
            raise TourError("no poll")
        await until(lambda: not poll.running, "the poll to end")
        if poll.outcome is not PollOutcome.REACHED:
            raise TourError(poll_result(poll))
        return poll_result(poll)

    async def _push(self) -> str:
        self._console.services.choose("VOICE-WAIT-USERORIG")
        self._console.draft.set_value(("_customer_number",), "+16504669999")
        await self._sent()
        simulator = self._console.simulator.simulator
        if simulator is None:
            raise TourError("the simulator does not run")
        simulator.clock.advance(11)
        phone = self._console.phone
        self._window.go_actions.go_to_phone()
        phone.pushes.receive(phone.pushes.text("get-dialog"))
        await until(lambda: isinstance(self._dialog(), DisplayMenu), "the menu")
        screen = phone.screen
        self._menu_exchange = screen.exchange_id if screen is not None else ""
        return "the phone shows a menu"

    async def _pick(self) -> str:
        menu = self._dialog()
        if not isinstance(menu, DisplayMenu):
            raise TourError("no menu on the phone")
        self._console.phone.choose(menu.groups[0].items[0], 1)
        await until(lambda: isinstance(self._dialog(), DialNumber), "the number to call")
        number = self._dialog()
        return f"call {number.number}" if isinstance(number, DialNumber) else ""

    async def _live(self) -> str:
        for service in _LIVE:
            self._console.services.choose(service)
            self._console.draft.set_value(self._number_key(), "+16504669999")
            await self._sent()
            if self._window.poll_pane.request_edit.text() != "":
                self._window.poll_pane.toggle()
        await asyncio.sleep(1.2)
        return f"{len(self._console.session.running_polls())} polls run side by side"

    def _number_key(self) -> tuple[str, ...]:
        kind = self._console.services.kind
        known = kind is not None and kind.parameter("_customer_number") is not None
        return ("_customer_number",) if known else ("_phone_number",)

    async def _miss(self) -> str:
        self._console.services.choose("request-interaction")
        model = self._console.draft.form_model
        self._missing_place = model.attach([Path("Holiday.png")])
        self._window.send()
        if self._console.sending or not self._console.preview.rows:
            raise TourError("a form with a missing file was sent")
        result = f"not sent: {self._console.preview.reason}"
        await asyncio.sleep(0)
        model.set_problems(dict(self._console.preview.rows))
        return result

    async def _err(self) -> str:
        model = self._console.draft.form_model
        model.edit(model.form.removed([self._missing_place]), "remove rows")
        self._console.services.choose("app-to-connect")
        await self._sent()
        answer = self._console.answer
        if answer is None or answer.ok:
            raise TourError("the unknown service was accepted")
        return self._status()

    async def _frame(self) -> str:
        # Loaded by now, and not at the start of the tour.
        from gms_console.environments.profile import Profile  # noqa: PLC0415

        desk, url = self._console.environments, self._console.base_url_text
        await until(lambda: desk.loaded, "the environments to be read")
        await desk.save(Profile.model_validate(production(url)))
        desk.choose("production")
        self._console.switching.stop_and_go()
        await until(lambda: desk.chosen == "production" and _dialog() is None, "the switch")
        self._console.services.choose("request-interaction")
        self._console.draft.set_value(("_phone_number",), "{{phone}}")
        await until(lambda: self._console.preview.prepared is not None, "the preview")
        return f"sending to {self._window.windowTitle().partition(' – ')[0]}"

    async def _settings(self) -> str:
        from .panes.environment.settings_dialog import SettingsDialog  # noqa: PLC0415 - as above

        self._window.action("environmentSettings").trigger()
        await until(lambda: isinstance(_dialog(), SettingsDialog), "the settings to open")
        settings = _dialog()
        if not isinstance(settings, SettingsDialog):
            raise TourError("the settings did not open")
        await until(settings.check_button.isEnabled, "the settings to be filled in")
        settings.check_button.click()
        outcome = settings.check_panel.outcome
        await until(lambda: outcome.text().startswith(("✓", "▲")), "the test of the connection")
        return outcome.text()

    async def _confirm(self) -> str:
        settings = _dialog()
        if settings is not None:
            settings.close()
        await until(lambda: _dialog() is None, "the settings to close")
        self._window.send()
        await until(lambda: _dialog() is not None, "the question")
        return "asked for the name; nothing was sent yet"

    async def _history(self) -> str:
        question = _dialog()
        if question is not None:
            question.close()
        await until(lambda: _dialog() is None, "the question to close")
        desk = self._console.history
        self._window.action("history").trigger()
        pane = self._window.left_column.history()
        await until(lambda: desk.list.read and bool(desk.list.model.numbers), "the history")
        model = desk.list.model
        rows = [row for number in model.numbers if (row := model.row(number)) is not None]
        reached = next(row for row in rows if row.outcome == str(PollOutcome.REACHED))
        pane.view.expand(model.index_of(reached.number))
        pane.view.setCurrentIndex(model.index_of(reached.number))
        oldest = min(rows, key=lambda row: row.number)
        desk.star([oldest], starred=True)
        desk.write_note(oldest, "the first create of the tour")
        await until(lambda: desk.mark is not None, "the answer of the past")
        await asyncio.sleep(0.3)
        pane.view.scrollTo(model.index_of(reached.number), pane.view.ScrollHint.PositionAtTop)
        return f"{len(rows)} rows are kept; the poll shows its {reached.attempts} attempts"

    async def _tree(self) -> str:
        self._console.show_exchange(self._menu_exchange)
        pane = self._window.answer_pane
        pane.tabs.setCurrentIndex(BODY)
        pane.body_part.tabs.setCurrentIndex(TREE)
        self._window.poll_pane.setFocus()
        await asyncio.sleep(0.2)
        return self._status()

    async def _timing(self) -> str:
        self._window.answer_pane.tabs.setCurrentIndex(TIMING)
        await asyncio.sleep(0)
        return self._status()

    async def _compare(self) -> str:
        polls = [poll for ours in self._console.session.polls.values() for poll in ours]
        reached = next(poll for poll in polls if poll.outcome is PollOutcome.REACHED)
        other = next(poll for poll in reversed(polls) if len(poll.timeline.spans) > 0)
        last, first = reached.timeline.attempts[-1], other.timeline.attempts[0]
        self._console.history.compare(last.exchange_id, first.exchange_id)
        comparison = self._console.comparison
        await until(lambda: comparison.compared is not None, "the comparison")
        await asyncio.sleep(0.2)
        found = comparison.compared
        return f"{found.differences} differences" if found is not None else ""

    async def _overlay(self) -> str:
        comparison = self._console.comparison
        await until(lambda: comparison.overlay is not None, "the timelines")
        tabs = next(
            one
            for top in QApplication.topLevelWidgets()
            for one in top.findChildren(QTabWidget, "comparisonTabs")
        )
        tabs.setCurrentIndex(tabs.count() - 1)
        await asyncio.sleep(0.2)
        return comparison.overlay.summary if comparison.overlay is not None else ""

    def _dialog(self) -> object:
        screen = self._console.phone.screen
        return screen.dialog if screen is not None else None

    def _selected(self) -> Instance:
        if self._console.live.selected is None:
            raise TourError("no instance was created")
        return self._console.live.selected

    async def _sent(self) -> None:
        self._window.send()
        await until(lambda: not self._console.sending, "the answer")

    def _status(self) -> str:
        exchange, answer = self._console.exchange, self._console.answer
        return status_line(exchange, answer) if exchange is not None and answer is not None else ""


def _dialog() -> QWidget | None:
    """Give the dialog in front, if there is one."""
    return QApplication.activeModalWidget()


def production(url: str) -> dict[str, object]:
    """Give an environment of two nodes at one base URL, as a careful site would have it."""
    return {
        "name": "production",
        "colour": "red",
        "guard": "confirm-every",
        "nodes": [
            {"name": "node1", "url": url},
            {"name": "node2", "url": url.replace("127.0.0.1", "localhost")},
        ],
        "gms_user": "tester",
        "variables": {"phone": "6504669999"},
        "proxy": {"mode": "none"},
    }


def example_picture() -> Path:
    """Give the path of the example picture that comes with the console."""
    return Path(str(files("gms_console.assets") / "examples" / "MyPic.png"))
