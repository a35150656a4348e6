"""A profile that names a secret wherever there can be one."""

from typing import Any

from gms_console.environments.profile import Profile
from tests.trust.canaries import Canaries

STORED = (
    "server password", "service password", "bearer", "api key", "header of the store",
    "proxy password", "key passphrase",
)  # fmt: skip
"""Names of the secrets, and the places that they stand in."""


def profile(url: str, **changes: Any) -> Profile:
    """Make it, with basic authentication and without a proxy unless changed."""
    data: dict[str, Any] = {
        "name": "qa",
        "nodes": [{"name": "node1", "url": url}],
        "headers": [
            {"name": "apikey", "secret": "api key"},
            {"name": "X-Site", "secret": "header of the store"},
            {"name": "X-Trace", "value": "7"},
        ],
        "tls": {"passphrase": {"secret": "key passphrase"}},
        "credentials": {
            "user": "admin",
            "password": {"secret": "server password"},
            "services": {"callme": {"password": {"secret": "service password"}}},
        },
    }
    return Profile.model_validate(data | changes)


def bearer(one: Profile) -> Profile:
    """Give the profile with a token in the place of user and password."""
    return one.changed(credentials={"bearer": {"secret": "bearer"}})


def behind_proxy(one: Profile, url: str) -> Profile:
    """Give the profile with a proxy that wants a password."""
    password = {"secret": "proxy password"}
    proxy = {"mode": "explicit", "url": url, "user": "console", "password": password}
    return one.changed(proxy=proxy)


def values(canaries: Canaries) -> dict[str, str]:
    """Give the values of all secrets by their names."""
    return {name: canaries[name] for name in STORED}
