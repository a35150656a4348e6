"""The dialog that makes a fault: which requests it hits, when, and what happens then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ..common import label, named, set_look

FaultFields = dict[str, object]
"""A fault as the fault file and the simulator's HTTP path have it."""

Accept = Callable[[FaultFields], tuple[str, str]]
"""Takes a fault over; says what is wrong with it, or nothing, and the field that it is about."""

REQUESTS = (
    "*",
    "create",
    "status",
    "get-dialog",
    "check-queue-position",
    "cancel",
    "reschedule",
    "query",
    "availability",
    "chat",
    "send",
    "refresh",
    "storage",
    "read",
)
"""Operations that faults know requests by; any other name can be typed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can go wrong. `field` is its name in a fault file.

    `ask` is what its value is asked by, empty where it takes none; `start` is what stands there
    first, and `whole` says that it is a number. `empty` is what leaving the value out means, where
    it can be left out.
    """

    field: str
    title: str
    meaning: str
    ask: str = ""
    start: str = ""
    whole: bool = False
    choices: tuple[str, ...] = ()
    empty: str = ""


_NOT_DONE = "The request is not carried out."
_DONE = "The request is carried out"

KINDS = (
    Kind("status", "Another status", _NOT_DONE, "HTTP stat&us", "500", whole=True),
    Kind("error_in_200", "200 with an error", _NOT_DONE, "Error te&xt", "Session is lost."),
    Kind("delay", "Late answer", f"{_DONE}; the answer comes late.", "Late b&y", "2s"),
    Kind("stall", "Falls silent", f"{_DONE}; the answer stops half way.", "S&ilent for", "5s"),
    Kind(
        "drop",
        "Connection cut",
        f"{_DONE}, but for a cut before the answer.",
        "Wher&e",
        "before",
        choices=("before", "headers", "body"),
    ),
    Kind("reset", "Connection reset", _NOT_DONE),
    Kind("truncate", "Answer cut off", f"{_DONE}.", "After b&ytes", "10", whole=True),
    Kind("garbage", "Garbage", f"{_DONE}; the answer is no text."),
    Kind("ors_down", "ORS down", "As if Orchestration Server could not be reached."),
    Kind("session_lost", "ORS session lost", "As if ORS had forgotten the session."),
    Kind("pool_empty", "Access numbers used up", "As if no number were free."),
    Kind(
        "node_down",
        "Node down",
        "The node refuses connections from then on.",
        "&For",
        "10s",
        empty="until it is switched on",
    ),
)

EACH, NTH, EVERY, CHANCE = range(4)
WHEN = (
    ("each time", "", ""),
    ("only the n-th time", "&Numbers", "1"),
    ("every n-th time", "&Number", "5"),
    ("by chance", "Perce&nt", "30"),
)


class FieldError(ValueError):
    """Something typed that cannot be taken, and the field that it stands in."""

    def __init__(self, edit: QLineEdit, text: str) -> None:
        super().__init__(text)
        self.edit = edit


class FaultDialog(QDialog):
    """Asks for a fault, and keeps open until it can be taken over."""

    def __init__(
        self, services: Sequence[str], nodes: Sequence[str], accept: Accept, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._accept = accept
        self.setObjectName("faultDialog")
        self.setWindowTitle("Add a fault")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(max(460, self.fontMetrics().horizontalAdvance("0") * 60))
        self._make_parts(services, nodes)
        self._lay_out()
        self.when.currentIndexChanged.connect(self._show_when)
        self.kind.currentIndexChanged.connect(self._show_kind)
        self._show_when()
        self._show_kind()

    def _make_parts(self, services: Sequence[str], nodes: Sequence[str]) -> None:
        self.service = self._combo("faultService", "Service", ("*", *services), free=True)
        self.request = self._combo("faultRequest", "Request", REQUESTS, free=True)
        self.node = self._combo("faultNode", "Node", ("*", *nodes))
        self.when = self._combo("faultWhen", "When", tuple(text for text, *_ in WHEN))
        self.count = named(QLineEdit(), "faultCount", "How often")
        self.kind = self._combo("faultKind", "What happens", tuple(one.title for one in KINDS))
        self.value = named(QLineEdit(), "faultValue", "Value")
        self.where = named(QComboBox(), "faultWhere", "Where the connection is cut")
        self.meaning = named(label("", "muted"), "faultMeaning", "What it means")
        self.body = named(QLineEdit(), "faultBody", "Body")
        self.body.setPlaceholderText("as GMS would word it")
        self.late = named(QLineEdit(), "faultDelay", "Also late by")
        self.late.setPlaceholderText("not at all")
        self.jitter = named(QLineEdit(), "faultJitter", "Jitter, up to so much later")
        self.jitter.setPlaceholderText("none")
        self.error = named(label("", "error"), "faultError", "What is wrong")
        self.error.setWordWrap(True)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.add_button = named(self.buttons.button(buttons.Ok), "faultAdd", "Add")
        self.add_button.setText("&Add")
        self.add_button.setProperty("role", "primary")
        self.buttons.accepted.connect(self.take)
        self.buttons.rejected.connect(self.reject)

    def _combo(
        self, name: str, spoken: str, texts: Sequence[str], *, free: bool = False
    ) -> QComboBox:
        made = named(QComboBox(), name, spoken)
        made.addItems(list(texts))
        made.setEditable(free)
        return made

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(10)
        self.rows = QFormLayout()
        self.rows.setHorizontalSpacing(12)
        self.rows.setVerticalSpacing(8)
        self.rows.addRow("&Service", self.service)
        self.rows.addRow("&Request", self.request)
        self.rows.addRow("N&ode", self.node)
        self.rows.setRowVisible(self.node, self.node.count() > 2)
        self.rows.addRow("&When", self.when)
        self.rows.addRow("&Number", self.count)
        self.rows.addRow("What &happens", self.kind)
        self.rows.addRow("", self.meaning)
        self.rows.addRow("&Value", self.value)
        self.rows.addRow("Wher&e", self.where)
        self.rows.addRow("&Body", self.body)
        self.rows.addRow("Also &late by", self.late)
        self.rows.addRow("Ji&tter up to", self.jitter)
        column.addLayout(self.rows)
        column.addWidget(self.error)
        column.addStretch(1)
        column.addWidget(self.buttons)

    # --- what is asked depends on what was chosen ------------------------------------------------

    @property
    def chosen(self) -> Kind:
        """What shall go wrong."""
        return KINDS[self.kind.currentIndex()]

    def _show_when(self) -> None:
        _, ask, start = WHEN[self.when.currentIndex()]
        self.rows.setRowVisible(self.count, bool(ask))
        self._ask(self.count, ask)
        self.count.setText(start)
        self._say("")

    def _ask(self, edit: QLineEdit, ask: str) -> None:
        """Name a field, for those who read and for those who listen."""
        head = self.rows.labelForField(edit)
        if isinstance(head, QLabel):
            head.setText(ask)
        edit.setAccessibleName(ask.replace("&", "") or "Value")

    def _show_kind(self) -> None:
        kind = self.chosen
        self.meaning.setText(kind.meaning)
        self.rows.setRowVisible(self.value, bool(kind.ask) and not kind.choices)
        self.rows.setRowVisible(self.where, bool(kind.choices))
        self.rows.setRowVisible(self.body, kind.field == "status")
        self.rows.setRowVisible(self.late, kind.field != "delay")
        self._ask(self.value, kind.ask)
        self.value.setText(kind.start)
        self.value.setPlaceholderText(kind.empty)
        self.where.clear()
        self.where.addItems(list(kind.choices))
        self._say("")

    # --- taking over -----------------------------------------------------------------------------

    def take(self) -> None:
        """Hand the fault over; keep open, with the reason, when it is not taken."""
        try:
            trouble, field = self._accept(self.fields())
        except FieldError as error:
            self._say(str(error), error.edit)
            return
        self._say(trouble, self._edit_of(field) if trouble else None)
        if not trouble:
            self.accept()

    def _edit_of(self, field: str) -> QLineEdit | None:
        """Give the field that a part of a fault is typed into."""
        if field == self.chosen.field:
            return self.value
        counted = dict.fromkeys(("nth", "every", "probability"), self.count)
        return {**counted, "delay": self.late, "jitter": self.jitter, "body": self.body}.get(field)

    def _say(self, trouble: str, wrong: QLineEdit | None = None) -> None:
        """Say what is wrong, mark the field and go there; with nothing, take that back."""
        self.error.setText(trouble)
        self.error.setVisible(bool(trouble))
        for edit in (self.count, self.value, self.body, self.late, self.jitter):
            set_look(edit, "invalid", edit is wrong)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            wrong.selectAll()

    def fields(self) -> FaultFields:
        """Give what was typed, as a fault file has it. Raises FieldError."""
        fields: FaultFields = {
            "service": self.service.currentText().strip() or "*",
            "request": self.request.currentText().strip() or "*",
        }
        if self.node.currentIndex():
            fields["node"] = self.node.currentText()
        when, count = self.when.currentIndex(), self.count.text()
        if when == NTH:
            fields["nth"] = [_number(self.count, part) for part in count.split(",")]
        elif when == EVERY:
            fields["every"] = _number(self.count, count)
        elif when == CHANCE:
            fields["probability"] = self._chance()
        fields["then"] = self._effect()
        return fields

    def _effect(self) -> FaultFields:
        kind = self.chosen
        effect: FaultFields = {}
        if kind.choices:
            effect[kind.field] = self.where.currentText()
        elif kind.whole:
            effect[kind.field] = _number(self.value, self.value.text())
        elif kind.ask:
            text = self.value.text().strip()
            effect[kind.field] = True if kind.empty and not text else text
        else:
            effect[kind.field] = True
        if kind.field == "status" and self.body.text():
            effect["body"] = self.body.text()
        if kind.field != "delay" and self.late.text().strip():
            effect["delay"] = self.late.text().strip()
        if self.jitter.text().strip():
            if "delay" not in effect:
                raise FieldError(self.late, "Jitter comes on top of a delay: say how late first.")
            effect["jitter"] = self.jitter.text().strip()
        return effect

    def _chance(self) -> float:
        """Give the part of requests that is hit, which is typed in percent."""
        text = self.count.text().strip().removesuffix("%").strip()
        try:
            percent = float(text.replace(",", "."))
        except ValueError:
            percent = 0.0
        if not 0 < percent <= 100:
            raise FieldError(
                self.count, f"{text or 'Nothing'} is no percentage above 0, up to 100."
            )
        return percent / 100


def _number(edit: QLineEdit, text: str) -> int:
    try:
        return int(text.strip())
    except ValueError:
        raise FieldError(edit, f"{text.strip() or 'Nothing'} is no whole number.") from None
