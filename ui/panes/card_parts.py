"""What the service card is made of: entries of plain text that can be selected and copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ..models.marks import MARKS, SOURCES, mark_role
from ..tips import plain_tip
from .common import address_text, icon_button, label, named
from .state_looks import StateLooks

if TYPE_CHECKING:
    from gms_console.catalogue import AnswerField, Parameter, RequestKind, State

_SIGN = 14
"""Width of the column of marks."""

_MANDATORY = {
    None: "mandatory",
    True: "mandatory, enforced",
    False: "mandatory, not enforced",
}
"""What a badge says: mandatory by the documentation, and whether GMS refuses without it."""


def text_label(text: str, role: str = "", *, wraps: bool = True) -> QLabel:
    """Make a label whose text can be selected with the mouse."""
    made = label(text, role)
    made.setWordWrap(wraps)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def mark_label(provenance: str) -> QLabel:
    """Make the mark of a provenance; its word is in the tooltip and is read out."""
    made = label(MARKS.get(provenance, ""), mark_role(provenance))
    made.setToolTip(SOURCES.get(provenance, provenance))
    made.setAccessibleName(provenance)
    made.setFixedWidth(_SIGN)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
    return made


class Section(QFrame):
    """A part of the card under a heading of its own, made of entries with a line between."""

    def __init__(self, object_name: str, title: str, count: str = "") -> None:
        super().__init__()
        named(self, object_name, title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(7)
        head = QHBoxLayout()
        head.setSpacing(8)
        heading = label(title, "section")
        head.addWidget(heading)
        head.addWidget(label(count, "muted"))
        head.addStretch(1)
        self._column.addLayout(head)
        self._filled = False

    def add(self, entry: QWidget) -> None:
        """Add an entry; a line keeps it apart from the one before."""
        if self._filled:
            line = QFrame()
            line.setObjectName("cardLine")
            line.setFixedHeight(1)
            self._take(line)
        self._filled = True
        self._take(entry)
        self._column.activate()

    def _take(self, part: QWidget) -> None:
        """Show a part at once: Qt would an event later, and its height would be left out."""
        self._column.addWidget(part)
        part.show()


class Entry(QWidget):
    """A mark, a name, and lines of text below them; `wanted` when it is double-clicked."""

    wanted = Signal()

    def __init__(self, provenance: str, name: str) -> None:
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(5)
        self.grid.setVerticalSpacing(2)
        self.grid.setColumnStretch(1, 1)
        self.head = QHBoxLayout()
        self.head.setSpacing(7)
        self.head.addWidget(text_label(name, "code", wraps=False))
        self.grid.addWidget(mark_label(provenance), 0, 0)
        self.grid.addLayout(self.head, 0, 1)

    def badge(self, text: str, tip: str = "") -> None:
        """Add a word beside the name."""
        made = label(text, "badge")
        made.setToolTip(plain_tip(tip))
        self.head.addWidget(made)

    def end_head(self, *parts: QWidget) -> None:
        """Put widgets at the far end of the first line."""
        self.head.addStretch(1)
        for part in parts:
            self.head.addWidget(part)

    def line(self, text: str, role: str = "") -> None:
        """Add a paragraph; an empty one is left out."""
        if text:
            self.grid.addWidget(text_label(text, role), self.grid.rowCount(), 1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell of it."""
        super().mouseDoubleClickEvent(event)
        self.wanted.emit()


def parameter_entry(parameter: Parameter, wanted: Callable[[str], None]) -> Entry:
    """Show a parameter, with a button that goes to its row."""
    from gms_console.catalogue import describe  # noqa: PLC0415 - loaded with the catalogue

    entry = Entry(parameter.provenance.value, parameter.name)
    button = icon_button("edit", f"Edit {parameter.name} in the form (added where it is missing)")
    button.setToolTip(plain_tip(button.toolTip()))
    button.setProperty("small", True)
    button.setObjectName("editParameterButton")
    meaning, *facts = describe(parameter).split("\n")
    if parameter.mandatory:
        tip = next((fact for fact in facts if fact.startswith("Mandatory")), "")
        entry.badge(_MANDATORY[parameter.enforced], tip)
    entry.end_head(button)
    entry.line(meaning)
    left_out = {*SOURCES.values(), "Optional", "Mandatory", "Text."}
    entry.line(" ".join(fact for fact in facts if not _is_among(fact, left_out)), "muted")
    button.clicked.connect(lambda: wanted(parameter.name))
    entry.wanted.connect(lambda: wanted(parameter.name))
    return entry


def _is_among(fact: str, known: set[str]) -> bool:
    """Whether a fact only says what the mark says already."""
    return any(fact.startswith(word.partition(",")[0].partition(":")[0]) for word in known)


def request_entry(request: RequestKind) -> Entry:
    """Show a request: how it is sent, and what it takes and answers."""
    entry = Entry(request.provenance.value, request.name)
    entry.end_head()
    entry.line(request.meaning)
    path = request.path.replace("{request}", request.name)
    entry.line(f"{request.method} {address_text(path)}", "address")
    taken = [f"{one.name}{' (mandatory)' if one.mandatory else ''}" for one in request.parameters]
    entry.line(f"Takes {', '.join(taken)}." if taken else "", "muted")
    given = ", ".join(one.name for one in request.answer)
    entry.line(f"Answers {given}." if given else "", "muted")
    return entry


def answer_entry(answer: AnswerField) -> Entry:
    """Show a field of the answer."""
    entry = Entry(answer.provenance.value, answer.name)
    entry.end_head()
    entry.line(answer.meaning)
    return entry


def state_entry(state: State, place: int, looks: StateLooks) -> QWidget:
    """Show a state with its place in the usual order."""
    entry = QWidget()
    end = ", the last one" if state.terminal else ""
    entry.setAccessibleName(f"{place}. {state.name}, {state.tone.value}{end}. {state.meaning}")
    grid = QGridLayout(entry)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(5)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(1, 1)
    head = QHBoxLayout()
    head.setSpacing(7)
    head.addWidget(label(f"{place}", "muted"))
    head.addWidget(StatePill(state, looks))
    if state.terminal:
        last = label("■ ends here", "muted")
        last.setToolTip("Nothing more happens after this state; a poll ends.")
        head.addWidget(last)
    head.addStretch(1)
    grid.addWidget(mark_label(state.provenance.value), 0, 0)
    grid.addLayout(head, 0, 1)
    grid.addWidget(text_label(state.meaning), 1, 1)
    return entry


class StatePill(QLabel):
    """The name of a state on its ground, as the timeline has it."""

    def __init__(self, state: State, looks: StateLooks) -> None:
        self._look = looks.look(state.name)
        super().__init__(f"{self._look.mark}{state.name}")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(f"{state.name}, {state.tone.value}")
        self.setToolTip(f"{state.tone.value.capitalize()}: what it means for the customer")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Leave room around the name."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 16, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be no smaller than the name."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground and the name in white, which can be read on every ground."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.ground))
        painter.drawRoundedRect(self.rect(), 8, 8)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
