"""A thread that reads the history; a new search ends the one before."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePath
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from gms_console.history.database import FILE_NAME, identity, is_damage
from gms_console.history.promise import Promise
from gms_console.history.writer import Writer

_T = TypeVar("_T")
_PATIENCE = 10.0
_CACHE_KIB = 16 * 1024
_LOOKED_UP_EVERY = 20_000
"""Steps of SQLite's own between two looks whether a search is still wanted."""


def read_only(path: PurePath) -> str:
    """Give the address by which SQLite only reads a file, also one of a Windows share.

    `Path.as_uri` names the share's server as a host, which SQLite refuses.
    """
    return f"file:///{quote(path.as_posix().removeprefix('/'), safe='/:')}?mode=ro"


class Kind(Enum):
    """What becomes of a question when a new search begins."""

    SEARCH = "ends with no rows"
    COUNT = "is asked again"
    OTHER = "goes on"


@dataclass(slots=True, eq=False)
class Question(Generic[_T]):
    """What is asked; `otherwise` is given where there is no answer."""

    ask: Callable[[sqlite3.Connection], _T]
    otherwise: _T
    promise: Promise[_T]
    kind: Kind = Kind.OTHER
    ended: bool = field(default=False, init=False)


class Reader:
    """Answers questions in order, in a thread of its own with a connection that only reads."""

    def __init__(self, writer: Writer, suspect: Callable[[], None]) -> None:
        """Read what `writer` writes. `suspect` is called when it seems damaged."""
        self._path = writer.folder / FILE_NAME
        self._writer = writer
        self._suspect = suspect
        self._changed = threading.Condition()
        self._waiting: deque[Question[Any]] = deque()
        self._current: Question[Any] | None = None
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="history-reader", daemon=True)
        self._thread.start()

    async def ask(
        self, ask: Callable[[sqlite3.Connection], _T], otherwise: _T, kind: Kind = Kind.OTHER
    ) -> _T:
        """Give the answer, once the database has been opened."""
        question = Question(ask, otherwise, Promise[_T](), kind)
        with self._changed:
            if self._stopped:
                return otherwise
            if kind is Kind.SEARCH:
                self._end_searches()
            self._waiting.append(question)
            self._changed.notify()
        return await question.promise.kept()

    def _end_searches(self) -> None:
        for one in [one for one in self._waiting if one.kind is Kind.SEARCH]:
            self._waiting.remove(one)
            one.promise.give(one.otherwise)
        if self._current is not None and self._current.kind is not Kind.OTHER:
            self._current.ended = True

    def stop(self, ended: Callable[[], None]) -> None:
        """End what runs, close the connection, then call `ended` in the thread."""
        with self._changed:
            self._stopped = True
            if self._current is not None:
                self._current.ended = True
            self._changed.notify()
        if self._thread is None:
            self._give_up()
            ended()
        else:
            threading.Thread(target=self._join, args=(ended,), daemon=True).start()

    def _join(self, ended: Callable[[], None]) -> None:
        if self._thread is not None:
            self._thread.join()
        ended()

    def _give_up(self) -> None:
        for one in self._waiting:
            one.promise.give(one.otherwise)
        self._waiting.clear()

    # --- the thread ----------------------------------------------------------------------

    def _run(self) -> None:
        self._writer.ready.wait()
        while (question := self._next()) is not None:
            answer = self._answer(question)
            with self._changed:
                self._current = None
                if question.ended and question.kind is Kind.COUNT and not self._stopped:
                    question.ended = False
                    self._waiting.append(question)
                    continue
            question.promise.give(question.otherwise if question.ended else answer)
        self._give_up()
        self._close()

    def _next(self) -> Question[Any] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._stopped)
            if self._stopped:
                return None
            self._current = self._waiting.popleft()
            return self._current

    def _answer(self, question: Question[Any]) -> Any:  # noqa: ANN401 - whatever was asked for
        try:
            connection = self._opened()
            if connection is None:
                return question.otherwise
            connection.set_progress_handler(lambda: question.ended, _LOOKED_UP_EVERY)
            return question.ask(connection)
        except sqlite3.Error as error:
            if is_damage(error):
                self._close()
                self._suspect()
            return question.otherwise
        except Exception:  # noqa: BLE001 - what is stored cannot be read; the next may be
            return question.otherwise

    def _opened(self) -> sqlite3.Connection | None:
        now = identity(self._path)
        if now != self._identity:
            self._close()  # a damaged one was moved aside
        if self._connection is None and now is not None and not self._writer.refused:
            self._connection = sqlite3.connect(
                read_only(self._path.absolute()), uri=True, timeout=_PATIENCE
            )
            self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._identity = now
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._identity = None
