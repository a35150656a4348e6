"""Checks and captures of an answer that is too large for memory: they look into all of it."""

import pytest

from gms_console.flow.types import Operator, ValueCheck
from gms_console.runner import whole_answer
from gms_console.runner.results import Verdict
from tests.engine.helpers import environment
from tests.engine.runs import OK, ask, carry_out, create, equals, form, planned
from tests.support.wire_server import Answer, WireServer, json_answer

ROWS = [{"id": number, "text": "x" * 100} for number in range(15_000)]


def large() -> Answer:
    return json_answer({"_id": "a1", "rows": ROWS, "last": 1234567890123456789012, "half": 1.5})


async def test_checks_and_captures_look_into_all_of_it(wire: WireServer) -> None:
    wire.script(large(), json_answer({}))
    checks = (
        OK,
        equals("rows[14999].id", 14_999),
        equals("length(rows)", 15_000),
        ValueCheck("rows[0].text", Operator.EXISTS, True),
    )
    captured = (("row", "rows[7]"), ("last", "last"), ("half", "half"))
    sent = form(("row", "{{row}}"), ("last", "{{last}}"), ("half", "{{half}}"))
    steps = [create(expect=checks, capture=captured), ask("next", form=sent)]
    _, told = await carry_out(planned(environment(wire), steps))
    assert [step.message for step in told.steps] == ["", ""]
    assert dict(told.steps[0].captured) == {
        "row": f'{{"id":7,"text":"{"x" * 100}"}}',
        "last": "1234567890123456789012",
        "half": "1.5",
    }


async def test_what_is_there_does_not_pass_for_missing(wire: WireServer) -> None:
    wire.script(large())
    missing = ValueCheck("rows[0].text", Operator.EXISTS, False)
    _, told = await carry_out(planned(environment(wire), [create(expect=(missing,))]))
    assert told.steps[0].verdict is Verdict.FAILED


async def test_of_one_that_is_too_large_nothing_is_claimed(
    wire: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_answer, "LARGEST", 1_200_000)
    wire.script(large())
    missing = ValueCheck("rows[0].text", Operator.EXISTS, False)
    steps = [create(expect=(missing,), keep_going=True), create(expect=(OK,))]
    _, told = await carry_out(planned(environment(wire), steps))
    assert [step.verdict for step in told.steps] == [Verdict.FAILED, Verdict.PASSED]
    assert "bytes; checks and captures look into" in told.steps[0].message
