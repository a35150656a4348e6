"""How long the parts of a callback take."""

from dataclasses import dataclass

from gms_console.simulator.config.options import Options
from gms_console.simulator.config.sections import Sections, number_of

SIMULATOR = "simulator"
"""This simulator's own section: durations that GMS has no option for."""


@dataclass(frozen=True)
class Times:
    """Durations in clock seconds.

    A scheduled callback is queued `ahead` of its time (domain: 120 s seen in the vendor's tests);
    an agent is ready after `agent`, if one is free then, and waits `confirm` for the user, whom
    `postpone` puts off. The rest is how long a connection lasts. All but the first are this
    simulator's choice.
    """

    ahead: float = 120.0
    agent: float = 10.0
    confirm: float = 120.0
    postpone: float = 300.0
    call: float = 20.0
    preview: float = 10.0
    chat: float = 300.0


USUAL = Times()


def times_of(config: Sections, options: Options) -> Times:
    """Return the durations that are configured; the names of the first three are the vendor's."""

    def own(name: str, usual: float) -> float:
        return max(options.number(name, usual), 0.0)

    return Times(
        ahead=own("_request_execution_time_buffer", USUAL.ahead),
        confirm=own("_user_confirm_timeout", USUAL.confirm),
        postpone=own("_snooze_duration", USUAL.postpone),
        agent=seconds_of(config, "agent_seconds", USUAL.agent),
        call=seconds_of(config, "call_seconds", USUAL.call),
        preview=seconds_of(config, "preview_seconds", USUAL.preview),
        chat=seconds_of(config, "chat_seconds", USUAL.chat),
    )


def seconds_of(config: Sections, name: str, usual: float) -> float:
    """Return a duration of this simulator's own section; what is no duration is the usual one."""
    found = number_of(config.section(SIMULATOR).get(name), usual)
    return usual if found < 0 else found


def spoken(seconds: float) -> str:
    """Return a duration as a person says it: whole minutes, or else seconds."""
    minutes, rest = divmod(round(seconds), 60)
    number, unit = (minutes, "minute") if minutes and not rest else (round(seconds), "second")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
