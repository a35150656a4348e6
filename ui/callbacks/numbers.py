"""The NumberDesk: what GMS makes of a phone number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.callbacks.asking import prepare_phone_check
from gms_console.callbacks.reading import read_facts
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange

from ..asker import Asker

if TYPE_CHECKING:
    from ..console import Console
    from .desk import Trouble


class NumberDesk(QObject):
    """Asks about one number at a time; `changed` comes when something is known, or went wrong."""

    changed = Signal()

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self.facts: tuple[tuple[str, str], ...] = ()
        self.refusal = ""
        self.problem: Trouble | None = None
        self.asker = Asker(console, self)
        self.asker.changed.connect(self.changed)
        self.asker.refused.connect(lambda text: self._refuse(f"Not sent. {text}"))

    def begin(self) -> None:
        """Forget what was said of the number before."""
        self.asker.cancel()
        self.facts, self.refusal, self.problem = (), "", None

    def check(self, number: str, country: str, locale: str) -> None:
        """Ask about a number; without a country GMS takes the one that it is configured with."""
        texts = [self._console.variables.text(one).strip() for one in (number, country, locale)]
        self.refusal, self.problem = "", None
        if not texts[0]:
            self._refuse("Type the number that is to be checked.")
            return
        self.asker.cancel()
        self.asker.ask(lambda environment: prepare_phone_check(environment, *texts), self._take)

    def _take(self, exchange: Exchange, answer: Answer) -> None:
        self.facts = read_facts(answer.data) if answer.problem is None else ()
        if answer.problem is not None:
            self.problem = exchange, answer
        elif not self.facts:
            self.refusal = "The answer tells nothing about the number."
        self.changed.emit()

    def _refuse(self, text: str) -> None:
        self.refusal = text
        self.changed.emit()
