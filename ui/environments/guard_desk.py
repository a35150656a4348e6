"""The GuardDesk: what has to be known, or agreed to, before a request goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.guard import CreateQuestion, GuardError, check
from gms_console.model.connection import GuardLevel
from gms_console.model.environment import Environment
from gms_console.wire.request import PreparedRequest

if TYPE_CHECKING:
    from gms_console.environments.keeper import SecretKeeper

    from ..console import Console

LEVELS = {
    GuardLevel.OPEN: ("", ""),
    GuardLevel.CONFIRM_FIRST: (
        "confirms first create",
        "The first create in each start is confirmed before it goes out.",
    ),
    GuardLevel.CONFIRM_EVERY: (
        "confirms creates",
        "Each create is confirmed by typing the name of the environment.",
    ),
    GuardLevel.READ_ONLY: (
        "read-only",
        "Only requests that change nothing go out, such as status.",
    ),
}
"""What the mark of a guard level says, and what it means; nothing where all goes out."""


@dataclass(frozen=True, slots=True)
class SecretsWanted:
    """Secrets that a send needs. `names` are theirs, `again` sends once they are told."""

    environment: Environment
    names: tuple[str, ...]
    keeper: SecretKeeper
    again: Callable[[], None]


@dataclass(frozen=True, slots=True)
class CreateWanted:
    """A create that has to be confirmed. `go` sends it with the CreateQuestion."""

    environment: Environment
    confirmation: CreateQuestion
    go: Callable[[CreateQuestion | None], None]


class GuardDesk(QObject):
    """Stands before each send: secrets that are missing first, then the guard's question.

    The signals ask a person; whoever agrees calls what they carry, and the request is prepared
    anew then. Who declines has sent nothing.
    """

    secrets_wanted = Signal(object)
    confirmation_wanted = Signal(object)

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._asking: asyncio.Task[None] | None = None

    def refusal(self, environment: Environment | None, prepared: PreparedRequest) -> str:
        """Say why an environment would not let a request out; empty when it would."""
        if environment is None:
            return ""
        try:
            check(environment, prepared)
        except GuardError as error:
            return str(error)
        return ""

    def lets_out(
        self,
        environment: Environment,
        prepared: PreparedRequest,
        again: Callable[[CreateQuestion | None], None],
        confirmed: CreateQuestion | None = None,
    ) -> bool:
        """Whether a request may go out now; if a person has to be asked, do it `again` after that.

        `confirmed` is what was agreed to already. Raises GuardError for a request that may not
        go out at all.
        """
        check(environment, prepared)
        if not self.has_secrets(environment, lambda: again(confirmed)):
            return False
        question = self._console.session.guard.question(environment, prepared)
        if question is None or question == confirmed:
            return True
        self.confirmation_wanted.emit(CreateWanted(environment, question, again))
        return False

    def has_secrets(self, environment: Environment, again: Callable[[], None]) -> bool:
        """Whether all secrets are known; if not, ask for them, and do it `again` after that."""
        trouble = self._console.environments.trouble(environment)
        if trouble:
            self._console.message.emit(f"Not sent. {trouble}")
            return False
        names = self._console.environments.missing(environment)
        if not names:
            return True
        if self.asking:
            self._console.message.emit("Not sent. Secrets are still being read; Esc ends that.")
            return False
        work = self._ask(environment, names, again)
        self._asking = self._console.session.tasks.start(
            work, name="read secrets", owner=self._console
        )
        self._asking.add_done_callback(self._on_end)
        self._console.message.emit("Reading secrets …")
        self._console.busy_changed.emit()
        return False

    @property
    def asking(self) -> bool:
        """Whether a send waits for secrets that are being read; a keychain may take its time."""
        return self._asking is not None

    def cancel(self) -> None:
        """Send nothing, whatever is still found out about secrets."""
        if self._asking is not None:
            self._asking.cancel()
            self._console.message.emit("Not sent. It was cancelled while secrets were being read.")

    def _on_end(self, task: asyncio.Task[None]) -> None:
        if self._asking is task:
            self._asking = None
            self._console.busy_changed.emit()

    async def _ask(
        self, environment: Environment, names: tuple[str, ...], again: Callable[[], None]
    ) -> None:
        """Look once more where secrets are kept; ask the person for what is not there."""
        desk = self._console.environments
        keeper = await desk.open_keeper()
        await desk.fetch(names)
        missing = desk.missing(environment)
        # What follows is a send of its own; it is not what Esc would end here.
        self._asking = None
        self._console.busy_changed.emit()
        if missing:
            self.secrets_wanted.emit(SecretsWanted(environment, missing, keeper, again))
        else:
            again()
