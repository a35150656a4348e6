"""What is said above the list: what went wrong and what to try, and how the list came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gms_console.problems import explain

from ..common import label, named, set_label
from ..problem_box import ProblemBox

if TYPE_CHECKING:
    from ...callbacks.desk import Trouble
    from ...console import Console


class Notice(QWidget):
    """A problem in its box, and sentences below it; it takes no room while there is neither.

    Object names begin with `prefix`.
    """

    def __init__(self, console: Console, prefix: str) -> None:
        super().__init__()
        self._console = console
        self.box = ProblemBox()
        self.refusal_label = named(label("", "error"), f"{prefix}Refusal", "What was refused")
        self.note_label = named(label("", "warning"), f"{prefix}Note", "About the list")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        for one in (self.refusal_label, self.note_label):
            one.setWordWrap(True)
            column.addWidget(one)
        self.show_all(None, "")

    def show_all(self, trouble: Trouble | None, refusal: str, note: str = "") -> None:
        """Show what went wrong, what was refused here, and what else is to be known."""
        if trouble is None or trouble[1].problem is None:
            self.box.show_problem(None, None)
        else:
            exchange, problem = trouble[0], trouble[1].problem
            certificate = exchange.failure.certificate if exchange.failure is not None else None
            explained = explain(problem, exchange, self._console.problems)
            self.box.show_problem(problem, explained, certificate)
        set_label(self.refusal_label, refusal, "error")
        self.refusal_label.setVisible(bool(refusal))
        self.note_label.setText(note)
        self.note_label.setVisible(bool(note))
        self.setVisible(bool(trouble or refusal or note))
