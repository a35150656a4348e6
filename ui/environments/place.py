"""The Place: where the window sends to at the moment, and what is known of how it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind

if TYPE_CHECKING:
    from ..console import Console


@dataclass(frozen=True, slots=True)
class Connection:
    """What the last exchange said of the environment; `tone`: muted, good, busy or error."""

    text: str
    tone: str


NOT_CONTACTED = Connection("Not contacted yet", "muted")


class Place:
    """Where to send: an Environment by name, a base URL that was typed, or the simulator.

    `base_url_text` is what was typed last, also while an environment by name is in use.
    `environment` is None while there is nothing to send to; `error` says why. Tells of changes
    through the Console's signals.
    """

    def __init__(self, console: Console, base_url_text: str) -> None:
        self._console = console
        self.base_url_text = base_url_text
        self.environment: Environment | None = None
        self.error = ""
        self.connection = NOT_CONTACTED
        self._choices = 0

    @property
    def on_simulator(self) -> bool:
        """Whether the simulator of this window is what is sent to."""
        url = self._console.simulator.base_url
        return bool(url) and self.base_url_text == url and not self._console.environments.chosen

    # --- what a person chooses ---------------------------------------------------------------

    def set_base_url(
        self, text: str, *, asking: bool = True, then: Callable[[], None] = lambda: None
    ) -> None:
        """Send to a base URL that was typed; a wrong one is kept, and explained.

        `asking`: about what runs at the place that is left; not at the end of the program.
        `then` follows the switch.
        """
        try:
            environment = Environment.parse(text)
        except BaseUrlError as error:
            self.base_url_text = text
            self._console.environments.leave()
            self.be_nowhere(str(error))
            return

        def go() -> None:
            self._take_base_url(text, environment)
            then()

        if asking:
            self._console.switching.to(environment, go)
        else:
            go()

    def _take_base_url(self, text: str, environment: Environment) -> None:
        self.base_url_text = text
        self.use(environment)

    def back_to_base_url(self) -> None:
        """Leave an environment, or the simulator, for the base URL that was typed before."""
        text = self.base_url_text
        if text == self._console.simulator.base_url:
            text = self._console.workspace.base_url
        self.set_base_url(text)

    def use_simulator(self) -> None:
        """Start the simulator if need be, and send to it."""
        before, starting = self.connection, Connection("Starting the simulator …", "busy")
        self.show_connection(starting)
        work = self._use_simulator(self._choices, starting, before)
        self._console.session.tasks.start(work, name="start the simulator", owner=self._console)

    async def _use_simulator(self, choices: int, starting: Connection, before: Connection) -> None:
        try:
            url = await self._console.simulator.start()
        except Exception:
            self.show_connection(Connection("The simulator did not start", "error"))
            raise
        if self.connection is starting:
            # It is not sent to yet: a question may come first, and be answered with no.
            self.show_connection(before)
        if self._choices != choices:
            # Another place was chosen while it started.
            return
        environment = Environment.parse(url)
        self._console.switching.to(environment, lambda: self._take_simulator(url, environment))

    def _take_simulator(self, url: str, environment: Environment) -> None:
        self._take_base_url(url, environment)
        self._console.message.emit(
            "Sending to the simulator in this window; nothing leaves this machine."
        )

    # --- what comes of it --------------------------------------------------------------------

    def use(self, environment: Environment) -> None:
        """Send there from now on."""
        self._choices += 1
        before, self.environment, self.error = self.environment, environment, ""
        if before is None or not before.is_same_place(environment):
            self.connection = NOT_CONTACTED
        self._console.environments.took(environment)
        self._tell()

    def be_nowhere(self, reason: str) -> None:
        """Have nothing to send to, for a reason."""
        self._choices += 1
        self.environment, self.error = None, reason
        self.connection = NOT_CONTACTED
        self._tell()

    def _tell(self) -> None:
        self._console.environment_changed.emit()
        self._console.connection_changed.emit()
        self._console.refresh_preview()

    def show_connection(self, connection: Connection) -> None:
        """Say how the connection stands."""
        self.connection = connection
        self._console.connection_changed.emit()

    def learn(self, exchange: Exchange) -> None:
        """Take over what an exchange says of the place, if it is about this place."""
        here, failure = self.environment, exchange.failure
        if here is None or exchange.environment != here.name:
            return
        if not exchange.request.url.startswith(f"{here.base_url.rstrip('/')}/"):
            return
        if failure is None:
            text = f"Answers ({exchange.timing.total:,.0f} ms)"
            self.show_connection(Connection(text, "good"))
        elif failure.kind is not FailureKind.GIVEN_UP:
            self.show_connection(Connection(failure.kind.heading, "error"))
