"""The cookies of an Instance, and the node that its sticky cookie points to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gms_console.instance import Instance
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment

if TYPE_CHECKING:
    from http.cookiejar import Cookie as KeptCookie

STICKY_COOKIE = "JSESSIONID"
"""`<id>.<worker>`: the load balancer reads from it which node to take (domain 1.7)."""

NEVER = datetime.max.replace(tzinfo=UTC)
"""The end of a cookie that servers date beyond the calendar, for one that lasts for ever."""

_HTTP_ONLY = ("HttpOnly", "httponly", "HTTPOnly", "Httponly")
_LOCAL = ".local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """One cookie of an Instance's jar. The value is a credential and shows in no repr.

    `expires` is None for a cookie of the session. `worker` is what a sticky cookie ends with, and
    `node` the name of the node that it stands for; empty where none is known by it. `elsewhere`:
    it goes along to the instance's own node and points to another one.
    """

    name: str
    value: str = field(repr=False)
    domain: str
    path: str
    expires: datetime | None = None
    http_only: bool = False
    secure: bool = False
    worker: str = ""
    node: str = ""
    elsewhere: bool = False
    kept_domain: str = field(default="", repr=False)

    @property
    def points_to(self) -> str:
        """The node that the cookie points to, in words; empty for one that points nowhere."""
        if not self.worker:
            return ""
        return self.node or f"unknown worker {self.worker}"


def sticky_worker(name: str, value: str) -> str:
    """Give the worker that a sticky cookie ends with; empty for any other cookie."""
    return value.partition(".")[2] if name == STICKY_COOKIE else ""


def list_cookies(instance: Instance) -> tuple[Cookie, ...]:
    """Give the cookies that the instance has now, those that have expired left out."""
    kept = instance.client.cookies
    if not kept:
        return ()
    hosts = _hosts(instance.environment)
    sent = _sent_values(instance)
    return tuple(_read(one, instance.environment, hosts, sent) for one in kept)


def delete_cookie(instance: Instance, cookie: Cookie) -> bool:
    """Take a cookie from the instance; False when it has gone already."""
    try:
        instance.client.forget_cookie(cookie.kept_domain, cookie.path, cookie.name)
    except KeyError:
        return False
    return True


def clear_cookies(instance: Instance) -> None:
    """Take all cookies from the instance, as a phone that begins anew."""
    instance.client.forget_cookies()


def strays_to(instance: Instance) -> str:
    """Give where the instance's sticky cookie points to, in words, if that is not its own node.

    Only a cluster has nodes to confuse; elsewhere this is always empty.
    """
    if len(instance.environment.nodes) < 2 or not instance.client.cookies:
        return ""
    return next((one.points_to for one in list_cookies(instance) if one.elsewhere), "")


def _read(
    kept: KeptCookie, environment: Environment, hosts: frozenset[str], sent: frozenset[str]
) -> Cookie:
    value = kept.value or ""
    worker = sticky_worker(kept.name, value)
    of_worker = {one.worker_name: one.name for one in environment.nodes}
    node = of_worker.get(worker, "")
    strays = bool(worker) and len(environment.nodes) > 1 and node != environment.node
    return Cookie(
        name=kept.name,
        value=value,
        domain=_shown_domain(kept.domain, hosts),
        path=kept.path,
        expires=_time(kept.expires),
        http_only=any(kept.has_nonstandard_attr(name) for name in _HTTP_ONLY),
        secure=kept.secure,
        worker=worker,
        node=node,
        elsewhere=strays and f"{kept.name}={value}" in sent,
        kept_domain=kept.domain,
    )


def _sent_values(instance: Instance) -> frozenset[str]:
    """Give the cookies that go along with a request to the instance's own node."""
    header = instance.client.cookie_header(instance.environment.service_url("status"))
    return frozenset((header or "").split("; "))


def _hosts(environment: Environment) -> frozenset[str]:
    hosts = {environment.host}
    for node in environment.nodes:
        try:
            hosts.add(environment.on_node(node.name).host)
        except BaseUrlError:
            continue
    return frozenset(hosts)


def _shown_domain(domain: str, hosts: Iterable[str]) -> str:
    """Give a domain as the server has it; the jar adds `.local` to a host without a dot."""
    plain = domain.removesuffix(_LOCAL)
    return plain if plain in hosts and "." not in plain else domain


def _time(seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        # Servers write dates beyond the calendar for "never".
        return NEVER
