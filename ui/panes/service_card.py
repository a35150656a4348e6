"""The service card: what the chosen service does, takes and answers, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from gms_console.model.exchange import OperationKind

from ..console import Console
from .common import named

if TYPE_CHECKING:
    from .card_head import CardHead

_STEP_MS = 5
"""Between two steps, so that what else is to be done gets its turn."""


class ServiceCard(QScrollArea):
    """Shows the catalogue's entry of the service at hand.

    Nothing is made before the card is first shown, and its sections are made one after the
    other, so that choosing a service never makes a person wait. `bind_wanted` comes with a name
    and a kind, as far as they are known.
    """

    bind_wanted = Signal(str, str)

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "serviceCard", "Service")
        self._console = console
        self._desk = console.services
        self._head: CardHead | None = None
        self._sections: list[QWidget] = []
        self._gone: list[QWidget] = []
        self._shown: tuple[object, ...] | None = None
        self._waiting: Iterator[Callable[[], QWidget | None]] = iter(())
        self._soon = QTimer(self, singleShot=True, interval=_STEP_MS)
        self._soon.timeout.connect(self._add_section)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._desk.chosen.connect(self._refresh)
        self._desk.catalogue_changed.connect(self._refresh)
        self._desk.lists_changed.connect(self._refresh)
        console.target_changed.connect(self._refresh)
        console.live.instance_selected.connect(self._refresh)
        console.drafts[OperationKind.CREATE].changed.connect(self._refresh)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what was chosen while the card was out of sight."""
        super().showEvent(event)
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icon of the family in the colours in force."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._head is not None:
            self._head.refresh_icon()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _refresh(self) -> None:
        """Show the service at hand, if it is another one or something is new about it."""
        if not self.isVisible():
            return
        service, kind = self._desk.service, self._desk.kind
        names = self._desk.bound_names(kind) if kind is not None else ()
        now = (service, kind, names, self._desk.is_favourite(service))
        before, self._shown = self._shown, now
        if now == before:
            return
        self._take_head().show_service(service, kind)
        if before is None or before[1] is not kind:
            self._fill()
        else:
            self._order_tabs()
        self._fit()

    def _take_head(self) -> CardHead:
        """Give the head of the card, which is made when it is first needed."""
        if self._head is None:
            from .card_head import CardHead  # noqa: PLC0415 - not before the first paint

            content = QWidget()
            content.setObjectName("cardContent")
            self._column = QVBoxLayout(content)
            self._column.setContentsMargins(4, 8, 12, 12)
            self._column.setSpacing(22)
            self._head = CardHead(self._console)
            self._head.bind_wanted.connect(self.bind_wanted)
            self._column.addWidget(self._head)
            self._column.addStretch(1)
            self.setWidget(content)
        return self._head

    def _fill(self) -> None:
        """Throw the sections away and begin to make others."""
        from .card_sections import sections  # noqa: PLC0415 - not before the first paint

        for section in self._sections:
            section.hide()
            self._column.removeWidget(section)
        self._gone += self._sections
        self._sections = []
        self.verticalScrollBar().setValue(0)
        kind = self._desk.kind
        self._waiting = iter(()) if kind is None else sections(kind, self._edit)
        self._soon.start()

    def _add_section(self) -> None:
        if self._gone:
            # To throw away all at once would take as long as to make them.
            self._gone.pop().deleteLater()
            self._soon.start()
            return
        make = next(self._waiting, None)
        if make is None:
            self._fit()
            self._order_tabs()
            return
        section = make()
        if section is not None:
            self._sections.append(section)
            self._column.insertWidget(self._column.count() - 1, section)
            section.show()
        self._fit()
        self._soon.start()

    def _fit(self) -> None:
        """Give the content its height at once; Qt would ask from part to part, an event each."""
        content = self.widget()
        if content is not None:
            self._column.activate()
            width = self.viewport().width()
            # Without a text that wraps there is no height for a width.
            content.setMinimumHeight(max(self._column.totalHeightForWidth(width), 0))

    def _order_tabs(self) -> None:
        """Let Tab go through the card from top to bottom: what is made late would come last."""
        before: QWidget = self
        stops = self._head.stops() if self._head is not None else []
        for section in self._sections:
            stops += section.findChildren(QToolButton)
        for stop in stops:
            QWidget.setTabOrder(before, stop)
            before = stop

    def _edit(self, parameter: str) -> None:
        self._desk.edit_parameter(self._desk.service, parameter)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Leave the size to the pane: what there is to show must not move the panes about."""
        return QSize(200, 200)
