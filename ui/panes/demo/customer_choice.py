"""The choice of whose story is told, where there are several customers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from ...demo.desk import DemoDesk
from ...models.journey_model import customer_names
from ..common import named
from .large_type import large_font

EVERYBODY = "All customers"


class CustomerChoice(QComboBox):
    """Each customer by service and number, and all of them together; hidden for a single one."""

    def __init__(self, desk: DemoDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "demoCustomer", "Whose story is told")
        self.setToolTip("Stay with one customer (C for the next, Shift+C for the one before)")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._desk = desk
        self._names: list[tuple[str, str]] = []
        self.activated.connect(lambda place: desk.choose_customer(self._names[place][0]))
        self.hide()

    def refresh(self) -> None:
        """Show who there is, and who is chosen; an open list is left as it is."""
        names = [("", EVERYBODY), *customer_names(self._desk)]
        if names != self._names and not self.view().isVisible():
            self._names = names
            self.clear()
            self.addItems([text for _, text in names])
        places = [place for place, one in enumerate(self._names) if one[0] == self._desk.chosen]
        if places:
            self.setCurrentIndex(places[0])
        self.setVisible(len(self._names) > 2)

    def enlarge(self) -> None:
        """Take the size of the stage's text over."""
        self.setFont(large_font(0.72))
