"""The head of the service card: name, meaning, address, what can be done, and bound names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from ..console import Console
from ..icons import family_icon, icon
from ..models.marks import MARKS, SOURCES
from ..tips import plain_tip
from .card_parts import mark_label, text_label
from .common import address_text, icon_button, label, named
from .flow import FlowBar

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

_ICON = 26

NOTHING = "No service yet"
NOTHING_TEXT = (
    "Choose a service on the left, or type its name into the filter. "
    "What the catalogue knows of it stands here."
)
UNKNOWN_TEXT = (
    "The catalogue does not know this name. That is no mistake: each site names its services "
    "itself, and any name can be sent as it is.\n"
    "Bind it to a kind, and the console knows its keys, requests and states."
)


class CardHead(QWidget):
    """Says what the service is; `bind_wanted` comes with a name and a kind."""

    bind_wanted = Signal(str, str)

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._desk = console.services
        self._service = ""
        self._icon_name = "custom"
        self._make_texts()
        self._make_buttons()
        self._lay_out()

    def _make_texts(self) -> None:
        self._icon = QLabel()
        self._icon.setFixedSize(_ICON, _ICON)
        self.title = named(text_label("", "title"), "serviceCardTitle", "")
        self.name = text_label("", "muted")
        self.source = text_label("", "muted", wraps=False)
        self.meaning = named(text_label(""), "serviceMeaning", "")
        self.address = named(text_label("", "addressBox"), "serviceAddress", "")
        self.creation = text_label("", "muted")
        self._mark_place = QHBoxLayout()
        self._mark: QLabel | None = None

    def _make_buttons(self) -> None:
        self.favourite_button = icon_button("star", "Favourite (Ctrl+B)", "Favourite")
        self.favourite_button.setObjectName("favouriteButton")
        self.favourite_button.setCheckable(True)
        self.bind_button = named(QPushButton(""), "bindButton", "")
        self.bind_button.setToolTip("Ctrl+K")
        self.keys_button = named(QPushButton("Insert all keys"), "insertKeysButton", "")
        self.keys_button.setToolTip("Add the keys that the form lacks (Ctrl+I)")
        self.bound = FlowBar()
        self.bound.setObjectName("boundNames")
        self.favourite_button.clicked.connect(lambda: self._desk.toggle_favourite(self._service))
        self.keys_button.clicked.connect(lambda: self._desk.insert_keys(self._service))
        self.bind_button.clicked.connect(
            lambda: self.bind_wanted.emit(*self._desk.binding_for(self._service))
        )

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.title, 1)
        top.addWidget(self.favourite_button, 0, Qt.AlignmentFlag.AlignTop)
        self._mark_place.setSpacing(4)
        self._mark_place.addWidget(self.source)
        self._mark_place.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.keys_button)
        buttons.addWidget(self.bind_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.name)
        column.addWidget(self.meaning)
        column.addLayout(self._mark_place)
        column.addWidget(self.address)
        column.addWidget(self.creation)
        column.addLayout(buttons)
        column.addWidget(self.bound)

    def show_service(self, service: str, kind: ServiceKind | None) -> None:
        """Show a service, or what it means that nothing is known of it."""
        self._service = service
        favourite = self._desk.is_favourite(service)
        self.favourite_button.setVisible(bool(service))
        self.favourite_button.setChecked(favourite)
        self.favourite_button.setProperty("iconName", "star-filled" if favourite else "star")
        self.keys_button.setVisible(kind is not None and bool(kind.parameters))
        self.bind_button.setVisible(bool(service) and self._desk.catalogue is not None)
        self.bind_button.setText(self._binding_text(service))
        if kind is None:
            self.title.setText(service or NOTHING)
            self.meaning.setText(UNKNOWN_TEXT if service else NOTHING_TEXT)
        else:
            self._show_kind(service, kind)
        for part in (self.name, self.source, self.address, self.creation):
            part.setVisible(kind is not None)
        self._show_mark(kind)
        self._show_bound(service, kind)
        self._icon_name = family_icon(self._desk.label_of(service).icon)
        self.refresh_icon()

    def _binding_text(self, service: str) -> str:
        if self._desk.is_bound(service):
            return "Bind to another kind …"
        return "Bind a name …" if self._desk.binding_for(service)[1] else "Bind to a kind …"

    def _show_kind(self, service: str, kind: ServiceKind) -> None:
        label_of = self._desk.label_of(service)
        family = self._desk.family_name(kind)
        bound = self._desk.is_bound(service)
        self.title.setText(label_of.text if bound else kind.title or kind.name)
        what = f"{kind.title or kind.name} ({kind.name})" if bound else kind.name
        self.name.setText(f"{what}  ·  {family}")
        self.meaning.setText(kind.meaning)
        self.source.setText(f"{SOURCES[kind.provenance.value]}.")
        self.address.setText(f"{kind.method} {address_text(service)}")
        self.creation.setText(_creation(kind))

    def _show_mark(self, kind: ServiceKind | None) -> None:
        if self._mark is not None:
            self._mark.hide()
            self._mark.deleteLater()
            self._mark = None
        if kind is not None and kind.provenance.value in MARKS:
            self._mark = mark_label(kind.provenance.value)
            self._mark_place.insertWidget(0, self._mark)

    def _show_bound(self, service: str, kind: ServiceKind | None) -> None:
        """Show the names that are bound to the kind: a click chooses one, its cross unbinds it."""
        self.bound.clear()
        names = self._desk.bound_names(kind) if kind is not None else ()
        self.bound.setVisible(bool(names) and kind is not None)
        if not names or kind is None:
            return
        heading = label("Bound names", "muted")
        heading.setContentsMargins(0, 5, 2, 0)
        self.bound.add(heading)
        for name in names:
            self._add_bound(name, is_shown=kind.service_text(name) == service)
        for part in self.bound.parts:
            part.show()
        self.bound.arrange()

    def _add_bound(self, name: str, *, is_shown: bool) -> None:
        chip = QToolButton()
        named(chip, "boundNameButton", f"Use {name}")
        text = name.replace("&", "&&")
        chip.setText(f"✓ {text}" if is_shown else text)
        chip.setToolTip("This is the one that the form is for" if is_shown else "Use this name")
        chip.setProperty("role", "chip")
        chip.clicked.connect(lambda: self._desk.choose(name))
        cross = icon_button("close", f"Unbind {name}")
        cross.setToolTip(plain_tip(cross.toolTip()))
        cross.setObjectName("unbindButton")
        cross.setProperty("small", True)
        cross.clicked.connect(lambda: self._desk.own.unbind(name))
        self.bound.add(chip)
        self.bound.add(cross)

    def stops(self) -> list[QWidget]:
        """Give what takes the focus, in the order in which it is seen."""
        bound = [part for part in self.bound.parts if isinstance(part, QToolButton)]
        return [self.favourite_button, self.keys_button, self.bind_button, *bound]

    def refresh_icon(self) -> None:
        """Draw the icon of the family in the colours in force."""
        self._icon.setPixmap(icon(self._icon_name).pixmap(_ICON, _ICON))
        name = self.favourite_button.property("iconName")
        self.favourite_button.setIcon(icon(name))


def _creation(kind: ServiceKind) -> str:
    """Say how the service is begun, in words."""
    given = ", ".join(f"{name}={value}" for name, value in kind.values.items() if value)
    made = f"What makes it this scenario: {given}." if given else ""
    if kind.method == "GET":
        return "Asked by GET, with the rows in the address; it makes no instance."
    if kind.requests:
        text = "The answer has the id of the instance, which takes the requests below."
        return f"{text}\n{made}".strip()
    return made or "One request and one answer; no requests follow."
