"""A text to read: numbered lines, colours, folds, and marks for what was left out."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit

from gms_console.first_part import cut_mark
from gms_console.viewing.types import Find, Hits, Row

from ...theme import colours
from ..common import exact_text
from ..json_highlighter import JsonHighlighter, units
from .folds import Folds
from .line_gutter import LineGutter
from .parts import prepare_text_view
from .reading_place import ReadingPlace, note_stay

Search = Callable[[Find], Coroutine[Any, Any, Hits]]


class TextView(QPlainTextEdit):
    """Shows a whole text, or some rows of a longer one. Where rows are cut it says so.

    What it says there is no part of what is copied. `search` looks through all rows of a longer
    text, and `go_to_row` brings one of them to sight; both are None for a whole text.
    `copy_all` copies all of a text of which a part is here: that is what one means who has
    selected all that is here. `copied` comes with the count of lines when a part was copied.
    """

    copied = Signal(int)

    def __init__(self, object_name: str, accessible_name: str) -> None:
        super().__init__()
        prepare_text_view(self, object_name, accessible_name)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.highlighter = JsonHighlighter(self.document())
        self.folds = Folds(self.document())
        self.search: Search | None = None
        self.go_to_row: Callable[[int, int], None] | None = None
        self.jump_to_end: Callable[[bool], None] | None = None
        self.copy_all: Callable[[], None] | None = None
        self.first_row = 0
        self.highest_number = 0
        self._numbers: Sequence[int] | None = None
        self._cuts: Mapping[int, int] = {}
        self._gutter: LineGutter | None = None

    # --- what it shows --------------------------------------------------------------------

    def show_text(
        self, text: str, cuts: Mapping[int, int], *, json: bool, stays: bool = False
    ) -> None:
        """Show a text; `cuts` as in FirstPart. The same text again stays as it is.

        With `stays`, another text is seen at the same place, and folded as this one is.
        """
        lines = text.count("\n") + 1
        same = self._numbers is None and cuts == self._cuts and exact_text(self) == text
        self.search = self.go_to_row = self.jump_to_end = None
        self.first_row, self._numbers, self.highest_number = 0, None, lines if text else 0
        note_stay(self, stayed=same or stays)
        if same:
            return
        place = ReadingPlace.of(self) if stays else None
        folded = self.folds.folded() if stays else {}
        self._put(text, lines, cuts, json=json)
        self.folds.fold_again(folded)
        if place is not None:
            place.restore(self)

    def show_rows(self, first: int, rows: Sequence[Row], *, json: bool) -> None:
        """Show rows of a longer text, of which `first` is the first."""
        self.first_row = first
        self._numbers = [0 if row.continues else row.line for row in rows]
        self.highest_number = max((row.line for row in rows), default=0)
        cuts = {place: len(row.text) for place, row in enumerate(rows) if row.cut}
        text = "\n".join([row.text + cut_mark(row.cut) for row in rows])
        self._put(text, len(rows), cuts, json=json, fold=False)

    def _put(
        self, text: str, lines: int, cuts: Mapping[int, int], *, json: bool, fold: bool = True
    ) -> None:
        self._cuts = cuts
        self.folds.clear(possible=json and fold)
        self.highlighter.prepare(lines, cuts, json=json)
        self.setPlainText(text)
        self._fit_gutter()
        self._colour_what_is_seen()

    def number_of(self, place: int) -> int:
        """Give the number of a line of the document; 0 for one that goes on with another."""
        if self._numbers is None:
            return place + 1
        return self._numbers[place] if place < len(self._numbers) else 0

    @property
    def is_cut(self) -> bool:
        """Whether something was left out of a line that is here."""
        return bool(self._cuts)

    def lines_in_sight(self) -> Iterator[tuple[QTextBlock, float, float]]:
        """Yield each line in sight with where it begins and ends, in pixels from the top."""
        block = self.firstVisibleBlock()
        if not block.isValid():
            return
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= self.height():
            bottom = top + self.blockBoundingRect(block).height()
            if block.isVisible():
                yield block, top, bottom
            block, top = block.next(), bottom

    def top_row(self) -> int:
        """Give the row at the top of what is seen."""
        return self.first_row + self.firstVisibleBlock().blockNumber()

    def rows_in_sight(self) -> int:
        """Give how many rows there is room for."""
        return max(1, self.height() // max(1, self.fontMetrics().lineSpacing()))

    def scroll_to(self, row: int, below: int = 0) -> None:
        """Have a row of those that are here at the top, or what is `below` lines further on."""
        block = self.document().findBlockByNumber(row - self.first_row)
        if block.isValid():
            self.verticalScrollBar().setValue(block.firstLineNumber() + below)

    # --- places in it ---------------------------------------------------------------------

    def place(self, row: int, start: int, length: int) -> QTextCursor | None:
        """Give a cursor over characters of a row; of what was cut, over what says so."""
        block = self.document().findBlockByNumber(row - self.first_row)
        if row < self.first_row or not block.isValid():
            return None
        text = block.text()
        cut = self._cuts.get(block.blockNumber())
        begin, end = start, start + length
        if cut is not None and end > cut:
            end = len(text)
            begin = min(start, cut + 1)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + units(text[:begin]))
        cursor.setPosition(block.position() + units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def show_place(self, row: int, start: int) -> None:
        """Put the cursor at a character of a row that is here, and bring it to sight."""
        at = self.place(row, start, 0)
        if at is None:
            return
        self.folds.reveal(at.block())
        at.setPosition(at.selectionStart())
        self.setTextCursor(at)
        below = self.height() - 2 * self.fontMetrics().lineSpacing()
        seen = [
            block for block, top, bottom in self.lines_in_sight() if top >= 0 and bottom < below
        ]
        if at.block() not in seen:
            self.centerCursor()
        self.ensureCursorVisible()

    # --- folding --------------------------------------------------------------------------

    def toggle_fold(self, block: QTextBlock) -> None:
        """Fold or unfold what begins in a line."""
        if self.folds.toggle(block):
            self._after_fold()

    def fold_here(self, *, fold: bool) -> None:
        """Fold what the cursor is in, or unfold what is folded in its line."""
        block = self.textCursor().block()
        if (self.folds.fold if fold else self.folds.unfold)(block):
            self._after_fold()

    def _after_fold(self) -> None:
        cursor = self.textCursor()
        block = cursor.block()
        while block.isValid() and not block.isVisible():
            block = block.previous()
        if block != cursor.block():
            self.setTextCursor(QTextCursor(block))
        self.update_all()

    # --- copying --------------------------------------------------------------------------

    def shown_text(self) -> str:
        """Give all of the text that is here, without what says what was left out."""
        lines = exact_text(self).split("\n")
        for place, cut in self._cuts.items():
            lines[place] = lines[place][:cut]
        return "\n".join(lines)

    def selected_text(self) -> str:
        """Give what is selected, without what says what was left out."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        block = self.document().findBlock(start)
        parts: list[str] = []
        while block.isValid() and (block.position() < end or not parts):
            begins, cut = block.position(), self._cuts.get(block.blockNumber())
            text = block.text() if cut is None else block.text()[:cut]
            coded = text.encode("utf-16-le", "surrogatepass")
            within = coded[2 * max(0, start - begins) : 2 * (end - begins)]
            parts.append(within.decode("utf-16-le", "surrogatepass"))
            block = block.next()
        if block.isValid() and block.position() == end and end > start:
            parts.append("")
        return "\n".join(parts)

    @property
    def is_all_selected(self) -> bool:
        """Whether all that is here is selected."""
        cursor, end = self.textCursor(), self.document().characterCount() - 1
        return end > 0 and cursor.selectionStart() == 0 and cursor.selectionEnd() == end

    def copy_selected(self) -> None:
        """Copy what is selected; of a text of which a part is here, all where all is."""
        if self.copy_all is None:
            self.copy()
        elif self.is_all_selected:
            self.copy_all()
        elif self.textCursor().hasSelection():
            self.copy()
            self.copied.emit(self.selected_text().count("\n") + 1)

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 - Qt's name
        """Give what is copied or dragged."""
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    # --- what Qt asks ---------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Fold with `-` or Ctrl+Shift+[, unfold with `+` or Ctrl+Shift+]; first and last row."""
        key, held = event.key(), event.modifiers()
        ctrl = bool(held & Qt.KeyboardModifier.ControlModifier)
        both = ctrl and bool(held & Qt.KeyboardModifier.ShiftModifier)
        if event.text() == "-" or (both and key in {Qt.Key.Key_BracketLeft, Qt.Key.Key_BraceLeft}):
            self.fold_here(fold=True)
        elif event.text() == "+" or (
            both and key in {Qt.Key.Key_BracketRight, Qt.Key.Key_BraceRight}
        ):
            self.fold_here(fold=False)
        elif self.jump_to_end is not None and ctrl and key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.jump_to_end(key == Qt.Key.Key_End)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer what every text does; copying is that of the key."""
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in menu.actions():
            if action.objectName() == "edit-copy":
                action.triggered.disconnect()
                action.triggered.connect(self.copy_selected)
        menu.popup(event.globalPos())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the gutter its place."""
        super().resizeEvent(event)
        self._place_gutter()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the gutter to another size of text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and getattr(self, "_gutter", None) is not None:
            self._fit_gutter()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the text, and behind the lines that are folded how much is not seen."""
        super().paintEvent(event)
        if not self.folds:
            return
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        painter.setPen(QColor(colours().muted))
        metrics = self.fontMetrics()
        for block, top, bottom in self.lines_in_sight():
            if self.folds.is_folded(block):
                line = block.layout().lineAt(block.layout().lineCount() - 1)
                x = round(line.naturalTextWidth() + self.contentOffset().x()) + 8
                y = round(bottom) - metrics.lineSpacing()
                place = QRect(QPoint(x, max(y, round(top))), self.viewport().rect().bottomRight())
                words = f"… {self.folds.hidden_below(block):,} lines"
                painter.drawText(place, int(Qt.AlignmentFlag.AlignTop), words)
        painter.end()

    # --- the gutter -----------------------------------------------------------------------

    def _fit_gutter(self) -> None:
        if self._gutter is None and self.highest_number:
            self._gutter = LineGutter(self)
            self._gutter.show()
            self.updateRequest.connect(self._on_update)
        if self._gutter is not None:
            self._gutter.setFont(self.font())
            wide = self._gutter.sizeHint().width() if self.highest_number else 0
            self.setViewportMargins(wide, 0, 0, 0)
            self._place_gutter()

    def _place_gutter(self) -> None:
        if self._gutter is not None:
            inside = self.contentsRect()
            wide = self.viewportMargins().left()
            self._gutter.setGeometry(inside.left(), inside.top(), wide, inside.height())

    def _on_update(self, _rect: QRect, scrolled: int) -> None:
        if self._gutter is not None:
            self._gutter.update()
        if scrolled:
            self._colour_what_is_seen()

    def _colour_what_is_seen(self) -> None:
        self.highlighter.colour(self.firstVisibleBlock(), self.rows_in_sight() + 1)

    def refresh_colours(self) -> None:
        """Colour all anew, as after a change of scheme."""
        self.highlighter.rehighlight()
        self._colour_what_is_seen()
        self.update_all()

    def update_all(self) -> None:
        """Paint all anew."""
        if self._gutter is not None:
            self.viewport().update()
            self._gutter.update()
