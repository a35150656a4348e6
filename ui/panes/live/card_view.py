"""The list of cards: paints what changes with time, and expands the selected card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QListView, QWidget

from gms_console.instance import Instance

from ...console import Console
from ...models.instance_card import Card
from ...models.instance_model import INSTANCE_ROLE
from .card_delegate import CardDelegate, Index
from .selected_card import SelectedCard

TICK_MS = 200
"""How often ages, countdowns and the times to the next poll are looked at."""


def _nothing() -> None:
    """Do nothing until the pane says what Delete does."""


class CardView(QListView):
    """Cards one below the other. One timer serves all, and only for those that can be seen."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self.on_delete: Callable[[], None] = _nothing
        self._card: SelectedCard | None = None
        self._seen: dict[Instance, Card] = {}
        self._delegate = CardDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setModel(console.instances)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.refresh_moments)
        console.live.requests.changed.connect(self.refresh_card)
        console.services.catalogue_changed.connect(self.refresh_card)
        console.instances.dataChanged.connect(self.refresh_card)

    # --- what changes with time ------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Begin to look at the time."""
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Rest while nobody sees the cards."""
        super().hideEvent(event)
        self._tick.stop()

    def refresh_moments(self) -> None:
        """Paint those cards again that can be seen and say something else now."""
        model = self._console.instances
        if not model.rowCount() or self.window().isMinimized():
            return
        seen: dict[Instance, Card] = {}
        for row, rect in self._visible_rows():
            instance = model.instance(row)
            card = seen[instance] = model.card(instance)
            if self._seen.get(instance) != card:
                self.viewport().update(rect)
        self._seen = seen

    def _visible_rows(self) -> list[tuple[int, QRect]]:
        bottom = self.viewport().height()
        first = self.indexAt(QPoint(4, 1))
        found = []
        for row in range(first.row() if first.isValid() else 0, self._console.instances.rowCount()):
            rect = self.visualRect(self._console.instances.index(row))
            if rect.top() > bottom:
                break
            found.append((row, rect))
        return found

    # --- the selected card -----------------------------------------------------------------

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Expand the card, where it stands."""
        before = self.visualRect(current).top() if current.isValid() else 0
        super().currentChanged(current, previous)
        self.refresh_card()
        self.scheduleDelayedItemsLayout()
        if not current.isValid() or not self.isVisible():
            return
        self.executeDelayedItemsLayout()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(current).top() - before)
        self.reveal()

    def reveal(self) -> None:
        """Scroll so that the selected card can be seen, its top in any case."""
        rect = self.visualRect(self.currentIndex())
        height = self.viewport().height()
        bar = self.verticalScrollBar()
        if rect.bottom() > height:
            bar.setValue(bar.value() + min(rect.bottom() - height + 1, rect.top()))
        elif rect.top() < 0:
            bar.setValue(bar.value() + rect.top())

    def refresh_card(self) -> None:
        """Show the selected instance in the expanded card."""
        index = self.currentIndex()
        if not index.isValid():
            if self._card is not None:
                self._card.hide()
            self._delegate.extra = 0
            return
        if self._card is None:
            self._card = SelectedCard(self._console, self.viewport())
            self._card.resized.connect(self.scheduleDelayedItemsLayout)
            self._card.rebuilt.connect(self._order_tabs)
            application = QApplication.instance()
            if isinstance(application, QApplication):
                application.focusChanged.connect(self._on_focus)
            self.viewport().setMouseTracking(True)
        self._card.show_instance(index.data(INSTANCE_ROLE))

    def _order_tabs(self) -> None:
        before: QWidget = self
        for stop in self._card.stops if self._card is not None else ():
            QWidget.setTabOrder(before, stop)
            before = stop

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Measure the selected card before the rows are placed."""
        index = self.currentIndex()
        if self._card is not None and index.isValid():
            row = QRect(0, 0, self.viewport().width(), 100)
            self._delegate.extra = self._card.fit(self._delegate.inside_of(row).width())
        super().doItemsLayout()

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Keep the widgets of the selected card at its place."""
        super().updateGeometries()
        self._place_card()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Take the widgets of the selected card along."""
        super().scrollContentsBy(dx, dy)
        self._place_card()

    def _place_card(self) -> None:
        index = self.currentIndex()
        if self._card is None or not index.isValid() or not self._delegate.extra:
            return
        row = self.visualRect(index)
        inside = self._delegate.inside_of(row)
        head = self._delegate.head_height()
        self._card.setGeometry(
            inside.left(), row.top() + head, inside.width(), self._delegate.extra
        )
        self._card.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the lines of chips and buttons elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to a chip or button that Tab went to."""
        if now is None or self._card is None or not self._card.isAncestorOf(now):
            return
        top = now.mapTo(self.viewport(), QPoint(0, 0)).y()
        bar = self.verticalScrollBar()
        over = top + now.height() + 4 - self.viewport().height()
        if over > 0:
            bar.setValue(bar.value() + over)
        elif top < 4:
            bar.setValue(bar.value() + top - 4)

    # --- keys and mouse ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Delete takes the selected instance off the list."""
        if event.key() == Qt.Key.Key_Delete:
            self.on_delete()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Copy the chip that is clicked; else select the card."""
        place = event.position().toPoint()
        chip = self._delegate.chip_at(self.indexAt(place), place)
        if chip is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        QGuiApplication.clipboard().setText(chip.value)
        self._console.message.emit(f"{chip.meaning} copied: {chip.value}")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show that a chip can be clicked.

        With a button held nothing is selected: the cards move when one of them expands.
        """
        if event.buttons() != Qt.MouseButton.NoButton:
            return
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        if self._delegate.chip_at(self.indexAt(place), place) is not None:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()
