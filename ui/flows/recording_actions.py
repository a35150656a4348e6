"""What the window does to record a flow: a switch, a mark while it is on, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from ..actions import ActionSpec
from ..icons import icon
from ..panes.common import icon_button, set_look
from .actions import MENU

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QToolButton

    from gms_console.flow.types import Step

    from ..window import MainWindow
    from .recorder import FlowRecorder


RECORD = "Record"
_TIPS = {
    False: "Record what you do as a flow (Ctrl+Alt+F)",
    True: "Stop recording, and show the steps (Ctrl+Alt+F)",
}


class RecordingActions(QObject):
    """Recording sends nothing, and undoes nothing: it notes what a person does meanwhile."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._console = window.console
        self._recorder: FlowRecorder | None = None
        self._dialog: QDialog | None = None

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec = ActionSpec
        return (
            spec("recordFlow", MENU, "&Record a flow", ("Ctrl+Alt+F",), self.toggle),
            spec(
                "flowOfRows",
                MENU,
                "New flow from the chosen ro&ws",
                ("Ctrl+Alt+W",),
                self.flow_of_rows,
            ),
        )

    def prepare(self) -> None:
        """Have menu and status bar show whether it records, once the actions are made."""
        self._window.action("recordFlow").setCheckable(True)
        self.mark = self._make_mark()

    @property
    def recorder(self) -> FlowRecorder:
        """What records; made when it is first asked for."""
        if self._recorder is None:
            from .recorder import FlowRecorder  # noqa: PLC0415 - as said

            self._recorder = FlowRecorder(self._console)
            self._recorder.changed.connect(self._show)
        return self._recorder

    def toggle(self) -> None:
        """Begin to record, or end it and show the steps."""
        if self.recorder.recording:
            self._end(self.recorder.stop())
        else:
            self._window.take_open_edits()
            self.recorder.start()
            self._window.show_message(
                "Recording: what you send from now on becomes steps of a flow. "
                "Nothing is sent by it."
            )

    def keep(self) -> None:
        """End a recording with its steps in a new flow, before the console closes."""
        if self._recorder is not None and self._recorder.recording:
            steps = self._recorder.stop()
            if steps:
                self._open_new(steps, "Recorded")

    def flow_of_rows(self) -> None:
        """Make a new flow of the rows that are chosen in the history."""
        pane = self._window.left_column.history_pane
        rows = pane.rows if pane is not None and pane.isVisible() else []
        if rows:
            self.recorder.from_rows(rows, lambda steps: self._open_new(steps, "History"))
        else:
            self._window.show_message("Choose rows of the history first (Ctrl+H).")

    # --- where the steps go ----------------------------------------------------------------------

    def _end(self, steps: Sequence[Step]) -> None:
        if not steps:
            self._window.show_message("Nothing was sent while it recorded: there is no flow.")
            return
        flows = self._console.flows
        if flows.flow is None:
            self._open_new(steps, "Recorded")
            return
        from ..panes.environment.questions import ask  # noqa: PLC0415 - not before it is asked

        count = _counted(steps)
        box = ask(
            self._window,
            "recordedBox",
            f"Recorded {count}. Make a new flow of them?",
            f"They can also go to the end of “{flows.flow.title}”, which is open.",
            (
                ("&New flow", "recordedNewButton", lambda: self._open_new(steps, "Recorded")),
                ("&Add to the open flow", "recordedAddButton", lambda: self._append(steps)),
                ("&Drop them", "recordedDropButton", None),
            ),
        )
        box.setWindowTitle("Record a flow")
        self._dialog = box

    def _open_new(self, steps: Sequence[Step], name: str) -> None:
        if not steps:
            self._window.show_message("These rows make no steps of a flow.")
            return
        self._console.flows.set_flow(self.recorder.flow_of(steps, name))
        self._say(f"{_counted(steps)} recorded; Ctrl+S saves.")

    def _append(self, steps: Sequence[Step]) -> None:
        self._console.flows.append_steps(self.recorder.plain(steps))
        self._console.flows.show_wanted.emit()
        self._say(f"{_counted(steps)} added; Ctrl+S saves.")

    def _say(self, text: str) -> None:
        """Say it in both windows: that of flows is in front now."""
        self._console.message.emit(text)

    # --- that it records -------------------------------------------------------------------------

    def _show(self) -> None:
        """Show in menu and status bar whether it records, and how many steps there are."""
        recorder = self.recorder
        on, count = recorder.recording, recorder.count
        self._window.action("recordFlow").setChecked(on)
        text = f"● Recording, {count} step{'' if count == 1 else 's'}" if on else RECORD
        self.mark.setText(text)
        self.mark.setAccessibleName(text)
        self.mark.setToolTip(_TIPS[on])
        set_look(self.mark, "role", "mark" if on else "")
        name = "stop" if on else "record"
        if self.mark.property("iconName") != name:
            self.mark.setProperty("iconName", name)
            self.mark.setIcon(icon(name))

    def _make_mark(self) -> QToolButton:
        mark = icon_button("record", _TIPS[False], RECORD)
        mark.setObjectName("recordingMark")
        mark.setProperty("small", True)
        # Tab goes through the panes; the action has a key and stands in the menu.
        mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        mark.clicked.connect(self._window.action("recordFlow").trigger)
        self._window.statusBar().addPermanentWidget(mark)
        return mark


def _counted(steps: Sequence[Step]) -> str:
    return f"{len(steps)} step{'' if len(steps) == 1 else 's'}"
