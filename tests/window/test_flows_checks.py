"""What is typed into a table of checks, and what it means."""

from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.flow.types import (
    Check,
    Flow,
    HttpCheck,
    Operator,
    Step,
    StepKind,
    TimeCheck,
    ValueCheck,
)
from gms_console.model.form import Form, Row
from gms_console.model.reading import JsonValue
from gms_console.ui.flows.hints import missing_files, unknown_variables
from gms_console.ui.flows.mistakes import UnreadTime, check_mistake, mistakes_of
from gms_console.ui.models.flow_checks import (
    HTTP_WORDS,
    TIME_WORDS,
    milliseconds_of,
    operand_of,
    operand_text,
    statuses_of,
    with_operator,
)

READY = ValueCheck("status", Operator.EQUALS, "ready")


@pytest.mark.parametrize(
    ("operator", "before", "typed", "operand"),
    [
        (Operator.EQUALS, "", "007", "007"),
        (Operator.EQUALS, 5, "6", 6),
        (Operator.EQUALS, 5, "six", "six"),
        (Operator.EQUALS, "", '{"a": [1]}', {"a": [1]}),
        (Operator.EQUALS, "", "{{phone}}", "{{phone}}"),
        (Operator.IN, [], "a, b", ["a", "b"]),
        (Operator.IN, [], '["a, b", "c"]', ["a, b", "c"]),
        (Operator.EXISTS, True, "False", False),
        (Operator.MATCHES, "", " ^[0-9]{4}$", " ^[0-9]{4}$"),
        (Operator.LESS_THAN, "", "1.5", 1.5),
        (Operator.GREATER_THAN, "", "2026-11-27T00:00:00Z", "2026-11-27T00:00:00Z"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_typed_is_read_by_its_operator(
    operator: Operator, before: JsonValue, typed: str, operand: JsonValue
) -> None:
    found = operand_of(ValueCheck("path", operator, before), typed)
    assert found == operand
    assert type(found) is type(operand)


@pytest.mark.parametrize(
    "operand",
    ["", "a b", "[1]", "[draft", '{"a": 1}', '"quoted"', "true", 5, True, [1, "a"], {"a": None}],
    ids=str,
)
def test_what_is_shown_can_be_typed_again_and_means_the_same(operand: JsonValue) -> None:
    check = ValueCheck("path", Operator.EQUALS, operand)
    assert operand_of(check, operand_text(check)) == operand


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2xx", "numbers"), ("", "numbers"), ("200, 600", "from 100 to 599; found 600")],
    ids=["letters", "nothing", "too high"],
)
def test_wrong_statuses_are_refused_with_the_reason(text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        statuses_of(text)


def test_times_are_in_milliseconds_unless_they_say_seconds() -> None:
    assert [milliseconds_of(one) for one in ("250", "250 ms", "1.5s")] == [250, 250, 1500]
    with pytest.raises(ValueError, match="longer than 0"):
        milliseconds_of("0")


def test_another_operator_keeps_the_path_and_what_still_makes_sense() -> None:
    check: Check = ValueCheck("a.b", Operator.EQUALS, "x")
    check = with_operator(check, "is one of")
    assert check == ValueCheck("a.b", Operator.IN, ["x"])
    check = with_operator(check, "exists")
    assert check == ValueCheck("a.b", Operator.EXISTS, True)
    assert with_operator(check, HTTP_WORDS) == HttpCheck((200,))
    assert with_operator(check, TIME_WORDS) == TimeCheck(1000.0)


@pytest.mark.parametrize(
    "check",
    [
        ValueCheck("", Operator.EXISTS, True),
        ValueCheck("a[", Operator.EXISTS, True),
        ValueCheck("a", Operator.MATCHES, "("),
        ValueCheck("a", Operator.MATCHES, ""),
        ValueCheck("a", Operator.IN, []),
        ValueCheck("a", Operator.LESS_THAN, "many"),
        HttpCheck(()),
        TimeCheck(0),
    ],
    ids=[
        "no path",
        "wrong path",
        "wrong regex",
        "no regex",
        "nothing to be in",
        "no number",
        "http",
        "time",
    ],
)
def test_a_wrong_check_is_told(check: Check) -> None:
    assert check_mistake(check).endswith(".")
    assert check_mistake(ValueCheck("status", Operator.EQUALS, "ready")) == ""


def test_a_time_that_cannot_be_read_is_a_mistake_and_is_no_other_time() -> None:
    often = UnreadTime("often", "found 'often', expected a time")
    poll = Step(kind=StepKind.POLL, name="status", every=often, until=(READY,))
    create = Step(kind=StepKind.CREATE, name="chat")
    found = mistakes_of(Flow(steps=(create, poll)))
    assert [(one.step, one.field, one.text) for one in found] == [
        (1, "every", "Found 'often', expected a time.")
    ]
    assert often != 0.0
    assert often != UnreadTime("seldom", "")
    assert replace(poll, every=0.0) != poll
    assert replace(poll, every=UnreadTime("often", "")) == poll


def test_variables_that_nothing_defines_are_hints_until_they_are_captured() -> None:
    rows = Form((Row(key="a", value="{{known}} {{$uuid}} {{later}}"), Row(key="b", value="{{no}}")))
    first = Step(kind=StepKind.CREATE, name="{{service}}", form=rows, capture=(("later", "_id"),))
    second = Step(
        kind=StepKind.REQUEST, name="{{later}}", expect=(replace(READY, operand="{{x}}"),)
    )
    flow = Flow(steps=(first, second), vars=(("known", "1"),))
    found = [(one.step, one.field, one.row) for one in unknown_variables(flow, frozenset({"no"}))]
    assert found == [(0, "name", None), (0, "rows", 0), (1, "checks", 0)]


def test_files_that_are_not_there_are_hints(tmp_path: Path) -> None:
    (tmp_path / "here.png").write_bytes(b"x")
    names = ("here.png", "gone.png", "{{which}}.png")
    rows = Form(tuple(Row(key="f", file=Path(name)) for name in names))
    step = Step(kind=StepKind.CREATE, name="chat", form=rows)
    flow = Flow(steps=(step,), file=tmp_path / "flow.yaml")
    assert [(one.row, one.text) for one in missing_files(flow)] == [
        (1, f"There is no file gone.png in {tmp_path}.")
    ]
    assert list(missing_files(replace(flow, file=None))) == []
