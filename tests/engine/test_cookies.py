"""The cookies of an instance, the node that its sticky one points to, and staying on a node."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gms_console.cookies import Cookie, clear_cookies, delete_cookie, list_cookies, strays_to
from gms_console.instance import Instance
from gms_console.model.connection import Node
from gms_console.model.environment import Environment
from gms_console.model.form import Form
from gms_console.session import Session
from gms_console.wire.request import prepare_create
from tests.engine.helpers import open_session
from tests.support.cluster import Cluster, cluster, created_with
from tests.support.wire_server import WireServer, json_answer


@pytest.fixture
def qa() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


async def create_at(session: Session, environment: Environment) -> Instance:
    made = await session.create(environment, prepare_create(environment, "request-chat"))
    assert made.instance is not None
    return made.instance


async def ask(instance: Instance, request: str = "status", node: str = "") -> Instance:
    await instance.send(instance.prepare(request, Form(), node=node))
    return instance


def named(instance: Instance) -> dict[str, Cookie]:
    return {cookie.name: cookie for cookie in list_cookies(instance)}


# --- what is listed ------------------------------------------------------------------------


async def test_every_fact_of_a_cookie(wire: WireServer) -> None:
    gone = "Thu, 01 Jan 1970 00:00:01 GMT"
    wire.script(
        json_answer(
            {"_id": "a1"},
            headers=(
                ("Set-Cookie", "JSESSIONID=abc.w1; Path=/genesys; HttpOnly"),
                ("Set-Cookie", "lang=fr; expires=Wed, 01 Jan 2098 00:00:00 GMT; secure"),
                ("Set-Cookie", "never=1; path=/; Max-Age=99999999999999; httponly"),
                ("Set-Cookie", f"old=1; path=/; expires={gone}"),
            ),
        )
    )
    async with open_session() as session:
        found = named(await create_at(session, Environment.parse(wire.base_url)))
        assert list(found) == ["JSESSIONID", "lang", "never"]
        sticky, lang, never = found.values()
        assert (sticky.value, sticky.domain, sticky.path) == ("abc.w1", "127.0.0.1", "/genesys")
        assert (sticky.http_only, sticky.secure, sticky.expires) == (True, False, None)
        assert (lang.value, lang.path) == ("fr", "/genesys/1/service")
        assert (lang.http_only, lang.secure) == (False, True)
        assert lang.expires == datetime(2098, 1, 1, tzinfo=UTC)
        assert never.expires == datetime.max.replace(tzinfo=UTC)
        assert never.http_only
        # A typed base URL has no nodes: the worker is told, and nothing strays.
        assert (sticky.worker, sticky.points_to) == ("w1", "unknown worker w1")
        assert not sticky.elsewhere


async def test_no_value_is_in_a_repr(wire: WireServer) -> None:
    wire.script(created_with("w1"))
    async with open_session() as session:
        instance = await create_at(session, Environment.parse(wire.base_url))
        assert list_cookies(instance)[0].value == "s3cr3t-a1.w1"
        assert "s3cr3t" not in repr(list_cookies(instance))


async def test_a_host_without_a_dot_is_shown_as_it_is(wire: WireServer) -> None:
    wire.script(created_with("w1"), created_with("w1"))
    async with open_session() as session:
        place = Environment.parse(f"http://localhost:{wire.port}")
        instance = await create_at(session, place)
        [cookie] = list_cookies(instance)
        assert cookie.domain == "localhost"
        assert delete_cookie(instance, cookie)
        assert list_cookies(instance) == ()


async def test_an_instance_without_an_answer_yet_has_none(qa: Cluster) -> None:
    async with open_session() as session:
        instance = session.attach(qa.environment, "a1")
        assert list_cookies(instance) == ()
        assert strays_to(instance) == ""
        clear_cookies(instance)


# --- which node ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worker", "points_to", "strays"),
    [
        ("node1", "node1", ""),
        ("w2", "node2", "node2"),
        ("node2", "unknown worker node2", "unknown worker node2"),
        ("gms1.example.com", "unknown worker gms1.example.com", "unknown worker gms1.example.com"),
        ("", "", ""),
    ],
)
async def test_the_node_that_a_sticky_cookie_points_to(
    qa: Cluster, worker: str, points_to: str, strays: str
) -> None:
    qa.one.script(created_with(worker))
    async with open_session() as session:
        instance = await create_at(session, qa.environment)
        [cookie] = list_cookies(instance)
        assert (cookie.worker, cookie.points_to) == (worker, points_to)
        assert (cookie.elsewhere, strays_to(instance)) == (bool(strays), strays)


async def test_only_jsessionid_is_sticky(qa: Cluster) -> None:
    qa.one.script(json_answer({"_id": "a1"}, headers=(("Set-Cookie", "token=a.w2"),)))
    async with open_session() as session:
        [cookie] = list_cookies(await create_at(session, qa.environment))
        assert (cookie.worker, cookie.points_to) == ("", "")


async def test_a_cookie_that_is_not_sent_to_the_own_node_strays_nowhere(qa: Cluster) -> None:
    """The cookie of another host stays there: it may well name the node behind it."""
    other = f"http://localhost:{qa.two.port}"
    nodes = (qa.environment.nodes[0], Node(name="node2", url=other, worker="w2"))
    qa.one.script(created_with("node1"))
    qa.two.script(created_with("w2"))
    async with open_session() as session:
        instance = await create_at(session, replace(qa.environment, nodes=nodes))
        await ask(instance, node="node2")
        there = {(one.domain, one.points_to, one.elsewhere) for one in list_cookies(instance)}
        assert there == {("127.0.0.1", "node1", False), ("localhost", "node2", False)}
        assert strays_to(instance) == ""


async def test_one_node_cannot_be_mistaken(wire: WireServer) -> None:
    nodes = (Node(name="node1", url=wire.base_url),)
    place = replace(Environment.parse(wire.base_url), name="qa", node="node1", nodes=nodes)
    wire.script(created_with("w7"))
    async with open_session() as session:
        assert strays_to(await create_at(session, place)) == ""


# --- taking them away ----------------------------------------------------------------------


async def test_a_deleted_cookie_is_not_sent_again(wire: WireServer) -> None:
    two = (("Set-Cookie", "a=1; path=/"), ("Set-Cookie", "b=2; path=/"))
    wire.script(json_answer({"_id": "a1"}, headers=two), json_answer({}))
    async with open_session() as session:
        instance = await create_at(session, Environment.parse(wire.base_url))
        await ask(instance)
        first = list_cookies(instance)[0]
        assert delete_cookie(instance, first)
        assert not delete_cookie(instance, first)
        await ask(instance)
        clear_cookies(instance)
        await ask(instance)
        assert not delete_cookie(instance, first)
        sent = [request.values("cookie") for request in wire.requests]
        assert sent == [[], ["a=1; b=2"], ["b=2"], []]


# --- an instance stays on its node ---------------------------------------------------------


async def test_a_request_goes_to_another_node_when_asked_to(qa: Cluster) -> None:
    qa.one.script(created_with("node1"), json_answer({}))
    async with open_session() as session:
        instance = await create_at(session, qa.environment)
        await ask(instance, "first")
        await ask(instance, "second", node="node2")
        assert instance.last_exchange is not None
        assert instance.last_exchange.node == "node2"
        await ask(instance, "third", node="node1")
        assert qa.targets == (["request-chat", "a1/first", "a1/third"], ["a1/second"])
        assert qa.two.requests[0].values("host") == [f"127.0.0.1:{qa.two.port}"]
        assert instance.environment.node == "node1"


async def test_an_instance_stays_on_its_node_when_another_becomes_active(qa: Cluster) -> None:
    qa.one.script(created_with("node1"))
    async with open_session() as session:
        instance = await create_at(session, qa.environment)
        assert session.find(qa.on_two, "a1") is instance
        assert session.attach(qa.on_two, "a1") is instance
        session.adopt(qa.on_two)
        await ask(instance)
        assert qa.targets == (["request-chat", "a1/status"], [])


async def test_new_settings_reach_instances_on_every_node(qa: Cluster) -> None:
    qa.one.script(created_with("node1", "a1"), json_answer({}))
    qa.two.script(created_with("w2", "a2"), json_answer({}))
    async with open_session() as session:
        instances = [await create_at(session, place) for place in (qa.environment, qa.on_two)]
        session.adopt(replace(qa.on_two, headers=(("X-New", "1"),)))
        for instance in instances:
            await ask(instance)
        assert [one.environment.node for one in instances] == ["node1", "node2"]
        for server in (qa.one, qa.two):
            assert [request.values("x-new") for request in server.requests] == [[], ["1"]]


async def test_the_instance_at_the_active_node_comes_first(qa: Cluster) -> None:
    async with open_session() as session:
        second = session.attach(qa.on_two, "same")
        assert session.attach(qa.environment, "same") is second
        await session.remove(second)
        first = session.attach(qa.environment, "same")
        assert first.environment.node == "node1"


async def test_a_node_that_moved_leaves_its_instances_where_they_are(qa: Cluster) -> None:
    moved = (Node(name="node1", url=qa.two.base_url), Node(name="node3", url=qa.one.base_url))
    async with open_session() as session:
        instance = session.attach(qa.environment, "a1")
        elsewhere = replace(qa.on_two, node="node1", nodes=moved)
        assert session.find(elsewhere, "a1") is None
        session.adopt(elsewhere)
        assert instance.environment == qa.environment
