"""The response/status pane: what came back, what it means, and what to try when it went wrong."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QSyntaxHighlighter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange, Response
from gms_console.model.problem import Problem
from gms_console.presentation import (
    ShownText,
    headers_text,
    pretty_text,
    raw_text,
    request_text,
    status_line,
    status_meaning,
    timing_text,
)

from ..console import Console
from ..sharing import masked
from ..theme import monospace
from ..tips import plain_tip
from .chips import ChipBar
from .common import exact_text, icon_button, label, named, set_look
from .find_bar import FindBar
from .json_highlighter import JsonHighlighter
from .problem_box import ProblemBox
from .slot_list import SlotList
from .wire_preview import WireHighlighter

if TYPE_CHECKING:
    from .redirect_box import RedirectBox, RedirectHops

HINT = "No answer yet. Choose a service, fill in its rows and send it (Ctrl+Enter)."


class AnswerPane(QWidget):
    """Status, chips, problem, and the answer as Pretty, Raw, Headers, Timing and Request."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._dialog: QWidget | None = None
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
        self.find_bar = FindBar()
        self.view = _text_view("answerView", "Answer, indented")
        self.raw_view = _text_view("answerRawView", "Answer as it came")
        self.headers_view = _text_view("answerHeadersView", "Headers as they came and went")
        self.timing_view = _text_view("answerTimingView", "Phases of time")
        self.request_view = _text_view("answerRequestView", "Request as it was sent")
        self._highlighters: list[QSyntaxHighlighter] = [
            JsonHighlighter(self.view.document()),
            WireHighlighter(self.headers_view.document()),
            WireHighlighter(self.request_view.document()),
        ]
        self.tabs = named(QTabWidget(), "answerTabs", "Views of the answer")
        self.tabs.setDocumentMode(True)
        for view, title in (
            (self.view, "Pretty"),
            (self.raw_view, "Raw"),
            (self.headers_view, "Headers"),
            (self.timing_view, "Timing"),
            (self.request_view, "Request"),
        ):
            self.tabs.addTab(view, title)
        self._lay_out()
        self.tabs.currentChanged.connect(lambda _: self.find_bar.point_at(self.current_view))
        console.answer_changed.connect(self._show)
        console.redirects.changed.connect(self._show_redirects)
        console.live.instance_selected.connect(self._show_chips)
        console.busy_changed.connect(self._show_status)
        self._show()

    def _lay_out(self) -> None:
        self.copy_button = icon_button("copy", "Copy what this view shows")
        self.save_button = icon_button("save", "Save the answer to a file (Ctrl+Shift+S)")
        self.find_button = icon_button("find", "Find in answer (Ctrl+F)")
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.ask_where_to_save)
        self.find_button.clicked.connect(self.open_find)
        self.buttons = (self.find_button, self.copy_button, self.save_button)
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

    @property
    def current_view(self) -> QPlainTextEdit:
        """The text view of the tab in front."""
        view = self.tabs.currentWidget()
        return view if isinstance(view, QPlainTextEdit) else self.view

    def open_find(self) -> None:
        """Open the find bar for the view in front."""
        self.find_bar.open_for(self.current_view)

    def copy(self) -> None:
        """Copy the text of the view in front, with known secrets masked: it will be handed on."""
        text = exact_text(self.current_view)
        copied = masked(self._console, text)
        QGuiApplication.clipboard().setText(copied)
        and_masked = "" if copied == text else " Secrets in it are masked."
        self._console.message.emit(f"Copied what this view shows.{and_masked}")

    def ask_where_to_save(self) -> None:
        """Ask for a file to save the whole body to, byte for byte."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        exchange = self._console.exchange
        if exchange is None or exchange.response is None:
            self._console.message.emit("There is no answer to save.")
            return
        dialog = QFileDialog(self, "Save the answer")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("answer.json" if self._is_json() else "answer.txt")
        response = exchange.response
        dialog.fileSelected.connect(lambda name: self._save(Path(name), response))
        self._dialog = dialog
        dialog.open()

    def _is_json(self) -> bool:
        return self._console.answer is not None and self._console.answer.is_json

    def _save(self, file: Path, response: Response) -> None:
        work = self._write(file, response)
        self._console.session.tasks.start(work, name="save", owner=self._console)

    async def _write(self, file: Path, response: Response) -> None:
        if response.stored is None:
            await asyncio.to_thread(file.write_bytes, response.body)
        else:
            await asyncio.to_thread(shutil.copyfile, response.stored.path, file)
        self._console.message.emit(f"Saved {response.size:,} bytes to {file}")

    def refresh_colours(self) -> None:
        """Colour the texts anew, as after a change of scheme."""
        for highlighter in self._highlighters:
            highlighter.rehighlight()

    # --- showing -------------------------------------------------------------------------

    def _show(self) -> None:
        self._show_status()
        self._show_chips()
        exchange, answer = self._console.exchange, self._console.answer
        came = exchange is not None and exchange.response is not None
        empty = "The answer has no body." if came else "No answer came back."
        self.view.setPlaceholderText(HINT if exchange is None else empty)
        for button in self.buttons:
            button.setEnabled(exchange is not None)
        if exchange is None or answer is None:
            self.problem_box.show_problem(None, None)
            self.slot_list.show_slots(())
            self.note_label.hide()
            return
        pretty = pretty_text(exchange, answer)
        self._show_note(answer, pretty)
        _set_text(self.view, pretty.text)
        _set_text(self.raw_view, raw_text(exchange).text)
        _set_text(self.headers_view, headers_text(exchange))
        _set_text(self.timing_view, timing_text(exchange))
        _set_text(self.request_view, request_text(exchange))
        self._show_problem(answer.problem, exchange)
        problem = answer.problem
        self.slot_list.show_slots(problem.slots if problem is not None else answer.slots)
        if self.find_bar.isVisible():
            self.find_bar.search()

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
        from .redirect_box import RedirectBox, RedirectHops  # noqa: PLC0415 - as said

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

    def _show_note(self, answer: Answer, shown: ShownText) -> None:
        notes = [*answer.notes, shown.note]
        self.note_label.setText("\n".join(note for note in notes if note))
        self.note_label.setVisible(bool(self.note_label.text()))

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


def _text_view(object_name: str, accessible_name: str) -> QPlainTextEdit:
    view = named(QPlainTextEdit(), object_name, accessible_name)
    view.setReadOnly(True)
    view.setTabChangesFocus(True)
    view.setFont(monospace())
    return view


def _set_text(view: QPlainTextEdit, text: str) -> None:
    """Show a text; the same text again leaves scrolling and selection as they are."""
    if exact_text(view) != text.replace("\r\n", "\n").replace("\r", "\n"):
        view.setPlainText(text)
