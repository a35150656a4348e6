"""From a Profile and the values of its secrets to an Environment that can be sent to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from gms_console.environments.profile import (
    COLOURS,
    LoginEntry,
    Profile,
    ProxyEntry,
    SecretName,
    path_in,
)
from gms_console.model.base_url import parse_base_url
from gms_console.model.connection import Node, Proxy, ProxyMode, Tls
from gms_console.model.credentials import Credentials, Login
from gms_console.model.environment import Environment


class MissingSecretsError(LookupError):
    """Secrets whose values are not known; `names` are theirs."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(f"The value of {', '.join(names)} is not known.")


def resolve(
    profile: Profile, secrets: Mapping[str, str], *, node: str = "", folder: Path | None = None
) -> Environment:
    """Make the Environment at a node, the first by default.

    `folder` is where the profile's file is; paths in it are relative to that.
    Raises MissingSecretsError, and HeaderError for a secret that no header can carry.
    """
    missing = tuple(name for name in profile.secret_names if name not in secrets)
    if missing:
        raise MissingSecretsError(missing)
    here = folder or Path()
    nodes = tuple(
        Node(name=one.name, url=_node_url(one.url, profile), worker=one.worker)
        for one in profile.nodes
    )
    active = profile.node(node).name
    base = parse_base_url(next(one.url for one in nodes if one.name == active))
    return Environment(
        scheme=base.scheme,
        host=base.host,
        port=base.port,
        base_path=base.path,
        name=profile.name,
        node=active,
        nodes=nodes,
        api_version=profile.api_version,
        timeout=profile.timeouts.read,
        connect_timeout=profile.timeouts.connect,
        total_timeout=profile.timeouts.total,
        max_body=profile.max_body,
        http2=profile.http == "2",
        verify_tls=profile.tls.verify,
        tls=Tls(
            ca_file=path_in(here, profile.tls.ca_file),
            certificate=path_in(here, profile.tls.certificate),
            key=path_in(here, profile.tls.key),
            passphrase=_value(profile.tls.passphrase, secrets) or "",
        ),
        proxy=_proxy(profile.proxy, secrets),
        headers=_headers(profile, secrets),
        secret_headers=frozenset(one.name.lower() for one in profile.headers if one.secret),
        credentials=_credentials(profile, secrets),
        variables=tuple(profile.variables.items()),
        guard=profile.guard,
        colour=COLOURS.get(profile.colour, profile.colour),
    )


def _node_url(url: str, profile: Profile) -> str:
    """Give a node's base URL; without a path of its own it has the profile's base path."""
    base = parse_base_url(url)
    text = url.strip() if "://" in url else f"http://{url.strip()}"
    if urlsplit(text).path in {"", "/"}:
        host = f"[{base.host}]" if ":" in base.host else base.host
        port = "" if base.port is None else f":{base.port}"
        return f"{base.scheme}://{host}{port}/{profile.base_path.strip('/') or '/'}"
    return text


def _value(entry: SecretName | None, secrets: Mapping[str, str]) -> str | None:
    return None if entry is None else secrets[entry.secret]


def _headers(profile: Profile, secrets: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    user = [("gms_user", profile.gms_user)] if profile.gms_user else []
    own = [
        (one.name, secrets[one.secret] if one.secret else one.value or "")
        for one in profile.headers
    ]
    return (*user, *own)


def _proxy(entry: ProxyEntry, secrets: Mapping[str, str]) -> Proxy:
    if entry.mode is not ProxyMode.EXPLICIT:
        return Proxy(mode=entry.mode)
    return Proxy(
        mode=entry.mode,
        url=entry.url,
        user=entry.user,
        password=_value(entry.password, secrets) or "",
    )


def _credentials(profile: Profile, secrets: Mapping[str, str]) -> Credentials:
    own = profile.credentials

    def login(entry: LoginEntry) -> Login:
        return Login(user=entry.user, password=_value(entry.password, secrets))

    return Credentials(
        server=login(own),
        services=tuple((name, login(entry)) for name, entry in own.services.items()),
        bearer=_value(own.bearer, secrets) or "",
    )
