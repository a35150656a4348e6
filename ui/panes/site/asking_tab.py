"""What the tabs share that ask one thing: a line of fields, a button, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.problem import ProblemKind

from ...site_desk import Inquiry, SiteDesk
from ..common import label, named, set_label


class AskingTab(QWidget):
    """Fields above, the answer below; F5 or Enter in a field asks.

    A subclass fills `line` with `field` and `body` with what shows the answer, asks in `refresh`
    and shows in `show_answer`; `show_nothing` takes away what belongs to a question before.
    `partly`: an answer with an error in it may say something beside it.
    """

    partly = False

    def __init__(self, desk: SiteDesk, inquiry: Inquiry, prefix: str) -> None:
        super().__init__()
        self.desk, self.inquiry, self.prefix = desk, inquiry, prefix
        self.ask_button = named(QPushButton("&Ask"), f"{prefix}AskButton", "Ask")
        self.ask_button.setProperty("role", "primary")
        self.ask_button.setToolTip("Ask GMS (F5)")
        self.note = named(label("", "muted"), f"{prefix}Note", "What the answer says")
        self.note.setWordWrap(True)
        self.line = QHBoxLayout()
        self.line.setSpacing(8)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 10, 4, 4)
        column.setSpacing(8)
        column.addLayout(self.line)
        column.addWidget(self.note)
        column.addLayout(self.body, 1)
        self.ask_button.clicked.connect(self.refresh)
        inquiry.changed.connect(lambda: self.ask_button.setEnabled(not self.inquiry.asker.busy))
        inquiry.answered.connect(self._on_answer)
        self.note.hide()

    def field(self, title: str, name: str, example: str = "", text: str = "") -> QLineEdit:
        """Add a field to the line, with its title above it."""
        edit = named(QLineEdit(text), f"{self.prefix}{name}Edit", title)
        edit.setPlaceholderText(example)
        edit.returnPressed.connect(self.refresh)
        self.add_titled(title, edit)
        return edit

    def names(self, title: str, kind: str) -> QComboBox:
        """Add a list of service names of a kind, in which any other can be typed."""
        combo = named(QComboBox(), f"{self.prefix}ServiceCombo", title)
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        combo.setMinimumWidth(180)

        def fill() -> None:
            typed = combo.currentText()
            combo.clear()
            combo.addItems(self.desk.names(kind))
            if typed:
                combo.setEditText(typed)

        self.desk.console.services.catalogue_changed.connect(fill)
        fill()
        edit = combo.lineEdit()
        if edit is not None:
            edit.returnPressed.connect(self.refresh)
        self.add_titled(title, combo)
        return combo

    def add_titled(self, title: str, widget: QWidget, stretch: int = 1) -> None:
        """Add a field with its title above it."""
        place = QVBoxLayout()
        place.setSpacing(2)
        above = label(title, "muted")
        above.setBuddy(widget)
        place.addWidget(above)
        place.addWidget(widget)
        self.line.addLayout(place, stretch)

    def end_line(self) -> None:
        """Close the line with the button, level with the fields."""
        self.line.addWidget(self.ask_button, 0, Qt.AlignmentFlag.AlignBottom)

    def refresh(self) -> None:
        """Ask."""
        raise NotImplementedError

    def show_answer(self) -> None:
        """Show the last answer."""
        raise NotImplementedError

    def show_nothing(self) -> None:
        """Show no answer."""
        raise NotImplementedError

    def _on_answer(self) -> None:
        answer = self.inquiry.answer
        problem = answer.problem if answer is not None else None
        inside = problem is not None and problem.kind is ProblemKind.ERROR_INSIDE
        self.say("")
        if answer is not None and (answer.ok or (self.partly and inside)):
            self.show_answer()
        else:
            self.show_nothing()
        if self.inquiry.error:
            self.say(self.inquiry.error, "error")

    def say(self, text: str, role: str = "muted") -> None:
        """Say something between fields and answer."""
        set_label(self.note, text, role)
        self.note.setVisible(bool(text))

    def go(self) -> None:
        """Have the keyboard in the first field."""
        edits: Sequence[QWidget] = [*self.findChildren(QComboBox), *self.findChildren(QLineEdit)]
        if edits:
            edits[0].setFocus(Qt.FocusReason.ShortcutFocusReason)


def form_layout() -> QFormLayout:
    """Make a layout of titles and fields, as wide as there is room."""
    layout = QFormLayout()
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    layout.setSpacing(6)
    return layout
