"""Stop rules as people type them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.model.stop_rule import StopRule, StopRuleError, find


@pytest.mark.parametrize(
    ("typed", "path", "values"),
    [
        ("status=agent-ready", "status", ("agent-ready",)),
        ("agent-ready", "status", ("agent-ready",)),
        ("agent-ready,done", "status", ("agent-ready", "done")),
        (" status = a , b ", "status", ("a", "b")),
        ("status=a,,b,", "status", ("a", "b")),
        ("a.b[0].c=x", "a.b[0].c", ("x",)),
        ("status=a=b", "status", ("a=b",)),
        ("items[?id=='x=y'].state | [0]=done", "items[?id=='x=y'].state | [0]", ("done",)),
        ("items[?a==`1`] | [0].b=2", "items[?a==`1`] | [0].b", ("2",)),
        ("length(items)=3", "length(items)", ("3",)),
        ('"agent state"=x', '"agent state"', ("x",)),
        ('"a=b"=c', '"a=b"', ("c",)),
        ("{a: x}.a=1", "{a: x}.a", ("1",)),
        ("status=it's", "status", ("it's",)),
        ("waiting for agent", "status", ("waiting for agent",)),
        ("ünïcode", "status", ("ünïcode",)),
    ],
)
def test_rules_that_are_read(typed: str, path: str, values: tuple[str, ...]) -> None:
    rule = StopRule.parse(typed)
    assert (rule.path, rule.values) == (path, values)
    assert StopRule.parse(str(rule)) == rule


@pytest.mark.parametrize("typed", ["status=a,b", "status= a,b "])
def test_on_the_command_line_all_after_the_sign_is_one_value(typed: str) -> None:
    assert StopRule.parse(typed, split_values=False) == StopRule("status", ("a,b",))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "expected PATH=VALUE"),
        ("   ", "expected PATH=VALUE"),
        ("=", "expected PATH=VALUE"),
        ("=done", "expected PATH=VALUE"),
        ("status=", "expected PATH=VALUE"),
        ("status=,", "expected PATH=VALUE"),
        (",", "expected PATH=VALUE"),
        ("status!=done", "'status!' is not a JMESPath"),
        ("a..b=x", "'a..b' is not a JMESPath"),
        ("a[=x", "a[=x"),
        ("agent-ready=1", "'agent-ready' is not a JMESPath"),
        ("status==done", ""),
        ("nosuchfunction(=x", ""),
    ],
)
def test_rules_that_are_refused(typed: str, says: str) -> None:
    with pytest.raises(StopRuleError) as caught:
        StopRule.parse(typed)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "data", "value", "holds"),
    [
        ("a", {"status": "a"}, "a", True),
        ("a", {"status": "b"}, "b", False),
        ("3", {"status": 3}, "3", True),
        ("1.5", {"status": 1.5}, "1.5", True),
        ("true", {"status": True}, "true", True),
        ("True", {"status": True}, "true", False),
        ("null", {"status": None}, None, False),
        ("a", {"status": ["a"]}, None, False),
        ("a", {}, None, False),
        ("a", None, None, False),
        ("a", [1], None, False),
        ("a", "a", None, False),
        ("x[1]=b", {"x": ["a", "b"]}, "b", True),
        ("length(@)=2", [1, 2], "2", True),
        ("length(status)=2", {"status": 5}, None, False),
        ("nosuch(status)=2", {"status": 5}, None, False),
    ],
)
def test_when_a_rule_holds(rule: str, data: object, value: str | None, *, holds: bool) -> None:
    parsed = StopRule.parse(rule)
    assert parsed.value(data) == value
    assert parsed.holds(data) is holds


def test_a_path_that_cannot_be_read_is_refused_when_the_rule_is_made() -> None:
    with pytest.raises(StopRuleError):
        StopRule("a[", ("x",))
    with pytest.raises(StopRuleError):
        find("a[", {})


_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(st.text(max_size=30), _json)
def test_any_text_is_a_rule_or_refused_and_any_answer_is_judged(typed: str, data: object) -> None:
    if "`" in typed:  # jmespath warns of its own old literals
        return
    try:
        rule = StopRule.parse(typed)
    except StopRuleError as error:
        assert str(error)  # noqa: PT017 - either is right
        return
    assert rule.values
    assert isinstance(rule.holds(data), bool)


def test_an_array_of_one_record_is_read_as_that_record() -> None:
    rule = StopRule.parse("_callback_state=COMPLETED")
    assert rule.holds([{"_callback_state": "COMPLETED"}])
    assert not rule.holds([{"_callback_state": "QUEUED"}])
    assert not rule.holds([])
    assert not rule.holds([{"_callback_state": "COMPLETED"}, {"_callback_state": "COMPLETED"}])
    assert StopRule.parse("[0]._callback_state=COMPLETED").holds([{"_callback_state": "COMPLETED"}])
