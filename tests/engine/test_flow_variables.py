"""Variables in a step: all that a person would expect is put in, or nothing is sent."""

from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.flow.types import HttpCheck, Operator, Step, StepKind, ValueCheck
from gms_console.flow.variables import expand_step
from gms_console.model.form import Form, Row
from gms_console.variables import Captures, Scope, UnknownVariableError, VariableError
from gms_console.wire.refusal import FormRefusedError

HERE = Path("/flows")


def scope(**values: str) -> Scope:
    return Scope(values)


def check(operand: object, operator: Operator = Operator.EQUALS) -> ValueCheck:
    return ValueCheck("a", operator, operand)


def test_names_rows_and_operands_are_put_in() -> None:
    step = Step(
        kind=StepKind.CREATE,
        name="request-{{what}}",
        instance="{{what}}1",
        method="{{how}}",
        form=Form(
            (
                Row(key="_{{what}}", value="{{a}} {{{{b}}"),
                Row(
                    key="f", file=Path("{{a}}/x.png"), content_type="image/{{b}}", filename="{{a}}"
                ),
                Row(key="off", value="{{unknown}}", enabled=False),
            )
        ),
        expect=(check(["{{a}}", {"{{b}}": "{{a}}", "n": 1}]), HttpCheck((200,))),
        until=(check("{{a}}"),),
        fail_on=(check("^{{b}}$", Operator.MATCHES),),
        capture=(("x", "{{a}}"),),
        note="{{unknown}}",
    )
    expanded = expand_step(step, scope(what="poll", how="GET", a="1", b="x|y"), HERE)
    assert expanded == replace(
        step,
        name="request-poll",
        instance="poll1",
        method="GET",
        form=Form(
            (
                Row(key="_poll", value="1 {{b}}"),
                Row(key="f", file=HERE / "1/x.png", content_type="image/x|y", filename="1"),
                Row(key="off", value="{{unknown}}", enabled=False),
            )
        ),
        expect=(check(["1", {"x|y": "1", "n": 1}]), HttpCheck((200,))),
        until=(check("1"),),
        fail_on=(check("^x|y$", Operator.MATCHES),),
    )


def test_a_file_with_its_whole_path_stays_where_it_is(tmp_path: Path) -> None:
    row = Row(key="f", file=tmp_path / "x.png")
    step = Step(kind=StepKind.CREATE, name="a", form=Form((row,)))
    assert expand_step(step, scope(), HERE).form.rows == (row,)


def test_a_wait_is_as_it_was() -> None:
    step = Step(kind=StepKind.WAIT, seconds=2.0)
    assert expand_step(step, scope(), HERE) == step


def test_all_unknown_names_are_told_at_once() -> None:
    step = Step(
        kind=StepKind.POLL, name="{{x}}", until=(check("{{y}}"),), fail_on=(check("{{x}}"),)
    )
    with pytest.raises(UnknownVariableError) as refused:
        expand_step(step, scope(z="1"), HERE)
    assert refused.value.names == ("x", "y")
    assert str(refused.value) == "{{x}} and {{y}} are not variables; it has: z"


def test_a_row_with_an_unknown_name_is_refused_by_its_number() -> None:
    form = Form.of(("a", "1"), ("b", "{{x}}"))
    with pytest.raises(FormRefusedError) as refused:
        expand_step(Step(kind=StepKind.CREATE, name="a", form=form), scope(), HERE)
    assert [problem.index for problem in refused.value.problems] == [1]


@pytest.mark.parametrize(
    ("operator", "operand", "value"),
    [(Operator.MATCHES, "{{x}}", "("), (Operator.LESS_THAN, "{{x}}", "much")],
    ids=["regex", "number"],
)
def test_a_value_that_makes_a_check_impossible_is_told_before_anything_is_sent(
    operator: Operator, operand: str, value: str
) -> None:
    step = Step(kind=StepKind.REQUEST, name="a", expect=(check(operand, operator),))
    with pytest.raises(VariableError, match=f"a {operator.value}: found"):
        expand_step(step, scope(x=value), HERE)


def test_a_value_of_an_answer_names_no_variable() -> None:
    step = Step(kind=StepKind.REQUEST, name="a", expect=(check("{{x}}"),))
    expanded = expand_step(step, Scope(Captures(x="{{$env:HOME}}")), HERE)
    assert expanded.expect == (check("{{$env:HOME}}"),)


def test_an_instance_that_turns_out_nameless_is_not_the_one_created_last() -> None:
    step = Step(kind=StepKind.REQUEST, name="cancel", instance="{{id}}")
    with pytest.raises(VariableError, match=r"on: \{\{id\}\} is empty"):
        expand_step(step, scope(id=""), HERE)
    assert expand_step(replace(step, instance=""), scope(), HERE).instance == ""


@pytest.mark.parametrize("how", ["", "P OST", "GET\r\n"])
def test_a_method_that_is_none_is_refused(how: str) -> None:
    step = Step(kind=StepKind.CREATE, name="s", method="{{how}}")
    with pytest.raises(VariableError, match="method: found "):
        expand_step(step, scope(how=how), HERE)
    assert expand_step(step, scope(how="put"), HERE).method == "PUT"
