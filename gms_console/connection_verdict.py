"""What the answers to a test of the connection tell about path and credentials."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from gms_console.model.environment import Environment
from gms_console.model.exchange import Response

UNKNOWN_INSTANCE = "connection-test"
"""An instance that does not exist: GMS says so in its own words, another server does not."""

_SHOWN = 160
_WORD = 20
_UNREACHED = {502, 503, 504}


class Outcome(StrEnum):
    """What came of a stage.

    `unknown`: it cannot be told without sending more than a check may. `running` is told while
    a stage is under way, and stands in no result.
    """

    RUNNING = "running"
    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome and the sentence that says why."""

    outcome: Outcome
    text: str


def node_status(response: Response) -> str | None:
    """Give what a node says of itself, such as `ONLINE` (domain 4.6), or None for anything else."""
    text = response.body[: _WORD + 1].decode("latin-1").strip()
    fits = response.status == 200 and 0 < len(response.body) <= _WORD
    return text if fits and text.isalpha() and text.isupper() else None


def judge_path(environment: Environment, node: Response, service: Response | None) -> Verdict:
    """Say whether GMS is at this path.

    `node` answered the status of the node; `service` the status of an instance that does not
    exist, where the first told nothing: the Node API may be closed to us.
    """
    status = node_status(node)
    place = environment.base_path or "/"
    if status is not None:
        return Verdict(Outcome.OK, f"GMS is at {place}; the node says {status}")
    if service is None:
        return Verdict(Outcome.UNKNOWN, f"{_line(node)} came for the status of the node")
    said = _gms_words(service)
    if said is not None:
        return _judge_words(environment, service, said)
    return _judge_status(environment, service)


def _other_paths(place: str) -> str:
    """Say which base paths are usual (domain 1.3), but for the one that was tried."""
    usual = [path for path in ("/genesys", "/GMS-web/gms") if path != place]
    return f"Try the base path {' or '.join(usual)}."


def _judge_words(environment: Environment, response: Response, said: str) -> Verdict:
    place = environment.base_path or "/"
    if response.status == 404 and f"{environment.base_path}/" in said:
        text = f"{place} is not where GMS is; it says: {said} {_other_paths(place)}"
        return Verdict(Outcome.FAILED, text)
    if response.status in _UNREACHED and not said:
        return _unreached(response)
    heard = f" ({said})" if said else ""
    return Verdict(Outcome.OK, f"GMS is at {place}; it answers in its own words{heard}")


def _judge_status(environment: Environment, response: Response) -> Verdict:
    place = environment.base_path or "/"
    status, line = response.status, _line(response)
    if status in {401, 407}:
        text = f"Whether GMS is at {place} shows only with credentials ({line})"
        return Verdict(Outcome.UNKNOWN, text)
    if status == 403:
        return Verdict(
            Outcome.FAILED,
            f"Requests are refused there ({line}): by a gateway, a firewall or a port "
            "restriction of GMS",
        )
    if status == 404:
        return Verdict(
            Outcome.FAILED,
            f"Nothing of GMS is known at {place} ({line}); check the base path and API version",
        )
    if status == 405:
        return Verdict(Outcome.OK, f"There are services at {place} ({line})")
    if 300 <= status < 400:
        target = response.header("location") or "nowhere"
        return Verdict(Outcome.FAILED, f"GMS is not there: {line} leads to {target[:_SHOWN]}")
    if status in _UNREACHED:
        return _unreached(response)
    if status < 300 and _is_page(response):
        return Verdict(
            Outcome.FAILED,
            f"A page came ({line}), no answer of GMS: perhaps a login page, or another program",
        )
    return Verdict(Outcome.UNKNOWN, f"Something answers at {place}, but not as GMS does ({line})")


def _unreached(response: Response) -> Verdict:
    return Verdict(
        Outcome.FAILED,
        f"{_line(response)} came: what stands before GMS does not reach it",
    )


def judge_credentials(
    environment: Environment, node: Response, service: Response | None
) -> Verdict:
    """Say whether the credentials of section `server` are accepted (domain 1.8)."""
    given = _given(environment)
    refused = service is not None and service.status == 401
    if not given:
        return _judge_none(environment, asked_by_node=node.status == 401, refused=refused)
    if refused or node.status == 401:
        where = "" if refused else " for the status of the node"
        return Verdict(Outcome.FAILED, f"GMS does not accept {given}{where} (401)")
    more = _untried(environment)
    if node_status(node) is not None:
        return Verdict(Outcome.OK, f"GMS accepts {given}{more}")
    return Verdict(Outcome.UNKNOWN, f"Nothing there refuses {given}, or asks for any{more}")


def _judge_none(environment: Environment, *, asked_by_node: bool, refused: bool) -> Verdict:
    more = _untried(environment)
    if refused:
        return Verdict(Outcome.FAILED, f"GMS asks for credentials (401), and none are set{more}")
    if asked_by_node:
        text = "The status of the node asks for credentials; services may go without"
        return Verdict(Outcome.UNKNOWN, f"{text}, and none are set{more}")
    return Verdict(Outcome.SKIPPED, f"None are set, and none were asked for{more}")


def _given(environment: Environment) -> str:
    """Name what is sent to prove who one is, without any secret."""
    credentials = environment.credentials
    if any(name.lower() == "authorization" for name, _ in environment.headers):
        return "the header Authorization"
    if credentials.bearer:
        return "the token"
    login = credentials.server
    if login.user is None and login.password is None:
        return ""
    return f"the user {login.user}" if login.user else "the password without a user name"


def _untried(environment: Environment) -> str:
    names = [name for name, _ in environment.credentials.services]
    if not names:
        return ""
    shown = ", ".join(names[:4]) + (" …" if len(names) > 4 else "")
    return f"; the credentials of {shown} show only when they are sent"


def _gms_words(response: Response) -> str | None:
    """Give what GMS says in a JSON answer, empty where it says nothing; None for no JSON."""
    try:
        read = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict):
        return None
    words = next((read[key] for key in ("phrase", "message", "exception") if read.get(key)), "")
    text = " ".join(str(words).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + " …"


def _is_page(response: Response) -> bool:
    kind = (response.header("content-type") or "").lower()
    return "html" in kind or response.body.lstrip()[:1] == b"<"


def _line(response: Response) -> str:
    return f"{response.status} {response.reason}".strip()
