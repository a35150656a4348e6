"""Exported scripts judge answers as a Run does."""

import json
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gms_console.assets.export.reading import holds as script_holds
from gms_console.assets.export.reading import is_transient, problem_of
from gms_console.flow.judging import holds, operand_problem
from gms_console.flow.types import Operator, ValueCheck
from gms_console.model.answer import read_answer
from tests.engine.helpers import exchange_with

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-50, 50)
    | st.sampled_from([1.5, 0.0, 1e3, "1.5", "1", "true", "", "agent-ready", "null", "a b"])
    | st.sampled_from(["2026-01-31T08:00:00Z", "2026-01-31T09:00:00+01:00", "2026-01-31"])
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)
paths = st.sampled_from(["a", "b.c", "a[0]", "a[-1].b", '"a"', "a[*].b", "length(@)", "c", "@"])


@given(documents, paths, st.sampled_from(Operator), documents)
@example([{"a": 5}], "a", Operator.EQUALS, "5")
@example({"a": [1, "b"]}, "a", Operator.CONTAINS, "1")
@example({"a": 10}, "a", Operator.GREATER_THAN, "9.5")
def test_a_check_holds_in_both_or_in_neither(
    data: Any, path: str, operator: Operator, operand: Any
) -> None:
    assume(not operand_problem(operator, operand))
    check = ValueCheck(path, operator, operand)
    assert script_holds(data, path, operator.value, operand) is holds(check, data)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, '{"_id": "1"}'),
        (200, '{"message": "no", "exception": "java.lang.X"}'),
        (200, '{"error": "wrong"}'),
        (200, "Forbidden"),
        (200, '{"broken": '),
        (200, ""),
        (200, "plain words"),
        (404, '{"message": "gone"}'),
        (404, "not here"),
        (503, '{"phrase": "later"}'),
        (500, ""),
    ],
)
def test_an_error_is_one_in_both_and_as_serious(status: int, body: str) -> None:
    # Scripts go by what came, whatever it was announced as.
    kind = "application/json" if body[:1] == "{" else "text/plain"
    exchange = exchange_with(body.encode(), status=status, content_type=kind)
    problem = read_answer(exchange).problem
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    said = problem_of(status, body.encode(), data)
    assert bool(said) is (problem is not None)
    if problem is not None:
        assert is_transient(status, data, said) is problem.transient
