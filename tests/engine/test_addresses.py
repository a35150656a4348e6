"""Where requests go that are no plain POST to `/service/{name}`, and rows in the address."""

from pathlib import Path

import pytest

from gms_console.client.client import GmsClient
from gms_console.instance import Instance
from gms_console.model.environment import PathSegmentError
from gms_console.model.form import Form, Row
from gms_console.poll import Poll, PollPlan
from gms_console.wire.body import BodyKind
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import prepare_create
from tests.engine.helpers import environment
from tests.support.wire_server import WireServer


async def sent(wire: WireServer, instance: Instance, request: str, **how: object) -> str:
    """Send a request of an instance; give its request line as the server saw it."""
    prepared = instance.prepare(request, **how)  # type: ignore[arg-type]
    await instance.send(prepared)
    return request_line(wire)


def request_line(wire: WireServer) -> str:
    """Give the line of the latest request as the server saw it."""
    return wire.requests[-1].head.split(b"\r\n", 1)[0].decode()


def instance_of(wire: WireServer, service: str = "callback/callme") -> Instance:
    return Instance(GmsClient(environment(wire), lambda _: None), "0a/b", service)


def test_a_callback_is_created_below_callback(wire: WireServer) -> None:
    where = environment(wire)
    assert prepare_create(where, "callback/callme").target == "/genesys/1/service/callback/callme"
    # Only that one folder is known; any other slash is part of a name.
    assert prepare_create(where, "a/b").target == "/genesys/1/service/a%2Fb"
    assert prepare_create(where, "callback/a/b").target == "/genesys/1/service/callback/a%2Fb"
    with pytest.raises(PathSegmentError):
        prepare_create(where, "callback/")


def test_the_rows_of_a_get_go_into_the_address_in_order(wire: WireServer) -> None:
    form = Form.of(("start", "2026-11-24T08:00:00.000Z"), ("q", "a b&c=ü"), ("start", "again"))
    prepared = prepare_create(environment(wire), "office-hours", form, method="get")
    assert prepared.method == "GET"
    assert prepared.target == (
        "/genesys/1/service/office-hours"
        "?start=2026-11-24T08%3A00%3A00.000Z&q=a+b%26c%3D%C3%BC&start=again"
    )
    assert prepared.preview().splitlines()[0] == f"GET {prepared.target} HTTP/1.1"
    names = {name.lower() for name, _ in prepared.headers}
    assert not names & {"content-type", "content-length"}


def test_a_body_kind_that_was_chosen_is_sent_by_get_too(wire: WireServer) -> None:
    prepared = prepare_create(
        environment(wire), "x", Form.of(("a", "1")), method="GET", kind=BodyKind.URLENCODED
    )
    assert prepared.target == "/genesys/1/service/x"
    assert prepared.preview().endswith("\r\n\r\na=1")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Row(key="f", file=Path("x.png")), "carries no file"),
        (Row(key="", value="1"), "key is empty"),
        (Row(key="a", value="\ud800"), "surrogate"),
        (Row(key="a", value="1", content_type="text/plain"), "content type"),
    ],
)
def test_a_row_that_an_address_cannot_carry_is_refused(
    wire: WireServer, row: Row, said: str
) -> None:
    form = Form((Row(key="ok", value="1"), row))
    with pytest.raises(FormRefusedError, match=said) as refused:
        prepare_create(environment(wire), "office-hours", form, method="GET")
    assert [problem.index for problem in refused.value.problems] == [1]


async def test_requests_go_where_the_catalogue_says(wire: WireServer) -> None:
    instance = instance_of(wire)
    async with instance.client:
        line = await sent(wire, instance, "status")
        assert line == "POST /genesys/1/service/0a%2Fb/status HTTP/1.1"
        line = await sent(wire, instance, "cancel callback", method="DELETE", path="{service}/{id}")
        assert line == "DELETE /genesys/1/service/callback/callme/0a%2Fb HTTP/1.1"
        line = await sent(
            wire,
            instance,
            "callback record",
            form=Form.of(("_id", "0a/b")),
            method="GET",
            path="callback",
        )
        assert line == "GET /genesys/1/service/callback?_id=0a%2Fb HTTP/1.1"


def test_an_instance_of_an_unknown_service_has_no_address_by_its_service(
    wire: WireServer,
) -> None:
    with pytest.raises(PathSegmentError):
        instance_of(wire, "").prepare("cancel callback", path="{service}/{id}")


async def test_a_poll_asks_where_its_plan_says(wire: WireServer) -> None:
    instance = instance_of(wire)
    plan = PollPlan(
        request="callback record",
        method="GET",
        path="callback",
        form=Form.of(("_id", "7")),
        attempts=1,
    )
    async with instance.client:
        await Poll(instance, plan).run()
    assert request_line(wire) == "GET /genesys/1/service/callback?_id=7 HTTP/1.1"
