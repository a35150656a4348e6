"""The CallbackExport: the list, or GMS's report of cancelled callbacks, in a file."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.callbacks.changing import prepare_cancelled_report
from gms_console.callbacks.record import KEYS, CallbackRecord
from gms_console.callbacks.table import csv_of, masked_csv, unmasked
from gms_console.model.answer import Answer
from gms_console.model.exchange import Exchange
from gms_console.model.reading import charset_of, known_charset, whole_body
from gms_console.whole_file import write_whole

from ..asker import Asker
from ..evidence.choice import KeptChoices
from ..sharing import known_secrets

if TYPE_CHECKING:
    from gms_console.callbacks.table import Mask

    from ..console import Console
    from .desk import Trouble

FILE_NAME = "callbacks.csv"

REPORT_COLUMNS = tuple(keys[0] for keys in KEYS.values())
"""What GMS is asked to report of a cancelled callback."""

_UTF8_MARK = "\ufeff"
"""Tells a program for tables that the file is UTF-8."""


class CallbackExport(QObject):
    """Writes tables; `finished` says what was written, or why nothing was.

    Values are masked by the rules that evidence is masked by, in the same words.
    """

    finished = Signal(str)
    problem_came = Signal(object)

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self.asker = Asker(console, self)
        self.asker.refused.connect(self.finished)

    def save_list(self, records: Sequence[CallbackRecord], file: Path, *, masked: bool) -> None:
        """Write the callbacks that are listed."""
        mask = self._mask() if masked else unmasked
        rows = tuple(records)
        said = f"{len(rows):,} callbacks"
        self._start(lambda: csv_of(rows, mask), file, said, masked=masked)

    def save_report(self, reason: str, file: Path, *, masked: bool) -> None:
        """Ask GMS for its report of cancelled callbacks, and write what it answers."""
        self.asker.ask(
            lambda environment: prepare_cancelled_report(environment, reason, REPORT_COLUMNS),
            lambda exchange, answer: self._take(exchange, answer, file, masked=masked),
        )

    def _take(self, exchange: Exchange, answer: Answer, file: Path, *, masked: bool) -> None:
        response = exchange.response
        if answer.problem is not None or response is None:
            trouble: Trouble = exchange, answer
            self.problem_came.emit(trouble)
            self.finished.emit("Nothing was written: GMS gave no report.")
            return
        charset = known_charset(charset_of(response) or "utf-8")
        mask = self._mask() if masked else None

        def text() -> str:
            came = whole_body(response).decode(charset, "replace").lstrip(_UTF8_MARK)
            return came if mask is None else masked_csv(came, mask)

        self._start(text, file, "GMS's report of cancelled callbacks", masked=masked)

    def _mask(self) -> Mask:
        from gms_console.evidence.redaction import Redactor  # noqa: PLC0415 - with the first export

        rules = KeptChoices.from_data(self._console.evidence_choices).rules
        return Redactor(rules, known_secrets(self._console)).value

    def _start(self, text: Callable[[], str], file: Path, said: str, *, masked: bool) -> None:
        work = self._write(text, file, said, masked=masked)
        self._console.session.tasks.start(work, name="export callbacks", owner=self)

    async def _write(self, text: Callable[[], str], file: Path, said: str, *, masked: bool) -> None:
        try:
            await asyncio.to_thread(_write, file, text)
        except (OSError, csv.Error) as error:
            why = getattr(error, "strerror", None) or error
            self.finished.emit(f"{file.name} was not written: {why}.")
            return
        how = "personal data masked" if masked else "nothing masked"
        self.finished.emit(f"{file.name} was written: {said}, {how}.")


def _write(file: Path, text: Callable[[], str]) -> None:
    write_whole(file, (_UTF8_MARK + text()).encode("utf-8", "replace"))
