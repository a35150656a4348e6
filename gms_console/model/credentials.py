"""Credentials of an Environment, and which of them a service takes."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user name and a password for basic authentication; None: not given here."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a request proves itself with.

    GMS resolves user name and password separately: the value in the service's section, else the
    one in section `server` (domain 1.8). `server` and `services` mirror that. `services` are
    by execution name. A `bearer` token takes the place of basic authentication.
    """

    server: Login = field(default_factory=Login)
    services: tuple[tuple[str, Login], ...] = ()
    bearer: str = field(default="", repr=False)

    def login(self, service: str) -> Login:
        """Give the pair for a service by its execution name; an empty name: the server's pair."""
        own = dict(self.services).get(service, Login()) if service else Login()
        return Login(
            user=self.server.user if own.user is None else own.user,
            password=self.server.password if own.password is None else own.password,
        )

    def header(self, service: str) -> str | None:
        """Give the value of Authorization for a service, or None where nothing is to be sent."""
        if self.bearer:
            return f"Bearer {self.bearer}"
        login = self.login(service)
        if login.user is None and login.password is None:
            return None
        pair = f"{login.user or ''}:{login.password or ''}"
        return f"Basic {b64encode(pair.encode()).decode('ascii')}"
