"""The process of the Worker: reads questions from its input, and writes answers to its output.

Each question has a thread, so that a tree can be looked at while a view is still being made.
"""

from __future__ import annotations

import faulthandler
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from gms_console.json_text.nodes import children_of, root_of, value_of
from gms_console.viewing.errors import ViewingError
from gms_console.viewing.filtering import LARGEST, Filter
from gms_console.viewing.finding import Finder
from gms_console.viewing.opened import Check, OpenedBody
from gms_console.viewing.pipe import Head, packed_node, read_message, read_node, write_message
from gms_console.viewing.types import Find, Row, View

PATIENCE = 30
"""Seconds after the limit of a question when the process ends by itself, whatever it is doing:
the window would have ended it by then if it were still there."""


class _CancelledError(Exception):
    """Nobody waits for this answer any more."""


class Serving:
    """Answers questions about the bodies it was told of."""

    def __init__(self, output: IO[bytes], results: Path, views: Path) -> None:
        self._output = output
        self._results = results
        self._views = views
        self._writing = threading.Lock()
        self._bodies: dict[int, OpenedBody] = {}
        self._cancelled: set[int] = set()
        self._running: dict[int, float] = {}
        self._filter = Filter()
        self._filtering = threading.Lock()
        self._asks: dict[str, Callable[[OpenedBody, Head, Check], tuple[Any, bytes]]] = {
            "layout": self._layout,
            "rows": self._rows,
            "find": self._find,
            "filter": self._filtered,
            "root": self._root,
            "children": self._children,
            "value": self._value,
        }

    def take(self, head: Head, data: bytes) -> None:
        """Take a message: a body, a question, or that a question is no longer one."""
        if head["ask"] == "open":
            path = Path(head["path"]) if head["path"] else None
            self._bodies[head["body"]] = OpenedBody(path, data, head["charset"], self._views)
        elif head["ask"] == "cancel":
            if head["id"] in self._running:
                self._cancelled.add(head["id"])
        else:
            self._running[head["id"]] = head["limit"]
            faulthandler.dump_traceback_later(
                max(self._running.values()) + PATIENCE, exit=True, file=sys.stderr
            )
            threading.Thread(target=self._answer, args=(head,), daemon=True).start()

    def _answer(self, head: Head) -> None:
        number = head["id"]
        answer: Any
        data = b""
        try:
            answer, data = self._asked(head)
            message = {"id": number, "answer": answer}
        except _CancelledError:
            message = {"id": number}
        except (ViewingError, OSError) as error:
            message = {"id": number, "error": _words(error)}
        except MemoryError:
            message = {"id": number, "error": "There is not enough memory for this"}
        except Exception as error:  # noqa: BLE001 - whoever asked has to be told
            message = {"id": number, "error": f"This could not be read ({type(error).__name__})"}
        self._running.pop(number, None)
        self._cancelled.discard(number)
        if not self._running:
            faulthandler.cancel_dump_traceback_later()
        # Nobody may listen any more: the input ends then too, and with it this process.
        with suppress(OSError, ValueError), self._writing:
            write_message(self._output, message, data)

    def _asked(self, head: Head) -> tuple[Any, bytes]:
        body = self._bodies[head["body"]]
        if head["ask"] == "close":
            del self._bodies[head["body"]]
            self._filter.forget(body)
            body.close()
            return None, b""

        def check() -> None:
            if head["id"] in self._cancelled or body.closed:
                raise _CancelledError

        return self._asks[head["ask"]](body, head, check)

    def _layout(self, body: OpenedBody, head: Head, check: Check) -> tuple[Any, bytes]:
        layout = body.view(View(head["view"]), check).layout(whole=head["whole"])
        return [layout.lines, layout.rows], b""

    def _rows(self, body: OpenedBody, head: Head, check: Check) -> tuple[Any, bytes]:
        text = body.view(View(head["view"]), check)
        rows = text.rows(head["first"], head["count"], whole=head["whole"])
        return [_row(row) for row in rows], b""

    def _find(self, body: OpenedBody, head: Head, check: Check) -> tuple[Any, bytes]:
        rows = body.view(View(head["view"]), check)
        finder = Finder(Find(head["text"], head["regex"], head["match_case"]), check)
        finder.search(rows)
        hits = [
            (*rows.row_of(line, column, whole=head["whole"]), length)
            for line, column, length in finder.hits
        ]
        return [finder.count, hits], b""

    def _filtered(self, body: OpenedBody, head: Head, check: Check) -> tuple[Any, bytes]:
        if body.size(check) > LARGEST:
            raise ViewingError(
                f"Answers of more than {LARGEST // 1024**2} MiB are too large for a filter"
            )
        document = body.document(check)
        with self._filtering:
            check()
            text = self._filter.result(body, document[:], head["expression"])
        body.relax()
        data = text.encode("utf-8", "replace")
        if len(data) <= body.most_in_memory:
            return "", data
        handle, name = tempfile.mkstemp(dir=self._results)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        return name, b""

    def _root(self, body: OpenedBody, _: Head, check: Check) -> tuple[Any, bytes]:
        return packed_node(root_of(body.document(check))), b""

    def _children(self, body: OpenedBody, head: Head, check: Check) -> tuple[Any, bytes]:
        after = None if head["after"] is None else read_node(head["after"])
        nodes = children_of(body.document(check), read_node(head["node"]), after, body.ends)
        body.relax()
        return [packed_node(node) for node in nodes], b""

    def _value(self, body: OpenedBody, head: Head, check: Check) -> tuple[Any, bytes]:
        text = value_of(body.document(check), read_node(head["node"]), head["most"])
        return None, text.encode("utf-8", "replace")


def _words(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "The file of this answer is gone"
    if isinstance(error, OSError):
        return f"The file of this answer cannot be read: {error.strerror or error}"
    return str(error)


def _row(row: Row) -> list[Any]:
    return [row.line, row.text, row.column, row.cut, row.continues]


def main() -> None:
    """Serve until the input is closed, also by the end of the program that started this."""
    folder = Path(sys.argv[1])
    # What a library prints must not get among the answers.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    serving = Serving(output, folder / "results", Path(sys.argv[2]))
    try:
        while (message := read_message(sys.stdin.buffer)) is not None:
            serving.take(*message)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


if __name__ == "__main__":
    main()
