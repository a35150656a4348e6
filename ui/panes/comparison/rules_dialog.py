"""Edits what is not counted as a difference for a service."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.comparison import DEFAULT_RULES, IgnoreRules, RuleError

from ...comparison.desk import ComparisonDesk
from ...theme import monospace
from ..common import exact_text, label, named

_HELP = (
    "One a line. A name such as _id ignores members of that name at whatever depth, a path such "
    "as items[*].at those of that place, and header: Date a header of the answer. They are shown "
    "all the same, and not counted."
)


class RulesDialog(QDialog):
    """The rules of the service that is compared, as lines; a wrong one is explained below them."""

    def __init__(self, desk: ComparisonDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        service = desk.pair.service if desk.pair is not None else ""
        of = service or "requests of no known service"
        self.setObjectName("comparisonRulesDialog")
        self.setWindowTitle("Ignored differences")
        self.resize(520, 420)
        heading = label(f"Ignored for {of}", "section")
        note = label(_HELP, "muted")
        note.setWordWrap(True)
        self.edit = named(QPlainTextEdit(), "comparisonRulesEdit", f"Ignored for {of}")
        self.edit.setFont(monospace())
        self.edit.setTabChangesFocus(True)
        self.edit.setPlainText("\n".join(desk.rules.lines()))
        self.error = named(label("", "error"), "comparisonRulesError", "What is wrong")
        self.error.setWordWrap(True)
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        reset = named(QPushButton("As at &first"), "comparisonRulesReset", "As at first")
        reset.setToolTip("What GMS makes anew for each create: ids, access numbers, times")
        self.buttons.addButton(reset, QDialogButtonBox.ButtonRole.ResetRole)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        for part in (heading, note, self.edit, self.error, self.buttons):
            column.addWidget(part)
        self.edit.textChanged.connect(self._check)
        reset.clicked.connect(lambda: self.edit.setPlainText("\n".join(DEFAULT_RULES.lines())))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _read(self) -> IgnoreRules:
        return IgnoreRules.from_lines(exact_text(self.edit).split("\n"))

    def _check(self) -> None:
        """Say what is wrong while it is typed, and let nothing wrong be kept."""
        try:
            self._read()
        except RuleError as error:
            self.error.setText(str(error))
        else:
            self.error.setText("")
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(not self.error.text())

    def accept(self) -> None:
        """Go by the rules from now on."""
        try:
            rules = self._read()
        except RuleError:
            return
        super().accept()
        self._desk.use_rules(rules)
