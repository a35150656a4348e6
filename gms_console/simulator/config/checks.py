"""Remarks on a configuration: what will not have the effect that its author may expect.

None of them keeps the configuration from being used: as in GMS, anything may stand in a section.
"""

from collections.abc import Callable, Iterator, Mapping

from gms_console.simulator.calendar.capacity import capacity_of
from gms_console.simulator.calendar.hours import hours_of
from gms_console.simulator.config.sections import DEFAULT, SERVICE, Sections, number_of
from gms_console.simulator.config.spelling import meant_option, meant_section

Lines = Mapping[tuple[str, str], int]
"""Where each option stands, by section and name; a section itself has the name "" there."""

KINDS = (
    "callback",
    "capacity",
    "get",
    "hello",
    "match-interaction",
    "office-hours",
    "request-access",
    "request-chat",
    "request-inbound-delay",
    "request-inbound-immediate",
    "request-inbound-poll",
    "request-interaction",
    "request-outbound-delay",
    "request-outbound-immediate",
)
"""What the `_service` of a configured service can be."""

_FORMATS = ("8.5.1", "8.5.2")
_NUMBERS = (
    "_request_execution_time_buffer",
    "_snooze_duration",
    "_user_confirm_timeout",
    "_waiting_seconds",
    "_access_code_length",
    "_booking_expiration_timeout",
    "_max_capacity",
    "_offline_code",
    "_online_code",
    "_throttle_callbacks_per_service_1",
    "_throttle_callbacks_per_service_2",
    "_throttle_customer_number_limit",
    "_throttle_request_parameters_limit",
    "_throttle_ttl_1",
    "_throttle_ttl_2",
    "_ttl",
    "_userorig_connect_limit",
    "max_queued_callbacks_per_service",
)
_NAMED = {"_business_hours_service": "office-hours", "_capacity_service": "capacity"}
"""Options of callback services that name a service, and of which kind it must be."""

_Options = Mapping[str, str]
_Check = Callable[[Sections, str, _Options], Iterator[tuple[str, str]]]


def warnings_of(found: Sections, sections: Mapping[str, _Options], lines: Lines) -> tuple[str, ...]:
    """Return the remarks, each with the line that it is about."""
    remarks = [
        (lines.get((section, option), lines[section, ""]), f"section {section}: {said}")
        for section, options in sections.items()
        for check in _CHECKS
        for option, said in check(found, section, options)
    ]
    return tuple(f"Line {line}, {said}." for line, said in sorted(remarks))


def _kind(found: Sections, section: str, options: _Options) -> Iterator[tuple[str, str]]:
    del found
    kind = options.get("_service", "")
    if section.startswith(SERVICE) and not kind:
        yield "", "there is no option _service, so it is not configured"
    elif section.startswith(SERVICE) and kind not in KINDS:
        yield "_service", f"_service {kind} is nothing that the simulator plays"
    if section.startswith(DEFAULT) and section.removeprefix(DEFAULT) not in KINDS:
        yield "", "no _service has that name"


def _numbers(found: Sections, section: str, options: _Options) -> Iterator[tuple[str, str]]:
    del found
    for name in _NUMBERS:
        text = options.get(name, "").strip()
        if text and "$" not in text and number_of(text, -1) < 0:
            yield name, f"{name} [{text}] is no number from 0"
    for name, text in options.items() if section == "simulator" else ():
        if name.endswith("_seconds") and number_of(text.strip(), -1) < 0:
            yield name, f"{name} [{text}] is no number from 0"


def _error_format(found: Sections, section: str, options: _Options) -> Iterator[tuple[str, str]]:
    del found
    text = options.get("error_format", _FORMATS[0])
    if section == "server" and text not in _FORMATS:
        yield "error_format", f"error_format [{text}] is not one of {', '.join(_FORMATS)}"


def _calendars(found: Sections, section: str, options: _Options) -> Iterator[tuple[str, str]]:
    del found
    if not section.startswith(SERVICE):
        return
    problem: str | None = None
    if options.get("_service") == "office-hours":
        problem = hours_of(options).problem
    elif options.get("_service") == "capacity":
        capacity = capacity_of(options)
        problem = capacity.problem
        if capacity.excess is not None:
            yield "_max_capacity", f"{capacity.excess} is above _max_capacity {capacity.maximum}"
    for said in (problem or "").split("; "):
        if said:
            yield said.partition(" ")[0], said


def _names(found: Sections, section: str, options: _Options) -> Iterator[tuple[str, str]]:
    for option, kind in _NAMED.items():
        name = options.get(option, "").strip()
        if name and "$" not in name and found.kind(name) != kind:
            yield option, f"{option} [{name}] is no service of the kind {kind}"
    redirect = options.get("_redirect", "").strip()
    if section.startswith(SERVICE) and redirect and "$" not in redirect:
        if options.get("_service") != "callback":
            yield "_redirect", "_redirect has an effect on callback services alone"
        elif found.service(redirect) is None:
            yield "_redirect", f"_redirect [{redirect}] is no configured service"


def _spelling(found: Sections, section: str, options: _Options) -> Iterator[tuple[str, str]]:
    del found
    meant = meant_section(section)
    if meant is not None:
        yield "", f"perhaps {meant} is meant"
    for name in options:
        option = meant_option(section, name)
        if option is not None:
            yield name, f"perhaps {option} is meant by {name}"


_CHECKS: tuple[_Check, ...] = (_kind, _numbers, _error_format, _calendars, _names, _spelling)
