"""Filters the answer by a JMESPath: as one types, with errors in place and recent filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from ..common import icon_button, label, named, set_label, set_look

if TYPE_CHECKING:
    from ...body_desk import BodyDesk

_PAUSE_MS = 300
"""How long typing rests before the filter is put on."""


class FilterBar(QWidget):
    """Edits the filter of the BodyDesk. Escape ends it and shows the whole answer again."""

    closed = Signal()

    def __init__(self, desk: BodyDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._menu: QMenu | None = None
        self.edit = named(QLineEdit(), "filterEdit", "Filter the answer by a JMESPath")
        self.edit.setPlaceholderText("JMESPath, such as items[?status=='open'].id")
        self.mark = named(label("", "badge"), "filterMark", "Whether the answer is filtered")
        self.error_label = named(label("", "error"), "filterErrorLabel", "What is wrong with it")
        self.error_label.setWordWrap(True)
        self.recent_button = icon_button("recent", "Recent filters (Alt+Down)")
        self.recent_button.setObjectName("filterRecentButton")
        close = icon_button("close", "End the filter (Esc)")
        row = QHBoxLayout()
        row.setSpacing(4)
        for widget in (self.edit, self.mark, self.recent_button, close):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.error_label)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._put_on)
        self.edit.textEdited.connect(lambda _: self._pause.start())
        self.recent_button.clicked.connect(self.open_recent)
        close.clicked.connect(self.close_bar)
        desk.filter_changed.connect(self._show)
        self._show()

    def open_bar(self) -> None:
        """Have the cursor in the field."""
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def close_bar(self) -> None:
        """End the filter, and close."""
        self._pause.stop()
        self._desk.keep_filter()
        self._desk.set_filter("")
        self.edit.clear()
        self.hide()
        self.closed.emit()

    def open_recent(self) -> None:
        """Offer the filters that were used before."""
        menu = QMenu(self)
        menu.setObjectName("filterRecentMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for expression in self._desk.recent:
            action = menu.addAction(expression.replace("&", "&&"))
            action.setData(expression)
        menu.triggered.connect(lambda action: self._choose(action.data()))
        self._menu = menu
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _choose(self, expression: str) -> None:
        self.edit.setText(expression)
        self._put_on()

    def _put_on(self) -> None:
        self._pause.stop()
        self._desk.set_filter(self.edit.text())

    def _show(self) -> None:
        desk = self._desk
        filtered = desk.shown is not None and bool(desk.shown.filtered_by)
        found = desk.shown.found if desk.shown is not None else ""
        words = "Filtering …" if desk.filtering else "Filtered" if filtered else ""
        if words == "Filtered" and found:
            words = f"Filtered: {found}"
        if desk.filter_error and filtered:
            words = "Filtered as before"
        set_label(self.mark, words, "badge")
        self.mark.setVisible(bool(words))
        self.error_label.setText(desk.filter_error)
        self.error_label.setVisible(bool(desk.filter_error))
        set_look(self.edit, "invalid", bool(desk.filter_error))
        self.recent_button.setEnabled(bool(desk.recent))

    def event(self, event: QEvent) -> bool:
        """Keep Escape from cancelling a request while the bar has the cursor."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Down}
            and (event.key() == Qt.Key.Key_Escape or _is_alt(event))
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter puts the filter on and keeps it, Alt+Down offers recent ones, Escape ends it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._put_on()
            self._desk.keep_filter()
        elif event.key() == Qt.Key.Key_Down and _is_alt(event):
            if self._desk.recent:
                self.open_recent()
        else:
            super().keyPressEvent(event)


def _is_alt(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
