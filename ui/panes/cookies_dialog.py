"""The cookie inspector: which cookies an instance has, and where its sticky one points to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..cookie_desk import NOTHING_YET, CookieDesk, CookieRow
from ..theme import colours
from ..tips import plain_tip
from .common import ElidedLabel, label, named, prepare_rows

_HEADINGS = ("Name", "Value", "Points to", "Domain", "Path", "Expires", "Marks")
_VALUE, _POINTS_TO = 1, 2
_WIDTHS = (150, 150, 130, 120, 120, 160, 130)
_ROW_ROLE = Qt.ItemDataRole.UserRole


class CookiesDialog(QDialog):
    """A table of cookies. Values are credentials: they are masked until a person asks."""

    def __init__(self, desk: CookieDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        desk.setParent(self)
        self._shown: tuple[list[CookieRow], bool] | None = None
        self.setObjectName("cookiesDialog")
        self.setWindowTitle("Cookies of the instance")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1040, 380)
        self._title = ElidedLabel()
        self._title.show_text(desk.title)
        self.list = named(QTreeWidget(), "cookieList", "Cookies")
        self.warning = named(label("", "warning"), "cookieWarning", "Warning")
        self.warning.setWordWrap(True)
        self._empty = named(label(NOTHING_YET, "muted"), "cookieEmpty", "No cookies")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(60)
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
        self._lay_out()
        self._connect()
        self._fill()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _prepare_list(self) -> None:
        prepare_rows(self.list, _HEADINGS, _VALUE)
        for column, width in enumerate(_WIDTHS):
            self.list.setColumnWidth(column, width)
        self.list.installEventFilter(self)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        bottom = QHBoxLayout()
        for button in (self.show_button, self.copy_button, self.delete_button, self.all_button):
            bottom.addWidget(button)
        bottom.addStretch(1)
        bottom.addWidget(buttons)
        # Enter on the list must delete nothing.
        for button in (*self.findChildren(QPushButton), *buttons.findChildren(QPushButton)):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self._stack, 1)
        column.addWidget(self.warning)
        column.addLayout(bottom)

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
        found = item.data(0, _ROW_ROLE) if item is not None else None
        return found if isinstance(found, CookieRow) else None

    def _fill(self) -> None:
        rows, plain = self._desk.rows(), self.show_button.isChecked()
        if (rows, plain) == self._shown:
            # A poll that runs meanwhile must not move what is being read.
            return
        self._shown = rows, plain
        before, place = self.chosen, self.list.currentIndex().row()
        self.list.clear()
        for row in rows:
            self.list.addTopLevelItem(self._item(row))
        if rows:
            keys = [row.key for row in rows]
            known = before is not None and before.key in keys
            choice = keys.index(before.key) if known and before is not None else place
            index = self.list.model().index(min(max(choice, 0), len(rows) - 1), 0)
            self.list.setCurrentIndex(index)
        self._stack.setCurrentWidget(self.list if rows else self._empty)
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
        item = QTreeWidgetItem(texts)
        item.setData(0, _ROW_ROLE, row)
        item.setSizeHint(0, QSize(0, self.fontMetrics().height() + 10))
        for column, text in enumerate(texts):
            item.setToolTip(column, plain_tip(text))
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
