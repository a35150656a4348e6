"""The window of callbacks: a filter, the list, one of them in full, and what is done with them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QWidget,
)

from gms_console.callbacks.record import CallbackRecord

from ...actions import ActionSpec
from ...callbacks.desk import CallbackDesk
from ...callbacks.export import FILE_NAME, CallbackExport
from ...callbacks.numbers import NumberDesk
from ...callbacks.slots import SlotDesk
from ...console import Console
from ...icons import icon
from ...sharing import masked
from ..common import give_way, label, named
from ..tool_window import ToolWindow
from .callback_table import CallbackTable
from .counters import CounterBar
from .details import DetailsPane
from .filter_bar import FilterBar
from .notice import Notice

_INTERVALS = ((0, "Off"), (2, "2 s"), (5, "5 s"), (15, "15 s"))
_ON_BAR = {
    "refreshCallbacks": "recent",
    "rescheduleCallbacks": "calendar",
    "cancelCallbacks": "stop",
    "newCallback": "add",
    "exportCallbacks": "save",
}
_FIRST = "Press F5 to list the callbacks of {place}. The filter above says which."
_NONE = (
    "No callback fits the filter. Choose other states or a longer time, "
    "or create one in the main window (Ctrl+N)."
)
_FAILED = "No list came; what went wrong stands above. F5 asks again."
_NOWHERE = "There is nothing to send to yet. Choose an environment in the main window."


class CallbacksWindow(ToolWindow):
    """Lists callbacks of one service or all; many can be cancelled or moved at once."""

    def __init__(self, console: Console, parent: QWidget) -> None:
        self._ready = False
        super().__init__(console, parent, "callbacks", "Callbacks")
        self._main = parent
        self.desk = CallbackDesk(console, self)
        self.slots = SlotDesk(console, self.desk.changes, self.desk)
        self.numbers = NumberDesk(console, self.desk)
        self.export = CallbackExport(console, self.desk)
        self._dialog: QDialog | None = None
        self._lay_out()
        self.use_actions(self._specs(), tuple(_ON_BAR))
        self._dress_bar()
        self._connect()
        self._ready = True
        self._show_state()

    # --- parts -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.resize(1180, 740)
        self.filter_bar = FilterBar(self.desk.filter)
        self.counters = CounterBar()
        self.notice = Notice(self.console, "callback")
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setHandleWidth(8)
        self.split.setChildrenCollapsible(False)
        for part in (self.filter_bar, self.counters, self.notice):
            self.column.addWidget(part)
        self.column.addWidget(self.split, 1)
        self.table = CallbackTable(self.console, self.desk)
        self.details = DetailsPane()
        self.split.addWidget(self.table)
        self.split.addWidget(self.details)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([820, 340])
        self.count_label: QLabel = named(label("", "muted"), "callbackCountLabel", "How many")
        give_way(self.count_label)
        self.interval_combo = named(
            QComboBox(), "callbackIntervalCombo", "List anew by itself every"
        )
        for seconds, text in _INTERVALS:
            self.interval_combo.addItem(text, seconds)
        caption = label("Auto re&fresh", "muted")
        caption.setBuddy(self.interval_combo)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.count_label, 1)
        row.addWidget(caption)
        row.addWidget(self.interval_combo)
        self.column.addLayout(row)
        self.counters.hide()

    def _specs(self) -> tuple[ActionSpec, ...]:
        spec, table = ActionSpec, self.table
        return (
            spec("refreshCallbacks", "&List", "&Refresh", ("F5",), self.refresh),
            spec("countCallbacks", "&List", "C&ounters", ("F6",), self.desk.count),
            spec("exportCallbacks", "&List", "&Export CSV …", ("Ctrl+E",), self.ask_export),
            spec("stopCallbacks", "&List", "&Stop", ("Ctrl+.",), self.desk.cancel),
            spec("closeCallbacks", "&List", "&Close the window", ("Ctrl+W",), self.close),
            spec("copyCallbacks", "&Edit", "&Copy rows", ("Ctrl+C",), self.copy_rows),
            spec("copyIds", "&Edit", "Copy &ids", ("Ctrl+Shift+C",), self.copy_ids),
            spec("allCallbacks", "&Edit", "Select &all", ("Ctrl+Shift+A",), table.selectAll),
            spec("newCallback", "&Callback", "&New callback", ("Ctrl+N",), self.new_callback),
            spec(
                "openCallback",
                "&Callback",
                "&Open as live service",
                ("Ctrl+Return",),
                lambda: self.open_live(table.current()),
            ),
            spec(
                "rescheduleCallbacks",
                "&Callback",
                "Resc&hedule …",
                ("Ctrl+R",),
                self.ask_reschedule,
            ),
            spec("cancelCallbacks", "&Callback", "Cance&l …", ("Del",), self.ask_cancel),
            spec("checkNumber", "&Callback", "Check a n&umber …", ("Ctrl+K",), self.ask_number),
            spec("goCallbacks", "&Go", "&List", ("Alt+1",), self.go),
            spec("goService", "&Go", "&Service", ("Alt+2",), self._go_service),
            spec("goCustomer", "&Go", "C&ustomer", ("Alt+3", "Ctrl+F"), self._go_customer),
            spec("goRecord", "&Go", "&Keys of the record", ("Alt+4",), self._go_record),
            spec("goMain", "&Go", "&Main window", ("Alt+0",), self._to_main),
        )

    def _dress_bar(self) -> None:
        self._draw_icons()
        for name in _ON_BAR:
            action = self.actions_by_name[name]
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{action.text().replace('&', '')} ({keys})")

    def _draw_icons(self) -> None:
        for name, picture in _ON_BAR.items():
            self.actions_by_name[name].setIcon(icon(picture))

    def _connect(self) -> None:
        desk, bar = self.desk, self.filter_bar
        bar.changed.connect(lambda: desk.use_filter(bar.filter()))
        bar.entered.connect(self.refresh)
        self.counters.service_chosen.connect(bar.choose_service)
        self.table.chosen.connect(self._show_chosen)
        self.table.opened.connect(self.open_live)
        self.details.opened.connect(self.open_live)
        self.details.copied.connect(lambda record: self._hand_on(record.as_json(), "The record"))
        self.interval_combo.activated.connect(
            lambda: desk.look_every(self.interval_combo.currentData())
        )
        desk.listed.connect(self._show_list)
        desk.changed.connect(self._show_state)
        desk.counted.connect(self._show_counters)
        self.export.finished.connect(self._on_exported)
        self.export.problem_came.connect(desk.show_problem)
        self.console.services.catalogue_changed.connect(self._offer_services)
        self.console.environment_changed.connect(self._show_state)

    # --- what is shown ---------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look by itself while the window is seen, if that was chosen."""
        super().showEvent(event)
        self._offer_services()
        self.desk.watch(seen=True)
        if self.focusWidget() is None:
            self.go()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icons in the colours of another scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._ready:
            self._draw_icons()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Rest while nobody looks."""
        super().hideEvent(event)
        self.desk.watch(seen=False)

    def leave(self) -> None:
        """End on Esc what is under way, or close."""
        if self.desk.busy:
            self.desk.cancel()
        else:
            self.close()

    def _offer_services(self) -> None:
        self.filter_bar.offer_services(self.desk.services())

    def _show_counters(self) -> None:
        """Show the counters; the keys come to them where they stand, before the list."""
        self.counters.show_counts(self.desk.watermarks)
        before: QWidget = self.filter_bar.most_spin
        for chip in self.counters.parts:
            self.setTabOrder(before, chip)
            before = chip

    def _show_list(self) -> None:
        self._offer_services()
        self._show_chosen()
        self._show_state()

    def _show_chosen(self) -> None:
        chosen = self.table.rows()
        first = chosen[0] if chosen else -1
        record = self.table.current() or self.desk.model.record(first)
        self.details.show_record(record)
        self._show_count(len(chosen))
        for name in ("cancelCallbacks", "rescheduleCallbacks", "copyCallbacks", "copyIds"):
            self._action(name).setEnabled(bool(chosen))
        self._action("openCallback").setEnabled(record is not None)

    def _show_count(self, chosen: int) -> None:
        desk = self.desk
        if desk.place is None:
            self.count_label.setText("")
            return
        found = desk.model.rowCount()
        parts = [f"{found:,} {'callback' if found == 1 else 'callbacks'} found"]
        parts.append(f"{chosen:,} selected")
        outcomes = desk.changes.outcomes.values()
        if outcomes:
            done = sum(one.good for one in outcomes)
            parts.append(f"{done:,} done, {len(outcomes) - done:,} not done")
        if desk.model.changed_count:
            parts.append(f"{desk.model.changed_count:,} changed since the list before")
        self.count_label.setText(", ".join(parts))

    def _show_state(self) -> None:
        desk = self.desk
        self.notice.show_all(desk.problem, desk.refusal, desk.note)
        self.table.show_outcomes()
        self.table.hint.setText(self._hint_text())
        self._action("stopCallbacks").setEnabled(desk.busy)
        self._show_chosen()

    def _hint_text(self) -> str:
        environment = self.console.environment
        if environment is None:
            return _NOWHERE
        if self.desk.listing and not self.desk.model.rowCount():
            return "Asking for callbacks …"
        if self.desk.list_failed:
            return _FAILED
        if self.desk.place is not None:
            return _NONE
        place = "the simulator" if self.console.place.on_simulator else environment.title
        return _FIRST.format(place=place)

    # --- what is done ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """List anew, by the filter as it stands."""
        self.desk.use_filter(self.filter_bar.filter(), look=False)
        self.desk.refresh()

    def go(self) -> None:
        """Go to the list."""
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_live(self, record: CallbackRecord | None) -> None:
        """Open a callback among the live services, and show them."""
        if record is not None and self.desk.open_live(record):
            self._to_main()

    def new_callback(self) -> None:
        """Fill in a callback in the main window."""
        self.desk.new_callback()
        self._to_main()

    def ask_cancel(self) -> None:
        """Ask once before the selected callbacks are cancelled."""
        from .cancel_dialog import CancelDialog  # noqa: PLC0415 - not before it is asked for

        records, environment = self.table.records(), self.console.environment
        if not records or environment is None:
            return
        place = "the simulator" if self.console.place.on_simulator else environment.title
        dialog = CancelDialog(records, place, environment.colour, self)
        changes = self.desk.changes
        dialog.each.connect(
            lambda discard: changes.cancel_each(records, discard_ors_failure=discard)
        )
        dialog.at_once.connect(lambda reason: changes.cancel_at_once(records, reason))
        self._open(dialog)

    def ask_reschedule(self) -> None:
        """Ask for a time that the selected callbacks are moved to."""
        from .slot_dialog import SlotDialog  # noqa: PLC0415 - not before it is asked for

        records = self.table.records()
        refusal = self.desk.why_not_moved(records)
        if refusal or not records:
            return
        self.slots.begin(records)
        self._open(SlotDialog(self.console, self.slots, self))

    def ask_number(self) -> None:
        """Ask for a number that is checked; that of the callback at hand stands there first."""
        from .number_dialog import NumberDialog  # noqa: PLC0415 - not before it is asked for

        record = self.table.current()
        number = record.customer if record is not None else ""
        self.numbers.begin()
        self._open(NumberDialog(self.console, self.numbers, number, self))

    def ask_export(self) -> None:
        """Ask what goes into a file, then for the file."""
        from .export_dialog import ExportDialog  # noqa: PLC0415 - not before it is asked for

        dialog = ExportDialog(self.desk.model.rowCount(), self)
        dialog.wanted.connect(self._ask_file)
        self._open(dialog)

    def _ask_file(self, reason: str, is_masked: bool) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        def save(name: str) -> None:
            if reason:
                self.export.save_report(reason, Path(name), masked=is_masked)
            else:
                self.export.save_list(self.desk.model.records, Path(name), masked=is_masked)

        dialog = QFileDialog(self, "Export callbacks", "", "Tables (*.csv)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(FILE_NAME)
        dialog.fileSelected.connect(save)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.open()

    def copy_rows(self) -> None:
        """Copy the selected callbacks as a table, one key in each column."""
        from gms_console.callbacks.table import tabbed  # noqa: PLC0415 - not before it is asked for

        records = self.table.records()
        self._hand_on(tabbed(records), f"{len(records):,} rows")

    def copy_ids(self) -> None:
        """Copy the ids of the selected callbacks, one on each line."""
        records = self.table.records()
        self._hand_on("\n".join(record.id for record in records), f"{len(records):,} ids")

    def _hand_on(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(masked(self.console, text))
        self.console.message.emit(f"{what} copied; secrets are masked, customer numbers are not.")

    def _on_exported(self, text: str) -> None:
        self.console.message.emit(text)

    def _go_service(self) -> None:
        self.filter_bar.service_combo.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.service_edit.selectAll()

    def _go_customer(self) -> None:
        self.filter_bar.customer_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.customer_edit.selectAll()

    def _go_record(self) -> None:
        self.details.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _to_main(self) -> None:
        self._main.raise_()
        self._main.activateWindow()

    def _action(self, name: str) -> QAction:
        return self.actions_by_name[name]
