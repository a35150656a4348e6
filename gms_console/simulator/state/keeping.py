"""Keeping the world in a state file while it lives, and beginning from one."""

import json
import sqlite3
import threading
import time
import uuid
from pathlib import Path

from gms_console.simulator.breathing import breathe
from gms_console.simulator.state.codec import Codec, StateError
from gms_console.simulator.state.file import Changes, DamagedError, StateFile, Thing, set_aside
from gms_console.simulator.state.fingerprints import fingerprint
from gms_console.simulator.state.stored import (
    HEAD,
    Living,
    head_of,
    living,
    read,
    restore,
)
from gms_console.simulator.web.uploads import Upload
from gms_console.simulator.world.instances import World

EVERY = 0.8
"""Seconds from one look at the world to the next; a change is on its way to the disk by then."""

_REST = 4
"""After a look that took longer, so many times as long: requests need the processor too."""

_SLICE = 10
"""So many things are looked at under one hold of the world's lock, in less than 1 ms."""

_NEVER = 0

_Known = dict[tuple[str, str], tuple[int, int]]
"""By kind and id: the place, and the print of what was written last."""


class Keeping:
    """The thread that writes the world down, from `begin` to `end`."""

    def __init__(self, path: Path) -> None:
        """Prepare; opens nothing."""
        self.path = path
        self.error = ""
        """Why the last writing failed; empty when it did not."""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._file: StateFile | None = None
        self._world: World | None = None
        # By object: where the content of a kept file is. The object keeps its id from reuse.
        self._files: dict[int, tuple[str, Upload]] = {}
        self._new_files: dict[str, Upload] = {}
        self._used: set[str] = set()
        self._known: _Known = {}
        self._last_place = 0
        self._seen = -1

    def begin(self, world: World) -> str:
        """Restore what the file holds and keep it up to date from now on.

        Returns what has to be told: that a damaged file was moved aside, and began anew. Raises
        SimulatorError for a file that cannot be used.
        """
        note = ""
        try:
            self._load(world)
        except (DamagedError, StateError, sqlite3.Error) as error:
            self._close()
            kept = set_aside(self.path)
            note = (
                f"{self.path} is damaged ({error}). It is kept as {kept.name};"
                " the simulator begins with nothing in it."
            )
            self._load(world)
        self._world = world
        self._thread = threading.Thread(target=self._run, name="gms-simulator-state", daemon=True)
        self._thread.start()
        return note

    def end(self) -> None:
        """Write what is left, and close the file."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self._close()

    def _load(self, world: World) -> None:
        self._file = StateFile(self.path)
        self._files.clear()
        self._known.clear()
        things = self._file.things()

        def find(file_id: str, name: str, kind: str) -> Upload:
            return self._loaded(world, file_id, name, kind)

        restore(world, read(Codec(self._keep, find), self._file.values(), things))
        for thing in things:
            self._known[thing.kind, thing.id] = (thing.place, _NEVER)
            self._last_place = max(self._last_place, thing.place)

    def _loaded(self, world: World, file_id: str, name: str, kind: str) -> Upload:
        """Return a stored file as the world has it."""
        if self._file is None:
            raise StateError("a closed file")
        upload = world.files.new(name, kind)
        for chunk in self._file.content(file_id):
            upload.write(chunk)
        upload.finish()
        upload.kept = True
        self._files[id(upload)] = (file_id, upload)
        return upload

    def _keep(self, upload: Upload) -> str:
        """Return where the content of a file is, and note one that is not written yet."""
        found = self._files.get(id(upload))
        if found is None:
            found = self._files[id(upload)] = (uuid.uuid4().hex, upload)
            self._new_files[found[0]] = upload
        self._used.add(found[0])
        return found[0]

    def _run(self) -> None:
        took = 0.0
        while not self._stop.wait(max(EVERY, _REST * took)):
            began = time.monotonic()
            self._write()
            took = time.monotonic() - began
        self._write()

    def _write(self) -> None:
        """Write down what has changed; what fails is tried again the next time."""
        world, file = self._world, self._file
        if world is None or file is None:
            return
        before = dict(self._known)
        try:
            seen = self._seen
            changes = self._changes(world)
            missing = file.write(changes)
            self.error = ""
        except Exception as error:  # noqa: BLE001 - the thread must not end unseen
            self.error = f"{self.path} could not be written: {error}"
            self._known, self._seen = before, seen
            return
        self._new_files.clear()
        if missing:
            # Deleted while it was copied: the next look finds its owner without it.
            self._seen = -1

    def _changes(self, world: World) -> Changes:
        codec = Codec(self._keep, _nowhere)
        changes = Changes()
        with world.lock:
            changed = world.changes
            head = codec.encode(head_of(world))
            things = living(world) if changed != self._seen else None
        changes.values[HEAD] = json.dumps(head)
        if things is None:
            return changes
        self._used.clear()
        for start in range(0, len(things), _SLICE):
            with world.lock:
                part = self._changed(codec, things[start : start + _SLICE])
            self._note(changes, part)
            breathe()
        living_now = {(kind, thing_id) for kind, thing_id, _ in things}
        changes.gone = [each for each in self._known if each not in living_now]
        for each in changes.gone:
            del self._known[each]
        self._note_files(changes)
        self._seen = changed
        return changes

    def _changed(self, codec: Codec, things: list[Living]) -> list[tuple[str, str, int, object]]:
        """Return what is new or not as it was written last, with its print. Hold the lock."""
        part = []
        for kind, thing_id, each in things:
            found, uploads = fingerprint(each)
            if self._known.get((kind, thing_id), (0, _NEVER))[1] != found:
                part.append((kind, thing_id, found, codec.encode(each)))
            else:
                self._used.update(map(self._keep, uploads))
        return part

    def _note(self, changes: Changes, part: list[tuple[str, str, int, object]]) -> None:
        """Add things to what is to be written."""
        for kind, thing_id, found, stored in part:
            place, _ = self._known.get((kind, thing_id), (0, _NEVER))
            if not place:
                self._last_place += 1
                place = self._last_place
            self._known[kind, thing_id] = (place, found)
            changes.things.append(Thing(kind, thing_id, place, json.dumps(stored)))

    def _note_files(self, changes: Changes) -> None:
        """Add the files that are new, and those that nothing names any more."""
        changes.files = list(self._new_files.items())
        unused = [(key, each[0]) for key, each in self._files.items() if each[0] not in self._used]
        for key, file_id in unused:
            del self._files[key]
            changes.gone_files.append(file_id)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def _nowhere(_file_id: str, _name: str, _kind: str) -> Upload:
    raise StateError("nothing is read while writing")
