"""The configured callback services, and the scenario that a request plays on one of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from gms_console.simulator.calendar.timetable import OfficeHours
from gms_console.simulator.web.forms import Form

OFFICE_HOURS: Mapping[str, OfficeHours] = {
    "office-hours": OfficeHours(frozenset(range(7)), 8, 20),
    "business-hours": OfficeHours(frozenset(range(5)), 9, 17),
}
"""The configured calendars; a callback service names one in `_business_hours_service`."""

_SCENARIO = (
    "_media_type",
    "_call_direction",
    "_wait_for_agent",
    "_wait_for_user_confirm",
    "_agent_preview",
)
_OVERWRITABLE = (*_SCENARIO, "_provide_code", "_booking_expiration_timeout")

_DEFAULTS: Mapping[str, str] = {
    "_media_type": "voice",
    "_call_direction": "USERTERMINATED",
    "_wait_for_agent": "false",
    "_wait_for_user_confirm": "false",
    "_agent_preview": "false",
    "_provide_code": "false",
    "_business_hours_service": "office-hours",
    "_disallow_premium_phone_numbers": "true",
    "_userorig_connect_limit": "3",
    "_overwritable_options": ",".join(_OVERWRITABLE),
}
_WAIT = {"_wait_for_agent": "true", "_wait_for_user_confirm": "true"}
_USERORIG = {"_call_direction": "USERORIGINATED"}
_CHAT = {"_media_type": "chat", "_call_direction": "USERORIGINATED"}

CONFIGURED: Mapping[str, Mapping[str, str]] = {
    "callme": {},
    "VOICE-NOW-USERORIG": _USERORIG,
    "VOICE-WAIT-USERORIG": _USERORIG | _WAIT,
    "VOICE-NOW-USERTERM": {},
    "VOICE-WAIT-USERTERM": _WAIT,
    "VOICE-SCHEDULED-USERTERM": _WAIT,
    "CHAT-NOW": _CHAT,
    "CHAT-WAIT": _CHAT | _WAIT,
    "VOICE-PREVIEW-USERTERM": {
        "_agent_preview": "true",
        "_userterminated_first_connect_party": "AGENT",
    },
    "callme-premium": {"_disallow_premium_phone_numbers": "false"},
    "callme-anytime": {"_business_hours_service": ""},
    "callme-redirected": {
        "_redirect": "hello",
        "_overwritable_options": ",".join((*_OVERWRITABLE, "_redirect")),
    },
}
"""Each service with the options that differ from the defaults above.

The upper-case names and their values are those of the vendor's scenarios (domain: seen in the
vendor's sample); the others are this simulator's choice.
"""


@dataclass(frozen=True)
class Options:
    """What holds for one request: the configured values, and those that it may overwrite.

    A configured value wins unless `_overwritable_options` names it (domain: documented).
    """

    configured: Mapping[str, str]
    form: Form

    def text(self, name: str) -> str:
        """Return the value that holds; empty when there is none."""
        asked = self.form.param(name)
        allowed = self.configured.get("_overwritable_options", "").split(",")
        if asked is not None and name in allowed:
            return asked.strip()
        return self.configured.get(name, "")

    def flag(self, name: str) -> bool:
        """Return whether the value that holds says `true`."""
        return self.text(name).lower() == "true"


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


def options_of(service: str, form: Form) -> Options | None:
    """Return what holds for a request to a service; None for one that is not configured."""
    own = CONFIGURED.get(service)
    return None if own is None else Options({**_DEFAULTS, **own}, form)


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
