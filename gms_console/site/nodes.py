"""The nodes of a site: where they are, and what one said of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gms_console.model.answer import Answer
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, HeaderList
from gms_console.presentation import status_line
from gms_console.site.requests import OFFLINE, ONLINE

_COOKIE = "JSESSIONID"
_WORD_AT_MOST = 60


class NodeStatus(StrEnum):
    """What is known of a node."""

    UNKNOWN = "not asked yet"
    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    ODD = "odd answer"


@dataclass(frozen=True, slots=True)
class NodeState:
    """What a node answered; `worker` is the end of its JSESSIONID, which sticks to it."""

    status: NodeStatus
    text: str
    at: datetime
    milliseconds: float
    worker: str = ""


def nodes_of(environment: Environment) -> tuple[Environment, ...]:
    """Give the Environment at each of its nodes; itself where it has no more than one."""
    found = []
    for node in environment.nodes:
        try:
            found.append(environment.on_node(node.name))
        except (KeyError, BaseUrlError):
            continue
    return tuple(found) if len(found) > 1 else (environment,)


def node_name(environment: Environment) -> str:
    """What a node is called: its name, or its base URL where it has none."""
    return environment.node or environment.base_url


def read_state(exchange: Exchange, answer: Answer) -> NodeState:
    """Read what a node said of itself, or why it said nothing."""
    response, timing = exchange.response, exchange.timing.total
    if response is None:
        status, text = NodeStatus.UNREACHABLE, status_line(exchange, answer)
        return NodeState(status, text, exchange.started, timing)
    worker = worker_of(response.headers)
    word = response.body[:_WORD_AT_MOST].decode("utf-8", "replace").strip()
    if response.status >= 400:
        status, text = NodeStatus.REFUSED, status_line(exchange, answer)
    elif word.strip('"').upper() in {ONLINE, OFFLINE}:
        status, text = NodeStatus(word.strip('"').upper()), ""
    else:
        status, text = NodeStatus.ODD, word or "nothing"
    return NodeState(status, text, exchange.started, timing, worker)


def worker_of(headers: HeaderList) -> str:
    """Give the worker at the end of a JSESSIONID, `<id>.<worker>`; empty for none."""
    for name, value in headers:
        pair = value.partition(";")[0]
        key, _, session = pair.partition("=")
        if name.lower() == "set-cookie" and key.strip() == _COOKIE and "." in session:
            return session.rpartition(".")[2].strip()
    return ""
