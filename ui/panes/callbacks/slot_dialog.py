"""Picks the time that callbacks are moved to, among those that GMS has free."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, QSignalBlocker, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gms_console.callbacks.asking import slots_by_day
from gms_console.callbacks.changing import TIME_KEYS
from gms_console.model.slot import Slot

from ...callbacks.slots import SlotDesk
from ...console import Console
from ...theme import colours
from ..common import label, named
from .notice import Notice
from .parts import TreeHint

_SLOT_ROLE = Qt.ItemDataRole.UserRole + 1
_UNFOLDED = 100
"""Times that are shown with all days unfolded; of more only the first day is."""

_NOTHING = "No free time in this period. Choose a longer one, or type a time below."


class SlotDialog(QDialog):
    """Stays open until all are moved: a refusal shows the times that GMS offers instead."""

    def __init__(self, console: Console, desk: SlotDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("slotDialog")
        self.setWindowTitle("Reschedule callbacks")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(680, 620)
        self.title = named(label("", "section"), "slotTitle", "What is moved")
        self.notice = Notice(console, "slot")
        self._make_period()
        self._make_tree()
        self._make_time()
        self._lay_out()
        desk.slots_changed.connect(self._show_slots)
        desk.changed.connect(self._show_state)
        desk.moved.connect(self.accept)
        self._show_state()
        self.look_up()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- parts -----------------------------------------------------------------------------------

    def _make_period(self) -> None:
        self.from_edit = named(QDateEdit(), "slotFromEdit", "First day")
        self.from_edit.setDisplayFormat("ddd yyyy-MM-dd")
        self.from_edit.setCalendarPopup(True)
        self.from_edit.setDate(QDate.currentDate())
        self.days_spin = named(QSpinBox(), "slotDaysSpin", "Number of days")
        self.days_spin.setRange(1, 92)
        self.days_spin.setSuffix(" days")
        self.days_spin.setValue(7)
        self.look_button = named(QPushButton("&Look up"), "slotLookButton", "Look up free times")
        self.look_button.setAutoDefault(False)
        self.look_button.clicked.connect(self.look_up)
        self.heading = named(label("", "muted"), "slotHeading", "Where the times come from")

    def _make_tree(self) -> None:
        self.tree = named(QTreeWidget(), "slotTree", "Times, by day")
        self.tree.setHeaderLabels(("Time", "Free", "As GMS writes it"))
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.header().setStretchLastSection(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        character = self.fontMetrics().horizontalAdvance("0")
        self.tree.setColumnWidth(0, character * 34)
        self.tree.setColumnWidth(1, character * 14)
        self._hint = TreeHint(self.tree, _NOTHING, below=30)
        self.tree.currentItemChanged.connect(self._take_current)
        self.tree.itemActivated.connect(self._on_activated)

    def _make_time(self) -> None:
        self.time_edit = named(QLineEdit(), "slotTimeEdit", "Time that is sent")
        self.time_edit.setPlaceholderText(
            "picked above, or any time, such as 2026-11-27T09:30:00.000Z"
        )
        self.key_combo = named(QComboBox(), "slotKeyCombo", "Key of the new time")
        self.key_combo.setEditable(True)
        self.key_combo.addItems(TIME_KEYS)
        self.preview = named(label("", "addressBox"), "slotPreview", "What is sent")
        self.preview.setWordWrap(True)
        self.buttons = QDialogButtonBox()
        self.move_button = named(QPushButton("&Reschedule"), "slotMoveButton", "Reschedule")
        self.move_button.setProperty("role", "primary")
        self.move_button.setAutoDefault(False)
        self.close_button = named(QPushButton("&Close"), "slotCloseButton", "Close")
        self.close_button.setAutoDefault(False)
        self.buttons.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.addButton(self.move_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.move_button.clicked.connect(self.move_all)
        self.buttons.rejected.connect(self.reject)
        self.time_edit.textChanged.connect(self._show_preview)
        self.time_edit.returnPressed.connect(self.move_all)
        self.key_combo.editTextChanged.connect(self._show_preview)

    def _lay_out(self) -> None:
        period, chosen = QHBoxLayout(), QHBoxLayout()
        for row, parts in (
            (period, (("&From", self.from_edit), ("f&or", self.days_spin))),
            (chosen, (("&Time", self.time_edit), ("sent &as", self.key_combo))),
        ):
            row.setSpacing(6)
            for text, part in parts:
                caption = label(text, "muted")
                caption.setBuddy(part)
                row.addWidget(caption)
                row.addWidget(part, 1 if part is self.time_edit else 0)
        period.addWidget(self.look_button)
        period.addWidget(self.heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addLayout(period)
        column.addWidget(self.notice)
        column.addWidget(self.tree, 1)
        column.addLayout(chosen)
        column.addWidget(self.preview)
        column.addWidget(self.buttons)

    # --- what is done ----------------------------------------------------------------------------

    def look_up(self) -> None:
        """Ask for the free times of the chosen days."""
        first = self.from_edit.date()
        day = date(first.year(), first.month(), first.day())
        start = datetime.combine(day, time()).astimezone()
        end = start + timedelta(days=self.days_spin.value())
        # A time that has passed cannot be had.
        self._desk.look_up(max(start, datetime.now().astimezone().replace(microsecond=0)), end)

    def move_all(self) -> None:
        """Move the callbacks to the time that stands in the field."""
        if self.move_button.isEnabled():
            key = self.key_combo.currentText().strip() or TIME_KEYS[0]
            self._desk.move(self.time_edit.text().strip(), key)

    def done(self, result: int) -> None:
        """Close; what is under way ends."""
        self._desk.cancel()
        super().done(result)

    def _take_current(self, item: QTreeWidgetItem | None) -> None:
        slot = item.data(0, _SLOT_ROLE) if item is not None else None
        if isinstance(slot, Slot):
            self.time_edit.setText(slot.time)

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        if isinstance(item.data(0, _SLOT_ROLE), Slot):
            self._take_current(item)
            self.move_all()

    # --- what is shown ---------------------------------------------------------------------------

    def _show_slots(self) -> None:
        """Show times by day; the field keeps what was picked or typed before."""
        with QSignalBlocker(self.tree):
            self.tree.clear()
            for day, slots in slots_by_day(self._desk.slots):
                self.tree.addTopLevelItem(_day_item(day, slots))
            if len(self._desk.slots) <= _UNFOLDED:
                self.tree.expandAll()
            else:
                self.tree.expand(self.tree.model().index(0, 0))
        self._hint.refresh()
        self._show_state()

    def _show_state(self) -> None:
        desk = self._desk
        count = len(desk.left)
        what = "1 callback" if count == 1 else f"{count:,} callbacks"
        done = f"; {desk.done:,} moved already" if desk.done else ""
        self.title.setText(f"Move {what} of {desk.service} to another time{done}")
        self.notice.show_all(desk.problem, desk.refusal)
        self.heading.setText("Asking …" if desk.busy else desk.heading)
        self._hint.setText("Asking for free times …" if desk.busy else _NOTHING)
        self._show_preview()

    def _show_preview(self) -> None:
        text, key = self.time_edit.text().strip(), self.key_combo.currentText().strip()
        shown = self._desk.preview(text, key or TIME_KEYS[0])
        self.preview.setText(shown or "Pick a time to see what would be sent.")
        self.move_button.setEnabled(bool(text) and not self._desk.busy and bool(self._desk.left))


def _day_item(day: date | None, slots: tuple[Slot, ...]) -> QTreeWidgetItem:
    free = sum(slot.free for slot in slots if slot.free)
    name = f"{day:%A %d %B %Y}" if day is not None else "Times that cannot be read"
    made = QTreeWidgetItem((name, f"{free:,} in all", ""))
    font = made.font(0)
    font.setBold(True)
    made.setFont(0, font)
    for slot in slots:
        when = f"{slot.at.astimezone():%H:%M %Z}" if slot.at is not None else slot.time
        count = "" if slot.free is None else f"{slot.free} free" if slot.free else "full"
        item = QTreeWidgetItem((when, count, slot.time))
        item.setData(0, _SLOT_ROLE, slot)
        if slot.free == 0:
            # It can be picked all the same: how GMS refuses it is worth a test.
            for column in range(item.columnCount()):
                item.setForeground(column, QBrush(QColor(colours().muted)))
        made.addChild(item)
    return made
