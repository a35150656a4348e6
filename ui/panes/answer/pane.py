"""The response/status pane: what came back, what it means, and what to try when it went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.model.problem import Problem
from gms_console.presentation import request_text, status_line, status_meaning

from ...console import Console
from ...icons import icon
from ...theme import colours
from ...tips import plain_tip
from ..chips import ChipBar
from ..common import icon_button, label, named, set_look
from ..problem_box import ProblemBox
from ..slot_list import SlotList
from .answer_sharing import AnswerSharing
from .body_part import BodyPart
from .headers_view import HeadersView
from .parts import AnswerTab
from .whole_text import WholeText
from .wire_view import WireView

if TYPE_CHECKING:
    from ..redirect_box import RedirectBox, RedirectHops

BODY, HEADERS, COOKIES, TIMING, REQUEST, PROBLEM = range(6)
_TITLES = ("Body", "Headers", "Cookies", "Timing", "Request", "Problem")


_FIND_ELSEWHERE = {
    COOKIES: "The cookies' own lines are among the headers: search there.",
    TIMING: "All figures are in sight; search in Body, Headers, Request or Problem.",
}
"""Where to search instead of in tabs that have no text to search."""


class AnswerPane(QWidget):
    """Status, chips, problem, and the answer in tabs.

    The body is a part of its own. Cookies, Timing and Problem are made when they are first shown.
    """

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self.sharing = AnswerSharing(console, self._view_text, self)
        self.status_label = named(label(""), "answerStatusLabel", "Status of the answer")
        self.meaning_label = named(label("", "muted"), "answerMeaningLabel", "What it means")
        self.meaning_label.setWordWrap(True)
        self.chips = ChipBar()
        self.chips.copied.connect(console.message)
        self.problem_box = ProblemBox()
        self._redirects: tuple[RedirectHops, RedirectBox] | None = None
        self.slot_list = SlotList()
        self.slot_list.picked.connect(console.pick_time)
        self.note_label = named(label("", "warning"), "answerNoteLabel", "What is odd about it")
        self.note_label.setWordWrap(True)
        self.body_part = BodyPart(console)
        self.body_part.save_wanted.connect(self.ask_where_to_save)
        self.body_part.whole_wanted.connect(self.sharing.copy_whole)
        self.find_bar = self.body_part.find_bar
        self._parts: dict[int, AnswerTab] = {}
        self._pages: list[QVBoxLayout] = []
        self._problem_ink = ""
        self.tabs = named(QTabWidget(), "answerTabs", "Views of the answer")
        self.tabs.setDocumentMode(True)
        self.tabs.setIconSize(QSize(14, 14))
        self._add_tabs()
        self._make_buttons()
        self._lay_out()
        self.tabs.currentChanged.connect(self._on_tab)
        console.answer_changed.connect(self._show)
        console.redirects.changed.connect(self._show_redirects)
        console.live.instance_selected.connect(self._show_chips)
        console.busy_changed.connect(self._show_status)
        self._show()

    # --- parts -------------------------------------------------------------------------------

    def _add_tabs(self) -> None:
        self.tabs.addTab(self.body_part, _TITLES[BODY])
        for title in _TITLES[1:]:
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            self._pages.append(column)
            self.tabs.addTab(page, title)
        for place in (HEADERS, REQUEST):
            self._part(place)

    def _part(self, place: int) -> AnswerTab:
        """Give what stands in a tab other than the body; it is made when it is first asked for."""
        if place not in self._parts:
            part = self._make(place)
            self._parts[place] = part
            if isinstance(part, QWidget):
                self._pages[place - 1].addWidget(part)
            exchange, answer = self._console.exchange, self._console.answer
            if exchange is not None and answer is not None:
                part.show_exchange(exchange, answer)
        return self._parts[place]

    def _make(self, place: int) -> AnswerTab:
        makers: dict[int, Callable[[], AnswerTab]] = {
            HEADERS: lambda: HeadersView(self.sharing.hand_on),
            COOKIES: self._make_cookies,
            TIMING: _make_timing,
            REQUEST: _make_request,
            PROBLEM: self._make_problem,
        }
        return makers[place]()

    def _make_cookies(self) -> AnswerTab:
        from .cookies_view import CookiesView  # noqa: PLC0415 - not before it is shown

        return CookiesView(self._console)

    def _make_problem(self) -> AnswerTab:
        from .problem_tab import ProblemTab  # noqa: PLC0415 - not before it is shown

        return ProblemTab(self._console)

    def _make_buttons(self) -> None:
        self.find_button = icon_button("find", "Find in answer (Ctrl+F)")
        self.filter_button = icon_button("filter", "Filter the answer by a JMESPath (Ctrl+Shift+F)")
        self.copy_button = icon_button("copy", "Copy what this view shows")
        self.more_button = icon_button("menu", "Copy the body, or the request as curl; compare …")
        self.save_button = icon_button("save", "Save the answer to a file (Ctrl+Shift+S)")
        self.find_button.setObjectName("answerFindButton")
        self.filter_button.setObjectName("answerFilterButton")
        self.copy_button.setObjectName("answerCopyButton")
        self.more_button.setObjectName("answerCopyMenuButton")
        self.save_button.setObjectName("answerSaveButton")
        self.find_button.clicked.connect(self.open_find)
        self.filter_button.clicked.connect(self.open_filter)
        self.copy_button.clicked.connect(self.copy)
        self.more_button.clicked.connect(self._open_copy_menu)
        self.save_button.clicked.connect(self.ask_where_to_save)
        self.buttons = (
            self.find_button,
            self.filter_button,
            self.copy_button,
            self.more_button,
            self.save_button,
        )

    def _open_copy_menu(self) -> None:
        button = self.more_button
        self.sharing.open_menu(button.mapToGlobal(QPoint(0, button.height())))

    def _lay_out(self) -> None:
        status = QHBoxLayout()
        status.setSpacing(8)
        status.addWidget(self.status_label)
        status.addWidget(self.meaning_label, 1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(6)
        self.body.addLayout(status)
        self.body.addWidget(self.chips)
        self.body.addWidget(self.problem_box)
        self.body.addWidget(self.slot_list)
        self.body.addWidget(self.note_label)
        self.body.addWidget(self.find_bar)
        self.body.addWidget(self.tabs, 1)

    # --- what the actions do -----------------------------------------------------------------

    @property
    def current_view(self) -> QWidget:
        """What takes the cursor in the tab in front."""
        place = self.tabs.currentIndex()
        if place == BODY:
            return self.body_part.focus_target
        return self._part(place).focus_target

    def open_find(self) -> None:
        """Open the find bar for the view in front."""
        place = self.tabs.currentIndex()
        if place == BODY:
            self.body_part.open_find()
            return
        view = self._part(place).text_view
        if view is None:
            where = _FIND_ELSEWHERE.get(place, "")
            self._console.message.emit(f"There is no text to find in here. {where}".rstrip())
            return
        self.find_bar.open_for(view)

    def find_again(self, by: int) -> None:
        """Go to the next hit (1) or the previous one (-1); open the find bar where it is closed."""
        if self.find_bar.isVisible():
            self.find_bar.step(by)
        else:
            self.open_find()

    def open_filter(self) -> None:
        """Open the filter of the body."""
        self.tabs.setCurrentIndex(BODY)
        self.body_part.open_filter()

    def show_all(self) -> None:
        """Show all of a body of which a part is shown."""
        self.tabs.setCurrentIndex(BODY)
        self.body_part.show_all()

    def copy(self) -> None:
        """Copy the text of the view in front, with known secrets masked: it will be handed on."""
        self.sharing.copy_view()

    def copy_curl(self) -> None:
        """Copy the request of the answer as a curl command."""
        self.sharing.copy_curl()

    def ask_where_to_save(self) -> None:
        """Ask for a file to save the whole body to, byte for byte."""
        self.sharing.ask_where_to_save()

    def refresh_colours(self) -> None:
        """Colour the texts anew, as after a change of scheme."""
        self.body_part.refresh_colours()
        for part in self._parts.values():
            part.refresh_colours()
        self._mark_problem()

    def _view_text(self) -> str | WholeText:
        place = self.tabs.currentIndex()
        return self.body_part.copy_text() if place == BODY else self._part(place).copy_text()

    def _on_tab(self, place: int) -> None:
        if place == BODY:
            self.find_bar.point_at(self.body_part.current_text_view)
            return
        view = self._part(place).text_view
        if view is not None:
            self.find_bar.point_at(view)
        elif self.find_bar.isVisible():
            searching = self.find_bar.isAncestorOf(self.focusWidget() or self)
            self.find_bar.put_away()
            if searching:
                self.current_view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- showing -----------------------------------------------------------------------------

    def _show(self) -> None:
        self._show_status()
        self._show_chips()
        exchange, answer = self._console.exchange, self._console.answer
        for button in self.buttons:
            button.setEnabled(exchange is not None)
        self._mark_problem()
        if exchange is None or answer is None:
            self.problem_box.show_problem(None, None)
            self.slot_list.show_slots(())
            self.note_label.hide()
            return
        self._show_notes(answer)
        self.body_part.show_exchange(exchange, answer)
        for part in self._parts.values():
            part.show_exchange(exchange, answer)
        problem = answer.problem
        self._show_problem(problem, exchange)
        self.slot_list.show_slots(problem.slots if problem is not None else answer.slots)
        if self.find_bar.isVisible() and self.tabs.currentIndex() != BODY:
            self.find_bar.search_again()

    def _show_redirects(self) -> None:
        """Show the way of redirects; its parts are made for the first answer that has one."""
        desk = self._console.redirects
        if self._redirects is None:
            if desk.redirect is None and len(desk.way) < 2:
                return
            self._redirects = self._make_redirects()
        hops, box = self._redirects
        focused = box.follow_button.hasFocus()
        hops.refresh()
        box.refresh()
        if focused and not box.isVisible():
            self.current_view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_redirects(self) -> tuple[RedirectHops, RedirectBox]:
        from ..redirect_box import RedirectBox, RedirectHops  # noqa: PLC0415 - as said

        hops, box = RedirectHops(self._console), RedirectBox(self._console)
        place = self.body.indexOf(self.chips)
        self.body.insertWidget(place, hops)
        self.body.insertWidget(place + 2, box)
        return hops, box

    def _show_problem(self, problem: Problem | None, exchange: Exchange) -> None:
        explained = None
        if self._console.redirects.redirect is not None:
            problem = None  # its own box says all of it
        if problem is not None:
            from gms_console.problems import explain  # noqa: PLC0415 - not before there is one

            explained = explain(problem, exchange, self._console.problems)
        certificate = exchange.failure.certificate if exchange.failure is not None else None
        self.problem_box.show_problem(problem, explained, certificate)

    def _mark_problem(self) -> None:
        """Mark the tab that says what is wrong or odd, in the colour of how bad it is."""
        answer, scheme = self._console.answer, colours()
        if answer is None or (answer.problem is None and not answer.notes):
            ink, said = "", ""
        elif answer.problem is not None:
            ink, said = scheme.error, "Something went wrong"
        else:
            ink, said = scheme.warning, "Something is odd about this answer"
        if ink != self._problem_ink:
            self._problem_ink = ink
            self.tabs.setTabIcon(PROBLEM, icon("warning", ink) if ink else QIcon())
            self.tabs.setTabToolTip(PROBLEM, said)

    def _show_notes(self, answer: Answer) -> None:
        self.note_label.setText("\n".join(answer.notes))
        self.note_label.setVisible(bool(answer.notes))

    def _show_status(self) -> None:
        exchange, answer = self._console.exchange, self._console.answer
        if self._console.sending:
            self.status_label.setText("Sending …")
            self.meaning_label.setText("Esc cancels")
            tone = "busy"
        elif exchange is None or answer is None:
            self.status_label.setText("No answer yet")
            self.meaning_label.setText("")
            tone = "muted"
        else:
            mark = "✓" if answer.ok else "✕"
            self.status_label.setText(f"{mark} {status_line(exchange, answer)}")
            meaning = status_meaning(exchange, answer)
            self.meaning_label.setText(meaning or exchange.operation.title)
            tone = "good" if answer.ok else "error"
        set_look(self.status_label, "tone", tone)
        self.status_label.setToolTip(plain_tip(self.status_label.text()))

    def _show_chips(self) -> None:
        instance, answer = self._console.shown_instance, self._console.answer
        if instance is not None:
            self.chips.show_values(instance.id, instance.access)
        elif answer is not None:
            self.chips.show_values(answer.id, answer.access)
        else:
            self.chips.show_values(None, None)


def _make_request() -> AnswerTab:
    return WireView(
        request_text, "answerRequestView", "Request as it was sent", "Nothing was sent yet."
    )


def _make_timing() -> AnswerTab:
    from .timing_tab import TimingTab  # noqa: PLC0415 - not before it is shown

    return TimingTab()
