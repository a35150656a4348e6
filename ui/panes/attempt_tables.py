"""The tables beside the state timeline: its changes of state, and all attempts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gms_console.poll import Poll

from ..models.attempt_model import (
    FAULT_ROLE,
    STATE_ROLE,
    AttemptModel,
    ChangeModel,
    PollTable,
    StatusOf,
)
from ..models.headed_table import Index
from ..theme import colours
from .common import Hint, named
from .state_looks import StateLooks

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

_SWATCH = 9
"""Pixels of the square in the colour of a state."""


class AttemptTables(QWidget):
    """Two tabs of tables over one poll; they are made when there is a first poll to show.

    `picked` tells the place of the attempt that a person chose in either.
    """

    picked = Signal(int)
    copied = Signal(str)

    def __init__(self, status_of: StatusOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status_of = status_of
        self._looks = StateLooks()
        self._tabs: QTabWidget | None = None
        self._tables: tuple[RowTable, ...] = ()
        self._marking = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Leave most of the width to the timeline."""
        return QSize(370, 110)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be as low as the timeline."""
        return QSize(220, 80)

    @property
    def poll(self) -> Poll | None:
        """The poll that is shown."""
        return self._tables[0].rows.poll if self._tables else None

    def show_poll(self, poll: Poll | None, kind: ServiceKind | None = None) -> None:
        """Show a poll, or add what has come of it since."""
        if not self._tables:
            if poll is None:
                return
            self._make()
        if kind is not self._looks.kind or poll is not self._tables[0].rows.poll:
            self._looks = StateLooks(kind)
            for table in self._tables:
                table.swatches.looks = self._looks
        self._marking = True
        for table in self._tables:
            table.rows.show_poll(poll)
        self._marking = False

    def _make(self) -> None:
        self.changes = ChangeModel(self)
        self.attempts = AttemptModel(self._status_of, self)
        tabs = named(QTabWidget(), "timelineTabs", "Timeline as a table")
        tabs.setDocumentMode(True)
        changes = RowTable(self.changes, _CHANGE_WIDTHS, 0, spare=_TO)
        named(changes, "changesTable", "Changes of state")
        attempts = RowTable(self.attempts, _ATTEMPT_WIDTHS, 3)
        named(attempts, "attemptsTable", "All attempts")
        Hint(changes, "No state seen yet.")
        Hint(attempts, "No attempt yet.")
        changes.chosen.connect(lambda row: self._pick(self.changes.first_attempt(row)))
        attempts.chosen.connect(self._pick)
        self._tables = (changes, attempts)
        for table, title in ((changes, "Changes"), (attempts, "All attempts")):
            table.copied.connect(self.copied)
            tabs.addTab(table, title)
        self._column.addWidget(tabs)
        self._tabs = tabs

    def _pick(self, place: int) -> None:
        if not self._marking:
            self.picked.emit(place)

    def mark(self, place: int) -> None:
        """Select the rows that an attempt is in; -1 selects none."""
        if not self._tables:
            return
        changes, attempts = self._tables
        self._marking = True
        # A place may be marked before its row has been told.
        attempts.mark(place if place < self.attempts.rowCount() else -1)
        changes.mark(self.changes.row_of(place))
        self._marking = False


_TO = 2
"""The column that a narrow table of changes leaves out: the next row says it too."""

_ROOMY = 64
"""Letters that a table has to be wide for all of its columns."""

_CHANGE_WIDTHS = ("", "00:00:00", "00:00:00", "00 min 00 s", "Seen")
_ATTEMPT_WIDTHS = ("0000", "00:00:00.000", "0,000 ms", "", "000")


_WHOLE_ROW = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)


class RowTable(QTableView):
    """A table whose rows are chosen by click, arrows or Enter, and copied by Ctrl+C.

    `widths` has a text for each column to be as wide as; the empty one takes the rest.
    """

    chosen = Signal(int)
    copied = Signal(str)

    def __init__(
        self,
        rows: PollTable,
        widths: Sequence[str],
        state_column: int,
        spare: int | None = None,
    ) -> None:
        super().__init__()
        self._spare = spare
        self.rows = rows
        self._widths = widths
        self._follows = True
        self._menu: QMenu | None = None
        self.swatches = Swatches(self)
        self.setModel(rows)
        self.setItemDelegateForColumn(state_column, self.swatches)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(list(widths).index(""), QHeaderView.ResizeMode.Stretch)
        self._fit()
        rows.rowsAboutToBeInserted.connect(self._before_rows)
        rows.rowsInserted.connect(self._after_rows)
        rows.modelReset.connect(self._after_reset)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))

    def _fit(self) -> None:
        """Make rows and columns as large as the font needs."""
        metrics = self.fontMetrics()
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(metrics.height() + 2)
        rows.setDefaultSectionSize(metrics.height() + 5)
        header = self.horizontalHeader()
        header.setFixedHeight(metrics.height() + 7)
        for column, text in enumerate(self._widths):
            if text:
                width = max(metrics.horizontalAdvance(text) + 10, header.sectionSizeHint(column))
                self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave a column out where there is no room for it."""
        super().resizeEvent(event)
        if self._spare is not None:
            wanted = self.fontMetrics().averageCharWidth() * _ROOMY
            self.setColumnHidden(self._spare, self.width() < wanted)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Take over another font."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    # --- the end stays in sight --------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Go to what was marked meanwhile, or to the end."""
        super().showEvent(event)
        chosen = self.selectionModel().selectedRows()
        if chosen:
            self.scrollTo(chosen[-1])
        else:
            self._after_rows()

    def _before_rows(self) -> None:
        if not self.isVisible():
            return
        bar = self.verticalScrollBar()
        chosen = self.selectionModel().selectedRows()
        at_end = not chosen or chosen[-1].row() == self.rows.rowCount() - 1
        self._follows = at_end and bar.value() >= bar.maximum() - 1

    def _after_rows(self) -> None:
        if self._follows:
            self.scrollToBottom()

    def _after_reset(self) -> None:
        self._follows = True
        self.scrollToBottom()

    # --- choosing and copying ----------------------------------------------------------------

    def mark(self, row: int) -> None:
        """Select a row and bring it in sight; -1 selects none."""
        if row < 0:
            self.clearSelection()
            return
        chosen = self.selectionModel().selectedRows()
        if [one.row() for one in chosen] != [row]:
            # Not selectRow(): it does nothing in a table that was not shown yet.
            self.selectionModel().setCurrentIndex(self.rows.index(row, 0), _WHOLE_ROW)
        self.scrollTo(self.rows.index(row, 0))

    def _on_selection(self) -> None:
        current = self.currentIndex()
        if current.isValid() and self.selectionModel().isSelected(current):
            self.chosen.emit(current.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose by Enter, copy by Ctrl+C; Home and End go to the first and the last row."""
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.mark(self.currentIndex().row())
            self.chosen.emit(self.currentIndex().row())
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and not event.modifiers():
            self.mark(0 if key == Qt.Key.Key_Home else self.rows.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the selected rows as text, with tabs between the cells."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        if rows:
            text = "\n".join(self.rows.row_text(row) for row in rows)
            QGuiApplication.clipboard().setText(text)
            count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
            self.copied.emit(f"{count} copied")

    def _open_menu(self, place: QPoint) -> None:
        if self._menu is None:
            self._menu = QMenu(self)
            self._menu.addAction("&Copy rows\tCtrl+C", self.copy)
            self._menu.addAction("Select &all\tCtrl+A", self.selectAll)
        self._menu.popup(self.viewport().mapToGlobal(place))


class Swatches(QStyledItemDelegate):
    """Puts a square in a state's colour before its name, and writes faults in red."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.looks = StateLooks()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802
        """Make faults red; room for the square is left by spaces."""
        super().initStyleOption(option, index)
        if index.data(FAULT_ROLE):
            for role in (option.palette.ColorRole.Text, option.palette.ColorRole.HighlightedText):
                option.palette.setColor(role, QColor(colours().error))
        elif index.data(STATE_ROLE) is not None:
            option.text = f"    {option.text}"

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell and its square."""
        super().paint(painter, option, index)
        state = index.data(STATE_ROLE)
        if state is not None:
            top = option.rect.center().y() - _SWATCH // 2
            square = QRect(option.rect.left() + 5, top, _SWATCH, _SWATCH)
            painter.fillRect(square, QColor(self.looks.look(state).ground))
