"""What feeds the tree of a JSON body: its own bytes when it is small, else a BodyReader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from gms_console.json_text.node import Node
from gms_console.json_text.nodes import children_of, root_of, value_of
from gms_console.viewing.errors import ViewingError

if TYPE_CHECKING:
    from gms_console.viewing.reader import BodyReader
    from gms_console.viewing.source import BodySource

    from .body_desk import ShownBody

AT_ONCE = 512 * 1024
"""Bytes of a body whose tree is made in the window's own process, with nothing to wait for."""

LONGEST_VALUE = 10_000_000
"""Characters of one value that are shown or copied whole."""

_T = TypeVar("_T")

Start = Callable[[Coroutine[Any, Any, None]], object]


class NodeFeed(Protocol):
    """Gives nodes to a callback: at once or later, with a text that says why there are none."""

    def root(self, done: Callable[[Node | None, str], None]) -> None:
        """Give the outermost value."""

    def children(
        self, node: Node, after: Node | None, done: Callable[[Sequence[Node], str], None]
    ) -> None:
        """Give the next members of an object or array; none when there are no more."""

    def value(self, node: Node, done: Callable[[str, str], None]) -> None:
        """Give a value as it stands in the document, up to LONGEST_VALUE characters."""


class BytesFeed:
    """Reads a small body where it is."""

    def __init__(self, source: BodySource) -> None:
        self._data = source.data
        if source.charset not in {"utf-8", "ascii"}:
            self._data = source.data.decode(source.charset, "replace").encode()

    def root(self, done: Callable[[Node | None, str], None]) -> None:
        """Give the outermost value, at once."""
        done(root_of(self._data), "")

    def children(
        self, node: Node, after: Node | None, done: Callable[[Sequence[Node], str], None]
    ) -> None:
        """Give the next members, at once."""
        done(children_of(self._data, node, after), "")

    def value(self, node: Node, done: Callable[[str, str], None]) -> None:
        """Give a value, at once."""
        done(value_of(self._data, node, LONGEST_VALUE), "")


class ReaderFeed:
    """Asks a BodyReader; `start` starts each question as a task."""

    def __init__(self, reader: BodyReader, start: Start) -> None:
        self._reader = reader
        self._start = start

    def root(self, done: Callable[[Node | None, str], None]) -> None:
        """Give the outermost value, later."""
        self._ask(self._reader.root, None, done)

    def children(
        self, node: Node, after: Node | None, done: Callable[[Sequence[Node], str], None]
    ) -> None:
        """Give the next members, later."""
        none: Sequence[Node] = ()
        self._ask(lambda: self._reader.children(node, after), none, done)

    def value(self, node: Node, done: Callable[[str, str], None]) -> None:
        """Give a value, later."""
        self._ask(lambda: self._reader.value(node, LONGEST_VALUE), "", done)

    def _ask(
        self, question: Callable[[], Awaitable[_T]], nothing: _T, done: Callable[[_T, str], None]
    ) -> None:
        async def ask() -> None:
            try:
                found = await question()
            except ViewingError as error:
                done(nothing, str(error))
            else:
                done(found, "")

        self._start(ask())


def feed_of(body: ShownBody, start: Start) -> NodeFeed:
    """Give the feed for a body: a small one is read at once, a larger one by its reader."""
    source = body.source
    if source.path is None and source.size <= AT_ONCE:
        return BytesFeed(source)
    return ReaderFeed(body.reader, start)
