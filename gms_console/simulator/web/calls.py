"""One request as its handler sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from gms_console.simulator.config.options import Options
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
    def options(self) -> Options:
        """What holds for this request by the configuration of its service."""
        return Options(self.world.config.service(self.service) or {}, self.form)

    @property
    def base(self) -> str:
        """What all URLs in answers begin with: `external_url_base`, or else origin and root.

        One that names no path is followed by the root.
        """
        external = self.world.config.text("server", "external_url_base").strip().rstrip("/")
        if not external:
            return f"{self.origin}{self.root}"
        return external if urlsplit(external).path else f"{external}{self.root}"

    def instance_url(self, instance_id: str, request: str) -> str:
        """Return the absolute URL of a request on an instance."""
        return f"{self.base}/1/service/{instance_id}/{request}"


Handler = Callable[[Call], Answer]
