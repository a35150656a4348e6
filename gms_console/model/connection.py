"""How an Environment is reached: proxy, TLS, and how carefully it is written to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class ProxyMode(StrEnum):
    """Whether a proxy stands between the console and GMS.

    `system`: what the environment variables or the system's settings say; never for this machine.
    """

    NONE = "none"
    SYSTEM = "system"
    EXPLICIT = "explicit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy. `url` is `http://host:port` or `https://host:port`, for the mode `explicit`."""

    mode: ProxyMode = ProxyMode.NONE
    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """What is trusted and shown in a TLS handshake, besides the trust store of the system.

    `ca_file` is a PEM file with further authorities; `certificate` and `key` are the PEM files
    of a client certificate (the key may stand in the certificate's file).
    """

    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    passphrase: str = field(default="", repr=False)


class GuardLevel(StrEnum):
    """How carefully an Environment is written to.

    `confirm-first`: the first create in each start is confirmed; `confirm-every`: every create,
    by typing the environment's name; `read-only`: only requests that change nothing go out.
    """

    OPEN = "open"
    CONFIRM_FIRST = "confirm-first"
    CONFIRM_EVERY = "confirm-every"
    READ_ONLY = "read-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One GMS node of a cluster. `url` is its base URL.

    `worker` is its name in the load balancer, which `JSESSIONID` ends with after a dot
    (domain 1.7); empty: the same as `name`.
    """

    name: str
    url: str
    worker: str = ""

    @property
    def worker_name(self) -> str:
        """The name that a sticky cookie has for this node."""
        return self.worker or self.name
