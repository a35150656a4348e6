"""Two servers as the nodes of one environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from gms_console.model.connection import Node
from gms_console.model.environment import Environment
from tests.support.wire_server import Answer, WireServer, json_answer


@dataclass(frozen=True)
class Cluster:
    """The environment `qa`, at its `node1`, and the servers behind its nodes."""

    one: WireServer
    two: WireServer
    environment: Environment

    @property
    def on_two(self) -> Environment:
        """The same environment with `node2` active."""
        return self.environment.on_node("node2")

    @property
    def targets(self) -> tuple[list[str], list[str]]:
        """What each node was asked for, below `/genesys/1/service/`."""
        first, second = (
            [one.target.removeprefix("/genesys/1/service/") for one in server.requests]
            for server in (self.one, self.two)
        )
        return first, second


@contextmanager
def cluster(**values: object) -> Iterator[Cluster]:
    """Start two nodes; the worker of `node2` is `w2`. `values` are further ones of `qa`."""
    with WireServer() as one, WireServer() as two:
        nodes = (
            Node(name="node1", url=one.base_url),
            Node(name="node2", url=two.base_url, worker="w2"),
        )
        place = replace(Environment.parse(one.base_url), name="qa", node="node1", nodes=nodes)
        # Each value has the type of its field.
        yield Cluster(one, two, replace(place, **values))  # type: ignore[arg-type]


def created_with(worker: str, instance_id: str = "a1", more: str = "") -> Answer:
    """The answer to a create, with a sticky cookie that ends with a worker."""
    cookie = f"JSESSIONID=s3cr3t-{instance_id}.{worker}; Path=/genesys; HttpOnly{more}"
    return json_answer({"_id": instance_id}, headers=(("Set-Cookie", cookie),))
