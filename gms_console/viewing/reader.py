"""The BodyReader: what the panes ask about one body."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from gms_console.viewing.errors import ViewingError
from gms_console.viewing.source import BodySource
from gms_console.viewing.types import Find, Hit, Hits, Layout, Node, NodeKind, Row, View
from gms_console.viewing.worker import Worker

__all__ = ["BodyReader", "ViewingError"]

_SEARCH_LIMIT = 10.0
"""Seconds for an expression: some take for ever."""

_LIMIT = 60.0
_BYTES_A_SECOND = 1024 * 1024
"""What is read at the least, on a slow machine, when a view is made of a large body."""

_TOO_LONG = "This takes too long"
_EXPRESSION_TOO_LONG = "This expression takes too long"


class BodyReader:
    """Answers questions about one body, each by a step of the Worker.

    Every method may raise ViewingError; one that is cancelled leaves the Worker ready for the
    next question.
    """

    def __init__(self, source: BodySource, worker: Worker) -> None:
        self.source = source
        self._worker = worker
        self._body = worker.open(source)
        self._results: list[Path] = []

    async def layout(self, view: View, *, whole: bool = False) -> Layout:
        """Make a view ready, and give its size. `whole`: long lines in several rows, not cut."""
        head = {"ask": "layout", "view": view.value, "whole": whole}
        limit = _LIMIT + self.source.size / _BYTES_A_SECOND
        return await self._worker.ask(
            self._body, head, lambda answer, _: Layout(*answer), limit=limit, too_long=_TOO_LONG
        )

    async def rows(
        self, view: View, first: int, count: int, *, whole: bool = False
    ) -> tuple[Row, ...]:
        """Give rows of a view from `first` (0 is the first) on, at most `count` of them."""
        await self.layout(view, whole=whole)
        head = {"ask": "rows", "view": view.value, "whole": whole, "first": first, "count": count}
        return await self._worker.ask(
            self._body, head, _read_rows, limit=_LIMIT, too_long=_TOO_LONG
        )

    async def find(self, view: View, wanted: Find, *, whole: bool = False) -> Hits:
        """Search a view. The error for a wrong expression says where it is wrong."""
        await self.layout(view, whole=whole)
        head = {
            "ask": "find",
            "view": view.value,
            "whole": whole,
            "text": wanted.text,
            "regex": wanted.regex,
            "match_case": wanted.match_case,
        }
        too_long = _EXPRESSION_TOO_LONG if wanted.regex else _TOO_LONG
        return await self._worker.ask(
            self._body, head, _read_hits, limit=_SEARCH_LIMIT, too_long=too_long
        )

    async def filter(self, expression: str) -> BodySource:
        """Give what a JMESPath finds in the JSON, as a document of its own with numbers as sent."""
        head = {"ask": "filter", "expression": expression}
        return await self._worker.ask(
            self._body,
            head,
            self._read_result,
            limit=_SEARCH_LIMIT,
            too_long=_EXPRESSION_TOO_LONG,
        )

    async def root(self) -> Node:
        """Give the outermost value."""
        return await self._worker.ask(
            self._body,
            {"ask": "root"},
            lambda answer, _: _read_node(answer),
            limit=_LIMIT,
            too_long=_TOO_LONG,
        )

    async def children(self, node: Node, after: Node | None = None) -> Sequence[Node]:
        """Give the members of an object or array, from the first or the one after `after` on.

        At most 500 at a time, fewer where they are large; an empty answer means that there are
        no more.
        """
        head = {
            "ask": "children",
            "node": astuple(node),
            "after": None if after is None else astuple(after),
        }
        return await self._worker.ask(
            self._body,
            head,
            lambda answer, _: tuple(_read_node(one) for one in answer),
            limit=_LIMIT,
            too_long=_TOO_LONG,
        )

    async def value(self, node: Node, most: int = 10_000_000) -> str:
        """Give the whole value of a node as it stands in the document, up to `most` characters."""
        head = {"ask": "value", "node": astuple(node), "most": most}
        return await self._worker.ask(
            self._body,
            head,
            lambda _, data: data.decode("utf-8", "replace"),
            limit=_LIMIT,
            too_long=_TOO_LONG,
        )

    async def close(self) -> None:
        """Let go of what was made for the views, and of large results of filters."""
        with contextlib.suppress(ViewingError):
            await self._worker.forget(self._body)
        for result in self._results:
            with contextlib.suppress(OSError):
                result.unlink(missing_ok=True)
        self._results.clear()

    def _read_result(self, name: str, data: bytes) -> BodySource:
        if not name:
            return BodySource(len(data), data=data)
        path = Path(name)
        self._results.append(path)
        return BodySource(path.stat().st_size, path=path)


def _read_rows(answer: list[Any], _: bytes) -> tuple[Row, ...]:
    return tuple(Row(*row) for row in answer)


def _read_hits(answer: list[Any], _: bytes) -> Hits:
    count, hits = answer
    return Hits(count, tuple(Hit(*hit) for hit in hits))


def _read_node(packed: list[Any]) -> Node:
    return Node(NodeKind(packed[0]), *packed[1:])
