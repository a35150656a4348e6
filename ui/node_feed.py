"""What feeds the tree of a JSON body: its own bytes when it is small, else a BodyReader."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from gms_console.viewing import BodyReader, ViewingError
from gms_console.viewing.types import Node

if TYPE_CHECKING:
    from gms_console.viewing.source import BodySource

AT_ONCE = 512 * 1024
"""Bytes of a body whose tree is made in the window's own process, with nothing to wait for."""

LONGEST_VALUE = 10_000_000
"""Characters of one value that are shown or copied whole."""

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
        from gms_console.json_text.nodes import root_of  # noqa: PLC0415 - not before an answer

        done(root_of(self._data), "")

    def children(
        self, node: Node, after: Node | None, done: Callable[[Sequence[Node], str], None]
    ) -> None:
        """Give the next members, at once."""
        from gms_console.json_text.nodes import children_of  # noqa: PLC0415 - as above

        done(children_of(self._data, node, after), "")

    def value(self, node: Node, done: Callable[[str, str], None]) -> None:
        """Give a value, at once."""
        from gms_console.json_text.nodes import value_of  # noqa: PLC0415 - as above

        done(value_of(self._data, node, LONGEST_VALUE), "")


class ReaderFeed:
    """Asks a BodyReader; `start` starts each question as a task."""

    def __init__(self, reader: BodyReader, start: Start) -> None:
        self._reader = reader
        self._start = start

    def root(self, done: Callable[[Node | None, str], None]) -> None:
        """Give the outermost value, later."""

        async def ask() -> None:
            try:
                node = await self._reader.root()
            except ViewingError as error:
                done(None, str(error))
            else:
                done(node, "")

        self._start(ask())

    def children(
        self, node: Node, after: Node | None, done: Callable[[Sequence[Node], str], None]
    ) -> None:
        """Give the next members, later."""

        async def ask() -> None:
            try:
                nodes = await self._reader.children(node, after)
            except ViewingError as error:
                done((), str(error))
            else:
                done(nodes, "")

        self._start(ask())

    def value(self, node: Node, done: Callable[[str, str], None]) -> None:
        """Give a value, later."""

        async def ask() -> None:
            try:
                text = await self._reader.value(node, LONGEST_VALUE)
            except ViewingError as error:
                done("", str(error))
            else:
                done(text, "")

        self._start(ask())


def feed_of(what: BodyReader | BodySource, start: Start) -> NodeFeed:
    """Give the feed for a body: small ones are read at once, others by their reader.

    Raises ViewingError for a large body that comes without one.
    """
    reader = what if isinstance(what, BodyReader) else None
    source = what.source if isinstance(what, BodyReader) else what
    if source.path is None and source.size <= AT_ONCE:
        return BytesFeed(source)
    if reader is None:
        raise ViewingError("This body is too large to be read here.")
    return ReaderFeed(reader, start)
