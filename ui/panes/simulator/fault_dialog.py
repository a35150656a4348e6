"""The dialog that makes a fault: which requests it hits, when, and what happens then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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

Accept = Callable[[FaultFields], str]
"""Takes a fault over; says what is wrong with it, or nothing."""

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
    first, and `whole` says that it is a number.
    """

    field: str
    title: str
    meaning: str
    ask: str = ""
    start: str = ""
    whole: bool = False
    choices: tuple[str, ...] = ()


KINDS = (
    Kind("status", "Another status", "Nothing is done.", "HTTP status", "500", whole=True),
    Kind("error_in_200", "200 with an error", "Nothing is done.", "Error text", "Session is lost."),
    Kind("delay", "Late answer", "It is done; the answer comes late.", "Late by", "2s"),
    Kind("stall", "Falls silent", "It is done; the answer stops half way.", "Silent for", "5s"),
    Kind(
        "drop",
        "Connection cut",
        "Before the answer nothing is done.",
        "Where",
        "before",
        choices=("before", "headers", "body"),
    ),
    Kind("reset", "Connection reset", "Nothing is done."),
    Kind("truncate", "Answer cut off", "It is done.", "After bytes", "10", whole=True),
    Kind("garbage", "Garbage", "It is done; the answer is no text."),
    Kind("ors_down", "ORS down", "As if Orchestration Server could not be reached."),
    Kind("session_lost", "ORS session lost", "As if ORS had forgotten the session."),
    Kind("pool_empty", "Access numbers used up", "As if no number were free."),
    Kind("node_down", "Node down", "The node refuses connections.", "For", "10s"),
)

EACH, NTH, EVERY, CHANCE = range(4)
WHEN = (
    ("each time", ""),
    ("only the n-th time", "1"),
    ("every n-th time", "5"),
    ("by chance, in percent", "30"),
)


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
        self.setMinimumWidth(460)
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
        self.when = self._combo("faultWhen", "When", tuple(text for text, _ in WHEN))
        self.count = named(QLineEdit(), "faultCount", "How often")
        self.kind = self._combo("faultKind", "What happens", tuple(one.title for one in KINDS))
        self.value = named(QLineEdit(), "faultValue", "Value")
        self.where = named(QComboBox(), "faultWhere", "Where the connection is cut")
        self.meaning = named(label("", "muted"), "faultMeaning", "What it means")
        self.body = named(QLineEdit(), "faultBody", "Body")
        self.body.setPlaceholderText("as GMS would word it")
        self.late = named(QLineEdit(), "faultDelay", "Also late by")
        self.late.setPlaceholderText("not at all")
        self.jitter = named(QLineEdit(), "faultJitter", "More or less by up to")
        self.jitter.setPlaceholderText("exactly so")
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
        self.rows.addRow("Give or &take", self.jitter)
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
        when = self.when.currentIndex()
        self.rows.setRowVisible(self.count, when != EACH)
        self.count.setText(WHEN[when][1])
        self._say("")

    def _show_kind(self) -> None:
        kind = self.chosen
        self.meaning.setText(kind.meaning)
        self.rows.setRowVisible(self.value, bool(kind.ask) and not kind.choices)
        self.rows.setRowVisible(self.where, bool(kind.choices))
        self.rows.setRowVisible(self.body, kind.field == "status")
        self.rows.setRowVisible(self.late, kind.field != "delay")
        head = self.rows.labelForField(self.value)
        if isinstance(head, QLabel):
            head.setText(f"&{kind.ask}" if kind.ask else "")
        self.value.setAccessibleName(kind.ask or "Value")
        self.value.setText(kind.start)
        self.where.clear()
        self.where.addItems(list(kind.choices))
        self._say("")

    # --- taking over -----------------------------------------------------------------------------

    def take(self) -> None:
        """Hand the fault over; keep open, with the reason, when it is not taken."""
        try:
            trouble = self._accept(self.fields())
        except ValueError as error:
            trouble = str(error)
        self._say(trouble)
        if not trouble:
            self.accept()

    def _say(self, trouble: str) -> None:
        self.error.setText(trouble)
        self.error.setVisible(bool(trouble))
        for edit in (self.count, self.value, self.late, self.jitter):
            set_look(edit, "invalid", False)

    def fields(self) -> FaultFields:
        """Give what was typed, as a fault file has it. Raises ValueError for what is no number."""
        fields: FaultFields = {
            "service": self.service.currentText().strip() or "*",
            "request": self.request.currentText().strip() or "*",
        }
        if self.node.currentIndex():
            fields["node"] = self.node.currentText()
        when, count = self.when.currentIndex(), self.count.text()
        if when == NTH:
            fields["nth"] = [self._number(part) for part in count.split(",")]
        elif when == EVERY:
            fields["every"] = self._number(count)
        elif when == CHANCE:
            fields["probability"] = self._number(count.rstrip(" %")) / 100
        fields["then"] = self._effect()
        return fields

    def _effect(self) -> FaultFields:
        kind = self.chosen
        effect: FaultFields = {}
        if kind.choices:
            effect[kind.field] = self.where.currentText()
        elif kind.whole:
            effect[kind.field] = self._number(self.value.text())
        elif kind.ask:
            effect[kind.field] = self.value.text().strip()
        else:
            effect[kind.field] = True
        if kind.field == "status" and self.body.text():
            effect["body"] = self.body.text()
        if kind.field != "delay" and self.late.text().strip():
            effect["delay"] = self.late.text().strip()
        if self.jitter.text().strip():
            effect["jitter"] = self.jitter.text().strip()
        return effect

    def _number(self, text: str) -> int:
        try:
            return int(text.strip())
        except ValueError:
            raise ValueError(f"{text.strip() or 'Nothing'} is no whole number.") from None
