"""The service picker: the catalogue by family, with a filter that takes any name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTreeView, QWidget

from ..console import Console
from ..models.service_model import FREE_ROLE, NAME_ROLE, ServiceFilter, ServiceModel
from .common import Pane, named

_LIST_KEYS = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class ServicePicker(Pane):
    """Choose a service by mouse, or type in the filter and press Enter."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("Services", parent)
        self._console = console
        self._services = ServiceModel(self)
        self._filter = ServiceFilter(self)
        self._filter.setSourceModel(self._services)
        self.filter_edit = named(
            QLineEdit(), "serviceFilterEdit", "Filter services, or type any service name"
        )
        self.filter_edit.setPlaceholderText("Filter, or any name")
        self.filter_edit.setClearButtonEnabled(True)
        self.view = named(QTreeView(), "servicePicker", "Services")
        self.view.setModel(self._filter)
        self.view.setHeaderHidden(True)
        self.view.setRootIsDecorated(False)
        self.view.setIndentation(10)
        self.view.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.body.addWidget(self.filter_edit)
        self.body.addWidget(self.view, 1)

        self.filter_edit.textChanged.connect(self._on_text)
        self.filter_edit.returnPressed.connect(lambda: self._choose(self.view.currentIndex()))
        self.filter_edit.installEventFilter(self)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        console.catalogue_changed.connect(self._show_catalogue)

    def focus_filter(self) -> None:
        """Put the cursor into the filter, ready to type another."""
        self.filter_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_edit.selectAll()

    def _show_catalogue(self) -> None:
        if self._console.catalogue is not None:
            self._services.show_catalogue(self._console.catalogue)
            self._on_text(self.filter_edit.text())

    def _on_text(self, text: str) -> None:
        self._services.set_free_name(text.strip())
        self._filter.set_text(text)
        self.view.expandAll()
        self._highlight_first()

    def _highlight_first(self) -> None:
        """Highlight the first known service that fits; the typed name where none does."""
        if not self.filter_edit.text().strip():
            self.view.setCurrentIndex(QModelIndex())
            return
        candidates = [i for i in self._leaves() if not i.data(FREE_ROLE)] or self._leaves()
        if candidates:
            exact = [i for i in candidates if i.data(NAME_ROLE) == self.filter_edit.text().strip()]
            self.view.setCurrentIndex((exact or candidates)[0])

    def _leaves(self) -> list[QModelIndex]:
        found: list[QModelIndex] = []
        for row in range(self._filter.rowCount()):
            top = self._filter.index(row, 0)
            if top.data(NAME_ROLE):
                found.append(top)
            found += [self._filter.index(n, 0, top) for n in range(self._filter.rowCount(top))]
        return found

    def _choose(self, index: QModelIndex) -> None:
        name = index.data(NAME_ROLE) if index.isValid() else self.filter_edit.text().strip()
        if name:
            self._console.choose_service(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrow keys move in the list while the cursor stays in the filter."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in _LIST_KEYS
        ):
            self.view.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)
