"""What takes the keyboard to the parts of the main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from .actions import ActionSpec
from .models.form_cell import Column
from .panes.left_column import SERVICES
from .panes.side_pane import ANSWER, SERVICE

if TYPE_CHECKING:
    from .window import MainWindow


class GoActions(QObject):
    """Brings a part of the window to the front, and the keyboard into it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec = ActionSpec
        return (
            spec("services", "&Go", "&Service picker", ("Ctrl+P",), self.go_to_services),
            spec("rows", "&Go", "&Rows", ("Alt+1",), self.go_to_rows),
            spec("files", "&Go", "A&ttachments", ("Alt+2",), self.go_to_files),
            spec("answer", "&Go", "&Answer", ("Alt+3",), self.go_to_answer),
            spec("service", "&Go", "Service &card", ("Alt+7",), self.go_to_service_card),
            spec("phone", "&Go", "P&hone", ("Alt+8",), self.go_to_phone),
            spec("live", "&Go", "&Live services", ("Alt+4",), self.go_to_instances),
            spec(
                "pollFields",
                "&Go",
                "&Poll",
                ("Alt+5",),
                lambda: _focus(self._window.poll_pane.request_edit),
            ),
            spec(
                "timeline",
                "&Go",
                "State ti&meline",
                ("Alt+6",),
                lambda: _focus(self._window.poll_pane.timeline),
            ),
        )

    def go_to_services(self) -> None:
        """Go to the service picker."""
        self._window.left_column.show_part(SERVICES)
        self._window.service_picker.focus_filter()

    def go_to_instances(self) -> None:
        """Go to the live services."""
        self._window.left_column.show_part(SERVICES)
        _focus(self._window.instance_list.view)

    def go_to_rows(self) -> None:
        """Go to the rows of the form."""
        self._window.console.set_target(self._window.console.target)
        _focus(self._window.request_pane.form_table)

    def go_to_files(self) -> None:
        """Go to the attachments."""
        self._window.console.set_target(self._window.console.target)
        _focus(self._window.request_pane.file_editor.table)

    def go_to_request(self, with_values: bool) -> None:
        """Go to the first value of the request in the form, or to its name."""
        table = self._window.request_pane.form_table
        if with_values and len(table.form_model.form):
            table.edit_cell(0, Column.VALUE)
        else:
            _focus(self._window.request_pane.target_bar.request_edit)

    def go_to_value(self, place: int) -> None:
        """Go to the value of a row, ready to type it."""
        self._window.console.set_target(self._window.console.target)
        self._window.request_pane.form_table.edit_cell(place, Column.VALUE)

    def go_to_answer(self) -> None:
        """Go to the answer."""
        self._window.side_pane.show_part(ANSWER)
        _focus(self._window.answer_pane.current_view)

    def go_to_service_card(self) -> None:
        """Go to the card of the service at hand."""
        self._window.side_pane.show_part(SERVICE)
        _focus(self._window.side_pane.service_card)

    def go_to_phone(self) -> None:
        """Go to the customer's phone."""
        self._window.console.show_phone()
        if self._window.request_pane.phone_pane is not None:
            _focus(self._window.request_pane.phone_pane)


def _focus(widget: QWidget) -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
