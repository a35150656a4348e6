"""The ReopenDesk: instances of this start and earlier ones, and how one is opened again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.instance import Instance
from gms_console.model.environment import PathSegmentError
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
        return "" if self.here else self.known.base_url

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
        environment = self._console.environment
        base_url = environment.base_url if environment is not None else None
        listed = {(one.environment.base_url, one.id) for one in self._console.session.instances}
        found = [
            Reopenable(one, one.base_url == base_url, (one.base_url, one.id) in listed)
            for one in self._known
        ]
        wanted = words.lower().split()
        return [one for one in found if all(word in _text(one) for word in wanted)]

    def reopen(self, instance_id: str, service: str = "") -> str:
        """Open an instance of the environment in use, and select it; say why when it cannot be.

        Without a service, that of the known instance of this id is taken.
        """
        console = self._console
        instance_id = instance_id.strip()
        if console.environment is None:
            return console.environment_error or "There is no base URL to send to."
        if not instance_id:
            return "Choose an instance, or type its id."
        known = self._find(console.environment.base_url, instance_id)
        service = service.strip() or (known.service if known is not None else "")
        try:
            console.session.detached(console.environment, instance_id).prepare("status")
        except PathSegmentError as error:
            return str(error)
        instance = console.session.attach(console.environment, instance_id, service)
        created = moment(known.created) if known is not None else None
        if created is not None and instance.last_exchange is None:
            instance.since = created
        console.live.select(instance)
        console.message.emit(f"Reopened {instance.service or instance.id}.")
        return ""

    def forget(self, known: KnownInstance) -> None:
        """Take an instance off the list of those that can be reopened."""
        self._known = tuple(one for one in self._known if one != known)
        self.changed.emit()

    def forget_all(self) -> None:
        """Take all instances off that list."""
        self._known = ()
        self.changed.emit()

    def _find(self, base_url: str, instance_id: str) -> KnownInstance | None:
        return next(
            (one for one in self._known if (one.base_url, one.id) == (base_url, instance_id)), None
        )

    def _on_changed(self, instance: Instance) -> None:
        exchange = instance.last_exchange
        created = exchange is not None and exchange.operation.kind is OperationKind.CREATE
        base_url = instance.environment.base_url
        if not created and instance.state is None:
            # It may never have been there.
            return
        if self._find(base_url, instance.id) is not None:
            return
        one = KnownInstance(
            id=instance.id,
            service=instance.service,
            base_url=base_url,
            created=instance.since.isoformat(timespec="seconds"),
        )
        self._known = (one, *self._known)[:KEPT_INSTANCES]
        self.changed.emit()


def moment(text: str) -> datetime | None:
    """Read a time of the workspace; None for one that cannot be read."""
    with suppress(ValueError):
        at = datetime.fromisoformat(text)
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return None


def _text(one: Reopenable) -> str:
    return f"{one.known.service} {one.known.id} {one.created} {one.known.base_url}".lower()
