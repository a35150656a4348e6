"""The window of flows: the folder's files, the steps of one, and the step at hand."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from ...actions import ActionSpec, make_actions
from ...console import Console
from ...flows.mistakes import FieldMistake
from ...icons import icon
from ..common import label, named
from .carrying import Carrying
from .explorer import FlowExplorer
from .flow_head import FlowHead
from .questions import FlowQuestions
from .step_editor import StepEditor
from .step_pane import StepPane
from .trouble import ConflictBar, MistakesBar, UnreadableView

_MENUS = ("&Flow", "&Edit", "&Step", "&Go")
_ON_BAR = ("newFlow", "saveFlow", "undoFlow", "redoFlow")
NOTHING = (
    "No flow is open. Choose one on the left, begin a new one (Ctrl+N), import one, "
    "or record what you do in the main window."
)


class FlowsWindow(QMainWindow):
    """A window of its own beside the main window, made when it is first shown.

    `bar` takes more actions; `add_run_part` puts what shows a run below steps and editor.
    `menus` has the menus by their titles without `&`, for actions of others.
    """

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(parent)
        self.console = console
        self.desk = console.flows
        self.setObjectName("flowsWindow")
        self.setWindowTitle("Flows")
        self.setWindowIcon(icon("gms-console"))
        self.resize(1280, 800)
        self.questions = FlowQuestions(self)
        self.carrying = Carrying(self)
        self._make_parts()
        self._lay_out()
        self.actions_by_name = make_actions(self, self._specs())
        self._fill_menus()
        self._connect()
        self.refresh()

    # --- parts -----------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        console = self.console
        self.bar = named(QToolBar("Flow"), "flowBar", "What can be done with the flow")
        self.bar.setMovable(False)
        self.bar.setIconSize(QSize(16, 16))
        self.bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.explorer = FlowExplorer(console, self.questions)
        self.head = FlowHead(console)
        self.conflict_bar = ConflictBar(console, self.questions)
        self.mistakes_bar = MistakesBar(console)
        self.step_pane = StepPane(console)
        self.step_editor = StepEditor(console)
        self.unreadable = UnreadableView(console)
        self.nothing = named(label(NOTHING, "muted"), "flowNothing", "No flow is open")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)

    def _lay_out(self) -> None:
        """Put the parts into the window from the outside in.

        A part is styled again, with all in it, for each thing that it is put into later.
        """
        self.addToolBar(self.bar)
        whole = _splitter(Qt.Orientation.Horizontal)
        whole.setContentsMargins(10, 6, 10, 6)
        self.setCentralWidget(whole)
        whole.addWidget(self.explorer)
        self.stack = QStackedWidget()
        whole.addWidget(self.stack)
        whole.setStretchFactor(1, 1)
        whole.setSizes([270, 1000])
        edited = QWidget()
        for part in (self.nothing, edited, self.unreadable):
            self.stack.addWidget(part)
        column = QVBoxLayout(edited)
        column.setContentsMargins(6, 0, 0, 0)
        column.setSpacing(6)
        self.run_split = _splitter(Qt.Orientation.Vertical)
        column.addWidget(self.conflict_bar)
        column.addWidget(self.head)
        column.addWidget(self.mistakes_bar)
        column.addWidget(self.run_split, 1)
        self.step_split = _splitter(Qt.Orientation.Horizontal)
        self.run_split.addWidget(self.step_split)
        self.step_split.addWidget(self.step_pane)
        self.step_split.addWidget(self.step_editor)
        self.step_split.setStretchFactor(0, 2)
        self.step_split.setStretchFactor(1, 3)
        self.step_split.setSizes([370, 560])
        self.statusBar().setAccessibleName("Messages")

    def add_run_part(self, widget: QWidget) -> None:
        """Put what shows a run below the steps and the editor."""
        self.run_split.addWidget(widget)
        self.run_split.setStretchFactor(0, 3)
        self.run_split.setStretchFactor(1, 2)
        self.run_split.setSizes([420, 260])

    def _specs(self) -> tuple[ActionSpec, ...]:
        spec, explorer, carrying = ActionSpec, self.explorer, self.carrying
        steps = self.step_pane
        return (
            spec("newFlow", "&Flow", "&New flow", ("Ctrl+N",), self.new_flow),
            spec("openFolder", "&Flow", "&Open folder …", ("Ctrl+O",), explorer.ask_for_folder),
            spec("usualFolder", "&Flow", "The &usual folder", (), explorer.use_usual_folder),
            spec("saveFlow", "&Flow", "&Save", ("Ctrl+S",), self.save),
            spec("saveFlowAs", "&Flow", "Save &as …", ("Ctrl+Shift+S",), self.questions.save_as),
            spec("reloadFlow", "&Flow", "&Reload from the disk", ("Ctrl+Shift+R",), self.reload),
            spec("duplicateFlow", "&Flow", "&Duplicate the file", (), explorer.duplicate),
            spec("renameFlow", "&Flow", "Rena&me the file …", ("F2",), explorer.rename),
            spec("deleteFlow", "&Flow", "Move the file to the &trash …", (), explorer.delete),
            spec("importFile", "&Flow", "&Import a file …", ("Ctrl+I",), carrying.import_file),
            spec(
                "importClipboard",
                "&Flow",
                "Import from the clip&board",
                ("Ctrl+Shift+V",),
                carrying.import_clipboard,
            ),
            spec("exportFlow", "&Flow", "&Export as …", ("Ctrl+E",), carrying.export),
            spec("closeFlow", "&Flow", "&Close the flow", ("Ctrl+W",), self.close_flow),
            spec("undoFlow", "&Edit", "&Undo", ("Ctrl+Z",), self._undo),
            spec("redoFlow", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), self._redo),
            *steps.specs(),
            spec("goFlows", "&Go", "&Files", ("Alt+1",), explorer.go),
            spec("goFlowName", "&Go", "&Name of the flow", ("Alt+2",), self.head.go),
            spec("goSteps", "&Go", "&Steps", ("Alt+3",), steps.go),
            spec("goStep", "&Go", "Step at &hand", ("Alt+4",), self.step_editor.go),
            spec("nextMistake", "&Go", "Next &mistake", ("F8",), self.mistakes_bar.go_next),
            spec("filterFlows", "&Go", "F&ilter the files", ("Ctrl+F",), explorer.focus_filter),
            spec("mainWindow", "&Go", "Main &window", ("Alt+0",), self._to_main),
            spec("flowKeys", "&Go", "&Keyboard shortcuts", ("F1",), self.help),
        )

    def _fill_menus(self) -> None:
        self.menus: dict[str, QMenu] = {}
        for title in _MENUS:
            self.menus[title.replace("&", "")] = self.menuBar().addMenu(title)
        for spec in self._specs():
            menu = self.menus[spec.menu.replace("&", "")]
            if spec.name in {"saveFlow", "duplicateFlow", "importFile", "closeFlow"}:
                menu.addSeparator()
            menu.addAction(self.actions_by_name[spec.name])
        for name, picture in zip(_ON_BAR, ("add", "save", "undo", "redo"), strict=True):
            action = self.actions_by_name[name]
            action.setIcon(icon(picture))
            action.setToolTip(_tip(action.text(), action.shortcut()))
            self.bar.addAction(action)
        self.bar.addSeparator()

    def _connect(self) -> None:
        desk = self.desk
        desk.changed.connect(self.refresh)
        desk.documents_changed.connect(self._show_state)
        desk.files.failed.connect(self.show_message)
        self.console.message.connect(self.show_message)
        self.mistakes_bar.wanted.connect(self.show_mistake)

    # --- what is shown ---------------------------------------------------------------------------

    def show_up(self) -> None:
        """Show the window, in front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look at the folder while the window is seen."""
        super().showEvent(event)
        self.desk.files.begin()
        if self.focusWidget() is None:
            self.explorer.go()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Let the folder be while nobody looks."""
        super().hideEvent(event)
        self.desk.files.end()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Hide; unsaved edits stay as they are until the console closes, which asks."""
        self.take_open_edits()
        event.accept()

    def show_message(self, text: str) -> None:
        """Say something in the status bar; it stays until the next message."""
        self.statusBar().showMessage(text.replace("\n", " · "))

    def refresh(self) -> None:
        """Show the flow at hand, or why there is none."""
        document = self.desk.document
        place = 0 if document is None else 2 if document.error is not None else 1
        self.stack.setCurrentIndex(place)
        self._show_state()

    def _show_state(self) -> None:
        document = self.desk.document
        sign = "• " if document is not None and document.modified else ""
        title = f"{sign}{document.title} – Flows" if document is not None else "Flows"
        self.setWindowTitle(title)
        readable = self.desk.flow is not None
        act = self.actions_by_name
        act["saveFlow"].setEnabled(document is not None and document.modified)
        act["saveFlowAs"].setEnabled(readable)
        act["exportFlow"].setEnabled(readable)
        act["closeFlow"].setEnabled(document is not None)
        on_disk = document is not None and document.file is not None
        act["reloadFlow"].setEnabled(on_disk)
        undo = document.undo_text if document is not None else ""
        redo = document.redo_text if document is not None else ""
        act["undoFlow"].setEnabled(bool(undo))
        act["redoFlow"].setEnabled(bool(redo))
        act["undoFlow"].setToolTip(_tip(f"Undo {undo}".strip(), act["undoFlow"].shortcut()))
        act["redoFlow"].setToolTip(_tip(f"Redo {redo}".strip(), act["redoFlow"].shortcut()))

    def show_mistake(self, mistake: FieldMistake) -> None:
        """Go to what is wrong with the flow."""
        if mistake.step is not None:
            self.step_editor.show_mistake(mistake)
        elif mistake.field == "variables":
            self.head.show_variables(mistake.row if mistake.row is not None else -1)
        else:
            self.step_pane.go()

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the scheme."""
        for name, picture in zip(_ON_BAR, ("add", "save", "undo", "redo"), strict=True):
            self.actions_by_name[name].setIcon(icon(picture))

    # --- actions ---------------------------------------------------------------------------------

    def take_open_edits(self) -> None:
        """Take over what is still being typed in a cell."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.step_editor.take_open_edits(focused)
            self.head.take_open_edits(focused)

    def new_flow(self) -> None:
        """Begin an empty flow, and name it."""
        self.take_open_edits()
        self.desk.new_flow()
        self.head.go()

    def save(self) -> None:
        """Save the flow, unless something is wrong with it, or it needs a file first."""
        self.take_open_edits()
        self.questions.save()

    def reload(self) -> None:
        """Take over what is in the file, after a question where there are unsaved edits."""
        self.take_open_edits()
        self.questions.reload()

    def close_flow(self) -> None:
        """Close the flow, after a question where there are unsaved edits."""
        self.take_open_edits()
        self.questions.close_flow()

    def _undo(self) -> None:
        self.take_open_edits()
        self.desk.undo()

    def _redo(self) -> None:
        self.take_open_edits()
        self.desk.redo()

    def _to_main(self) -> None:
        above = self.parentWidget()
        if above is not None:
            above.raise_()
            above.activateWindow()

    def help(self) -> None:
        """Show all keys of this window."""
        from ..shortcuts_help import ShortcutsHelp  # noqa: PLC0415 - not before it is asked for

        self._help = ShortcutsHelp(self.actions_by_name.values(), self)
        self._help.open()


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    made = QSplitter(orientation)
    made.setChildrenCollapsible(False)
    return made


def _tip(text: str, keys: QKeySequence) -> str:
    shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
    return f"{text.replace('&', '')} ({shown})" if shown else text.replace("&", "")
