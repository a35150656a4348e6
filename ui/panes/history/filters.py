"""What the list of the history is narrowed by: words, and filters that can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from gms_console.history.rows import Entry, HistoryFacts, HistoryQuery

from ..common import icon_button, named
from ..flow import FlowBar

_TYPING_MS = 150
"""How long typing has to rest before the history is searched."""

_ANY = "Any"
_TYPED = "typed base URL, simulator"
_SINCE = {"Today": 0, "Since yesterday": 1, "Last 7 days": 6, "Last 30 days": 29}
_ENTRIES = {"Single requests": Entry.EXCHANGE, "Polls": Entry.POLL}
_LIST_KEYS = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class HistoryFilters(QWidget):
    """A search field, a menu of filters, and a chip for each that is on.

    `changed` comes with the HistoryQuery; `down` when an arrow key in the field means the list.
    `facts_wanted` comes before the menu is shown.
    """

    changed = Signal(object)
    down = Signal()
    facts_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._query = HistoryQuery()
        self._since = ""
        self._facts = HistoryFacts(0, 0)
        self.edit = named(QLineEdit(), "historySearchEdit", "Search the history")
        self.edit.setPlaceholderText("Search keys, values, bodies")
        self.edit.setToolTip(
            "Words that must all be there, each at the beginning of a word: of a key, a value, an "
            "id, a header, a note or a body"
        )
        self.edit.setClearButtonEnabled(True)
        self.edit.installEventFilter(self)
        self.button = icon_button("filter", "Filter the history")
        self.button.setObjectName("historyFilterButton")
        self.menu = named(QMenu(self), "historyFilterMenu", "Filters of the history")
        self.menu.aboutToShow.connect(self._fill_menu)
        # Not the button's own menu: Qt would wait for that in a loop within the loop.
        self.button.clicked.connect(self._open_menu)
        self.chips = FlowBar()
        self.chips.setObjectName("historyFilterChips")
        self.chips.hide()
        self.row = QHBoxLayout()
        self.row.setSpacing(4)
        self.row.addWidget(self.edit, 1)
        self.row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(self.row)
        column.addWidget(self.chips)
        self._soon = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._soon.timeout.connect(self._apply)
        self.edit.textChanged.connect(lambda _: self._soon.start())
        self.edit.returnPressed.connect(self._apply)

    @property
    def query(self) -> HistoryQuery:
        """What is asked for, as it stands in field and filters."""
        since = None
        if self._since:
            now = datetime.now().astimezone()
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            since = midnight - timedelta(days=_SINCE[self._since])
        return replace(self._query, text=self.edit.text().strip(), since=since)

    def know(self, facts: HistoryFacts) -> None:
        """Take the names that can be filtered by."""
        self._facts = facts

    def clear(self) -> None:
        """Take off all filters, and the words."""
        self._query, self._since = HistoryQuery(), ""
        self.edit.clear()
        self._apply()

    def _apply(self) -> None:
        self._soon.stop()
        self._show_chips()
        self.changed.emit(self.query)

    def _set(self, **values: object) -> None:
        self._query = replace(self._query, **values)  # type: ignore[arg-type]  # the query's fields
        self._apply()

    def _set_since(self, name: str) -> None:
        self._since = name
        self._apply()

    # --- the menu ------------------------------------------------------------------------

    def _open_menu(self) -> None:
        self.menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height())))

    def _fill_menu(self) -> None:
        """Make the menu anew: it offers what is in the history by now."""
        self.facts_wanted.emit()
        menu, query = self.menu, self._query
        menu.clear()
        self._check(
            menu, "Only &problems", query.ok is False, lambda on: {"ok": False if on else None}
        )
        self._check(menu, "Only &starred", query.starred, lambda on: {"starred": on})
        menu.addSeparator()
        self._names("Ser&vice", self._facts.services, query.service or None, "service", "")
        self._names(
            "&Environment", (*self._facts.environments, ""), query.environment, "environment", None
        )
        self._names("&Node", self._facts.nodes, query.node, "node", None)
        since = self._group("S&ince")
        for name in ("", *_SINCE):
            self._choice(since, name or _ANY, name == self._since, partial(self._set_since, name))
        kinds = self._group("&Kind")
        self._choice(kinds, _ANY, query.entry is None, lambda: self._set(entry=None))
        for name, entry in _ENTRIES.items():
            on = query.entry is entry
            self._choice(kinds, name, on, partial(self._set, entry=entry))
        menu.addSeparator()
        menu.addAction("&Clear all", self.clear).setEnabled(self.query != HistoryQuery())

    def _check(
        self, menu: QMenu, text: str, on: bool, values: Callable[[bool], dict[str, object]]
    ) -> None:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda now: self._set(**values(now)))

    def _group(self, title: str) -> tuple[QMenu, QActionGroup]:
        menu = self.menu.addMenu(title)
        return menu, QActionGroup(menu)

    def _names(
        self, title: str, names: tuple[str, ...], chosen: str | None, field: str, none: object
    ) -> None:
        group = self._group(title)
        self._choice(group, _ANY, chosen is None, lambda: self._set(**{field: none}))
        for name in names:
            text = (name or _TYPED).replace("&", "&&")
            self._choice(group, text, name == chosen, partial(self._set, **{field: name}))
        group[0].menuAction().setEnabled(bool(names))

    @staticmethod
    def _choice(
        group: tuple[QMenu, QActionGroup], text: str, on: bool, run: Callable[[], None]
    ) -> QAction:
        action = group[0].addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _=False: run())
        group[1].addAction(action)
        return action

    # --- the chips -----------------------------------------------------------------------

    def _show_chips(self) -> None:
        """Show a chip for each filter; pressing it takes the filter off."""
        query = self._query
        self.chips.clear()
        if query.ok is False:
            self._chip("problems", lambda: self._set(ok=None))
        if query.starred:
            self._chip("starred", lambda: self._set(starred=False))
        if query.service:
            self._chip(query.service, lambda: self._set(service=""))
        if query.environment is not None:
            self._chip(query.environment or _TYPED, lambda: self._set(environment=None))
        if query.node is not None:
            self._chip(query.node, lambda: self._set(node=None))
        if self._since:
            self._chip(self._since.lower(), lambda: self._set_since(""))
        if query.entry is not None:
            name = next(text for text, entry in _ENTRIES.items() if entry is query.entry)
            self._chip(name.lower(), lambda: self._set(entry=None))
        self.chips.setVisible(bool(self.chips.parts))
        self.chips.arrange()

    def _chip(self, text: str, off: Callable[[], None]) -> None:
        chip = QToolButton()
        chip.setObjectName("historyFilterChip")
        chip.setProperty("role", "chip")
        chip.setText(f"{text} ✕".replace("&", "&&"))
        chip.setAccessibleName(f"Filter {text}: take it off")
        chip.setToolTip("Take this filter off")
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Later: the chip goes with what it does.
        chip.clicked.connect(lambda: QTimer.singleShot(0, self, off))
        self.chips.add(chip)
        chip.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrow keys leave the search field for the list."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in _LIST_KEYS
        ):
            self._apply()
            self.down.emit()
            return True
        return super().eventFilter(watched, event)
