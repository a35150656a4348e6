"""What is asked before edits are lost or files are written; nothing holds the loop up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ..common import label, named
from ..environment.questions import Choice, ask

if TYPE_CHECKING:
    from ...flows.document import FlowDocument
    from .window import FlowsWindow


class FlowQuestions:
    """Saving, reloading and closing, with a question wherever something could be lost."""

    def __init__(self, window: FlowsWindow) -> None:
        self._window = window
        self._desk = window.desk
        self._open: QWidget | None = None

    def ask(self, name: str, question: str, details: str, choices: Sequence[Choice]) -> None:
        """Ask with buttons; the first has the focus, Escape is the one that does nothing."""
        box = ask(self._window, name, question, details, choices)
        box.setWindowTitle("Flows")
        self._open = box

    # --- saving ----------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the flow at hand; ask for a file where it has none."""
        document = self._desk.document
        if document is None or not self.sound(document):
            return
        if document.file is None:
            self.save_as()
        elif document.conflict == "changed":
            self._window.show_message("Not saved: the file changed on the disk. Choose above.")
        else:
            self._desk.files.start_saving(document, document.file)

    def sound(self, document: FlowDocument, verb: str = "saved") -> bool:
        """Whether the flow can be saved, or run; says what is wrong where it cannot."""
        if not document.mistakes or document.error is not None:
            return True
        first = document.mistakes[0]
        self._window.show_message(f"Not {verb}. {first.place(document.flow)}: {first.text}")
        show = MistakesDialog(document, self._window, verb)
        show.chosen.connect(self._window.show_mistake)
        self._open = show
        show.open()
        return False

    def save_as(self) -> None:
        """Ask where the flow is to be saved."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        document = self._desk.document
        if document is None or not self.sound(document):
            return
        files = self._desk.files
        proposed = document.file or files.work.free_file(document.title)
        folder = proposed.parent
        if document.file is None and not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
        dialog = QFileDialog(self._window, "Save the flow", str(folder), "Flows (*.yaml *.yml)")
        dialog.setObjectName("saveFlowDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.selectFile(proposed.name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # The dialog itself asks before another file is replaced.
        dialog.fileSelected.connect(
            lambda name: self._desk.files.start_saving(document, Path(name), overwrite=True)
        )
        self._open = dialog
        dialog.open()

    # --- the file on the disk --------------------------------------------------------------------

    def reload(self) -> None:
        """Take over what is in the file; ask first where there are unsaved edits."""
        document = self._desk.document
        if document is None or document.file is None:
            return
        if not document.modified:
            self._desk.files.start_reload(document)
            return
        self.ask(
            "reloadFlowQuestion",
            f"Reload {document.file.name} and let the unsaved edits go?",
            "Undo brings them back until the flow is closed.",
            [("&Stay", "stayButton", None), ("&Reload", "reloadButton", self.reload_now)],
        )

    def reload_now(self) -> None:
        """Take over what is in the file."""
        if self._desk.document is not None:
            self._desk.files.start_reload(self._desk.document)

    def keep_mine(self) -> None:
        """Write the edits over what is on the disk."""
        document = self._desk.document
        if document is not None and document.file is not None and self.sound(document):
            self._desk.files.start_saving(document, document.file, overwrite=True)

    def compare_texts(self) -> None:
        """Show what is on the disk beside what would be written."""
        document = self._desk.document
        if document is not None and document.file is not None:
            shown = TextsDialog(document.file.name, self._window)
            self._open = shown
            work = self._fill(shown, document, document.file)
            tasks = self._window.console.session.tasks
            tasks.start(work, name="read the flow", owner=self._desk)
            shown.open()

    async def _fill(self, shown: TextsDialog, document: FlowDocument, file: Path) -> None:
        disk = await self._desk.files.disk_text(file)
        mine = await self._desk.files.text_of(document)
        shown.show_texts(disk, mine)

    # --- closing ---------------------------------------------------------------------------------

    def close_flow(self) -> None:
        """Close the flow at hand; ask first where there are unsaved edits."""
        document = self._desk.document
        if document is None:
            return
        if not document.has_work:
            self._desk.close_document(document)
            return
        self.ask(
            "closeFlowQuestion",
            f"{document.title} has unsaved edits.",
            "They are lost when it is closed without saving.",
            [
                ("&Stay", "stayButton", None),
                ("&Save", "saveButton", self._window.save),
                ("&Discard", "discardButton", lambda: self._desk.close_document(document)),
            ],
        )

    def before_closing(self, close: Callable[[], None]) -> None:
        """Ask what becomes of unsaved edits before the console closes."""
        names = [one.title for one in self._desk.modified]
        shown = names[0] if len(names) == 1 else f"{len(names)} flows"
        verb = "has" if len(names) == 1 else "have"
        self.ask(
            "closeConsoleQuestion",
            f"{shown} {verb} unsaved edits.",
            "\n".join(names[:12]) if len(names) > 1 else "They are lost when the console closes.",
            [
                ("&Stay", "stayButton", None),
                ("&Save and close", "saveButton", lambda: self._save_all(close)),
                ("&Discard and close", "discardButton", close),
            ],
        )

    def _save_all(self, close: Callable[[], None]) -> None:
        """Save what can be saved without a question; close when nothing is left."""
        for document in self._desk.modified:
            if document.file is None or document.mistakes or document.conflict:
                self._desk.show_document(document)
                self._window.save()
                return
        work = self._save_each(close)
        tasks = self._window.console.session.tasks
        tasks.start(work, name="save the flows", owner=self._desk)

    async def _save_each(self, close: Callable[[], None]) -> None:
        for document in self._desk.modified:
            if document.file is not None and not await self._desk.files.save(
                document, document.file
            ):
                return
        # What was edited while others were saved is asked about anew.
        if not self._desk.modified:
            close()


class MistakesDialog(QDialog):
    """Why a flow is not saved, or not run: all that is wrong; `chosen` goes to one."""

    chosen = Signal(object)

    def __init__(self, document: FlowDocument, parent: QWidget, verb: str = "saved") -> None:
        super().__init__(parent)
        self.setObjectName("flowMistakesDialog")
        self.setWindowTitle(f"Not {verb}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 320)
        self._mistakes = document.mistakes
        head = label(f"The flow is not {verb} while something is wrong with it; the edits stay.")
        head.setWordWrap(True)
        self.list = named(QListWidget(), "flowMistakesList", "What is wrong")
        self.list.setWordWrap(True)
        for one in self._mistakes:
            self.list.addItem(f"{one.place(document.flow)}: {one.text}")
        self.list.setCurrentRow(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.go_button = buttons.addButton("&Go to it", QDialogButtonBox.ButtonRole.AcceptRole)
        named(self.go_button, "goToMistakeButton", "Go to the mistake")
        self.go_button.setDefault(True)
        buttons.accepted.connect(self._go)
        buttons.rejected.connect(self.reject)
        self.list.itemActivated.connect(lambda _: self._go())
        column = QVBoxLayout(self)
        for part in (head, self.list, buttons):
            column.addWidget(part)

    def _go(self) -> None:
        place = self.list.currentRow()
        self.accept()
        if 0 <= place < len(self._mistakes):
            self.chosen.emit(self._mistakes[place])


class TextsDialog(QDialog):
    """Two texts of a flow side by side: on the disk, and as it would be saved."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("flowTextsDialog")
        self.setWindowTitle(f"{name}: on the disk, and as edited")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1000, 620)
        self.disk = named(QPlainTextEdit(), "flowDiskText", "On the disk")
        self.mine = named(QPlainTextEdit(), "flowMineText", "As edited here")
        row = QHBoxLayout()
        code = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        for title, edit in (("On the disk", self.disk), ("As edited here", self.mine)):
            edit.setReadOnly(True)
            edit.setFont(code)
            edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            column = QVBoxLayout()
            column.addWidget(label(title, "section"))
            column.addWidget(edit, 1)
            row.addLayout(column, 1)
        self.note = named(label("", "muted"), "flowTextsNote", "What differs")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addLayout(row, 1)
        whole.addWidget(self.note)
        whole.addWidget(buttons)

    def show_texts(self, disk: str, mine: str) -> None:
        """Show both; a + or − before each line that only one of them has."""
        from difflib import SequenceMatcher  # noqa: PLC0415 - rarely needed

        left, right = disk.splitlines(), mine.splitlines()
        shown_left: list[str] = []
        shown_right: list[str] = []
        different = 0
        for tag, a1, a2, b1, b2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            same = tag == "equal"
            sides = left[a1:a2], right[b1:b2]
            rows = max(len(sides[0]), len(sides[1]))
            different += 0 if same else rows
            for shown, side, sign in ((shown_left, sides[0], "−"), (shown_right, sides[1], "+")):
                shown.extend(f"{' ' if same else sign} {line}" for line in side)
                shown.extend([""] * (rows - len(side)))
        self.disk.setPlainText("\n".join(shown_left))
        self.mine.setPlainText("\n".join(shown_right))
        self.note.setText(f"{different} lines differ." if different != 1 else "1 line differs.")
