"""Which rules mask, which keys besides, and what that does to what would be exported."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from gms_console.evidence.rules import RedactionRules, Rule

from ...evidence.desk import Preview
from ...tips import plain_tip
from ..common import Hint, label, named, set_label

_HEADINGS = ("Rule", "Where", "Before", "After")
_LOOKING = "Looking through what would be exported …"
_NOTHING = "Nothing in it would be masked."
_SWITCHED = tuple(rule for rule in Rule if rule is not Rule.OWN_KEYS)


class RulesPart(QWidget):
    """A box for each rule, a field for own keys, and a table of what would be masked.

    `changed` comes when the rules are others.
    """

    changed = Signal()

    def __init__(self, rules: RedactionRules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = {
            rule: named(
                QCheckBox(rule.value.capitalize()),
                f"rule_{rule.name.lower()}_Box",
                f"Mask {rule.value}",
            )
            for rule in _SWITCHED
        }
        for rule, box in self.boxes.items():
            box.setChecked(rules.holds(rule))
            box.setToolTip(plain_tip(rule.reason))
            box.clicked.connect(self.changed)
        self.keys_edit = named(
            QLineEdit(", ".join(rules.own_keys)), "ownKeysEdit", "Own keys to mask"
        )
        self.keys_edit.setPlaceholderText("such as customer_name, *_account")
        self.keys_edit.setToolTip(
            "Names of rows, headers or members of answers, with commas between.\n"
            "* stands for any characters."
        )
        self.keys_edit.textChanged.connect(self.changed)
        self.table = self._make_table()
        self.hint = Hint(self.table, _LOOKING)
        self.note = named(label("", "muted"), "maskedNote", "About the preview")
        self.note.setWordWrap(True)
        self._lay_out()

    def _make_table(self) -> QTreeView:
        table = named(QTreeView(), "maskedTable", "What would be masked")
        self._rows = QStandardItemModel(0, len(_HEADINGS), self)
        self._rows.setHorizontalHeaderLabels(list(_HEADINGS))
        table.setModel(self._rows)
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAllColumnsShowFocus(True)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 130), (2, 210), (3, 110)):
            table.setColumnWidth(column, width)
        return table

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        for place, box in enumerate(self.boxes.values()):
            grid.addWidget(box, place // 3, place % 3)
        keys = QHBoxLayout()
        name = label("Own &keys")
        name.setTextFormat(Qt.TextFormat.AutoText)
        name.setBuddy(self.keys_edit)
        keys.addWidget(name)
        keys.addWidget(self.keys_edit, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Masked before anything is written", "section"))
        column.addLayout(grid)
        column.addLayout(keys)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)

    @property
    def rules(self) -> RedactionRules:
        """The rules as they are chosen."""
        off = frozenset(rule for rule, box in self.boxes.items() if not box.isChecked())
        keys = (key.strip() for key in self.keys_edit.text().split(","))
        return RedactionRules(off, tuple(dict.fromkeys(key for key in keys if key)))

    def show_looking(self) -> None:
        """Say that the preview is being made."""
        self._rows.setRowCount(0)
        self.hint.setText(_LOOKING)
        self.hint.refresh()
        set_label(self.note, "", "muted")

    def show_preview(self, preview: Preview) -> None:
        """Show what would be masked."""
        self._rows.setRowCount(0)
        for line in preview.rows:
            times = f" ({line.places}×)" if line.places > 1 else ""
            texts = (line.rule.value, f"{line.place}{times}", line.before, line.after)
            items = [QStandardItem(text) for text in texts]
            for item, text in zip(items, texts, strict=True):
                item.setToolTip(plain_tip(text))
            self._rows.appendRow(items)
        self.hint.setText(_NOTHING)
        self.hint.refresh()
        set_label(self.note, _note(preview), "muted")


def _note(preview: Preview) -> str:
    if preview.trouble:
        return f"The preview cannot be made. {preview.trouble}"
    if not preview.total:
        return "There is nothing to export."
    more = f" {preview.more:,} more values are not listed." if preview.more else ""
    seen = f"{preview.seen:,} request{'' if preview.seen == 1 else 's'}"
    if preview.seen < preview.total:
        return (
            f"The first {seen} of {preview.total:,} were looked through; "
            f"the report masks all of them.{more}"
        )
    always = "Secrets of environments are masked whatever the rules say."
    return f"{seen} looked through.{more} {always}"
