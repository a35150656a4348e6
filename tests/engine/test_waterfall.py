"""The phases of an Exchange one after the other, with first byte and total."""

import pytest

from gms_console.model.exchange import Timing
from gms_console.presentation import FIRST_BYTE, TOTAL, Phase, waterfall
from tests.engine.helpers import send_create
from tests.support.wire_server import WireServer, json_answer


def test_each_phase_begins_where_the_one_before_ended() -> None:
    timing = Timing(connect=10.0, tls=20.0, send=0.5, wait=100.0, receive=5.5, total=140.0)
    assert waterfall(timing) == (
        Phase("connect", 0.0, 10.0),
        Phase("TLS", 10.0, 20.0),
        Phase("send", 30.0, 0.5),
        Phase("wait for first byte", 30.5, 100.0),
        Phase("receive", 130.5, 5.5),
        Phase(FIRST_BYTE, 0.0, 130.5, mark=True),
        Phase(TOTAL, 0.0, 140.0, mark=True),
    )


def test_a_phase_says_its_figures() -> None:
    phases = waterfall(Timing(connect=12.0, send=1.0, wait=9.0, receive=0.2, total=23.0))
    assert [phase.text for phase in phases] == [
        "connect: 12 ms, from 0.0 ms to 12 ms",
        "send: 1.0 ms, from 12 ms to 13 ms",
        "wait for first byte: 9.0 ms, from 13 ms to 22 ms",
        "receive: 0.2 ms, from 22 ms to 22 ms",
        "first byte after 22 ms",
        "total after 23 ms",
    ]


@pytest.mark.parametrize("timing", [Timing(total=3.0), Timing(connect=3.0, total=3.0)])
def test_without_an_answer_there_is_no_first_byte(timing: Timing) -> None:
    assert [one.name for one in waterfall(timing) if one.mark] == [TOTAL]


async def test_phases_of_a_request_fit_into_its_total(wire: WireServer) -> None:
    wire.script(json_answer({"_id": "1"}))
    phases = waterfall((await send_create(wire)).timing)
    assert [one.name for one in phases] == [
        "connect",
        "send",
        "wait for first byte",
        "receive",
        FIRST_BYTE,
        TOTAL,
    ]
    assert phases[-1].length >= phases[-2].length
    assert max(one.end for one in phases) == phases[-1].end
