"""The phone number check, against answers that a real GMS gave."""

from typing import Any
from urllib.parse import quote

import pytest

from gms_console.simulator import Simulator
from tests.simulator.recorded import FRENCH_MOBILE
from tests.simulator.wire import Reply, call, call_back


def check(simulator: Simulator, number: str, query: str = "") -> Reply:
    target = f"/genesys/1/phonenumber?number={quote(number)}{query}"
    return call(simulator, "GET", target)


def test_a_number_is_told_as_a_real_gms_told_it(simulator: Simulator) -> None:
    found = check(simulator, "0604120405", "&country=FR&geocodingLocale=DE")
    assert (found.status, found.json) == (200, FRENCH_MOBILE)
    recorded: list[tuple[str, str, dict[str, Any]]] = [
        (
            "+4989125016040",
            "&country=DE&geocodingLocale=FR",
            {
                "country-code-source": "FROM_NUMBER_WITH_PLUS_SIGN",
                "location": "Munich",
                "number-national-short": 89125016040,
                "number-original": "+49 89 125016040",
                "number-type": "FIXED_LINE",
                "time-zone": "Europe/Berlin",
            },
        ),
        (
            "+16504661100",
            "&country=US&geocodingLocale=FR",
            {
                "carrier": "",
                "location": "California",
                "number-national": "(650) 466-1100",
                "number-type": "FIXED_LINE_OR_MOBILE",
                "time-zone": "America/Los_Angeles",
            },
        ),
        (
            "509113790",
            "&country=UA",
            {
                "carrier": "MTS",
                "language-specified": "en",
                "location": "Ukraine",
                "number-original": "50 911 3790",
                "number-specified": "509113790",
            },
        ),
        ("+19005551234", "", {"is-premium": True, "number-type": "PREMIUM_RATE"}),
        ("+39 06 698", "&country=it", {"italian-leading-zero": True, "country-default": "IT"}),
        (
            "112",
            "&country=DE",
            {"is-valid-number": False, "location": "", "time-zone": "Etc/Unknown"},
        ),
    ]
    for number, query, expected in recorded:
        answered = check(simulator, number, query).json
        assert {key: answered[key] for key in expected} == expected, number


@pytest.mark.parametrize("number", ["bad", "", "+", "1" * 300])
def test_what_is_no_number_is_refused(simulator: Simulator, number: str) -> None:
    refused = check(simulator, number, "&country=DE&geocodingLocale=de")
    assert refused.status == 400
    assert refused.json == {
        "exception": "com.genesyslab.gsg.GSGException",
        "message": f"Invalid Phone Number {number} for Country DE (parsing impossible)",
    }


def test_a_premium_number_of_any_country_is_not_called_back(simulator: Simulator) -> None:
    for number in ("+19005551234", "1 900 555 1234", "+49 900 5 123456"):
        refused = call_back(simulator, _customer_number=number)
        assert (refused.status, "premium" in refused.json["message"]) == (400, True)
        assert call_back(simulator, "callme-premium", _customer_number=number).status == 200
