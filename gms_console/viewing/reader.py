"""The BodyReader: what the panes ask about one body."""

from __future__ import annotations

from collections.abc import Sequence

from gms_console.viewing.source import BodySource
from gms_console.viewing.types import Find, Hits, Layout, Node, Row, View
from gms_console.viewing.worker import Worker


class ViewingError(Exception):
    """What was asked for cannot be given; the text says why, for the place where it was asked."""


class BodyReader:
    """Answers questions about one body, each by a step of the Worker.

    Every method may raise ViewingError; one that is cancelled leaves the Worker ready for the
    next question.
    """

    def __init__(self, source: BodySource, worker: Worker) -> None:
        self.source = source
        self._worker = worker

    async def layout(self, view: View, *, whole: bool = False) -> Layout:
        """Make a view ready, and give its size. `whole`: long lines in several rows, not cut."""
        raise NotImplementedError

    async def rows(
        self, view: View, first: int, count: int, *, whole: bool = False
    ) -> tuple[Row, ...]:
        """Give rows of a view from `first` (0 is the first) on, at most `count` of them."""
        raise NotImplementedError

    async def find(self, view: View, wanted: Find, *, whole: bool = False) -> Hits:
        """Search a view. The error for a wrong expression says where it is wrong."""
        raise NotImplementedError

    async def filter(self, expression: str) -> BodySource:
        """Give what a JMESPath finds in the JSON, as a document of its own with numbers as sent."""
        raise NotImplementedError

    async def root(self) -> Node:
        """Give the outermost value."""
        raise NotImplementedError

    async def children(self, node: Node, after: Node | None = None) -> Sequence[Node]:
        """Give the members of an object or array, from the first or the one after `after` on.

        At most 500 at a time; an empty answer means that there are no more.
        """
        raise NotImplementedError

    async def value(self, node: Node, most: int = 10_000_000) -> str:
        """Give the whole value of a node as it stands in the document, up to `most` characters."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of what was made for the views."""
        raise NotImplementedError
