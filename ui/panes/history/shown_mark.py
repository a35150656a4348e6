"""Says of a shown answer that it is of the past."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from ...history.desk import HistoryDesk
from ...models.history_words import moment, place
from ...tips import plain_tip
from ..common import give_way, label, named


def make_mark(desk: HistoryDesk, parent: QWidget) -> QLabel:
    """Make the quiet line above an answer that was chosen from the history."""
    made = named(label("", "muted"), "historyMark", "Where the answer is from")
    made.setParent(parent)
    give_way(made)

    def show() -> None:
        row = desk.mark
        made.setVisible(row is not None)
        if row is not None:
            parts = (f"From the history, {moment(row.started)}", place(row))
            made.setText(", ".join(part for part in parts if part))
            made.setToolTip(plain_tip(made.text()))

    desk.shown_changed.connect(show)
    show()
    return made
