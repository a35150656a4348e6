"""What a secret of an environment is for, in words for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gms_console.environments.profile import Profile, SecretName


def uses_of(profile: Profile, name: str) -> str:
    """Say what a secret is for, such as `password of the server`; empty for nothing."""
    own = profile.credentials
    places: list[tuple[SecretName | None, str]] = [
        (own.password, "password of the server"),
        (own.bearer, "bearer token"),
        *((login.password, f"password of {service}") for service, login in own.services.items()),
        (profile.proxy.password, "password of the proxy"),
        (profile.tls.passphrase, "passphrase of the client key"),
    ]
    found = [use for entry, use in places if entry is not None and entry.secret == name]
    found += [f"header {one.name}" for one in profile.headers if one.secret == name]
    return ", ".join(found)
