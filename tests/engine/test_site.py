"""What a site answers, read from real exchanges: nodes, calendars, statistics, numbers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gms_console.client.client import GmsClient
from gms_console.guard import GuardError, check
from gms_console.model.answer import Answer as Read
from gms_console.model.answer import read_answer
from gms_console.model.connection import GuardLevel, Node
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.site.calendar import cells, read_capacity, read_hours, spans
from gms_console.site.nodes import NodeStatus, nodes_of, read_state
from gms_console.site.numbers import grouped
from gms_console.site.requests import prepare_change, prepare_status
from gms_console.site.statistic import read_value
from tests.engine.helpers import environment
from tests.support.wire_server import (
    Answer,
    WireServer,
    json_answer,
    reset_before_answer,
    text_answer,
)

COOKIE = "Set-Cookie"


async def asked(wire: WireServer, answer: Answer) -> tuple[Exchange, Read]:
    wire.default = answer
    place = environment(wire)
    client = GmsClient(place, lambda _: None)
    try:
        exchange = await client.send(prepare_status(place))
    finally:
        await client.aclose()
    return exchange, read_answer(exchange)


@pytest.mark.parametrize(
    ("answer", "status", "worker"),
    [
        (text_answer("ONLINE", headers=[(COOKIE, "JSESSIONID=a.b.w1; Path=/")]), "ONLINE", "w1"),
        (text_answer("offline\n", headers=[(COOKIE, "JSESSIONID=abc")]), "OFFLINE", ""),
        (text_answer("Unauthorized", 401), "refused", ""),
        (text_answer("maybe"), "odd answer", ""),
        (reset_before_answer(), "unreachable", ""),
    ],
    ids=["online", "offline", "401", "odd", "reset"],
)
async def test_a_node_is_what_it_says(
    wire: WireServer, answer: Answer, status: str, worker: str
) -> None:
    state = read_state(*await asked(wire, answer))
    assert (state.status, state.worker) == (NodeStatus(status), worker)
    assert wire.requests[-1].target == "/genesys/1/admin/node/status"


def test_only_a_status_leaves_an_environment_that_is_read_only() -> None:
    nodes = (Node(name="a", url="http://a:1"), Node(name="b", url="http://b:1"))
    there = Environment.parse("http://a:1", name="qa")
    place = replace(there, node="a", nodes=nodes, guard=GuardLevel.READ_ONLY)
    assert [one.node for one in nodes_of(place)] == ["a", "b"]
    assert nodes_of(Environment.parse("http://x")) == (Environment.parse("http://x"),)
    check(place, prepare_status(place))
    with pytest.raises(GuardError, match="set node OFFLINE"):
        check(place, prepare_change(place, "OFFLINE"))


def test_periods_are_read_by_several_names_and_cut_at_midnight() -> None:
    found = read_hours(
        {
            "error": None,
            "open": [
                {"from": "2026-11-25T22:00:00+01:00", "to": "2026-11-26T02:00:00+01:00"},
                ["2026-11-24T09:00:00Z", 1795539600000],
                {"start": "2026-11-24T17:00:00Z", "end": "2026-11-24T09:00:00Z"},
                "odd",
            ],
        }
    )
    assert found.unread == 2
    assert found.periods[0].end == datetime(2026, 11, 24, 17, tzinfo=UTC)
    cut = [(one.day.day, one.start, one.end) for one in spans(found.periods)]
    assert cut == [(24, 540, 1020), (25, 1260, 1440), (26, 0, 60)]
    assert read_hours({"error": "no", "periods": []}).error == "no"
    assert read_hours(None).periods == ()


def test_capacity_is_read_as_list_and_as_map() -> None:
    as_list = read_capacity({"capacity": [{"start": "2026-11-24T09:00:00", "capacity": "3"}, {}]})
    as_map = read_capacity({"2026-11-24T09:00:00.000Z": 3, "odd": "x"})
    assert [(one.start.hour, one.count) for one in as_list] == [(9, 3.0)]
    assert as_map == as_list
    assert read_capacity("none") == ()


def test_each_time_of_a_capacity_has_its_part_of_the_day() -> None:
    def parts(*starts: str) -> list[tuple[int, int]]:
        loads = read_capacity([[f"2026-10-25T{start}", 1] for start in starts])
        return [(one.start, one.end) for one in cells(loads)]

    assert parts("01:00:00", "04:30:00") == [(60, 120), (270, 330)]
    assert parts("01:00:00", "01:15:00", "23:50:00") == [(60, 75), (75, 90), (1430, 1440)]
    # The clocks go back: the hour from two o'clock comes twice.
    assert parts("01:00:00", "02:00:00", "02:00:00", "03:00:00") == [
        *((60, 120), (120, 150), (150, 180), (180, 240))
    ]
    assert parts() == []


@pytest.mark.parametrize(
    ("answer", "text", "number", "age"),
    [
        (json_answer("7", headers=[("Age", "3")]), "7", 7.0, "3"),
        (json_answer({"value": "1.5"}), "1.5", 1.5, ""),
        (json_answer({"a": {"value": 2}}), "2", 2.0, ""),
        (text_answer("busy"), "busy", None, ""),
        (text_answer("NaN"), "NaN", None, ""),
        (json_answer({"value": [1, None]}), "[1, null]", None, ""),
    ],
    ids=["plain", "value", "nested", "text", "nan", "list"],
)
async def test_a_statistic_is_its_value_and_its_age(
    wire: WireServer, answer: Answer, text: str, number: float | None, age: str
) -> None:
    value = read_value(*await asked(wire, answer))
    assert value is not None
    assert (value.text, value.number, value.age) == (text, number, age)


async def test_a_badly_defined_statistic_has_no_value(wire: WireServer) -> None:
    refused = json_answer({"message": "bad", "exception": "java.lang.X"}, 403)
    assert read_value(*await asked(wire, refused)) is None


def test_keys_of_a_number_stand_in_their_groups() -> None:
    found = dict(grouped({"carrier": "SFR", "is-premium": False, "new": None, "extension": ""}))
    assert found == {
        "The number": (("extension", ""),),
        "Checks": (("is-premium", "false"),),
        "Place": (("carrier", "SFR"),),
        "Others": (("new", ""),),
    }
    assert grouped([]) == ()
