"""Basic authentication as GMS has it: of the server, and of each service."""

import hmac
from base64 import b64decode
from dataclasses import dataclass

from gms_console.simulator.config.sections import SERVICE, Sections
from gms_console.simulator.web.answers import Answer, GmsError

REALM = 'Basic realm="Genesys Mobile Services"'
"""What a 401 asks for; that it names this realm is this simulator's choice."""

_CHAT = "chat."


class NotAuthenticatedError(GmsError):
    """A refusal that says how to authenticate."""

    def __init__(self) -> None:
        super().__init__(401, "Authentication is required.", "java.rmi.AccessException")

    def answer(self, error_format: str = "") -> Answer:
        """Return the refusal with the header that a 401 must have."""
        return super().answer(error_format).with_header("WWW-Authenticate", REALM)


@dataclass(frozen=True)
class Credentials:
    """The pair that a request must carry, each half from where it was found; None for nowhere."""

    username: str | None
    password: str | None


def credentials(config: Sections, service: str) -> Credentials:
    """Return what a request must carry.

    Each half is looked for by itself: in the section of the service, then in `server` (domain:
    seen in the vendor's tests). What is about no service, such as the Storage API, has the pair
    of the server.
    """
    return Credentials(_half(config, service, "username"), _half(config, service, "password"))


def require(config: Sections, service: str, authorization: str) -> None:
    """Raise GmsError unless a request may pass: 401, or 500 for one odd configuration.

    With a user name alone nothing is asked for; with a password alone any name will do, and
    no credentials are 401 (domain: seen in the vendor's tests, but for "any name").
    """
    wanted = credentials(config, service)
    if wanted.password is None:
        return
    if _is_odd(config, service):
        raise GmsError(
            500,
            f"Authentication of service [{service}] fails: its username stands in its own section"
            " and the password in section server.",
        )
    name, password = _sent(authorization)
    name_fits = wanted.username is None or _same(name, wanted.username)
    if not (_same(password, wanted.password) and name_fits):
        raise NotAuthenticatedError


def _is_odd(config: Sections, service: str) -> bool:
    """Return whether the server has the password alone, and a callback service the name alone.

    The vendor's tests expect 500 of a callback service then, and of no other.
    """
    own = config.service(service) or {}
    return (
        config.kind(service) == "callback"
        and bool(own.get("username"))
        and not own.get("password")
        and not config.text("server", "username")
    )


def _half(config: Sections, service: str, name: str) -> str | None:
    """Return one half of the pair; an empty one counts as not there."""
    places = (f"{SERVICE}{service}", f"{_CHAT}{service}", "server") if service else ("server",)
    merged = config.service(service) or {}
    found = merged.get(name) or next((t for p in places if (t := config.text(p, name))), "")
    return found or None


def _sent(authorization: str) -> tuple[str | None, str | None]:
    """Return name and password of a header; None for both when there is no readable one."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        text = b64decode(encoded.strip(), validate=True).decode("utf-8")
    except ValueError:
        return None, None
    name, colon, password = text.partition(":")
    return (name, password) if colon else (None, None)


def _same(given: str | None, wanted: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), wanted.encode())
