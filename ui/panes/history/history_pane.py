"""The history: what was sent and received, searched, filtered, shown and sent again."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gms_console.history import HistoryQuery, HistoryRow

from ...console import Console
from ..common import Hint, Pane, icon_button, label, named, set_look
from .filters import HistoryFilters
from .history_view import HistoryView, attempt_of, exchange_of, row_of

_NOTHING = "Nothing yet. Every request that you send is kept here, and can be sent again."
_NOT_FOUND = (
    "Nothing found. Words are found by their beginning, phone numbers also by their end. "
    "Try fewer words, or take off a filter."
)
_PRIVATE = "Private mode: nothing is kept. It can be switched off in the menu History."
_NOT_KEPT = "This window keeps no history."
_READING = "Reading the history …"


class HistoryPane(Pane):
    """A list by time with a search field above it, and what can be done with its rows below it.

    What is asked for comes as signals: `resend_wanted`, `star_wanted`, `note_wanted`,
    `delete_wanted`, `compare_wanted` and `settings_wanted`; `menu_wanted` with a place.
    """

    resend_wanted = Signal()
    star_wanted = Signal()
    note_wanted = Signal()
    delete_wanted = Signal()
    compare_wanted = Signal()
    settings_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._console = console
        self._desk = console.history
        self._list = console.history.list
        self._entering = False
        self.filters = HistoryFilters()
        self.private_label = named(label("", "warning"), "historyPrivateLabel", "Private mode")
        self.private_label.setWordWrap(True)
        self.trouble_label = named(label("", "error"), "historyTroubleLabel", "Not all is kept")
        self.trouble_label.setWordWrap(True)
        self.view = HistoryView()
        self.view.setModel(self._list.model)
        self._hint = Hint(self.view, _READING)
        self.details_label = named(label("", "muted"), "historyDetails", "About the row")
        self.details_label.setWordWrap(True)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._show_settings()
        self._show_chosen()

    def _make_buttons(self) -> None:
        self.settings_button = icon_button("settings", "History settings (Ctrl+Alt+H)")
        self.settings_button.setObjectName("historySettingsButton")
        self.resend_button = named(
            QPushButton("Edit and resend"), "resendButton", "Edit and resend"
        )
        self.resend_button.setToolTip(
            "Put this request into the form again, to be edited and sent (Ctrl+Shift+R)"
        )
        self.star_button = icon_button("star", "Star the row, or take it away (Ctrl+Alt+B)")
        self.star_button.setObjectName("starButton")
        self.note_button = icon_button("note", "Write a note on the row (Ctrl+Shift+J)")
        self.note_button.setObjectName("noteButton")
        self.compare_button = icon_button("compare", "Compare the two selected rows (Ctrl+Alt+M)")
        self.compare_button.setObjectName("compareButton")
        self.delete_button = icon_button("remove", "Delete the selected rows (Delete)")
        self.delete_button.setObjectName("deleteButton")

    def _lay_out(self) -> None:
        self.filters.row.addWidget(self.settings_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.resend_button, 1)
        for button in (
            self.star_button,
            self.note_button,
            self.compare_button,
            self.delete_button,
        ):
            buttons.addWidget(button)
        for part in (self.filters, self.private_label, self.trouble_label):
            self.body.addWidget(part)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.details_label)
        self.body.addLayout(buttons)

    def _connect(self) -> None:
        view, rows = self.view, self._list
        self.filters.changed.connect(self._search)
        self.filters.down.connect(self._enter_list)
        self.filters.facts_wanted.connect(self._desk.read_facts)
        view.pointed.connect(self._show_index)
        view.entered.connect(self._show_index)
        view.menu_wanted.connect(self.menu_wanted)
        view.delete_wanted.connect(self.delete_wanted)
        view.expanded.connect(lambda index: self._on_fold(index, folded=False))
        view.collapsed.connect(lambda index: self._on_fold(index, folded=True))
        view.selectionModel().selectionChanged.connect(lambda *_: self._show_chosen())
        rows.about_to_join.connect(view.hold)
        rows.joined.connect(view.stay)
        rows.changed.connect(self._on_rows)
        rows.model.itemChanged.connect(lambda _: self._show_chosen())
        self._desk.settings_changed.connect(self._show_settings)
        self._desk.trouble_changed.connect(self._show_settings)
        self.resend_button.clicked.connect(self.resend_wanted)
        self.star_button.clicked.connect(self.star_wanted)
        self.note_button.clicked.connect(self.note_wanted)
        self.compare_button.clicked.connect(self.compare_wanted)
        self.delete_button.clicked.connect(self.delete_wanted)
        self.settings_button.clicked.connect(self.settings_wanted)

    # --- what is chosen ------------------------------------------------------------------

    @property
    def rows(self) -> list[HistoryRow]:
        """The selected rows, each once; an attempt stands for its poll."""
        found = [row for index in self.view.chosen() if (row := row_of(index)) is not None]
        return list({row.number: row for row in found}.values())

    @property
    def exchanges(self) -> list[str]:
        """The ids of the exchanges of what is selected, an attempt's its own."""
        ids = (exchange_of(index) for index in self.view.chosen())
        return list(dict.fromkeys(one for one in ids if one))

    @property
    def current(self) -> tuple[HistoryRow, str] | None:
        """The row at hand, and the exchange to show for it."""
        index = self.view.currentIndex()
        row = row_of(index)
        return (row, exchange_of(index)) if row is not None else None

    def focus_search(self) -> None:
        """Go to the search field, all of it selected."""
        self.filters.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.edit.selectAll()

    def _enter_list(self) -> None:
        """Go from the search field to the list, at its first row once what was typed is found."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._entering = self._list.reading
        if not self._entering:
            self._go_to_first()

    def _on_rows(self) -> None:
        self._show_state()
        self.view.select_current()
        if self._entering:
            self._entering = False
            if self.view.hasFocus():
                self._go_to_first()

    def _go_to_first(self) -> None:
        if not self.view.currentIndex().isValid():
            model = self._list.model
            first = next(
                (
                    index
                    for place in range(min(model.rowCount(), 2))
                    if row_of(index := model.index(place, 0)) is not None
                ),
                QModelIndex(),
            )
            self.view.setCurrentIndex(first)

    # --- showing -------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Keep up with what is sent while the list is in sight."""
        super().showEvent(event)
        self._list.watch(on=True)
        self._desk.read_facts()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the list as it is while it is not in sight."""
        super().hideEvent(event)
        self._list.watch(on=False)

    def _search(self, query: HistoryQuery) -> None:
        self._list.search(query)
        self._show_state()

    def _show_index(self, index: QModelIndex) -> None:
        row, exchange_id = row_of(index), exchange_of(index)
        selected = len(self.view.selectedIndexes())
        if row is not None and selected <= 1:
            self._desk.show(row, exchange_id)

    def _on_fold(self, index: QModelIndex, *, folded: bool) -> None:
        row = row_of(index)
        if row is not None:
            (self._list.fold if folded else self._list.unfold)(row.number)

    def _show_state(self) -> None:
        """Say why the list is empty, where it is."""
        if self._desk.engine is None:
            text = _NOT_KEPT
        elif not self._list.read:
            text = _READING
        elif self._list.filtered:
            text = _NOT_FOUND
        else:
            text = _PRIVATE if self._desk.settings.private else _NOTHING
        self._hint.setText(text)
        self._hint.refresh()

    def _show_settings(self) -> None:
        private = self._desk.settings.private
        self.private_label.setText("Private mode: nothing new is kept.")
        self.private_label.setVisible(private)
        self.trouble_label.setText(self._desk.trouble)
        self.trouble_label.setVisible(bool(self._desk.trouble))
        self.filters.know(self._desk.facts)
        self._show_state()

    def _show_chosen(self) -> None:
        """Offer what can be done with what is selected, and say what is known of it."""
        rows, current = self.rows, self.current
        self.resend_button.setEnabled(current is not None and bool(current[1]))
        self.star_button.setEnabled(bool(rows))
        starred = bool(rows) and all(row.starred for row in rows)
        name = "star-filled" if starred else "star"
        if self.star_button.property("iconName") != name:
            self._show_star(name)
        self.note_button.setEnabled(len(rows) == 1)
        self.compare_button.setEnabled(len(self.exchanges) == 2)
        self.delete_button.setEnabled(bool(rows))
        self._show_details(rows)

    def _show_star(self, name: str) -> None:
        from ...icons import icon  # noqa: PLC0415 - not before there is a star

        self.star_button.setProperty("iconName", name)
        self.star_button.setIcon(icon(name))
        set_look(self.star_button, "starred", name == "star-filled")

    def _show_details(self, rows: list[HistoryRow]) -> None:
        text = ""
        if len(rows) > 1:
            text = f"{len(rows)} rows are selected."
        elif rows:
            text = rows[0].note
        index = self.view.currentIndex()
        if not text and row_of(index) is not None and self._list.model.hasChildren(index):
            text = self._states(index)
        self.details_label.setText(text)
        self.details_label.setVisible(bool(text))

    def _states(self, index: QModelIndex) -> str:
        """Name the states that an unfolded poll was seen in, in their order."""
        model = self._list.model
        count = model.rowCount(index)
        attempts = [attempt_of(model.index(place, 0, index)) for place in range(count - 1, -1, -1)]
        seen = Counter(one.state for one in attempts if one is not None and one.state is not None)
        return " → ".join(f"{state} ({times}×)" for state, times in seen.items())
