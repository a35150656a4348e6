"""The main window: its panes, actions and menus, and a clean end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu

from gms_console.workspace import WorkspaceError, save_workspace

from .actions import ActionSpec, make_actions
from .answer_actions import AnswerActions
from .catalogue_actions import CatalogueActions
from .comparison.actions import ComparisonActions
from .console import Console
from .demo.actions import DemoActions
from .environments.actions import EnvironmentActions
from .evidence.actions import EvidenceActions
from .flows.actions import FlowActions
from .flows.recording_actions import RecordingActions
from .go_actions import GoActions
from .guide.actions import GuideActions
from .history.actions import HistoryActions
from .icons import icon
from .notifier import Notifier
from .panes.environment.bar import EnvironmentBar
from .panes.environment.frame import EnvironmentFrame
from .panes.instance_list import InstanceList
from .panes.poll_pane import PollPane
from .panes.request_pane import RequestPane
from .panes.service_picker import ServicePicker
from .panes.side_pane import SidePane
from .tool_windows import ToolWindows
from .window_layout import WindowLayout
from .window_look import WindowLook

TITLE = "GMS Console"


class MainWindow(QMainWindow):
    """Panes around one Console. Closing it ends every task, then sets `finished`.

    `folder` keeps the workspace between two starts; None keeps nothing.
    """

    def __init__(self, console: Console, folder: Path | None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle(TITLE)
        self.setWindowIcon(icon("gms-console"))
        self.console = console
        self.finished = asyncio.Event()
        self._folder = folder
        self._ending: asyncio.Task[None] | None = None
        self._help: QDialog | None = None
        self.look = WindowLook(self)
        self.frame = EnvironmentFrame(console)
        self.environment_bar = EnvironmentBar(console)
        self.service_picker = ServicePicker(console)
        self.instance_list = InstanceList(console)
        self.request_pane = RequestPane(console)
        self.side_pane = SidePane(console)
        self.answer_pane = self.side_pane.answer_pane
        self.poll_pane = PollPane(console)
        self.notifier = Notifier(self, console.live)
        self._lay_out()
        self._make_actions()
        bar = self.request_pane.target_bar
        bar.send_button.clicked.connect(self.send)
        bar.cancel_button.clicked.connect(self.cancel)
        self.statusBar().setAccessibleName("Messages")
        console.message.connect(self.show_message)
        console.busy_changed.connect(self._show_busy)
        console.target_changed.connect(self._show_undo)
        console.environment_changed.connect(self._show_title)
        console.live.requests.opened.connect(self.go_actions.go_to_request)
        console.services.row_wanted.connect(self.go_actions.go_to_value)
        console.services.name_wanted.connect(self.request_pane.target_bar.take_own_name)
        self.action("notify").setCheckable(True)
        self.action("notify").setChecked(console.live.notify)
        for draft in console.drafts.values():
            draft.undo_changed.connect(self._show_undo)
        self._show_busy()
        self._show_undo()
        self._show_title()
        self.look.mark_scheme()
        self.panes.restore()
        self.service_picker.filter_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self.panes = WindowLayout(self)
        self.left_column = self.panes.left_column
        self.frame.column.addWidget(self.environment_bar)
        self.frame.column.addWidget(self.panes.whole, 1)
        self.setCentralWidget(self.frame)
        if self.menuBar().isNativeMenuBar():
            self.environment_bar.begin_with(self.frame.mark)
        else:
            self._place_mark()
            self.frame.mark.resized.connect(self._place_mark)

    def _place_mark(self) -> None:
        """Put the tab above the frame; a menu bar gives another width only to what is put anew."""
        self.menuBar().setCornerWidget(self.frame.mark)

    # --- actions -------------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.go_actions = GoActions(self)
        self.catalogue_actions = CatalogueActions(self)
        self.environment_actions = EnvironmentActions(self)
        self.answer_actions = AnswerActions(self)
        self.comparison_actions = ComparisonActions(self)
        self.history_actions = HistoryActions(self)
        self.flow_actions = FlowActions(self)
        self.evidence_actions = EvidenceActions(self)
        self.recording_actions = RecordingActions(self)
        self.tools = ToolWindows(self)
        self.demo = DemoActions(self)
        self.guide = GuideActions(self)
        self.actions_by_name = make_actions(self, self._specs())
        self._fill_menus()
        self.history_actions.prepare()
        self.recording_actions.prepare()
        self.demo.prepare()

    def _specs(self) -> tuple[ActionSpec, ...]:
        table, files = self.request_pane.form_table, self.request_pane.file_editor
        poll = self.poll_pane
        spec = ActionSpec
        return (
            spec("send", "&Send", "&Send", ("Ctrl+Return", "Ctrl+Enter", "F5"), self.send),
            spec("sendPoll", "&Send", "Send, then &poll", ("Ctrl+Shift+Return",), self.send_poll),
            spec("cancel", "&Send", "&Cancel, or stop the poll", ("Esc", "Ctrl+."), self.cancel),
            spec("poll", "&Send", "Start or stop pol&ling", ("Ctrl+R",), poll.toggle),
            spec("undo", "&Edit", "&Undo", ("Ctrl+Z",), self.undo),
            spec("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), self.redo),
            spec("newRow", "&Edit", "&New row", ("Ctrl+N",), table.add_row),
            spec("duplicate", "&Edit", "&Duplicate rows", ("Ctrl+D",), table.duplicate_rows),
            spec("rowUp", "&Edit", "Move rows up", ("Alt+Up",), lambda: table.move_rows(-1)),
            spec("rowDown", "&Edit", "Move rows down", ("Alt+Down",), lambda: table.move_rows(1)),
            spec("attach", "&File", "&Attach files …", ("Ctrl+Shift+A",), files.ask_for_files),
            spec(
                "bulkEdit",
                "&Edit",
                "Edit rows as &text …",
                ("Ctrl+Shift+B",),
                self.request_pane.edit_as_text,
            ),
            spec(
                "knownKeys",
                "&Edit",
                "&Insert known keys",
                ("Ctrl+I",),
                self.request_pane.insert_known_keys,
            ),
            spec(
                "freeText",
                "&Edit",
                "Edit as fr&ee text, or by its type",
                ("Ctrl+T",),
                table.edit_as_free_text,
            ),
            *self.answer_actions.specs(),
            spec(
                "reopen",
                "&File",
                "&Reopen an instance …",
                ("Ctrl+O",),
                self.instance_list.reopen,
            ),
            spec(
                "cookies",
                "&View",
                "&Cookies of the instance …",
                ("Ctrl+Shift+K",),
                self.instance_list.show_cookies,
            ),
            *self.catalogue_actions.specs(),
            *self.environment_actions.specs(),
            *self.comparison_actions.specs(),
            *self.history_actions.specs(),
            *self.flow_actions.specs(),
            *self.recording_actions.specs(),
            *self.evidence_actions.specs(),
            *self.go_actions.specs(),
            *self.tools.specs(),
            *self.demo.specs(),
            spec(
                "timelineTables",
                "&View",
                "&Tables beside the timeline",
                ("Ctrl+Shift+T",),
                poll.toggle_tables,
            ),
            *self.look.specs(),
            spec(
                "notify",
                "&View",
                "Notify when a state is &reached",
                ("Ctrl+Alt+N",),
                self.toggle_notify,
            ),
            *self.guide.specs(),
            spec("shortcuts", "&Help", "&Keyboard shortcuts", ("F1", "Ctrl+Shift+/"), self.help),
            spec("quit", "&File", "&Quit", ("Ctrl+Q",), self.close),
        )

    def _fill_menus(self) -> None:
        for title in (
            "&File",
            "&Edit",
            "&Send",
            "&Go",
            "Histor&y",
            "Flo&w",
            "&Tools",
            "&View",
            "&Help",
        ):
            self.menuBar().addMenu(title)
        for spec in self._specs():
            menu = next((m for m in self.menuBar().actions() if m.text() == spec.menu), None)
            target = menu.menu() if menu is not None else None
            if isinstance(target, QMenu):
                target.addAction(self.actions_by_name[spec.name])

    def action(self, name: str) -> QAction:
        """Give an action by its name."""
        return self.actions_by_name[name]

    def take_open_edits(self, *, asking: bool = True) -> None:
        """Take over what is still being typed in a cell or in the base URL.

        Another base URL asks first about what runs at the old one, but not at the end.
        """
        focused = QApplication.focusWidget()
        table = self.request_pane.form_table
        if focused is not None and table.viewport().isAncestorOf(focused):
            table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.environment_bar.commit(asking=asking)

    def send(self) -> None:
        """Send what the preview shows."""
        self.take_open_edits()
        self.console.send()
        self.request_pane.show_first_problem()

    def send_poll(self) -> None:
        """Send, and poll the instance that comes of it."""
        self.take_open_edits()
        self.console.send(then_poll=self.poll_pane.settings())
        self.request_pane.show_first_problem()

    def cancel(self) -> None:
        """Cancel the request under way, or stop the poll; an open list of names closes first."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        elif self.demo.active:
            self.demo.leave()
        else:
            self.console.cancel()

    def undo(self) -> None:
        """Undo the last change of the rows."""
        self.console.draft.form_model.undo_stack.undo()

    def redo(self) -> None:
        """Do again what was undone."""
        self.console.draft.form_model.undo_stack.redo()

    def help(self) -> None:
        """Show all keys."""
        from .panes.shortcuts_help import ShortcutsHelp  # noqa: PLC0415 - not before it is asked for

        self._help = ShortcutsHelp(self.actions_by_name.values(), self)
        self._help.open()

    def toggle_notify(self) -> None:
        """Tell on the desktop of states that are reached, or do not."""
        self.console.live.set_notify(on=self.action("notify").isChecked())

    # --- what the window says --------------------------------------------------------------

    def show_message(self, text: str) -> None:
        """Say something in the status bar; it stays until the next message."""
        self.statusBar().showMessage(text.replace("\n", " · "))

    def _show_busy(self) -> None:
        self.action("send").setEnabled(not self.console.sending)
        self.action("sendPoll").setEnabled(not self.console.sending)
        self.action("cancel").setEnabled(self.console.can_cancel)
        self.action("poll").setEnabled(self.console.live.selected is not None)

    def _show_title(self) -> None:
        """Say in the title which environment is in use; a base URL that was typed is not in it."""
        environment = self.console.environment
        named = environment is not None and environment.name
        self.setWindowTitle(f"{environment.title} – {TITLE}" if environment and named else TITLE)

    def _show_undo(self) -> None:
        stack = self.console.draft.form_model.undo_stack
        self.action("undo").setText(f"&Undo {stack.undoText()}".strip())
        self.action("redo").setText(f"&Redo {stack.redoText()}".strip())
        self.action("undo").setEnabled(stack.canUndo())
        self.action("redo").setEnabled(stack.canRedo())

    # --- between two starts ------------------------------------------------------------------

    def save(self) -> None:
        """Write the workspace; say so when that fails, and go on."""
        if self._folder is None:
            return
        workspace = replace(
            self.console.saved(),
            scheme=self.look.scheme,
            zoom=self.look.zoomed,
            geometry=self.panes.geometry,
            layout=self.panes.splits,
        )
        try:
            save_workspace(self._folder, workspace)
        except WorkspaceError as error:
            self.show_message(f"Not saved for the next start. {error}")

    def close_unasked(self) -> None:
        """Close without a question, as when the program is told to end."""
        self.flow_actions.ask_nothing()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close at once for the eye; the tasks end right after."""
        if self._ending is None:
            if not self.flow_actions.may_close():
                event.ignore()
                return
            self._close_dialogs()
            self.demo.leave()
            self.guide.end()
            self.flow_actions.end()
            self.tools.end()
            self.take_open_edits(asking=False)
            self.console.live.poll_settings = self.poll_pane.settings()
            self.save()
            self.notifier.hide()
            self._ending = asyncio.get_event_loop().create_task(self._end(), name="end")
        event.accept()

    def _close_dialogs(self) -> None:
        """Close what is open, as with Cancel: nothing may be sent from it after the end."""
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():
                dialog.done(QDialog.DialogCode.Rejected)

    async def _end(self) -> None:
        try:
            await self.demo.close()
            await self.console.close()
        finally:
            # An undo stack tells of its own end; nobody is to hear of that.
            for draft in self.console.drafts.values():
                draft.undo_changed.disconnect(self._show_undo)
            self.finished.set()
