"""What the main window does with flows: it opens their window, and asks before they are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..actions import ActionSpec

if TYPE_CHECKING:
    from ..panes.flows.run_part import RunPart
    from ..panes.flows.window import FlowsWindow
    from ..window import MainWindow

MENU = "Flo&w"


class FlowActions(QObject):
    """Opens the window of flows; `window` is None until it was first asked for."""

    def __init__(self, main: MainWindow) -> None:
        super().__init__(main)
        self._main = main
        self.window: FlowsWindow | None = None
        self.run_part: RunPart | None = None
        self._may_close = False
        main.console.flows_made.connect(self._listen)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        return (ActionSpec("flows", MENU, "F&lows …", ("Alt+0",), self.show_flows),)

    def _listen(self) -> None:
        self._main.console.flows.show_wanted.connect(self.show_flows)

    def make_window(self) -> FlowsWindow:
        """Give the window of flows; it is made with the first call."""
        if self.window is None:
            from ..panes.flows.run_part import RunPart  # noqa: PLC0415 - not before it is asked for
            from ..panes.flows.window import FlowsWindow  # noqa: PLC0415 - as above

            self.window = FlowsWindow(self._main.console, self._main)
            self.run_part = RunPart(self._main.console, self.window)
            self.run_part.view.evidence_wanted.connect(self._main.evidence_actions.export_run)
        return self.window

    def show_flows(self) -> None:
        """Show the window of flows; it keeps its flows until the end of this start."""
        self.make_window().show_up()

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the scheme."""
        if self.window is not None:
            self.window.refresh_icons()

    def may_close(self) -> bool:
        """Whether the console may close; asks about unsaved flows where it may not yet."""
        if self._may_close:
            return True
        # What is being recorded is a flow that was not saved.
        self._main.recording_actions.keep()
        window = self.window
        if window is None:
            return True
        window.take_open_edits()
        if not window.desk.modified:
            return True
        window.show_up()
        window.questions.before_closing(self._close)
        return False

    def _close(self) -> None:
        self.ask_nothing()
        self._main.close()

    def ask_nothing(self) -> None:
        """Let unsaved flows go without a question from now on."""
        self._may_close = True

    def end(self) -> None:
        """Close the window with the main window."""
        if self.window is not None:
            self.window.hide()
