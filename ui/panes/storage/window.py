"""The window of the storage: what is kept by id and key, read, changed and deleted."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.form import Form

from ...actions import ActionSpec
from ...console import Console
from ...icons import icon
from ...models.stored_keys import StoredKeyModel
from ...storage_desk import StorageDesk
from ..common import Hint, Pane, give_way, label, named, set_label, set_look
from ..environment.questions import ask
from ..tool_window import ToolWindow
from .rows_part import RowsPart
from .store_list import StoreList, time_left
from .value_view import ValueView

_MENU = "&Storage"
_SECOND = 1000
_PICTURES = (("readStorage", "recent"), ("deleteStorage", "remove"), ("cancelStorage", "stop"))
NOTHING = "Open a storage on the left, or store the rows below as a new one."
NO_USER = (
    "An own id is read back with the gms_user that stored it (since 8.5.103), and this environment "
    "sends none: set the header gms_user in its settings."
)


class StorageWindow(ToolWindow):
    """Storages on the left, keys and the value of one on the right, rows to store below."""

    _ready = False

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(console, parent, "storage", "Storage")
        self.desk = StorageDesk(console)
        self.model = StoredKeyModel(self)
        self._question: QWidget | None = None
        self._make_parts()
        self._lay_out()
        self.use_actions(self._specs(), ("readStorage", "deleteStorage", "cancelStorage"))
        self._draw_icons()
        self._ready = True
        self._connect()
        self._show_keys()
        self._show_user()
        self._show_busy()

    # --- parts -----------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.list = StoreList(self.console, self.desk)
        self._make_keys()
        self.value = ValueView(self.console, self.desk, self.model)
        self._make_store()

    def _make_keys(self) -> None:
        self.keys = named(QTableView(), "storageKeys", "Keys of the open storage")
        self.keys.setModel(self.model)
        self.keys.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.keys.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.keys.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.keys.setTabKeyNavigation(False)
        self.keys.setShowGrid(False)
        self.keys.setWordWrap(False)
        self.keys.verticalHeader().hide()
        header = self.keys.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in ((0, 150), (1, 70), (2, 70)):
            self.keys.setColumnWidth(column, width)
        self.hint = Hint(self.keys, NOTHING, below=30)
        self.left = named(label("", "muted"), "storageTimeLeft", "How long it is kept")
        self.title = named(label("", "code"), "storageTitle", "The open storage")
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        give_way(self.title)
        self.error = named(label("", "error"), "storageError", "What went wrong")
        self.error.setWordWrap(True)

    def _make_store(self) -> None:
        self.rows = RowsPart(self.console, "storageRows", "Rows to store", files=True)
        self.ttl_edit = named(QLineEdit("3600"), "storageTtlEdit", "Seconds that it is kept")
        self.ttl_edit.setMaximumWidth(90)
        self.own_edit = named(QLineEdit(), "storageOwnIdEdit", "Own id, or empty")
        self.own_edit.setPlaceholderText("Own id (GMS gives one)")
        self.user_note = named(label("", "muted"), "storageUserNote", "The gms_user that is sent")
        self.user_note.setWordWrap(True)
        self.store_button = named(
            QPushButton("Store as &new"), "storageStoreButton", "Store as a new storage"
        )
        self.store_button.setProperty("role", "primary")
        self.store_button.setToolTip("Store the rows under a new id (Ctrl+Enter)")
        self.update_button = named(
            QPushButton("&Add to the open one"), "storageUpdateButton", "Add to the open storage"
        )
        self.update_button.setToolTip("Add the keys or change them (Ctrl+U)")
        self.row_error = named(label("", "error"), "storageRowError", "Why nothing was stored")
        self.row_error.setWordWrap(True)

    def _lay_out(self) -> None:
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.setChildrenCollapsible(False)
        self.column.addWidget(whole, 1)
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        whole.addWidget(self.list)
        whole.addWidget(right)
        whole.setSizes([270, 830])
        whole.setStretchFactor(1, 1)
        above = QSplitter(Qt.Orientation.Horizontal)
        above.setChildrenCollapsible(False)
        right.addWidget(above)
        below = Pane("Store")
        right.addWidget(below)
        right.setSizes([400, 260])
        right.setStretchFactor(0, 3)
        right.setStretchFactor(1, 2)
        keys = Pane("Keys")
        keys.head.addWidget(self.title, 1)
        keys.head.addWidget(self.left)
        keys.body.addWidget(self.keys, 1)
        keys.body.addWidget(self.error)
        above.addWidget(keys)
        above.addWidget(self.value)
        above.setSizes([430, 400])
        self.error.hide()
        self._lay_out_store(below)

    def _lay_out_store(self, pane: Pane) -> None:
        row = self.rows.row
        row.takeAt(row.count() - 1)
        row.addSpacing(10)
        row.addWidget(label("Kept for (s)", "muted"))
        row.addWidget(self.ttl_edit)
        row.addWidget(self.own_edit, 1)
        row.addWidget(self.update_button)
        row.addWidget(self.store_button)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.rows, 1)
        column.addWidget(self.row_error)
        column.addWidget(self.user_note)
        pane.body.addLayout(column)
        self.row_error.hide()

    def _specs(self) -> tuple[ActionSpec, ...]:
        spec = ActionSpec
        return (
            spec("readStorage", _MENU, "&Read all keys", ("F5",), self.desk.read),
            spec("readKey", _MENU, "Read the &key", (), lambda: self.desk.read_key(binary=False)),
            spec(
                "readBytes",
                _MENU,
                "Read the key as a &file",
                ("Ctrl+B",),
                lambda: self.desk.read_key(binary=True),
            ),
            spec("saveValue", _MENU, "&Save the value …", ("Ctrl+S",), self.value.ask_where),
            spec("storeNew", _MENU, "Store as &new", ("Ctrl+Return", "Ctrl+Enter"), self.store),
            spec("updateStorage", _MENU, "&Add to the open one", ("Ctrl+U",), self.update_open),
            spec("deleteStorage", _MENU, "&Delete all keys …", (), self.ask_to_delete),
            spec("cancelStorage", _MENU, "&Cancel", (), self.desk.asker.cancel),
            spec("goStorages", "&Go", "&Storages", ("Alt+1",), lambda: _focus(self.list.view)),
            spec("goKeys", "&Go", "&Keys", ("Alt+2",), lambda: _focus(self.keys)),
            spec(
                "goStoreRows", "&Go", "&Rows to store", ("Alt+3",), lambda: _focus(self.rows.table)
            ),
            spec(
                "goStorageId", "&Go", "Open by &id", ("Ctrl+L",), lambda: _focus(self.list.id_edit)
            ),
        )

    def _connect(self) -> None:
        desk = self.desk
        self._clock = QTimer(self, interval=_SECOND)
        self._clock.timeout.connect(self._show_left)
        desk.keys_changed.connect(self._show_keys)
        desk.known_changed.connect(self._show_left)
        desk.value_changed.connect(self._show_busy)
        desk.refused.connect(self._on_refused)
        desk.rows_refused.connect(self._on_rows_refused)
        desk.stored.connect(self._on_stored)
        desk.asker.changed.connect(self._show_busy)
        self.keys.selectionModel().currentChanged.connect(self._on_key)
        enter = QShortcut(QKeySequence("Return"), self.keys)
        enter.setContext(Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(lambda: desk.read_key(binary=False))
        self.keys.doubleClicked.connect(lambda _: desk.read_key(binary=False))
        self.store_button.clicked.connect(self.store)
        self.update_button.clicked.connect(self.update_open)
        self.own_edit.textChanged.connect(lambda _: self._show_user())
        self.ttl_edit.textEdited.connect(lambda _: self._clear_row_error())
        self.console.environment_changed.connect(self._show_user)

    # --- what a person does ------------------------------------------------------------------

    def store(self) -> None:
        """Store the rows under a new id."""
        self._clear_row_error()
        self.desk.create(self.ttl_edit.text(), self.own_edit.text(), self.rows.form)

    def update_open(self) -> None:
        """Add the rows to the open storage."""
        self._clear_row_error()
        self.desk.update(self.ttl_edit.text(), self.rows.form)

    def ask_to_delete(self) -> None:
        """Ask, and delete the open storage with all its keys."""
        known = self.desk.open
        if known is None or known.store.of_service:
            return

        def delete() -> None:
            if self.desk.open is not None and self.desk.open.store == known.store:
                self.desk.delete_all()

        box = ask(
            self,
            "deleteStorageQuestion",
            f"Delete {known.store.id} with all its keys?",
            f"It is deleted at {known.place.title}, and cannot be brought back.",
            [
                ("&Keep it", "keepStorageButton", None),
                ("&Delete all keys", "deleteStorageButton", delete),
            ],
        )
        box.setWindowTitle("Storage")
        self._question = box

    def leave(self) -> None:
        """Cancel what is under way, else close."""
        if self.desk.asker.busy:
            self.desk.asker.cancel()
        else:
            super().leave()

    def _on_key(self, current: QModelIndex) -> None:
        one = self.model.key(current.row())
        if one is not None:
            self.desk.choose_key(one.key)

    # --- what is shown -----------------------------------------------------------------------

    def _show_keys(self) -> None:
        desk, before = self.desk, self.desk.key
        self.model.show_keys(desk.keys or ())
        row = self.model.row_of(before)
        if row >= 0:
            self.keys.setCurrentIndex(self.model.index(row, 0))
        set_label(self.title, desk.open.store.title if desk.open is not None else "", "code")
        self.error.setText(desk.problem)
        self.error.setVisible(bool(desk.problem))
        self._show_left()
        self._show_busy()

    def _show_left(self) -> None:
        known = self.desk.open
        if known is None:
            set_label(self.left, "", "muted")
        else:
            set_label(self.left, *time_left(known, datetime.now(UTC)))

    def _show_user(self) -> None:
        user = self.desk.gms_user
        if user:
            set_label(self.user_note, f"gms_user {user} goes along.", "muted")
        else:
            own = bool(self.own_edit.text().strip())
            set_label(self.user_note, NO_USER if own else "", "warning" if own else "muted")
        self.user_note.setVisible(bool(self.user_note.text()))

    def _show_busy(self) -> None:
        busy, known = self.desk.asker.busy, self.desk.open
        stored = known is not None and not known.store.of_service
        chosen = known is not None and bool(self.desk.key)
        if busy:
            self._clear_row_error()
        self.actions_by_name["readStorage"].setEnabled(known is not None and not busy)
        self.actions_by_name["deleteStorage"].setEnabled(stored and not busy)
        self.actions_by_name["cancelStorage"].setEnabled(busy)
        for name in ("readKey", "readBytes"):
            self.actions_by_name[name].setEnabled(chosen and not busy)
        self.actions_by_name["storeNew"].setEnabled(not busy)
        self.actions_by_name["updateStorage"].setEnabled(known is not None and not busy)
        self.update_button.setEnabled(known is not None and not busy)
        self.store_button.setEnabled(not busy)
        self._show_hint()

    def _show_hint(self) -> None:
        """Say why there is no key to be seen."""
        desk = self.desk
        empty = "There is no key in it." if desk.keys is not None else NOTHING
        if desk.open is not None and desk.keys is None:
            empty = "Reading …" if desk.asker.busy else "Nothing was read."
        self.hint.setText(empty)

    def _on_stored(self, form: Form) -> None:
        """Take the rows away that were kept; who has typed on meanwhile keeps what is typed."""
        if self.rows.form == form:
            self.rows.clear()
            self.own_edit.clear()

    def _on_refused(self, field: str, text: str) -> None:
        if field in {"id", "value"}:
            return
        self.row_error.setText(text)
        self.row_error.show()
        set_look(self.ttl_edit, "invalid", field == "ttl")
        if field == "ttl":
            _focus(self.ttl_edit)

    def _on_rows_refused(self, problems: dict[int, str]) -> None:
        self.rows.show_problems(problems)
        if problems:
            self.row_error.setText("Nothing was sent: a row cannot be sent as it is.")
            self.row_error.show()

    def _clear_row_error(self) -> None:
        self.row_error.hide()
        set_look(self.ttl_edit, "invalid", False)

    def _draw_icons(self) -> None:
        for name, picture in _PICTURES:
            self.actions_by_name[name].setIcon(icon(picture))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icons in the colours of another scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._ready:
            self._draw_icons()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count down while it is seen."""
        super().showEvent(event)
        self._clock.start()
        if self.focusWidget() is None:
            _focus(self.rows.table)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Let the clock be while nobody looks."""
        super().hideEvent(event)
        self._clock.stop()


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
