"""Service instances, and the world that they live in."""

import heapq
import secrets
import threading
import uuid
from dataclasses import dataclass, field

from gms_console.simulator.callback.bookings import SlotBook
from gms_console.simulator.callback.state import Callback
from gms_console.simulator.chat.shelf import ChatShelf
from gms_console.simulator.config.sections import Sections
from gms_console.simulator.config.source import ConfigSource
from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.web.uploads import Upload, UploadFolder
from gms_console.simulator.world.clock import Clock
from gms_console.simulator.world.controls import Controls
from gms_console.simulator.world.entries import EntryShelf
from gms_console.simulator.world.line import Turn
from gms_console.simulator.world.measured import Measured
from gms_console.simulator.world.nodes import Nodes
from gms_console.simulator.world.pool import NumberPool
from gms_console.simulator.world.staff import Staff, agent_names
from gms_console.simulator.world.throttle import Throttle

MAX_INSTANCES = 100_000
"""How many instances live at once; the oldest one ends to make room."""

_ORS_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Stage:
    """A state that lasts some clock seconds, and the page that the app shows meanwhile."""

    status: str
    dialog: str
    seconds: float


@dataclass
class Instance:
    """A created service.

    `walk` belongs to the request-inbound-... and request-outbound-... services, `callback` to
    callback services; builtin services lack both.
    `kind` is the `_service` that it was created by, whatever becomes of the configuration.
    `connected` says that the app of a walk has asked for its connection, `pushed` that its push
    was taken, `turn` is its place with the agents, and `completed` that it ended before its
    time. At `expires` it is forgotten. `data_id` names the stored user data, as
    `match-interaction` hands it out; storage requests accept it in place of the id.
    """

    id: str
    service: str
    created: float
    walk: tuple[Stage, ...] = ()
    cancelled: bool = False
    connected: bool = False
    pushed: bool = False
    completed: bool = False
    expires: float | None = None
    turn: Turn | None = None
    callback: Callback | None = None
    kind: str = ""
    chat_options: dict[str, bool] = field(default_factory=dict)
    data_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    data: dict[str, str | Upload] = field(default_factory=dict)

    def keep(self, rows: list[tuple[str, str | Upload]]) -> None:
        """Store user data; of duplicate keys the last value wins."""
        for key, value in rows:
            self.drop(key)
            if isinstance(value, Upload):
                value.kept = True
            self.data[key] = value

    def drop(self, key: str) -> bool:
        """Forget one key and say whether it was there."""
        if key not in self.data:
            return False
        value = self.data.pop(key)
        if isinstance(value, Upload):
            value.remove()
        return True


class World:
    """All that lives in one run of the simulator: clock, numbers, instances, files.

    Requests are carried out one at a time under `lock`, which whoever looks in from another
    thread must hold too.
    """

    def __init__(
        self,
        clock: Clock,
        pool: NumberPool,
        files: UploadFolder,
        controls: Controls,
        config: ConfigSource,
        nodes: Nodes,
    ) -> None:
        self.nodes = nodes
        self.changes = 0
        """How often something was done; what the clock alone brings about does not count."""
        self._config = config
        self.clock = clock
        self.pool = pool
        self.files = files
        self.controls = controls
        self.throttle = Throttle()
        self.lock = threading.Lock()
        self._staffed_by = self.config
        self._staff = Staff(controls, agent_names(self.config), clock.now())
        self.slots = SlotBook()
        self.chats = ChatShelf()
        self.entries = EntryShelf()
        self.offline_nodes: set[str] = set()
        self.statistics: dict[str, Measured] = {}
        self._open_callbacks: dict[str, dict[str, Instance]] = {}
        self._instances: dict[str, Instance] = {}
        self._by_data_id: dict[str, str] = {}
        self._expiring: list[tuple[float, str]] = []

    @property
    def config(self) -> Sections:
        """The configuration in force."""
        return self._config.sections

    @property
    def staff(self) -> Staff:
        """The agents, those that are configured now."""
        config = self.config
        if config is not self._staffed_by:
            self._staffed_by = config
            self._staff.employ(agent_names(config), self.clock.now())
        return self._staff

    @property
    def config_error(self) -> str:
        """Why an edit of the configuration is not in force; empty when all is well."""
        return self._config.error

    def add(self, instance: Instance) -> None:
        """Let an instance live, and end the oldest when there are too many."""
        if len(self._instances) >= MAX_INSTANCES:
            self.end(next(iter(self._instances)))
        self._instances[instance.id] = instance
        self._by_data_id[instance.data_id] = instance.id
        if instance.expires is not None:
            heapq.heappush(self._expiring, (instance.expires, instance.id))
            if len(self._expiring) > 2 * MAX_INSTANCES:
                # Whoever ended early has left one behind.
                self._expiring = [each for each in self._expiring if each[1] in self._instances]
                heapq.heapify(self._expiring)
        if instance.callback is not None:
            of_service = self._open_callbacks.setdefault(instance.service, {})
            of_service[instance.id] = instance
            self.slots.note(instance.id, instance.callback)

    def open_callbacks(
        self, service: str, number: str | None = None
    ) -> list[tuple[Instance, Callback]]:
        """Return the callbacks of a service that are not completed, in order of creation.

        With a `number`, those of that customer alone.
        """
        now = self.clock.now()
        of_service = self._open_callbacks.get(service, {})
        opened = []
        for instance in list(of_service.values()):
            callback = instance.callback
            if number is not None and callback and callback.customer_number != number:
                continue
            if callback is None or callback.over(now, self.controls):
                del of_service[instance.id]
            else:
                opened.append((instance, callback))
        return opened

    def instances(self) -> list[Instance]:
        """Return all live instances in order of creation."""
        self._forget_expired()
        return list(self._instances.values())

    def find(self, instance_id: str) -> Instance | None:
        """Return a live instance."""
        if self._expiring:
            self._forget_expired()
        return self._instances.get(instance_id)

    def get(self, instance_id: str) -> Instance:
        """Return a live instance; raises GmsError 404 for an unknown id."""
        instance = self.find(instance_id)
        if instance is None:
            raise GmsError(404, f"Service instance [{instance_id}] is not found.")
        return instance

    def find_for_storage(self, any_id: str) -> Instance | None:
        """Return the live instance of an id or a data id."""
        return self.find(self._by_data_id.get(any_id, any_id))

    def get_for_storage(self, any_id: str) -> Instance:
        """Return the instance of an id or a data id; raises GmsError 404 for an unknown one."""
        return self.get(self._by_data_id.get(any_id, any_id))

    def end(self, instance_id: str) -> None:
        """End an instance, its data and its bookings; raises GmsError 404 for an unknown id."""
        instance = self.get(instance_id)
        for key in list(instance.data):
            instance.drop(key)
        self.pool.release_owner(instance.id)
        self.staff.leave(instance.id, self.clock.now())
        self.slots.forget(instance.id)
        self.chats.drop(instance.id)
        self._open_callbacks.get(instance.service, {}).pop(instance.id, None)
        del self._by_data_id[instance.data_id]
        del self._instances[instance.id]

    def _forget_expired(self) -> None:
        """End the instances whose time is over."""
        now = self.clock.now()
        while self._expiring and self._expiring[0][0] <= now:
            _, instance_id = heapq.heappop(self._expiring)
            if instance_id in self._instances:
                self.end(instance_id)


def builtin_id() -> str:
    """Return an id as builtin services have it: a UUID (reference page, Create)."""
    return str(uuid.uuid4())


def ors_id() -> str:
    """Return an id in the style of an ORS session: 32 digits and capital letters."""
    letters = len(_ORS_LETTERS)
    return "".join(_ORS_LETTERS[byte * letters // 256] for byte in secrets.token_bytes(32))
