"""The live services: a card for each instance, with its state and its requests."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QDialog, QToolButton, QWidget

from ..console import Console
from .common import Hint, Pane, icon_button, named
from .live.card_view import CardView

HINT = "No instances yet. Each service that you create is listed here."


class InstanceList(Pane):
    """Choose the instance that polls and requests are about, and send its requests."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("Live services", parent)
        self._console = console
        self._dialog: QDialog | None = None
        self.reopen_button = named(QToolButton(), "reopenButton", "Reopen an instance")
        self.reopen_button.setText("Reopen…")
        self.reopen_button.setToolTip("Reopen an instance of this or an earlier start (Ctrl+O)")
        self.close_button = icon_button("remove", "Take the instance off the list (Delete)")
        self.close_button.setObjectName("closeInstanceButton")
        self.head.addStretch(1)
        self.head.addWidget(self.reopen_button)
        self.head.addWidget(self.close_button)
        self.view = named(CardView(console), "instanceList", "Live services")
        self.view.on_delete = self.close_current
        self.body.addWidget(self.view, 1)
        self._hint = Hint(self.view, HINT)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.reopen_button.clicked.connect(self.reopen)
        self.close_button.clicked.connect(self.close_current)
        console.live.instance_selected.connect(self._show_selected)
        self._show_selected()

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self._console.live.select(self._console.instances.instance(current.row()))

    def _show_selected(self) -> None:
        selected = self._console.live.selected
        row = self._console.instances.row_of(selected) if selected is not None else -1
        if row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self._console.instances.index(row))
        self.close_button.setEnabled(selected is not None)

    def close_current(self) -> None:
        """Take the selected instance off the list; its polls end."""
        if self._console.live.selected is not None:
            self._console.live.close_instance(self._console.live.selected)

    def reopen(self) -> None:
        """Open the list of instances that can be reopened."""
        from .reopen_dialog import ReopenDialog  # noqa: PLC0415 - not before it is asked for

        self._dialog = ReopenDialog(self._console, self.window())
        self._dialog.open()

    def show_cookies(self) -> None:
        """Open the cookies of the selected instance."""
        selected = self._console.live.selected
        if selected is None:
            self._console.message.emit(
                "Create a service, or choose an instance in the list: each has its own cookies."
            )
            return
        from ..cookie_desk import CookieDesk  # noqa: PLC0415 - not before it is asked for
        from .cookies_dialog import CookiesDialog  # noqa: PLC0415 - as above

        self._dialog = CookiesDialog(CookieDesk(self._console, selected), self.window())
        self._dialog.open()
