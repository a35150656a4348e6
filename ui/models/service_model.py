"""The services of the catalogue, grouped by family, and whatever name a person types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel

if TYPE_CHECKING:
    from gms_console.catalogue import Catalogue, ServiceKind

NAME_ROLE = Qt.ItemDataRole.UserRole + 1
FREE_ROLE = Qt.ItemDataRole.UserRole + 2


class ServiceModel(QStandardItemModel):
    """Families with their kinds below them; the last row is the free name, while there is one."""

    def show_catalogue(self, catalogue: Catalogue) -> None:
        """Fill the model from the catalogue."""
        self.clear()
        for family in catalogue.families:
            heading = QStandardItem(family.family)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = QFont()
            font.setBold(True)
            heading.setFont(font)
            heading.setData(f"{family.family} services", Qt.ItemDataRole.AccessibleTextRole)
            heading.appendRows([_item(kind) for kind in family.kinds])
            self.appendRow(heading)

    def set_free_name(self, name: str) -> None:
        """Offer a name that the catalogue may not know; an empty one withdraws the offer."""
        last = self.item(self.rowCount() - 1)
        if last is not None and last.data(FREE_ROLE):
            self.removeRow(self.rowCount() - 1)
        if not name or self._knows(name):
            return
        item = QStandardItem(f"Use “{name}”")
        item.setData(name, NAME_ROLE)
        item.setData(True, FREE_ROLE)
        item.setEditable(False)
        item.setToolTip("A service name of your site: any name can be sent.")
        self.appendRow(item)

    def _knows(self, name: str) -> bool:
        for row in range(self.rowCount()):
            family = self.item(row)
            if any(
                family.child(child).data(NAME_ROLE) == name for child in range(family.rowCount())
            ):
                return True
        return False


def _item(kind: ServiceKind) -> QStandardItem:
    item = QStandardItem(kind.name)
    item.setData(kind.name, NAME_ROLE)
    item.setEditable(False)
    item.setToolTip(f"{kind.meaning}\n({kind.provenance.value})")
    item.setData(
        f"{kind.name}. {kind.meaning} {kind.provenance.value}",
        Qt.ItemDataRole.AccessibleTextRole,
    )
    return item


class ServiceFilter(QSortFilterProxyModel):
    """Filters names and meanings; a family stays while one of its kinds does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setRecursiveFilteringEnabled(True)
        self._words: list[str] = []

    def set_text(self, text: str) -> None:
        """Show only what holds every word of `text`, in name or meaning."""
        self.beginFilterChange()
        self._words = text.lower().split()
        self.endFilterChange()

    def filterAcceptsRow(  # noqa: N802 - Qt's name
        self, row: int, parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        """Keep what fits, and the free name always."""
        index = self.sourceModel().index(row, 0, parent)
        if index.data(FREE_ROLE):
            return True
        if index.data(NAME_ROLE) is None:
            return False
        text = f"{index.data(NAME_ROLE)} {index.data(Qt.ItemDataRole.ToolTipRole)}".lower()
        return all(word in text for word in self._words)
