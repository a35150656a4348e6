"""What runs flows in the window of flows: actions, the bar above, and the view below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from ...actions import ActionSpec, make_actions
from ...flows.run_desk import OtherPlace, RunDesk
from ...icons import icon
from ..environment.questions import ask
from .run_bar import RunBar
from .run_view import RunView

if TYPE_CHECKING:
    from ...console import Console
    from .window import FlowsWindow

_MENU = "&Run"


class RunPart(QObject):
    """Joins the RunDesk of the Console to the window of flows."""

    def __init__(self, console: Console, window: FlowsWindow) -> None:
        super().__init__(window)
        self._window = window
        self._desk: RunDesk = console.runs
        self._dialog: QDialog | None = None
        self.actions_by_name = make_actions(window, self._specs())
        window.actions_by_name.update(self.actions_by_name)
        menu = window.menus[_MENU.replace("&", "")] = window.menuBar().addMenu(_MENU)
        for action in self.actions_by_name.values():
            menu.addAction(action)
        self.bar = RunBar(self._desk, self.actions_by_name)
        self.view = RunView(self._desk)
        window.bar.addWidget(self.bar)
        window.add_run_part(self.view)
        self._desk.asked.connect(self._ask_place)

    def _specs(self) -> tuple[ActionSpec, ...]:
        spec, desk = ActionSpec, self._desk
        return (
            spec("run", _MENU, "&Run the flow", ("F5",), self.run),
            spec("runFromHere", _MENU, "Run from &here", ("Shift+F5",), self.run_from_here),
            spec("pauseRun", _MENU, "&Pause, or go on", ("F6",), desk.toggle_pause),
            spec("stopRun", _MENU, "&Stop", ("Ctrl+.",), desk.stop),
            spec("runOptions", _MENU, "&Options …", ("Ctrl+Shift+O",), self.open_options),
            spec("goRun", _MENU, "&Go to the run", ("Alt+5",), self.go),
        )

    def run(self) -> None:
        """Run the flow as it stands, with what is still being typed."""
        if self._may_run():
            self._desk.run()

    def run_from_here(self) -> None:
        """Run from the step at hand."""
        if self._may_run():
            self._desk.run_from_here()

    def _may_run(self) -> bool:
        """Take over what is still being typed; a flow with mistakes does not run, and says why."""
        window = self._window
        window.take_open_edits()
        document = window.desk.document
        return document is None or window.questions.sound(document, "run")

    def go(self) -> None:
        """Go to what came of the run."""
        self.view.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_options(self) -> None:
        """Ask how flows are to be run."""
        from .run_options_dialog import RunOptionsDialog  # noqa: PLC0415 - when asked for

        self._dialog = RunOptionsDialog(self._desk, self._window)
        self._dialog.open()

    def _ask_place(self, other: OtherPlace) -> None:
        """Ask before a flow for one environment runs in another."""
        title = other.environment.title
        box = ask(
            self._window,
            "otherPlaceBox",
            f"This flow is for {other.wanted}. Run it on {title}?",
            f"There is no environment {other.wanted} here. "
            f"{title} is the one that the main window sends to.",
            (
                ("&Do not run", "otherPlaceStayButton", None),
                (f"&Run on {title.replace('&', '&&')}", "otherPlaceRunButton", other.go),
            ),
        )
        box.setWindowTitle("Run a flow")
        self._dialog = box

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the scheme."""
        for button in self.bar.buttons.values():
            button.setIcon(icon(str(button.property("iconName"))))
