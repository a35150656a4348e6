"""The tree of the service picker: stars to click, headings to fold, a menu for each entry."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QTreeView, QWidget

from ..models.service_model import DEPTH_ROLE, NAME_ROLE
from .common import named
from .service_delegate import ServiceDelegate, star_place


class ServiceView(QTreeView):
    """Tells what is asked of an entry: `picked`, `starred`, or `menu_wanted` at a place."""

    picked = Signal(QModelIndex)
    starred = Signal(QModelIndex)
    menu_wanted = Signal(QModelIndex, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "servicePicker", "Services")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemDelegate(ServiceDelegate(self))
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self._pressed_star = QModelIndex()
        self.clicked.connect(self._on_click)
        self.activated.connect(self._on_activated)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the current entry alone when the star of another one is pressed."""
        self._pressed_star = self._star_at(event)
        if not self._pressed_star.isValid():
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell of a star that was clicked."""
        pressed, self._pressed_star = self._pressed_star, QModelIndex()
        if not pressed.isValid():
            super().mouseReleaseEvent(event)
        elif self._star_at(event) == pressed:
            self.starred.emit(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the second click on a star as a click, and choose nothing by it."""
        if self._star_at(event).isValid():
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def _star_at(self, event: QMouseEvent) -> QModelIndex:
        place = event.position().toPoint()
        index = self.indexAt(place)
        left = event.button() is Qt.MouseButton.LeftButton
        if not left or index.data(NAME_ROLE) is None:
            return QModelIndex()
        return index if self.star_rect(index).contains(place) else QModelIndex()

    def star_rect(self, index: QModelIndex) -> QRect:
        """Give the place to click for a favourite."""
        star = star_place(self.visualRect(index), self.fontMetrics().height())
        return star.adjusted(-3, -4, 3, 4)

    def _on_click(self, index: QModelIndex) -> None:
        if index.data(DEPTH_ROLE) == 0:
            self.setExpanded(index, not self.isExpanded(index))
        else:
            self.picked.emit(index)

    def _on_activated(self, index: QModelIndex) -> None:
        if index.data(DEPTH_ROLE) != 0:
            self.picked.emit(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the menu of the entry below the mouse, or of the current one."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.data(NAME_ROLE) is None:
            return
        place = self.visualRect(index).bottomLeft() + QPoint(24, 0) if by_key else event.pos()
        self.menu_wanted.emit(index, self.viewport().mapToGlobal(place))

    def moveCursor(  # noqa: N802 - Qt's name
        self, action: QTreeView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go from service to service; only Left goes to a heading, to fold it."""
        index = super().moveCursor(action, modifiers)
        moves = QTreeView.CursorAction
        if action in {moves.MoveLeft, moves.MoveRight}:
            return index
        up = action in {moves.MoveUp, moves.MovePageUp, moves.MoveEnd, moves.MovePrevious}
        found = index
        while found.isValid() and found.data(DEPTH_ROLE) == 0:
            found = self.indexAbove(found) if up else self.indexBelow(found)
        return found if found.isValid() else self.currentIndex()
