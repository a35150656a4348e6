"""The cookie inspector: which cookies an instance has, and where its sticky one points to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from ..cookie_desk import NOTHING_YET, CookieDesk, CookieRow
from ..theme import colours
from .common import ElidedLabel, label, named, prepare_rows
from .list_dialog import ListDialog

_HEADINGS = ("Name", "Value", "Points to", "Domain", "Path", "Expires", "Marks")
_VALUE, _POINTS_TO = 1, 2
_WIDTHS = (150, 150, 130, 120, 120, 160, 130)


class CookiesDialog(ListDialog):
    """A table of cookies. Values are credentials: they are masked until a person asks."""

    def __init__(self, desk: CookieDesk, parent: QWidget) -> None:
        rows = named(QTreeWidget(), "cookieList", "Cookies")
        empty = named(label(NOTHING_YET, "muted"), "cookieEmpty", "No cookies")
        super().__init__(rows, empty, parent)
        self._desk = desk
        desk.setParent(self)
        self._shown: tuple[list[CookieRow], bool] | None = None
        self.setObjectName("cookiesDialog")
        self.setWindowTitle("Cookies of the instance")
        self.resize(1040, 380)
        self._title = ElidedLabel()
        self._title.show_text(desk.title)
        self.warning = named(label("", "warning"), "cookieWarning", "Warning")
        self.warning.setWordWrap(True)
        self.show_button = named(QPushButton("&Show values"), "cookieShowButton", "Show values")
        self.show_button.setCheckable(True)
        self.show_button.setToolTip("A session cookie is as good as a password while it lasts")
        self.copy_button = named(QPushButton("&Copy value"), "cookieCopyButton", "Copy value")
        self.copy_button.setToolTip("Copy the value of the chosen cookie (Ctrl+C)")
        self.delete_button = named(QPushButton("&Delete"), "cookieDeleteButton", "Delete")
        self.delete_button.setToolTip("Requests go without the chosen cookie from now on (Delete)")
        self.all_button = named(
            QPushButton("Delete &all"), "cookieDeleteAllButton", "Delete all cookies"
        )
        self.all_button.setToolTip("Go on as a phone that begins anew")
        self._prepare_list()
        buttons = (self.show_button, self.copy_button, self.delete_button, self.all_button)
        self.lay_out(self._title, buttons, self.warning)
        self._connect()
        self._fill()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _prepare_list(self) -> None:
        prepare_rows(self.list, _HEADINGS, _VALUE)
        for column, width in enumerate(_WIDTHS):
            self.list.setColumnWidth(column, width)
        self.list.installEventFilter(self)

    def _connect(self) -> None:
        self._desk.changed.connect(self._fill)
        self.list.currentItemChanged.connect(self._show_choice)
        self.show_button.toggled.connect(self._fill)
        self.copy_button.clicked.connect(self.copy)
        self.delete_button.clicked.connect(self.delete)
        self.all_button.clicked.connect(self._desk.delete_all)

    # --- the list --------------------------------------------------------------------------

    @property
    def chosen(self) -> CookieRow | None:
        """The cookie that is chosen in the list."""
        item = self.list.currentItem()
        found = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        return found if isinstance(found, CookieRow) else None

    def _fill(self) -> None:
        rows, plain = self._desk.rows(), self.show_button.isChecked()
        if (rows, plain) == self._shown:
            # A poll that runs meanwhile must not move what is being read.
            return
        self._shown = rows, plain
        before, choice = self.chosen, self.list.currentIndex().row()
        keys = [row.key for row in rows]
        if before is not None and before.key in keys:
            choice = keys.index(before.key)
        self.show_rows([self._item(row) for row in rows], choice)
        self.show_button.setEnabled(bool(rows))
        self.all_button.setEnabled(bool(rows))
        warning = self._desk.warning
        self.warning.setText(f"⚠ {warning}" if warning else "")
        self.warning.setVisible(bool(warning))
        self._show_choice()

    def _item(self, row: CookieRow) -> QTreeWidgetItem:
        cookie = row.cookie
        value = cookie.value if self.show_button.isChecked() else row.masked
        points_to = f"⚠ {row.points_to}" if cookie.elsewhere else row.points_to
        texts = [cookie.name, value, points_to, cookie.domain, cookie.path, row.expires, row.marks]
        item = self.row(texts, row)
        if cookie.elsewhere:
            item.setForeground(_POINTS_TO, QBrush(QColor(colours().warning)))
        return item

    def _show_choice(self) -> None:
        for button in (self.copy_button, self.delete_button):
            button.setEnabled(self.chosen is not None)

    # --- what is done ----------------------------------------------------------------------

    def copy(self) -> None:
        """Copy the value of the chosen cookie."""
        if self.chosen is not None:
            self._desk.copy(self.chosen)

    def delete(self) -> None:
        """Take the chosen cookie from the instance."""
        if self.chosen is not None:
            self._desk.delete(self.chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let Delete delete and Ctrl+C copy while the list has the focus."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Delete:
                self.delete()
                return True
            if event.matches(QKeySequence.StandardKey.Copy):
                self.copy()
                return True
        return super().eventFilter(watched, event)
