"""The phone number check (domain: keys, values and the refusal seen in the vendor's tests).

GMS asks Google's libphonenumber, and so does this, by its port `phonenumbers`. It is imported
where a number is first looked at: its data is big.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from gms_console.simulator.config.sections import Sections
from gms_console.simulator.web.answers import Answer, GmsError, json_answer
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.world.instances import World

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

SECTION = "phonenumber"
DEFAULT_COUNTRY = "US"
DEFAULT_LANGUAGE = "en"

_LONGEST = 250
_SOURCES = {
    1: "FROM_NUMBER_WITH_PLUS_SIGN",
    5: "FROM_NUMBER_WITH_IDD",
    10: "FROM_NUMBER_WITHOUT_PLUS_SIGN",
    20: "FROM_DEFAULT_COUNTRY",
}
_TYPES = {
    0: "FIXED_LINE",
    1: "MOBILE",
    2: "FIXED_LINE_OR_MOBILE",
    3: "TOLL_FREE",
    4: "PREMIUM_RATE",
    5: "SHARED_COST",
    6: "VOIP",
    7: "PERSONAL_NUMBER",
    8: "PAGER",
    9: "UAN",
    10: "VOICEMAIL",
}


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers at `/1/phonenumber`."""
    del world, method
    return NOWHERE if segments else Endpoint({"GET": check}, "phonenumber")


def check(call: Call) -> Answer:
    """Answer what the numbering plans know of a `number`, read as one of `country`.

    `geocodingLocale` is the language of the place. US is the country by default (documented), en
    the language (seen in the vendor's tests). Raises GmsError 400 for what is no number.
    """
    text = call.form.param("number") or ""
    config = call.world.config
    country = (call.form.param("country") or "").strip().upper()
    country = country or config.text(SECTION, "default_country", DEFAULT_COUNTRY)
    language = (call.form.param("geocodingLocale") or DEFAULT_LANGUAGE).strip().lower()
    number = _parsed(text, country)
    if number is None:
        message = f"Invalid Phone Number {text} for Country {country} (parsing impossible)"
        raise GmsError(400, message)
    return json_answer(_described(number, text, country, language, config))


@lru_cache(maxsize=1024)
def is_premium(text: str, country: str) -> bool:
    """Return whether calls to a number cost more than usual, as the numbering plans say."""
    number = _parsed(text, country)
    return number is not None and _type(number) == "PREMIUM_RATE"


def _parsed(text: str, country: str) -> "PhoneNumber | None":
    import phonenumbers  # noqa: PLC0415 - few requests need it, and its data is big

    if len(text) > _LONGEST:
        return None
    try:
        return phonenumbers.parse(text, country, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None


def _described(
    number: "PhoneNumber", text: str, country: str, language: str, config: Sections
) -> Mapping[str, object]:
    import phonenumbers  # noqa: PLC0415
    from phonenumbers import PhoneNumberFormat, timezone  # noqa: PLC0415

    from gms_console.simulator.neighbours.places import place_of  # noqa: PLC0415

    written = phonenumbers.format_number
    return {
        "carrier": _carrier(number, language, config),
        "country-code": number.country_code,
        "country-code-source": _SOURCES.get(number.country_code_source or 0, "UNSPECIFIED"),
        "country-default": country,
        "extension": number.extension or "",
        "is-possible-number": phonenumbers.is_possible_number(number),
        "is-premium": _type(number) == "PREMIUM_RATE",
        "is-valid-number": phonenumbers.is_valid_number(number),
        "is-valid-number-for-region": phonenumbers.is_valid_number_for_region(number, country),
        "italian-leading-zero": bool(number.italian_leading_zero),
        "language-specified": language,
        "location": place_of(number, language),
        "number-E164": written(number, PhoneNumberFormat.E164),
        "number-international": written(number, PhoneNumberFormat.INTERNATIONAL),
        "number-national": written(number, PhoneNumberFormat.NATIONAL),
        "number-national-short": number.national_number,
        "number-original": phonenumbers.format_in_original_format(number, country),
        "number-specified": text,
        "number-type": _type(number),
        "region-code": phonenumbers.region_code_for_number(number) or "",
        "time-zone": ", ".join(timezone.time_zones_for_number(number)),
    }


def _type(number: "PhoneNumber") -> str:
    import phonenumbers  # noqa: PLC0415

    return _TYPES.get(phonenumbers.number_type(number), "UNKNOWN")


def _carrier(number: "PhoneNumber", language: str, config: Sections) -> str:
    """Return who runs a mobile number: by the configured prefixes, else by the numbering plans."""
    from phonenumbers import carrier  # noqa: PLC0415

    try:
        configured = json.loads(config.text(SECTION, "carriers") or "{}")
    except ValueError:
        configured = {}
    digits = f"{number.country_code}{number.national_number}"
    named = configured if isinstance(configured, dict) else {}
    for length in range(len(digits), 0, -1):
        if digits[:length] in named:
            return str(named[digits[:length]])
    return carrier.name_for_number(number, language)
