"""The CallbackDesk: which callbacks are listed, and what is done with them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.callbacks.asking import prepare_watermarks
from gms_console.callbacks.query import (
    CallbackQuery,
    prepare_find,
    prepare_queues,
    service_text,
)
from gms_console.callbacks.reading import (
    CallbackList,
    UnreadableListError,
    Watermarks,
    is_in_file,
    read_callbacks,
    read_watermarks,
    was_refused,
    whole_data,
)
from gms_console.callbacks.record import CallbackRecord
from gms_console.model.answer import Answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.presentation import reason_text
from gms_console.wire.request import CALLBACK_PREFIX, PreparedRequest, execution_name

from ..asker import Asker
from ..models.callback_model import CallbackModel
from .changes import CallbackChanges
from .filter import CallbackFilter, CallbackFilterError

if TYPE_CHECKING:
    from ..console import Console

Trouble = tuple[Exchange, Answer]
"""What failed: the Exchange, and the Answer whose problem tells how."""

KIND = "callback"
"""The kind of the catalogue that knows the states of callbacks."""


@dataclass(slots=True)
class _Listing:
    """A list that is being asked for: what for, by which way, and where it was sent."""

    query: CallbackQuery
    queues: bool
    quiet: bool
    place: Environment | None = None

    def prepare(self, environment: Environment) -> PreparedRequest:
        self.place = environment
        prepare = prepare_queues if self.queues else prepare_find
        return prepare(environment, self.query)


class CallbackDesk(QObject):
    """Asks for lists of callbacks, keeps the last one, and looks again by itself if wanted.

    `listed` comes with each list, `changed` with all else that is shown: what is under way, what
    is said of the list, what went wrong. `refusal` says why something was not sent, or not read.
    """

    listed = Signal()
    changed = Signal()
    counted = Signal()

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self.filter = CallbackFilter()
        self.model = CallbackModel(self)
        self.changes = CallbackChanges(console, self)
        self.place: Environment | None = None
        self.note = ""
        self.refusal = ""
        self._list_problem: Trouble | None = None
        self._unreadable = False
        self._change_problem: Trouble | None = None
        self.watermarks: Watermarks | None = None
        self._lists = Asker(console, self)
        self._counters = Asker(console, self)
        self._listing: _Listing | None = None
        self._reading = False
        self._refused_at: dict[str, str] = {}
        self._watched = False
        self.interval = 0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(lambda: self.refresh(quiet=True))
        for asker in (self._lists, self._counters, self.changes.asker):
            asker.changed.connect(self.changed)
        self._lists.changed.connect(self._plan_next)
        self._lists.refused.connect(self._on_refused)
        self.changes.refused.connect(self._on_refused)
        self.changes.changed.connect(self._show_outcomes)
        self.changes.answered.connect(self._on_change)
        self.changes.ended.connect(lambda: self.refresh(quiet=True))
        console.environment_changed.connect(self._on_environment)

    # --- what there is ---------------------------------------------------------------------------

    @property
    def problem(self) -> Trouble | None:
        """What failed last: a change until the next list that a person asks for, or a list."""
        return self._change_problem or self._list_problem

    @property
    def list_failed(self) -> bool:
        """Whether the last list that was asked for did not come, or could not be read."""
        return self._list_problem is not None or self._unreadable

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return self.listing or self.changes.busy or self._counters.busy

    @property
    def listing(self) -> bool:
        """Whether a list is being asked for, or read."""
        return self._lists.busy or self._reading

    def services(self) -> tuple[str, ...]:
        """Name the callback services that are known: bound, used, live, or in the list."""
        desk, console = self._console.services, self._console
        bound = [
            name
            for name in (desk.catalogue.bindings if desk.catalogue is not None else ())
            if desk.text_of(name).startswith(CALLBACK_PREFIX)
        ]
        used = [*desk.favourites, *desk.recent, *(one.service for one in console.session.instances)]
        found = [execution_name(one) for one in used if one.startswith(CALLBACK_PREFIX)]
        listed = [record.service for record in self.model.records]
        counted = [name for name, _ in self.watermarks.services] if self.watermarks else []
        names = (execution_name(one) for one in (*bound, *found, *listed, *counted) if one)
        return tuple(sorted(dict.fromkeys(names), key=str.casefold))

    # --- lists -----------------------------------------------------------------------------------

    def use_filter(self, chosen: CallbackFilter, *, look: bool = True) -> None:
        """Take what is looked for; look at once where a list is shown already."""
        if chosen == self.filter:
            return
        self.filter = chosen
        if look and self.place is not None:
            self.refresh()

    def refresh(self, *, quiet: bool = False) -> None:
        """Ask for the list anew; `quiet`: by itself, which keeps outcomes and says nothing."""
        self._again.stop()
        if quiet and (self.listing or self.place is None):
            return
        try:
            query = self.filter.query(datetime.now(UTC), self._console.variables.text)
        except CallbackFilterError as error:
            self._on_refused(str(error))
            return
        if not quiet:
            self._lists.cancel()
            self.changes.forget()
            self._change_problem = None
            self.refusal = ""
            if self._console.environment is not None:
                self._refused_at.pop(self._console.environment.base_url, None)
        self._ask(_Listing(query, self._by_queues(), quiet))
        if self.watermarks is not None:
            self.count(quiet=True)

    def _by_queues(self) -> bool:
        """Whether the admin's queues are asked: not where they were refused before."""
        here = self._console.environment
        refused = here is not None and here.base_url in self._refused_at
        return self.filter.queues and not refused

    def _ask(self, listing: _Listing) -> None:
        self._listing = listing
        sent = self._lists.ask(
            listing.prepare,
            lambda exchange, answer: self._take(listing, exchange, answer),
            quiet=listing.quiet,
        )
        if not sent:
            self._plan_next()
        self.changed.emit()

    def _take(self, listing: _Listing, exchange: Exchange, answer: Answer) -> None:
        if listing is not self._listing or not self._is_here(listing.place):
            return
        if listing.queues and was_refused(answer) and listing.place is not None:
            self._refused_at[listing.place.base_url] = _refusal(exchange)
            self._ask(replace(listing, queues=False))
            return
        if answer.problem is not None:
            self._list_problem = exchange, answer
            self.changed.emit()
            return
        work = self._read(listing, exchange, answer)
        self._reading = True
        self._console.session.tasks.start(work, name="read callbacks", owner=self)

    async def _read(self, listing: _Listing, exchange: Exchange, answer: Answer) -> None:
        """Read a list; a large one is in a file, and takes its time."""
        service = listing.query.service
        try:
            if is_in_file(exchange):
                found = await asyncio.to_thread(
                    lambda: read_callbacks(whole_data(exchange), service)
                )
            else:
                found = read_callbacks(answer.data, service)
        except UnreadableListError as error:
            self._unreadable = True
            self._refuse(str(error))
        else:
            if listing is self._listing and self._is_here(listing.place):
                self._show(listing, found)
        finally:
            self._reading = False
            self._plan_next()
            self.changed.emit()

    def _show(self, listing: _Listing, found: CallbackList) -> None:
        again = self.place is not None
        self.place, self._list_problem, self._unreadable = listing.place, None, False
        records = listing.query.fitting(found.records)
        self.note = self._said_of(listing, found, len(records))
        there = {record.id for record in records}
        gone = [
            record
            for record in self.model.records
            if record.id in self.changes.outcomes and record.id not in there
        ]
        shown = (*records, *gone) if listing.quiet else records
        self.model.show(shown, self.changes.outcomes, marking=again)
        self.listed.emit()

    def _said_of(self, listing: _Listing, found: CallbackList, fitting: int) -> str:
        """Say what a person should know of how the list came about; empty for nothing."""
        parts = []
        refused = self._refused_at.get(listing.place.base_url if listing.place else "")
        if self.filter.queues and not listing.queues and refused:
            parts.append(
                f"The admin's queues were refused ({refused}), so records were queried instead; "
                "GMS gives those of every time, and the filter is applied here."
            )
        left = len(found.records) - fitting
        if left:
            parts.append(f"{left:,} more came that do not fit the filter.")
        if listing.queues and listing.query.most and len(found.records) >= listing.query.most:
            parts.append(f"There may be more: at most {listing.query.most:,} were asked for.")
        if found.left_out:
            parts.append(f"Entries of the answer that are no records: {found.left_out:,}.")
        return " ".join(parts)

    # --- looking again ---------------------------------------------------------------------------

    def look_every(self, seconds: int) -> None:
        """Look again so many seconds after each list; 0 for not by itself."""
        self.interval = seconds
        self._again.stop()
        self._plan_next()

    def watch(self, *, seen: bool) -> None:
        """Look by itself only while a person sees it."""
        self._watched = seen
        self._again.stop()
        self._plan_next()

    def _plan_next(self) -> None:
        due = self.interval and self._watched and self.place is not None and not self.listing
        if due and not self._again.isActive():
            self._again.start(self.interval * 1000)

    # --- counters --------------------------------------------------------------------------------

    def count(self, *, quiet: bool = False) -> None:
        """Ask for the counters, those of one service where the filter names one."""
        if self._counters.busy:
            return
        chosen = self._console.variables.text(self.filter.service).strip()
        services = (chosen,) if chosen else ()
        self._counters.ask(
            lambda environment: prepare_watermarks(environment, services),
            self._take_count,
            quiet=quiet,
        )

    def _take_count(self, exchange: Exchange, answer: Answer) -> None:
        found = read_watermarks(answer.data) if answer.problem is None else None
        if found is None:
            if answer.problem is not None:
                self._change_problem = exchange, answer
            else:
                self._refuse("The answer has no counters.")
        self.watermarks = found
        self.counted.emit()
        self.changed.emit()

    # --- what is done with callbacks -------------------------------------------------------------

    def open_live(self, record: CallbackRecord) -> bool:
        """Open a callback among the live services, and select it there."""
        service = service_text(record.service)
        refused = self._console.live.reopening.reopen(record.id, service)
        if refused:
            self._refuse(refused)
        return not refused

    def new_callback(self) -> None:
        """Choose a callback service in the main window's form; nothing is sent."""
        service = self._console.variables.text(self.filter.service).strip()
        self._console.services.choose(service_text(service) if service else KIND)

    def why_not_moved(self, records: Sequence[CallbackRecord]) -> str:
        """Say why callbacks cannot be moved together; empty when they can."""
        self.refusal = ""
        services = {record.service for record in records}
        if len(services) > 1:
            self.refusal = (
                "Free times belong to a service: select callbacks of one service to move them "
                f"together, not of {', '.join(sorted(services))}."
            )
        elif services == {""}:
            self.refusal = "The record does not name its service, so it has no free times."
        self.changed.emit()
        return self.refusal

    def show_problem(self, trouble: Trouble) -> None:
        """Show what failed beside the list, such as an export."""
        self._change_problem = trouble
        self.changed.emit()

    def cancel(self) -> None:
        """End what is under way, and say so."""
        if self.busy:
            self._console.message.emit("Stopped. What was sent already may have been done.")
        for asker in (self._lists, self._counters, self.changes.asker):
            asker.cancel()

    def selected(self, rows: Sequence[int]) -> tuple[CallbackRecord, ...]:
        """Give the records of rows, in the order in which they are shown."""
        found = (self.model.record(row) for row in sorted(rows))
        return tuple(record for record in found if record is not None)

    def _on_change(self, exchange: Exchange, answer: Answer) -> None:
        if answer.problem is not None:
            self.show_problem((exchange, answer))

    def _show_outcomes(self) -> None:
        self.model.set_outcomes(self.changes.outcomes)
        self.changed.emit()

    def _on_refused(self, text: str) -> None:
        self._refuse(f"Not sent. {text}")

    def _refuse(self, text: str) -> None:
        self.refusal = text
        self.changed.emit()

    def _is_here(self, place: Environment | None) -> bool:
        here = self._console.environment
        return place is not None and here is not None and place.has_place(here)

    def _on_environment(self) -> None:
        """Forget the callbacks of another place: what is done with them would go to this one."""
        place = self.place or (self._listing.place if self._listing is not None else None)
        if place is not None and self._is_here(place):
            return
        self._again.stop()
        self._lists.cancel()
        self._counters.cancel()
        self._listing = self.place = self.watermarks = None
        self._list_problem = self._change_problem = None
        self._unreadable = False
        self.note = self.refusal = ""
        self.changes.forget()
        self.model.show((), {}, marking=False)
        self.counted.emit()
        self.listed.emit()
        self.changed.emit()


def _refusal(exchange: Exchange) -> str:
    response = exchange.response
    return "" if response is None else f"{response.status} {reason_text(response)}".strip()
