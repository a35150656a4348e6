"""What the fields of the settings hold: an environment as text that may still be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gms_console.environments.profile import (
    LoginEntry,
    NodeEntry,
    Profile,
    SecretName,
    duration_text,
    size_text,
)
from gms_console.model.connection import GuardLevel, ProxyMode
from gms_console.redaction import is_credential_name


@dataclass(frozen=True, slots=True)
class SecretText:
    """A secret: the `name` that the file has for it, and the value that is typed, if any.

    `removed`: the file is no longer to name it; `forget`: its stored value is to be dropped.
    """

    name: str = ""
    typed: str = field(default="", repr=False)
    removed: bool = False
    forget: bool = False

    @property
    def there(self) -> bool:
        """Whether the file will name it."""
        return bool(self.typed) or (bool(self.name) and not self.removed)


@dataclass(frozen=True, slots=True)
class SecretFacts:
    """What is known of secrets: where they are kept, which are, and who else uses which."""

    label: str = ""
    keeps: bool = True
    locked: bool = False
    asked: bool = False
    known: frozenset[str] = frozenset()
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NodeText:
    """A row of the nodes."""

    name: str = ""
    url: str = ""
    worker: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into it; such a row is not kept."""
        return not (self.name or self.url or self.worker)


@dataclass(frozen=True, slots=True)
class HeaderText:
    """A row of the headers. A secret one has its value in `secret`, any other in `value`."""

    name: str = ""
    value: str = ""
    secret: SecretText = field(default_factory=SecretText)
    wants_secret: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether its value is kept out of the file: by wish, or by its name."""
        return self.wants_secret or is_credential_name(self.name)

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into it; such a row is not kept."""
        return not (self.name or self.value or self.secret.there)


@dataclass(frozen=True, slots=True)
class VariableText:
    """A row of the variables."""

    name: str = ""
    value: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into it; such a row is not kept."""
        return not (self.name or self.value)


@dataclass(frozen=True, slots=True)
class LoginText:
    """A user name and a password; a service's has the execution name as well.

    `empty_user`: where `user` is empty, the file says so, which is not the same as nothing.
    """

    service: str = ""
    user: str = ""
    password: SecretText = field(default_factory=SecretText)
    empty_user: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into it; such a row is not kept."""
        return not (self.service or self.user or self.password.there)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsText:
    """All fields of one environment, as they are typed."""

    name: str = ""
    colour: str = ""
    guard: GuardLevel = GuardLevel.OPEN
    nodes: tuple[NodeText, ...] = ()
    base_path: str = ""
    api_version: int = 1
    gms_user: str = ""
    headers: tuple[HeaderText, ...] = ()
    variables: tuple[VariableText, ...] = ()
    connect: str = ""
    read: str = ""
    total: str = ""
    max_body: str = ""
    http: str = "1.1"
    proxy_mode: ProxyMode = ProxyMode.SYSTEM
    proxy_url: str = ""
    proxy_user: str = ""
    proxy_password: SecretText = field(default_factory=SecretText)
    verify: bool = True
    ca_file: str = ""
    certificate: str = ""
    key: str = ""
    passphrase: SecretText = field(default_factory=SecretText)
    server: LoginText = field(default_factory=LoginText)
    services: tuple[LoginText, ...] = ()
    bearer: SecretText = field(default_factory=SecretText)


def new_profile(names: frozenset[str]) -> Profile:
    """Give a first draft of a profile, under a name that is still free."""
    name = free_name("environment", names, "-")
    return Profile(name=name, nodes=(NodeEntry(name="node1", url="http://localhost:8080"),))


def free_name(stem: str, taken: frozenset[str], joint: str) -> str:
    """Give `stem`, with a number after it where that is taken already."""
    lower = {name.lower() for name in taken}
    name, number = stem, 2
    while name.lower() in lower:
        name, number = f"{stem}{joint}{number}", number + 1
    return name


def text_of(profile: Profile) -> SettingsText:
    """Give the fields of a profile."""
    own = profile.credentials
    return SettingsText(
        name=profile.name,
        colour=profile.colour,
        guard=profile.guard,
        nodes=tuple(NodeText(one.name, one.url, one.worker) for one in profile.nodes),
        base_path=profile.base_path,
        api_version=profile.api_version,
        gms_user=profile.gms_user,
        headers=tuple(
            HeaderText(one.name, one.value or "", SecretText(one.secret or ""), bool(one.secret))
            for one in profile.headers
        ),
        variables=tuple(VariableText(name, value) for name, value in profile.variables.items()),
        connect=_seconds(profile.timeouts.connect),
        read=_seconds(profile.timeouts.read),
        total="" if profile.timeouts.total is None else _seconds(profile.timeouts.total),
        max_body=_size(profile.max_body),
        http=profile.http,
        proxy_mode=profile.proxy.mode,
        proxy_url=profile.proxy.url,
        proxy_user=profile.proxy.user,
        proxy_password=_secret(profile.proxy.password),
        verify=profile.tls.verify,
        ca_file=profile.tls.ca_file,
        certificate=profile.tls.certificate,
        key=profile.tls.key,
        passphrase=_secret(profile.tls.passphrase),
        server=_login("", own),
        services=tuple(_login(name, one) for name, one in own.services.items()),
        bearer=_secret(own.bearer),
    )


def _login(service: str, entry: LoginEntry) -> LoginText:
    return LoginText(service, entry.user or "", _secret(entry.password), entry.user == "")


def _secret(entry: SecretName | None) -> SecretText:
    return SecretText(entry.secret if entry is not None else "")


def _seconds(value: float) -> str:
    """Write seconds as a file has them; the Profile reads it back without a loss."""
    text = str(duration_text(value))
    if text[-1:].isalpha():
        return text
    return f"{value:.12f}".rstrip("0") + "s" if "e" in text else f"{text}s"


def _size(value: int) -> str:
    text = str(size_text(value))
    return f"{text} B" if text.isdecimal() else text
