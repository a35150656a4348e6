"""Checks: what holds of an answer, and what is said of it."""

from typing import Any

import pytest

from gms_console.flow.judging import check_text, found, holds, problem_with
from gms_console.flow.types import Check, HttpCheck, Operator, TimeCheck, ValueCheck

ANSWER = {
    "status": "agent-ready",
    "_id": "a-1",
    "code": "0076",
    "wait": 5,
    "rate": 1.5,
    "big": 12345678901234567891,
    "open": True,
    "nothing": None,
    "empty": "",
    "tags": ["a", 7],
    "slots": {"2026-01-31T08:00:00Z": 3},
    "at": "2026-01-31T08:00:00Z",
}


@pytest.mark.parametrize(
    ("path", "operator", "operand"),
    [
        ("status", Operator.EQUALS, "agent-ready"),
        ("wait", Operator.EQUALS, "5"),
        ("wait", Operator.EQUALS, 5),
        ("wait", Operator.EQUALS, 5.0),
        ("rate", Operator.EQUALS, "1.50"),
        ("code", Operator.EQUALS, "0076"),
        ("big", Operator.EQUALS, "12345678901234567891"),
        ("open", Operator.EQUALS, "true"),
        ("open", Operator.EQUALS, True),
        ("empty", Operator.EQUALS, ""),
        ("tags", Operator.EQUALS, ["a", "7"]),
        ("slots", Operator.EQUALS, {"2026-01-31T08:00:00Z": 3}),
        ("status", Operator.IN, ["connected", "agent-ready"]),
        ("wait", Operator.IN, ["4", "5"]),
        ("code", Operator.MATCHES, "^[0-9]{4}$"),
        ("wait", Operator.MATCHES, "5"),
        ("empty", Operator.MATCHES, "^$"),
        ("status", Operator.EXISTS, True),
        ("empty", Operator.EXISTS, True),
        ("other", Operator.EXISTS, False),
        ("nothing", Operator.EXISTS, False),
        ("status", Operator.CONTAINS, "ready"),
        ("code", Operator.CONTAINS, 76),
        ("tags", Operator.CONTAINS, "7"),
        ("slots", Operator.CONTAINS, "2026-01-31T08:00:00Z"),
        ("wait", Operator.LESS_THAN, "5.5"),
        ("code", Operator.LESS_THAN, 77),
        ("wait", Operator.GREATER_THAN, -1),
        ("at", Operator.LESS_THAN, "2026-01-31T09:00:00+00:30"),
        ("at", Operator.GREATER_THAN, "2026-01-31T07:59:59"),
    ],
)
def test_a_check_holds(path: str, operator: Operator, operand: Any) -> None:
    check = ValueCheck(path, operator, operand)
    assert holds(check, ANSWER)
    assert holds(check, [ANSWER])
    assert not problem_with(check)


@pytest.mark.parametrize(
    ("path", "operator", "operand"),
    [
        ("status", Operator.EQUALS, "Agent-Ready"),
        ("code", Operator.EQUALS, 76),
        ("big", Operator.EQUALS, "12345678901234567890"),
        ("open", Operator.EQUALS, 1),
        ("wait", Operator.EQUALS, True),
        ("other", Operator.EQUALS, ""),
        ("nothing", Operator.EQUALS, "null"),
        ("tags", Operator.EQUALS, "a"),
        ("tags", Operator.EQUALS, ["a"]),
        ("status", Operator.IN, ["agent"]),
        ("other", Operator.MATCHES, ".*"),
        ("tags", Operator.MATCHES, "a"),
        ("nothing", Operator.EXISTS, True),
        ("status", Operator.EXISTS, False),
        ("other", Operator.CONTAINS, ""),
        ("tags", Operator.CONTAINS, ["a"]),
        ("wait", Operator.LESS_THAN, 5),
        ("status", Operator.LESS_THAN, 5),
        ("open", Operator.GREATER_THAN, 0),
        ("at", Operator.GREATER_THAN, 5),
        ("other", Operator.LESS_THAN, 5),
    ],
)
def test_a_check_does_not_hold(path: str, operator: Operator, operand: Any) -> None:
    assert not holds(ValueCheck(path, operator, operand), ANSWER)


def test_of_an_answer_without_json_only_the_absence_of_a_value_holds() -> None:
    assert not holds(ValueCheck("status", Operator.EQUALS, "x"), None)
    assert not holds(ValueCheck("status", Operator.EXISTS, True), None)
    assert holds(ValueCheck("status", Operator.EXISTS, False), None)
    assert found(ValueCheck("status", Operator.EXISTS, False), None) == "nothing"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("status", "agent-ready"),
        ("wait", "5"),
        ("open", "true"),
        ("empty", '""'),
        ("other", "nothing"),
        ("tags", '["a", 7]'),
        ("[0].status", "nothing"),
    ],
)
def test_what_was_found_is_said(path: str, expected: str) -> None:
    assert found(ValueCheck(path, Operator.EXISTS, True), ANSWER) == expected


def test_what_was_found_is_cut() -> None:
    assert found(ValueCheck("a", Operator.EXISTS, True), {"a": "x" * 5000}) == "x" * 200 + "…"


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (HttpCheck((200,)), "http 200"),
        (HttpCheck((200, 201)), "http in [200, 201]"),
        (TimeCheck(1500.0), "time at most 1500 ms"),
        (
            ValueCheck("status", Operator.IN, ["agent-ready", "connected"]),
            "status in [agent-ready, connected]",
        ),
        (ValueCheck("code", Operator.MATCHES, "^[0-9]{4}$"), "code matches ^[0-9]{4}$"),
        (ValueCheck("a", Operator.EXISTS, True), "a exists"),
        (ValueCheck("a", Operator.EXISTS, False), "a does not exist"),
        (ValueCheck("a", Operator.EQUALS, ""), 'a equals ""'),
        (ValueCheck("a", Operator.EQUALS, {"b": [1]}), 'a equals {"b": [1]}'),
        (ValueCheck("a", Operator.LESS_THAN, 5), "a less than 5"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_check_is_said_in_words(check: Check, text: str) -> None:
    assert check_text(check) == text


@pytest.mark.parametrize(
    "check",
    [
        ValueCheck("", Operator.EXISTS, True),
        ValueCheck("a[", Operator.EXISTS, True),
        ValueCheck("a", Operator.MATCHES, "("),
        ValueCheck("a", Operator.MATCHES, ""),
        ValueCheck("a", Operator.IN, []),
        ValueCheck("a", Operator.LESS_THAN, "much"),
        ValueCheck("a", Operator.EQUALS, None),
    ],
    ids=["no-path", "path", "regex", "no-regex", "in", "number", "null"],
)
def test_a_check_that_cannot_be_judged_says_why_and_never_holds(check: ValueCheck) -> None:
    assert ", expected " in problem_with(check)
    assert not holds(check, {"a": "x"})


@pytest.mark.parametrize(
    ("regex", "words"),
    [
        ("a(b", "a ( that nothing closes, at character 2"),
        ("a)", "a ) that nothing opens, at character 2"),
        ("[a", "a [ that nothing closes, at character 1"),
        ("*a", "nothing stands before it to repeat, at character 1"),
        ("a++*", "two signs of repetition in a row, at character 4"),
        ("a\\", "a backslash with nothing behind it, at character 2"),
        ("[z-a]", "a range whose end comes before its begin, at character 2"),
    ],
    ids=["open", "closed", "set", "repeat", "twice", "backslash", "range"],
)
def test_what_is_wrong_with_a_regular_expression_is_said_in_words(regex: str, words: str) -> None:
    assert f"({words})" in problem_with(ValueCheck("a", Operator.MATCHES, regex))


@pytest.mark.parametrize("operator", [Operator.MATCHES, Operator.LESS_THAN])
def test_what_has_variables_is_judged_once_they_are_put_in(operator: Operator) -> None:
    assert not problem_with(ValueCheck("a", operator, "({{b}}"))
