"""The service picker: favourites, recent ones and the catalogue; its filter takes any name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from gms_console.model.exchange import OperationKind

from ..console import Console
from ..models.service_model import (
    ACTION_ROLE,
    DEPTH_ROLE,
    FREE_ROLE,
    NAME_ROLE,
    Action,
    ServiceFilter,
    ServiceModel,
    fits,
)
from .common import Pane, named
from .service_view import ServiceView

_LIST_KEYS = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}


class ServicePicker(Pane):
    """Choose a service by mouse, or type in the filter and press Enter.

    `bind_wanted` comes with the execution name that a person wants to bind, and the kind if one
    is meant; `problems_wanted` when the mistakes of catalogue files are to be shown.
    """

    bind_wanted = Signal(str, str)
    problems_wanted = Signal()

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__("", parent)  # its tab says what it is
        self._console = console
        self._desk = console.services
        self._services = ServiceModel(self._desk, self)
        self._filter = ServiceFilter(self)
        self._filter.setSourceModel(self._services)
        self._folded: set[str] = set()
        self._menu: QMenu | None = None
        self.filter_edit = named(
            QLineEdit(), "serviceFilterEdit", "Filter services, or type any service name"
        )
        self.filter_edit.setPlaceholderText("Filter, or any name")
        self.filter_edit.setClearButtonEnabled(True)
        self.view = ServiceView()
        self.view.setModel(self._filter)
        self.body.addWidget(self.filter_edit)
        self.body.addWidget(self.view, 1)
        self._connect()

    def _connect(self) -> None:
        self.filter_edit.textChanged.connect(self._on_text)
        self.filter_edit.returnPressed.connect(lambda: self._pick(self.view.currentIndex()))
        self.filter_edit.installEventFilter(self)
        self.view.picked.connect(self._pick)
        self.view.starred.connect(lambda index: self._desk.toggle_favourite(index.data(NAME_ROLE)))
        self.view.menu_wanted.connect(self._open_menu)
        self.view.collapsed.connect(lambda index: self._on_fold(index, folded=True))
        self.view.expanded.connect(lambda index: self._on_fold(index, folded=False))
        self._desk.catalogue_changed.connect(self._show_catalogue)
        self._desk.chosen.connect(self.filter_edit.clear)
        self._desk.lists_changed.connect(self._show_lists)
        self._console.target_changed.connect(self._follow_form)
        self._console.drafts[OperationKind.CREATE].changed.connect(self._follow_form)

    def focus_filter(self) -> None:
        """Put the cursor into the filter, ready to type another."""
        self.filter_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_edit.selectAll()

    @property
    def pointed_service(self) -> str:
        """The service that is highlighted while the picker has the focus; else empty."""
        if not (self.view.hasFocus() or self.filter_edit.hasFocus()):
            return ""
        return str(self.view.currentIndex().data(NAME_ROLE) or "")

    # --- showing -------------------------------------------------------------------------

    def _show_catalogue(self) -> None:
        self._services.show_catalogue()
        self._on_text(self.filter_edit.text())

    def _show_lists(self) -> None:
        """Show favourites and recent ones anew, and leave the entries where the mouse sees them."""
        current = self.view.currentIndex()
        before = self.view.visualRect(current).top() if current.isValid() else 0
        self._services.show_lists()
        self._unfold()
        self._follow_form()
        current = self.view.currentIndex()
        if current.isValid():
            moved = self.view.visualRect(current).top() - before
            bar = self.view.verticalScrollBar()
            bar.setValue(bar.value() + moved)

    def _on_text(self, text: str) -> None:
        self._services.set_free_name(text.strip())
        self._filter.set_text(text)
        self._unfold()
        if text.strip():
            self._highlight_first()
        else:
            self._follow_form()

    def _unfold(self) -> None:
        """Open all headings while there is a filter, else all but those that were folded."""
        folded = set() if self.filter_edit.text().strip() else set(self._folded)
        for row in range(self._filter.rowCount()):
            top = self._filter.index(row, 0)
            self.view.setExpanded(top, str(top.data()) not in folded)
            for child in range(self._filter.rowCount(top)):
                self.view.setExpanded(self._filter.index(child, 0, top), True)

    def _on_fold(self, index: QModelIndex, *, folded: bool) -> None:
        if index.data(DEPTH_ROLE) == 0 and not self.filter_edit.text().strip():
            (self._folded.add if folded else self._folded.discard)(str(index.data()))

    def _highlight_first(self) -> None:
        """Highlight the first known service that fits; the typed name where none does."""
        name = self.filter_edit.text().strip()
        leaves = [index for index in self._leaves() if index.data(NAME_ROLE) is not None]
        known = [index for index in leaves if not index.data(FREE_ROLE)]
        exact = [index for index in known if fits(index.data(NAME_ROLE), name)]
        fitting = exact or self._best(known) or leaves
        self.view.setCurrentIndex(fitting[0] if fitting else QModelIndex())

    def _best(self, known: list[QModelIndex]) -> list[QModelIndex]:
        """Give what has the typed words in what is seen, else what has them anywhere."""
        words = self.filter_edit.text().lower().split()
        seen = [
            index
            for index in known
            if all(word in f"{index.data()} {index.data(NAME_ROLE)}".lower() for word in words)
        ]
        return seen or known

    def _follow_form(self) -> None:
        """Highlight the service that the form is for, unless another one is being looked for."""
        if self.filter_edit.text().strip():
            return
        service = self._console.drafts[OperationKind.CREATE].service
        if service and self.view.currentIndex().data(NAME_ROLE) == service:
            return
        # To highlight what is folded would unfold it.
        places = [
            index
            for index in self._leaves()
            if index.data(NAME_ROLE) == service and str(_heading(index).data()) not in self._folded
        ]
        # The first one: among favourites and recent ones it is nearer to what follows.
        self.view.setCurrentIndex(places[0] if service and places else QModelIndex())

    def _leaves(self, above: QModelIndex | None = None) -> list[QModelIndex]:
        """Give every entry that is shown and no heading, from top to bottom."""
        found: list[QModelIndex] = []
        parent = above if above is not None else QModelIndex()
        for row in range(self._filter.rowCount(parent)):
            index = self._filter.index(row, 0, parent)
            if index.data(DEPTH_ROLE) != 0:
                found.append(index)
            found += self._leaves(index)
        return found

    # --- choosing ------------------------------------------------------------------------

    def _pick(self, index: QModelIndex) -> None:
        """Do what an entry stands for; with none, use the name that is typed."""
        action = index.data(ACTION_ROLE) if index.isValid() else None
        if action == Action.PROBLEMS:
            self.problems_wanted.emit()
        elif action == Action.BIND:
            self.bind_wanted.emit(self.filter_edit.text().strip(), "")
        else:
            name = index.data(NAME_ROLE) if index.isValid() else self.filter_edit.text().strip()
            if name:
                self._desk.choose(name)

    def _open_menu(self, index: QModelIndex, place: QPoint) -> None:
        """Open the menu of an entry; it is never waited for."""
        service = str(index.data(NAME_ROLE))
        self._menu = menu = QMenu(self)
        menu.setObjectName("serviceMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        starred = self._desk.is_favourite(service)
        menu.addAction("&Use", lambda: self._desk.choose(service))
        menu.addAction(
            "Remove from &favourites" if starred else "Add to &favourites",
            lambda: self._desk.toggle_favourite(service),
        )
        menu.addSeparator()
        self._add_binding(menu, service)
        menu.popup(place)

    def _add_binding(self, menu: QMenu, service: str) -> None:
        name, kind = self._desk.binding_for(service)
        bound = self._desk.is_bound(service)
        text = "&Bind to another kind …" if bound else "&Bind to a kind …"
        text = "&Bind a name …" if kind else text
        menu.addAction(text, lambda: self.bind_wanted.emit(name, kind))
        if bound:
            menu.addAction("U&nbind", lambda: self._desk.own.unbind(name))

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


def _heading(index: QModelIndex) -> QModelIndex:
    """Give the heading that an entry stands below."""
    while index.parent().isValid():
        index = index.parent()
    return index
