"""The nodes of the played cluster: they share one world, and each has an address of its own."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

FIRST = "node1"


@dataclass
class Node:
    """A node; `up` says whether it can be reached."""

    name: str
    port: int = 0
    up: bool = True


class Nodes:
    """The nodes by name, in order. Safe to use from any thread."""

    def __init__(self, names: Sequence[str] = (FIRST,)) -> None:
        self._lock = threading.Lock()
        self._nodes = {name: Node(name) for name in names}

    def names(self) -> tuple[str, ...]:
        """Return the names in order."""
        return tuple(self._nodes)

    def has(self, name: str) -> bool:
        """Return whether there is a node of that name."""
        return name in self._nodes

    def up(self, name: str) -> bool:
        """Return whether a node can be reached."""
        with self._lock:
            return self._nodes[name].up

    def note(self, name: str, *, port: int | None = None, up: bool | None = None) -> None:
        """Keep what has become of a node."""
        with self._lock:
            node = self._nodes[name]
            if port is not None:
                node.port = port
            if up is not None:
                node.up = up

    def port(self, name: str) -> int:
        """Return the port of a node, 0 before the start."""
        with self._lock:
            return self._nodes[name].port


def node_names(count: int) -> tuple[str, ...]:
    """Return the names of so many nodes: node1, node2 and so on."""
    return tuple(f"node{number}" for number in range(1, count + 1))
