"""A table of a flow's rows, with the buttons that add, move and remove them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QApplication,
    QBoxLayout,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gms_console.flow.types import Operator, ValueCheck

from ...models.flow_checks import OPERATOR, VALUE, CheckModel
from ...models.flow_rows import PATH_HEAD, FlowRows
from ...models.headed_table import Index
from ..common import Hint, icon_button, label, named


class RowsBox(QWidget):
    """Shows a FlowRows and edits it. `name` begins the object names of its parts."""

    def __init__(
        self,
        model: FlowRows[Any],
        name: str,
        title: str,
        hint: str,
        *,
        heading: str = "",
        beside: bool = False,
    ) -> None:
        super().__init__()
        self.model = model
        model.setParent(self)
        self.table = RowsTable(model, f"{name}Table", title)
        self.add_button = icon_button("add", f"{title}: add a row (Insert)", "Row")
        self.up_button = icon_button("up", f"{title}: move the row up (Alt+Up)")
        self.down_button = icon_button("down", f"{title}: move the row down (Alt+Down)")
        self.remove_button = icon_button("remove", f"{title}: remove the rows (Delete)")
        self.message = named(label("", "error"), f"{name}Message", f"{title}: why not taken")
        self.message.setWordWrap(True)
        self.message.setMinimumWidth(80)
        self.message.hide()
        buttons = (
            (self.add_button, "Add", self.table.add),
            (self.up_button, "Up", lambda: self.table.move_row(-1)),
            (self.down_button, "Down", lambda: self.table.move_row(1)),
            (self.remove_button, "Remove", self.table.remove),
        )
        self.head = QHBoxLayout()
        self.head.setSpacing(4)
        if heading:
            shown = label(heading, "muted")
            shown.setBuddy(self.table)
            self.head.addWidget(shown)
        for button, part, action in buttons:
            button.setObjectName(f"{name}{part}Button")
            button.clicked.connect(action)
            self.head.addWidget(button)
        if not beside:
            # Beside the buttons there is room for it, and nothing moves when it comes.
            self.head.addWidget(self.message, 1)
            self.head.addStretch()
        self._lay_out(beside=beside)
        self.hint = Hint(self.table, hint, below=self.table.head_height)
        self._refused = ""
        model.refused.connect(self._show_refused)
        self.table.selectionModel().currentRowChanged.connect(self.clear_message)

    def _lay_out(self, *, beside: bool) -> None:
        """Put the buttons above the table, or to its right where height is scarce."""
        whole = QBoxLayout(
            QBoxLayout.Direction.RightToLeft if beside else QBoxLayout.Direction.TopToBottom, self
        )
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(self.head)
        whole.setAlignment(self.head, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.table, 1)
        if beside:
            column.addWidget(self.message)
        whole.addLayout(column, 1)

    @property
    def tab_parts(self) -> tuple[QWidget, ...]:
        """The parts in the order in which they are seen, for the Tab key."""
        buttons = self.add_button, self.up_button, self.down_button, self.remove_button
        return *buttons, self.table

    def offer_paths(self, paths: Callable[[], Sequence[str]]) -> None:
        """Offer paths of an answer where one is typed; they are asked for then."""
        self.table.paths = paths

    def _show_refused(self, text: str) -> None:
        self._refused = text
        self.show_problem()

    def clear_message(self) -> None:
        """Say nothing any more of a text that was not taken."""
        self._show_refused("")

    def show_problem(self) -> None:
        """Say in full why a text was not taken, or what is wrong with the current row."""
        text = self._refused or self.model.problem(self.table.currentIndex().row())
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def show_rows(self, rows: Sequence[Any], problems: Mapping[int, str]) -> None:
        """Show rows, and what is wrong with each."""
        if tuple(rows) != self.model.rows:
            self._refused = ""
        self.model.show_rows(rows, problems)
        self.table.share()
        self.show_problem()


class RowsTable(QTableView):
    """The rows: Insert adds one, Delete removes, Alt+Up and Alt+Down move, Enter edits."""

    def __init__(self, model: FlowRows[Any], name: str, title: str) -> None:
        super().__init__()
        named(self, name, title)
        self.rows = model
        self.paths: Callable[[], Sequence[str]] = tuple
        self.setModel(model)
        self.setItemDelegate(RowsDelegate(self))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QTableView.EditTrigger.DoubleClicked
            | QTableView.EditTrigger.EditKeyPressed
            | QTableView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().setVisible(False)
        self._fit_rows()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        model.dataChanged.connect(self.share)
        model.rowsInserted.connect(self.share)
        model.rowsRemoved.connect(self.share)
        self.share()

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        self.setMinimumHeight(self.height_of(1))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Fit larger or smaller text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_rows()

    @property
    def head_height(self) -> int:
        """The height of the header, in pixels."""
        return self.fontMetrics().height() + 14

    def height_of(self, rows: int) -> int:
        """Give the height in pixels that so many rows need, with the header."""
        return self.head_height + rows * self.verticalHeader().defaultSectionSize() + 8

    def share(self) -> None:
        """Share the room among the columns; the last one is there while it says something."""
        problem = self.rows.problem_column
        shown = self.rows.has_problems
        if self.isColumnHidden(problem) is shown:
            self.setColumnHidden(problem, not shown)
        room = max(self.width() - 6, 200)
        parts = _SHARES[problem] if not shown else _SHARES_WITH_PROBLEM[problem]
        for column, part in enumerate(parts[:-1]):
            self.setColumnWidth(column, round(room * part))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room anew."""
        super().resizeEvent(event)
        self.share()

    def places(self) -> list[int]:
        """Give the places of the selected rows, in order."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})

    def add(self) -> None:
        """Add a row below the current one, and type in it."""
        places = self.places()
        below = places[-1] if places else self.rows.rowCount() - 1
        before = self.rows.rowCount()
        place = self.rows.add(below)
        if self.rows.rowCount() > before:
            self.edit_cell(place, 0)

    def edit_cell(self, place: int, column: int) -> None:
        """Make a cell current and type in it; the next one where it is fixed."""
        index = self.rows.index(place, column)
        if not self.rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
            index = self.rows.index(place, column + 1)
        self.go_to(place)
        self.setCurrentIndex(index)
        self.edit(index)

    def go_to(self, place: int) -> None:
        """Select a row, and have the keyboard here."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(self.rows.index(place, 0))
        self.selectRow(place)
        self.scrollTo(self.rows.index(place, 0))

    def remove(self) -> None:
        """Remove the selected rows."""
        places = self.places()
        self.rows.remove(places)
        if places and self.rows.rowCount():
            self.go_to(min(places[0], self.rows.rowCount() - 1))

    def move_row(self, step: int) -> None:
        """Move the current row up (-1) or down (+1)."""
        places = self.places()
        if len(places) == 1 and self.rows.move(places[0], step):
            self.go_to(places[0] + step)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Give keys their meaning for rows."""
        key, alt = event.key(), event.modifiers() & Qt.KeyboardModifier.AltModifier
        if self.state() == QTableView.State.EditingState:
            event.ignore()
        elif key == Qt.Key.Key_Insert:
            self.add()
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.remove()
        elif alt and key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_row(-1 if key == Qt.Key.Key_Up else 1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.edit_cell(self.currentIndex().row(), self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def closeEditor(  # noqa: N802 - Qt's name
        self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint
    ) -> None:
        """Tab goes to the next cell that can be typed in, and from the last one to the table."""
        step = _STEPS.get(hint)
        place, column = self.currentIndex().row(), self.currentIndex().column()
        if step is not None:
            # The editor must not leave the keyboard to whatever comes after the table.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            hint = QAbstractItemDelegate.EndEditHint.NoHint
        super().closeEditor(editor, hint)
        following = self._cell_after(place, column, step) if step is not None else None
        if following is not None:
            self.setCurrentIndex(following)
            self.edit(following)

    def _cell_after(self, place: int, column: int, step: int) -> QModelIndex | None:
        """Give the next cell in reading order that can be edited, or the one before with -1."""
        columns = self.rows.columnCount()
        at = place * columns + column + step
        while 0 <= at < self.rows.rowCount() * columns:
            index = self.rows.index(at // columns, at % columns)
            if self.rows.flags(index) & Qt.ItemFlag.ItemIsEditable:
                return index
            at += step
        return None

    def take_open_edit(self, focused: QWidget) -> None:
        """Take over what is being typed in a cell, if that is where the keyboard is."""
        if self.isAncestorOf(focused) and focused is not self:
            self.setFocus(Qt.FocusReason.OtherFocusReason)


_SHARES: dict[int, tuple[float, ...]] = {
    2: (0.4, 0.6),
    3: (0.34, 0.26, 0.4),
}
_SHARES_WITH_PROBLEM: dict[int, tuple[float, ...]] = {
    2: (0.25, 0.35, 0.4),
    3: (0.22, 0.2, 0.22, 0.36),
}
"""How the columns share the room, by the place of the one that tells of problems."""


_STEPS = {
    QAbstractItemDelegate.EndEditHint.EditNextItem: 1,
    QAbstractItemDelegate.EndEditHint.EditPreviousItem: -1,
}


class RowsDelegate(QStyledItemDelegate):
    """Edits cells: operators, and whether a value exists, from a list; all else as a line."""

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Make the editor of a cell."""
        del option
        choices = _choices(index)
        if not choices:
            line = QLineEdit(parent)
            head = str(index.model().headerData(index.column(), _ACROSS))
            line.setAccessibleName(head)
            table = self.parent()
            if head == PATH_HEAD and isinstance(table, RowsTable):
                line.setCompleter(_completer(table.paths(), line))
            return line
        combo = QComboBox(parent)
        combo.setAccessibleName(str(index.model().headerData(index.column(), _ACROSS)))
        combo.addItems(choices)
        combo.activated.connect(lambda: self._finish(combo))
        return combo

    def _finish(self, combo: QComboBox) -> None:
        """Go on to what is typed next: with an operator, its value."""
        self.commitData.emit(combo)
        self.closeEditor.emit(combo, QStyledItemDelegate.EndEditHint.EditNextItem)

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Begin with what the cell shows."""
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(  # noqa: N802 - Qt's name
        self, editor: QWidget, model: QAbstractItemModel, index: Index
    ) -> None:
        """Take over what was typed or chosen."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


_ACROSS = Qt.Orientation.Horizontal


def _completer(paths: Sequence[str], line: QLineEdit) -> QCompleter:
    made = QCompleter(list(paths), line)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return made


def _choices(index: Index) -> tuple[str, ...]:
    """Give what can be chosen in a cell; nothing where it is typed."""
    model = index.model()
    if not isinstance(model, CheckModel):
        return ()
    if index.column() == OPERATOR:
        return model.choices
    check = model.rows[index.row()]
    exists = isinstance(check, ValueCheck) and check.operator is Operator.EXISTS
    return ("true", "false") if exists and index.column() == VALUE else ()


def has_keyboard(widget: QWidget) -> bool:
    """Whether the keyboard is in a widget or in a part of it."""
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))
