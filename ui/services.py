"""The ServiceDesk: the catalogue as the window has it, and which service is chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.model.exchange import Exchange, OperationKind
from gms_console.wire.request import execution_name

from .own_catalogue import OwnCatalogue

if TYPE_CHECKING:
    from gms_console.catalogue import Catalogue, RequestKind, ServiceKind

    from .console import Console

KEPT_RECENT = 8
"""Services that the picker lists as recent."""


@dataclass(frozen=True, slots=True)
class ServiceLabel:
    """How a service is called: what a person reads first, what stands beside it, its icon."""

    text: str
    detail: str = ""
    icon: str = "custom"


class ServiceDesk(QObject):
    """What the catalogue knows of the service at hand, and the choosing of one.

    A service is named by what stands in its address, such as `callback/callme`. `chosen` comes
    when a person chose a service, whether it was another one or not; `lists_changed` when
    favourites or recent ones did; `row_wanted` with the place of a row that is to be edited;
    `name_wanted` when a pattern was chosen whose name every site chooses itself.
    """

    catalogue_changed = Signal()
    chosen = Signal()
    lists_changed = Signal()
    row_wanted = Signal(int)
    name_wanted = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.own = OwnCatalogue(console)
        self.catalogue: Catalogue | None = None
        self.problems: tuple[str, ...] = ()
        self.favourites = console.workspace.favourites
        self.recent = console.workspace.recent
        console.bridge.exchange_recorded.connect(self._on_exchange)

    def set_catalogue(self, catalogue: Catalogue, problems: tuple[str, ...] = ()) -> None:
        """Take the catalogue, once it is loaded or has changed; `problems`: own files left out."""
        self.catalogue = catalogue
        self.problems = problems
        self.catalogue_changed.emit()

    # --- what is known -------------------------------------------------------------------

    def kind_of(self, service: str) -> ServiceKind | None:
        """Give what the catalogue knows of a service; None for nothing."""
        return self.catalogue.kind(service) if self.catalogue is not None else None

    @property
    def kind(self) -> ServiceKind | None:
        """What the catalogue knows of the service that the shown form is for."""
        return self.kind_of(self.service)

    @property
    def service(self) -> str:
        """The service that the shown form is for, or that its instance is of; empty for none."""
        console = self._console
        if console.target is OperationKind.CREATE:
            return console.draft.service
        wanted, selected = console.draft.instance_id, console.live.selected
        if selected is not None and selected.id == wanted:
            return selected.service
        return next((one.service for one in console.session.instances if one.id == wanted), "")

    @property
    def request_kind(self) -> RequestKind | None:
        """What the catalogue knows of the request that the shown form is for."""
        if self._console.target is OperationKind.CREATE:
            return None
        return self.request_of(self.service, self._console.draft.request)

    def request_of(self, service: str, request: str) -> RequestKind | None:
        """Give what the catalogue knows of a request of a service; None for nothing."""
        kind = self.kind_of(service)
        return kind.request(request) if kind is not None else None

    def text_of(self, name: str) -> str:
        """Give what stands in the address for a name that was typed or bound."""
        kind = self.kind_of(name)
        if kind is None or name.startswith("/"):
            return name
        return kind.service_text(execution_name(name))

    def bound_names(self, kind: ServiceKind) -> tuple[str, ...]:
        """Give the execution names that a person bound to a kind."""
        return self.catalogue.bound_names(kind.name) if self.catalogue is not None else ()

    def family_name(self, kind: ServiceKind) -> str:
        """Give the name of the family that a kind stands in."""
        family = self.catalogue.family_of(kind) if self.catalogue is not None else None
        return family.family if family is not None else ""

    def is_bound(self, service: str) -> bool:
        """Whether a person bound the execution name of a service to a kind."""
        catalogue = self.catalogue
        return catalogue is not None and catalogue.name_of(service) in catalogue.bindings

    def label_of(self, service: str) -> ServiceLabel:
        """Say how a service is called."""
        kind = self.kind_of(service)
        if kind is None or self.catalogue is None:
            return ServiceLabel(service)
        family = self.catalogue.family_of(kind)
        icon = family.icon if family is not None else ""
        name = self.catalogue.name_of(service)
        if self.is_bound(service):
            return ServiceLabel(name, f"→ {kind.title or kind.name}", icon)
        if service.startswith("/"):
            return ServiceLabel(kind.title or kind.name, service, icon)
        if name != kind.name:
            return ServiceLabel(service, f"→ {kind.title or kind.name}", icon)
        if kind.title and is_scenario(kind):
            return ServiceLabel(kind.title, kind.name, icon)
        return ServiceLabel(kind.name, "", icon)

    # --- choosing ------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Make the draft a create of that service; any name can be sent.

        Each service keeps its own rows. One that is chosen for the first time gets those that
        the catalogue knows, mandatory ones first.
        """
        console = self._console
        text = self.text_of(name)
        console.drafts[OperationKind.CREATE].use_service(text, self.kind_of(name))
        console.set_target(OperationKind.CREATE)
        console.target_changed.emit()
        self._remember(text)
        self.chosen.emit()
        if self.needs_own_name(text):
            self.name_wanted.emit()

    def take_binding(self, name: str) -> None:
        """Choose a name that has just been bound; rows that were typed for it stay."""
        draft = self._console.drafts[OperationKind.CREATE]
        kind = self.kind_of(name)
        if kind is not None and execution_name(draft.service) == execution_name(name):
            draft.service = self.text_of(name)
            draft.method = kind.method
        self.choose(name)

    def needs_own_name(self, service: str) -> bool:
        """Whether a service is a pattern whose execution name every site chooses itself."""
        kind = self.kind_of(service)
        if kind is not None and service.startswith("/"):
            return bool(kind.example) and kind.name_in(service) == kind.example
        if kind is None or execution_name(service) != kind.name:
            return False
        return is_scenario(kind) or kind.method == "GET" or kind.name == "custom"

    def own_part(self, service: str) -> str:
        """Give the part of a path that stands for a site's own name; empty where there is none."""
        kind = self.kind_of(service)
        known = kind is not None and service.startswith("/")
        return (kind.name_in(service) or "") if kind is not None and known else ""

    def binding_for(self, service: str) -> tuple[str, str]:
        """Give the name and the kind that a binding begins with; the other part is empty."""
        kind = self.kind_of(service)
        name = execution_name(service)
        if kind is not None and service.startswith("/"):
            own = kind.name_in(service) or ""
            return ("" if own == kind.example else own), kind.name
        if kind is not None and name == kind.name and not self.is_bound(service):
            return "", kind.name
        return name, ""

    def edit_parameter(self, service: str, name: str) -> None:
        """Go to the row of a create parameter; it is added, and on, where it is missing."""
        console = self._console
        if console.target is not OperationKind.CREATE or console.draft.service != service:
            self.choose(service)
        model = console.draft.form_model
        place = next((n for n, row in enumerate(model.form) if row.key == name), None)
        kind = self.kind_of(service)
        if place is None and kind is not None:
            missing = kind.missing_rows(model.form)
            rows = [replace(row, enabled=True) for row in missing if row.key == name]
            place = model.add_rows(rows) if rows else None
        if place is not None:
            self.row_wanted.emit(place)

    def insert_keys(self, service: str) -> None:
        """Add the create parameters that the form of a service lacks."""
        console = self._console
        if console.target is not OperationKind.CREATE or console.draft.service != service:
            self.choose(service)
        console.advice.insert_keys()

    # --- favourites and recent -----------------------------------------------------------

    def is_favourite(self, service: str) -> bool:
        """Whether a service is among the favourites."""
        return service in self.favourites

    def toggle_favourite(self, service: str) -> None:
        """Make a service a favourite, or no longer one."""
        if not service:
            self._console.message.emit("Choose a service first, or type its name.")
            return
        if self.is_favourite(service):
            self.favourites = tuple(one for one in self.favourites if one != service)
            self._console.message.emit(f"{service} is no longer a favourite.")
        else:
            self.favourites = (*self.favourites, service)
            self._console.message.emit(f"{service} is a favourite.")
        self.lists_changed.emit()

    def _remember(self, service: str) -> None:
        others = tuple(one for one in self.recent if one != service)
        recent = (service, *others)[:KEPT_RECENT]
        if service and recent != self.recent:
            self.recent = recent
            self.lists_changed.emit()

    def _on_exchange(self, exchange: Exchange) -> None:
        if exchange.operation.kind is OperationKind.CREATE:
            self._remember(exchange.operation.service)


def is_scenario(kind: ServiceKind) -> bool:
    """Whether a kind is a scenario, which its title tells better than its name."""
    return kind.path != "{service}"
