"""Redirects: which are followed by the client itself, and where the others lead.

On its own origin a redirect is followed, each hop an Exchange of its own. To another host, port
or scheme nothing goes without a person's consent, and then none of the Environment's headers,
credentials and cookies.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote, urljoin, urlsplit

from gms_console.guard import GuardError, check
from gms_console.model.address import Address, AddressError, bare_place, resolve
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, Failure, FailureKind, OperationKind
from gms_console.wire.body import Body, BodyKind
from gms_console.wire.request import PreparedRequest, prepare_url

MOST_HOPS = 10
"""Redirects that are followed for one request; one more ends it."""

PHASE = "redirect"
"""The phase between an answer that redirects and the next request."""

_FOLLOWED = frozenset({301, 302, 303, 307, 308})
_REPEATING = frozenset({307, 308})
_OF_THE_BODY = frozenset({"content-type", "content-length"})
_KEPT_BODIES = 16


class RedirectError(Exception):
    """A redirect that cannot be followed; the text says why. Nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Where an answer leads that was not followed, and why it was not.

    `place` is a bare Environment of that origin. `body_size` is in bytes and counts what would
    go along. `allowed` is False where the guard lets nothing of the kind out, even if asked.
    """

    status: int
    url: str
    method: str
    place: Environment
    why: str
    body_size: int = 0
    allowed: bool = True

    @property
    def consent(self) -> str:
        """What would go along, in a sentence for the person who is asked."""
        nothing = "no cookie, no credentials and none of the environment's headers"
        if self.body_size:
            return (
                f"{self.method} with the whole body ({self.body_size:,} bytes) would go there, "
                f"with {nothing}."
            )
        return f"{self.method} without a body would go there, with {nothing}."


def redirect_of(environment: Environment, exchange: Exchange) -> Redirect | None:
    """Say where an answer leads that was not followed; None where it leads nowhere else.

    `environment` is the one that the request was sent in.
    """
    if exchange.failure is not None or exchange.response is None:
        return None
    here = _place_at(environment, exchange.request.url)
    address = _leads_to(here, exchange)
    if address is None:
        return None
    status, sent = exchange.response.status, exchange.request
    method = _method(status, sent.method)
    body_size = sent.body_size if _keeps_body(status, sent.method) else 0
    at = address.place
    asked = prepare_url(at, exchange.operation, address.url, method=method)
    try:
        _check_hop(environment, asked)
        why, allowed = _why_not(here, at), True
    except GuardError as error:
        why, allowed = str(error), False
    if at is here and allowed:
        return None
    return Redirect(
        status=status,
        url=address.url,
        method=method,
        place=bare_place(environment, at),
        why=why,
        body_size=body_size,
        allowed=allowed,
    )


def stranger_request(
    redirect: Redirect, exchange: Exchange, sent: PreparedRequest | None
) -> PreparedRequest:
    """Prepare what goes to where a redirect leads: nothing of the Environment is in it.

    `sent` is what was answered with the redirect; only its body is taken. Raises RedirectError.
    """
    prepared = prepare_url(redirect.place, exchange.operation, redirect.url, method=redirect.method)
    if not redirect.body_size:
        return prepared
    if sent is None:
        raise RedirectError("What this request carried is no longer kept; send it again first.")
    own = [pair for pair in prepared.headers if pair[0].lower() not in _OF_THE_BODY]
    body = [pair for pair in sent.headers if pair[0].lower() in _OF_THE_BODY]
    return replace(prepared, headers=(*own, *body), body=sent.body)


class Trip:
    """One request with the redirects that it is led along; `prepared` is what is sent next.

    `before` is the Exchange that led to it, None for the first; `sent` is what was sent last.
    """

    def __init__(
        self, environment: Environment, prepared: PreparedRequest, before: Exchange | None = None
    ) -> None:
        self.environment = environment
        self.prepared = self.sent = prepared
        self.before = before
        self.hops = 0
        self._seen = [_mark(prepared)]

    def arrived(
        self, exchange: Exchange, cookie_for: Callable[[str], str | None]
    ) -> tuple[Exchange, bool]:
        """Take an answer; give it, and whether `prepared` is to be sent on after it.

        `cookie_for` gives the Cookie header of an address. A request that was led in a circle or
        too far ends with the answer that did it, which then has its failure.
        """
        self.sent = self.prepared
        here = _place_at(self.environment, self.prepared.url)
        address = _leads_to(here, exchange)
        if exchange.response is None or address is None or address.place is not here:
            return exchange, False
        following = _repeated(
            self.environment,
            self.prepared,
            exchange.response.status,
            address.url,
            cookie_for(address.url),
        )
        try:
            _check_hop(self.environment, following)
        except GuardError:
            return exchange, False
        failure = self._astray(following)
        if failure is not None:
            return replace(exchange, failure=failure), False
        self.prepared, self.before = following, exchange
        self.hops += 1
        return exchange, True

    def _astray(self, following: PreparedRequest) -> Failure | None:
        mark = _mark(following)
        if mark in self._seen:
            circle = self._seen[self._seen.index(mark) :]
            way = " -> ".join(_short(url) for _, url, _ in (*circle, mark))
            return Failure(FailureKind.REDIRECTS, f"The redirects go in a circle: {way}", PHASE)
        self._seen.append(mark)
        if self.hops == MOST_HOPS:
            way = " -> ".join(_short(url) for _, url, _ in self._seen)
            text = f"After {MOST_HOPS} redirects the answer is one more: {way}"
            return Failure(FailureKind.REDIRECTS, text, PHASE)
        return None


class SentBodies:
    """Keeps what carried a body and was redirected elsewhere, until a person has decided.

    Bounded; the oldest go first.
    """

    def __init__(self, most: int = _KEPT_BODIES) -> None:
        self._most = most
        self._kept: OrderedDict[str, PreparedRequest] = OrderedDict()

    def note(self, exchange: Exchange, prepared: PreparedRequest) -> None:
        """Keep what led to an Exchange, if a redirect would need it again."""
        response = exchange.response
        if response is None or response.status not in _REPEATING or not prepared.body.size:
            return
        self._kept[exchange.id] = prepared
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def get(self, exchange: Exchange) -> PreparedRequest | None:
        """Give what was sent, or None when it is not kept."""
        return self._kept.get(exchange.id)


def _leads_to(here: Environment, exchange: Exchange) -> Address | None:
    response = exchange.response
    if response is None or response.status not in _FOLLOWED:
        return None
    locations = {value for name, value in response.headers if name.lower() == "location"}
    if len(locations) != 1:
        return None
    location = _utf8(locations.pop().strip())
    if not location:
        return None
    try:
        # A relative one is relative to what was asked, not to the origin (RFC 9110, 10.2.2).
        if not urlsplit(location).scheme:
            location = urljoin(exchange.request.url, location)
        return resolve(here, location)
    except (AddressError, BaseUrlError, ValueError):
        return None


def _utf8(text: str) -> str:
    """Read a header as browsers do: as UTF-8 where it is that."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _place_at(environment: Environment, url: str) -> Environment:
    """Give the Environment, or its node, that a URL is of; else a bare one of its origin."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    nodes = (environment.on_node(one.name) for one in environment.nodes)
    for place in (environment, *nodes):
        if place.origin.lower() == origin:
            return place
    return bare_place(environment, Environment.parse(f"{origin}//"))


def _why_not(here: Environment, there: Environment) -> str:
    if here.host.lower() != there.host.lower():
        return f"It leads to another host, {there.origin}."
    if here.scheme == "https" and there.scheme == "http":
        return f"It leads from https to http, which anybody on the way can read: {there.origin}."
    if here.scheme != there.scheme:
        return f"It leads from {here.scheme} to {there.scheme}, {there.origin}."
    return f"It leads to another port, {there.origin}."


def _method(status: int, method: str) -> str:
    """Give the method of the next request (RFC 9110, 15.4)."""
    if status == 303:
        return method if method == "HEAD" else "GET"
    return "GET" if status in {301, 302} and method == "POST" else method


def _keeps_body(status: int, method: str) -> bool:
    return status in _REPEATING or (status != 303 and _method(status, method) == method)


def _repeated(
    environment: Environment, prepared: PreparedRequest, status: int, url: str, cookie: str | None
) -> PreparedRequest:
    """Prepare the next request on the same origin: its headers, and the cookies of now."""
    dropped = set() if _keeps_body(status, prepared.method) else set(_OF_THE_BODY)
    own_cookie = any(name.lower() == "cookie" for name, _ in environment.headers)
    if not own_cookie:
        dropped.add("cookie")
    headers = [pair for pair in prepared.headers if pair[0].lower() not in dropped]
    if cookie and not own_cookie:
        after = [n for n, (name, _) in enumerate(headers) if name.lower() in _AFTER_COOKIE]
        headers.insert(after[0] if after else len(headers), ("Cookie", cookie))
    body = prepared.body if _keeps_body(status, prepared.method) else Body(BodyKind.NONE, None)
    method = _method(status, prepared.method)
    return replace(prepared, method=method, url=url, headers=tuple(headers), body=body)


_AFTER_COOKIE = _OF_THE_BODY | {"authorization"}


def _check_hop(environment: Environment, prepared: PreparedRequest) -> None:
    """Raise GuardError where a request that only asks would be led to one that does more."""
    operation = prepared.operation
    if operation.kind is OperationKind.REQUEST:
        last = unquote(urlsplit(prepared.url).path.rstrip("/").rpartition("/")[2])
        prepared = replace(prepared, operation=replace(operation, request=last))
    check(environment, prepared)


def _mark(prepared: PreparedRequest) -> tuple[str, str, str]:
    """Give what makes two requests the same; one with a new cookie may be answered otherwise."""
    cookie = next((value for name, value in prepared.headers if name.lower() == "cookie"), "")
    return prepared.method, prepared.url, cookie


def _short(url: str) -> str:
    return url if len(url) <= 120 else f"{url[:119]}…"
