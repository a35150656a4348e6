"""The scenario that a request plays on one of the configured callback services."""

from dataclasses import dataclass

from gms_console.simulator.config.options import Options
from gms_console.simulator.config.sections import Sections
from gms_console.simulator.web.forms import Form

CALLBACK = "callback"
"""The `_service` of callback services (domain: documented)."""


@dataclass(frozen=True)
class Scenario:
    """How a callback goes (domain: the table of scenarios)."""

    chat: bool
    user_terminated: bool
    wait_for_agent: bool
    wait_for_confirm: bool
    preview: bool

    @property
    def at_once(self) -> bool:
        """Whether nothing stands between the create and the connection."""
        return not self.wait_for_agent and not self.wait_for_confirm

    @property
    def needs_user(self) -> bool:
        """Whether it goes on only when the app asks to connect, even with an agent ready."""
        return self.wait_for_confirm or not self.user_terminated


def options_of(config: Sections, service: str, form: Form) -> Options | None:
    """Return what holds for a request to a callback service; None for one that is none."""
    if config.kind(service) != CALLBACK:
        return None
    return Options(config.service(service) or {}, form)


def scenario_of(options: Options) -> Scenario:
    """Return the scenario that the options choose."""
    chat = options.text("_media_type").lower() == "chat"
    direction = options.text("_call_direction").upper()
    return Scenario(
        chat=chat,
        user_terminated=not chat and direction != "USERORIGINATED",
        wait_for_agent=options.flag("_wait_for_agent"),
        wait_for_confirm=options.flag("_wait_for_user_confirm"),
        preview=options.flag("_agent_preview"),
    )
