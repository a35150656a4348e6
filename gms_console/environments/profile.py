"""A Profile: an Environment as it stands in a file, with names in the place of secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from gms_console.model.base_url import DEFAULT_BASE_PATH, parse_base_url
from gms_console.model.connection import GuardLevel, ProxyMode
from gms_console.model.environment import DEFAULT_MAX_BODY, DEFAULT_TIMEOUT, check_header
from gms_console.redaction import is_credential_name

COLOURS = {
    "green": "#2e7d4f",
    "blue": "#2f6fb3",
    "purple": "#7a4fb5",
    "orange": "#b8650b",
    "red": "#c0392b",
    "grey": "#66727f",
}
"""Names that `colour` may have, and what they stand for; white text can be read on each."""

_NAME = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff/\\:*?\"<>|]{1,80}")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows a dot."""

_VARIABLE = re.compile(r"[^{}\r\n]{1,80}")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m)?")
_SIZE = re.compile(r"(\d+)\s*(B|KiB|MiB|GiB)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}
_SIZES = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, None: 1}


def _seconds(value: object) -> object:
    """Read `15s`, `500ms` or `2m`; a number is seconds."""
    if isinstance(value, bool):
        raise ValueError("is not a duration such as 15s, 500ms or 2m")  # noqa: TRY004 - as below
    if isinstance(value, str):
        found = _DURATION.fullmatch(value.strip())
        if found is None:
            raise ValueError("is not a duration such as 15s, 500ms or 2m")
        return float(found[1]) * _UNITS[found[2]]
    return value


def _bytes(value: object) -> object:
    """Read `64 MiB`; a number is bytes."""
    if isinstance(value, bool):
        raise ValueError("is not a size such as 64 MiB")  # noqa: TRY004 - as below
    if isinstance(value, str):
        found = _SIZE.fullmatch(value.strip())
        if found is None:
            raise ValueError("is not a size such as 64 MiB")
        return int(found[1]) * _SIZES[found[2]]
    return value


def _secret(value: object) -> object:
    if isinstance(value, str):
        raise ValueError(  # noqa: TRY004 - pydantic takes ValueErrors
            "is written out here; files hold only names of secrets: write {secret: NAME} and "
            "set it with gms-console env set-secret NAME"
        )
    return value


def _http(value: object) -> object:
    """Read the version with or without quotes: YAML takes `1.1` for a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return value


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name) or name != name.strip() or name.startswith("$"):
        raise ValueError("no name of a variable: no { or }, no $ before it, no blanks around it")
    return name


def _no_blank(name: str) -> str:
    """Refuse a name that nobody could see."""
    if not name.strip():
        raise ValueError("is blank")
    return name


def _execution_name(name: str) -> str:
    if name.startswith("callback/"):
        raise ValueError("the execution name of a service stands here, without callback/")
    return name


def duration_text(seconds: float) -> object:
    """Write a duration as it can be read best, without losing any of it."""
    for unit, size in (("s", 1.0), ("ms", 0.001)):
        text = f"{seconds / size:.0f}{unit}"
        if _seconds(text) == seconds:
            return text
    return seconds


def size_text(size: int) -> object:
    """Write a size in bytes as it can be read best, without losing any of it."""
    for unit in ("GiB", "MiB", "KiB"):
        if size % _SIZES[unit] == 0:
            return f"{size // _SIZES[unit]} {unit}"
    return size


Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=86_400)]
Size = Annotated[int, BeforeValidator(_bytes), Field(ge=1024, le=2 * 1024**3)]
HttpVersion = Annotated[str, BeforeValidator(_http), Field(pattern=r"^(1\.1|2)$")]
VariableName = Annotated[str, AfterValidator(_variable)]
NodeName = Annotated[str, AfterValidator(_no_blank), Field(min_length=1, max_length=80)]
ExecutionName = Annotated[
    str,
    AfterValidator(_no_blank),
    AfterValidator(_execution_name),
    Field(min_length=1, max_length=100),
]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecretName(_Entry):
    """The name under which the secret store has a value: `{secret: NAME}`."""

    secret: str = Field(min_length=1, max_length=200)


Secret = Annotated[SecretName, BeforeValidator(_secret)]


class NodeEntry(_Entry):
    """A node of the cluster; `worker` as in Node."""

    name: NodeName
    url: str
    worker: str = ""

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        parse_base_url(url)
        return url


class HeaderEntry(_Entry):
    """A header of every request: a `value`, or the name of a `secret`."""

    name: str
    value: str | None = None
    secret: str | None = None

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        check_header(name, "")
        return name

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_header(self.name, self.value or "")
        if (self.value is None) == (self.secret is None):
            raise ValueError(f"{self.name} needs either a value or a secret")
        if self.value and is_credential_name(self.name):
            raise ValueError(
                f"{self.name} carries a credential; files hold only names of secrets: write "
                f"secret: NAME and set it with gms-console env set-secret NAME"
            )
        return self


class TimeoutsEntry(_Entry):
    """Times in seconds, or with a unit; `total` None: not bounded."""

    connect: Seconds = DEFAULT_TIMEOUT
    read: Seconds = DEFAULT_TIMEOUT
    total: Seconds | None = None


class ProxyEntry(_Entry):
    """A proxy; `url`, `user` and `password` are for the mode `explicit`."""

    mode: ProxyMode = ProxyMode.SYSTEM
    url: str = ""
    user: str = ""
    password: Secret | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.mode is ProxyMode.EXPLICIT:
            if not self.url:
                raise ValueError("an explicit proxy needs its url, such as http://proxy:3128")
            parse_base_url(self.url)
        return self


class TlsEntry(_Entry):
    """Paths are relative to the profile's file."""

    verify: bool = True
    ca_file: str = ""
    certificate: str = ""
    key: str = ""
    passphrase: Secret | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.key and not self.certificate:
            raise ValueError("a key without its certificate; give certificate too")
        return self


class LoginEntry(_Entry):
    """A user name and a password, either of which may be left out."""

    user: str | None = None
    password: Secret | None = None


class CredentialsEntry(LoginEntry):
    """The server's pair, those of services by execution name, or a bearer token."""

    bearer: Secret | None = None
    services: dict[ExecutionName, LoginEntry] = {}


class Profile(_Entry):
    """An Environment as a person keeps it: one YAML file each.

    `gms` is the version of the format. A node's URL without a path gets `base_path`. Secrets
    stand here by name alone.
    """

    gms: int = Field(default=1, ge=1, le=1)
    name: str
    colour: str = ""
    guard: GuardLevel = GuardLevel.OPEN
    nodes: tuple[NodeEntry, ...] = Field(min_length=1)
    base_path: str = DEFAULT_BASE_PATH
    api_version: int = Field(default=1, ge=1, le=9)
    gms_user: str = ""
    headers: tuple[HeaderEntry, ...] = ()
    variables: dict[VariableName, str] = {}
    timeouts: TimeoutsEntry = TimeoutsEntry()
    max_body: Size = DEFAULT_MAX_BODY
    http: HttpVersion = "1.1"
    proxy: ProxyEntry = ProxyEntry()
    tls: TlsEntry = TlsEntry()
    credentials: CredentialsEntry = CredentialsEntry()

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        if not name.strip():
            raise ValueError("a name is needed; it is the file's name too")
        if not _NAME.fullmatch(name) or name != name.strip(" ."):
            raise ValueError(
                "name cannot be a file's name; leave out / \\ : * ? \" < > | and blanks at its ends"
            )
        if _DEVICE.fullmatch(name):
            raise ValueError(f"{name} cannot be a file's name on Windows; choose another")
        return name

    @field_validator("colour")
    @classmethod
    def _check_colour(cls, colour: str) -> str:
        if colour not in {"", *COLOURS} and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise ValueError(f"colour {colour!r} is none of {', '.join(COLOURS)}, nor #rrggbb")
        return colour

    @field_validator("base_path")
    @classmethod
    def _check_base_path(cls, path: str) -> str:
        parse_base_url(f"http://host/{path.strip('/') or '/'}")
        return path

    @field_validator("gms_user")
    @classmethod
    def _check_user(cls, user: str) -> str:
        if user:
            check_header("gms_user", user)
        return user

    @field_validator("nodes")
    @classmethod
    def _check_nodes(cls, nodes: tuple[NodeEntry, ...]) -> tuple[NodeEntry, ...]:
        names = [node.name for node in nodes]
        if len(set(names)) < len(names):
            raise ValueError("two nodes have the same name")
        return nodes

    @property
    def secret_names(self) -> tuple[str, ...]:
        """The secrets that a send needs, each once, in the order of the file."""
        found: list[str | None] = [header.secret for header in self.headers]
        own = self.credentials
        entries = [
            self.proxy.password if self.proxy.mode is ProxyMode.EXPLICIT else None,
            self.tls.passphrase,
            own.password,
            own.bearer,
            *(login.password for login in own.services.values()),
        ]
        found += [entry.secret for entry in entries if entry is not None]
        return tuple(dict.fromkeys(name for name in found if name))

    def node(self, name: str) -> NodeEntry:
        """Give a node by its name; the first where there is none of that name."""
        return next((one for one in self.nodes if one.name == name), self.nodes[0])

    def changed(self, **values: Any) -> Profile:  # noqa: ANN401 - fields have many types
        """Give this profile with other values, checked. Raises ValidationError."""
        return Profile.model_validate({**self.model_dump(), **values})


def path_in(folder: Path, text: str) -> Path | None:
    """Give a path of a profile, relative to its file's folder; None for an empty one."""
    return folder / Path(text).expanduser() if text else None
