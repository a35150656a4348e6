"""Looking at bodies of any size: rows of text, search, filter and tree, outside of this process."""

from gms_console.viewing.errors import ViewingError
from gms_console.viewing.reader import BodyReader
from gms_console.viewing.source import BodySource, source_of
from gms_console.viewing.types import Find, Hit, Hits, Layout, Node, NodeKind, Row, View
from gms_console.viewing.worker import Worker

__all__ = [
    "BodyReader",
    "BodySource",
    "Find",
    "Hit",
    "Hits",
    "Layout",
    "Node",
    "NodeKind",
    "Row",
    "View",
    "ViewingError",
    "Worker",
    "source_of",
]
