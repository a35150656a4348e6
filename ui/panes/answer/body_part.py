"""The body of the answer: as a tree, indented, as it came, and as what it is a picture of.

The pane puts `find_bar` above its tabs, for all views share it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.viewing.types import View

from ...console import Console
from ..common import named
from ..find_bar import FindBar
from .body_text import BodyText
from .text_view import TextView
from .whole_text import WholeText

if TYPE_CHECKING:
    from ...body_desk import BodyDesk, ShownBody
    from .filter_bar import FilterBar
    from .preview_view import PreviewView
    from .size_bar import SizeBar
    from .tree_view import JsonTree

HINT = "No answer yet. Choose a service, fill in its rows and send it (Ctrl+Enter)."
TREE, PRETTY, RAW, PREVIEW = range(4)
_TITLES = ("Tree", "Pretty", "Raw", "Preview")


class BodyPart(QWidget):
    """A row of views of the body, and the find bar that all views of the answer share.

    Tree, preview, filter and what large bodies need are made when they are first shown.
    `whole_wanted` comes with the WholeText that a person copies by the key.
    """

    save_wanted = Signal()
    whole_wanted = Signal(object)

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._desk: BodyDesk | None = None
        self._showing = False
        self._tree: JsonTree | None = None
        self._preview: PreviewView | None = None
        self._size_bar: SizeBar | None = None
        self._filter_bar: FilterBar | None = None
        self.find_bar = FindBar(console)
        self.pretty = BodyText(View.PRETTY, "answerView", "Answer, indented")
        self.raw = BodyText(View.RAW, "answerRawView", "Answer as it came")
        self.view, self.raw_view = self.pretty.view, self.raw.view
        self.view.setPlaceholderText(HINT)
        self._last_text = self.pretty
        self._before_find = -1
        self._before_preview = PRETTY
        self._previewed: ShownBody | None = None
        self._last_place = PRETTY
        self.tabs = named(QTabWidget(), "answerBodyTabs", "Views of the body")
        self.tabs.setDocumentMode(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self.tabs, 1)
        self._add_tabs()
        for text in (self.pretty, self.raw):
            text.changed.connect(self._on_text_changed)
            text.cut_seen.connect(self._show_size)
            text.whole_wanted.connect(partial(self._copy_whole, text))
            text.copied.connect(self._say_copied)
        self.find_bar.closed.connect(self._after_find)
        self.tabs.currentChanged.connect(self._on_tab)

    def _add_tabs(self) -> None:
        self._pages = {place: QWidget() for place in (TREE, PREVIEW)}
        for page in self._pages.values():
            QVBoxLayout(page).setContentsMargins(0, 0, 0, 0)
        pages = (self._pages[TREE], self.pretty, self.raw, self._pages[PREVIEW])
        for title, page in zip(_TITLES, pages, strict=True):
            self.tabs.addTab(page, title)
        self.tabs.setCurrentIndex(PRETTY)

    # --- what others ask ------------------------------------------------------------------

    @property
    def current_text_view(self) -> TextView:
        """The text in front, or the one that was last."""
        return self._last_text.view

    @property
    def focus_target(self) -> QWidget:
        """What takes the cursor when a person goes to the answer."""
        front = self._front()
        if front is not None:
            return front.view
        page = self.tabs.currentWidget()
        part = self._tree if self.tabs.currentIndex() == TREE else self._preview
        return page if part is None else part.focusProxy() or part

    def show_exchange(self, exchange: Exchange, answer: Answer) -> None:
        """Show the body of an Exchange; a filter that is on is put on it as well."""
        came = exchange.response is not None
        empty = "The answer has no body." if came else "No answer came back."
        self.view.setPlaceholderText(empty)
        self.raw_view.setPlaceholderText(empty)
        desk = self._console.bodies
        if self._desk is None:
            self._desk = desk
            desk.changed.connect(self._show)
        desk.show(exchange, answer)

    def open_find(self) -> None:
        """Open the find bar for the text in front; a tree gives way to Pretty until it closes."""
        place = self.tabs.currentIndex()
        if place == PREVIEW:
            self._console.message.emit(
                "There is no text to find in here. Go to Pretty or Raw to search the body."
            )
            return
        if place == TREE:
            self.tabs.setCurrentIndex(PRETTY)
            self._before_find = TREE
        self.find_bar.open_for(self.current_text_view)

    def _after_find(self) -> None:
        """Go back to the tree that gave way to the text."""
        before, self._before_find = self._before_find, -1
        if before >= 0 and self.isVisible():
            self.tabs.setCurrentIndex(before)
            self._focus_front()

    def open_filter(self) -> None:
        """Open the filter of the answer."""
        if self._filter_bar is None:
            from .filter_bar import FilterBar  # noqa: PLC0415 - not before it is asked for

            self._filter_bar = FilterBar(self._console.bodies)
            self._filter_bar.closed.connect(self._focus_front)
            self._column.insertWidget(0, self._filter_bar)
        if self.tabs.currentIndex() in {RAW, PREVIEW}:
            self.tabs.setCurrentIndex(PRETTY)
        self._filter_bar.open_bar()

    def show_all(self) -> None:
        """Show all of the text in front."""
        self._catch_up(self._last_text).show_all()

    def copy_text(self) -> str | WholeText:
        """Give the text in front, or where to have all of it; of a tree, that of the answer."""
        front = self._front()
        return self._catch_up(self.pretty if front is None else front).copy_text()

    def _copy_whole(self, text: BodyText) -> None:
        whole = text.whole_text()
        if whole is not None:
            self.whole_wanted.emit(whole)

    def _say_copied(self, lines: int) -> None:
        self._console.message.emit(f"Copied {'1 line' if lines == 1 else f'{lines:,} lines'}.")

    def refresh_colours(self) -> None:
        """Colour the texts anew."""
        for text in (self.pretty, self.raw):
            text.view.refresh_colours()
        for part in (self._tree, self._preview):
            refresh = getattr(part, "refresh_colours", None)
            if refresh is not None:
                refresh()

    # --- showing --------------------------------------------------------------------------

    def _front(self) -> BodyText | None:
        return {PRETTY: self.pretty, RAW: self.raw}.get(self.tabs.currentIndex())

    def _focus_front(self) -> None:
        self.focus_target.setFocus()

    def _show(self) -> None:
        """Show what the desk has now: an answer's body, or what the filter found in it."""
        desk = self._console.bodies
        self._showing = True
        self._leave_preview(desk)
        front = self._front()
        for text in (self.pretty, self.raw):
            body = self._body_of(text)
            if body is None:
                text.show_nothing()
            elif text is front or body.source.size <= _BOTH:
                self._catch_up(text)
        self._show_front()
        self._showing = False
        if self.find_bar.isVisible():
            self.find_bar.search_again()

    def _body_of(self, text: BodyText) -> ShownBody | None:
        desk = self._console.bodies
        return desk.shown if text is self.pretty else desk.whole

    def _catch_up(self, text: BodyText) -> BodyText:
        """Have a text show what it is to show; of a large body, one that is hidden may not yet."""
        body = self._body_of(text)
        if body is not None and not text.shows(body):
            text.show_body(self._console.bodies, body)
        return text

    def _leave_preview(self, desk: BodyDesk) -> None:
        """Go back from the preview to the view before where there is nothing in it to see."""
        body = desk.whole
        if self.tabs.currentIndex() != PREVIEW or self._previewed is body:
            return
        self._previewed = body
        if body is not None and body.is_json:
            page = self.tabs.currentWidget()
            focus = self.focusWidget()
            focused = page is not None and focus is not None and page.isAncestorOf(focus)
            self.tabs.setCurrentIndex(self._before_preview)
            if focused and focus is not None and not focus.isVisible():
                self._focus_front()

    def _show_front(self) -> None:
        """Have what is in front made and ready; what cannot be seen waits until then."""
        place = self.tabs.currentIndex()
        front = self._front()
        if front is not None:
            self._catch_up(front).make_ready()
        elif place == TREE:
            self._show_tree()
        elif place == PREVIEW:
            self._show_preview()
        self._show_size()

    def _show_tree(self) -> None:
        if self._tree is None:
            from .tree_view import JsonTree  # noqa: PLC0415 - not before it is shown

            self._tree = JsonTree(self._console)
            self._put(TREE, self._tree)
        desk = self._console.bodies
        if desk.exchange is not None and desk.answer is not None:
            is_json = desk.shown is not None and desk.shown.is_json
            self._tree.show_body(desk.exchange, desk.answer, desk.shown if is_json else None)

    def _show_preview(self) -> None:
        if self._preview is None:
            from .preview_view import PreviewView  # noqa: PLC0415 - not before it is shown

            self._preview = PreviewView(self._console)
            self._put(PREVIEW, self._preview)
        desk = self._console.bodies
        if desk.exchange is not None and desk.answer is not None:
            self._preview.show_exchange(desk.exchange, desk.answer)

    def _put(self, place: int, part: QWidget) -> None:
        layout = self._pages[place].layout()
        if layout is not None:
            layout.addWidget(part)

    def _on_tab(self) -> None:
        front = self._front()
        place, before = self.tabs.currentIndex(), self._last_place
        self._last_place, self._before_find = place, -1
        if front is not None:
            self._last_text = front
        if place == PREVIEW:
            self._before_preview = before
            self._previewed = self._console.bodies.whole
        self._show_front()
        if front is not None:
            self.find_bar.point_at(front.view)
        elif self.find_bar.isVisible():
            self.find_bar.put_away()

    def _on_text_changed(self) -> None:
        self._show_size()
        if self.find_bar.isVisible() and self._front() is not None and not self._showing:
            self.find_bar.search_again()

    def _show_size(self) -> None:
        front = self._front()
        words = "" if front is None else front.words()
        if self._size_bar is None:
            if not words:
                return
            from .size_bar import SizeBar  # noqa: PLC0415 - not before a body is large

            self._size_bar = SizeBar()
            self._size_bar.show_all_wanted.connect(self.show_all)
            self._size_bar.save_wanted.connect(self.save_wanted)
            self._size_bar.open_wanted.connect(self._console.bodies.open_outside)
            self._column.addWidget(self._size_bar)
        more = front is not None and front.can_show_all and not front.preparing
        wrong = front is not None and bool(front.error)
        busy = front is not None and front.preparing
        long = front is not None and front.is_shortened
        self._size_bar.show_extent(words, more=more, long=long, busy=busy, wrong=wrong)


_BOTH = 32 * 1024
"""Bytes up to which the text that is not in front is laid out with the one that is."""
