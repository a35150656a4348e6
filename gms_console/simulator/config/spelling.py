"""Names that look like a slip: almost, but not quite, one that the simulator reads."""

import re
from difflib import get_close_matches

_SECTIONS = (
    "agents",
    "callback",
    "chat",
    "default",
    "patterns",
    "phonenumber",
    "resources",
    "server",
    "service",
    "simulator",
    "statistics",
)
"""Section names up to the first dot."""

_LOOKED_AT = ("callback", "default", "server", "service", "simulator")
"""The sections, up to the first dot, that have the options below."""

_OPTIONS = (
    "_access_code_length",
    "_agent_preview",
    "_booking_expiration_timeout",
    "_business_hours_service",
    "_call_direction",
    "_capacity_add",
    "_capacity_service",
    "_chat_400_response_on_disconnected",
    "_customer_lookup_keys",
    "_default_country",
    "_disallow_premium_phone_numbers",
    "_enable_in_queue_checking",
    "_max_capacity",
    "_media_type",
    "_offline_code",
    "_online_code",
    "_overwritable_options",
    "_phone_number",
    "_provide_code",
    "_redirect",
    "_request_execution_time_buffer",
    "_resource_group",
    "_return_user_data",
    "_service",
    "_snooze_duration",
    "_throttle_callbacks_per_service_1",
    "_throttle_callbacks_per_service_2",
    "_throttle_customer_number_limit",
    "_throttle_request_parameters",
    "_throttle_request_parameters_limit",
    "_throttle_ttl_1",
    "_throttle_ttl_2",
    "_timezone",
    "_type",
    "_user_confirm_timeout",
    "_userorig_connect_limit",
    "_wait_for_agent",
    "_wait_for_user_confirm",
    "_waiting_seconds",
    "access_code_prefix",
    "agent_ready_seconds",
    "agent_seconds",
    "allow-file-control",
    "allowed-mime-types",
    "call_seconds",
    "chat_seconds",
    "connected_seconds",
    "error_format",
    "external_url_base",
    "max_queued_callbacks_per_service",
    "password",
    "preview_seconds",
    "username",
)
_NUMBERED = re.compile(r"_(?:bh_regular|bh_add|holiday|capacity_)[0-9]+")
_GMS_ALONE = (
    "_disallow_impossible_phone_numbers",
    "_mandatory_customer_lookup_keys",
    "_on_user_confirm_timeout",
    "_service_type",
)
"""Options of GMS that nothing here reads, and that look like some that are read."""

_LIKENESS = 0.86
_LIKENESS_OF_SECTIONS = 0.8


def meant_section(name: str) -> str | None:
    """Return the section that a name may have meant; None for one that looks right."""
    first, dot, rest = name.partition(".")
    if first in _SECTIONS:
        return None
    close = get_close_matches(first, _SECTIONS, 1, _LIKENESS_OF_SECTIONS)
    return f"{close[0]}{dot}{rest}" if close else None


def meant_option(section: str, name: str) -> str | None:
    """Return the option that a name may have meant; None for one that looks right."""
    if section.partition(".")[0] not in _LOOKED_AT or name in (*_OPTIONS, *_GMS_ALONE):
        return None
    if _NUMBERED.fullmatch(name):
        return None
    close = get_close_matches(name, _OPTIONS, 1, _LIKENESS)
    return close[0] if close else None
