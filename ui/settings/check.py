"""From the fields of the settings to a Profile, or to what is wrong, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gms_console.environments.profile import Profile

from .text import (
    HeaderText,
    LoginText,
    SecretText,
    SettingsText,
    free_name,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_DURATIONS = "must be more than 0 and at most 24 hours (1440 m)"
_SIZES = "must be from 1 KiB to 2 GiB"
_RANGES = {"connect": _DURATIONS, "read": _DURATIONS, "total": _DURATIONS, "max_body": _SIZES}
_RANGE_TYPES = frozenset({"greater_than", "greater_than_equal", "less_than", "less_than_equal"})
_WORDS = {
    "string_too_short": "is needed",
    "string_too_long": "is too long",
    "too_short": "at least one is needed",
    "string_type": "must be text",
    "missing": "is needed",
}
_WHOLE = {"proxy": "proxy.url", "tls": "tls.key"}
"""Where an error of a whole section stands: beside the field that mends it."""

Rows = tuple[int, ...]
"""For each row that is kept, its place among the rows that are shown."""


@dataclass(frozen=True, slots=True)
class Others:
    """What the other environments have: their names, and who uses which secret."""

    names: frozenset[str] = frozenset()
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def of(profiles: Iterable[Profile]) -> Others:
        """Look through the other environments."""
        used: dict[str, tuple[str, ...]] = {}
        names: set[str] = set()
        for profile in profiles:
            names.add(profile.name)
            for secret in named_secrets(profile):
                used[secret] = (*used.get(secret, ()), profile.name)
        return Others(frozenset(names), used)


def named_secrets(profile: Profile) -> tuple[str, ...]:
    """Give every secret that a file names, also one that no send needs now."""
    password = profile.proxy.password
    unused = (password.secret,) if password is not None else ()
    return tuple(dict.fromkeys((*profile.secret_names, *unused)))


@dataclass(frozen=True, slots=True)
class Checked:
    """What the fields amount to: a profile, or `errors` by field, such as `nodes.0.url`.

    `values` are to be stored by name, `forgotten` are names to be dropped, and `places` says in
    which field each secret of the profile stands.
    """

    profile: Profile | None
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    forgotten: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)


def check(text: SettingsText, others: Others) -> Checked:
    """Make the profile that the fields describe, or say what is wrong where."""
    names = _SecretNames(text, others)
    rows = {
        "nodes": _kept(text.nodes, lambda one: one.blank),
        "headers": _kept(text.headers, lambda one: one.blank),
        "variables": _kept(text.variables, lambda one: one.blank),
        "services": _kept(text.services, lambda one: one.blank),
    }
    errors = _own_errors(text, others, rows)
    profile: Profile | None = None
    try:
        profile = Profile.model_validate(_data(text, rows, names))
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            key = _key(one["loc"], rows, text)
            errors.setdefault(key, _words(one))
    return Checked(
        profile if not errors else None,
        errors,
        names.values,
        names.forgotten(),
        names.places,
    )


def _kept(rows: Iterable[Any], blank: Callable[[Any], bool]) -> Rows:
    return tuple(place for place, one in enumerate(rows) if not blank(one))


def _own_errors(text: SettingsText, others: Others, rows: Mapping[str, Rows]) -> dict[str, str]:
    """Find what a Profile cannot know: other files, and names that a mapping has once only."""
    errors: dict[str, str] = {}
    if text.name.lower() in {name.lower() for name in others.names}:
        errors["name"] = f"There is an environment {text.name} already."
    if not rows["nodes"]:
        errors["nodes"] = "At least one node is needed."
    _once(errors, "nodes", "name", [(n, text.nodes[n].name) for n in rows["nodes"]])
    _once(errors, "variables", "name", [(n, text.variables[n].name) for n in rows["variables"]])
    _once(errors, "services", "service", [(n, text.services[n].service) for n in rows["services"]])
    for place in rows["headers"]:
        if not text.headers[place].name:
            errors[f"headers.{place}.name"] = "The name of the header is needed."
    return errors


def _once(
    errors: dict[str, str], section: str, column: str, names: Iterable[tuple[int, str]]
) -> None:
    seen: set[str] = set()
    for place, name in names:
        if not name.strip():
            errors[f"{section}.{place}.{column}"] = "A name is needed."
        elif name in seen:
            errors[f"{section}.{place}.{column}"] = f"{name} is there twice."
        seen.add(name)


def _data(text: SettingsText, rows: Mapping[str, Rows], names: _SecretNames) -> dict[str, object]:
    """Write the fields as a file would have them."""
    nodes = [text.nodes[place] for place in rows["nodes"]]
    return {
        "name": text.name,
        "colour": text.colour,
        "guard": text.guard,
        "nodes": [{"name": one.name, "url": one.url, "worker": one.worker} for one in nodes],
        "base_path": text.base_path,
        "api_version": text.api_version,
        "gms_user": text.gms_user,
        "headers": [_header(text.headers[place], place, names) for place in rows["headers"]],
        "variables": {text.variables[n].name: text.variables[n].value for n in rows["variables"]},
        "timeouts": {
            "connect": text.connect,
            "read": text.read,
            "total": text.total.strip() or None,
        },
        "max_body": text.max_body,
        "http": text.http,
        "proxy": {
            "mode": text.proxy_mode,
            "url": text.proxy_url,
            "user": text.proxy_user,
            "password": names.place(text.proxy_password, "proxy.password", "proxy password"),
        },
        "tls": {
            "verify": text.verify,
            "ca_file": text.ca_file,
            "certificate": text.certificate,
            "key": text.key,
            "passphrase": names.place(text.passphrase, "tls.passphrase", "key passphrase"),
        },
        "credentials": {
            **_login(text.server, "credentials", "password", names),
            "bearer": names.place(text.bearer, "credentials.bearer", "bearer"),
            "services": {
                text.services[n].service: _login(
                    text.services[n], f"services.{n}", f"{text.services[n].service} password", names
                )
                for n in rows["services"]
            },
        },
    }


def _header(row: HeaderText, place: int, names: _SecretNames) -> dict[str, object]:
    if not row.is_secret:
        return {"name": row.name, "value": row.value}
    secret = names.place(row.secret, f"headers.{place}.value", row.name, always=True)
    return {"name": row.name, **(secret or {})}


def _login(row: LoginText, key: str, wanted: str, names: _SecretNames) -> dict[str, object]:
    return {
        "user": row.user if row.user or row.empty_user else None,
        "password": names.place(row.password, f"{key}.password", wanted),
    }


class _SecretNames:
    """Gives each secret its name in the file.

    One that has a name keeps it, unless a new value would change it for another environment too.
    """

    def __init__(self, text: SettingsText, others: Others) -> None:
        self._stem = text.name.strip() or "environment"
        self._others = others
        self._all = [one for one in secrets_of(text) if one.name]
        self._taken = {*others.secrets, *(one.name for one in self._all)}
        self.values: dict[str, str] = {}
        self.places: dict[str, str] = {}

    def place(
        self, secret: SecretText, key: str, wanted: str, *, always: bool = False
    ) -> dict[str, str] | None:
        """Give what stands in the file for a secret; `always`: also where nothing was typed."""
        if not secret.there and not always:
            return None
        shared = secret.name in self._others.secrets
        name = "" if secret.removed or (secret.typed and shared) else secret.name
        if not name:
            name = free_name(secret_slug(f"{self._stem} {wanted}"), frozenset(self._taken), "-")
            self._taken.add(name)
        if secret.typed:
            self.values[name] = secret.typed
        self.places.setdefault(name, key)
        return {"secret": name}

    def forgotten(self) -> tuple[str, ...]:
        """Give the names whose values are to be dropped: asked for, or of no use any more."""
        found = [
            one.name
            for one in self._all
            if one.name not in self.values
            and (
                (one.forget and not one.removed)
                or (one.name not in self.places and one.name not in self._others.secrets)
            )
        ]
        return tuple(dict.fromkeys(found))


def secrets_of(text: SettingsText) -> Iterable[SecretText]:
    """Yield every secret that the fields have a place for."""
    yield text.proxy_password
    yield text.passphrase
    yield text.server.password
    yield text.bearer
    yield from (one.password for one in text.services)
    yield from (one.secret for one in text.headers)


def secret_slug(text: str) -> str:
    """Make a name that the command line and an environment variable can have for a secret."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:160] or "secret"


def _key(loc: tuple[int | str, ...], rows: Mapping[str, Rows], text: SettingsText) -> str:
    """Give the field that an error belongs to."""
    steps = list(loc)
    if len(steps) == 1:
        return _WHOLE.get(str(steps[0]), str(steps[0]))
    if steps[:2] == ["credentials", "services"] and len(steps) > 2:
        names = [text.services[place].service for place in rows["services"]]
        column = "service" if steps[-1] == "[key]" else str(steps[3])
        return _joined(["services", names.index(str(steps[2])), column], rows)
    if steps[0] == "variables":
        names = [text.variables[place].name for place in rows["variables"]]
        column = "name" if steps[-1] == "[key]" else "value"
        return _joined(["variables", names.index(str(steps[1])), column], rows)
    if steps[0] == "headers" and len(steps) == 2:
        steps.append("value")
    return _joined(steps[:3], rows)


def _joined(steps: list[int | str], rows: Mapping[str, Rows]) -> str:
    if len(steps) > 1 and isinstance(steps[1], int):
        steps[1] = rows[str(steps[0])][steps[1]]
    return ".".join(str(one) for one in steps)


def _words(error: ErrorDetails) -> str:
    kind, last = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    if kind in _RANGE_TYPES and last in _RANGES:
        text = _RANGES[last]
    else:
        text = _WORDS.get(kind, error["msg"].removeprefix("Value error, "))
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def pair_sentence(service: str, row: LoginText, server: LoginText) -> str:
    """Say which user and password a service takes, each from its own place (domain 1.8)."""
    own = "an empty user" if row.empty_user else _from_server("user", server.user)
    user = f"user {row.user}" if row.user else own
    if row.password.there:
        password = "its own password"  # noqa: S105 - words
    else:
        password = "password of the server" if server.password.there else "no password"
    return f"{service or 'This service'}: {user}, {password}"


def _from_server(what: str, value: str) -> str:
    return f"{what} {value} of the server" if value else f"no {what}"
