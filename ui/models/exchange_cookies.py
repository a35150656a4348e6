"""The cookies of one Exchange in words: those that its answer set, and those that went along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.redaction import MASK
from gms_console.set_cookie import SetCookie, node_of, sent_cookies, set_cookies

from ..cookie_desk import expires_text


@dataclass(frozen=True, slots=True)
class CookieFact:
    """A line below a cookie; `warns` when a client may stumble over it."""

    name: str
    text: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class ShownCookie:
    """A cookie and what was said of it. The value is a credential; `masked` hides it.

    It has no time of arrival: the next answer of a poll that sets the same gives an equal one.
    """

    name: str
    value: str = field(repr=False)
    masked: str
    facts: tuple[CookieFact, ...]

    @property
    def is_kept(self) -> bool:
        """Whether its value is there; the history keeps none, but what may name a node."""
        return self.value != MASK and not self.value.startswith(f"{MASK}.")


@dataclass(frozen=True, slots=True)
class ExchangeCookies:
    """The cookies of an Exchange, in their order, with duplicates."""

    set: tuple[ShownCookie, ...] = ()
    sent: tuple[ShownCookie, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.set or self.sent)

    @property
    def have_values(self) -> bool:
        """Whether there is a value that could be shown, or none that is missing."""
        valued = [one for one in (*self.set, *self.sent) if one.value]
        return not valued or any(one.is_kept for one in valued)


def cookies_of(exchange: Exchange, place: Environment | None) -> ExchangeCookies:
    """Give the cookies of an Exchange; `place` names the nodes that sticky ones point to."""
    nodes = place.nodes if place is not None else ()
    workers = {node.worker_name: node.name for node in nodes}
    return ExchangeCookies(
        tuple(
            _shown(
                one.name,
                one.value,
                one.worker,
                (*_pointing(one.worker, workers, exchange.node), *_facts(one)),
            )
            for one in set_cookies(exchange)
        ),
        tuple(
            _shown(one.name, one.value, one.worker, _pointing(one.worker, workers, exchange.node))
            for one in sent_cookies(exchange)
        ),
    )


def _shown(name: str, value: str, worker: str, facts: tuple[CookieFact, ...]) -> ShownCookie:
    masked = f"{MASK}.{worker}" if worker else MASK
    return ShownCookie(name or "(no name)", value, masked if value else "", facts)


def _pointing(worker: str, workers: Mapping[str, str], node: str) -> tuple[CookieFact, ...]:
    """Say which node a sticky cookie points to, and whether the request went elsewhere."""
    points_to = node_of(worker, workers.items())
    if not points_to:
        return ()
    strays = len(workers) > 1 and bool(node) and points_to != node
    text = f"⚠ {points_to}; the request went to {node}" if strays else points_to
    return (CookieFact("Points to", text, warns=strays),)


def _facts(one: SetCookie) -> Iterator[CookieFact]:
    yield CookieFact("Domain", f"{one.domain} and all below" if one.domain else f"{one.host} alone")
    yield CookieFact("Path", one.path if one.names_path else f"{one.path} (none was named)")
    ends = "at once: the cookie is taken away" if one.ended else expires_text(one.expires)
    yield CookieFact("Expires", ends)
    same_site = f"SameSite={one.same_site}" if one.same_site else ""
    marks = ("HttpOnly" if one.http_only else "", "Secure" if one.secure else "", same_site)
    yield CookieFact("Marks", ", ".join(filter(None, marks)) or "none")
    for name, value in one.other_attributes:
        yield CookieFact(name, value or "(no value)")
    for oddity in one.oddities:
        yield CookieFact(f"⚠ {oddity}", warns=True)
