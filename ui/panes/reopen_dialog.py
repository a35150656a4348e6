"""Reopen an instance of this start or an earlier one, or any by its id."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..console import Console
from ..reopening import Reopenable
from ..tips import plain_tip
from .common import label, named, prepare_rows

_HEADINGS = ("Service", "Id", "Created", "Where")
_EMPTY = (
    "Nothing to reopen yet. Every instance that you create is remembered here; "
    "those of the simulator end with it."
)
_LIST_KEYS = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class ReopenDialog(QDialog):
    """A list to choose from, with a filter, and fields for an id that is not in it."""

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(parent)
        self._console = console
        self.setObjectName("reopenDialog")
        self.setWindowTitle("Reopen an instance")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 460)
        self.filter_edit = named(QLineEdit(), "reopenFilterEdit", "Filter known instances")
        self.filter_edit.setPlaceholderText("Filter by service, id, time or base URL")
        self.filter_edit.setClearButtonEnabled(True)
        self.list = named(QTreeWidget(), "reopenList", "Known instances")
        self.id_edit = named(QLineEdit(), "reopenIdEdit", "Instance id")
        self.id_edit.setPlaceholderText("an id that is not in the list")
        self.service_edit = named(QLineEdit(), "reopenServiceEdit", "Service of that id")
        self.service_edit.setPlaceholderText("its service, if known")
        self.note_label = named(label("", "muted"), "reopenNoteLabel", "What happens")
        self.note_label.setWordWrap(True)
        self._forget = named(QPushButton("Forget"), "forgetButton", "Forget")
        self._forget.setToolTip("Take the chosen instance off this list (Delete)")
        self._forget_all = named(QPushButton("Forget all"), "forgetAllButton", "Forget all")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._reopen = named(QPushButton("Reopen"), "reopenConfirmButton", "Reopen")
        self._reopen.setProperty("role", "primary")
        self._buttons.addButton(self._reopen, QDialogButtonBox.ButtonRole.AcceptRole)
        self._prepare_list()
        self._lay_out()
        # Enter in a field must reopen, never forget.
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(button is self._reopen)
        self._reopen.setDefault(True)
        self._connect()
        self._fill()
        self.filter_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _prepare_list(self) -> None:
        prepare_rows(self.list, _HEADINGS, 1)
        for column, width in ((0, 180), (2, 160), (3, 170)):
            self.list.setColumnWidth(column, width)
        self.list.installEventFilter(self)
        self.filter_edit.installEventFilter(self)

    def _lay_out(self) -> None:
        fields = QGridLayout()
        for place, (text, edit) in enumerate(
            (("Or by &id", self.id_edit), ("of &service", self.service_edit))
        ):
            name = label(text, "muted")
            name.setBuddy(edit)
            fields.addWidget(name, 0, 2 * place)
            fields.addWidget(edit, 0, 2 * place + 1)
        fields.setColumnStretch(1, 3)
        fields.setColumnStretch(3, 2)
        bottom = QHBoxLayout()
        bottom.addWidget(self._forget)
        bottom.addWidget(self._forget_all)
        bottom.addStretch(1)
        bottom.addWidget(self._buttons)
        column = QVBoxLayout(self)
        column.addWidget(self.filter_edit)
        column.addWidget(self.list, 1)
        column.addLayout(fields)
        column.addWidget(self.note_label)
        column.addLayout(bottom)

    def _connect(self) -> None:
        self.filter_edit.textChanged.connect(self._fill)
        self.id_edit.textChanged.connect(self._show_choice)
        self.list.currentItemChanged.connect(self._show_choice)
        self.list.itemDoubleClicked.connect(self.accept)
        self._forget.clicked.connect(self.forget)
        self._forget_all.clicked.connect(self._console.live.reopening.forget_all)
        self._console.live.reopening.changed.connect(self._fill)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    # --- the list --------------------------------------------------------------------------

    @property
    def chosen(self) -> Reopenable | None:
        """The known instance that is chosen in the list."""
        item = self.list.currentItem()
        found = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, Reopenable) else None

    def _fill(self) -> None:
        before, place = self.chosen, self.list.currentIndex().row()
        entries = self._console.live.reopening.entries(self.filter_edit.text())
        self.list.clear()
        grey = self.palette().brush(QPalette.ColorRole.PlaceholderText)
        height = self.fontMetrics().height() + 10
        for entry in entries:
            known = entry.known
            where = f"{known.base_url}, {entry.place}" if known.environment else known.base_url
            item = QTreeWidgetItem([known.service, known.id, entry.created, entry.where])
            item.setSizeHint(0, QSize(0, height))
            item.setData(0, Qt.ItemDataRole.UserRole, entry)
            for column, text in enumerate((known.service, known.id, entry.created, where)):
                item.setToolTip(column, plain_tip(text))
                if not entry.here:
                    item.setForeground(column, grey)
            self.list.addTopLevelItem(item)
        if entries:
            row = _row_to_choose(entries, before, place)
            self.list.setCurrentIndex(self.list.model().index(row, 0))
        self._forget_all.setEnabled(bool(self._console.live.reopening.entries()))
        self._show_choice()

    def _show_choice(self) -> None:
        """Say what Reopen would do."""
        chosen = self.chosen
        free = bool(self.id_edit.text().strip())
        away = chosen if chosen is not None and not chosen.here and not free else None
        can_switch = away is not None and self._console.live.reopening.can_switch_to(away.known)
        self._forget.setEnabled(chosen is not None)
        self._reopen.setEnabled(free or can_switch or (chosen is not None and chosen.here))
        self._reopen.setText("Switch and reopen" if can_switch else "Reopen")
        self._reopen.setAccessibleName(self._reopen.text())
        if away is None:
            self._note("" if self._console.live.reopening.entries() else _EMPTY)
        elif can_switch:
            self._note(f"It lives {away.place}. Requests go there from then on.")
        else:
            self._note(f"It lives {away.place}, which is not among the environments.")

    def _note(self, text: str) -> None:
        self.note_label.setText(text)

    def forget(self) -> None:
        """Take the chosen instance off the list."""
        if self.chosen is not None:
            self._console.live.reopening.forget(self.chosen.known)

    def accept(self) -> None:
        """Reopen what was typed, else what is chosen; stay open when that cannot be."""
        chosen = self.chosen
        if self.id_edit.text().strip():
            refused = self._console.live.reopening.reopen(
                self.id_edit.text(), self.service_edit.text()
            )
        elif chosen is not None and not chosen.here:
            if self._console.live.reopening.can_switch_to(chosen.known):
                # First this dialog goes: the switch may ask what becomes of polls.
                super().accept()
                self._console.live.reopening.switch_and_reopen(chosen.known)
            return
        elif chosen is not None:
            refused = self._console.live.reopening.reopen(chosen.known.id, chosen.known.service)
        else:
            return
        if refused:
            self._note(refused)
        else:
            super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let Delete forget, and arrows in the filter go through the list."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.list and event.key() == Qt.Key.Key_Delete:
                self.forget()
                return True
            if watched is self.filter_edit and event.key() in _LIST_KEYS:
                self.list.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)


def _row_to_choose(entries: list[Reopenable], before: Reopenable | None, place: int) -> int:
    """Stay on the one that was chosen, or at its place; begin with one that can be reopened."""
    known = [entry.known for entry in entries]
    if before is not None and before.known in known:
        return known.index(before.known)
    if before is not None and place >= 0:
        return min(place, len(entries) - 1)
    return next((row for row, entry in enumerate(entries) if entry.here), 0)
