"""Values taken from answers: their names, and the stop rules that wait for them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.model.reading import text_of
from gms_console.model.stop_rule import LONGEST_VALUE, StopRule, StopRuleError
from gms_console.variables import Captures, Scope, escape, expand, name_problem


@pytest.mark.parametrize("name", ["id", "_id", "free-at", "agent state", "ünïcode", "a.b[0]", "1"])
def test_names_that_are_found_again(name: str) -> None:
    assert name_problem(name) == ""
    assert expand(f"<{{{{{name}}}}}>", Scope(Captures({name: "{{x}}"}))) == "<{{x}}>"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "Type a name, such as id."),
        ("  ", "Type a name, such as id."),
        (" id", "A name has no blanks around it."),
        ("$uuid", "A name with $ before it is one of those built in."),
        ("a}}b", "A name has no { or } in it."),
        ("a\nb", "A name has no { or } in it."),
    ],
)
def test_names_that_would_not_be_found(name: str, reason: str) -> None:
    assert name_problem(name) == reason


@given(st.text(max_size=20))
def test_a_name_is_good_exactly_when_it_is_found_again(name: str) -> None:
    found = expand(f"{{{{{name}}}}}", Scope(Captures({name: "value"}))) if is_known(name) else ""
    assert (name_problem(name) == "") == (found == "value")


def is_known(name: str) -> bool:
    """Whether `{{name}}` is one place with that very name in it."""
    return not set("{}\r\n") & set(name) and name.strip() == name != "" and name[0] != "$"


SCALARS = st.one_of(
    st.text(max_size=30), st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()
)


@given(SCALARS)
def test_a_rule_for_a_value_is_read_back_and_holds(value: object) -> None:
    """Or there is none: no rule waits for anything else than what was pointed at."""
    data = {"a": [{"b c": value}]}
    try:
        rule = StopRule.for_value('a[0]."b c"', text_of(json.loads(json.dumps(value))) or "")
    except StopRuleError:
        text = "" if value is None else str(value)
        assert (
            not text
            or "," in text
            or text != text.strip()
            or not text.isprintable()
            or text[0] == "="
        )
        return
    written = expand(escape(str(rule)), Scope())
    assert StopRule.parse(written) == rule
    assert rule.holds(data)
    assert not rule.holds({"a": [{"b c": f"{value}x"}]})


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("", "a", "no path leads to it alone"),
        ("a", "", "it is empty"),
        ("a", "b,c", "a comma in it would part it in two"),
        ("a", "b ", "the blanks around it would be lost"),
        ("a", "b\u2028c", "it has a line end or another character that no field takes"),
        ("a", "x" * (LONGEST_VALUE + 1), "it is longer than 1,000 characters"),
    ],
)
def test_why_there_is_no_rule(path: str, value: str, reason: str) -> None:
    with pytest.raises(StopRuleError) as raised:
        StopRule.for_value(path, value)
    assert str(raised.value) == reason


def test_a_value_that_begins_as_a_comparison_would() -> None:
    with pytest.raises(StopRuleError):
        StopRule.for_value("a", "=b")


def test_numbers_as_polls_compare_them() -> None:
    assert str(StopRule.for_value("n", text_of(1.10) or "")) == "n=1.1"
