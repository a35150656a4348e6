"""The ReopenDesk: instances of this start and earlier ones, and how one is opened again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.instance import Instance
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import OperationKind
from gms_console.workspace import KEPT_INSTANCES, KnownInstance

if TYPE_CHECKING:
    from .console import Console


@dataclass(frozen=True, slots=True)
class Reopenable:
    """A known instance as the list shows it. `here`: it lives on the environment in use."""

    known: KnownInstance
    here: bool
    listed: bool

    @property
    def where(self) -> str:
        """Say where it is to be found."""
        if self.listed:
            return "open now"
        if self.here:
            return self.known.node
        return f"lives {self.place}" if self.known.environment else self.known.base_url

    @property
    def place(self) -> str:
        """Name the place where it lives, as in `in qa (node2)`."""
        known = self.known
        if not known.environment:
            return f"at {known.base_url}"
        return f"in {known.environment}" + (f" ({known.node})" if known.node else "")

    @property
    def created(self) -> str:
        """Give the time of its creation, as a person reads it."""
        at = moment(self.known.created)
        return at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if at is not None else ""


class ReopenDesk(QObject):
    """Remembers every created instance, and each reopened one that told its state."""

    changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._known: tuple[KnownInstance, ...] = console.workspace.known_instances
        console.bridge.instance_changed.connect(self._on_changed)

    def kept(self) -> tuple[KnownInstance, ...]:
        """Give what the next start may reopen: not the simulator's, which end with it."""
        gone = self._console.simulator.base_url
        return tuple(one for one in self._known if not gone or one.base_url != gone)

    def entries(self, words: str = "") -> list[Reopenable]:
        """Give those that have all the words in their id, service, time or place."""
        listed = {_key_of(one) for one in self._console.session.instances}
        found = [
            Reopenable(one, self._home(one) is not None, _key(one) in listed) for one in self._known
        ]
        wanted = words.lower().split()
        return [one for one in found if all(word in _text(one) for word in wanted)]

    def reopen(self, instance_id: str, service: str = "") -> str:
        """Open an instance of the environment in use, and select it; say why when it cannot be.

        Without a service, that of the known instance of this id is taken. One that is known to
        live on another node of the cluster is opened there.
        """
        console = self._console
        instance_id = instance_id.strip()
        environment = console.environment
        if environment is None:
            return console.environment_error or "There is no base URL to send to."
        if not instance_id:
            return "Choose an instance, or type its id."
        here = [one for one in self._known if one.id == instance_id and self._home(one) is not None]
        known = next((one for one in here if one.base_url == environment.base_url), None)
        known = known or (here[0] if here else None)
        service = service.strip() or (known.service if known is not None else "")
        home = (self._home(known) if known is not None else None) or environment
        try:
            console.session.detached(home, instance_id).prepare("status")
        except PathSegmentError as error:
            return str(error)
        instance = console.session.attach(home, instance_id, service)
        created = moment(known.created) if known is not None else None
        if created is not None and instance.last_exchange is None:
            instance.since = created
        console.live.select(instance)
        console.message.emit(f"Reopened {instance.service or instance.id}.")
        return ""

    def can_switch_to(self, known: KnownInstance) -> bool:
        """Whether the place where an instance lives can be switched to."""
        if not known.environment:
            return bool(known.base_url)
        return self._console.environments.stored(known.environment) is not None

    def switch_and_reopen(self, known: KnownInstance) -> None:
        """Send to the place where an instance lives, and open it there."""

        def reopen() -> None:
            refused = self.reopen(known.id, known.service)
            if refused:
                self._console.message.emit(f"Not reopened. {refused}")

        if known.environment:
            self._console.environments.choose(known.environment, known.node, reopen)
        else:
            self._console.place.set_base_url(known.base_url, then=reopen)

    def _home(self, known: KnownInstance) -> Environment | None:
        """Give the environment in use at the node where an instance lives; None for another."""
        here = self._console.environment
        if here is None or here.name != known.environment:
            return None
        places = [here, *(here.on_node(one.name) for one in here.nodes)]
        return next((one for one in places if one.base_url == known.base_url), None)

    def forget(self, known: KnownInstance) -> None:
        """Take an instance off the list of those that can be reopened."""
        self._known = tuple(one for one in self._known if one != known)
        self.changed.emit()

    def forget_all(self) -> None:
        """Take all instances off that list."""
        self._known = ()
        self.changed.emit()

    def _on_changed(self, instance: Instance) -> None:
        exchange = instance.last_exchange
        created = exchange is not None and exchange.operation.kind is OperationKind.CREATE
        if not created and instance.state is None:
            # It may never have been there.
            return
        if any(_key(one) == _key_of(instance) for one in self._known):
            return
        home = instance.environment
        one = KnownInstance(
            id=instance.id,
            service=instance.service,
            base_url=home.base_url,
            created=instance.since.isoformat(timespec="seconds"),
            environment=home.name,
            node=home.node if len(home.nodes) > 1 else "",
        )
        self._known = (one, *self._known)[:KEPT_INSTANCES]
        self.changed.emit()


def _key(known: KnownInstance) -> tuple[str, str, str]:
    return known.environment, known.base_url, known.id


def _key_of(instance: Instance) -> tuple[str, str, str]:
    home = instance.environment
    return home.name, home.base_url, instance.id


def moment(text: str) -> datetime | None:
    """Read a time of the workspace; None for one that cannot be read."""
    with suppress(ValueError):
        at = datetime.fromisoformat(text)
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return None


def _text(one: Reopenable) -> str:
    known = one.known
    return f"{known.service} {known.id} {one.created} {known.base_url} {one.place}".lower()
