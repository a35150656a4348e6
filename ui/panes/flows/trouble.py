"""What stands against a flow: another one on the disk, mistakes, a file that is no flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...console import Console
from ...flows.mistakes import FieldMistake
from ..common import label, named, set_label

if TYPE_CHECKING:
    from .questions import FlowQuestions

_CONFLICTS = {
    "changed": "The file changed on the disk since it was read, and there are unsaved edits here.",
    "gone": "The file is no longer there. Save writes it anew.",
}


class ConflictBar(QFrame):
    """Says that the file on the disk is another one; nothing is overwritten silently."""

    def __init__(self, console: Console, questions: FlowQuestions) -> None:
        super().__init__()
        self._desk = console.flows
        self.setObjectName("redirectBox")
        self.text = named(label("", "warning"), "flowConflictText", "Conflict with the file")
        self.text.setWordWrap(True)
        self.reload_button = named(QPushButton("Re&load"), "flowReloadButton", "Reload the file")
        self.keep_button = named(
            QPushButton("Over&write the file"), "flowKeepButton", "Overwrite the file with my edits"
        )
        self.compare_button = named(
            QPushButton("&Compare text"), "flowCompareButton", "Compare the two texts"
        )
        self.reload_button.setToolTip("Take over what is in the file; Undo brings the edits back")
        self.keep_button.setToolTip("Write these edits over what is in the file, at once")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.addWidget(self.text, 1)
        for button in (self.compare_button, self.reload_button, self.keep_button):
            row.addWidget(button)
        self.reload_button.clicked.connect(questions.reload_now)
        self.keep_button.clicked.connect(questions.keep_mine)
        self.compare_button.clicked.connect(questions.compare_texts)
        self._desk.changed.connect(self.refresh)
        self._desk.documents_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what became of the file, if anything."""
        document = self._desk.document
        conflict = document.conflict if document is not None else ""
        self.text.setText(_CONFLICTS.get(conflict, ""))
        for button in (self.reload_button, self.compare_button):
            button.setVisible(conflict == "changed")
        self.setVisible(bool(conflict))


class MistakesBar(QWidget):
    """Counts what is wrong with the flow, and names the first; `wanted` asks to go to one.

    Where nothing is wrong it tells what may be. It is there always: nothing below it jumps.
    """

    wanted = Signal(object)

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._desk = console.flows
        self._hints = console.flows.hints
        self._next = 0
        self.button = named(QToolButton(), "flowMistakesButton", "Mistakes of the flow")
        self.button.setProperty("role", "mark")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setToolTip("Go to the next mistake (F8)")
        self.text = named(label("", "muted"), "flowMistakeText", "The first mistake")
        self.text.setWordWrap(True)
        self.button.setText("⚠ 1 mistake")
        self.setMinimumHeight(self.button.sizeHint().height())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addWidget(self.text, 1)
        self.button.clicked.connect(self.go_next)
        self._desk.changed.connect(self.refresh)
        self._hints.changed.connect(self.refresh)
        self.refresh()

    @property
    def _found(self) -> tuple[FieldMistake, ...]:
        """What is wrong; what may be wrong where nothing is."""
        flow, hints = self._desk.flow, self._hints.found
        if flow is None:
            return ()
        # What was found in a flow with more steps may have no place any more.
        return self._desk.mistakes or tuple(x for x in hints if (x.step or 0) < len(flow.steps))

    def refresh(self) -> None:
        """Show how many mistakes there are, and the first."""
        flow, found = self._desk.flow, self._found
        wrong = bool(self._desk.mistakes)
        self._next = min(self._next, max(len(found) - 1, 0))
        self.button.setVisible(bool(found))
        set_label(self.text, "No mistakes.", "muted")
        if flow is not None and found:
            word = "mistake" if wrong else "hint"
            count = f"1 {word}" if len(found) == 1 else f"{len(found)} {word}s"
            self.button.setText(f"⚠ {count}" if wrong else count)
            text = f"{found[0].place(flow)}: {found[0].text}"
            set_label(self.text, text, "warning" if wrong else "muted")

    def go_next(self) -> None:
        """Go to the next mistake, the first after the last."""
        found = self._found
        if found:
            mistake: FieldMistake = found[self._next % len(found)]
            self._next = (self._next + 1) % len(found)
            self.wanted.emit(mistake)


class UnreadableView(QWidget):
    """A file that is no flow: every mistake with its line, and the text to look at."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._desk = console.flows
        self.title = named(label("", "error"), "flowUnreadableTitle", "Why it cannot be read")
        self.title.setWordWrap(True)
        self.list = named(QListWidget(), "flowUnreadableList", "Mistakes in the file")
        self.list.setWordWrap(True)
        self.text = named(QPlainTextEdit(), "flowUnreadableText", "Text of the file")
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        hint = label(
            "Mend it in an editor of texts; the console reads it again when it changes.", "muted"
        )
        hint.setWordWrap(True)
        self.editor_button = named(
            QPushButton("Open &in editor"), "flowOpenInEditorButton", "Open the file in an editor"
        )
        self.editor_button.clicked.connect(self._open_in_editor)
        foot = QHBoxLayout()
        foot.addWidget(hint, 1)
        foot.addWidget(self.editor_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 0, 0, 0)
        for part, stretch in ((self.title, 0), (self.list, 1), (self.text, 2)):
            column.addWidget(part, stretch)
        column.addLayout(foot)
        self.list.currentRowChanged.connect(self._go_to)
        self._desk.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show why the file at hand cannot be read."""
        document = self._desk.document
        if document is None or document.error is None:
            return
        mistakes = document.error.mistakes
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        self.title.setText(f"{document.error.source} cannot be read as a flow: {count}.")
        self.list.clear()
        for one in mistakes:
            found = f"found {one.found}, " if one.found else ""
            text = f"Line {one.line}, column {one.column}: {found}expected {one.expected}"
            self.list.addItem(QListWidgetItem(text))
        lines = document.text.splitlines()
        width = len(str(len(lines)))
        self.text.setPlainText("\n".join(f"{n:>{width}}  {x}" for n, x in enumerate(lines, 1)))
        if mistakes:
            self.list.setCurrentRow(0)

    def _open_in_editor(self) -> None:
        document = self._desk.document
        file = document.file if document is not None else None
        if file is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
            said = f"This system has no program for {file.name}. Open it by hand: {file}"
            self._desk.files.failed.emit(said)

    def _go_to(self, place: int) -> None:
        document = self._desk.document
        if document is None or document.error is None or place < 0:
            return
        block = self.text.document().findBlockByNumber(document.error.mistakes[place].line - 1)
        if block.isValid():
            cursor = self.text.textCursor()
            cursor.setPosition(block.position())
            cursor.movePosition(cursor.MoveOperation.EndOfBlock, cursor.MoveMode.KeepAnchor)
            self.text.setTextCursor(cursor)
            self.text.centerCursor()
