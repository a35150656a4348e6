"""The list of callbacks: sorted, chosen from, and kept in its place when it is asked for anew."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gms_console.callbacks.record import CallbackRecord

from ...callbacks.desk import KIND, CallbackDesk
from ...console import Console
from ...models.callback_model import DESIRED, OUTCOME
from ..common import Hint, named
from ..state_looks import StateLooks

_WIDTHS = (20, 34, 27, 17, 27, 17, 22)
"""Widths of the columns in characters, so that they follow the size of the text."""

_FURTHER_WIDTH = 19
_WIDTH_OF = dict(enumerate(_WIDTHS))


class CallbackTable(QTableView):
    """Rows are chosen by mouse and keys, many at once; Enter or a double click opens one."""

    chosen = Signal()
    opened = Signal(object)

    def __init__(self, console: Console, desk: CallbackDesk) -> None:
        super().__init__()
        self._sized = 0
        self._character = self._character_width()
        named(self, "callbackTable", "Callbacks")
        self._console = console
        self._desk = desk
        self._kept: tuple[list[str], str, int, int] = ([], "", 0, 0)
        self._looks = StateLooks()
        desk.model.ground_of = self._ground
        self.setModel(desk.model)
        self._prepare()
        self.hint = Hint(self, "", below=30)
        self.hint.setObjectName("callbackHint")
        desk.model.modelAboutToBeReset.connect(self._keep)
        desk.model.modelReset.connect(self._restore)
        self.selectionModel().selectionChanged.connect(self._tell)
        self.selectionModel().currentChanged.connect(self._tell)
        self.activated.connect(lambda index: self._open(index.row()))

    def _prepare(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setIconSize(QSize(10, 10))
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(DESIRED, Qt.SortOrder.AscendingOrder)
        header.setStretchLastSection(True)
        self.setSortingEnabled(True)
        self._fit_rows()
        self._size_columns()
        self.setColumnHidden(OUTCOME, True)

    def _size_columns(self) -> None:
        """Give columns that are new a width; those that are there keep theirs."""
        count = self.model().columnCount()
        for column in range(self._sized, count):
            self.setColumnWidth(column, self._usual_width(column))
        self._sized = count

    def _usual_width(self, column: int) -> int:
        return round(_WIDTH_OF.get(column, _FURTHER_WIDTH) * self._character)

    def _character_width(self) -> float:
        return self.fontMetrics().horizontalAdvance("0123456789") / 10

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(max(26, self.fontMetrics().height() + 10))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the size of the text; widths that a person gave grow and shrink with it."""
        super().changeEvent(event)
        if event.type() not in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            return
        before, self._character = self._character, self._character_width()
        if not self._sized or before == self._character:
            return
        self._fit_rows()
        for column in range(self._sized):
            # A column that is hidden has no width to go by.
            grown = round(self.columnWidth(column) * self._character / before)
            self.setColumnWidth(column, grown or self._usual_width(column))

    def _ground(self, state: str) -> str:
        kind = self._console.services.kind_of(KIND)
        if self._looks.kind is not kind:
            self._looks = StateLooks(kind)
        return self._looks.look(state).ground

    # --- what is chosen --------------------------------------------------------------------------

    def rows(self) -> list[int]:
        """Give the selected rows from the top; by ranges, as there may be very many."""
        found: set[int] = set()
        selection = self.selectionModel().selection()
        for place in range(selection.count()):
            one = selection.at(place)
            found.update(range(one.top(), one.bottom() + 1))
        return sorted(found)

    def records(self) -> tuple[CallbackRecord, ...]:
        """Give the callbacks that are selected, in the order in which they are shown."""
        return self._desk.selected(self.rows())

    def current(self) -> CallbackRecord | None:
        """Give the callback that the keys are at."""
        return self._desk.model.record(self.currentIndex().row())

    def show_outcomes(self) -> None:
        """Show the column of outcomes while there are any."""
        self.setColumnHidden(OUTCOME, not self._desk.changes.outcomes)

    def _tell(self, *_: object) -> None:
        self.chosen.emit()

    def _open(self, row: int) -> None:
        record = self._desk.model.record(row)
        if record is not None:
            self.opened.emit(record)

    def _keep(self) -> None:
        current = self.current()
        self._kept = (
            [record.id for record in self.records()],
            current.id if current is not None else "",
            self.verticalScrollBar().value(),
            self.horizontalScrollBar().value(),
        )

    def _restore(self) -> None:
        """Select what was selected, and show the same part, of a list that came anew."""
        self._size_columns()
        self.show_outcomes()
        ids, current, down, across = self._kept
        model, width = self._desk.model, self._desk.model.columnCount() - 1
        rows = sorted(row for one in ids if (row := model.row_of(one)) >= 0)
        selection = QItemSelection()
        for first, last in _runs(rows):
            selection.select(model.index(first, 0), model.index(last, width))
        place = model.row_of(current)
        if place >= 0:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(model.index(place, 0), flag)
        flag = QItemSelectionModel.SelectionFlag.Select
        self.selectionModel().select(selection, flag)
        self.updateGeometries()
        self.verticalScrollBar().setValue(down)
        self.horizontalScrollBar().setValue(across)
        self.chosen.emit()


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Join rows that follow each other, as a selection is made of ranges."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
