"""One request as its handler sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gms_console.simulator.web.answers import Answer
from gms_console.simulator.web.forms import Form
from gms_console.simulator.world.instances import World


@dataclass(frozen=True)
class Call:
    """The world, what the request carries, and where it came in.

    `root` is the root of the path, such as `/genesys`; `origin` is scheme, host and port as
    the client named them, so that URLs in answers lead back the same way. `service` is the
    configured service that it is about, empty for none; `node` the one that it came to;
    `headers` have lower-case names.
    """

    world: World
    form: Form
    root: str
    origin: str
    service: str = ""
    node: str = "node1"
    headers: Sequence[tuple[bytes, bytes]] = ()

    def header(self, name: str) -> str:
        """Return the first header of that name, in any letter case; empty for none."""
        wanted = name.lower().encode()
        found = next((value for key, value in self.headers if key == wanted), b"")
        return found.decode("latin-1")

    @property
    def now(self) -> float:
        """The time on the simulator's clock, in seconds."""
        return self.world.clock.now()

    @property
    def base(self) -> str:
        """Origin and root: what all URLs in answers begin with."""
        return f"{self.origin}{self.root}"

    def instance_url(self, instance_id: str, request: str) -> str:
        """Return the absolute URL of a request on an instance."""
        return f"{self.base}/1/service/{instance_id}/{request}"


Handler = Callable[[Call], Answer]
