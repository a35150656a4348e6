"""The thread that writes the history: whatever waits is written together."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from gms_console.history.database import FILE_NAME, DamagedError, Database, is_damage, move_aside
from gms_console.history.deleting import purge, purge_is_due
from gms_console.history.promise import Promise
from gms_console.history.retention import keep_within, sweep
from gms_console.history.rows import HistorySettings
from gms_console.history.schema import NewerDatabaseError
from gms_console.history.starts import Start, ended, lives
from gms_console.history.writing import interrupt_polls, owners_of_running_polls

_T = TypeVar("_T")

_FAILURES = (OSError, sqlite3.Error, DamagedError)

_TOGETHER = 200
"""Jobs that are written together at most: who waits for the first one waits for all."""

_TIDY_AFTER = 3600.0
_TIDY_AFTER_JOBS = 500

NEWER = (
    "The history was written by a newer version of the console. It is left as it is, and nothing"
    " is kept in this start."
)


@dataclass(frozen=True, slots=True)
class Job(Generic[_T]):
    """Something to write, within a transaction; `otherwise` is given where that cannot be done."""

    work: Callable[[Database], _T]
    otherwise: _T
    promise: Promise[_T] | None = None

    def give(self, value: _T) -> None:
        """Tell who waits for it."""
        if self.promise is not None:
            self.promise.give(value)


@dataclass(slots=True)
class LongJob:
    """Work in steps, each a transaction of its own. `dropped`: it can wait for a later start."""

    begin: Callable[[Database], Iterator[None]]
    promise: Promise[None] | None = None
    dropped: bool = False
    steps: Iterator[None] | None = field(default=None, init=False)

    def end(self) -> None:
        """Tell who waits for it."""
        if self.promise is not None:
            self.promise.give(None)


class Writer:
    """Takes jobs at once, and carries them out in order once the thread has been started."""

    def __init__(
        self, folder: Path, name: str, tell: Callable[[str], None], refuse: Callable[[], None]
    ) -> None:
        """`name` is that of this start. `tell` and `refuse` are called in the thread.

        `refuse`: nothing will be kept in this start.
        """
        self.folder = folder
        self.name = name
        self.ready = threading.Event()
        self._tell = tell
        self._refuse = refuse
        self._refused = False
        self._jobs: queue.SimpleQueue[Job[object] | LongJob | None] = queue.SimpleQueue()
        self._long: deque[LongJob] = deque()
        self._database: Database | None = None
        self._start: Start | None = None
        self._settings = HistorySettings()
        self._stopping = False
        self._complained = False
        self._written = 0
        self._tidied = time.monotonic()
        self._opened_now: Callable[[], None] = lambda: None
        self._ended: Callable[[], None] = lambda: None

    def start(self, settings: HistorySettings, opened: Callable[[], None]) -> None:
        """Start the thread, which opens the database first and then calls `opened`."""
        self._settings = settings
        self._opened_now = opened
        threading.Thread(target=self._run, name="history-writer", daemon=True).start()

    def use(self, settings: HistorySettings) -> None:
        """Keep by other settings."""
        self._settings = settings

    def put(self, job: Job[_T] | LongJob) -> None:
        """Carry it out after all that came before."""
        self._jobs.put(job)  # type: ignore[arg-type]

    def stop(self, ended: Callable[[], None]) -> None:
        """Carry out what is left, close the database, then call `ended` in the thread."""
        self._ended = ended
        self._jobs.put(None)

    def tidy(self, promise: Promise[None] | None = None) -> None:
        """Let go what is too old or too much, by and by."""
        self.put(
            LongJob(
                lambda database: keep_within(database, self._settings),
                promise,
                dropped=promise is None,
            )
        )

    # --- the thread ----------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._open_if_wanted()
            self.ready.set()
            self._opened_now()
            while not self._stopping or self._long:
                self._open_if_wanted()
                jobs = self._taken()
                if jobs:
                    self._write(jobs)
                elif self._long:
                    self._step()
                self._tidy_at_times()
        finally:
            self.ready.set()
            if self._database is not None:
                self._database.close()
            if self._start is not None:
                self._start.end()
            self._ended()

    def _taken(self) -> list[Job[object]]:
        jobs: list[Job[object]] = []
        while len(jobs) < _TOGETHER:
            try:
                job = self._jobs.get(block=not jobs and not self._long)
            except queue.Empty:
                break
            if job is None:
                self._stopping = True
                self._long = deque(one for one in self._long if not one.dropped)
                break
            if isinstance(job, LongJob):
                self._long.append(job)
                break
            jobs.append(job)
        return jobs

    def _open_if_wanted(self) -> None:
        """Open the database, but make no new one only to write nothing into it."""
        if self._database is not None or self._refused:
            return
        if not self._settings.private or (self.folder / FILE_NAME).exists():
            self._open()

    def _open(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            crashed = ended(self.folder, self.name)
            if self._start is None:
                self._start = Start(self.folder, self.name)
            self._database = self._opened(thorough=crashed)
            self._begin(self._database)
        except NewerDatabaseError:
            self._give_up(NEWER)
        except Exception as error:  # noqa: BLE001 - who waits for this thread must not wait for ever
            self._give_up(f"The history cannot be kept now. {self.folder}: {_reason(error)}")

    @property
    def refused(self) -> bool:
        """Whether there is a database that must be left alone, or none can be."""
        return self._refused

    def _give_up(self, text: str) -> None:
        self._refused = True
        if self._database is not None:
            self._database.close()
            self._database = None
        self._refuse()
        self._tell(text)

    def _opened(self, *, thorough: bool) -> Database:
        try:
            return Database(self.folder, thorough=thorough)
        except Exception as error:
            if not is_damage(error):
                raise
            self._move_aside(error)
            return Database(self.folder, thorough=False)

    def _move_aside(self, error: Exception) -> None:
        aside = move_aside(self.folder)
        self._tell(
            f"The history was damaged ({_reason(error)}). It is kept as {aside}, and a new one"
            " begins."
        )

    def _begin(self, database: Database) -> None:
        for owner in owners_of_running_polls(database):
            if owner != self.name and not lives(self.folder, owner):
                with database.transaction():
                    interrupt_polls(database, owner)
        self.put(LongJob(_wiped, dropped=True))
        self.tidy()

    def _write(self, jobs: list[Job[object]]) -> None:
        self._written += len(jobs)
        try:
            results = self._together(jobs)
        except _FAILURES as error:
            if self._recovered(error) or len(jobs) > 1:
                results = self._one_by_one(jobs)
            else:
                self._complain(error)
                results = [job.otherwise for job in jobs]
        for job, result in zip(jobs, results, strict=True):
            job.give(result)

    def _one_by_one(self, jobs: list[Job[object]]) -> list[object]:
        results: list[object] = []
        for job in jobs:
            try:
                results += self._together([job])
            except _FAILURES as error:
                self._complain(error)
                results.append(job.otherwise)
        return results

    def _together(self, jobs: list[Job[object]]) -> list[object]:
        database = self._database
        if database is None:
            return [job.otherwise for job in jobs]
        results: list[object] = []
        with database.transaction() as connection:
            for job in jobs:
                connection.execute("SAVEPOINT job")
                try:
                    results.append(job.work(database))
                except _FAILURES:
                    raise
                except Exception as error:  # noqa: BLE001 - one that fails must not stop the others
                    connection.execute("ROLLBACK TO job")
                    self._complain(error)
                    results.append(job.otherwise)
                connection.execute("RELEASE job")
        return results

    def _step(self) -> None:
        job, database = self._long[0], self._database
        try:
            if database is not None:
                if job.steps is None:
                    job.steps = job.begin(database)
                next(job.steps)
                return
        except StopIteration:
            pass
        except Exception as error:  # noqa: BLE001 - one that fails must not stop the others
            if not self._recovered(error):
                self._complain(error)
        self._long.popleft()
        job.end()

    def _tidy_at_times(self) -> None:
        due = self._written >= _TIDY_AFTER_JOBS or time.monotonic() - self._tidied > _TIDY_AFTER
        if due and not self._stopping:
            self._written, self._tidied = 0, time.monotonic()
            self.tidy()

    def _recovered(self, error: Exception) -> bool:
        """Begin a new database where the error says that this one is damaged."""
        if self._database is None or not is_damage(error):
            return False
        try:
            in_place = self._database.is_in_place
            self._database.close()
            self._database = None
            if in_place:
                self._move_aside(error)
            self._database = self._opened(thorough=False)
        except Exception as another:  # noqa: BLE001 - who waits for this thread must not wait for ever
            self._complain(another)
            return False
        return True

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            self._tell(f"The history could not be written: {_reason(error)}. The console goes on.")


def check(database: Database) -> None:
    """Raise DamagedError when the database is broken, as a reader suspects."""
    database.check()


def _wiped(database: Database) -> Iterator[None]:
    """Do what an earlier start could not finish."""
    sweep(database)
    yield
    if purge_is_due(database):
        purge(database)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
