"""The services of the catalogue, grouped by family, and whatever name a person types."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from gms_console.wire.request import execution_name

from ..services import ServiceLabel
from ..tips import plain_tip

if TYPE_CHECKING:
    from gms_console.catalogue import Family, ServiceKind

    from ..services import ServiceDesk

Index = QModelIndex | QPersistentModelIndex

NAME_ROLE = Qt.ItemDataRole.UserRole + 1
"""What stands in the address for the service; None for what is no service."""
FREE_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether the row is the name that is being typed."""
ACTION_ROLE = Qt.ItemDataRole.UserRole + 3
"""An Action: what the row does instead of choosing a service."""
DETAIL_ROLE = Qt.ItemDataRole.UserRole + 4
ICON_ROLE = Qt.ItemDataRole.UserRole + 5
PROVENANCE_ROLE = Qt.ItemDataRole.UserRole + 6
FAVOURITE_ROLE = Qt.ItemDataRole.UserRole + 7
DEPTH_ROLE = Qt.ItemDataRole.UserRole + 8
"""How far in the row stands: 0 a heading, 1 a kind, 2 a name that is bound to it."""
WORDS_ROLE = Qt.ItemDataRole.UserRole + 9
"""What the filter looks through."""
_REPEATED_ROLE = Qt.ItemDataRole.UserRole + 10
"""Whether the service stands in its family as well, so that a filter need not find it twice."""
_TIP_ROLE = Qt.ItemDataRole.UserRole + 11
"""The tooltip as plain text, which is read out."""

FAVOURITES, RECENT = "Favourites", "Recent"


class Action(StrEnum):
    """What a row does that is no service."""

    BIND = "bind"
    PROBLEMS = "problems"


class ServiceModel(QStandardItemModel):
    """Favourites and recent ones, then families with their kinds, and the free name last."""

    def __init__(self, desk: ServiceDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._in_families: set[str] = set()

    # --- filling -------------------------------------------------------------------------

    def show_catalogue(self) -> None:
        """Fill the model from the catalogue and the lists."""
        self.clear()
        self._in_families.clear()
        count = len(self._desk.problems)
        if count:
            text = f"{count} catalogue problem{'' if count == 1 else 's'} – show"
            item = _action(text, Action.PROBLEMS, "warning")
            item.setToolTip(plain_tip("\n".join(self._desk.problems)))
            self.appendRow(item)
        self.appendRow(_heading(FAVOURITES, "star-filled"))
        self.appendRow(_heading(RECENT, "recent"))
        for family in self._desk.catalogue.families if self._desk.catalogue is not None else ():
            self.appendRow(self._family(family))
        self.show_lists()

    def show_lists(self) -> None:
        """Show favourites and recent ones as they are now, and the stars everywhere."""
        for row in range(self.rowCount()):
            top = self.item(row)
            if top.text() == FAVOURITES and top.data(ICON_ROLE) == "star-filled":
                self._fill_list(top, self._desk.favourites)
            elif top.text() == RECENT and top.data(ICON_ROLE) == "recent":
                favourites = self._desk.favourites
                recent = (one for one in self._desk.recent if one not in favourites)
                self._fill_list(top, tuple(recent))
        for item in self.services():
            favourite = self._desk.is_favourite(item.data(NAME_ROLE))
            if bool(item.data(FAVOURITE_ROLE)) != favourite:
                item.setData(favourite, FAVOURITE_ROLE)
                item.setData(_spoken(item), Qt.ItemDataRole.AccessibleTextRole)

    def _fill_list(self, heading: QStandardItem, services: tuple[str, ...]) -> None:
        have = [heading.child(row).data(NAME_ROLE) for row in range(heading.rowCount())]
        if have != list(services):
            heading.removeRows(0, heading.rowCount())
            heading.appendRows([self._listed(service) for service in services])

    def _family(self, family: Family) -> QStandardItem:
        heading = _heading(family.family, family.icon, f"{family.family} services")
        for kind in family.kinds:
            service = kind.service_text()
            item = self._service(service, kind, 1)
            self._in_families.add(service)
            for name in self._desk.bound_names(kind):
                self._in_families.add(kind.service_text(name))
                item.appendRow(self._service(kind.service_text(name), kind, 2))
            heading.appendRow(item)
        return heading

    def _listed(self, service: str) -> QStandardItem:
        """Make the entry of a favourite or a recent one."""
        item = self._service(service, self._desk.kind_of(service), 1)
        item.setData(service in self._in_families, _REPEATED_ROLE)
        return item

    def _service(self, service: str, kind: ServiceKind | None, depth: int) -> QStandardItem:
        label = self._desk.label_of(service)
        item = QStandardItem(label.text)
        item.setEditable(False)
        item.setData(service, NAME_ROLE)
        # Below its kind a bound name need not name the kind again.
        item.setData("" if depth == 2 else label.detail, DETAIL_ROLE)
        item.setData(depth, DEPTH_ROLE)
        item.setData(kind.provenance.value if kind is not None else "", PROVENANCE_ROLE)
        item.setData(_words(label, service, kind), WORDS_ROLE)
        tip = _tip(service, kind)
        item.setToolTip(plain_tip(tip))
        item.setData(tip, _TIP_ROLE)
        item.setData(_spoken(item), Qt.ItemDataRole.AccessibleTextRole)
        return item

    # --- the name that is being typed ------------------------------------------------------

    def set_free_name(self, name: str) -> None:
        """Offer a name that the catalogue may not know; an empty one withdraws the offer."""
        while (last := self.item(self.rowCount() - 1)) is not None and last.data(FREE_ROLE):
            self.removeRow(self.rowCount() - 1)
        if not name or self.knows(name):
            return
        use = QStandardItem(f"Use “{name}”")
        use.setData(name, NAME_ROLE)
        use.setData(1, DEPTH_ROLE)
        use.setEditable(False)
        use.setToolTip("A service name of your site: any name can be sent.")
        bind = _action("Bind to a kind …", Action.BIND, "link")
        bind.setToolTip(
            f"Say which kind “{name}” is of: it then has its keys, requests and states."
        )
        for item in (use, bind):
            item.setData(True, FREE_ROLE)
            self.appendRow(item)

    def knows(self, name: str) -> bool:
        """Whether a service of that name is listed, by its address or its execution name."""
        return any(fits(item.data(NAME_ROLE), name) for item in self.services())

    def services(self) -> Iterator[QStandardItem]:
        """Yield the entry of every service, the free name excepted."""
        waiting = [self.item(row) for row in range(self.rowCount())]
        while waiting:
            item = waiting.pop(0)
            if item.data(NAME_ROLE) is not None and not item.data(FREE_ROLE):
                yield item
            waiting = [item.child(row) for row in range(item.rowCount())] + waiting


def fits(service: object, name: str) -> bool:
    """Whether a name means that service: what stands in the address, or its execution name."""
    return isinstance(service, str) and name in {service, execution_name(service)}


def _heading(text: str, icon: str, spoken: str = "") -> QStandardItem:
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    item.setData(icon, ICON_ROLE)
    item.setData(0, DEPTH_ROLE)
    item.setData(spoken or f"{text} services", Qt.ItemDataRole.AccessibleTextRole)
    return item


def _action(text: str, action: Action, icon: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setEditable(False)
    item.setData(action, ACTION_ROLE)
    item.setData(icon, ICON_ROLE)
    item.setData(1, DEPTH_ROLE)
    return item


def _words(label: ServiceLabel, service: str, kind: ServiceKind | None) -> str:
    meant: tuple[str, ...] = ()
    if kind is not None:
        meant = (kind.name, kind.title, kind.words, kind.meaning, kind.provenance.value)
    return " ".join((service, label.text, label.detail, *meant)).lower()


def _tip(service: str, kind: ServiceKind | None) -> str:
    if kind is None:
        return f"{service}\nThe catalogue does not know this service; it can be sent all the same."
    name = f"{kind.title}\n" if kind.title else ""
    return f"{name}{service}\n{kind.meaning}\n({kind.provenance.value})"


def _spoken(item: QStandardItem) -> str:
    parts = [item.text(), str(item.data(DETAIL_ROLE)).replace("→", "of kind").strip()]
    if item.data(FAVOURITE_ROLE):
        parts.append("favourite")
    parts.append(str(item.data(_TIP_ROLE)).replace("\n", ". "))
    return ". ".join(part for part in parts if part)


_LITTLE = frozenset(
    ("a", "an", "the", "to", "of", "for", "me", "my", "let", "be", "is", "are", "when", "and", "i")
)


class ServiceFilter(QSortFilterProxyModel):
    """Filters names, titles and meanings; a heading stays while an entry below it does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setRecursiveFilteringEnabled(True)
        self._words: list[str] = []

    def set_text(self, text: str) -> None:
        """Show only what holds every word of `text`."""
        self.beginFilterChange()
        words = text.lower().split()
        # A person may write a sentence; its little words say nothing of the service.
        self._words = [word for word in words if word not in _LITTLE] or words
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Keep what fits, and what is no service always; a heading is kept by its entries."""
        index = self.sourceModel().index(row, 0, parent)
        if index.data(FREE_ROLE) or index.data(ACTION_ROLE):
            return True
        if index.data(NAME_ROLE) is None:
            return False
        if self._words and index.data(_REPEATED_ROLE):
            return False
        words = str(index.data(WORDS_ROLE))
        return all(word in words for word in self._words)
