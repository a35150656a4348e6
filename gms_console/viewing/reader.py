"""The BodyReader: what the panes ask about one body."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from gms_console.json_text.node import Node
from gms_console.viewing.errors import ViewingError
from gms_console.viewing.pipe import packed_node, read_node
from gms_console.viewing.source import BodySource
from gms_console.viewing.types import Find, Hit, Hits, Layout, Row, View
from gms_console.viewing.worker import Worker

__all__ = ["BodyReader", "ViewingError"]

_T = TypeVar("_T")

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
        return await self._ask(
            "layout",
            lambda answer, _: Layout(*answer),
            limit=self._limit_of_a_view,
            view=view.value,
            whole=whole,
        )

    async def rows(
        self, view: View, first: int, count: int, *, whole: bool = False
    ) -> tuple[Row, ...]:
        """Give rows of a view from `first` (0 is the first) on, at most `count` of them."""
        return await self._ask(
            "rows",
            lambda answer, _: tuple(Row(*row) for row in answer),
            limit=self._limit_of_a_view,
            view=view.value,
            whole=whole,
            first=first,
            count=count,
        )

    async def find(self, view: View, wanted: Find, *, whole: bool = False) -> Hits:
        """Search a view. The error for a wrong expression says where it is wrong."""
        # The time for an expression does not include that for the view.
        await self.layout(view, whole=whole)
        return await self._ask(
            "find",
            _read_hits,
            limit=_SEARCH_LIMIT,
            too_long=_EXPRESSION_TOO_LONG if wanted.regex else _TOO_LONG,
            view=view.value,
            whole=whole,
            text=wanted.text,
            regex=wanted.regex,
            match_case=wanted.match_case,
        )

    async def filter(self, expression: str) -> BodySource:
        """Give what a JMESPath finds in the JSON, as a document of its own with numbers as sent."""
        return await self._ask(
            "filter",
            self._read_result,
            limit=_SEARCH_LIMIT,
            too_long=_EXPRESSION_TOO_LONG,
            expression=expression,
        )

    async def root(self) -> Node:
        """Give the outermost value."""
        return await self._ask("root", lambda answer, _: read_node(answer))

    async def children(self, node: Node, after: Node | None = None) -> Sequence[Node]:
        """Give the members of an object or array, from the first or the one after `after` on.

        At most 500 at a time, fewer where they are large; an empty answer means that there are
        no more.
        """
        return await self._ask(
            "children",
            lambda answer, _: tuple(read_node(one) for one in answer),
            node=packed_node(node),
            after=None if after is None else packed_node(after),
        )

    async def value(self, node: Node, most: int = 10_000_000) -> str:
        """Give the whole value of a node as it stands in the document, up to `most` characters."""
        return await self._ask(
            "value",
            lambda _, data: data.decode("utf-8", "replace"),
            node=packed_node(node),
            most=most,
        )

    async def close(self) -> None:
        """Let go of what was made for the views, and of large results of filters."""
        with contextlib.suppress(ViewingError):
            await self._worker.forget(self._body)
        for result in self._results:
            with contextlib.suppress(OSError):
                result.unlink(missing_ok=True)
        self._results.clear()

    async def _ask(
        self,
        ask: str,
        read: Callable[[Any, bytes], _T],
        *,
        limit: float = _LIMIT,
        too_long: str = _TOO_LONG,
        **more: object,
    ) -> _T:
        head = {"ask": ask, **more}
        return await self._worker.ask(self._body, head, read, limit=limit, too_long=too_long)

    @property
    def _limit_of_a_view(self) -> float:
        return _LIMIT + self.source.size / _BYTES_A_SECOND

    def _read_result(self, name: str, data: bytes) -> BodySource:
        if not name:
            return BodySource(len(data), data=data)
        path = Path(name)
        self._results.append(path)
        return BodySource(path.stat().st_size, path=path)


def _read_hits(answer: list[Any], _: bytes) -> Hits:
    count, hits = answer
    return Hits(count, tuple(Hit(*hit) for hit in hits))
