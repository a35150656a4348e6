"""The widgets of the selected card: what there is to copy, and its requests as buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from gms_console.instance import Instance

from ...console import Console
from ...tips import plain_tip
from ..chips import ChipBar
from ..common import named
from ..flow import FlowBar

if TYPE_CHECKING:
    from gms_console.catalogue import RequestKind

_GAP = 6


class SelectedCard(QWidget):
    """Chips and request buttons of one instance.

    `resized` comes when they need another height, `rebuilt` when the buttons are other ones.
    """

    resized = Signal()
    rebuilt = Signal()

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "instanceCard", "Selected instance")
        self._console = console
        self.instance: Instance | None = None
        self._offer: tuple[object, ...] | None = None
        self.chips = ChipBar(self, prefix="card", small=True)
        self.chips.copied.connect(console.message)
        self.buttons = FlowBar(self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def stops(self) -> list[QWidget]:
        """What Tab goes through, in order."""
        return [*self.chips.parts, *self.buttons.parts]

    def show_instance(self, instance: Instance | None) -> None:
        """Be the card of an instance."""
        self.instance = instance
        self.refresh()

    def refresh(self) -> None:
        """Show the instance as it is now."""
        instance = self.instance
        if instance is None:
            return
        self.chips.show_values(instance.id, instance.access)
        offered = self._console.live.requests.offered(instance)
        if offered != self._offer:
            self._offer = offered
            self._build()

    def _build(self) -> None:
        instance = self.instance
        self.buttons.clear()
        if instance is None:
            return
        for request in self._console.live.requests.offered(instance):
            text = request.name if request.method == "POST" else f"{request.method} {request.name}"
            button = self._button(f"requestButton_{_plain(request.name)}", text)
            button.setAccessibleDescription(request.meaning)
            after = " · asks for values first" if request.parameters else ""
            tip = f"{request.method} …/{request.path}\n{request.meaning}\n"
            button.setToolTip(plain_tip(f"{tip}{request.provenance.value}{after}"))
            button.clicked.connect(lambda _=False, one=request: self._use(one))
        other = self._button("otherRequestButton", "other…")
        other.setAccessibleName("Other request")
        other.setToolTip("Any request name, method and rows")
        other.clicked.connect(self._use_other)
        self.rebuilt.emit()

    def _button(self, object_name: str, text: str) -> QToolButton:
        button = named(QToolButton(), object_name, f"Request {text}")
        button.setText(text)
        button.setProperty("small", True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.buttons.add(button)
        button.show()
        return button

    def _use(self, request: RequestKind) -> None:
        if self.instance is not None:
            self._console.live.requests.use(self.instance, request)

    def _use_other(self) -> None:
        if self.instance is not None:
            self._console.live.requests.open_other(self.instance)

    def fit(self, width: int) -> int:
        """Place what there is within a width; give the height that it takes."""
        top = 0
        for bar in (self.chips, self.buttons):
            height = bar.fit(width)
            bar.setFixedHeight(height)
            bar.setGeometry(0, top, width, height)
            top += height + _GAP
        return top - _GAP

    def event(self, event: QEvent) -> bool:
        """Ask for another height when a chip came or went."""
        if event.type() is QEvent.Type.LayoutRequest and self.fit(self.width()) != self.height():
            self.resized.emit()
        return super().event(event)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "_", name)
