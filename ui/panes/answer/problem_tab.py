"""All that is known of what went wrong, as one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.problem_text import HEADINGS, problem_text
from gms_console.problems import explain

from ...theme import colours
from ..common import exact_text
from .parts import prepare_text_view, set_text

if TYPE_CHECKING:
    from ...console import Console


class ProblemTab(QPlainTextEdit):
    """What was said, what it means, where to look, what to try, and what is odd."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        prepare_text_view(self, "answerProblemView", "The problem, whole")
        self.setPlaceholderText(
            "Nothing is wrong with this answer, and nothing is odd about it.\n\n"
            "When something is, here stands all that is known: what was said, what it probably "
            "means, where to look and what to try."
        )
        self._highlighter = _HeadingHighlighter(self.document())

    @property
    def text_view(self) -> QPlainTextEdit:
        """Where the find bar looks."""
        return self

    @property
    def focus_target(self) -> QWidget:
        """What takes the cursor."""
        return self

    def show_exchange(self, exchange: Exchange, answer: Answer) -> None:
        """Show the problem of an Exchange, and what is odd about it."""
        problem = answer.problem
        explained = explain(problem, exchange, self._console.problems) if problem else None
        set_text(self, problem_text(exchange, answer, explained), exchange)

    def copy_text(self) -> str:
        """Give the whole text."""
        return exact_text(self)

    def refresh_colours(self) -> None:
        """Colour the text anew."""
        self._highlighter.rehighlight()


class _HeadingHighlighter(QSyntaxHighlighter):
    """Sets the headings apart."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line."""
        if text in HEADINGS:
            made = QTextCharFormat()
            made.setForeground(QColor(colours().accent))
            made.setFontWeight(QFont.Weight.Bold)
            self.setFormat(0, len(text), made)
