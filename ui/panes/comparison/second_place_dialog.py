"""Asks for the second place: where the form goes too, or where its service is matched."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...comparison.matching import MATCH_SERVICE, MatchPlan, match_draft
from ...comparison.second_place import OtherPlace
from ...console import Console
from ...theme import colours
from ...tips import plain_tip
from ..common import label, named
from ..environment.swatches import swatch_icon

_NOWHERE = (
    "There is no other node and no other environment. "
    "Add one in the settings of environments (Ctrl+Shift+E)."
)
_WARNING = (
    "A match takes the number: it is released at once, and the customer's call is not matched "
    "any more. Use it for services that you created to try it out."
)
_CHOOSE = "Choose one: another environment is never chosen beforehand."
_ANOTHER_CLUSTER = "another cluster: it knows nothing of this number"
_SHOWN = 80
"""Characters of a row's value that are shown."""

_PLACE_ROLE = Qt.ItemDataRole.UserRole


class SecondPlaceDialog(QDialog):
    """Lists places; Enter sends to the chosen one. With `match`, asks also how it is matched."""

    def __init__(self, console: Console, parent: QWidget, *, match: bool) -> None:
        super().__init__(parent)
        self._console = console
        self._match = match
        self._rows: dict[tuple[str, str], int] = {}
        self.setObjectName("secondPlaceDialog")
        self.setWindowTitle("Create here, match there" if match else "Send to a second place too")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self.heading = named(label(self._what_goes()), "secondPlaceHeading", "What is sent")
        self.heading.setWordWrap(True)
        self.list = named(QListWidget(), "secondPlaceList", "Second place")
        self.list.setIconSize(QSize(14, 14))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.service_edit = named(
            QLineEdit(MATCH_SERVICE), "matchServiceEdit", "Service that matches"
        )
        self.code_box = named(
            QCheckBox("Send the access &code too, where the answer has one"),
            "matchCodeBox",
            "Send the access code too",
        )
        self.rows_label = named(label("", "muted"), "matchRowsLabel", "Further rows of the match")
        self.rows_label.setWordWrap(True)
        self.note = named(label("", "muted"), "secondPlaceNote", "Note")
        self.note.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        text = "Create and &match" if match else "&Send to both"
        self.send_button = named(QPushButton(text), "secondPlaceSendButton", text.replace("&", ""))
        self.send_button.setProperty("role", "primary")
        self.buttons.addButton(self.send_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.send_button.setDefault(True)
        self._lay_out()
        self._connect()
        self._fill()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _what_goes(self) -> str:
        environment, prepared = self._console.environment, self._console.preview.prepared
        if environment is None or prepared is None:
            return ""
        title = prepared.operation.title
        if self._match:
            return f"First: {title} at {environment.title}, as previewed.\nThen: its match at"
        return f"{title} goes to {environment.title} as previewed, and at the same time to"

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(self.list, 1)
        if self._match:
            row = QHBoxLayout()
            name = label("Matched b&y", "muted")
            name.setBuddy(self.service_edit)
            row.addWidget(name)
            row.addWidget(self.service_edit, 1)
            warning = named(label(_WARNING, "warning"), "matchWarning", "What a match does")
            warning.setWordWrap(True)
            column.addLayout(row)
            column.addWidget(self.code_box)
            column.addWidget(self.rows_label)
            column.addWidget(warning)
        column.addWidget(self.note)
        column.addWidget(self.buttons)

    def _connect(self) -> None:
        self.list.itemSelectionChanged.connect(self._show_choice)
        self.list.itemDoubleClicked.connect(self.accept)
        self.send_button.clicked.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.service_edit.textChanged.connect(self._fill)

    @property
    def plan(self) -> MatchPlan | None:
        """How it is matched; None where the form itself goes to both."""
        if not self._match:
            return None
        return MatchPlan(self.service_edit.text().strip(), self.code_box.isChecked())

    @property
    def chosen(self) -> OtherPlace | None:
        """The place that is chosen."""
        # The list may have a current item that nobody chose.
        items = self.list.selectedItems()
        found = items[0].data(_PLACE_ROLE) if items else None
        return found if isinstance(found, OtherPlace) else None

    def _fill(self) -> None:
        before, plan = self.chosen, self.plan
        places = self._console.second_place.places(plan)
        self._rows.clear()
        self.list.clear()
        parted = False
        for place in places:
            if plan is not None and not place.same and not parted:
                parted = True
                self.list.addItem(_separator(_ANOTHER_CLUSTER))
            self._rows[place.key] = self.list.count()
            self.list.addItem(_item(place, plan is not None))
        self._choose(places, before)
        if plan is not None:
            rows = match_draft(self._console, plan.service).form
            sent = [one for one in rows if one.enabled and not one.is_file]
            texts = [f"{one.key}={_short(one.value)}" for one in sent]
            self.rows_label.setText(f"Also, from its form: {', '.join(texts)}" if texts else "")
            self.rows_label.setVisible(bool(texts))
        self._show_choice()

    def _choose(self, places: tuple[OtherPlace, ...], before: OtherPlace | None) -> None:
        """Choose what was chosen before, else a node of this environment, and never another one."""
        usable = [place for place in places if not place.refusal]
        again = [place for place in usable if before is not None and place.key == before.key]
        nodes = [place for place in usable if place.same]
        last = [place for place in nodes if place.key == self._console.second_place.last]
        for place in (*again, *last, *nodes)[:1]:
            self.list.setCurrentRow(self._rows[place.key])
            return
        # Told so, the list makes no item the current one when it gets the focus.
        self.list.setCurrentIndex(QModelIndex())
        self.list.clearSelection()

    def _show_choice(self) -> None:
        chosen = self.chosen
        self.send_button.setEnabled(chosen is not None and not chosen.refusal)
        note = "" if self._rows else _NOWHERE
        if self._rows and chosen is None:
            items = (self.list.item(row) for row in self._rows.values())
            usable = any(item.flags() & Qt.ItemFlag.ItemIsEnabled for item in items)
            note = _CHOOSE if usable else "It can go to none of these as it stands."
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def accept(self) -> None:
        """Send; what has to be asked before is asked after this dialog is gone."""
        chosen, plan = self.chosen, self.plan
        if chosen is None or chosen.refusal:
            return
        super().accept()
        if plan is None:
            self._console.second_place.send(chosen)
        else:
            self._console.second_place.create_and_match(chosen, plan)


def _short(value: str) -> str:
    """Cut a value that a label would take long to lay out."""
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]} …"


def _separator(words: str) -> QListWidgetItem:
    item = QListWidgetItem(words)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setForeground(QColor(colours().muted))
    return item


def _item(place: OtherPlace, matched: bool) -> QListWidgetItem:
    second = place.refusal.partition("\n")[0] or place.base_url
    item = QListWidgetItem(f"{place.title}\n{second}")
    item.setIcon(swatch_icon(place.colour))
    item.setData(_PLACE_ROLE, place)
    item.setToolTip(plain_tip(place.refusal or place.base_url))
    if matched and not place.same:
        spoken = f"{place.title}, {_ANOTHER_CLUSTER}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
    if place.refusal:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        # Its reason is to be read: Qt would fade it.
        item.setForeground(QColor(colours().muted))
    return item
