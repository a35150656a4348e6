"""Answers that a real GMS was seen to give, for more than one test."""

from typing import Any

FRENCH_MOBILE: dict[str, Any] = {
    "carrier": "SFR",
    "country-code": 33,
    "country-code-source": "FROM_DEFAULT_COUNTRY",
    "country-default": "FR",
    "extension": "",
    "is-possible-number": True,
    "is-premium": False,
    "is-valid-number": True,
    "is-valid-number-for-region": True,
    "italian-leading-zero": False,
    "language-specified": "de",
    "location": "Frankreich",
    "number-E164": "+33604120405",
    "number-international": "+33 6 04 12 04 05",
    "number-national": "06 04 12 04 05",
    "number-national-short": 604120405,
    "number-original": "06 04 12 04 05",
    "number-specified": "0604120405",
    "number-type": "MOBILE",
    "region-code": "FR",
    "time-zone": "Europe/Paris",
}
