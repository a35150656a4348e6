"""What tests of redirects share: answers that lead on, and a place elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from gms_console.model.credentials import Credentials, Login
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, FailureKind
from gms_console.model.form import Form
from tests.engine.helpers import environment
from tests.support.wire_server import (
    Answer,
    WireServer,
    json_answer,
    text_answer,
)

ROWS = Form.of(("a", "1"))
CREATE = "/genesys/1/service/request-interaction"


def moved(where: str, status: int = 302, *headers: tuple[str, str], text: str = "moved") -> Answer:
    """An answer that leads to another place."""
    return text_answer(text, status, [("Location", where), *headers])


@contextmanager
def elsewhere(*answers: Answer) -> Iterator[WireServer]:
    """A second server: the same host, another port."""
    with WireServer(*answers, default=json_answer({"_id": "far"})) as server:
        yield server


def with_secrets(server: WireServer) -> Environment:
    """The server's Environment with all that must never leave it."""
    return replace(
        environment(server, headers=(("X-Api-Key", "key-secret"), ("gms_user", "Ann"))),
        credentials=Credentials(server=Login(user="ann", password="pw-secret")),
    )


def failure(exchange: Exchange) -> tuple[FailureKind, str]:
    """What an Exchange failed with."""
    assert exchange.failure is not None
    return exchange.failure.kind, exchange.failure.message
