"""Find in a text: as one types, with a count, next and previous."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..theme import colours
from .answer.reading_place import has_stayed
from .answer.text_view import Search, TextView
from .common import exact_text, icon_button, label, named, set_look
from .json_highlighter import units

if TYPE_CHECKING:
    from gms_console.viewing.types import Find, Hit, Hits

    from ..console import Console

_PAUSE_MS = 150
"""How long typing has to rest before another process is asked."""

_MARKED_ROWS = 200
"""Rows below the first in sight whose hits are marked."""


class FindBar(QWidget):
    """Searches the view it is pointed at; Escape closes it and gives the view the cursor.

    A whole text is searched here. Longer ones are, and so is an expression, where it can take
    its time: in the Worker. `closed` comes when a person has closed it.
    """

    closed = Signal()

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._view: QPlainTextEdit | None = None
        self._heard: QPlainTextEdit | None = None
        self._hits: tuple[Hit, ...] = ()
        self._count = 0
        self._current = -1
        self._sought: Find | None = None
        self._error = ""
        self._busy = False
        self._steps_after = 0
        self._goes = True
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._mark_soon = QTimer(self, singleShot=True, interval=0)
        self._mark_soon.timeout.connect(self._mark)
        self._made = False
        self.hide()

    def _make(self) -> None:
        """Make what is in it, when it is first opened."""
        self._made = True
        self.edit = named(QLineEdit(), "findEdit", "Find in answer")
        self.edit.setPlaceholderText("Find in answer")
        self.case_button = _toggle("Aa", "findCaseButton", "Match case (Alt+C)")
        self.regex_button = _toggle(".*", "findRegexButton", "Regular expression (Alt+R)")
        self.count_label = named(label("", "muted"), "findCountLabel", "Hits")
        self.error_label = named(label("", "error"), "findErrorLabel", "What is wrong with it")
        self.error_label.setWordWrap(True)
        self.error_label.hide()
        previous = icon_button("up", "Previous hit (Shift+Enter, Shift+F3)")
        following = icon_button("down", "Next hit (Enter, F3)")
        close = icon_button("close", "Close (Esc)")
        row = QHBoxLayout()
        row.setSpacing(4)
        parts = (self.edit, self.case_button, self.regex_button, self.count_label)
        for widget in (*parts, previous, following, close):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.error_label)
        self.edit.textChanged.connect(self.search)
        self.case_button.toggled.connect(self.search)
        self.regex_button.toggled.connect(self.search)
        previous.clicked.connect(lambda: self.step(-1))
        following.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.close_bar)
        for key, button in (("Alt+C", self.case_button), ("Alt+R", self.regex_button)):
            within = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), self, context=within).activated.connect(button.toggle)

    # --- where it searches ----------------------------------------------------------------

    def open_for(self, view: QPlainTextEdit) -> None:
        """Search in `view`, beginning with what is selected there."""
        if not self._made:
            self._make()
        self.point_at(view)
        selected = view.textCursor().selectedText()
        if selected and "\u2029" not in selected:
            self.edit.setText(selected)
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()
        self.search()

    def point_at(self, view: QPlainTextEdit) -> None:
        """Search in another view from now on."""
        self._view = view
        if self._made and self._heard is not view:
            self._listen(view)
        if self.isVisible():
            self.search()

    def _listen(self, view: QPlainTextEdit) -> None:
        """Mark anew as this view moves, and leave the one before."""
        before, self._heard = self._heard, view
        if before is not None:
            before.setExtraSelections([])
            before.verticalScrollBar().valueChanged.disconnect(self._mark_soon.start)
            before.textChanged.disconnect(self._mark_soon.start)
        view.verticalScrollBar().valueChanged.connect(self._mark_soon.start)
        view.textChanged.connect(self._mark_soon.start)

    # --- searching ------------------------------------------------------------------------

    def search(self) -> None:
        """Find all hits, and go to the one it is at."""
        self._search(goes=True)

    def search_again(self) -> None:
        """Find all hits anew after the text has changed.

        Where what is seen of it stayed, it still does: a poll's answers come while one reads.
        """
        view = self._view
        self._search(goes=view is None or not has_stayed(view))

    def _search(self, *, goes: bool) -> None:
        if not self._made:
            return
        self._goes = goes
        view, text = self._view, self.edit.text()
        self._pause.stop()
        self._console.bodies.cancel(self)
        self._busy, self._steps_after, self._error = False, 0, ""
        if view is None or not text:
            self._take((), 0)
        elif self._elsewhere(view) is not None:
            self._busy = True
            self._pause.start()
            self._say()
        else:
            from gms_console.text_search import find_in  # noqa: PLC0415 - not before it is open

            found = find_in(exact_text(view), self._wanted())
            self._take(found.hits, found.count)

    def _wanted(self) -> Find:
        from gms_console.viewing.types import Find  # noqa: PLC0415 - not before it is open

        return Find(
            self.edit.text(),
            regex=self.regex_button.isChecked(),
            match_case=self.case_button.isChecked(),
        )

    def _elsewhere(self, view: QPlainTextEdit) -> Search | None:
        """Give what searches this view outside of the window's loop; None for a quick one."""
        search = view.search if isinstance(view, TextView) else None
        if search is None and self.regex_button.isChecked():
            text = exact_text(view)
            return lambda wanted: self._console.bodies.search_text(text, wanted)
        return search

    def _ask(self) -> None:
        search = self._elsewhere(self._view) if self._view is not None else None
        if search is not None:
            self._console.bodies.start(self._find(search), "find", owner=self)

    async def _find(self, search: Search) -> None:
        from gms_console.viewing.reader import ViewingError  # noqa: PLC0415 - as above

        try:
            found: Hits = await search(self._wanted())
        except ViewingError as error:
            self._take((), 0, str(error))
        else:
            self._take(found.hits, found.count)

    def _take(self, hits: tuple[Hit, ...], count: int, error: str = "") -> None:
        """Take what a search brought, and go to the hit."""
        self._hits, self._count, self._error = hits, count, error
        self._busy = False
        wanted = self._wanted()
        if wanted != self._sought:
            self._sought, self._current, self._goes = wanted, 0, True
        self._current = min(max(self._current, 0), len(hits) - 1)
        steps, self._steps_after = self._steps_after, 0
        if steps or self._goes:
            self.step(steps)
        else:
            self._mark()
        self._say()

    def step(self, by: int) -> None:
        """Go to a following hit (1), a previous one (-1), or the one it is at."""
        if self._busy:
            self._steps_after += by
            if self._pause.isActive():
                self._pause.stop()
                self._ask()
            return
        if self._hits:
            self._current = (self._current + by) % len(self._hits)
            self._go_to(self._hits[self._current])
        self._mark()
        self._say()

    # --- showing --------------------------------------------------------------------------

    def _go_to(self, hit: Hit) -> None:
        view = self._view
        if view is None:
            return
        if isinstance(view, TextView):
            (view.go_to_row or view.show_place)(hit.row, hit.start)
            return
        place = _place(view, hit)
        place.setPosition(place.selectionStart())
        view.setTextCursor(place)
        view.ensureCursorVisible()

    def _mark(self) -> None:
        """Mark the hits that are in sight; it is done again as the view is scrolled."""
        view = self._view
        if view is None or not self.isVisible():
            return
        scheme, marks = colours(), []
        top = view.cursorForPosition(QPoint(0, 0)).blockNumber()
        if isinstance(view, TextView):
            top += view.first_row
        first = bisect_left(self._hits, top, key=_row)
        last = bisect_left(self._hits, top + _MARKED_ROWS, key=_row)
        for place in range(first, min(last, first + _MARKED_ROWS)):
            cursor = _place(view, self._hits[place])
            if cursor.isNull():
                continue
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            here = place == self._current
            mark.format.setBackground(QColor(scheme.accent if here else scheme.warning_soft))
            mark.format.setForeground(QColor(scheme.accent_text if here else scheme.text))
            marks.append(mark)
        view.setExtraSelections(marks)

    def _say(self) -> None:
        if not self._made:
            return
        found = f"{self._current + 1:,} of {self._count:,}" if self._hits else "no hit"
        if self._busy:
            found = "searching …"
        self.count_label.setText(found if self.edit.text() and not self._error else "")
        self.error_label.setText(self._error)
        self.error_label.setVisible(bool(self._error))
        set_look(self.edit, "invalid", bool(self._error))

    def close_bar(self) -> None:
        """Close, unmark, and give the view the cursor."""
        self.put_away()
        if self._view is not None:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def put_away(self) -> None:
        """Close and unmark, and leave the cursor where it is."""
        self.hide()
        self._pause.stop()
        self._mark_soon.stop()
        self._console.bodies.cancel(self)
        self._busy = False
        if self._view is not None:
            self._view.setExtraSelections([])

    # --- keys -----------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep Escape from cancelling a request while the find bar has the cursor."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter and Shift+Enter step, Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.step(-1 if back else 1)
        else:
            super().keyPressEvent(event)


def _toggle(text: str, object_name: str, tip: str) -> QToolButton:
    button = named(QToolButton(), object_name, tip.partition(" (")[0])
    button.setText(text)
    button.setToolTip(tip)
    button.setCheckable(True)
    button.setProperty("role", "toggle")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _row(hit: Hit) -> int:
    return hit.row


def _place(view: QPlainTextEdit, hit: Hit) -> QTextCursor:
    """Give a cursor over a hit; a null one where it is not in the view."""
    if isinstance(view, TextView):
        return view.place(hit.row, hit.start, hit.length) or QTextCursor()
    block = view.document().findBlockByNumber(hit.row)
    if not block.isValid():
        return QTextCursor()
    text = block.text()
    cursor = QTextCursor(block)
    cursor.setPosition(block.position() + units(text[: hit.start]))
    end = block.position() + units(text[: hit.start + hit.length])
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor
