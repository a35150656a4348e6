"""What callback services refuse, in the words that were seen where any were."""

from collections.abc import Mapping, Sequence

from gms_console.simulator.web.answers import GmsError

_PACKAGE = "com.genesyslab.gsg.services.callback.exceptions"


def number_refused(number: str | None) -> GmsError:
    """Return the refusal of a missing or invalid number; the words are this simulator's."""
    if not number:
        message = "Mandatory parameter [_customer_number] is missing."
    else:
        message = f"Customer Number [{number}] is not a valid phone number."
    return GmsError(400, message, f"{_PACKAGE}.CallbackExceptionNumber")


def premium_refused(number: str) -> GmsError:
    """Return the refusal of a premium number (domain: seen in the vendor's tests)."""
    return GmsError(
        400,
        f"Customer Number [{number}] is disallowed, because it's a premium number."
        " Check option _disallow_premium_phone_numbers",
        f"{_PACKAGE}.CallbackExceptionNumber",
    )


def limit_reached(service: str) -> GmsError:
    """Return the refusal of one queued callback too many (domain: seen in the vendor's tests)."""
    return GmsError(
        503,
        f"Limit of queued callbacks for {service} is reached.",
        f"{_PACKAGE}.CallbackExceptionServiceUnavailable",
    )


def throttled(message: str) -> GmsError:
    """Return the refusal of a request that comes too soon after too many others."""
    return GmsError(503, message, f"{_PACKAGE}.CallbackExceptionServiceUnavailable")


def not_available(phrase: str, availability: Mapping[str, int] | None = None) -> GmsError:
    """Return the refusal of a time, with the free slots that come next.

    The key `availability` is known (domain: seen in the vendor's iOS library); the words are
    this simulator's choice.
    """
    return GmsError(
        400,
        f"Callback is not available: {phrase}",
        f"{_PACKAGE}.CallbackExceptionAvailability",
        None if availability is None else {"availability": dict(availability)},
        phrase=phrase,
    )


def no_office_hours(service: str) -> GmsError:
    """Return the answer about times of a service that has none (domain: seen in tests)."""
    return GmsError(
        400,
        f"Service [{service}] has no office hours.",
        f"{_PACKAGE}.CallbackExceptionResource",
    )


def not_configured(service: str) -> GmsError:
    """Return the refusal of an unknown service.

    Domain: 404 is typical for an unknown name, and this class says "service not configured".
    """
    return GmsError(
        404,
        f"Callback service [{service}] is not configured.",
        f"{_PACKAGE}.CallbackExceptionResource",
    )


def gone(service: str, callback_id: str) -> GmsError:
    """Return the refusal to change what is unknown or over (domain: 400 for a cancel)."""
    return GmsError(
        400,
        f"Callback [{callback_id}] of service [{service}] is not found or is completed.",
        f"{_PACKAGE}.CallbackExceptionNotFound",
    )


def all_gone(ids: Sequence[str]) -> GmsError:
    """Return the refusal to cancel many of which none is there; the words are this simulator's."""
    return GmsError(
        400,
        f"None of the callbacks is found and not completed: {', '.join(ids)}",
        f"{_PACKAGE}.CallbackExceptionNotFound",
    )
