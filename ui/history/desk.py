"""The HistoryDesk: what was sent and received, of this start and of earlier ones."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.history import (
    REDIRECTED,
    History,
    HistoryFacts,
    HistoryQuery,
    HistoryRow,
    HistorySettings,
)
from gms_console.model.exchange import Exchange

from .restoring import restore

if TYPE_CHECKING:
    from ..console import Console
    from .list import HistoryList

_GONE = "This exchange is no longer kept."


class HistoryDesk(QObject):
    """Shows what was kept, restores it into the form, and says what is kept at all.

    `engine` is None where nothing is kept between two starts. `rows_gone` comes with the numbers
    of deleted rows, `row_changed` with a row that has another note or star, `restored` when a
    request is in the form again. `trouble` is why not all is kept, in words for a person; it
    stays until the end.
    """

    opened = Signal()
    settings_changed = Signal()
    trouble_changed = Signal()
    rows_gone = Signal(object)
    row_changed = Signal(object)
    shown_changed = Signal()
    restored = Signal()

    def __init__(self, console: Console, folder: Path | None) -> None:
        """`folder` is where the history is kept; None keeps nothing."""
        super().__init__(console)
        self._console = console
        workspace = console.workspace
        self.settings = HistorySettings(
            days=workspace.history_days,
            most_bytes=workspace.history_bytes,
            private=workspace.private,
        )
        self.engine = History(folder, self.settings, self._told) if folder is not None else None
        self.trouble = ""
        self.facts = HistoryFacts(0, 0)
        self.ended = False
        self.shown: HistoryRow | None = None
        self._shown_exchange = ""
        self._wanted = ""
        self._list: HistoryList | None = None
        console.answer_changed.connect(self.shown_changed)

    @property
    def list(self) -> HistoryList:
        """The rows of the list; made when it is first asked for, not before the window."""
        if self._list is None:
            from .list import HistoryList  # noqa: PLC0415 - as said

            self._list = HistoryList(self._console, self)
        return self._list

    def start(self, work: Coroutine[object, object, None], name: str) -> None:
        """Carry out what takes time, unless the console ends."""
        if self.ended:
            work.close()
        else:
            self._console.session.tasks.start(work, name=name, owner=self)

    async def open(self) -> None:
        """Open the database, once the window is there."""
        if self.engine is not None:
            await self.engine.open()
            self.opened.emit()

    def end(self) -> None:
        """Read and change nothing any more; what was sent is still written."""
        self.ended = True
        if self._list is not None:
            self._list.stop()

    def _told(self, text: str) -> None:
        self.trouble = text
        self.trouble_changed.emit()
        self._console.message.emit(f"History: {text}")

    # --- showing -------------------------------------------------------------------------

    @property
    def mark(self) -> HistoryRow | None:
        """The row that the shown answer was chosen from; None for an answer that just came."""
        exchange = self._console.exchange
        same = exchange is not None and exchange.id == self._shown_exchange
        return self.shown if same else None

    def was_followed(self, exchange: Exchange) -> bool:
        """Whether an answer is known to have led to the next request of the console."""
        return self.followed_then(exchange) or self._console.session.exchanges.followed(exchange)

    def followed_then(self, exchange: Exchange) -> bool:
        """Whether the row that an answer was chosen from says that it was followed."""
        row = self.shown
        return row is not None and row.key == exchange.id and row.ok and row.state == REDIRECTED

    def show(self, row: HistoryRow, exchange_id: str = "") -> None:
        """Show the exchange of a row, or one attempt of a poll."""
        wanted, shown = exchange_id or row.exchange, self._console.exchange
        if wanted and wanted == self._wanted:
            return  # a click on a row makes it the current one too
        self._wanted = ""
        if not wanted:
            self._console.message.emit("This poll has no answer yet.")
        elif shown is not None and shown.id == wanted == self._shown_exchange:
            self._console.exchange_chosen.emit()
        elif (exchange := self._console.session.exchanges.get(wanted)) is not None:
            self._show(row, exchange)
        else:
            self._wanted = wanted
            self.start(self._load_and_show(row, wanted), "open from the history")

    async def _load_and_show(self, row: HistoryRow, wanted: str) -> None:
        exchange = await self.exchange(wanted)
        if self._wanted != wanted:
            return  # the arrow keys have gone on
        self._wanted = ""
        if exchange is None:
            self._console.message.emit(_GONE)
        else:
            self._show(row, exchange)

    def _show(self, row: HistoryRow, exchange: Exchange) -> None:
        self.shown, self._shown_exchange = row, exchange.id
        self._console.show_past(exchange)

    async def exchange(self, exchange_id: str) -> Exchange | None:
        """Give an Exchange of this start or an earlier one; None where it is not kept."""
        found = self._console.session.exchanges.get(exchange_id)
        if found is None and self.engine is not None:
            kept = await self.engine.load(exchange_id)
            found = kept.exchange if kept is not None else None
        return found

    # --- back into the form --------------------------------------------------------------

    def edit_and_resend(self, row: HistoryRow, exchange_id: str = "") -> None:
        """Put what was sent back into the form, exactly as it was typed; nothing is sent."""
        self.start(self._restore(exchange_id or row.exchange), "edit and resend")

    async def _restore(self, exchange_id: str) -> None:
        exchange = await self.exchange(exchange_id)
        if exchange is None:
            self._console.message.emit(_GONE)
        else:
            said = restore(self._console, exchange)
            self.restored.emit()
            self._console.message.emit(said)

    # --- copies and comparison -----------------------------------------------------------

    def copy_as_curl(self, row: HistoryRow, exchange_id: str = "") -> None:
        """Copy the request of a row as a curl command, with known secrets masked."""
        self.start(self._copy_as_curl(exchange_id or row.exchange), "copy as curl")

    async def _copy_as_curl(self, exchange_id: str) -> None:
        from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - not before it is asked for

        from gms_console.curl import curl_command  # noqa: PLC0415 - as above

        from ..sharing import masked  # noqa: PLC0415 - as above

        exchange = await self.exchange(exchange_id)
        if exchange is None:
            self._console.message.emit(_GONE)
            return
        QGuiApplication.clipboard().setText(masked(self._console, curl_command(exchange)))
        self._console.message.emit("Copied as a curl command. Secrets in it are masked.")

    def compare(self, left: str, right: str) -> None:
        """Compare two exchanges by their ids, side by side."""
        self.start(self._compare(left, right), "compare")

    async def _compare(self, left: str, right: str) -> None:
        first, second = await self.exchange(left), await self.exchange(right)
        if first is None or second is None:
            self._console.message.emit(_GONE)
        else:
            self._console.comparison.compare(first, second)

    # --- changing what is kept -----------------------------------------------------------

    def star(self, rows: Sequence[HistoryRow], *, starred: bool) -> None:
        """Mark rows with a star, or take it away; with one they stay whatever their age."""
        self.start(self._star(rows, starred=starred), "star")

    async def _star(self, rows: Sequence[HistoryRow], *, starred: bool) -> None:
        if self.engine is None:
            return
        for row in rows:
            await self.engine.set_star(row.number, starred=starred)
            self.row_changed.emit(replace(row, starred=starred))

    def write_note(self, row: HistoryRow, note: str) -> None:
        """Write a note on a row; an empty one takes it away."""
        self.start(self._write_note(row, note), "write a note")

    async def _write_note(self, row: HistoryRow, note: str) -> None:
        if self.engine is not None:
            await self.engine.set_note(row.number, note)
            self.row_changed.emit(replace(row, note=note))

    def delete(self, rows: Sequence[HistoryRow]) -> None:
        """Delete rows, of a poll with all its attempts; a person has agreed."""
        self.start(self._delete(rows), "delete from the history")

    async def _delete(self, rows: Sequence[HistoryRow]) -> None:
        if self.engine is None:
            return
        numbers = [row.number for row in rows]
        await self.engine.delete(numbers)
        self.rows_gone.emit(numbers)
        self._console.message.emit(f"Deleted {rows_text(len(numbers))} of the history.")

    def delete_all(self, query: HistoryQuery) -> None:
        """Delete all that a query finds; a person has agreed."""
        self.start(self._delete_all(query), "delete from the history")

    async def _delete_all(self, query: HistoryQuery) -> None:
        if self.engine is None:
            return
        count = await self.engine.delete_all(query)
        self._console.message.emit(f"Deleted {rows_text(count)} of the history.")
        self.list.reload()
        await self._read_facts()

    # --- what is kept --------------------------------------------------------------------

    def use(self, settings: HistorySettings) -> None:
        """Keep by other settings from now on."""
        if settings == self.settings:
            return
        private = settings.private
        if private is not self.settings.private:
            self._console.message.emit(
                "Private mode: nothing that you send from now on is kept."
                if private
                else "Private mode is off: what you send is kept again."
            )
        self.settings = settings
        self.settings_changed.emit()
        if self.engine is not None:
            self.start(self._use(settings), "history settings")

    async def _use(self, settings: HistorySettings) -> None:
        if self.engine is not None:
            await self.engine.use(settings)
            if self._list is not None and not settings.private:
                self._list.reload()

    def set_private(self, *, on: bool) -> None:
        """Keep nothing from now on, or keep again."""
        self.use(replace(self.settings, private=on))

    def read_facts(self) -> None:
        """Read how much is kept, and the names to filter by; `settings_changed` follows."""
        if self.engine is not None:
            self.start(self._read_facts(), "history facts")

    async def _read_facts(self) -> None:
        if self.engine is not None:
            self.facts = await self.engine.facts()
            self.settings_changed.emit()


def rows_text(count: int) -> str:
    """Say how many rows, as in a sentence."""
    return "1 row" if count == 1 else f"{count:,} rows"
