"""The StorageDesk: what is kept in the storage of GMS, read, changed and deleted."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.instance import Instance
from gms_console.model.answer import Answer
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import Exchange, Response
from gms_console.presentation import trouble_text
from gms_console.storing.reading import (
    StoredKey,
    UnreadableMapError,
    came,
    expires,
    read_keys,
    whole_map,
)
from gms_console.storing.requests import (
    Store,
    TtlError,
    prepare_delete,
    prepare_delete_key,
    prepare_key,
    prepare_keys,
    prepare_new,
    prepare_update,
    read_ttl,
    sent_user,
)
from gms_console.variables import expand_form
from gms_console.wire.encode import encode
from gms_console.wire.refusal import FormRefusedError

from .asker import Asker

if TYPE_CHECKING:
    from pydantic import JsonValue

    from gms_console.model.form import Form

    from .console import Console


@dataclass(frozen=True, slots=True)
class Known:
    """A storage of this start: where it is, and until when it is kept as far as that is known."""

    store: Store
    place: Environment
    expires: datetime | None = None
    gone: bool = False

    def left(self, now: datetime) -> float | None:
        """Give the seconds that are left; None where nothing is known of its time."""
        return None if self.expires is None else max(0.0, (self.expires - now).total_seconds())


class StorageDesk(QObject):
    """One storage is open at a time; all of this start are listed, the last one first.

    `refused` comes with the field that is wrong (`ttl`, `id`, `value` or empty) and why,
    `rows_refused` with what is wrong by row; what was typed stays.
    `stored` comes with the rows that were kept, as they were typed.
    `keys` is None while nothing was read; `value` is the answer of the key that was read last.
    """

    known_changed = Signal()
    keys_changed = Signal()
    value_changed = Signal()
    refused = Signal(str, str)
    rows_refused = Signal(object)
    stored = Signal(object)

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.asker = Asker(console, self)
        self.asker.refused.connect(lambda text: self.refused.emit("", text))
        self.known: list[Known] = []
        self.open: Known | None = None
        self.keys: tuple[StoredKey, ...] | None = None
        self.key = ""
        self.value: Response | None = None
        self.problem = ""

    @property
    def gms_user(self) -> str:
        """The gms_user that goes along; empty where there is none."""
        environment = self._console.environment
        return "" if environment is None else sent_user(environment)

    @property
    def instances(self) -> tuple[Instance, ...]:
        """The live instances, whose data can be opened."""
        return tuple(self._console.session.instances)

    # --- what is opened --------------------------------------------------------------------

    def open_id(self, text: str) -> None:
        """Open a storage by its id, and read it."""
        place, store_id = self._console.environment, text.strip()
        if not store_id:
            self.refused.emit("id", "Type the id that GMS gave, or choose one in the list.")
        elif place is None:
            self.refused.emit("", self._console.environment_error or "There is nowhere to send to.")
        else:
            store = Store(store_id)
            try:
                prepare_keys(place, store)
            except PathSegmentError as error:
                self.refused.emit("id", str(error))
                return
            self._show(self._find(store, place) or Known(store, place))
            self.read()

    def open_instance(self, instance: Instance) -> None:
        """Open the data that a service keeps for an instance, and read it."""
        store = Store(instance.id, of_service=True, service=instance.service)
        place = instance.environment
        self._show(self._find(store, place) or Known(store, place))
        self.read()

    def open_known(self, row: int) -> None:
        """Open one of the list, and read it."""
        if 0 <= row < len(self.known) and self.known[row] is not self.open:
            self._show(self.known[row])
            self.read()

    def _find(self, store: Store, place: Environment) -> Known | None:
        fitting = (one for one in self.known if one.store == store)
        return next((one for one in fitting if one.place.is_same_place(place)), None)

    def _show(self, known: Known) -> None:
        self.open, self.keys, self.key, self.value, self.problem = known, None, "", None, ""
        self.known_changed.emit()
        self.keys_changed.emit()
        self.value_changed.emit()

    def _keep(self, known: Known) -> None:
        """Put a storage on the list, or what is now known of it in its place."""
        before = self._find(known.store, known.place)
        if before is not None:
            self.known[self.known.index(before)] = known
        else:
            self.known.insert(0, known)
        if self._is_open(known):
            self.open = known
        self.known_changed.emit()

    def _is_open(self, known: Known) -> bool:
        opened = self.open
        if opened is None or opened.store != known.store:
            return False
        return opened.place.is_same_place(known.place)

    def _place(self, known: Known) -> Environment:
        """Give where a storage is, with the settings of now: gms_user may have been set since."""
        environment = self._console.environment
        try:
            place = None if environment is None else environment.on_node(known.place.node)
        except (KeyError, BaseUrlError):
            return known.place
        return place if place is not None and place.is_same_place(known.place) else known.place

    # --- requests --------------------------------------------------------------------------

    def create(self, ttl: str, custom: str, form: Form) -> bool:
        """Keep rows and files, under an id of one's own if one is given."""
        place = self._console.environment
        seconds = self._seconds(ttl)
        rows = self._sendable(form, place) if seconds is not None else None
        if seconds is None or rows is None:
            return False
        own = custom.strip()

        def then(exchange: Exchange, answer: Answer) -> None:
            found = answer.id or (own if answer.ok else "")
            if not answer.ok or not found or place is None:
                self.refused.emit("", _reason(exchange, answer, "The answer has no id."))
                return
            known = Known(Store(found), place, expires(exchange, seconds))
            self._show(known)
            self._keep(known)
            self.stored.emit(form)
            self.read()

        return self.asker.ask(
            lambda environment: prepare_new(environment, seconds, rows, own), then, place=place
        )

    def update(self, ttl: str, form: Form) -> bool:
        """Add keys to the open storage, or change them."""
        known = self.open
        if known is None:
            self.refused.emit("", "Open a storage first, or store the rows as a new one.")
            return False
        seconds = 0 if known.store.of_service else self._seconds(ttl)
        rows = self._sendable(form, self._place(known)) if seconds is not None else None
        if seconds is None or rows is None:
            return False

        def then(exchange: Exchange, answer: Answer) -> None:
            if not answer.ok:
                self.refused.emit("", _reason(exchange, answer))
                return
            self._keep(replace(known, expires=expires(exchange, seconds), gone=False))
            self.stored.emit(form)
            self.read()

        return self.asker.ask(
            lambda environment: prepare_update(environment, known.store, seconds, rows),
            then,
            place=self._place(known),
        )

    def read(self) -> None:
        """Read all keys of the open storage."""
        known = self.open
        if known is None:
            return

        def then(exchange: Exchange, answer: Answer) -> None:
            response = exchange.response
            if response is not None and response.stored is not None and came(exchange):
                work = self._read_large(known, exchange, answer)
                self._console.session.tasks.start(work, name="read the keys", owner=self)
            else:
                self._take_keys(known, exchange, answer, answer.data)

        self.asker.ask(
            lambda environment: prepare_keys(environment, known.store),
            then,
            place=self._place(known),
        )

    async def _read_large(self, known: Known, exchange: Exchange, answer: Answer) -> None:
        response = exchange.response
        if response is None:
            return
        try:
            data = await asyncio.to_thread(whole_map, response)
        except UnreadableMapError as error:
            self._take_keys(known, exchange, answer, None, str(error))
        else:
            self._take_keys(known, exchange, answer, data)

    def _take_keys(
        self, known: Known, exchange: Exchange, answer: Answer, data: JsonValue, why: str = ""
    ) -> None:
        """Show the keys of an answer; what was read of a key before may be another value now.

        Keys of a person's own may be called as GMS calls an error: they are shown, and so is that.
        """
        if self.open is None or not self._is_open(known):
            return
        self.keys = read_keys(data) if came(exchange) else None
        missing = exchange.response is not None and exchange.response.status == 404
        fault = why or "The answer is no map of keys."
        fine = self.keys is not None and answer.ok
        self.problem = "" if fine else _reason(exchange, answer, fault)
        if self.keys is not None or missing:
            self._keep(replace(self.open, gone=missing))
        self.value = None
        if self.keys is not None and all(one.key != self.key for one in self.keys):
            self.key = ""
        self.keys_changed.emit()
        self.value_changed.emit()

    def choose_key(self, key: str) -> None:
        """Look at a key as the map of all keys has it; nothing is sent."""
        if key != self.key:
            self.key, self.value = key, None
            self.value_changed.emit()

    def read_key(self, *, binary: bool) -> None:
        """Read the chosen key: as text, or its bytes as they were sent."""
        known, key = self.open, self.key
        if known is None or not key:
            return

        def then(exchange: Exchange, answer: Answer) -> None:
            if self.key != key or not self._is_open(known):
                return
            self.value = exchange.response if came(exchange) else None
            self.value_changed.emit()
            if self.value is None:
                self.refused.emit("value", _reason(exchange, answer))

        self.asker.ask(
            lambda environment: prepare_key(environment, known.store, key, binary=binary),
            then,
            place=self._place(known),
        )

    def delete_key(self) -> None:
        """Delete the chosen key of a service's data; a person has been asked."""
        known, key = self.open, self.key
        if known is None or not key or not known.store.of_service:
            return

        def then(exchange: Exchange, answer: Answer) -> None:
            if not answer.ok:
                self.refused.emit("", _reason(exchange, answer))
                return
            if self._is_open(known):
                self.choose_key("")
                self.read()

        self.asker.ask(
            lambda environment: prepare_delete_key(environment, known.store, key),
            then,
            place=self._place(known),
        )

    def delete_all(self) -> None:
        """Delete the open storage with all its keys; a person has been asked."""
        known = self.open
        if known is None or known.store.of_service:
            return

        def then(exchange: Exchange, answer: Answer) -> None:
            if not answer.ok:
                self.refused.emit("", _reason(exchange, answer))
                return
            gone = replace(known, gone=True, expires=None)
            opened = self._is_open(known)
            self._keep(gone)
            if opened:
                self._show(gone)
                self.problem = "It is deleted."
                self.keys_changed.emit()

        self.asker.ask(
            lambda environment: prepare_delete(environment, known.store),
            then,
            place=self._place(known),
        )

    def _seconds(self, text: str) -> int | None:
        try:
            return read_ttl(text)
        except TtlError as error:
            self.refused.emit("ttl", str(error))
            return None

    def _sendable(self, form: Form, place: Environment | None) -> Form | None:
        """Put the variables in; None, and each reason beside its row, where that cannot be sent."""
        try:
            rows = expand_form(form, self._console.variables.scope(place))
            if not any(row.enabled for row in rows):
                self.refused.emit("", "There is no row to store; add one below.")
                return None
            encode(rows)
        except FormRefusedError as error:
            self.rows_refused.emit({one.index: one.message for one in error.problems})
            return None
        self.rows_refused.emit({})
        return rows

    # --- files -----------------------------------------------------------------------------

    def save_value(self, path: Path) -> None:
        """Write the value that was read into a file, byte for byte."""
        value = self.value
        if value is not None:
            work = self._save(value, path)
            self._console.session.tasks.start(work, name="save the value", owner=self)

    async def _save(self, value: Response, path: Path) -> None:
        try:
            await asyncio.to_thread(_write, value, path)
        except OSError as error:
            reason = error.strerror or str(error)
            self.refused.emit("value", f"{path} was not written: {reason}")
            return
        self._console.message.emit(f"{value.size:,} bytes are in {path}.")


def _write(value: Response, path: Path) -> None:
    if value.stored is not None:
        shutil.copyfile(value.stored.path, path)
    else:
        path.write_bytes(value.body)


def _reason(exchange: Exchange, answer: Answer, otherwise: str = "") -> str:
    """Say why something did not come about; `otherwise` of an answer that says nothing wrong."""
    return otherwise if answer.ok and otherwise else trouble_text(exchange, answer)
