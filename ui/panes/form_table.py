"""The form table: the rows of a Form, in wire order, driven by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QApplication,
    QComboBox,
    QHeaderView,
    QTableView,
    QWidget,
)

from gms_console.model.form import Form, Row, RowGroup
from gms_console.model.form_text import FormTextError, form_from_text, form_to_text

from ..console import Console
from ..models.form_cell import GROUP_LABELS, Column
from ..models.form_model import FormModel
from .common import Hint, named
from .form_delegates import FormDelegate, Opening
from .value_editors import TypedEdit, ValueEdit

if TYPE_CHECKING:
    from gms_console.catalogue import Parameter

_KEY_WIDTH = 170
_NARROW_KEY = 142
_SIGN_WIDTH = 64
_ROOM_FOR_WORDS = 400
_SHARE_OF_WORDS = 0.55

HINT = (
    "No rows yet. Add one (Ctrl+N), paste lines like language=french, drop a file here, "
    "or insert the keys that the service knows."
)


class FormTable(QTableView):
    """Edits a FormModel; `refused_text` says why pasted text was not taken.

    `parameters` gives what is known of the keys; by default those of the console's form.
    `notes_shown` comes when what stands beside the rows, or the current row, is another.
    """

    refused_text = Signal(str)
    notes_shown = Signal()

    def __init__(
        self,
        console: Console,
        parent: QWidget | None = None,
        parameters: Callable[[], tuple[Parameter, ...]] | None = None,
    ) -> None:
        super().__init__(parent)
        named(self, "formTable", "Form rows in wire order")
        self.delegate = FormDelegate(console, self, parameters)
        self.setItemDelegate(self.delegate)
        self.delegate.swap_wanted.connect(self.edit_as_free_text)
        self.delegate.attach_wanted.connect(self._ask_for_file)
        self._dialog: QWidget | None = None
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QTableView.EditTrigger.DoubleClicked
            | QTableView.EditTrigger.EditKeyPressed
            | QTableView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.fit_rows()
        self.verticalHeader().setMinimumWidth(24)
        self.verticalHeader().setAccessibleName("Row numbers")
        self._hint: Hint | None = None

    def fit_rows(self) -> None:
        """Give rows the height of the text in force, and narrow columns the width of theirs."""
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 12)
        if self.model() is not None:
            group = GROUP_LABELS[RowGroup.SERVICE_PARAMETER]
            for column, least, words, around in (
                (Column.ENABLED, 46, "Send", 20),
                (Column.GROUP, 80, group, 26),
            ):
                width = max(least, metrics.horizontalAdvance(words) + around)
                self.setColumnWidth(column, width)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Fit larger or smaller text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit_rows()

    @property
    def form_model(self) -> FormModel:
        """The model that is edited."""
        model = self.model()
        if not isinstance(model, FormModel):
            raise TypeError("the form table shows a FormModel")
        return model

    def show_form_model(self, model: FormModel) -> None:
        """Edit another Form."""
        self.setModel(model)
        header = self.horizontalHeader()
        for column, width in ((Column.ENABLED, 46), (Column.GROUP, 80), (Column.KEY, _KEY_WIDTH)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(Column.VALUE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.PROBLEM, QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.fit_rows()
        self.show_problems()
        if self._hint is None:
            self._hint = Hint(self, HINT)
        else:
            self._hint.follow_model()

    def set_hint(self, text: str) -> None:
        """Say something else in the empty table, where other keys hold."""
        if self._hint is not None:
            self._hint.setText(text)

    def show_problems(self) -> None:
        """Show the last column only while it has something to say.

        Not while a cell is being edited: the columns would move below the hands.
        """
        if self.delegate.open_editor is not None:
            return
        model = self.form_model
        shown = model.has_problems or model.advised > 0
        if self.isColumnHidden(Column.PROBLEM) is shown:
            self.setColumnHidden(Column.PROBLEM, not shown)
            key = _NARROW_KEY if shown else _KEY_WIDTH
            self.horizontalHeader().resizeSection(Column.KEY, key)
        self._fit_notes()
        self.notes_shown.emit()

    def _fit_notes(self) -> None:
        """Give the last column its share of the room; where that is little, a sign alone."""
        if self.isColumnHidden(Column.PROBLEM):
            return
        room = self.columnWidth(Column.VALUE) + self.columnWidth(Column.PROBLEM)
        words = room >= _ROOM_FOR_WORDS or self.form_model.has_problems
        width = round(room * _SHARE_OF_WORDS) if words else _SIGN_WIDTH
        self.horizontalHeader().resizeSection(Column.PROBLEM, width)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room anew."""
        super().resizeEvent(event)
        if self.model() is not None and self.delegate.open_editor is None:
            self._fit_notes()

    def currentChanged(  # noqa: N802 - Qt's name
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Tell that another row is current, for what is said of it."""
        super().currentChanged(current, previous)
        if current.row() != previous.row() and self.delegate.open_editor is None:
            self.notes_shown.emit()

    # --- what the tool bar and the keys do ------------------------------------------------

    def places(self) -> list[int]:
        """Give the places of the selected rows, in order."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def add_row(self) -> None:
        """Add an empty row below the current one and start typing its key."""
        place = self._below_selection()
        self.form_model.add_rows([Row(key="")], place)
        self.edit_cell(place, Column.KEY)

    def add_rows(self, rows: list[Row]) -> None:
        """Add rows below the current one and select them."""
        if rows:
            place = self._below_selection()
            self.form_model.add_rows(rows, place)
            self.select_places(list(range(place, place + len(rows))))

    def _below_selection(self) -> int:
        places = self.places()
        return places[-1] + 1 if places else len(self.form_model.form)

    def remove_rows(self) -> None:
        """Remove the selected rows; the next one is selected then."""
        places = self.places()
        if places:
            self.form_model.edit(self.form_model.form.removed(places), "remove rows")
            left = len(self.form_model.form)
            if left:
                self.select_places([min(places[0], left - 1)])

    def duplicate_rows(self) -> None:
        """Put a copy below each selected row."""
        places = self.places()
        if places:
            self.form_model.edit(self.form_model.form.duplicated(places), "duplicate rows")
            self.select_places([place + offset + 1 for offset, place in enumerate(places)])

    def move_rows(self, step: int) -> None:
        """Move the selected rows by one place, up (-1) or down (+1).

        In a cell that is being edited the keys are the editor's: they open its list.
        """
        editor = self.delegate.open_editor
        if editor is not None:
            lists = [editor, *editor.findChildren(QComboBox)]
            for one in lists:
                if isinstance(one, QComboBox):
                    one.showPopup()
                    break
            return
        places = self.places()
        if places:
            form, places = self.form_model.form.moved(places, step)
            self.form_model.edit(form, "move rows")
            self.select_places(places)

    def toggle_rows(self) -> None:
        """Switch the selected rows on, or off when all are on."""
        places = self.places()
        form = self.form_model.form
        on = not all(form.rows[place].enabled for place in places)
        for place in places:
            form = form.changed(place, _switched(form.rows[place], on=on))
        self.form_model.edit(form, "switch rows")

    def edit_cell(self, place: int, column: Column) -> None:
        """Make a cell current and start typing in it."""
        index = self.form_model.index(place, column)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.edit(index)

    def edit_as_free_text(self) -> None:
        """Edit the current value as free text; when it is edited so already, by its type again."""
        index, editor = self.currentIndex(), self.delegate.open_editor
        if not index.isValid() or self.form_model.form.rows[index.row()].is_file:
            return
        if isinstance(editor, (TypedEdit, ValueEdit)):
            typed = editor.text() if editor.changed else None
            free = isinstance(editor, TypedEdit)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        else:
            typed, free = None, True
        self.delegate.opening = Opening(free=free, text=typed)
        self.edit_cell(index.row(), Column.VALUE)

    def _ask_for_file(self) -> None:
        """Ask for a file that the row being edited is to send in place of its text."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        editor, place = self.delegate.open_editor, self.currentIndex().row()
        if editor is None:
            return
        self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        model = self.form_model
        dialog = QFileDialog(self, "Attach a file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(
            lambda name: model.change_row(place, "attach file", file=Path(name), value="")
        )
        self._dialog = dialog
        dialog.open()

    def select_places(self, places: list[int]) -> None:
        """Select rows, the first one current."""
        self.clearSelection()
        model, selection = self.form_model, self.selectionModel()
        if places:
            selection.setCurrentIndex(
                model.index(places[0], Column.KEY), selection.SelectionFlag.NoUpdate
            )
        for place in places:
            selection.select(
                model.index(place, 0),
                selection.SelectionFlag.Select | selection.SelectionFlag.Rows,
            )

    # --- clipboard and keys ---------------------------------------------------------------

    def copy_rows(self) -> None:
        """Copy the selected rows as lines of text."""
        rows = tuple(self.form_model.form.rows[place] for place in self.places())
        if rows:
            QGuiApplication.clipboard().setText(form_to_text(Form(rows)))

    def paste_rows(self) -> None:
        """Take lines like key=value from the clipboard, or say which line is not one."""
        try:
            form = form_from_text(QGuiApplication.clipboard().text())
        except FormTextError as error:
            self.refused_text.emit(f"Nothing was pasted. {error}")
            return
        self.add_rows(list(form))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Space switches rows, Delete removes them, Enter edits, Ctrl+C and Ctrl+V as anywhere."""
        key = event.key()
        if self.delegate.open_editor is not None:
            event.ignore()  # a key that an editor has no use for is not meant for the rows
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_rows()
        elif key == Qt.Key.Key_Space and self.places():
            if not self._toggle_value():
                self.toggle_rows()
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.places():
            self.remove_rows()
        elif (
            key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and self.currentIndex().isValid()
        ):
            column = max(Column(self.currentIndex().column()), Column.KEY)
            self.edit_cell(self.currentIndex().row(), min(column, Column.VALUE))
        else:
            super().keyPressEvent(event)

    def _toggle_value(self) -> bool:
        """Switch the boolean in the current cell, when no other row is selected with it."""
        index, role = self.currentIndex(), Qt.ItemDataRole.CheckStateRole
        box = index.data(role) if index.column() == Column.VALUE else None
        if box is None or self.places() != [index.row()]:
            return False
        checked = Qt.CheckState(box) is Qt.CheckState.Checked
        other = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
        return self.form_model.setData(index, other, role)

    def commitData(self, editor: QWidget) -> None:  # noqa: N802 - Qt's name
        """Take an editor's text once: Enter in a list of names has Qt ask for it twice."""
        if editor is self.delegate.open_editor:
            super().commitData(editor)

    def closeEditor(  # noqa: N802 - Qt's name
        self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint
    ) -> None:
        """Tab goes from key to value, and from a value to the next row's key."""
        if editor is not self.delegate.open_editor:
            return
        self.delegate.open_editor = None
        place, column = self.currentIndex().row(), self.currentIndex().column()
        following = {
            QAbstractItemDelegate.EndEditHint.EditNextItem: _next_cell(place, column),
            QAbstractItemDelegate.EndEditHint.EditPreviousItem: _previous_cell(place, column),
        }.get(hint)
        if following is not None:
            hint = QAbstractItemDelegate.EndEditHint.NoHint
        focused = QApplication.focusWidget()
        if following is not None or (focused is not None and editor.isAncestorOf(focused)):
            # The editor must not leave the focus to whatever comes after the table.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        super().closeEditor(editor, hint)
        if following is not None and 0 <= following[0] < len(self.form_model.form):
            self.edit_cell(*following)
        self.show_problems()


def _next_cell(place: int, column: int) -> tuple[int, Column]:
    return (place, Column.VALUE) if column == Column.KEY else (place + 1, Column.KEY)


def _previous_cell(place: int, column: int) -> tuple[int, Column]:
    return (place, Column.KEY) if column == Column.VALUE else (place - 1, Column.VALUE)


def _switched(row: Row, *, on: bool) -> Row:
    return replace(row, enabled=on)
