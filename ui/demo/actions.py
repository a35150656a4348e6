"""What the main window does for demo mode: full screen and back, recording, replaying."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from ..actions import ActionSpec
from ..icons import icon
from ..panes.common import icon_button, set_look
from ..tool_windows import MENU

if TYPE_CHECKING:
    from ..panes.demo.page import DemoPage
    from ..panes.demo.record_dialog import RecordDialog
    from ..window import MainWindow
    from .desk import DemoDesk


class DemoActions(QObject):
    """The desk and the page are made when they are first asked for."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._desk: DemoDesk | None = None
        self._stack: QStackedWidget | None = None
        self._before: QWidget | None = None
        self._shown = Qt.WindowState.WindowNoState
        self._bars: list[QWidget] = []
        self._dialog: RecordDialog | None = None
        self.page: DemoPage | None = None

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec = ActionSpec
        return (
            spec("demo", MENU, "&Demo mode", ("F11",), self.toggle),
            spec("record", MENU, "&Record the session …", ("Ctrl+Alt+D",), self.record),
            spec("replay", MENU, "Re&play a recording …", ("Ctrl+Alt+P",), self.ask_for_recording),
        )

    def prepare(self) -> None:
        """Have the status bar show while it records, once the actions are made."""
        self._window.action("demo").setCheckable(True)
        self.mark = icon_button(
            "stop", "Stop recording the session (Ctrl+Alt+D)", "Recording the session"
        )
        self.mark.setObjectName("sessionRecordingMark")
        self.mark.setProperty("small", True)
        # Tab goes through the panes; the action has a key and stands in the menu.
        self.mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.mark.clicked.connect(self.record)
        self.mark.hide()
        set_look(self.mark, "role", "mark")
        self._window.statusBar().addPermanentWidget(self.mark)
        self.mark.hide()

    @property
    def desk(self) -> DemoDesk:
        """What is told on the stage."""
        if self._desk is None:
            from .desk import DemoDesk  # noqa: PLC0415 - not before it is asked for

            self._desk = DemoDesk(self._window.console)
            self._desk.recorder.changed.connect(self._show_recording)
            self._desk.recorder.counted.connect(self._show_recording)
        return self._desk

    @property
    def active(self) -> bool:
        """Whether the window is in demo mode."""
        return self._desk is not None and self._desk.active

    # --- entering and leaving --------------------------------------------------------------------

    def toggle(self) -> None:
        """Go into demo mode, or leave it."""
        if self.active:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Show the presenter layout, on the whole screen and with nothing around it."""
        window, page = self._window, self._made_page()
        if self.active or self._stack is None:
            return
        window.take_open_edits()
        self._before = QApplication.focusWidget()
        self._shown = window.windowState()
        self.desk.enter()
        self._stack.setCurrentWidget(page)
        self._bars = [window.menuBar(), window.statusBar()]
        for bar in self._bars:
            bar.hide()
        window.showFullScreen()
        self._show_action()
        page.refresh()
        page.take_focus()

    def leave(self) -> None:
        """Show the window as it was before."""
        if not self.active or self._stack is None:
            return
        window = self._window
        self.desk.leave()
        self._stack.setCurrentWidget(window.frame)
        for bar in self._bars:
            bar.show()
        before = self._shown & ~Qt.WindowState.WindowFullScreen
        window.setWindowState(before)
        handle = window.windowHandle()
        if handle is not None and handle.windowStates() & Qt.WindowState.WindowFullScreen:
            # A window that went to the whole screen right at its start may not know of it.
            handle.setWindowStates(before)
        self._show_action()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def _show_action(self) -> None:
        self._window.action("demo").setChecked(self.active)

    def _made_page(self) -> DemoPage:
        """Give the page; with the first call the window gets a place for it."""
        if self.page is None:
            from ..panes.demo.page import DemoPage  # noqa: PLC0415 - not before it is asked for

            window = self._window
            self._stack = QStackedWidget()
            window.takeCentralWidget()
            self._stack.addWidget(window.frame)
            window.setCentralWidget(self._stack)
            self.page = DemoPage(self.desk)
            self._stack.addWidget(self.page)
            self.page.leave_wanted.connect(self.leave)
            self.page.record_wanted.connect(self.record)
            self.page.open_wanted.connect(self.ask_for_recording)
            self.desk.tour_wanted.connect(window.guide.start)
            self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.page)
            self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._escape.activated.connect(self.leave)
            window.console.busy_changed.connect(self._share_escape)
            self._share_escape()
        return self.page

    def _share_escape(self) -> None:
        """Leave Esc to the window's own action while there is something to cancel."""
        self._escape.setEnabled(not self._window.console.can_cancel)

    def refresh_look(self) -> None:
        """Draw the stage in the colours and sizes in force."""
        if self.page is not None:
            self.page.refresh_look()

    # --- recording -------------------------------------------------------------------------------

    def record(self) -> None:
        """Begin to record after asking where to, or end it."""
        recorder = self.desk.recorder
        if recorder.recording:
            recorder.stop()
            return
        if self._dialog is not None:
            self._dialog.activateWindow()
            return
        from ..panes.demo.record_dialog import RecordDialog  # noqa: PLC0415 - not before it is asked

        self._window.take_open_edits()
        dialog = self._dialog = RecordDialog(_suggested(), self._window)
        dialog.chosen.connect(self._start)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _start(self, file: Path, masked: bool) -> None:
        trouble = self.desk.recorder.start(file, masked=masked)
        if self._dialog is None:
            return
        if trouble:
            self._dialog.fail(trouble)
        else:
            self._dialog.done(1)

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _show_recording(self) -> None:
        recorder = self.desk.recorder
        count = recorder.count
        text = f"Recording the session, {count} event{'' if count == 1 else 's'}"
        self.mark.setText(text)
        self.mark.setAccessibleName(text)
        self.mark.setVisible(recorder.recording)
        if recorder.recording:
            self.mark.setIcon(icon("stop"))
        label = "Stop &recording the session" if recorder.recording else "&Record the session …"
        self._window.action("record").setText(label)

    # --- replaying -------------------------------------------------------------------------------

    def ask_for_recording(self) -> None:
        """Ask for a recording, and show it."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        from ..panes.demo.record_dialog import FILES  # noqa: PLC0415 - as above

        dialog = QFileDialog(self._window, "Replay a recording", str(_folder()), FILES)
        dialog.setObjectName("replayDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.replay(Path(name)))
        dialog.open()

    def replay(self, file: Path) -> None:
        """Show a recording on the stage."""
        self.enter()
        self.desk.replay.open(file)

    # --- the end ---------------------------------------------------------------------------------

    async def close(self) -> None:
        """End what is recorded and played, before the console closes."""
        if self._desk is not None:
            await self._desk.close()


def _folder() -> Path:
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(documents) or Path.home())


def _suggested() -> Path:
    folder = _folder()
    now = datetime.now().astimezone()
    return (folder if folder.is_dir() else Path.home()) / f"GMS session {now:%Y-%m-%d %H-%M}"
