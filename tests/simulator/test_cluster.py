"""Two nodes with one memory, as behind a load balancer with sticky sessions."""

import contextlib
import socket
import threading
from http.client import HTTPException
from urllib.parse import urlsplit

import pytest

from gms_console.simulator import Simulator, SimulatorError
from tests.simulator.test_control import order
from tests.simulator.wire import SERVICE, call, until


def test_what_one_node_created_the_other_matches() -> None:
    with Simulator(nodes=2) as simulator:
        assert len(set(simulator.node_urls)) == 2
        assert simulator.node_urls[0] == simulator.base_url
        for first, second in ((1, 2), (2, 1)):
            made = call(simulator, "POST", f"{SERVICE}/request-interaction", node=first)
            [cookie] = made.all("Set-Cookie")
            assert cookie.startswith("JSESSIONID=")
            assert cookie.endswith(f".node{first}; Path=/genesys; HttpOnly")
            number = made.json["_access_number"]
            target = f"{SERVICE}/match-interaction?_access_number={number}"
            matched = call(simulator, "POST", target, node=second)
            assert (matched.status, matched.json["_id"]) == (200, made.json["_id"])
        assert [request.node for request in simulator.received] == [
            *("node1", "node2"),
            *("node2", "node1"),
        ]


def test_a_node_that_is_down_refuses_connections_until_it_is_switched_on() -> None:
    with Simulator(nodes=2) as simulator:
        made = call(simulator, "POST", f"{SERVICE}/request-inbound-poll", node=2).json["_id"]
        simulator.control.set_node_up("node2", False)
        simulator.control.set_node_up("node2", False)
        assert [node.up for node in simulator.control.view().nodes] == [True, False]
        with pytest.raises(ConnectionRefusedError):
            call(simulator, "POST", f"{SERVICE}/hello", node=2)
        assert call(simulator, "GET", f"{SERVICE}/{made}/status").status == 200
        assert order(simulator, "POST", "/nodes/node2", {"up": True}).json == {"done": True}
        assert call(simulator, "GET", f"{SERVICE}/{made}/status", node=2).status == 200
        # A node can be told to go down itself, which it does once it has answered.
        assert order(simulator, "POST", "/nodes/node2", {"up": False}, node=2).json
        until(lambda: not simulator.control.view().nodes[1].up)
        with pytest.raises(ConnectionRefusedError):
            call(simulator, "POST", f"{SERVICE}/hello", node=2)


def test_nodes_that_are_told_to_switch_each_other_off_can_be_switched_on_again() -> None:
    with Simulator(nodes=2) as simulator:
        for _ in range(10):
            both = threading.Barrier(2)

            def switch_off(node: int, other: str, both: threading.Barrier = both) -> None:
                both.wait()
                with contextlib.suppress(OSError, HTTPException):
                    order(simulator, "POST", f"/nodes/{other}", {"up": False}, node=node)

            callers = [
                threading.Thread(target=switch_off, args=each)
                for each in ((1, "node2"), (2, "node1"))
            ]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
            for name in ("node1", "node2"):
                simulator.control.set_node_up(name, True)
            assert all(node.up for node in simulator.control.view().nodes)


def test_the_port_of_a_node_that_is_down_may_be_taken_meanwhile() -> None:
    with Simulator(nodes=2) as simulator:
        port = simulator.control.view().nodes[1].url.rpartition(":")[2].partition("/")[0]
        simulator.control.set_node_up("node2", False)
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", int(port)))
            other.listen()
            with pytest.raises(SimulatorError, match="cannot listen"):
                simulator.control.set_node_up("node2", True)
            assert order(simulator, "POST", "/nodes/node2", {"up": True}).status == 409
        assert simulator.control.view().nodes[1].up is False


def neighbours() -> tuple[socket.socket, socket.socket]:
    """Two open sockets whose ports follow each other, whatever else is taken."""
    while True:
        first, second = socket.socket(), socket.socket()
        first.bind(("127.0.0.1", 0))
        try:
            second.bind(("127.0.0.1", first.getsockname()[1] + 1))
        except (OSError, OverflowError):
            first.close()
            second.close()
            continue
        second.listen()
        return first, second


def test_a_given_port_is_that_of_the_first_node_and_all_or_none_are_opened() -> None:
    with Simulator(nodes=2) as simulator:
        ports = [node.url for node in simulator.control.view().nodes]
        assert len(set(ports)) == 2
    first, taken = neighbours()
    port = first.getsockname()[1]
    first.close()
    with taken, pytest.raises(SimulatorError, match=f":{port + 1}: "):
        Simulator(nodes=2, port=port).start()
    # The port of the first node is free again; now both are.
    with Simulator(nodes=2, port=port) as simulator:
        assert [urlsplit(url).port for url in simulator.node_urls] == [port, port + 1]
    for wrong in (0, 9):
        with pytest.raises(ValueError, match="1 to 8 nodes"):
            Simulator(nodes=wrong)
