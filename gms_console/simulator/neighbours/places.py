"""Where a phone number is at home, in words.

The library's geocoder loads the places of the whole world, which takes five seconds and 120 MB.
Its data lies in many files in order of prefixes; only those are read here that a number needs.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec
from itertools import count
from pathlib import Path

import phonenumbers

_PACKAGE = "phonenumbers.geodata"
_LONGEST_PREFIX = 9
_FIRST_KEY = re.compile(r"^ '([0-9]+)':", re.MULTILINE)
_OWN_WORDS_ONLY = ("zh", "ja", "ko")

Names = Mapping[str, str]
"""A name by language."""


def place_of(number: phonenumbers.PhoneNumber, language: str) -> str:
    """Return the town or region of a number, else its country; empty where nobody knows.

    In English where there is no name in the language, unless that is Chinese, Japanese or Korean.
    """
    kind = phonenumbers.number_type(number)
    if kind == phonenumbers.PhoneNumberType.UNKNOWN:
        return ""
    if phonenumbers.is_number_type_geographical(kind, number.country_code or 0):
        digits = _without_mobile_token(number)
        for length in range(_LONGEST_PREFIX, 0, -1):
            found = _named(_towns(digits[:length]), language)
            if found:
                return found
    return _country(_region(number), language)


def _region(number: phonenumbers.PhoneNumber) -> str:
    """Return the country of a number; empty when several have it in their plans."""
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    if len(regions) > 1:
        fits = phonenumbers.is_valid_number_for_region
        regions = tuple(region for region in regions if fits(number, region))
    return regions[0] if len(regions) == 1 else ""


def _without_mobile_token(number: phonenumbers.PhoneNumber) -> str:
    """Return the digits from the country code on; some countries put one before a mobile's."""
    national = phonenumbers.national_significant_number(number)
    token = phonenumbers.country_mobile_token(number.country_code or 0)
    return f"{number.country_code}{national.removeprefix(token) if token else national}"


def _towns(prefix: str) -> Names:
    firsts = tuple(first for first, _ in _parts())
    index = bisect_right(firsts, prefix) - 1
    return _data(index).get(prefix, {}) if index >= 0 else {}


def _named(names: Names, language: str) -> str:
    return names.get(language) or ("" if language in _OWN_WORDS_ONLY else names.get("en", ""))


def _country(region: str, language: str) -> str:
    names = _countries().get(region, {})
    name = names.get(language, "")
    # A name that many languages share stands with one of them, which the others point to.
    return names.get(name[1:], "") if name.startswith("*") else name


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, Names]:
    spec = PathFinder.find_spec(f"{_PACKAGE}.locale", _folders())
    found: Mapping[str, Names] = _load(spec, "LOCALE_DATA") if spec is not None else {}
    return found


@lru_cache(maxsize=1)
def _parts() -> tuple[tuple[str, ModuleSpec], ...]:
    """Return the files of places with their first prefix, which is told by their beginning."""
    parts = []
    for number in count():
        spec = PathFinder.find_spec(f"{_PACKAGE}.data{number}", _folders())
        if spec is None or spec.origin is None:
            break
        with Path(spec.origin).open(encoding="utf-8") as file:
            first = _FIRST_KEY.search(file.read(4096))
        if first is not None:
            parts.append((first[1], spec))
    return tuple(parts)


@lru_cache(maxsize=4)
def _data(index: int) -> Mapping[str, Names]:
    return _load(_parts()[index][1], "data")


def _folders() -> list[str]:
    package = find_spec(_PACKAGE)
    return list(package.submodule_search_locations or ()) if package is not None else []


def _load(spec: ModuleSpec, name: str) -> Mapping[str, Names]:
    """Run one file of the package and none of the others."""
    module = module_from_spec(spec)
    if spec.loader is not None:
        spec.loader.exec_module(module)
    found: Mapping[str, Names] = getattr(module, name, {})
    return found
